"""Composition root: the one place that builds services and hands them down."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from flows.mail.compose import MailService, MailSettings
from flows.mail.send import Mailer
from flows.mail.tls import tls_context
from flows.procedure.regularize import regularize
from flows.rules.policy import Policy
from flows.runtime.engine import ATTENDED, DRY, LOCAL, DurableEngine
from flows.runtime.heartbeat import Heartbeat, own_name
from flows.runtime.services import (
    Confirm,
    NullObserver,
    Observer,
    RunState,
    Services,
    set_services,
)
from flows.runtime.session_lease import UserSession
from flows.store.database import is_shared
from flows.store.ledger import Ledger
from pages.contract.nintex import Site
from pages.contract.ports import REMEDY
from pages.core.account import Account, Limits
from pages.core.browser import BrowserChoice
from pages.session_pool import Accounts, Renewal, SessionPool
from robots.ops.portal_maps import PORTAL_NAMES, MapFile, file_of
from robots.record import RecordUnusable
from robots.settings import Settings


@dataclass
class Runtime:
    """Services and engine of a process that works on cases."""

    services: Services
    engine: DurableEngine


class OpenServices(NamedTuple):
    """Started services, with the session pool that their portals are, how many sessions that may
    have in SIAC Único, and how many cases may be at work over a whole fleet."""

    services: Services
    pool: SessionPool
    seats: int
    fleet_seats: int | None

    @property
    def cases(self) -> int:
        """Cases at work at once: nearly half of a case's time passes outside of SIAC Único, where
        another one is meanwhile. With one slot it is one case after the other."""
        return self.seats * 2 if self.seats > 1 else 1


@asynccontextmanager
async def open_services(
    settings: Settings,
    ledger: Ledger,
    policy: Policy | None = None,
    *,
    seats: int,
    observer: Observer | None = None,
    confirm: Confirm | None = None,
    pictures: bool = False,
    opening: Callable[[OpenServices], Awaitable[None]] | None = None,
) -> AsyncIterator[OpenServices]:
    """Start a browser with its seats, and what steps work with. Portals are logged in to when a
    step needs them, and all are logged out at the end. ``opening`` starts the session pool in its
    own way, before any case is begun."""
    policy = policy or settings.policy
    pool = _session_pool(settings, ledger, seats)
    services = Services(
        portals=pool,
        ledger=ledger,
        mail=_mail(settings),
        evidence_dir=settings.var_dir.absolute() / "evidence",
        policy=policy,
        confirm=confirm,
        pictures=pictures,
        map_version=pool.accounts.map_version,
        run=RunState(observer or NullObserver()),
    )
    set_services(services)
    if not policy.portal_patience:  # a person is there, who may have put right what was wrong
        await asyncio.to_thread(services.breakers.may_be_tried)
    opened = OpenServices(services, pool, seats, settings.fleet_seats)
    try:
        await (opening(opened) if opening else pool.start())
        yield opened
    finally:
        await pool.stop()


@asynccontextmanager
async def start_engine(
    opened: OpenServices, *, dry_run: bool = False, alone: bool = False
) -> AsyncIterator[Runtime]:
    """Start the engine with these services, working on what is queued, or only on what it is given
    here (``alone``)."""
    services = opened.services
    database = services.ledger.engine
    if is_shared(database):
        attended = alone and services.confirm is not None
        kind = DRY if dry_run else ATTENDED if attended else ""
        services.run.heartbeat = Heartbeat(database, kind, lost=_end_at_once)
    engine = DurableEngine(
        database,
        regularize,
        cases=opened.cases,
        heartbeat=services.run.heartbeat,
        fleet_seats=opened.fleet_seats,
        dry_run=dry_run,
        alone=alone,
    )
    try:
        try:
            await engine.start()
        except SQLAlchemyError as error:
            raise RecordUnusable(error, database.url) from error
        yield Runtime(services, engine)
    finally:
        await engine.stop()


def _end_at_once() -> None:
    """Others work on this process' cases: whatever it still did could be done twice."""
    sys.stderr.write(
        "Este proceso estuvo detenido demasiado tiempo y otros siguen con sus casos: se cierra.\n"
    )
    sys.stderr.flush()
    os._exit(1)


def _session_pool(settings: Settings, ledger: Ledger, seats: int) -> SessionPool:
    known = accounts(settings)
    holder = own_name() if is_shared(ledger.engine) else LOCAL
    return SessionPool(
        known,
        seats=seats,
        browser=browser_choice(settings),
        limits=Limits(visible=settings.policy.page_limit),
        renewal=Renewal(settings.browser.renew_cases, settings.browser.renew_mb),
        remedy_session=UserSession(ledger.engine, REMEDY, known.remedy.username, holder=holder),
    )


def browser_choice(settings: Settings) -> BrowserChoice:
    return BrowserChoice(
        channel=settings.browser.channel,
        executable=settings.browser.executable,
        headless=settings.browser.headless,
        relay=settings.browser.relay,
        ca=settings.browser.ca,
    )


def accounts(settings: Settings) -> Accounts:
    """Accounts of the portals; each password is asked for at the moment it is typed. Raises
    `MapError` where a portal's map cannot be read."""

    def account(portal: str) -> Account:
        given = getattr(settings.portals, portal)
        known = MapFile(PORTAL_NAMES[portal], file_of(settings.maps_dir, portal))
        password = partial(settings.password_of, portal)
        return Account(given.url, given.username, password, names=known.names, latest=known.latest)

    given = settings.portals.nintex
    sites: dict[str, str] = {
        Site.ACTIVACIONES: given.activaciones_url,
        Site.OPERADOR: given.operador_url,
    }
    return Accounts(
        sisact=account("sisact"),
        siac=account("siac"),
        nintex=replace(account("nintex"), sites=sites),
        remedy=account("remedy"),
    )


def mailer(settings: Settings) -> Mailer:
    smtp = settings.smtp
    return Mailer(
        host=smtp.host,
        port=smtp.port,
        sender=smtp.sender,
        username=smtp.username,
        password=lambda: settings.password_of("smtp"),
        security=smtp.security,
        local_hostname=smtp.local_hostname,
        bounces=smtp.bounces,
        tls_context=tls_context(smtp.ca),
    )


def _mail(settings: Settings) -> MailService:
    smtp = settings.smtp
    return MailService(
        mailer(settings),
        MailSettings(sender=smtp.sender, mailbox=smtp.mailbox, templates=smtp.templates),
    )
