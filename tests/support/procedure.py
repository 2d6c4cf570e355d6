"""The whole procedure on fakes: no browser, no process, no engine; a case in milliseconds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import sqlalchemy as sa

from flows.mail.compose import MailService, MailSettings
from flows.procedure.regularize import work_on
from flows.rules.case import Case, Outcome
from flows.rules.policy import Policy
from flows.runtime.checkpoints import Answer, StepsChanged, Work, values_of
from flows.runtime.services import RunState, Services
from flows.store.database import connect
from flows.store.ledger import Ledger
from inputs.checks import check_fields
from tests.support.fake_portals import Died, FakeMailServer, FakePortals

T = TypeVar("T")

TODAY = date(2026, 11, 20)
#: the product's, without a pause
HURRIED = {"retry_pauses": (0.0,), "look_again": (0.0, 0.0, 0.0), "breaker_pauses": (0.0,)}
#: more lives than this and a case will never end
LIVES = 60


def hurried(**changes: Any) -> Policy:
    return Policy(**{**HURRIED, "portal_patience": 0.0, "map_patience": 0.0, **changes})


@cache
def _empty_record() -> bytes:
    """Its tables are made once, which takes longer than all that one test writes into them."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "robot.sqlite"
        engine = connect(f"sqlite:///{file}")
        Ledger(engine).prepare()
        engine.dispose()
        return file.read_bytes()


def quick_ledger(folder: Path) -> Ledger:
    """A record that need not outlive the machine: no write waits for the disk."""
    file = folder / "robot.sqlite"
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.write_bytes(_empty_record())
    engine = connect(f"sqlite:///{file}")
    sa.event.listen(engine, "connect", lambda db, _: db.execute("PRAGMA synchronous=OFF"))
    return Ledger(engine)


class AtOnce(ThreadPoolExecutor):
    """Does in the loop's own thread what is handed to another: here nothing is waited for."""

    def submit(self, work: Callable[..., T], /, *given: Any, **named: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*given, **named))
        except BaseException as error:  # as a pool's own thread does
            done.set_exception(error)
        return done


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run it to its end on a loop of its own."""

    async def alone() -> T:
        asyncio.get_running_loop().set_default_executor(AtOnce())
        return await work

    return asyncio.run(alone())


class MemoryCheckpoints:
    """The steps of one attempt as the engine keeps them: as JSON, outliving the process."""

    def __init__(self) -> None:
        self.record: list[tuple[str, str]] = []
        self._at = 0

    def play_back(self) -> MemoryCheckpoints:
        """For the next process, which begins at the first step."""
        self._at = 0
        return self

    async def run(self, name: str, work: Work) -> Answer:
        if self._at < len(self.record):
            known, answer = self.record[self._at]
            if known != name:
                raise StepsChanged(known)
        else:
            answer = json.dumps(await work())
            self.record.append((name, answer))
        self._at += 1
        found: Answer = json.loads(answer)
        return found

    def place(self) -> int | None:
        return self._at + 1

    async def values(self) -> dict[str, Any]:
        return values_of((name, json.loads(answer)) for name, answer in self.record)


@dataclass
class Robot:
    """Robots one after the other, on portals and a record that outlive them."""

    portals: FakePortals
    ledger: Ledger
    folder: Path
    policy: Policy = field(default_factory=hurried)
    mail: FakeMailServer = field(default_factory=FakeMailServer)
    confirm: Callable[..., Any] | None = None
    #: what differs in `MailSettings`
    addresses: dict[str, Any] = field(default_factory=dict)
    #: how many of them died
    deaths: int = 0

    def services(self) -> Services:
        own = {"sender": "robot@claro.example", "mailbox": "buzon@claro.example"}
        settings = MailSettings(**{**own, **self.addresses})
        return Services(
            portals=self.portals,
            ledger=self.ledger,
            mail=MailService(self.mail, settings),
            evidence_dir=self.folder,
            policy=self.policy,
            confirm=self.confirm,
            run=RunState(),
        )

    def case(self, row: dict[str, Any], base: Path) -> Case:
        """A row of the list, by field."""
        checked = check_fields(row, base, TODAY)
        assert isinstance(checked, Case), checked
        return checked

    async def attempt(self, case: Case, *, dry_run: bool = False, who: str = "prueba") -> Outcome:
        """The next attempt at a case, by as many processes as it takes."""
        reference = case.reference
        latest = self.ledger.latest([reference]).get(reference)
        number = latest.attempt + 1 if latest else 1
        self.ledger.begin_attempts([(reference, number, case)], requested_by=who, dry_run=dry_run)
        checkpoints = MemoryCheckpoints()
        for _ in range(LIVES):
            try:
                await work_on(self.services(), reference, number, checkpoints.play_back())
            except Died:
                self.deaths += 1
                continue
            outcome = self.ledger.attempt(reference, number).outcome
            assert outcome is not None, "the case was parked, where none may wait"
            return outcome
        raise AssertionError(f"no end after {LIVES} processes")

    async def until_over(self, case: Case, most: int = 20) -> Outcome:
        """Night after night, until its state is final."""
        for _ in range(most):
            outcome = await self.attempt(case)
            if outcome.estado.is_final:
                return outcome
        raise AssertionError(f"not final after {most} nights: {outcome.estado}, {outcome.detail}")
