"""Preflight: checks of what a run needs before anything is touched; all that is wrong is told at
once. Portals are only entered, by sessions that the run goes on with."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from flows.mail.addresses import addresses_in
from flows.mail.mail_error import MailDeferred, MailError, MailRefused
from flows.rules.lima import today
from flows.store.database import trouble_with, try_write
from flows.store.ledger import Ledger
from pages.contract.errors import (
    AccessDenied,
    BrowserLost,
    Insecure,
    PortalError,
    PortalSlow,
    SessionLent,
)
from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT
from pages.core.candidates import Missing
from pages.core.inspection import Inspection, KnownCase
from robots.bootstrap import OpenServices
from robots.failures import NotReady
from robots.inbox.mail_folder import open_folder
from robots.ops.portal_maps import key_of
from robots.ops.unexpected import with_command
from robots.settings import PORTALS, InboxSettings, PasswordMissing, Settings

#: what must be free whatever the list is, and what a case's pictures, files and record may take
_FREE_MB, _CASE_MB = 200, 0.5
#: seconds for one portal, so that four that hang are told within the minute
_PATIENCE = 13.0
#: seconds for all pages of one portal, all portals at once
_INSPECTION = 50.0
#: days before its end in which a password's is worth a word
_SOON = 10


@dataclass(frozen=True)
class Problem:
    """A problem as one Spanish sentence; ``fatal`` where it makes every case impossible, ``note``
    where it may be none."""

    sentence: str
    fatal: bool = True
    note: bool = False


class PreflightFailed(NotReady):
    """No case could end well; the text is all that is wrong, a sentence in each line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("\n".join(problem.sentence for problem in problems))


async def preflight(opened: OpenServices, settings: Settings, cases: int) -> list[Problem]:
    """Check everything, the browser's start included; what is left open is for the run. Raises
    `PreflightFailed`, with the browser still up where it came up."""
    found, may_enter = await _before_portals(opened, settings, cases)
    checks = [check_mail, check_portals] if may_enter else [check_mail]
    for part in await asyncio.gather(*(check(opened) for check in checks)):
        found += part
    if any(problem.fatal for problem in found):
        raise PreflightFailed(found)
    return [problem for problem in found if not problem.note]


async def check_before_portals(opened: OpenServices, settings: Settings) -> None:
    """Check all but mail and portals; whatever is wrong here is fatal. Raises `PreflightFailed`."""
    found, _ = await _before_portals(opened, settings, cases=0)
    if found:
        raise PreflightFailed(found)


async def check_reading(opened: OpenServices, settings: Settings) -> None:
    """Check what those need who only read in SIAC Único, and enter it; raises `PreflightFailed`."""
    await check_before_portals(opened, settings)
    problems = await _enter(opened, SIAC)
    breaker = await asyncio.to_thread(opened.services.breakers.state, SIAC)
    if breaker is not None and breaker.is_open:
        raise PreflightFailed(problems)


async def _before_portals(
    opened: OpenServices, settings: Settings, cases: int
) -> tuple[list[Problem], bool]:
    """What is wrong with this machine, and whether it can go to the portals."""
    found = check_passwords(settings)
    may_enter = not found
    found += check_disk(settings.var_dir, cases)
    found += await asyncio.to_thread(check_database, opened.services.ledger.engine)
    try:
        await opened.pool.start()
    except BrowserLost as error:
        found.append(Problem(f"{error}."))
        may_enter = False
    return found, may_enter


def check_passwords(settings: Settings) -> list[Problem]:
    """Check that no password is missing."""
    found = []
    owners = [*PORTALS, "smtp"] if settings.smtp.username else PORTALS
    for owner in owners:
        try:
            settings.password_of(owner)
        except PasswordMissing as error:
            found.append(Problem(str(error)))
    return found


def check_database(engine: sa.Engine) -> list[Problem]:
    """Check that it takes writes."""
    try:
        try_write(engine)
    except sa.exc.SQLAlchemyError as error:
        return [Problem(f"No se puede escribir en la base de datos: {trouble_with(error)}.")]
    return []


def check_disk(folder: Path, cases: int) -> list[Problem]:
    needed = _FREE_MB + cases * _CASE_MB
    free = shutil.disk_usage(_existing(folder.absolute())).free / 2**20
    if free >= needed:
        return []
    return [
        Problem(
            f"Quedan {free:.0f} MB libres en el disco de {folder.absolute()} y hacen falta "
            f"{needed:.0f} para {cases} casos."
        )
    ]


def _existing(path: Path) -> Path:
    return next(part for part in (path, *path.parents) if part.exists())


async def check_mail(opened: OpenServices) -> list[Problem]:
    """Check the mail server as far as a recipient, sending nothing; cases are worked on without
    it, and their clients called."""
    mail = opened.services.mail
    addresses = addresses_in(mail.settings.mailbox)
    if len(addresses) != 1:
        return [Problem("La dirección del ajuste smtp.mailbox no es válida.", fatal=False)]
    try:
        async with asyncio.timeout(_PATIENCE):
            await mail.sender.probe(addresses[0])
    except TimeoutError:
        sentence = "El servidor de correo no responde: revise smtp.host, smtp.port y smtp.security."
        return [Problem(sentence, fatal=False)]
    except MailDeferred as error:
        return [Problem(f"{error} Es normal con listas grises.", fatal=False, note=True)]
    except MailRefused as error:
        return [Problem(f"{error} Se probó con smtp.mailbox: revise ese ajuste.", fatal=False)]
    except MailError as error:
        return [Problem(str(error), fatal=False)]
    return []


