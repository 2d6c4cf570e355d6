"""The command line: one clear sentence and the right code where something cannot be done."""

from __future__ import annotations

import getpass
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from flows.store.approvals import Approval, Approvals
from flows.store.database import connect
from flows.store.ledger import Ledger
from robots.console.audit import Audit
from tests.support.machine import free_port_base
from tests.support.mini_world import MiniWorld
from tests.support.report_samples import sample_case
from tests.support.robot import Robot


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    mini = MiniWorld()
    mini.configuration()
    return mini.list_at(tmp_path / "lista.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"], ids=["Notepad", "PowerShell"])
def test_settings_are_read_as_windows_programs_save_them(robot: Robot, encoding: str) -> None:
    robot.folder.mkdir()
    (robot.folder / "cargofijo.toml").write_text("# años\n[smtp]\nmailbox = 'a@b.pe'", encoding)
    done = robot.call("status")
    assert (done.code, done.err) == (0, "")


def one_sentence(text: str) -> str:
    (line,) = text.strip().splitlines()
    assert line.endswith((".", "?"))
    return line


COMMANDS = (
    *("demo", "run", "case", "stop", "submit", "worker", "status", "report", "approve", "reject"),
    *("template", "check", "mock", "credentials", "drop", "schedule", "purge", "console", "users"),
    *("reconcile", "follow", "inbox", "map", "capture", "packet"),
)
ENGLISH = re.compile(r"Usage|Options|Arguments|Show this|default|required|COMMAND|<[a-z]")


def test_help_teaches(robot: Robot) -> None:
    shown = robot.call("--help")
    assert shown.code == 0
    for text in (*COMMANDS, "Ejemplos", "cargofijo run lista.xlsx", "Código de salida"):
        assert text in shown.out


@pytest.mark.sample(3)
@pytest.mark.parametrize("command", ["", *COMMANDS, "credentials set"])
def test_help_is_spanish_throughout(robot: Robot, command: str) -> None:
    shown = robot.call(*command.split(), "--help")
    assert shown.code == 0 and "Uso: cargofijo" in shown.out
    assert ENGLISH.findall(shown.out) == []


def test_mock_portals_end_with_their_command(robot: Robot) -> None:
    process = robot.start("mock", "--port-base", str(free_port_base()))
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    process.terminate()
    process.communicate(timeout=30)  # the portals hold its other end as long as they are there


@pytest.mark.sample(4)
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("ruun", "run"),
        ("cas --sec 1", "case"),
        ("credentials sett siac", "set"),
        ("run", "LISTA.xlsx"),
        ("run lista.xlsx otra.xlsx", "cargofijo run --help"),
        ("run lista.xlsx --seat 2", "--seats"),
        ("run lista.xlsx --seats 0", "de 1 a 32"),
        ("run lista.xlsx --seats", "--seats"),
        ("mock", "--port-base"),
        ("credentials set sap", "sisact"),
    ],
)
def test_what_is_typed_wrongly_is_told_in_one_sentence(robot: Robot, typed: str, told: str) -> None:
    done = robot.call(*typed.split())
    assert done.code == 2
    assert told in one_sentence(done.err)


def suggested(robot: Robot, typed: str) -> list[str]:
    """What bash is given for what is typed so far."""
    robot.settings |= {
        "_CARGOFIJO_COMPLETE": "complete_bash",
        "COMP_WORDS": f"cargofijo {typed}",
        "COMP_CWORD": str(len(f"{typed}x".split())),
    }
    return robot.call().out.split()


def test_the_shell_completes(robot: Robot, listed: Path) -> None:
    assert sorted(suggested(robot, "")) == sorted(COMMANDS)
    assert suggested(robot, "credentials set s") == ["sisact", "siac", "smtp"]
    assert suggested(robot, "case --canal ") == ["135", "Correo"]
    assert "--dry-run" in suggested(robot, "run --d")
    assert suggested(robot, "report ") == []
    assert not (robot.folder / "var").exists()


