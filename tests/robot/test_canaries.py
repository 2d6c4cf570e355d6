"""Secrets and personal data show nowhere but where `docs/datos-personales.md` says.

A canary is planted in every password and every personal field; the list is run with portals that
fail in every way; then everything that is left, and was to be seen meanwhile, is searched.
"""

from __future__ import annotations

import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from flows.store.database import connect
from tests.support.marks import needs
from tests.support.mini_world import RUC, MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot
from tests.support.tables import tables_with

PASSWORD, SMTP_PASSWORD = "canario-clave-7391", "canario-correo-8264"
PERSONAL = {
    "contacto": "Canaria Contacta Soto",
    "contacto_dni": "70391842",
    "contacto_correo": "canaria.contacta@cliente.example",
    "observaciones": "canario de observaciones",
    "aprobado_por": "Aprobadora Canaria Luz",
}
PORTALS = {
    "contact": "contacto.autorizado@cliente.example",
    "executive": "Ejecutiva Canaria Paz",
    "executive_mail": "ejecutiva.canaria@claro.example",
    "client": "Canarios y Jaulas S.A.C.",
    "other_contact": "Otro Contacto Canario",
    "other_dni": "09182736",
}
LINES = ("987000001", "987000002", "987000003")
#: What only SIAC Único shows and nobody needs.
NEEDLESS = (PORTALS["other_contact"], PORTALS["other_dni"])


@pytest.fixture(scope="module")
@needs("process")
def portals() -> Iterator[MockPortals]:
    running = MockPortals("--seed", "1", "--password", PASSWORD)
    yield running
    running.stop()


def world(folder: Path) -> MiniWorld:
    mini = MiniWorld()
    client = mini.world["customers"][0]
    client["business_name"] = PORTALS["client"]
    client["executive"] |= {"name": PORTALS["executive"], "email": PORTALS["executive_mail"]}
    client["contacts"] = [
        {
            "dni": PERSONAL["contacto_dni"],
            "name": PERSONAL["contacto"],
            "email": PORTALS["contact"],
        },
        {
            "dni": PORTALS["other_dni"],
            "name": PORTALS["other_contact"],
            "email": "otro@cliente.example",
        },
    ]
    mini.configuration(**PERSONAL)
    mini.sale(**PERSONAL)
    mini.with_evidence(folder, **PERSONAL)
    return mini


class Watched:
    """A run's process with what the system shows of it and its children meanwhile."""

    def __init__(self, robot: Robot, path: Path) -> None:
        process = robot.start("run", str(path), "--json")
        self.command_lines: set[str] = set()
        while process.poll() is None:
            for entry in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    self.command_lines.add(entry.read_bytes().replace(b"\0", b" ").decode())
            time.sleep(0.2)
        assert process.stdout is not None and process.stderr is not None
        self.out, self.err = process.stdout.read(), process.stderr.read()


def texts(path: Path) -> Iterator[str]:
    """A file's bytes as text; of a workbook or a trace, also what is packed in it."""
    yield path.read_bytes().decode("utf-8", "replace")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield packed.read(name).decode("utf-8", "replace")


