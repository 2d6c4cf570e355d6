"""`case`: one case, the same fields and checks as a row of a list."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from flows.rules.case import Case
from flows.rules.lima import in_lima, today
from flows.rules.scenarios import Escenario
from inputs.checks import check_fields
from inputs.rows import RowError
from inputs.schema import BY_FIELD
from inputs.single_case import one_row_list
from robots.cli.common import (
    DryRun,
    Json,
    ReportPath,
    configure,
    err,
    out,
    print_summary,
    require,
    say,
)
from robots.failures import NotReady, Unusable
from robots.reports.display_names import ESTADO_NEXT, outcome_facts
from robots.settings import PORTALS, Settings

if TYPE_CHECKING:
    from flows.store.ledger import Ledger
    from robots.reports.write_report import RunResult


def _option(field: str, name: str, note: str = "") -> Any:
    """The option of a field, explained as its column is."""
    column = BY_FIELD[field]
    return typer.Option(
        name,
        help=note or column.note,
        metavar="|".join(column.options) if 0 < len(column.options) < 4 else None,
        rich_help_panel="Datos obligatorios" if column.required else "Datos opcionales",
        show_default=False,
        autocompletion=(lambda: list(column.options)) if column.options else None,
    )


def case(
    context: typer.Context,
    sec: Annotated[str, _option("sec", "--sec")] = "",
    ruc: Annotated[str, _option("ruc", "--ruc")] = "",
    lineas: Annotated[
        list[str] | None,
        _option(
            "lineas", "--linea", "Una línea móvil de 9 dígitos; se repite, o van varias separadas."
        ),
    ] = None,
    fecha_solicitud: Annotated[str, _option("fecha_solicitud", "--fecha")] = "",
    canal: Annotated[str, _option("canal", "--canal")] = "",
    cargo_fijo_ofrecido: Annotated[str, _option("cargo_fijo_ofrecido", "--cargo")] = "",
    contacto: Annotated[str, _option("contacto", "--contacto")] = "",
    contacto_dni: Annotated[str, _option("contacto_dni", "--dni")] = "",
    contacto_correo: Annotated[str, _option("contacto_correo", "--correo")] = "",
    evidencia: Annotated[
        list[str] | None,
        _option(
            "evidencia",
            "--evidencia",
            "Un archivo que muestra lo ofrecido; se repite si son varios.",
        ),
    ] = None,
    origen_evidencia: Annotated[str, _option("origen_evidencia", "--origen")] = "",
    oferta_vigente_hasta: Annotated[str, _option("oferta_vigente_hasta", "--vigente")] = "",
    aprobado_por: Annotated[str, _option("aprobado_por", "--aprobado-por")] = "",
    escenario: Annotated[
        str,
        _option(
            "escenario",
            "--escenario",
            f"El que usted cree que corresponde: {', '.join(Escenario)}.",
        ),
    ] = "",
    siac_case: Annotated[
        str,
        _option("siac_case", "--caso-siac", "El caso, si un asesor ya lo registró en SIAC Único."),
    ] = "",
    id: Annotated[str, _option("id", "--id", "Su propia etiqueta del caso.")] = "",
    observaciones: Annotated[str, _option("observaciones", "--observaciones")] = "",
    headed: Annotated[bool, typer.Option("--headed", help="Muestra el navegador.")] = False,
    confirm: Annotated[
        bool,
        typer.Option("--confirm", help="Se detiene antes de cada envío, lo muestra y pregunta."),
    ] = False,
    dry_run: DryRun = False,
    again: Annotated[
        bool, typer.Option("--again", help="Decide de nuevo un caso que ya terminó.")
    ] = False,
    report: ReportPath = None,
    as_json: Json = False,
) -> None:
    """Trabaja un solo caso: los mismos datos que una fila de la lista, y las mismas reglas.

    Se puede repetir: lo registrado se encuentra y no se registra otra vez.
    """
    # Options carry the fields' names; what may be repeated is joined as a cell of a list is.
    fields = {field: context.params[field] or "" for field in BY_FIELD}
    fields |= {"lineas": ", ".join(lineas or ()), "evidencia": "; ".join(evidencia or ())}
    checked = check_fields(fields, Path.cwd(), today())
    if not isinstance(checked, Case):
        raise _by_option(checked, context.command)
    if confirm and not (sys.stdin.isatty() and err.is_terminal):
        raise Unusable("«--confirm» pregunta en la terminal, y aquí no hay una: quite la opción.")
    settings = configure()
    if headed:
        settings = _headed(settings)
    require(settings, report)
    for portal in PORTALS:  # a run's are looked at with everything else before it
        settings.password_of(portal)
    from robots.record import own_ledger
    from robots.run.attended import Attended, ConfirmPrompt, StepLines
    from robots.run.list_run import run_list

    with own_ledger(settings) as ledger:
        if not again:
            _tell_if_over(ledger, checked.reference)
        result = asyncio.run(
            run_list(
                one_row_list(checked, fields),
                settings,
                ledger,
                err,
                report=report,
                seats=1,
                dry_run=dry_run,
                again=(checked.id,) if again else (),
                requested_by=getpass.getuser(),
                attended=Attended(StepLines(err), ConfirmPrompt(err) if confirm else None),
            )
        )
    _show(result, as_json)
    raise typer.Exit(result.exit_code)


def _tell_if_over(ledger: Ledger, reference: str) -> None:
    known = ledger.latest([reference]).get(reference)
    if known and known.is_over and known.ended:
        say(
            f"Este caso ya terminó el {in_lima(known.ended):%d/%m/%Y %H:%M}: se muestra cómo, sin "
            "entrar a los portales. Con --again se decide de nuevo."
        )


def _by_option(errors: list[RowError], command: Any) -> Unusable:
    """Every error at once, by the option that is to be corrected."""
    names = {param.name: param.opts[0] for param in command.params}
    by_header = {column.header: names[field] for field, column in BY_FIELD.items()}
    by_option = [e.model_copy(update={"column": by_header[e.column]}) for e in errors]
    return Unusable("\n".join(map(str, by_option)))


def _headed(settings: Settings) -> Settings:
    displays = map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform == "linux" and not any(displays):
        raise NotReady("No hay una pantalla donde mostrar el navegador: quite «--headed».")
    browser = settings.browser.model_copy(update={"headless": False})
    return settings.model_copy(update={"browser": browser})


def _show(result: RunResult, as_json: bool) -> None:
    from robots.run.terminal_progress import ESTADO_STYLES

    (row,) = result.report.rows
    outcome = row.outcome
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    shown = {
        "Referencia": outcome.reference,
        "Estado": outcome.estado.value,
        **outcome_facts(outcome),
        "Qué sigue": ESTADO_NEXT[outcome.estado],
    }
    for name, text in shown.items():
        if text:
            style = ESTADO_STYLES[outcome.estado] if name == "Estado" else ""
            table.add_row(name, Text(text, style=style))
    console = err if as_json else out
    console.print()
    console.print(table)
    # Not in the table: a path that is folded cannot be opened.
    for name, path in (("Expediente", row.folder), ("Informe", result.path)):
        if path:
            say(f"{name}: {path}", console)
    if as_json:
        print_summary(result)
