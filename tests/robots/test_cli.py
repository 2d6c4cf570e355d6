"""The command line: one clear sentence and the right code where something cannot be done."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from tests.conftest import MockPortals
from tests.robots.harness import Robot
from tests.robots.small import Small


@pytest.fixture
def robot(mock: MockPortals, tmp_path: Path) -> Robot:
    return Robot(mock, tmp_path / "robot")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    small = Small()
    small.configuration()
    return small.list_at(tmp_path / "lista.xlsx")


def one_sentence(text: str) -> str:
    (line,) = text.strip().splitlines()
    assert line.endswith((".", "?"))
    return line


def test_help_teaches(robot: Robot) -> None:
    shown = robot.call("--help")
    assert shown.code == 0
    for command in ("demo", "run", "status", "mock", "approve", "reject", "template", "report"):
        assert command in shown.out
        assert robot.call(command, "--help").code == 0


def test_no_such_list(robot: Robot, tmp_path: Path) -> None:
    done = robot.call("run", str(tmp_path / "nada.xlsx"))
    assert done.code == 2
    assert "nada.xlsx" in one_sentence(done.err)


def test_an_address_that_is_not_set(robot: Robot, listed: Path) -> None:
    robot.settings["CARGOFIJO_PORTALS__SIAC__URL"] = ""
    done = robot.call("run", str(listed))
    assert done.code == 2
    assert "CARGOFIJO_PORTALS__SIAC__URL" in one_sentence(done.err)


def test_a_setting_with_a_typo_is_named_with_its_neighbour(robot: Robot, listed: Path) -> None:
    robot.settings["CARGOFIJO_SEATZ"] = "2"
    done = robot.call("run", str(listed))
    assert done.code == 2
    assert "CARGOFIJO_SEATS" in one_sentence(done.err)


def test_a_password_in_the_file_is_refused_and_not_repeated(robot: Robot, listed: Path) -> None:
    robot.folder.mkdir(parents=True)
    (robot.folder / "cargofijo.toml").write_text('[portals.siac]\npassword = "s3creta"\n')
    done = robot.call("run", str(listed))
    assert done.code == 2
    assert "s3creta" not in one_sentence(done.err)


def test_a_missing_password(robot: Robot, listed: Path) -> None:
    class Bare(Robot):
        @property
        def environment(self) -> dict[str, str]:
            known = super().environment
            del known["CARGOFIJO_PORTALS__REMEDY__PASSWORD"]
            return known

    done = Bare(robot.mock, robot.folder).call("run", str(listed))
    assert done.code == 3
    assert "REMEDY" in one_sentence(done.err)


def test_a_report_that_cannot_be_written(robot: Robot, listed: Path, tmp_path: Path) -> None:
    done = robot.call("run", str(listed), "--report", str(tmp_path / "no" / "existe" / "i.xlsx"))
    assert done.code == 2
    one_sentence(done.err)
    assert robot.mock.state()["requests"] == []


def test_no_browser(robot: Robot, listed: Path) -> None:
    robot.settings["CARGOFIJO_BROWSER__EXECUTABLE"] = "/no/such/browser"
    done = robot.call("run", str(listed))
    assert done.code == 3
    one_sentence(done.err)


def test_another_process_works(robot: Robot, listed: Path) -> None:
    (robot.folder / "var").mkdir(parents=True)
    with FileLock(robot.folder / "var" / "cargofijo.lock"):
        done = robot.call("run", str(listed))
    assert done.code == 4
    one_sentence(done.err)


def test_approving_what_nobody_asked(robot: Robot) -> None:
    done = robot.call("approve", "CF-1-20261118-abcdef", "--as", "supervisora")
    assert done.code == 2
    assert "CF-1-20261118-abcdef" in one_sentence(done.err)


def test_a_template_is_a_list_without_rows(robot: Robot, tmp_path: Path) -> None:
    assert robot.call("template", str(tmp_path / "vacia.xlsx")).code == 0
    assert robot.call("template", str(tmp_path / "vacia.xlsx")).code == 2
    done = robot.call("run", str(tmp_path / "vacia.xlsx"))
    assert done.code == 2
    one_sentence(done.err)
