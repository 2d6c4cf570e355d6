"""`cargofijo credentials`: passwords go into the keyring unseen and come out only to work."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import COMMAND, Robot
from tests.support.terminal import Terminal

SECRET = "s3creta, con ñ"
BACKENDS = "tests.support.file_keyring."


class Bare(Robot):
    """A machine with a keyring, and no password in its environment."""

    @property
    def environment(self) -> dict[str, str]:
        known = {n: v for n, v in super().environment.items() if not n.endswith("__PASSWORD")}
        return {
            **known,
            "PYTHON_KEYRING_BACKEND": f"{BACKENDS}FileKeyring",
            "TEST_KEYRING_FILE": str(self.folder / "llavero.json"),
            **self.settings,
        }

    def at_terminal(self, *arguments: str) -> Terminal:
        self.folder.mkdir(parents=True, exist_ok=True)
        return Terminal([*COMMAND, *arguments], cwd=self.folder, env=self.environment)

    @property
    def kept(self) -> dict[str, str]:
        file = self.folder / "llavero.json"
        kept: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        return kept


@pytest.fixture
def robot(mock_process: MockPortals, tmp_path: Path) -> Bare:
    return Bare(mock_process, tmp_path / "robot")


def sources(out: str) -> dict[str, str]:
    """Of the table that `list` shows: where each password comes from."""
    rows = [line.split("│")[1:3] for line in out.splitlines() if line.startswith("│")]
    return {owner.strip(): where.strip() for owner, where in rows}


def test_a_byte_order_mark_is_not_of_the_password(robot: Bare) -> None:
    """A wrong password locks an account, and this one would look right."""
    assert robot.call("credentials", "set", "sisact", given=f"\ufeff{SECRET}\r\n").code == 0
    assert robot.kept == {"cargofijo/sisact": SECRET}


def test_from_a_pipe_to_the_keyring_and_out_again(robot: Bare) -> None:
    done = robot.call("credentials", "set", "sisact", given=f"{SECRET}\n")
    assert done.code == 0
    assert robot.kept == {"cargofijo/sisact": SECRET}
    assert SECRET not in done.out + done.err

    robot.settings["CARGOFIJO_SMTP__PASSWORD"] = "otra"
    listed = robot.call("credentials", "list")
    assert listed.code == 0
    assert sources(listed.out) == {
        "sisact": "llavero",
        "siac": "falta",
        "nintex": "falta",
        "remedy": "falta",
        "smtp": "entorno",
        "imap": "falta",
        "inbox": "falta",
        "packet": "falta",
    }
    assert SECRET not in listed.out + listed.err and "otra" not in listed.out + listed.err

    assert robot.call("credentials", "delete", "sisact").code == 0
    assert robot.kept == {}
    again = robot.call("credentials", "delete", "sisact")
    assert again.code == 2 and "SISACT" in again.err and len(again.err.splitlines()) == 1


def test_work_finds_them(robot: Bare, tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    path = mini.list_at(tmp_path / "lista.xlsx")
    for portal in ("sisact", "siac", "nintex"):
        robot.call("credentials", "set", portal, given="robot\n")
    done = robot.call("run", str(path))
    assert done.code == 3 and "REMEDY" in done.err
    robot.call("credentials", "set", "remedy", given="robot\n")
    robot.settings["CARGOFIJO_BROWSER__EXECUTABLE"] = "/no/such/browser"
    assert "Navegador" in robot.call("run", str(path)).err  # as far as it goes here


def test_the_environment_comes_first_and_is_said(robot: Bare) -> None:
    robot.settings["CARGOFIJO_PORTALS__SIAC__PASSWORD"] = "del entorno"
    done = robot.call("credentials", "set", "siac", given=f"{SECRET}\n")
    assert done.code == 0 and "CARGOFIJO_PORTALS__SIAC__PASSWORD" in done.err
    assert sources(robot.call("credentials", "list").out)["siac"] == "entorno"


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_variable_is_no_password(robot: Bare, empty: str) -> None:
    """A run would type it into the portal, and take what follows for a page that has changed."""
    for portal in ("SISACT", "SIAC", "NINTEX", "REMEDY"):
        robot.settings[f"CARGOFIJO_PORTALS__{portal}__PASSWORD"] = empty
    for owner in ("SMTP", "IMAP", "INBOX"):
        robot.settings[f"CARGOFIJO_{owner}__PASSWORD"] = empty
    robot.settings["CARGOFIJO_PACKET__KEY"] = empty
    done = robot.call("check", "--portal", "sisact")
    assert done.code == 3 and "Falta la contraseña de SISACT" in done.out
    assert set(sources(robot.call("credentials", "list").out).values()) == {"falta"}
    kept = robot.call("credentials", "set", "siac", given=f"{SECRET}\n")
    assert kept.code == 0 and "vale antes" not in kept.err
    assert sources(robot.call("credentials", "list").out)["siac"] == "llavero"


@pytest.mark.parametrize("text", ["", "\n", "  \n"])
def test_an_empty_password_is_refused(robot: Bare, text: str) -> None:
    done = robot.call("credentials", "set", "remedy", given=text)
    assert done.code == 2 and len(done.err.splitlines()) == 1
    assert robot.kept == {}


@pytest.mark.parametrize(
    "arguments",
    [
        ("credentials", "set", "sisact", SECRET),
        ("credentials", "set", "sap"),
        ("credentials", "set"),
    ],
)
def test_no_password_on_the_command_line_and_no_other_portal(
    robot: Bare, arguments: tuple[str, ...]
) -> None:
    done = robot.call(*arguments, given=f"{SECRET}\n")
    assert done.code == 2 and len(done.err.splitlines()) == 1
    assert robot.kept == {} and SECRET not in done.err


@pytest.mark.parametrize("arguments", [("set", "siac"), ("delete", "siac"), ("list",)])
def test_a_machine_without_a_keyring(robot: Bare, arguments: tuple[str, ...]) -> None:
    robot.settings["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    done = robot.call("credentials", *arguments, given=f"{SECRET}\n")
    assert done.code == 3
    (line,) = done.err.splitlines()
    assert "llavero" in line and line.endswith(".")


@pytest.mark.parametrize("backend", [f"{BACKENDS}LockedKeyring", "keyring.backends.null.Keyring"])
def test_a_keyring_that_keeps_nothing_is_told(robot: Bare, backend: str) -> None:
    robot.settings["PYTHON_KEYRING_BACKEND"] = backend
    done = robot.call("credentials", "set", "siac", given=f"{SECRET}\n")
    assert done.code == 3
    (line,) = done.err.splitlines()
    assert "llavero" in line and SECRET not in line


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
class TestAtATerminal:
    def test_it_is_asked_for_twice_and_not_shown(self, robot: Bare) -> None:
        terminal = robot.at_terminal("credentials", "set", "nintex")
        for question in ("Contraseña de NINTEX: ", "Otra vez: "):
            terminal.until(question)
            terminal.type(f"{SECRET}\n")
        assert terminal.end() == 0
        assert SECRET not in terminal.shown
        assert robot.kept == {"cargofijo/nintex": SECRET}

    def test_two_that_differ_are_refused(self, robot: Bare) -> None:
        terminal = robot.at_terminal("credentials", "set", "nintex")
        for question, answer in (("Contraseña de NINTEX: ", SECRET), ("Otra vez: ", "otra")):
            terminal.until(question)
            terminal.type(f"{answer}\n")
        assert terminal.end() == 2
        assert "no coinciden" in terminal.shown and robot.kept == {}

    def test_ctrl_c_ends_it_with_one_line(self, robot: Bare) -> None:
        terminal = robot.at_terminal("credentials", "set", "nintex")
        question = "Contraseña de NINTEX: "
        terminal.until(question)
        terminal.interrupt()
        assert terminal.end() == 130
        assert terminal.shown.split(question)[1].split() == ["Interrumpido."]
        assert robot.kept == {}
