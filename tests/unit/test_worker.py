"""Who begins, who waits and who does not begin, at the real engine with portals that only answer.

What a portal does here is decided by the test to the request, which the mock portals cannot: one
that is back in the moment in which it is looked for, a stop in the middle of a write.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest

import flows.runtime.parked
import robots.run.batch
from flows.procedure.regularize import regularize
from flows.rules.policy import Policy
from flows.runtime.engine import DurableEngine
from flows.runtime.services import NullObserver, RunState, Services, set_services
from flows.runtime.stop_flag import StopFlag
from flows.store.database import connect
from flows.store.ledger import Ledger
from inputs.rows import CaseList
from pages.contract.errors import PortalDown
from pages.contract.ports import Lease
from pages.contract.sisact import SecRecord
from robots.bootstrap import Runtime
from robots.run.batch import EndTracker, submit_run, work
from tests.support.lists import good, make_list, read

pytestmark = pytest.mark.engine
PATIENT = Policy(max_attempts=3, retry_pauses=(0.01,), breaker_pauses=(0.05,), portal_patience=600)
NO_PROCEDE = "No procede"
#: no such SEC: all that such a case needs is SISACT
UNKNOWN = "0040000000"
Answer = Callable[[str], Awaitable[Any]]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal is tried again after a moment, not after ten seconds, and looked after as often."""
    monkeypatch.setattr(flows.runtime.parked, "_TRYING", 0.5)
    monkeypatch.setattr(robots.run.batch, "_LOOK", 0.5)
    monkeypatch.setattr(robots.run.batch, "_CALL", 0.1)


