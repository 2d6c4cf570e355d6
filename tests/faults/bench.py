"""The steps of a case one by one, on the mock portals: all of the robot but list, report and
the durable engine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flows.procedure.filing import file_request, look_for_requests
from flows.procedure.siac_case import close_case, draft_case, ensure_siac_case, take_case
from flows.procedure.validations import consult_client, consult_sec
from flows.rules.case import Case, Decision
from flows.rules.decision import decide
from flows.rules.endings import CaseEnds, Ending
from flows.rules.policy import Policy
from flows.rules.requests import Request, draft_request, newest_events
from flows.runtime.checkpoints import Unrecorded
from flows.runtime.services import Services
from flows.runtime.steps import StepRunner
from flows.store.database import connect
from flows.store.ledger import Attempt, Ledger
from inputs.checks import check_fields
from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT
from pages.contract.siac import CaseDraft, ClientRecord
from pages.contract.sisact import SecRecord
from pages.core.account import Account, Limits
from pages.session_pool import Accounts, SessionPool
from tests.support.mini_world import RUC, MiniWorld
from tests.support.mock import MockPortals

#: the status of the SIAC case that a step finds
_GOES_ON_FROM = {"take": "Registrado", "close": "En atención"}

Run = Callable[[Coroutine[Any, Any, Any]], Any]

#: seconds; what is never answered costs a test no more
LIMITS = Limits(visible=6.0, look=0.2)
STEP_LIMIT = 60.0
#: keeping what was seen of a failure, and closing its windows, come on top
AFTERWARDS = 60.0


class Direct(StepRunner):
    """Runs and records each step as ever, and keeps no checkpoint of it."""

    async def run(self, name: str, returns: Any, work: Callable[[], Awaitable[Any]]) -> Any:
        self.begin(name)
        answer = await self._timed(1, name, _Whole(), work)
        if "ended" in answer:
            raise CaseEnds(Ending.model_validate(answer["ended"]))
        return answer["value"]


class _Whole:
    """In the place of a type adapter: what a step gives goes on as it is."""

    def dump_python(self, value: Any, **options: Any) -> Any:
        return value


class Bench:
    """A pool whose sessions are kept from test to test, and three cases to work on."""

    def __init__(self, mock: MockPortals, run: Run, folder: Path) -> None:
        self.mock, self._run, self.folder = mock, run, folder
        mini = MiniWorld()
        mini.configuration()
        mini.misaligned()
        mini.with_evidence(folder)
        self.world = mini.world
        for serial in (1, 2, 3):
            self._file_by_hand(serial)
        mock.reset(self.world)
        self.cases: dict[int, Case] = {}
        for number, row in enumerate(mini.rows, start=1):
            checked = check_fields(row, folder, date(2026, 11, 20))
            assert isinstance(checked, Case), checked
            self.cases[number] = checked
        accounts = {
            portal: Account(mock.url(portal), user, lambda: "robot")
            for portal, user in (
                ("sisact", "robot"),
                ("siac", "robot"),
                ("nintex", r"CLARO\robot"),
                ("remedy", "robot"),
            )
        }
        self.portals = SessionPool(Accounts(**accounts), limits=LIMITS)
        run(self.portals.start())
        self._known: dict[int, tuple[SecRecord, ClientRecord, Decision, Request]] = {}

    def _file_by_hand(self, serial: int) -> None:
        """A request for another line of the SEC, so that a search opens something."""
        sec = self.world["secs"][serial - 1]["number"]
        record = {"sec": sec, "ruc": RUC, "lines": ["999999999"], "charge": "1.00"}
        nintex = self.world.setdefault("nintex", {"activaciones": [], "operador": []})
        incidents = self.world.setdefault("remedy", {"incidents": []})["incidents"]
        if serial == 2:
            incidents.append({"number": "INC000000000007", **record})
        else:
            nintex["activaciones" if serial == 1 else "operador"].append({"id": "7", **record})

    def begin(self, folder: Path, step: str, serial: int) -> None:
        """A new record of the robot's own, and portals that hold nothing of it but what this step
        goes on from."""
        folder.mkdir(parents=True, exist_ok=True)
        self.mock.call("DELETE", "/faults")
        state = self.mock.state()
        self.mock.patch(
            siac={"cases": [_gone(c, "number") for c in state["siac"]["cases"]]},
            nintex={
                name: [_gone(r, "id") for r in state["nintex"][name] if r["id"] != "7"]
                for name in ("activaciones", "operador")
            },
            remedy={
                "incidents": [
                    _gone(i, "number")
                    for i in state["remedy"]["incidents"]
                    if i["number"] != "INC000000000007"
                ]
            },
        )
        if step in _GOES_ON_FROM:
            self._seed_case(serial, _GOES_ON_FROM[step])
        ledger = Ledger(connect(f"sqlite:///{folder / 'cargofijo.sqlite'}"))
        ledger.prepare()
        nobody: Any = None
        policy = Policy(
            retry_pauses=(0.0,),
            look_again=(0.2, 0.5),
            step_limit=STEP_LIMIT,
            breaker_pauses=(0.0,),
            portal_patience=0,
            map_patience=0,
        )
        self.services = Services(self.portals, ledger, nobody, folder / "evidence", policy)

    def runner(self, serial: int) -> Direct:
        case = self.cases[serial]
        return Direct(
            self.services,
            Attempt(
                reference=case.reference,
                attempt=1,
                requested_by="prueba",
                dry_run=False,
                case=case,
                outcome=None,
                started=datetime.now(UTC),
                ended=None,
            ),
            Unrecorded(),
        )

    async def _decided(self, serial: int) -> tuple[SecRecord, ClientRecord, Decision, Request]:
        """What the steps before come to, asked for once: while no fault is in force."""
        if serial not in self._known:
            runner, case = self.runner(serial), self.cases[serial]
            sec, client = await consult_sec(runner), await consult_client(runner)
            assert sec is not None and client is not None
            decision = decide(case, sec, client)
            request = draft_request(case, decision, sec, client, "70000001")
            self._known[serial] = sec, client, decision, request
        return self._known[serial]

    async def _draft(self, serial: int) -> CaseDraft:
        sec, _, decision, _ = await self._decided(serial)
        return draft_case(self.cases[serial], decision, sec)

    # the steps, each from whatever the portals hold

    async def sec(self, serial: int) -> Any:
        return await consult_sec(self.runner(serial))

    async def client(self, serial: int) -> Any:
        return await consult_client(self.runner(serial))

    async def register(self, serial: int) -> Any:
        draft = await self._draft(serial)
        return await ensure_siac_case(self.runner(serial), draft, is_taken_next=False)

    async def take(self, serial: int) -> Any:
        return await take_case(self.runner(serial), "70000001", await self._draft(serial))

    async def close(self, serial: int) -> Any:
        return await close_case(self.runner(serial), "70000001", "Solicitud 9")

    async def look(self, serial: int) -> Any:
        sec, client, _, request = await self._decided(serial)
        return await look_for_requests(
            self.runner(serial), request.sistema, request.lineas, newest_events(sec, client)
        )

    async def file(self, serial: int) -> Any:
        sec, client, _, request = await self._decided(serial)
        return await file_request(self.runner(serial), request, newest_events(sec, client))

    def _seed_case(self, serial: int, status: str) -> None:
        case = self.cases[serial]
        record = {"number": "70000001", "reference": case.reference, "sec": case.sec}
        record |= {"ruc": case.ruc, "lines": list(case.lineas), "status": status}
        self.mock.patch(siac={"cases": [record]})

    # around a step

    def tried(self, step: Callable[[], Awaitable[Any]]) -> Any:
        """What the step gives, or the `Ending` that it comes to; hangs are no answer."""

        async def work() -> Any:
            try:
                async with asyncio.timeout(STEP_LIMIT + AFTERWARDS):
                    return await step()
            except CaseEnds as end:
                return end.ending
            finally:
                for case in self.cases.values():
                    self.portals.leave(case.reference)

        return self._run(work())

    def leave(self, *portals: str) -> None:
        """No window and no session: the next step logs in."""

        async def work() -> None:
            names = {"sisact": SISACT, "siac": SIAC, "nintex": NINTEX, "remedy": REMEDY}
            for name in portals:
                async with self.portals.bare(names[name]) as portal:
                    with suppress(TimeoutError):
                        await portal.close()

        self._run(work())

    def held(self) -> dict[str, list[dict[str, Any]]]:
        """What the robot made, by kind, without what differs from one time to the next."""
        return {
            kind: [_same(record) for record in records]
            for kind, records in self.mock.held().items()
            if kind != "mail"
        }

    def end(self) -> None:
        self.mock.call("DELETE", "/faults")
        self._run(self.portals.stop())


def _gone(record: dict[str, Any], key: str) -> dict[str, Any]:
    return {key: record[key], "deleted": True}


def _same(record: dict[str, Any]) -> dict[str, Any]:
    """Pictures differ in a pixel now and then; everything else is the same or is wrong."""
    kept = {**record, "attachments": [a["name"] for a in record.get("attachments", ())]}
    return {name: value for name, value in kept.items() if name not in ("id", "number")}
