"""Collector of what portals and mailbox hold about a case."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from flows.procedure.filing import search_requests
from flows.rules.case import Case
from flows.rules.scenarios import Sistema
from flows.runtime.access import Access
from flows.runtime.looks import Looks, Unread, looking
from flows.runtime.services import Services
from pages.contract.request_records import RequestRecord
from pages.contract.siac import SiacCase
from robots.imap_session import MailboxError
from robots.reconcile.difference import MAIL, SIAC, Actual
from robots.reconcile.sent_mail import Mailbox, SentMail

T = TypeVar("T")

#: in a case's folder: what was seen of a portal that could not be looked into
FAILED_LOOK = "conciliacion-falla"


class Collector:
    """Collector; ``mailbox`` is None where none is set; a portal or mailbox that fails for good is
    not asked again, and each case says so."""

    def __init__(self, services: Services, mailbox: Mailbox | None) -> None:
        self._services = services
        self._mailbox = mailbox
        self._mail_lock = asyncio.Lock()
        self._looks = Looks(services)
        self._no_mailbox = ""

    async def collect(self, case: Case, siac_case: str) -> Actual:
        """Collect what is there about this case; ``siac_case`` is its number as the robot knows
        it."""
        unread: dict[str, str] = {}
        folder = self._services.folder(case.reference) / FAILED_LOOK
        portals = looking(self._services, folder)
        cases = await self._read(SIAC, lambda: _cases(portals, case, siac_case), unread)
        requests: dict[Sistema, tuple[RequestRecord, ...]] = {}
        for system in Sistema:
            found = await self._read(
                system, partial(search_requests, portals, system, case.sec), unread
            )
            if found is not None:
                requests[system] = found
        return Actual(
            cases=cases or (),
            requests=requests,
            mails=await self._mails(case.reference, unread),
            unread=unread,
        )

    async def _read(
        self, name: str, look: Callable[[], Awaitable[T]], unread: dict[str, str]
    ) -> T | None:
        try:
            return await self._looks.read(name, look)
        except Unread as why:
            unread[name] = str(why)
            return None

    async def _mails(self, reference: str, unread: dict[str, str]) -> tuple[SentMail, ...] | None:
        if self._mailbox is None:
            return None
        if not self._no_mailbox:
            try:
                async with self._mail_lock:  # one connection
                    return await asyncio.to_thread(self._mailbox.sent_about, reference)
            except MailboxError as error:
                self._no_mailbox = str(error)
        unread[MAIL] = self._no_mailbox
        return None


async def _cases(portals: Access, case: Case, number: str) -> tuple[SiacCase, ...]:
    """Those of its SEC or reference; whole where they may be its own."""
    async with portals.siac() as portal:
        found = {record.numero: record for record in await portal.search_cases(case.sec)}
        own = {n for n, record in found.items() if record.referencia == case.reference}
        for wanted in sorted(own | ({number} if number else set())):
            whole = await portal.read_case(wanted)
            if whole is not None:
                found[wanted] = whole
    return tuple(found.values())
