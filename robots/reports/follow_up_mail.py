"""E-mail of the next bills to the operator: three lines, and the workbook with it."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from flows.rules.follow_up import Resultado
from flows.rules.peru import format_money
from robots.reports.follow_up_report import FollowUpReport
from robots.reports.follow_up_workbook import told_days
from robots.reports.summary_mail import compose_operator_mail

#: somebody has to look at these
_TO_ACT = (Resultado.DESALINEADO, Resultado.SIN_LEER)


def compose_follow_up_mail(
    report: FollowUpReport, workbook: Path, *, sender: str, to: str, when: datetime
) -> EmailMessage:
    """Compose the e-mail; counts and amounts alone, as all personal data is in the workbook."""
    lines = three_lines(report)
    return compose_operator_mail(
        f"Seguimiento: {lines[0]}",
        lines,
        workbook,
        title="Modificación de cargo fijo: la factura siguiente",
        named=("seguimiento", f"{report.today:%Y%m%d}"),
        closing=f"Seguimiento al {report.today:%d/%m/%Y}.",
        acts=lines[0].startswith("Hay que"),
        sender=sender,
        to=to,
        when=when,
    )


def three_lines(report: FollowUpReport) -> tuple[str, str, str]:
    """Whether anyone must act, what the bills say, and what of the promised reached one."""
    counts = report.by_result
    acts = [f"{counts[r.value]} en {r.value}" for r in _TO_ACT if r.value in counts]
    states = ", ".join(f"{count} {name}" for name, count in counts.items())
    total = report.total
    took = ""
    if total.days is not None:
        took = f" La factura correcta tardó {told_days(total.days)} días en promedio."
    return (
        f"Hay que mirar: {', '.join(acts)}." if acts else "No hay que hacer nada.",
        f"{total.cases} {'caso seguido' if total.cases == 1 else 'casos seguidos'}: "
        f"{states or 'ninguno'}.",
        f"Al mes: prometido {format_money(total.promised)}, solicitado "
        f"{format_money(total.requested)}, confirmado en una factura "
        f"{format_money(total.confirmed)}, pendiente {format_money(total.owed)}.{took}",
    )