def files_with(var: Path, *canaries: str) -> set[tuple[str, str]]:
    return {
        (path.relative_to(var).parts[0].split("-")[0], canary)
        for path in var.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
        for canary in canaries
        if any(canary in text for text in texts(path))
    }


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_canary_is_where_it_should_not_be(portals: MockPortals, tmp_path: Path) -> None:
    robot = Robot(portals, tmp_path / "robot", CARGOFIJO_SMTP__OPERATOR="jefa@claro.example")
    for portal in ("SISACT", "SIAC", "NINTEX", "REMEDY"):
        robot.settings[f"CARGOFIJO_PORTALS__{portal}__PASSWORD"] = PASSWORD
    robot.settings["CARGOFIJO_SMTP__PASSWORD"] = SMTP_PASSWORD
    mini = world(robot.folder)
    portals.reset(mini.world)
    portals.fault(
        {"portal": "sisact", "path": "DatosEvaluacion", "kind": "session_expired"},
        {"portal": "siac", "path": "ConsultaCliente", "kind": "error", "status": 500, "after": 1},
        {"portal": "siac", "kind": "lost_reply", "on": "write"},
        {"portal": "nintex", "path": "inplview", "kind": "truncated", "times": 2},
        {"portal": "nintex", "kind": "save_conflict", "on": "write"},
        {"portal": "nintex", "path": "inplview", "kind": "error", "times": 40, "after": 3},
    )
    seen = Watched(robot, mini.list_at(robot.folder / "lista.xlsx"))
    var = robot.folder / "var"
    database = connect(f"sqlite:///{var / 'cargofijo.sqlite'}")
    personal = [*PERSONAL.values(), *PORTALS.values(), RUC]

    # Passwords: nowhere at all.
    for secret in (PASSWORD, SMTP_PASSWORD):
        assert files_with(var, secret) == set()
        assert tables_with(database, secret) == set()
        assert secret not in seen.out + seen.err
        ours = [line for line in seen.command_lines if "mock_portals" not in line]
        assert not [line for line in ours if secret in line]
        assert not [m for m in portals.state()["mail"] if secret in m["text"]]

    # Personal data: not in a log, on the terminal, or in the list of processes.
    logs = "\n".join(path.read_text() for path in (var / "logs").iterdir())
    assert logs.count("step_tried_again") >= 2  # the faults were met
    for canary in (*personal, *LINES):
        assert canary not in logs
        assert canary not in seen.out + seen.err
        assert not [line for line in seen.command_lines if canary in line]
    told = [m for m in portals.state()["mail"] if m["to"] == ["jefa@claro.example"]]
    assert told and not [c for c in (*personal, *LINES) if c in told[0]["text"]]

    # The database holds what the document says, and nothing of what nobody needs.
    allowed = {"cf_attempts", "cf_run_rows", "cf_approvals", "operation_outputs"}
    for canary in personal:
        assert tables_with(database, canary) <= allowed, canary
    for canary in NEEDLESS:
        assert tables_with(database, canary) == set()
    assert {folder for folder, _ in files_with(var, *personal)} <= {
        "cargofijo.sqlite",
        "reports",
        "evidence",
    }
    assert not files_with(var / "reports", *NEEDLESS)

    # Each was sent to the two that SIAC Único names, and to nobody else.
    written = {address for m in portals.state()["mail"] for address in m["to"]}
    assert written <= {PORTALS["contact"], PORTALS["executive_mail"], "jefa@claro.example"}


@pytest.mark.full
def test_no_canary_is_left_after_purge(mock: MockPortals, tmp_path: Path) -> None:
    """Of a night with its report, reconciliation, look at the bills and a packet: in any file of
    ours, packed or not, in SQLite's own pages, and in any table."""
    robot = Robot(
        mock,
        tmp_path / "robot",
        CARGOFIJO_SMTP__OPERATOR="jefa@claro.example",
        CARGOFIJO_PACKET__KEY="ab" * 32,
    )
    mini = world(robot.folder)
    mini.misaligned(**PERSONAL)
    mini.configuration(**{**PERSONAL, "contacto_dni": "70391843"})
    mini.rows[1]["ruc"] = "1"  # never a case
    mock.reset(mini.world)
    done = robot.run(mini.list_at(robot.folder / "lista.xlsx"))
    reference = done.rows["1"]["Referencia"]
    packet = tmp_path / "caso.zip"
    for arguments in (
        ("reconcile", done.summary["run"]),
        ("follow",),
        ("packet", reference, "--out", str(packet)),
    ):
        ended = robot.call(*arguments)
        assert ended.code == 0, ended.err
    var = robot.folder / "var"
    canaries = (
        *(*PERSONAL.values(), *PORTALS.values(), RUC, *LINES, "70391843"),
        *(row["sec"] for row in mini.rows),
        *(str(row["Referencia"]) for row in done.rows.values() if row["Referencia"]),
    )
    assert files_with(var, *canaries)
    purged = robot.call("purge", "--older-than", "0d")
    assert purged.code == 0, purged.out + purged.err
    assert files_with(var, *canaries) == set()
    for journal in var.glob("*.sqlite-*"):
        assert not [canary for canary in canaries if canary.encode() in journal.read_bytes()]
    database = connect(f"sqlite:///{var / 'cargofijo.sqlite'}")
    assert {canary: found for canary in canaries if (found := tables_with(database, canary))} == {}
    assert robot.call("packet", "verify", str(packet)).code == 0
