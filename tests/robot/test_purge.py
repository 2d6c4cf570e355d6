"""What is past its time is gone from everywhere; what is not, or still waits, is untouched."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from flows.rules.case import Estado, Motivo, Outcome
from flows.runtime.queue_client import QueueClient
from flows.runtime.submit_journal import SubmitJournal
from flows.store import tables
from flows.store.case_files import CaseFiles
from flows.store.database import connect, is_shared
from flows.store.ledger import Ledger, Run, RunRow, StepRecord
from flows.store.retention import known_references
from inputs.rows import Cell, Row
from robots.console.audit import Audit
from robots.console.console_tables import audit, prepare, users
from robots.logs import FILE
from tests.support.mini_world import DNI, MiniWorld
from tests.support.mock import MockPortals
from tests.support.packets import case_file, packet, repacked
from tests.support.report_samples import sample_case
from tests.support.robot import COMMAND, Robot
from tests.support.tables import tables_with
from tests.support.terminal import Terminal

pytestmark = pytest.mark.process

NOW = datetime.now(UTC)
OLD, RECENT = NOW - timedelta(days=100), NOW - timedelta(days=3)


class Past:
    """A machine on which the robot has worked before; nothing here needs a browser."""

    def __init__(self, folder: Path, database: str = "") -> None:
        database = database or f"sqlite:///{folder / 'var' / 'cargofijo.sqlite'}"
        self.robot = Robot(
            MockPortals.__new__(MockPortals), folder, CARGOFIJO_DATABASE_URL=database
        )
        self.robot.mock.base = 1  # nobody is asked
        self.var = folder / "var"
        self.database = connect(database)
        self.ledger = Ledger(self.database)
        self.ledger.prepare()
        self.runs = 0

    def case(self, index: int, estado: Estado | None, when: datetime) -> str:
        """One that was last worked on then, in a run of its own beside a row that is no case."""
        case = sample_case(index)
        reference = case.reference
        self.ledger.begin_attempts([(reference, 1, case)], requested_by="ana", dry_run=False)
        queue_client = QueueClient(self.ledger.engine)
        asyncio.run(queue_client.enqueue([(reference, 1)]))
        queue_client.close()
        self.ledger.record_step(
            StepRecord(
                reference=reference,
                attempt=1,
                number=1,
                name="consult_sec",
                started=when,
                seconds=1,
                note="",
            )
        )
        SubmitJournal(self.ledger.engine).begin(reference, "respuesta")
        if estado is not None:
            self.ledger.end_attempt(reference, 1, Outcome(reference=reference, estado=estado))
            self._at(reference, when)
        self.listed(reference, when)
        folder = self.var / "evidence" / reference
        folder.mkdir(parents=True)
        (folder / "descripcion.png").write_bytes(b"foto")
        CaseFiles(self.database).publish(reference, folder)
        (self.var / "logs").mkdir(exist_ok=True)
        with (self.var / "logs" / FILE).open("a") as log:
            line = {"time": NOW.isoformat(), "level": "INFO", "event": "x", "case": reference}
            log.write(json.dumps(line) + "\n")
        return reference

    def listed(self, reference: str, when: datetime) -> str:
        """A run then, whose list names the case and has a row that is none; and its report."""
        self.runs += 1
        row = Row(number=2, cells=(Cell("text", "De nadie"),))
        run = Run(
            id=f"{when:%Y%m%d-%H%M%S}-{self.runs:04x}",
            list_name="lista.xlsx",
            headers=("ID",),
            requested_by="ana",
            dry_run=False,
            started=when,
            ended=when,
        )
        content = row.model_dump_json()
        rows = (
            RunRow(position=0, reference=reference, content=content),
            RunRow(position=1, reference=None, content=content),
        )
        self.ledger.open_run(run, rows)
        (self.var / "reports").mkdir(parents=True, exist_ok=True)
        for kind in ("xlsx", "html"):
            (self.var / "reports" / f"lista-{run.id}.{kind}").write_text(reference)
        return run.id

    def _at(self, reference: str, when: datetime) -> None:
        with self.database.begin() as db:
            db.execute(tables.attempts.update().filter_by(reference=reference).values(ended=when))

    def purge(self, *arguments: str, code: int = 0) -> str:
        self.ledger.engine.dispose()
        done = self.robot.call("purge", *arguments)
        assert done.code == code, done.err
        return done.out + done.err

    def count(self, table: sa.Table) -> int | None:
        with self.database.connect() as db:
            return db.scalar(sa.select(sa.func.count()).select_from(table))


def files_with(var: Path, text: str) -> set[str]:
    return {
        str(path.relative_to(var))
        for path in var.rglob("*")
        if text in path.name or (path.is_file() and text.encode() in path.read_bytes())
    }


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.full, pytest.mark.postgres])]
)
def past(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Past]:
    if request.param == "sqlite":
        yield Past(tmp_path)
        return
    made = Past(tmp_path, request.getfixturevalue("postgres").new_database())
    yield made
    made.database.dispose()


def test_only_what_is_past_its_time_and_waits_for_nobody_goes(past: Past) -> None:
    old = past.case(0, Estado.ATENDIDO, OLD)
    failed = past.case(1, Estado.FALLA_TECNICA, OLD)
    waiting = past.case(2, Estado.PENDIENTE_DE_EVIDENCIA, OLD)
    unfinished = past.case(3, None, OLD)
    recent = past.case(4, Estado.ATENDIDO, RECENT)
    seen_again = past.case(5, Estado.NO_PROCEDE, OLD)
    past.listed(seen_again, RECENT)
    strangers = [past.var / "evidence" / name for name in ("CF-1-20200101-abcdef", "cola-falla")]
    for stranger in strangers:
        stranger.mkdir()
        os.utime(stranger, (time.time() - 10**8,) * 2)

    told = past.purge("--older-than", "90d")

    for reference in (old, failed):
        assert tables_with(past.database, reference) == set()
        assert files_with(past.var, reference) == set()
    shared = {"cf_files"} if is_shared(past.database) else set()
    for reference in (waiting, unfinished, recent, seen_again):
        assert tables_with(past.database, reference) >= {
            "cf_attempts",
            "cf_handovers",
            "cf_run_rows",
            "cf_steps",
            "workflow_status",
            *shared,
        }
        assert {f"evidence/{reference}", f"logs/{FILE}"} <= files_with(past.var, reference)
    assert not [stranger for stranger in strangers if stranger.exists()]
    assert len(list((past.var / "reports").iterdir())) == 4  # of the two recent runs
    assert "2 casos de esa edad que siguen en trámite" in told and waiting in told
    assert "no queda rastro" in told
    assert past.robot.call("status").code == 0


def test_rows_that_never_were_cases_go_with_their_list(past: Past) -> None:
    past.case(0, Estado.ATENDIDO, OLD)
    past.case(2, Estado.PENDIENTE_DE_EVIDENCIA, OLD)
    with past.database.begin() as db:
        for run in past.ledger.runs():
            db.execute(tables.writes.insert().values(run=run.id, count=3))
    past.purge()  # the setting's 90 days
    assert past.count(tables.rows) == past.count(tables.runs) == past.count(tables.writes) == 1


def test_what_is_left_is_told_with_its_place(tmp_path: Path) -> None:
    past = Past(tmp_path)
    old = past.case(0, Estado.ATENDIDO, OLD)
    (past.var / "copia.txt").write_text(f"mi copia de {old}")
    assert "copia.txt" in past.purge(code=1)


def test_what_is_left_in_a_workbook_is_told_too(tmp_path: Path) -> None:
    past = Past(tmp_path)
    old = past.case(0, Estado.ATENDIDO, OLD)
    repacked(past.var / "copia.xlsx", {"xl/sharedStrings.xml": old.encode()})
    assert "copia.xlsx" in past.purge(code=1)


def test_a_packet_that_somebody_took_stays(tmp_path: Path) -> None:
    past = Past(tmp_path)
    old = past.case(0, Estado.ATENDIDO, OLD)
    file = case_file("descripcion.png", old.encode())
    path = packet(past.var / "caso.zip", Ed25519PrivateKey.generate(), file)
    told = past.purge()
    assert path.exists() and "caso.zip" in told and "no queda rastro" in told


def test_reconciliations_uploads_and_what_the_trail_says_of_them_go_too(tmp_path: Path) -> None:
    past = Past(tmp_path)
    old, recent = past.case(0, Estado.ATENDIDO, OLD), past.case(4, Estado.ATENDIDO, RECENT)
    left, right = (past.ledger.rows(run.id)[0].reference for run in past.ledger.runs())
    assert {left, right} == {old, recent}
    for run in past.ledger.runs():
        (past.var / "reports" / f"lista-{run.id}-conciliacion.xlsx").write_text("Rosa Quispe")
    for name, when in (("viejo", OLD), ("nuevo", RECENT)):
        folder = past.var / "uploads" / name
        folder.mkdir(parents=True)
        (folder / "lista.xlsx").write_text("Rosa Quispe")
        for path in (folder / "lista.xlsx", folder):
            os.utime(path, (when.timestamp(),) * 2)
    prepare(past.database)
    trail = ("Rosa Quispe.pdf", "nuevo caso"), ("x", old), ("y", recent), ("z", "ana")
    with past.database.begin() as db:
        db.execute(users.insert().values(name="ana", role="asesor", password="", created=OLD))
        for after, subject in trail:
            entry = {"who": "ana", "what": "hizo", "subject": subject, "before": "", "after": after}
            db.execute(audit.insert().values(at=OLD, **entry))
    past.purge()
    assert {path.name for path in (past.var / "uploads").iterdir()} == {"nuevo"}
    (kept,) = (past.var / "reports").glob("*-conciliacion.xlsx")
    assert past.ledger.runs()[0].id in kept.name
    of_purge, *left = Audit(past.database).entries()
    assert of_purge.what == "Eliminó lo que pasó su plazo"
    assert {entry.after for entry in left} == {"y", "z"}


def test_a_case_stays_with_the_one_that_came_of_its_bill(tmp_path: Path) -> None:
    past = Past(tmp_path)
    old, child = past.case(0, Estado.ATENDIDO, OLD), past.case(1, Estado.ATENDIDO, OLD)
    bill = past.case(2, Estado.ATENDIDO, RECENT)
    with past.database.begin() as db:
        for reference, of in ((child, old), (bill, child)):
            case = past.ledger.latest([reference])[reference].case
            came = case.model_copy(update={"seguimiento_de": of})
            db.execute(tables.attempts.update().filter_by(reference=reference).values(case=came))
    past.purge()
    assert tables_with(past.database, old) and tables_with(past.database, child)
    with past.database.begin() as db:
        db.execute(tables.attempts.update().filter_by(reference=bill).values(ended=OLD))
        db.execute(tables.runs.update().values(started=OLD))
    for report in (past.var / "reports").iterdir():  # they end with their run's own moment
        report.unlink()
    past.purge()
    for reference in (old, child, bill):
        assert tables_with(past.database, reference) == set()


@pytest.mark.filterwarnings("error::sqlalchemy.exc.SAWarning")
def test_what_is_looked_for_in_every_table_is_no_warning_to_the_operator(past: Past) -> None:
    """An index of the console is one that SQLAlchemy cannot describe; each run looks for cases."""
    old = past.case(0, Estado.ATENDIDO, OLD)
    prepare(past.database)
    assert known_references(past.database, [old, "CF-1"]) == {old}


def test_a_time_that_is_none_and_a_busy_database_touch_nothing(tmp_path: Path) -> None:
    past = Past(tmp_path)
    old = past.case(0, Estado.ATENDIDO, OLD)
    assert "90d" in past.purge("--older-than", "ayer", code=2)
    assert files_with(past.var, old)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_all_is_deleted_after_a_yes(tmp_path: Path) -> None:
    past = Past(tmp_path)
    old = past.case(0, Estado.ATENDIDO, NOW)
    for typed, code in (("n\n", 2), ("quizá\nsí\n", 0)):
        command = [*COMMAND, "purge", "--older-than", "0d"]
        terminal = Terminal(command, cwd=tmp_path, env=past.robot.environment)
        for line in typed.splitlines(keepends=True):
            terminal.until("¿Eliminarlos? [s/n]: ")
            assert files_with(past.var, old)
            terminal.type(line)
        assert terminal.end() == code, terminal.shown
        assert bool(files_with(past.var, old)) is (code == 2)
    again = past.case(1, Estado.ATENDIDO, NOW)
    past.purge("--older-than", "0d")  # nobody is there to be asked
    assert not files_with(past.var, again)


@pytest.mark.full
def test_after_a_real_run_nothing_of_its_cases_is_left(mock: MockPortals, tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    mini.sale()  # waits for evidence
    mini.misaligned(contacto_dni="00000000")
    mock.reset(mini.world)
    robot = Robot(mock, tmp_path)
    assert robot.run(mini.list_at(tmp_path / "lista.xlsx")).code == 0
    var = tmp_path / "var"
    database = connect(f"sqlite:///{var / 'cargofijo.sqlite'}")
    assert tables_with(database, DNI) == {"cf_attempts", "cf_run_rows", "operation_outputs"}
    done = robot.call("purge", "--older-than", "0d")
    assert done.code == 0 and "Se conservan 1 casos" in done.out
    for serial in (1, 3):
        assert tables_with(database, f"CF-4600000{serial}") == set()
        assert files_with(var, f"CF-4600000{serial}") == set()
    assert tables_with(database, "CF-46000002") and files_with(var, "CF-46000002")
    # What it filed is found again, and not filed once more.
    again = robot.run(tmp_path / "lista.xlsx")
    assert again.rows["1"]["Estado"] == Estado.ATENDIDO
    assert again.rows["3"]["Motivo"] == Motivo.TITULARIDAD_NO_VALIDADA
    state = mock.state()
    assert len(state["nintex"]["activaciones"]) == 1
    assert len([m for m in state["mail"] if "ha sido atendida" in m["text"]]) == 1
