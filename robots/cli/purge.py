"""`purge`: what is past its time, deleted for good."""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Annotated

import typer
from rich.table import Table

from robots.cli.common import configure, err, out, say
from robots.cli.trail import note
from robots.failures import UNFINISHED, Unusable


def purge(
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than",
            metavar="90d",
            help="Días sin que nadie toque el caso; por defecto, el ajuste retention_days.",
        ),
    ] = None,
) -> None:
    """Elimina los casos que pasaron su plazo: expedientes, registros, filas e informes.

    Nunca un caso en trámite. Al final busca lo que eliminó y dice si quedó algo.
    """
    from robots.ops.deletion import Purged
    from robots.ops.deletion import purge_cases as delete
    from robots.record import own_ledger

    settings = configure()
    days = settings.policy.retention_days if older_than is None else _days(older_than)
    if days == 0:
        _ask()
    with own_ledger(settings) as ledger:
        done: Purged = asyncio.run(delete(settings, ledger, days=days))
        note(
            ledger,
            "Eliminó lo que pasó su plazo",
            "casos",
            before={"días": days},
            after={"casos": done.cases, "archivos": done.files},
        )
    table = Table(f"Sin cambios en {days} días o más", "Eliminado", title="Eliminación")
    for name, count in (
        ("Casos", done.cases),
        ("Expedientes", done.folders),
        ("Archivos de expediente", done.files),
        ("Filas de la base de datos", done.rows),
        ("Líneas de registro", done.log_lines),
        ("Informes en la carpeta del robot", done.reports),
    ):
        table.add_row(name, str(count))
    out.print(table)
    if done.waiting:
        say(
            f"Se conservan {len(done.waiting)} casos de esa edad que siguen en trámite: "
            f"{', '.join(done.waiting[:5])}{'…' if len(done.waiting) > 5 else ''}.",
            out,
        )
    if done.packets:
        say(f"Quedan los paquetes que alguien sacó, y son suyos: {', '.join(done.packets)}.", out)
    if done.left:
        say(f"Quedan rastros en: {', '.join(done.left)}.")
        raise typer.Exit(UNFINISHED)
    out.print("Comprobado: no queda rastro de lo eliminado en la base de datos ni en los archivos.")


def _ask() -> None:
    """Ask somebody at a terminal before all is deleted; a script means what it says."""
    from robots.run.attended import yes_or_no

    if not sys.stdin.isatty():
        return
    say("Con 0 días se eliminan todos los casos terminados, también los de hoy, y para siempre.")
    answer = None
    while answer is None:
        err.print("¿Eliminarlos? [s/n]: ", end="", markup=False, highlight=False)
        line = sys.stdin.readline()
        answer = yes_or_no(line) if line else False
    if not answer:
        raise Unusable("No se eliminó nada.")


def _days(text: str) -> int:
    found = re.fullmatch(r"(\d{1,5})d?", text.strip())
    if not found:
        raise Unusable(f"--older-than se escribe en días, por ejemplo 90d: «{text}» no lo es.")
    return int(found[1])
