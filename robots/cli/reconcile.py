"""`reconcile`: what a run did against what portals and mailbox hold now."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from robots.cli.common import (
    Json,
    ReportPath,
    Seats,
    configure,
    err,
    known_run,
    out,
    print_json,
    require,
    say,
)
from robots.cli.completion import RunId
from robots.cli.streams import only_tells
from robots.failures import Unusable
from robots.reports.report_file import name_for

if TYPE_CHECKING:
    from robots.reconcile.reconcile_run import Reconciliation


def reconcile(
    run_id: RunId,
    report: ReportPath = None,
    seats: Seats = None,
    as_json: Json = False,
) -> None:
    """Compara la lista, lo que sabe el robot, los portales y el correo; no cambia nada.

    Escribe en un libro cada diferencia: qué se esperaba, qué hay, dónde y qué hacer. Termina en 0
    si todo concuerda y en 1 si algo difiere o no se pudo leer.
    """
    from robots.reconcile.reconcile_run import reconcile_run as look
    from robots.record import own_ledger
    from robots.reports.reconciliation_workbook import write_reconciliation

    only_tells()
    settings = configure()
    require(settings, report)
    with own_ledger(settings) as ledger:
        run = known_run(ledger, run_id)
        if run.dry_run:
            raise Unusable(f"La ejecución {run_id} es una simulación: no dejó nada que comparar.")
        found = asyncio.run(look(run, settings, ledger, seats=seats or settings.seats))
    name = name_for(run.list_name, f"{run_id}-conciliacion")
    target = report or settings.var_dir.absolute() / "reports" / name
    if report is None:
        target.parent.mkdir(parents=True, exist_ok=True)
    write_reconciliation(found, target)
    _show(found, target, as_json)
    raise typer.Exit(found.exit_code)


def _show(found: Reconciliation, target: Path, as_json: bool) -> None:
    console = err if as_json else out
    for row in found.rows:
        for difference in row.differences:
            say(
                f"{row.reference}  {difference.where}: {difference.what}. Se esperaba: "
                f"{difference.expected}. Se encontró: {difference.found}.",
                console,
            )
    counts = ", ".join(f"{name} {count}" for name, count in found.by_verdict.items())
    console.print(f"Conciliación de {found.run_id}: {counts or 'ninguna fila'}.", highlight=False)
    console.print(f"Informe: {target}", soft_wrap=True)
    if as_json:
        print_json(
            run=found.run_id,
            cases=len(found.rows),
            by_status=found.by_verdict,
            report=str(target),
            exit=found.exit_code,
        )