def test_the_shell_completes_runs_and_references(robot: Robot, listed: Path) -> None:
    run = robot.call("submit", str(listed), "--json").summary["run"]
    ledger = Ledger(connect(f"sqlite:///{robot.folder / 'var' / 'cargofijo.sqlite'}"))
    Approvals(ledger.engine).ask(
        Approval(
            reference="CF-46000001-20261118-ed6260",
            digest="0",
            request={"escenario": "VENTAS_SIN_OFERTA"},
            requested_by="asesor1",
            requested=datetime.now(UTC),
        )
    )
    assert suggested(robot, "report ") == suggested(robot, "status 2") == [run]
    assert suggested(robot, "approve CF-") == ["CF-46000001-20261118-ed6260"]


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("executable", "/no/such/browser"),
        ("channel", "firefox"),
        pytest.param(
            *("headless", "false"),
            marks=pytest.mark.skipif(sys.platform != "linux", reason="a screen is always there"),
        ),
    ],
)
def test_no_browser(robot: Robot, listed: Path, name: str, value: str) -> None:
    """What chose it is told with its value, and not the machine."""
    robot.settings |= {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
    robot.settings[f"CARGOFIJO_BROWSER__{name.upper()}"] = value
    done = robot.call("run", str(listed))
    assert done.code == 3
    told = one_sentence(done.err)
    assert f"(ajuste browser.{name})" in told and "instale" not in told
    assert name == "headless" or f"«{value}»" in told


def test_another_process_works(robot: Robot, listed: Path) -> None:
    (robot.folder / "var").mkdir(parents=True)
    with FileLock(robot.folder / "var" / "cargofijo.lock"):
        done = robot.call("run", str(listed))
    assert done.code == 4
    one_sentence(done.err)


def test_approving_a_case_that_is_not_there(robot: Robot) -> None:
    done = robot.call("approve", "CF-1-20261118-abcdef", "--as", "supervisora")
    assert done.code == 2
    assert one_sentence(done.err) == "No existe el caso CF-1-20261118-abcdef."


class Asked:
    """A robot whose database has one request that waits for a supervisor; root asked for it."""

    def __init__(self, robot: Robot) -> None:
        self.robot, self.case = robot, sample_case(1)
        self.reference = self.case.reference
        (robot.folder / "var").mkdir(parents=True)
        self.ledger = Ledger(connect(f"sqlite:///{robot.folder / 'var' / 'cargofijo.sqlite'}"))
        self.ledger.prepare()
        self.ledger.begin_attempts(
            [(self.reference, 1, self.case)], requested_by="root", dry_run=False
        )
        self.approvals = Approvals(self.ledger.engine)
        self.approvals.ask(
            Approval(
                reference=self.reference,
                digest="0",
                request={"escenario": "VENTAS_SIN_OFERTA"},
                requested_by="root",
                requested=datetime.now(UTC),
            )
        )


@pytest.fixture
def asked(robot: Robot) -> Iterator[Asked]:
    known = Asked(robot)
    yield known
    known.ledger.engine.dispose()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["approve", "--as", "root "], "debe responder otra persona"),
        (["approve", "--as", "  "], "--as"),
        (["reject", "--as", "", "--reason", "No"], "--as"),
    ],
)
def test_an_answer_of_the_one_who_asked_or_of_nobody_is_none(
    asked: Asked, typed: list[str], told: str
) -> None:
    command, *options = typed
    done = asked.robot.call(command, asked.reference, *options)
    assert done.code == 2
    assert told in one_sentence(done.err)
    assert [one.reference for one in asked.approvals.waiting()] == [asked.reference]


def test_approving_what_nobody_asked(asked: Asked) -> None:
    for code in (0, 2):
        done = asked.robot.call("approve", asked.reference, "--as", "supervisora")
        assert done.code == code
    assert "no espera ninguna aprobación" in one_sentence(done.err)


def test_an_answer_is_in_the_audit_trail_as_one_of_the_console_is(asked: Asked) -> None:
    done = asked.robot.call("reject", asked.reference, "--as", " Sonia ", "--reason", "Sin oferta")
    assert (done.code, done.err) == (0, "")
    (entry,) = Audit(asked.ledger.engine).entries(asked.reference)
    assert (entry.who, entry.what) == ("Sonia (orden)", "Rechazó la solicitud")
    assert json.loads(entry.before) == {"solicitud": "0", "respuesta": "ninguna"}
    assert json.loads(entry.after) == {
        "respuesta": "rechazada",
        "motivo": "Sin oferta",
        "usuario del equipo": getpass.getuser(),
    }


USER = ("users", "add", "ana", "--role", "asesor")
NAMED = ("map", "accept", "siac", "QueuePage.filtrar", "Filtrar casos")


@pytest.mark.parametrize(
    ("typed", "what", "subject"),
    [
        ([("stop",)], "Detuvo todas las corridas", "corridas"),
        ([("purge",)], "Eliminó lo que pasó su plazo", "casos"),
        ([NAMED], "Aceptó un nombre en el mapa", "SIAC Único QueuePage.filtrar"),
        (
            [NAMED, (*NAMED[:4], "--default")],
            "Quitó un nombre del mapa",
            "SIAC Único QueuePage.filtrar",
        ),
        ([USER], "Creó un usuario", "ana"),
        ([USER, ("users", "password", "ANA ")], "Cambió una contraseña", "ana"),
        ([USER, ("users", "delete", "ANA ")], "Borró un usuario", "ana"),
    ],
)
def test_what_an_order_changes_is_in_the_audit_trail(
    asked: Asked, typed: list[tuple[str, ...]], what: str, subject: str
) -> None:
    for command in typed:
        done = asked.robot.call(*command, given="una clave larga 1\n")
        assert done.code == 0, done.err
    entry, *_ = Audit(asked.ledger.engine).entries()
    assert entry[1:4] == (f"{getpass.getuser()} (orden)", what, subject)


def test_a_template_is_a_list_without_rows(robot: Robot, tmp_path: Path) -> None:
    assert robot.call("template", str(tmp_path / "vacia.xlsx")).code == 0
    assert robot.call("template", str(tmp_path / "vacia.xlsx")).code == 2
    done = robot.call("run", str(tmp_path / "vacia.xlsx"))
    assert done.code == 2
    one_sentence(done.err)
