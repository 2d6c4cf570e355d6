"""What a portal lacks: who waits for it, what tells that it is one case's page, and what its map
does about it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from flows.rules.case import Motivo
from flows.rules.endings import CaseEnds
from flows.rules.policy import Policy
from flows.runtime.breakers import Breakers, BreakerState
from flows.runtime.changes import Change, Changes
from flows.runtime.checkpoints import Unrecorded
from flows.runtime.parked import ParkedCases, Resumer
from flows.runtime.services import Services
from flows.runtime.steps import StepRunner, _Waits
from flows.store.ledger import Ledger
from flows.store.tables import breakers as breaker_table
from pages.contract.errors import PageChanged, PortalDown
from pages.contract.missing import Absent, Guess, PageLook
from pages.contract.ports import SIAC
from robots.ops.map_writer import NamedElement, accept
from robots.ops.portal_maps import MapFile
from robots.reports.change_mail import compose_change_mail

LOOK = PageLook("", "Registrar caso", "Cargo fijo ofrecido")
CARGO = Absent(
    "TemplatePage.cargo", LOOK.name, LOOK, (Guess("Cargo ofrecido", 0.93, "comparte «cargo»"),)
)


def missing(*absent: Absent) -> PageChanged:
    error = PageChanged(SIAC, LOOK.page, f"no se encuentra «{LOOK.name}»")
    error.missing = absent or (CARGO,)
    return error


@pytest.fixture
def room(database: sa.Engine) -> ParkedCases:
    return ParkedCases(database)


@pytest.fixture
def breakers(database: sa.Engine, room: ParkedCases) -> Breakers:
    """Case ``a`` has missed it, by a map of version 1."""
    made = Breakers(database, failures=3, pauses=(100.0,))
    made.missed(missing(), "1")
    room.enter("a", 1, SIAC, 4)
    return made


@pytest.fixture
def changes(breakers: Breakers) -> Changes:
    return breakers.changes


def due(breakers: Breakers) -> None:
    with breakers.engine.begin() as db:
        past = datetime.now(UTC) - timedelta(seconds=1)
        db.execute(breaker_table.update().values(retry_at=past))


def tried(breakers: Breakers, met: Set[PageLook], version: str = "1") -> BreakerState:
    """Another case's try, which did its part."""
    due(breakers)
    entry = breakers.enter(SIAC)
    assert entry.tries
    breakers.answered(SIAC, entry, met, version)
    return entry


# the breaker


def test_it_opens_at_once_and_for_all(breakers: Breakers) -> None:
    entry = breakers.enter(SIAC)
    assert entry.resting is not None and entry.resting.has_changed
    assert entry.resting.motivo is Motivo.PAGINA_CAMBIADA


def test_who_tries_and_meets_it_closes_it(breakers: Breakers, changes: Changes) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert not changes.others_met(missing(), "1", since)
    tried(breakers, {LOOK})
    assert breakers.enter(SIAC) == BreakerState()
    assert changes.others_met(missing(), "1", since)
    assert not changes.others_met(missing(replace(CARGO, key="TemplatePage.ruc")), "1", since)
    assert not changes.others_met(missing(), "1", datetime.now(UTC) + timedelta(minutes=1))


def test_who_tries_and_comes_to_another_page_leaves_the_next_try_to_whoever_comes(
    breakers: Breakers, changes: Changes
) -> None:
    tried(breakers, {replace(LOOK, part="operador"), replace(LOOK, page="Caso")})
    assert len(changes.lacking(SIAC)) == 1
    assert breakers.enter(SIAC).tries
    assert breakers.enter(SIAC).resting is not None


def test_who_was_there_before_it_was_missed_tells_nothing(
    breakers: Breakers, changes: Changes
) -> None:
    breakers.answered(SIAC, BreakerState(), {LOOK}, "1")
    assert breakers.enter(SIAC).resting is not None and changes.lacking(SIAC)


def test_what_nobody_waits_for_keeps_nobody_out(breakers: Breakers, room: ParkedCases) -> None:
    room.leave("a", 1)
    tried(breakers, set())
    assert breakers.enter(SIAC) == BreakerState()


# telling


def test_it_is_told_once_and_again_where_it_is_missed_anew(
    breakers: Breakers, changes: Changes, room: ParkedCases
) -> None:
    (change,) = changes.untold()
    assert changes.tell(change) and not changes.tell(change)
    breakers.missed(missing(), "1")
    assert changes.untold() == []
    changes.untell(change)
    assert changes.untold() == [change]
    assert changes.tell(change)
    tried(breakers, {LOOK})
    breakers.missed(missing(), "1")  # the label changes for good
    assert [one.key for one in changes.untold()] == [CARGO.key]


def test_the_operator_reads_what_is_missing_and_the_one_command() -> None:
    when = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
    change = Change(SIAC, CARGO.key, "1", CARGO, str(missing()), when, None, None)
    written = {"sender": "robot@claro.example", "to": "jefa@claro.example", "when": when}
    until = when + timedelta(hours=1)
    message = compose_change_mail(change, b"\x89PNG", until, **written)  # type: ignore[arg-type]
    body = message.get_body()
    assert body is not None
    text = body.get_content()
    assert message["Subject"] == "Cargo fijo: SIAC Único cambió y hay casos que esperan"
    assert "SIAC Único, Registrar caso: no se encuentra «Cargo fijo ofrecido»." in text
    assert "esperan hasta las 01:00 del 21/11" in text
    assert '\n    cargofijo map accept siac TemplatePage.cargo "Cargo ofrecido"\n' in text
    assert [one.get_content_type() for one in message.iter_attachments()] == ["image/png"]
    nothing = replace(change, absent=replace(CARGO, guesses=()))
    alone = compose_change_mail(nothing, b"", until, **written)  # type: ignore[arg-type]
    assert not list(alone.iter_attachments())
    assert 'TemplatePage.cargo "…"' in alone.get_content()
    unlike = replace(change, absent=replace(CARGO, guesses=(Guess("RUC", 0.2, "nada"),)))
    told = compose_change_mail(unlike, b"", until, **written).get_content()  # type: ignore[arg-type]
    assert "Si es alguno" in told and 'TemplatePage.cargo "…"' in told


