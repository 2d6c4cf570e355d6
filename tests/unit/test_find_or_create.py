"""*Find or create* under attack: whatever is lost, late, doubled or dead, nothing is lost and
nothing is done twice.

What follows from `docs/fiabilidad.md`: a write that arrives while the robot still looks for it is
found; one that the browser itself repeats is told to a person; an e-mail is never sent on a doubt.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from loguru import logger

import flows.procedure.correspondence
import flows.procedure.filing
import flows.procedure.siac_case
from flows.rules.case import Case, Estado, Motivo, Outcome
from flows.store.ledger import Ledger
from pages.contract.errors import WriteUncertain
from tests.support.fake_portals import FakeMailServer, FakePortals, Trouble
from tests.support.machine import FULL
from tests.support.mini_world import MiniWorld
from tests.support.mock import requests_of
from tests.support.procedure import Robot, finish, hurried, quick_ledger

WRITES = st.lists(
    st.sampled_from(
        [
            Trouble.NONE,
            Trouble.DIES_BEFORE,
            Trouble.DIES_AGREED,
            Trouble.DIES_DONE,
            Trouble.DIES_LATE,
            Trouble.REFUSED,
            Trouble.LOST,
            Trouble.LATE,
            Trouble.DOUBLED,
        ]
    ),
    max_size=12,
)
READINGS = st.lists(
    st.sampled_from([*[Trouble.NONE] * 6, Trouble.SESSION_ENDS, Trouble.DIES_BEFORE]), max_size=20
)
MAIL = st.lists(
    st.sampled_from(
        [Trouble.NONE, Trouble.DOWN, Trouble.DIES_BEFORE, Trouble.DIES_DONE, Trouble.LOST]
    ),
    max_size=4,
)
#: a robot looks three times before it submits anew: a write that is later than all of them is the
#: window that docs/fiabilidad.md states
LATE = st.integers(0, 2)
KINDS = ("configuration", "misaligned", "with_evidence")


class Ground:
    """One record for all examples; each has portals, a case and a reference of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger: Ledger = quick_ledger(folder)
        self._serials = itertools.count(1)

    def case(self, kind: str) -> tuple[dict[str, Any], Case]:
        small = MiniWorld()
        serial = (
            small.with_evidence(self.folder) if kind == "with_evidence" else getattr(small, kind)()
        )
        number = f"47{next(self._serials):08}"
        small.world["secs"][serial - 1]["number"] = small.rows[serial - 1]["sec"] = number
        robot = Robot(FakePortals(small.world), self.ledger, self.folder)
        return small.world, robot.case(small.rows[serial - 1], self.folder)

    def attack(
        self,
        kind: str,
        writes: list[Trouble],
        readings: list[Trouble],
        mail: list[Trouble],
        late: int,
    ) -> tuple[Robot, Case, Outcome]:
        world, case = self.case(kind)
        portals = FakePortals(world, writes=writes, readings=readings, late=late)
        robot = Robot(
            portals, self.ledger, self.folder / "evidence", hurried(), FakeMailServer(mail)
        )
        outcome = finish(robot.until_over(case))
        portals.settle()
        return robot, case, outcome


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    logger.disable("flows")
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        yield Ground(Path(folder))
    logger.enable("flows")


def own(robot: Robot, case: Case) -> tuple[list[Any], list[Any]]:
    """The SIAC cases and the requests that carry this case's reference."""
    state = robot.portals.state()
    requests = itertools.chain.from_iterable(requests_of(state).values())
    return tuple(
        [record for record in records if record["reference"] == case.reference]
        for records in (state["siac"]["cases"], requests)
    )


def check(robot: Robot, case: Case, outcome: Outcome, writes: list[Trouble]) -> None:
    cases, requests = own(robot, case)
    assert len(robot.mail.sent) <= 1
    if len(cases) > 1 or len(requests) > 1:
        assert Trouble.DOUBLED in writes, "nobody but the browser may do it twice"
        assert outcome.estado is Estado.REQUIERE_ASESOR
        assert outcome.motivo is Motivo.DUPLICADO_EN_PORTAL
        return
    assert outcome.estado is Estado.ATENDIDO, outcome.detail
    (siac_case,), (request,) = cases, requests
    assert siac_case["status"] == "Cerrado"
    assert siac_case["number"] == outcome.siac_case == request["siac_case"]
    assert outcome.request_number in (request.get("id"), request.get("number"))
    assert outcome.request_number in siac_case["resolution"]
    notes = [note["text"] for note in siac_case["history"] if "respuesta]" in note["text"]]
    assert len(notes) == 1 or Trouble.DOUBLED in writes
    if not robot.mail.sent:  # then it is known to be unknown, and somebody calls
        assert outcome.call_back


@settings(
    max_examples=2000 if FULL else 100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(kind=st.sampled_from(KINDS), writes=WRITES, readings=READINGS, mail=MAIL, late=LATE)
def test_nothing_is_lost_and_nothing_is_done_twice(
    ground: Ground,
    kind: str,
    writes: list[Trouble],
    readings: list[Trouble],
    mail: list[Trouble],
    late: int,
) -> None:
    check(*ground.attack(kind, writes, readings, mail, late), writes)


@pytest.mark.sample(12)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("trouble", [t for t in Trouble if t not in (Trouble.DOWN,)])
def test_each_trouble_at_each_write(ground: Ground, kind: str, trouble: Trouble) -> None:
    """Case, taking it, request, closing it and the e-mail's note: five writes."""
    for place in range(5):
        writes = [*[Trouble.NONE] * place, trouble]
        check(*ground.attack(kind, writes, [], [], 1), writes)


@contextmanager
def blind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A flow whose writes look for nothing before they submit."""

    async def create_only(
        runner: Any,
        what: str,
        find: Callable[[], Awaitable[Any]],
        create: Callable[[], Awaitable[Any]],
        **options: Any,
    ) -> Any:
        while True:
            try:
                return await create() or await find()
            except WriteUncertain:
                continue

    with monkeypatch.context() as patch:
        for module in ("filing", "siac_case", "correspondence"):
            patch.setattr(getattr(flows.procedure, module), "find_or_create", create_only)
        yield


@pytest.mark.parametrize(
    "writes",
    [[Trouble.DIES_DONE], [Trouble.LOST], [Trouble.NONE, Trouble.NONE, Trouble.DIES_DONE]],
    ids=["case dies", "case lost", "request dies"],
)
def test_a_flow_that_does_not_look_first_is_caught(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, writes: list[Trouble]
) -> None:
    with blind(monkeypatch), pytest.raises(AssertionError):
        check(*ground.attack("configuration", writes, [], [], 0), writes)


def test_the_attack_finds_by_itself_what_a_blind_flow_does(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    @settings(
        max_examples=200,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(writes=WRITES)
    def attack(writes: list[Trouble]) -> None:
        check(*ground.attack("configuration", writes, [], [], 1), writes)

    with blind(monkeypatch), pytest.raises(AssertionError):
        attack()
