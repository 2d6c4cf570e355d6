"""A robot with a mailbox in one process: the portals are fakes, the IMAP server is the mock's."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from email.message import Message
from pathlib import Path
from typing import Any

from flows.procedure.preview import Preview
from flows.procedure.preview import look as preview
from flows.procedure.regularize import work_on
from flows.rules.case import Case, Outcome
from flows.store.incoming_mail import Messages
from flows.store.ledger import Attempt
from mock_portals.holdings import Holdings
from mock_portals.imap import ImapServer
from mock_portals.world import World
from robots.inbox.decide import LookUp
from robots.inbox.inbox_run import look_with
from robots.inbox.look import MailboxLook
from robots.settings import InboxSettings, Settings, SmtpSettings
from tests.support.fake_portals import FakePortals
from tests.support.incoming import SERVER
from tests.support.loop import LoopThread
from tests.support.mini_world import MiniWorld
from tests.support.procedure import MemoryCheckpoints, Robot, finish, quick_ledger

SENDER = "robot@claro.example"
CLIENT, EXECUTIVE = "rosa@textiles.example", "csalas@claro.example"
NOTHING = {"messages": 0, "attached": 0, "waiting": 0, "bounces": 0, "automatic": 0}


class Server(ImapServer):
    """The mock's, which breaks the connection at the ``cut``-th command, before or after it is
    done, and may know no MOVE."""

    def __init__(self, holdings: Holdings) -> None:
        super().__init__(holdings)
        self.commands: list[str] = []
        self.cut: int | None = None
        self.after = False
        self.moves = True

    def answered(self, session: Any, command: str) -> tuple[list[bytes], str]:
        self.commands.append(command)
        lost = len(self.commands) == self.cut
        if lost and not self.after:
            raise ConnectionResetError
        answers, verdict = super().answered(session, command)
        if lost:
            raise ConnectionResetError
        if not self.moves:
            answers = [answer.replace(b" MOVE", b"") for answer in answers]
        return answers, verdict


@dataclass
class PostOffice:
    """``cases`` wait for evidence, by the row's number."""

    robot: Robot
    settings: Settings
    holdings: Holdings
    server: Server
    listener: asyncio.Server
    cases: list[Case] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def messages(self) -> Messages:
        return Messages(self.robot.ledger.engine)

    def ours(self, row: int, kind: str = "evidencia-cliente") -> str:
        """The Message-ID of the e-mail that asked for a row's evidence."""
        return f"<{kind}.{self.cases[row].reference}@claro.example>"

    def number(self, row: int) -> str:
        return self.outcomes[row].siac_case

    def receives(self, *messages: Message | bytes) -> None:
        for message in messages:
            raw = message if isinstance(message, bytes) else message.as_bytes()
            self.holdings.keep("INBOX", raw)

    def look(self, look_up: LookUp | None = None) -> MailboxLook:
        async def opened() -> LookUp:
            return look_up or self._look_up

        look = MailboxLook()
        finish(look_with(self.settings, self.robot.ledger, look, opened))
        return look

    async def _look_up(self, attempt: Attempt) -> Preview:
        folder = self.settings.var_dir / "mirada"
        folder.mkdir(exist_ok=True)
        return await preview(self.robot.services(), attempt.case, "prueba", folder, lambda _: None)

    def snapshot(self) -> Callable[[], None]:
        """What puts record and mailbox back as they are now."""
        engine = self.robot.ledger.engine
        with engine.connect() as db:
            db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        file = Path(str(engine.url.database))
        content, folders = file.read_bytes(), copy.deepcopy(self.holdings.folders)

        def put_back() -> None:
            engine.dispose()
            for beside in ("-wal", "-shm"):
                file.with_name(file.name + beside).unlink(missing_ok=True)
            file.write_bytes(content)
            self.holdings.folders = copy.deepcopy(folders)

        return put_back

    def subjects(self, folder: str) -> list[str]:
        kept = self.holdings.folders.get(folder, [])
        lines = [line for one in kept for line in one.raw.decode("latin-1").splitlines()]
        return [line.removeprefix("Subject: ") for line in lines if line.startswith("Subject: ")]

    def goes_on(self) -> dict[str, Outcome]:
        """What becomes of the attempts that messages have begun."""
        found = {}
        for reference, number in self.messages.begun():
            case = self.robot.ledger.attempt(reference, number).case
            found[reference] = finish(self._attempt(reference, number, case))
        return found

    async def _attempt(self, reference: str, number: int, case: Case) -> Outcome:
        await work_on(self.robot.services(), reference, number, MemoryCheckpoints())
        outcome = self.robot.ledger.attempt(reference, number).outcome
        assert outcome is not None
        return outcome


def open_post_office(loop: LoopThread, folder: Path, rows: int = 2, **row: Any) -> PostOffice:
    """So many cases, each asked for its evidence, and an empty mailbox."""
    mini = MiniWorld()
    for _ in range(rows):
        mini.sale(**row)
    holdings = Holdings(World(today=date(2026, 11, 20)))
    server = Server(holdings)
    listener = loop.run(_listening(server))
    settings = Settings(
        var_dir=folder / "var",
        smtp=SmtpSettings(host="127.0.0.1", sender=SENDER),
        inbox=InboxSettings(
            host="127.0.0.1",
            port=listener.sockets[0].getsockname()[1],
            security="none",
            username="robot",
            password="robot",
            authserv_id=SERVER,
        ),
    )
    portals, ledger = FakePortals(mini.world), quick_ledger(folder)
    robot = Robot(portals, ledger, folder / "var" / "evidence")
    office = PostOffice(robot, settings, holdings, server, listener)
    for one in mini.rows:
        case = robot.case(one, folder)
        office.cases.append(case)
        office.outcomes.append(finish(robot.attempt(case)))
    return office


async def _listening(server: Server) -> asyncio.Server:
    return await asyncio.start_server(server.serve, "127.0.0.1", 0)
