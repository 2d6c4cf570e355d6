"""Summary e-mail of a run: in three lines, whether anyone must act; the workbook with it.

Its text has counts and codes alone: personal data stays in the workbook.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path

from flows.mail.folding import MAIL_POLICY
from flows.rules.case import Estado
from flows.rules.lima import in_lima
from flows.rules.peru import format_money
from robots.reports.display_names import NEWS_TITLE
from robots.reports.model import RunReport
from robots.reports.report_page import environment

#: Somebody has to do something about these; other states end or wait by themselves.
_TO_ACT = (
    Estado.REQUIERE_ASESOR,
    Estado.PENDIENTE_DE_APROBACION,
    Estado.DATO_INVALIDO,
    Estado.FALLA_TECNICA,
    Estado.NO_INICIADO,
    Estado.NO_PROCEDE,  # the client is to be told
)
_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: bytes; a mail server refuses more than about 25 MB, and what is attached grows by a third
_MOST = 15_000_000


def compose_summary_mail(
    report: RunReport, workbook: Path, *, sender: str, to: str, when: datetime
) -> EmailMessage:
    """Compose the e-mail to the operator; the workbook is attached unless it is too big for one."""
    lines = three_lines(report)
    rehearsal = "Simulación. " if report.dry_run else ""
    return compose_operator_mail(
        f"Cargo fijo: {rehearsal}{lines[0]}",
        lines,
        workbook,
        title="Modificación de cargo fijo: la corrida",
        named=("ejecucion", report.run_id),
        closing=f"Ejecución {report.run_id}.",
        acts=bool(_acts(report)),
        news=report.news,
        sender=sender,
        to=to,
        when=when,
    )


def addressed(
    subject: str, named: tuple[str, str], *, sender: str, to: str, when: datetime
) -> EmailMessage:
    """An e-mail to the operator without its text; ``named`` is what it is about, and which of
    those."""
    message = EmailMessage(policy=MAIL_POLICY)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(in_lima(when))
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message["Message-ID"] = f"<{'.'.join(named)}.{when:%Y%m%d%H%M%S}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "es"
    return message


def compose_operator_mail(
    subject: str,
    lines: tuple[str, str, str],
    workbook: Path,
    *,
    title: str,
    named: tuple[str, str],
    closing: str,
    acts: bool,
    news: Sequence[str] = (),
    sender: str,
    to: str,
    when: datetime,
) -> EmailMessage:
    """Compose an e-mail of three lines. ``named``: see `addressed`; ``closing`` names it for
    people, ``news`` is what has changed on the portals' pages."""
    attached = workbook.stat().st_size <= _MOST
    message = addressed(subject, named, sender=sender, to=to, when=when)
    where = "en el libro adjunto" if attached else "en el informe, muy grande para un correo"
    closing = f"El detalle de cada caso está {where}. {closing}"
    told = ["\n".join((f"{NEWS_TITLE}:", *news))] if news else []
    message.set_content("\n\n".join((*lines, *told, closing)) + "\n", cte="quoted-printable")
    page = environment().get_template("summary_mail.html.j2")
    html = page.render(
        title=title,
        lines=lines,
        news_title=NEWS_TITLE,
        news=news,
        closing=closing,
        acts=acts,
    )
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if attached:
        message.add_attachment(
            workbook.read_bytes(),
            maintype="application",
            subtype=_XLSX,
            filename=f"informe-{named[1]}.xlsx",  # a list's own name may be a person's
        )
    return message


def three_lines(report: RunReport) -> tuple[str, str, str]:
    """Whether anyone must act, what became of the cases, and what it came to."""
    return _whether(report), _what_became(report), _what_it_came_to(report)


def _acts(report: RunReport) -> list[str]:
    counts = Counter(row.outcome.estado for row in (*report.rows, *report.others))
    acts = [f"{counts[estado]} en {estado}" for estado in _TO_ACT if counts[estado]]
    if calls := len(report.summary.call_backs):
        acts.append(f"{calls} por llamar")
    return acts


def _whether(report: RunReport) -> str:
    acts = _acts(report)
    return f"Hay que actuar: {', '.join(acts)}." if acts else "No hay que hacer nada."


def _what_became(report: RunReport) -> str:
    summary = report.summary
    states = ", ".join(f"{tally.cases} {tally.name}" for tally in summary.by_estado)
    told = f"{_count(summary.cases, 'caso')} en la lista"
    if report.ended:
        told += f", en {_long((report.ended - report.started).total_seconds())}"
    others = f" Además, {len(report.others)} de listas anteriores." if report.others else ""
    return f"{told}: {states or 'ninguno'}.{others}"


def _what_it_came_to(report: RunReport) -> str:
    summary = report.summary
    told = (
        f"Se regulariza {format_money(summary.importe_mensual)} al mes en "
        f"{_count(summary.lineas_regularizadas, 'línea')}"
    )
    bad = summary.mala_practica
    told += f"; mala práctica de venta en {_count(bad, 'caso')}." if bad else "."
    for estado, what in (
        (Estado.PENDIENTE_DE_APROBACION, "aprobación"),
        (Estado.PENDIENTE_DE_EVIDENCIA, "evidencia"),
    ):
        ages = [r.waiting_days or 0 for r in summary.waiting if r.outcome.estado is estado]
        if ages:
            oldest = max(ages)
            since = f"hace {_count(oldest, 'día')}" if oldest else "hoy"
            waits = "espera" if len(ages) == 1 else "esperan"
            told += f" {len(ages)} {waits} {what}, el más antiguo desde {since}."
    return told


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _long(seconds: float) -> str:
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