# its map


def looked(room: ParkedCases, breakers: Breakers, version: str, run: Any) -> list[str]:
    """Whom the waiting room calls, with a map of this version."""
    called: list[str] = []

    async def again(reference: str, attempt: int, step: int) -> None:
        called.append(reference)

    resumer = Resumer(
        room,
        breakers,
        may_wait=lambda since, has_changed: has_changed,
        map_version=lambda portal: version,
        again=again,
    )
    run(resumer.look({("a", 1), ("b", 1)}))
    return called


def test_all_are_called_once_the_map_is_another(
    breakers: Breakers, room: ParkedCases, changes: Changes, run: Any
) -> None:
    room.enter("b", 1, SIAC, 2)
    assert looked(room, breakers, "1", run) == []
    assert looked(room, breakers, "2", run) == ["a", "b"]
    assert breakers.enter(SIAC) == BreakerState() and changes.lacking(SIAC) == ()


def test_a_map_that_names_it_wrongly_is_no_end_of_waiting(
    breakers: Breakers, room: ParkedCases, changes: Changes, run: Any
) -> None:
    assert looked(room, breakers, "2", run) == ["a"]
    breakers.missed(missing(), "2")
    room.enter("a", 1, SIAC, 4)
    assert looked(room, breakers, "2", run) == []
    assert [one.version for one in changes.untold()] == ["2"]


def test_a_map_is_read_again_when_its_file_is_written(tmp_path: Path) -> None:
    file = tmp_path / "siac.toml"
    known = MapFile(SIAC, file)
    before = known.latest()
    assert known.latest() is before and before.version == ""
    accept(SIAC, file, [NamedElement("TemplatePage.cargo", "Cargo ofrecido")])
    named = known.latest()
    assert named.version and known.latest() is named
    assert named.elements["TemplatePage", "cargo"].name == "Cargo ofrecido"
    file.write_text("[TemplatePage\n", encoding="utf-8")
    assert known.latest() is named, "one that cannot be read changes nothing"


# a step


@pytest.fixture
def runner(tmp_path: Path, database: sa.Engine) -> StepRunner:
    return runner_with(tmp_path, database)


def runner_with(folder: Path, database: sa.Engine, **policy: float) -> StepRunner:
    nobody: Any = None
    known = Policy(retry_pauses=(0.0,), portal_patience=0, **policy)
    services = Services(nobody, Ledger(database), nobody, folder, known)
    attempt: Any = SimpleNamespace(case=None, reference="CF-1-20261118-abcdef", attempt=1)
    return StepRunner(services, attempt, Unrecorded())


def failing(left: list[Exception]) -> Any:
    async def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return work


def test_a_case_that_misses_something_twice_waits(runner: StepRunner, run: Any) -> None:
    assert run(runner._tried("ensure_siac_case", failing([missing()]))) == "done"
    left: list[Exception] = [missing() for _ in range(9)]
    with pytest.raises(_Waits):
        run(runner._tried("ensure_siac_case", failing(left)))
    assert len(left) == 7


def test_where_others_have_it_before_them_the_case_ends_alone(runner: StepRunner, run: Any) -> None:
    breakers, parked = runner.services.breakers, runner.services.parked
    with pytest.raises(_Waits):
        run(runner._tried("ensure_siac_case", failing([missing() for _ in range(9)])))
    parked.enter(runner.reference, 1, SIAC, 4)
    tried(breakers, {LOOK}, "")
    with pytest.raises(CaseEnds) as end:
        run(runner._tried("ensure_siac_case", failing([missing() for _ in range(9)])))
    assert end.value.ending.motivo is Motivo.PAGINA_CAMBIADA
    assert breakers.enter(SIAC) == BreakerState(), "nobody else is kept out"


@pytest.mark.parametrize("patience", [0, 3600])
def test_who_may_not_wait_and_what_no_map_could_name_are_counted_case_by_case(
    tmp_path: Path, database: sa.Engine, run: Any, patience: int
) -> None:
    runner = runner_with(tmp_path, database, map_patience=patience)
    odd = PageChanged(SIAC, "Registrar caso", "la ventana es de otra SEC")
    error = missing() if not patience else odd
    for _ in range(3):
        assert runner.services.breakers.enter(SIAC) == BreakerState()
        with pytest.raises(CaseEnds):
            run(runner._tried("ensure_siac_case", failing([error] * 9)))
    assert runner.services.breakers.enter(SIAC).resting is not None


def test_a_portal_that_goes_down_meanwhile_shortens_no_wait(
    breakers: Breakers, room: ParkedCases, run: Any
) -> None:
    breakers.failed(PortalDown(SIAC, "/siac", "respondió con error 503"))
    assert looked(room, breakers, "1", run) == []