class Portal:
    """Answers as the test says; counts who asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.is_open = True
        self.where = "página"

    @asynccontextmanager
    async def leased(self, folder: Path, *, traced: bool) -> AsyncIterator[Portal]:
        yield self

    async def read_sec(self, sec: str, picture: Path) -> Any:
        self.asked.append(sec)
        return await self.answer(sec)

    async def read_client(self, ruc: str, lineas: tuple[str, ...], picture: Any) -> Any:
        self.asked.append(lineas[0])
        return await self.answer(lineas[0])

    async def close(self) -> None:
        pass


@dataclass
class Night:
    """One run at the real engine with one seat, until it is over."""

    folder: Path
    sisact: Portal
    siac: Portal
    policy: Policy = PATIENT
    until: datetime | None = None
    during: Callable[[Night], Awaitable[None]] | None = None
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, case_list: CaseList) -> dict[str, tuple[str, str | None]]:
        """How each case ended, by its SEC, in the order in which they ended."""
        ledger = Ledger(connect(f"sqlite:///{self.folder / 'robot.sqlite'}"))
        ledger.prepare()
        self.ledger = ledger
        engine = DurableEngine(ledger.engine, regularize, cases=1)
        ended = EndTracker(NullObserver())
        portals: Any = SimpleNamespace(
            sisact=self._leased(self.sisact),
            siac=self._leased(self.siac),
            leave=lambda case: None,
            case_ended=self._case_ended,
        )
        nobody: Any = None
        state = RunState(ended, until=self.until)
        self.services = Services(portals, ledger, nobody, self.folder, self.policy, run=state)
        set_services(self.services)
        await engine.start()
        try:
            runtime = Runtime(self.services, engine)
            submission = await submit_run(case_list, ledger, engine, requested_by="robot")
            meanwhile = asyncio.ensure_future(self.during(self)) if self.during else None
            async with asyncio.timeout(60):
                await work(runtime, submission, ended, self.stop)
            if meanwhile:
                await meanwhile
        finally:
            await engine.stop()
        outcomes = [
            attempt
            for reference, _ in submission.pending
            if (attempt := ledger.latest([reference])[reference]).outcome
        ]
        outcomes.sort(key=lambda attempt: attempt.ended or datetime.max.replace(tzinfo=UTC))
        return {
            attempt.case.sec: (attempt.outcome.estado.value, attempt.outcome.motivo)
            for attempt in outcomes
            if attempt.outcome
        }

    async def _case_ended(self) -> None:
        pass

    def _leased(self, portal: Portal) -> Callable[[Lease], AbstractAsyncContextManager[Portal]]:
        @asynccontextmanager
        async def leased(lease: Lease) -> AsyncIterator[Portal]:
            yield portal

        return leased


def cases(*secs: str) -> CaseList:
    with TemporaryDirectory() as folder:
        rows = (good(sec=sec, lineas=f"9876{sec[-5:]}") for sec in secs)
        return read(make_list(Path(folder) / "lista.xlsx", *rows))


def known(sec: str) -> SecRecord:
    return SecRecord(
        numero=sec,
        ruc=good()["ruc"],
        razon_social="Textiles S.A.C.",
        operacion="Alta",
        fecha=date(2026, 8, 10),
        estado="Aprobada",
        segmento="Corporativo",
        plan="Max",
        cargo_lista=Decimal("59.90"),
        campana="2026",
        descripcion="",
        lineas=(f"9876{sec[-5:]}",),
    )


async def sisact_answers(sec: str) -> SecRecord | None:
    return None if sec == UNKNOWN else known(sec)


async def no_such_client(line: str) -> None:
    return None


def down_for(times: int, then: Answer) -> Answer:
    """Fails so many times, whoever asks, and then answers."""
    left = times

    async def answer(asked: str) -> Any:
        nonlocal left
        if left > 0:
            left -= 1
            raise PortalDown("SIAC Único", "/siac", "respondió con error 503")
        return await then(asked)

    return answer


def test_a_case_that_waits_keeps_no_other_from_its_seat(tmp_path: Path, run: Any) -> None:
    night = Night(tmp_path, Portal(sisact_answers), Portal(down_for(8, no_such_client)))
    ended = run(night.work(cases("0041000001", "0041000002", UNKNOWN)))
    assert next(iter(ended)) == UNKNOWN
    assert {estado for estado, _ in ended.values()} == {NO_PROCEDE}
    # what was read before is not read again, and the attempt is the same
    assert sorted(night.sisact.asked) == [UNKNOWN, "0041000001", "0041000002"]
    assert len(night.siac.asked) == 8 + 2
    assert {a.attempt for a in night.ledger.latest(submitted(night)).values()} == {1}
    assert night.services.parked.parked() == []


def submitted(night: Night) -> list[str]:
    return [row.reference for row in night.ledger.rows(night.ledger.runs()[0].id) if row.reference]


def test_who_waits_ends_only_when_its_time_is_over(tmp_path: Path, run: Any) -> None:
    policy = Policy(retry_pauses=(0.01,), breaker_pauses=(0.05,), portal_patience=1.5)
    night = Night(tmp_path, Portal(sisact_answers), Portal(down_for(10**6, no_such_client)), policy)
    ended = run(night.work(cases("0041000001", "0041000002", UNKNOWN)))
    failed = ("Falla técnica", "PORTAL_NO_DISPONIBLE")
    assert ended == {UNKNOWN: (NO_PROCEDE, "SEC_NO_EXISTE")} | dict.fromkeys(
        ("0041000001", "0041000002"), failed
    )
    assert {"0041000001"[-5:], "0041000002"[-5:]} == {line[-5:] for line in night.siac.asked}


def test_what_one_case_alone_cannot_do_ends_that_case(tmp_path: Path, run: Any) -> None:
    async def all_but_one(line: str) -> None:
        if line.endswith("00001"):
            raise PortalDown("SIAC Único", "/siac", "respondió con error 500")

    night = Night(tmp_path, Portal(sisact_answers), Portal(all_but_one))
    secs = [f"004100000{number}" for number in range(1, 6)]
    ended = run(night.work(cases(*secs)))
    assert ended.pop(secs[0]) == ("Falla técnica", "PORTAL_NO_DISPONIBLE")
    assert set(ended.values()) == {(NO_PROCEDE, "CLIENTE_NO_APLICA")}


def test_a_stop_ends_what_has_begun_and_nothing_else_begins(tmp_path: Path, run: Any) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(sec: str) -> None:
        begun.set()
        await go_on.wait()

    async def stop(night: Night) -> None:
        await begun.wait()
        night.stop.set()
        while night.services.run.closing is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        go_on.set()

    night = Night(tmp_path, Portal(slowly), Portal(no_such_client), during=stop)
    ended = run(night.work(cases("0041000001", "0041000002", "0041000003")))
    assert sorted(ended.values()) == [
        ("No iniciado", "DETENIDO"),
        ("No iniciado", "DETENIDO"),
        (NO_PROCEDE, "SEC_NO_EXISTE"),
    ]
    assert len(night.sisact.asked) == 1


def test_the_switch_ends_work_that_began_before_it_was_turned_off(tmp_path: Path, run: Any) -> None:
    async def answer(sec: str) -> None:
        await asyncio.to_thread(StopFlag(night.ledger.engine).turn_off)
        while night.services.run.closing is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    night = Night(tmp_path, Portal(answer), Portal(no_such_client))
    ended = run(night.work(cases("0041000001", "0041000002")))
    assert sorted(ended.values()) == [("No iniciado", "DETENIDO"), (NO_PROCEDE, "SEC_NO_EXISTE")]
    again = Night(tmp_path, Portal(sisact_answers), Portal(no_such_client))
    after = run(again.work(cases("0041000001", "0041000002")))
    assert {estado for estado, _ in after.values()} == {NO_PROCEDE}


@pytest.mark.parametrize(("minutes", "begins"), [(0.5, False), (5.0, True)])
def test_no_case_begins_that_would_not_end_by_then(
    tmp_path: Path, run: Any, minutes: float, begins: bool
) -> None:
    """Nothing is known of its times yet: a minute is what a case is given."""
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    night = Night(tmp_path, Portal(sisact_answers), Portal(no_such_client), until=until)
    ended = run(night.work(cases("0041000001", UNKNOWN)))
    if begins:
        assert {estado for estado, _ in ended.values()} == {NO_PROCEDE}
    else:
        assert set(ended.values()) == {("No iniciado", "FUERA_DE_HORARIO")}
        assert night.sisact.asked == []
