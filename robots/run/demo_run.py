"""The demo: the main job on the mock portals and the demo list, from a clean start each time."""

from __future__ import annotations

import asyncio
import getpass
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr
from rich.console import Console

from flows.rules.case import Estado
from flows.rules.lima import today
from flows.rules.scenarios import Escenario
from flows.store.ledger import Ledger
from inputs.reader import read_list
from inputs.rows import CaseList
from robots.failures import NotReady
from robots.inbox.inbox_run import look_at_mailbox
from robots.inbox.look import MailboxLook
from robots.logs import open_logs
from robots.record import open_ledger
from robots.reports.write_report import RunResult
from robots.run.demo_answer import AUTHSERV_ID, let_executive_answer
from robots.run.demo_month import let_bills_come
from robots.run.follow_run import FollowResult, follow_bills
from robots.run.list_run import run_list
from robots.run.lock import only_worker
from robots.settings import (
    InboxSettings,
    NintexSettings,
    PolicySettings,
    PortalSettings,
    PortalsSettings,
    Settings,
    SmtpSettings,
    load_settings,
)

LIST = Path(__file__).parent / "demo" / "casos_demo.xlsx"
USER = "robot"
#: control, four portals, mail out and in
_PORTS = 7


class MockPortals:
    """The mock portals as a process of their own."""

    def __init__(self, base: int) -> None:
        self.base = base
        # Ctrl-C is for the robot, whose cases at work still need their portals; they end with this
        # process, whatever way that ends.
        self._process = subprocess.Popen(
            mock_command(base, imap=True),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != b"ready":
            self.stop()
            raise NotReady("Los portales simulados no arrancaron.")

    def url(self, offset: int) -> str:
        return f"http://127.0.0.1:{self.base + offset}"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def __str__(self) -> str:
        names = ("control", "SISACT", "SIAC Único", "NINTEX", "Remedy")
        return " · ".join(f"{name} {self.url(offset)}" for offset, name in enumerate(names))


class Demonstration(NamedTuple):
    """Result of the demo, and what it was worked on with, as long as it is up."""

    result: RunResult
    #: what came of the answer with evidence, and of its case; None where it was stopped before, or
    #: no case waits
    answered: tuple[MailboxLook, RunResult] | None
    #: the next month's bills; None where it was stopped before
    followed: FollowResult | None
    portals: MockPortals
    settings: Settings
    ledger: Ledger


@contextmanager
def run_demo(console: Console, *, seats: int) -> Iterator[Demonstration]:
    """Run the demo; its portals stay up until the block ends."""
    settings, port_base = _prepared()
    folder = settings.var_dir
    with ExitStack() as opened:
        with only_worker(settings.database):
            # A demo begins anew: what an earlier one filed went with its portals.
            shutil.rmtree(folder / "evidence", ignore_errors=True)
            for left in folder.glob("cargofijo.sqlite*"):
                left.unlink()
            open_logs(folder / "logs")
            case_list = read_list(LIST, today=today())
            portals = MockPortals(port_base)
            opened.callback(portals.stop)
            ledger = open_ledger(settings)
            who = getpass.getuser()
            work = run_list(case_list, settings, ledger, console, seats=seats, requested_by=who)
            result = asyncio.run(work)
            answered = followed = None
            if not result.stopped:
                answered = _answered(portals, case_list, settings, ledger, console)
            if not (answered[1] if answered else result).stopped:
                day = let_bills_come(portals.url(0), ledger, today())
                look = follow_bills(
                    settings,
                    ledger,
                    console,
                    today=day,
                    seats=seats,
                    requested_by=who,
                )
                followed = asyncio.run(look)
        yield Demonstration(result, answered, followed, portals, settings, ledger)


def _answered(
    portals: MockPortals, case_list: CaseList, settings: Settings, ledger: Ledger, console: Console
) -> tuple[MailboxLook, RunResult] | None:
    """Let the executive of the last case that waits for evidence answer; the mailbox is read, and
    the case goes on."""
    waiting = [one.case for one in ledger.newest_that_ended(Estado.PENDIENTE_DE_EVIDENCIA)]
    if not waiting:
        return None
    case = max(waiting, key=lambda case: case.sec)
    let_executive_answer(portals.url(0), case, settings.smtp.sender)
    look = MailboxLook()
    asyncio.run(look_at_mailbox(settings, ledger, look, console))
    rows = tuple(row for row in case_list.rows if row.case and row.case.sec == case.sec)
    work = run_list(
        case_list.model_copy(update={"rows": rows}),
        settings,
        ledger,
        console,
        seats=1,
        requested_by=getpass.getuser(),
    )
    return look, asyncio.run(work)


@contextmanager
def opened_demo() -> Iterator[tuple[Settings, Ledger]]:
    """Open the demo as it was left, with its portals as new, for the console; they end with the
    block."""
    settings, port_base = _prepared()
    open_logs(settings.var_dir / "logs")
    portals = MockPortals(port_base)
    try:
        yield settings, open_ledger(settings)
    finally:
        portals.stop()


def _prepared() -> tuple[Settings, int]:
    """The demo's settings, and the first port of its portals."""
    own = load_settings()
    port_base = free_ports(_PORTS)
    return demo_settings(own, own.var_dir / "demo", port_base), port_base


def demo_settings(own: Settings, folder: Path, port_base: int) -> Settings:
    """Settings with the mock portals' addresses and users; the browser is the one of the person's
    settings."""

    def url(offset: int) -> str:
        return f"http://127.0.0.1:{port_base + offset}"

    password = SecretStr(USER)
    return Settings(
        database_url="",
        var_dir=folder,
        browser=own.browser,
        portals=PortalsSettings(
            sisact=PortalSettings(url=url(1), username=USER, password=password),
            siac=PortalSettings(url=url(2), username=USER, password=password),
            nintex=NintexSettings(url=url(3), username=rf"CLARO\{USER}", password=password),
            remedy=PortalSettings(url=url(4), username=USER, password=password),
        ),
        smtp=SmtpSettings(host="127.0.0.1", port=port_base + 5, sender="robot@cargofijo.example"),
        inbox=InboxSettings(
            host="127.0.0.1",
            port=port_base + 6,
            security="none",
            username=USER,
            password=password,
            authserv_id=AUTHSERV_ID,
        ),
        policy=PolicySettings(approvals=tuple(e for e in Escenario if e.mala_practica)),
    )


def mock_command(
    port_base: int,
    world: Path | None = None,
    latency_ms: int = 0,
    seed: int = 0,
    session_idle: float = 120.0,
    imap: bool = False,
) -> list[str]:
    """Command line of the mock portals: a process of their own, which imports none of the robot
    and ends with whoever holds its standard input."""
    command = [sys.executable, "-m", "mock_portals", "--port-base", str(port_base)]
    if world is not None:
        command += ["--world", str(world)]
    if imap:
        command.append("--imap")
    return [
        *command,
        *("--latency-ms", str(latency_ms)),
        *("--seed", str(seed)),
        *("--session-idle", str(session_idle)),
        "--until-eof",
    ]


def free_ports(count: int) -> int:
    """The first of so many neighbouring ports that were free a moment ago."""
    for base in range(18200, 60000, 10):
        held: list[socket.socket] = []
        try:
            for port in range(base, base + count):
                held.append(socket.socket())
                held[-1].bind(("127.0.0.1", port))
        except OSError:
            continue
        else:
            return base
        finally:
            for taken in held:
                taken.close()
    raise NotReady("No hay puertos libres para los portales simulados.")
