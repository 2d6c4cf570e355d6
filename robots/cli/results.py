"""`report`, `status`, `approve` and `reject`: results of runs, and a supervisor's answer."""

from __future__ import annotations

from typing import Annotated

import typer

from robots.cli.common import ReportPath, configure, known_run, out, show
from robots.cli.completion import RunId, runs, waiting
from robots.cli.streams import only_tells
from robots.reports.report_file import ensure_writable


def report(run_id: RunId, path: ReportPath = None) -> None:
    """Escribe el informe de una ejecución como está ahora."""
    from robots.record import open_ledger
    from robots.reports.write_report import write_report

    settings = configure()
    ledger = open_ledger(settings)
    known_run(ledger, run_id)
    if path is not None:
        ensure_writable(path)
    show(write_report(ledger, run_id, settings, path), as_json=False)


def status(
    run_id: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="La ejecución.", autocompletion=runs)
    ] = None,
) -> None:
    """Las ejecuciones, o los casos de una, con sus cuentas."""
    from robots.record import open_ledger
    from robots.run.terminal_progress import status_tables

    only_tells()
    ledger = open_ledger(configure())
    if run_id is not None:
        known_run(ledger, run_id)
    for table in status_tables(ledger, run_id):
        out.print(table)


CaseReference = Annotated[
    str,
    typer.Argument(metavar="CASE", help="La referencia del caso (CF-…).", autocompletion=waiting),
]
User = Annotated[str, typer.Option("--as", help="Quién responde; no puede ser quien lo pidió.")]
Reason = Annotated[str, typer.Option(help="El motivo, que dirá el caso.")]


def approve(reference: CaseReference, user: User, reason: Reason = "") -> None:
    """Aprueba la solicitud de un caso, exactamente como está; la siguiente ejecución sigue."""
    _answer(reference, "approved", user, reason)


def reject(reference: CaseReference, user: User, reason: Reason = "") -> None:
    """Rechaza la solicitud de un caso; la siguiente ejecución lo pasa a un asesor."""
    _answer(reference, "rejected", user, reason)


def _answer(reference: str, answer: str, user: str, reason: str) -> None:
    from flows.store.approvals import Approvals
    from robots.cli.trail import note_answer
    from robots.console.audit import ANSWERS
    from robots.record import open_to_write

    ledger = open_to_write(configure())
    approval = Approvals(ledger.engine).answer(reference, answer, user, reason)
    note_answer(ledger, approval)
    out.print(
        f"Solicitud {ANSWERS[answer][1]}: {approval.reference}, {approval.request['escenario']}. "
        "Sigue en la próxima ejecución."
    )
