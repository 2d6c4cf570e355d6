"""The command line: each command reads its arguments and calls the room that does the work."""

from __future__ import annotations

import asyncio
import getpass
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import sqlalchemy.exc
import typer
from rich.console import Console

from flows.ledger import ApprovalRefused, Ledger
from inputs.reader import ListError, read_list
from inputs.rows import CaseList
from inputs.template import write_template
from pages.core.errors import BrowserLost
from robots.bootstrap import open_ledger
from robots.demo import DemoError, mock_command, run_demo
from robots.lock import DatabaseBusy, only_worker
from robots.logs import open_logs
from robots.nightly import RunResult, run_list, write_report
from robots.progress import status_tables, summary_table
from robots.reports.files import ReportError, ensure_writable
from robots.reports.model import LIMA
from robots.settings import PORTALS, Settings, SettingsError, load_settings

UNUSABLE, PREFLIGHT, BUSY = 2, 3, 4

app = typer.Typer(
    help="Robot de modificación de cargo fijo móvil corporativo: lleva una lista de casos por "
    "SISACT, SIAC Único, NINTEX y Remedy hasta el informe, y nunca registra dos veces.\n\n"
    "Para empezar: «cargofijo demo» lo muestra todo con portales simulados; «cargofijo run "
    "lista.xlsx» trabaja una lista propia con los ajustes de cargofijo.toml.",
    epilog="Códigos de salida: 0 todos los casos terminaron · 1 hay Falla técnica o No iniciado · "
    "2 uso, ajustes o libro · 3 revisión previa · 4 otro proceso trabaja.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True)

Workbook = Annotated[Path, typer.Argument(help="La lista de casos (.xlsx o .xlsm).")]
ReportPath = Annotated[
    Path | None, typer.Option("--report", help="Dónde dejar el informe (.xlsx).")
]
Seats = Annotated[int | None, typer.Option(min=1, max=32, help="Casos a la vez.")]
Json = Annotated[
    bool, typer.Option("--json", help="Un objeto JSON como última línea de la salida.")
]


@app.command()
def demo(
    seats: Annotated[int, typer.Option(min=1, max=32, help="Casos a la vez.")] = 2,
    keep: Annotated[
        bool, typer.Option("--keep", help="Deja abiertos los portales simulados.")
    ] = False,
) -> None:
    """Muestra el robot: la lista de demostración por los portales simulados."""
    try:
        with run_demo(err, seats=seats) as (result, portals):
            _show(result, as_json=False)
            if keep:
                out.print(f"Los portales siguen abiertos; Ctrl-C los cierra. {portals}")
                portals.wait()
    except (ListError, ReportError) as error:
        _fail(UNUSABLE, str(error))
    except DemoError as error:
        _fail(PREFLIGHT, str(error))
    except BrowserLost as error:
        _fail(PREFLIGHT, f"{error}.")
    except DatabaseBusy as error:
        _fail(BUSY, str(error))
    raise typer.Exit(result.exit_code)


@app.command()
def run(
    workbook: Workbook,
    report: ReportPath = None,
    seats: Seats = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Llega hasta cada envío y no envía nada.")
    ] = False,
    again: Annotated[
        list[str] | None,
        typer.Option("--again", help="ID de un caso terminado que se decide de nuevo."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Trabaja una lista de casos y escribe el informe.

    Se puede repetir tras cualquier interrupción: sigue donde quedó y no repite nada. Los casos en
    un estado final se informan como están; los pendientes y los que fallaron se retoman.
    """
    settings = _settings()
    case_list = _read(workbook)
    _require(settings, report)
    with _ledger(settings) as ledger:
        try:
            result = asyncio.run(
                run_list(
                    case_list,
                    settings,
                    ledger,
                    err,
                    report=report,
                    seats=seats,
                    dry_run=dry_run,
                    again=again or (),
                    requested_by=getpass.getuser(),
                )
            )
        except BrowserLost as error:
            _fail(PREFLIGHT, f"{error}.")
        except ReportError as error:
            _fail(UNUSABLE, str(error))
    _show(result, as_json)
    raise typer.Exit(result.exit_code)


@app.command()
def report(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="La ejecución.")],
    path: ReportPath = None,
) -> None:
    """Escribe el informe de una ejecución como está ahora."""
    settings = _settings()
    ledger = _open(settings)
    if ledger.run(run_id) is None:
        _fail(UNUSABLE, f"No existe la ejecución {run_id}.")
    try:
        _show(write_report(ledger, run_id, settings, path), as_json=False)
    except ReportError as error:
        _fail(UNUSABLE, str(error))


@app.command()
def status(
    run_id: Annotated[str | None, typer.Argument(metavar="[RUN]", help="La ejecución.")] = None,
) -> None:
    """Las ejecuciones, o los casos de una, con sus cuentas."""
    ledger = _open(_settings())
    if run_id is not None and ledger.run(run_id) is None:
        _fail(UNUSABLE, f"No existe la ejecución {run_id}.")
    for table in status_tables(ledger, run_id):
        out.print(table)


CaseReference = Annotated[
    str, typer.Argument(metavar="CASE", help="La referencia del caso (CF-…).")
]
User = Annotated[str, typer.Option("--as", help="Quién responde; no puede ser quien lo pidió.")]
Reason = Annotated[str, typer.Option(help="El motivo.")]


@app.command()
def approve(reference: CaseReference, user: User, reason: Reason = "") -> None:
    """Aprueba la solicitud de un caso, exactamente como está; la siguiente ejecución sigue."""
    _answer(reference, "approved", user, reason)


@app.command()
def reject(reference: CaseReference, user: User, reason: Reason = "") -> None:
    """Rechaza la solicitud de un caso; la siguiente ejecución lo pasa a un asesor."""
    _answer(reference, "rejected", user, reason)


@app.command()
def template(path: Annotated[Path, typer.Argument(metavar="OUT.xlsx")]) -> None:
    """Escribe una lista de casos vacía, con notas y listas desplegables."""
    if path.exists():
        _fail(UNUSABLE, f"{path} ya existe: dé otro nombre.")
    try:
        write_template(path)
    except OSError as error:
        _fail(UNUSABLE, f"No se puede escribir {path}: {error.strerror}.")
    out.print(f"Lista vacía: {path}")


@app.command()
def mock(
    port_base: Annotated[
        int,
        typer.Option(
            min=1024, max=65000, help="Puerto del control; los portales siguen a continuación."
        ),
    ],
    world: Annotated[Path | None, typer.Option(help="El mundo, en JSON.")] = None,
    latency_ms: Annotated[int, typer.Option(min=0, help="Demora de cada respuesta.")] = 0,
    seed: Annotated[int, typer.Option(help="Semilla de lo que cambia en cada carga.")] = 0,
    session_idle: Annotated[
        float, typer.Option(help="Segundos hasta que una sesión sin uso muere.")
    ] = 120.0,
) -> None:
    """Los portales simulados: control, SISACT, SIAC Único, NINTEX, Remedy y correo."""
    command = mock_command(port_base, world, latency_ms, seed, session_idle)
    process = subprocess.Popen(command)
    while True:
        try:
            raise typer.Exit(process.wait())
        except KeyboardInterrupt:
            continue  # the terminal told them too: they end by themselves


def _answer(reference: str, answer: str, user: str, reason: str) -> None:
    ledger = _open(_settings())
    try:
        approval = ledger.answer_approval(reference, answer, user, reason)
    except ApprovalRefused as error:
        _fail(UNUSABLE, str(error))
    word = "aprobada" if answer == "approved" else "rechazada"
    out.print(
        f"Solicitud {word}: {approval.reference}, {approval.request['escenario']}. "
        "Sigue en la próxima ejecución."
    )


def _settings() -> Settings:
    try:
        settings = load_settings()
    except SettingsError as error:
        _fail(UNUSABLE, str(error))
    open_logs(settings.var_dir / "logs")
    return settings


def _read(workbook: Path) -> CaseList:
    try:
        return read_list(workbook, today=datetime.now(LIMA).date())
    except ListError as error:
        _fail(UNUSABLE, str(error))


def _require(settings: Settings, report: Path | None) -> None:
    """What a run needs before anything is touched."""
    missing = settings.missing()
    if missing:
        _fail(UNUSABLE, f"Faltan ajustes: {', '.join(missing)}.")
    if report is not None:
        try:
            ensure_writable(report)
        except ReportError as error:
            _fail(UNUSABLE, str(error))
    try:
        for portal in PORTALS:
            settings.password_of(portal)
    except SettingsError as error:
        _fail(PREFLIGHT, str(error))


def _open(settings: Settings) -> Ledger:
    try:
        return open_ledger(settings)
    except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
        _fail(PREFLIGHT, f"No se puede abrir la base de datos ({type(error).__name__}).")


@contextmanager
def _ledger(settings: Settings) -> Iterator[Ledger]:
    """The robot's record, for this process alone."""
    try:
        with only_worker(settings.database):
            yield _open(settings)
    except DatabaseBusy as error:
        _fail(BUSY, str(error))


def _show(result: RunResult, as_json: bool) -> None:
    console = err if as_json else out
    console.print(summary_table(result.report))
    console.print(f"Informe: {result.path}", soft_wrap=True)
    console.print(f"Página:  {result.path.with_suffix('.html')}", soft_wrap=True)
    if as_json:
        summary = {
            "run": result.report.run_id,
            "cases": len(result.report.rows),
            "by_status": result.by_status,
            "report": str(result.path),
            "exit": result.exit_code,
        }
        sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n")


def _fail(code: int, sentence: str) -> NoReturn:
    err.print(sentence, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def main() -> None:
    """The `cargofijo` command."""
    app()