async def check_inbox(settings: Settings) -> list[Problem]:
    """Check that the mailbox can be read, and that what comes back comes there; marks, moves and
    makes nothing."""
    inbox, smtp = settings.inbox, settings.smtp
    try:
        password = settings.password_of("inbox")
        await asyncio.to_thread(_open_inbox, inbox, password)
    except NotReady as error:
        return [Problem(str(error), fatal=False)]
    back = addresses_in(smtp.bounces or smtp.sender)
    read = {
        address.casefold()
        for name in (inbox.username, smtp.mailbox)
        for address in addresses_in(name)
    }
    if not read & {address.casefold() for address in back}:
        name = "smtp.bounces" if smtp.bounces else "smtp.sender"
        sentence = (
            f"Los correos que no se puedan entregar vuelven a {name}, que no es el buzón que se "
            "lee ([inbox]): no se verán. Ponga en smtp.bounces la dirección de ese buzón."
        )
        return [Problem(sentence, fatal=False)]
    return []


def _open_inbox(inbox: InboxSettings, password: str) -> None:
    with open_folder(inbox, password, readonly=True):
        pass


async def check_portals(opened: OpenServices) -> list[Problem]:
    """Log in to each, all at once: address, login, the password's end. One that fails has its
    breaker opened, one that answers has it closed."""
    names = (SISACT, SIAC, NINTEX, REMEDY)
    found = await asyncio.gather(*(_enter(opened, name) for name in names))
    return [problem for part in found for problem in part]


async def _enter(opened: OpenServices, name: str) -> list[Problem]:
    try:
        async with opened.pool.bare(name) as portal:
            try:
                async with asyncio.timeout(_PATIENCE):
                    expires = await portal.check_in()
            except (PortalError, TimeoutError):
                await portal.forget()
                raise
    except SessionLent:
        return []  # another machine is in it, and so it answers
    except (PortalError, TimeoutError) as failed:
        error = failed
        if isinstance(failed, TimeoutError):
            error = PortalSlow(name, "ingreso", "no respondió a tiempo")
        assert isinstance(error, PortalError)
        await asyncio.to_thread(opened.services.breakers.open, error)
        # Every case begins in SISACT; without the others some still end well.
        nothing = isinstance(error, AccessDenied | Insecure) and name == SISACT
        return [Problem(with_command(key_of(name), f"{error}."), fatal=nothing)]
    await asyncio.to_thread(opened.services.breakers.answered, name)
    return _soon(name, expires)


def _soon(name: str, expires: date | None) -> list[Problem]:
    if expires is None or (expires - today()).days > _SOON:
        return []
    return [
        Problem(f"La contraseña de {name} vence el {expires:%d/%m/%Y}: renuévela.", fatal=False)
    ]


@dataclass(frozen=True)
class Inspected:
    """Inspection of every page of a portal."""

    portal: str
    elements: int = 0
    pages: int = 0
    problems: tuple[str, ...] = ()
    expires: date | None = None
    #: what is not found, and what was
    absent: tuple[Missing, ...] = ()
    found: frozenset[str] = frozenset()
    #: which of the portal's words, as we have them, its pages show
    words: frozenset[str] = frozenset()
    #: whether it could be entered at all, and all of its pages be seen
    is_entered: bool = True
    is_whole: bool = True

    def missing(self) -> list[dict[str, str]]:
        """What is not found, for scripts: portal, page and element by their keys."""
        portal = key_of(self.portal)
        keys = (one.key.partition(".") for one in self.absent)
        return [{"portal": portal, "page": page, "element": one} for page, _, one in keys]


async def inspect_portals(
    opened: OpenServices, names: Iterable[str], known: KnownCase | None
) -> list[Inspected]:
    """Inspect each declared element of each page, all portals at once."""
    return list(
        await asyncio.gather(*(inspect_portal(opened, name, known, Inspection()) for name in names))
    )


async def inspect_portal(
    opened: OpenServices,
    name: str,
    known: KnownCase | None,
    see: Inspection,
    patience: float = _INSPECTION,
) -> Inspected:
    """Inspect one portal's pages by ``see``, in so many seconds."""
    problems: list[str] = []
    expires, is_entered = None, False
    try:
        async with asyncio.timeout(patience), opened.pool.bare(name) as portal:
            await see.try_selectors(portal)
            async with see.going_on(portal):
                await portal.inspect_pages(see, known)  # first: it begins before the login
            expires = await portal.check_in()
            is_entered = True
            seen = tuple(portal.seen.values())
        await asyncio.to_thread(opened.services.radar.note, name, seen)
        await asyncio.to_thread(opened.services.breakers.answered, name)
    except TimeoutError:
        problems.append(f"{name}: no terminó en {patience:.0f} segundos.")
    except PortalError as error:
        problems.append(with_command(key_of(name), f"{error}."))
    problems += _missed(name, see)
    problems += [problem.sentence for problem in _soon(name, expires)]
    return replace(
        inspected(name, see), problems=tuple(problems), expires=expires, is_entered=is_entered
    )


def inspected(name: str, see: Inspection) -> Inspected:
    """What was seen of a portal."""
    return Inspected(
        name,
        see.count,
        len(see.found),
        tuple(_missed(name, see)),
        absent=tuple(see.absent),
        found=frozenset(see.keys()),
        is_whole=not see.missing,
    )


def _missed(name: str, see: Inspection) -> list[str]:
    return [with_command(key_of(name), f"{name}, {missing}.") for missing in see.missing]


def known_case(ledger: Ledger) -> KnownCase | None:
    """The newest case that went so far that the portals show all of it."""
    found = ledger.newest_with_siac_case()
    if found is None:
        return None
    attempt, number = found
    case = attempt.case
    return KnownCase(case.sec, case.ruc, case.lineas[0], number)
