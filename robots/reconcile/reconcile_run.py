"""Reconciliation of a run: every case looked up and compared."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import AwareDatetime

from flows.rules.case import Estado, Model
from flows.store.ledger import Attempt, Ledger, Run
from inputs.rows import Row
from robots.bootstrap import open_services
from robots.reconcile.collector import Collector
from robots.reconcile.compare import compare
from robots.reconcile.difference import Difference, Expected, Mismatch
from robots.reconcile.sent_mail import open_mailbox
from robots.settings import Settings


class Verdict(StrEnum):
    """Verdict on a case."""

    CONCUERDA = "Concuerda"
    DIFIERE = "Difiere"
    SIN_LEER = "Sin leer"
    SIN_CASO = "Sin caso"


class Reconciled(Model):
    """Reconciled row of the list. ``row`` is its number in the list's own sheet."""

    row: int
    id: str
    reference: str
    estado: Estado
    differences: tuple[Difference, ...] = ()

    @property
    def verdict(self) -> Verdict:
        if not self.reference:
            return Verdict.SIN_CASO
        kinds = {difference.what for difference in self.differences}
        if kinds - {Mismatch.SIN_LEER}:
            return Verdict.DIFIERE
        return Verdict.SIN_LEER if kinds else Verdict.CONCUERDA


class Reconciliation(Model):
    """Result of a reconciliation. ``mailbox`` tells whether sent e-mails were looked up, or only
    their notes in SIAC Único."""

    run_id: str
    list_name: str
    run_started: AwareDatetime
    moment: AwareDatetime
    mailbox: bool
    rows: tuple[Reconciled, ...]

    @property
    def by_verdict(self) -> dict[str, int]:
        """Counts in the order of the verdicts; those that no case has are left out."""
        counts = Counter(row.verdict for row in self.rows)
        return {verdict.value: counts[verdict] for verdict in Verdict if counts[verdict]}

    @property
    def exit_code(self) -> int:
        return int(any(row.differences for row in self.rows))


async def reconcile_run(
    run: Run, settings: Settings, ledger: Ledger, *, seats: int
) -> Reconciliation:
    """Reconcile every case of a run; raises `MailboxError` where the mailbox that is set cannot be
    opened, and `BrowserLost`."""
    rows = [
        Row.model_validate_json(row.content) for row in await asyncio.to_thread(ledger.rows, run.id)
    ]
    references = [row.case.reference for row in rows if row.case]
    latest = await asyncio.to_thread(ledger.latest, references)
    imap = settings.imap
    opened_mailbox = (
        open_mailbox(imap, settings.password_of("imap")) if imap.host else nullcontext()
    )
    with opened_mailbox as mailbox:
        async with open_services(settings, ledger, seats=seats) as opened:
            collector = Collector(opened.services, mailbox)
            places = asyncio.Semaphore(seats)

            async def one(row: Row) -> Reconciled:
                async with places:
                    return await _compared(row, latest, ledger, collector, settings)

            reconciled = await asyncio.gather(*map(one, rows))
    return Reconciliation(
        run_id=run.id,
        list_name=run.list_name,
        run_started=run.started,
        moment=datetime.now(UTC),
        mailbox=mailbox is not None,
        rows=tuple(reconciled),
    )


async def _compared(
    row: Row, latest: dict[str, Attempt], ledger: Ledger, collector: Collector, settings: Settings
) -> Reconciled:
    case = row.case
    if case is None:
        return Reconciled(row=row.number, id="", reference="", estado=Estado.DATO_INVALIDO)
    attempt = latest.get(case.reference)
    outcome = attempt.outcome if attempt else None
    before = range(1, attempt.attempt) if attempt else ()
    earlier = [await asyncio.to_thread(ledger.attempt, case.reference, n) for n in before]
    expected = Expected(
        case=case,
        user=settings.portals.siac.username,
        worked_on=attempt.case if attempt else None,
        outcome=outcome,
        earlier=tuple(one.outcome for one in earlier if one.outcome),
    )
    actual = await collector.collect(case, outcome.siac_case if outcome else "")
    return Reconciled(
        row=row.number,
        id=case.id,
        reference=case.reference,
        estado=outcome.estado if outcome else Estado.NO_INICIADO,
        differences=compare(expected, actual),
    )
