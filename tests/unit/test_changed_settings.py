"""Settings that change while a case is in flight: what was begun is finished, and nothing is lost.

On fakes at each write and each reading, and once at the real engine, which plays back what it has.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from loguru import logger

from flows.procedure.regularize import regularize, work_on
from flows.rules.case import Case, Estado, Motivo, Outcome
from flows.rules.policy import Policy
from flows.rules.scenarios import Escenario
from flows.runtime.engine import DurableEngine
from flows.runtime.services import NullObserver, Observer, set_services
from flows.store.approvals import Approvals
from flows.store.ledger import Ledger
from flows.store.tables import attempt_policies
from inputs.reader import read_list
from pages.contract.ports import Lease, Sending
from tests.demo import write
from tests.support.fake_portals import FakePortals, FakeSiac, Trouble
from tests.support.machine import ROOT
from tests.support.procedure import (
    TODAY,
    MemoryCheckpoints,
    Robot,
    finish,
    hurried,
    quick_ledger,
)

WORLD = json.loads((ROOT / write.WORLD).read_text(encoding="utf-8"))
ROWS = read_list(ROOT / write.LIST, today=TODAY).rows
EXPECTED = {
    label: row["motivo"] for label, row in json.loads((ROOT / write.EXPECTED).read_text()).items()
}
#: the guide's plain case: NINTEX Activaciones
CASE: Case = next(row.case for row in ROWS if row.case and row.case.id == "VC-001")
ASKS = hurried(approvals=(Escenario.ACTIVACIONES_CONFIGURACION,))
ASKS_NOBODY = hurried()
#: all that a setting of the flow may be besides
OTHERWISE = hurried(
    max_writes=1,
    max_attempts=1,
    remind_after_days=1,
    end_after_days=1,
    breaker_failures=1,
    fresh_look=0.0,
    step_limit=60.0,
    follow_up="file",
)
#: the case, taking it, the request, closing it, the note of the e-mail
WRITES = ("case", "take", "request", "close", "note")


async def says_yes(sending: Sending) -> bool:
    return True


@dataclass
class Changing(Robot):
    """Robots of which each that follows on a death has the ``later`` policy."""

    later: Policy = field(default_factory=hurried)

    def services(self) -> Any:
        if self.deaths:
            self.policy = self.later
            if self.later is OTHERWISE:
                self.addresses = {"sender": "otro@claro.example", "mailbox": "otro@claro.example"}
                self.confirm = says_yes
        return super().services()


def changing(folder: Path, first: Policy, later: Policy, **troubles: Any) -> Changing:
    portals = FakePortals(WORLD, **troubles)
    return Changing(portals, quick_ledger(folder), folder / "evidence", first, later=later)


def requests_in(portals: FakePortals) -> list[dict[str, Any]]:
    held = portals.state()["nintex"]["activaciones"]
    return [record for record in held if record["reference"] == CASE.reference]


def requests(robot: Robot) -> list[dict[str, Any]]:
    return requests_in(robot.portals)


def assert_attended(robot: Robot, outcome: Outcome) -> None:
    (request,) = requests(robot)
    assert outcome.estado is Estado.ATENDIDO, outcome.detail
    assert outcome.request_number == str(request["id"])
    assert len(robot.mail.sent) == 1


def answer(robot: Robot, word: str = "approved") -> None:
    Approvals(robot.ledger.engine).answer(CASE.reference, word, "sonia", "")


@pytest.mark.parametrize("trouble", [Trouble.DIES_BEFORE, Trouble.DIES_DONE])
@pytest.mark.parametrize("place", range(len(WRITES)), ids=WRITES)
@pytest.mark.parametrize("later", [ASKS, OTHERWISE], ids=["asks", "otherwise"])
def test_what_was_begun_is_finished_whatever_is_set_from_now_on(
    tmp_path: Path, later: Policy, place: int, trouble: Trouble
) -> None:
    writes = [*[Trouble.NONE] * place, trouble]
    robot = changing(tmp_path, ASKS_NOBODY, later, writes=writes)
    outcome = finish(robot.attempt(CASE))
    assert robot.deaths == 1
    assert_attended(robot, outcome)
    assert Approvals(robot.ledger.engine).about(CASE.reference) == []


@pytest.mark.parametrize("place", range(1, len(WRITES)), ids=WRITES[1:])
def test_what_a_supervisor_was_asked_about_is_finished_though_nobody_is_from_now_on(
    tmp_path: Path, place: int
) -> None:
    robot = changing(tmp_path, ASKS, ASKS_NOBODY)
    assert finish(robot.attempt(CASE)).estado is Estado.PENDIENTE_DE_APROBACION
    answer(robot)
    robot.portals.writes = iter([*[Trouble.NONE] * (place - 1), Trouble.DIES_DONE])
    outcome = finish(robot.attempt(CASE))
    assert robot.deaths == 1
    assert_attended(robot, outcome)


@pytest.mark.parametrize(("first", "later"), [(ASKS, ASKS_NOBODY), (ASKS_NOBODY, ASKS)])
def test_wherever_it_dies_the_attempt_keeps_to_what_it_was_begun_with(
    tmp_path: Path, first: Policy, later: Policy
) -> None:
    """At each reading in turn."""
    whole = changing(tmp_path / "whole", first, first)
    expected = finish(whole.attempt(CASE)).estado
    for place in count():
        readings = [*[Trouble.NONE] * place, Trouble.DIES_BEFORE]
        robot = changing(tmp_path / str(place), first, later, readings=readings)
        assert finish(robot.attempt(CASE)).estado is expected
        if not robot.deaths:  # past the last one
            break
    assert place >= 4  # the SEC, the client, the requests and the case, whatever follows


def test_an_attempt_that_begins_later_asks_as_is_set_now(tmp_path: Path) -> None:
    """The first one ended before anything was filed."""
    robot = changing(tmp_path, ASKS_NOBODY, ASKS_NOBODY)
    robot.portals.writes = iter([Trouble.NONE, *[Trouble.REFUSED] * 9])
    assert finish(robot.attempt(CASE)).estado is Estado.FALLA_TECNICA
    robot.portals.writes = iter(())
    robot.policy = ASKS
    assert finish(robot.attempt(CASE)).estado is Estado.PENDIENTE_DE_APROBACION
    assert requests(robot) == []
    answer(robot)
    assert_attended(robot, finish(robot.attempt(CASE)))


def test_an_attempt_that_waits_for_evidence_is_played_back_whatever_is_set(
    tmp_path: Path,
) -> None:
    """How long it may wait is recorded by the step that looks."""
    case = next(row.case for row in ROWS if row.case and EXPECTED[row.case.id] == "FALTA_EVIDENCIA")
    for place in count():
        robot = changing(tmp_path / str(place), ASKS_NOBODY, OTHERWISE)
        finish(robot.attempt(case))
        robot.portals.readings = iter([*[Trouble.NONE] * place, Trouble.DIES_BEFORE])
        assert finish(robot.attempt(case)).estado is Estado.PENDIENTE_DE_EVIDENCIA
        if not robot.deaths:
            break
    assert place >= 4


def ended_after_filing(folder: Path) -> Robot:
    """Its request is filed, and its case could not be closed; a supervisor is asked from now on."""
    robot = changing(folder, ASKS_NOBODY, ASKS_NOBODY)
    robot.portals.writes = iter([*[Trouble.NONE] * 3, *[Trouble.REFUSED] * 9])
    assert finish(robot.attempt(CASE)).estado is Estado.FALLA_TECNICA
    assert len(requests(robot)) == 1
    robot.portals.writes = iter(())
    robot.policy = ASKS
    return robot


def test_nobody_is_asked_about_a_request_that_is_filed(tmp_path: Path) -> None:
    robot = ended_after_filing(tmp_path)
    assert_attended(robot, finish(robot.attempt(CASE)))
    assert Approvals(robot.ledger.engine).about(CASE.reference) == []


@pytest.mark.parametrize("asks_again", [False, True])
def test_a_question_that_was_open_is_taken_back_once_the_request_is_filed(
    tmp_path: Path, asks_again: bool
) -> None:
    robot = changing(tmp_path, ASKS, ASKS)
    finish(robot.attempt(CASE))
    approvals = Approvals(robot.ledger.engine)
    asked = approvals.waiting()
    assert len(asked) == 1
    robot.policy = ASKS_NOBODY
    if asks_again:
        robot.portals.writes = iter([*[Trouble.NONE] * 2, *[Trouble.REFUSED] * 9])
        finish(robot.attempt(CASE))
        assert len(requests(robot)) == 1
        approvals.ask(asked[0])  # as a robot of before did of what is filed
        robot.policy, robot.portals.writes = ASKS, iter(())
    assert_attended(robot, finish(robot.attempt(CASE)))
    assert approvals.waiting() == []


def test_a_request_that_is_gone_again_is_not_filed_without_a_yes(tmp_path: Path) -> None:
    """It was there when it was looked for, and somebody deletes it before it is adopted."""
    robot = ended_after_filing(tmp_path)

    def deleted_after_the_search() -> Iterator[Trouble]:
        yield from [Trouble.NONE] * 3  # the SEC, the client, equal requests
        for held in robot.portals.requests.values():
            held[:] = [record for record in held if record["reference"] != CASE.reference]

    robot.portals.readings = deleted_after_the_search()
    outcome = finish(robot.attempt(CASE))
    assert (outcome.estado, requests(robot)) == (Estado.PENDIENTE_DE_APROBACION, [])
    answer(robot)
    assert_attended(robot, finish(robot.attempt(CASE)))


def test_a_request_that_was_rejected_is_for_a_person_though_it_is_filed(tmp_path: Path) -> None:
    robot = changing(tmp_path, ASKS, ASKS)
    finish(robot.attempt(CASE))
    answer(robot, "rejected")
    robot.policy = ASKS_NOBODY
    robot.portals.writes = iter([*[Trouble.NONE] * 2, *[Trouble.REFUSED] * 9])
    finish(robot.attempt(CASE))
    robot.policy, robot.portals.writes = ASKS, iter(())
    assert finish(robot.attempt(CASE)).motivo is Motivo.APROBACION_RECHAZADA


# --- What is recorded, and what was recorded by another robot. ------------------------------------


def begun(robot: Robot, *, named: dict[str, str], answers: dict[str, Any]) -> Outcome:
    """An attempt that is played back by a robot of other steps: of what the first one recorded,
    some steps are ``named`` otherwise, and some have other ``answers``."""
    robot.ledger.begin_attempts([(CASE.reference, 1, CASE)], requested_by="x", dry_run=False)
    recorded = MemoryCheckpoints()
    finish(work_on(robot.services(), CASE.reference, 1, recorded))
    recorded.record = [
        (named.get(name, name), json.dumps(answers[name]) if name in answers else answer)
        for name, answer in recorded.record
    ]
    finish(work_on(robot.services(), CASE.reference, 1, recorded.play_back()))
    outcome = robot.ledger.attempt(CASE.reference, 1).outcome
    assert outcome is not None
    return outcome


@pytest.fixture
def told() -> Iterator[list[dict[str, Any]]]:
    """Every line of the log from here on."""
    lines: list[dict[str, Any]] = []
    handler = logger.add(
        lambda m: lines.append({"event": m.record["message"], **m.record["extra"]})
    )
    yield lines
    logger.remove(handler)


@pytest.mark.parametrize(
    ("named", "answers", "step", "found"),
    [
        ({"take_case": "former_take"}, {}, "take_case", "former_take"),
        ({}, {"look_for_requests": {"value": "nada"}}, "look_for_requests", "bool_parsing"),
    ],
    ids=["another step", "another answer"],
)
def test_a_robot_that_changed_is_told_with_what_it_found_and_what_was_filed(
    tmp_path: Path,
    named: dict[str, str],
    answers: dict[str, Any],
    step: str,
    found: str,
    told: list[dict[str, Any]],
) -> None:
    robot = changing(tmp_path, ASKS_NOBODY, ASKS_NOBODY)
    outcome = begun(robot, named=named, answers=answers)
    assert (outcome.estado, outcome.motivo) == (Estado.FALLA_TECNICA, Motivo.ERROR_INTERNO)
    (request,), (case,) = requests(robot), robot.portals.state()["siac"]["cases"][-1:]
    assert outcome.request_number == str(request["id"])
    assert (outcome.siac_case, outcome.sistema) == (case["number"], "NINTEX Activaciones")
    (line,) = [line for line in told if line["event"] == "steps_changed"]
    assert line == {
        "event": "steps_changed",
        "case": CASE.reference,
        "attempt": 1,
        "step": step,
        "found": found,
    }


def test_what_is_kept_of_an_attempt_first_holds(database: sa.Engine) -> None:
    keep = Ledger(database).keep_approvals
    assert keep(CASE.reference, 1, ASKS.approvals) == ASKS.approvals
    assert keep(CASE.reference, 1, ()) == ASKS.approvals
    assert keep(CASE.reference, 2, ()) == ()


def test_an_attempt_of_a_robot_that_kept_no_policy_goes_by_the_one_of_now(tmp_path: Path) -> None:
    """And by that one from then on."""
    robot = changing(tmp_path, ASKS_NOBODY, ASKS)
    robot.portals.writes = iter([Trouble.NONE, Trouble.DIES_BEFORE, Trouble.DIES_BEFORE])
    forgets = robot.services

    def of_before() -> Any:
        if robot.deaths == 1:  # what the first one kept, its kind did not
            with robot.ledger.engine.begin() as db:
                db.execute(attempt_policies.delete())
            robot.later = ASKS_NOBODY
        elif robot.deaths:
            robot.later = ASKS
        return forgets()

    robot.services = of_before  # type: ignore[method-assign]
    outcome = finish(robot.attempt(CASE))
    assert robot.deaths == 2
    assert_attended(robot, outcome)


# --- At the real engine. --------------------------------------------------------------------------


class Held(FakePortals):
    """SIAC Único does not answer while a case is closed, so long as it ``holds``."""

    def __init__(self, world: dict[str, Any]) -> None:
        super().__init__(world)
        self.holds, self.reached = True, asyncio.Event()

    @asynccontextmanager
    async def siac(self, lease: Lease) -> AsyncIterator[FakeSiac]:
        async with super().siac(lease) as portal:
            if self.holds and requests_in(self):
                self.reached.set()
                await asyncio.Event().wait()
            yield portal


class Ended(NullObserver):
    def __init__(self) -> None:
        self.reached = asyncio.Event()

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        self.reached.set()


async def process(robot: Robot, reached: asyncio.Event, observer: Observer) -> None:
    """A process at the engine, which is gone once that is reached."""
    services = robot.services()
    services.run.observer = observer
    set_services(services)
    engine = DurableEngine(robot.ledger.engine, regularize, cases=1)
    await engine.start()
    try:
        await engine.enqueue([(CASE.reference, 1)])
        async with asyncio.timeout(30):
            await reached.wait()
    finally:
        await engine.stop()


def played_back(folder: Path, meanwhile: Callable[[Robot], None]) -> tuple[Robot, Outcome]:
    """A case whose process is gone once its request is filed, and that another one takes up."""
    portals, ended = Held(WORLD), Ended()
    robot = Robot(portals, quick_ledger(folder), folder / "evidence", ASKS_NOBODY)
    robot.ledger.begin_attempts([(CASE.reference, 1, CASE)], requested_by="x", dry_run=False)
    asyncio.run(process(robot, portals.reached, NullObserver()))
    assert robot.ledger.attempt(CASE.reference, 1).outcome is None
    assert len(requests(robot)) == 1
    portals.holds = False
    meanwhile(robot)
    asyncio.run(process(robot, ended.reached, ended))
    outcome = robot.ledger.attempt(CASE.reference, 1).outcome
    assert outcome is not None
    return robot, outcome


@pytest.mark.engine
def test_what_the_engine_plays_back_is_finished_though_a_supervisor_is_asked_from_now_on(
    tmp_path: Path,
) -> None:
    def asks(robot: Robot) -> None:
        robot.policy = ASKS

    assert_attended(*played_back(tmp_path, asks))


@pytest.mark.engine
def test_of_other_steps_the_engine_tells_the_request_that_was_filed(
    tmp_path: Path, told: list[dict[str, Any]]
) -> None:
    def renames(robot: Robot) -> None:
        with robot.ledger.engine.begin() as db:
            db.exec_driver_sql(
                "UPDATE operation_outputs SET function_name = 'former_take' "
                "WHERE function_name = 'take_case'"
            )

    robot, outcome = played_back(tmp_path, renames)
    assert outcome.motivo is Motivo.ERROR_INTERNO
    assert outcome.request_number == str(requests(robot)[0]["id"])
    assert [line["found"] for line in told if line["event"] == "steps_changed"] == ["former_take"]
