"""`schedule`: the nightly run, for the scheduler that the machine has."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated

import typer

from flows.rules.lima import parse_hour
from robots.cli.common import out, say
from robots.env_file import ENV_FILE
from robots.failures import Unusable
from robots.ops import scheduler


def schedule(
    at: Annotated[str, typer.Option("--at", metavar="HH:MM", help="A qué hora de Lima.")],
    pattern: Annotated[
        str,
        typer.Option(
            "--list",
            metavar="PATRÓN",
            help="La lista, o un patrón como listas/*.xlsx: se trabaja la más reciente.",
        ),
    ],
    follow: Annotated[
        str,
        typer.Option(
            "--follow", metavar="HH:MM", help="A qué hora de Lima se mira la factura siguiente."
        ),
    ] = "",
    kind: Annotated[
        scheduler.Scheduler | None,
        typer.Option(
            metavar="|".join(scheduler.Scheduler),
            help="Para qué programador; por defecto, el de esta máquina.",
        ),
    ] = None,
    folder: Annotated[
        Path, typer.Option("--out", help="La carpeta donde se escriben los archivos.")
    ] = Path("programacion"),
) -> None:
    """Escribe lo que el programador del sistema necesita para trabajar cada noche.

    También lo que sigue después de un reinicio. No instala nada: dice con qué órdenes se hace.
    """
    hour = _hour("--at", at)
    chosen = kind or scheduler.kind_of_machine()
    here = Path.cwd()
    if not pattern.strip() or (here / pattern).is_dir():
        raise Unusable("--list es una lista, o un patrón como listas/*.xlsx; no una carpeta.")
    plan = scheduler.Schedule(
        at=hour,
        pattern=str(here / pattern),
        folder=here,
        program=scheduler.program(),
        user=scheduler.this_user(),
        bills_at=_hour("--follow", follow) if follow else None,
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in scheduler.files(chosen, plan).items():
            (folder / name).write_bytes(content)
            out.print(str(folder / name), highlight=False, soft_wrap=True)
    except OSError as error:
        raise Unusable(f"No se puede escribir en {folder}: {error.strerror}.") from None
    out.print(f"\nPara instalarlo, en esa carpeta ({chosen}):")
    for line in scheduler.install_commands(chosen, plan):
        say(f"  {line}", out)
    say(
        f"\nLas contraseñas que no estén en el llavero se leen de {here / ENV_FILE}, con permiso "
        "0600: en cada línea, CARGOFIJO_PORTALS__SISACT__PASSWORD='…' y sus iguales.",
        out,
    )


def _hour(option: str, text: str) -> time:
    hour = parse_hour(text)
    if hour is None:
        raise Unusable(f"{option} se escribe HH:MM, por ejemplo 01:00: «{text}» no lo es.")
    return hour
