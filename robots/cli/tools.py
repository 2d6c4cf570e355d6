"""`template` and `mock`: an empty list, the mock portals."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated

import typer

from robots.cli.common import out
from robots.failures import Unusable


def template(
    path: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="La lista nueva.")],
) -> None:
    """Escribe una lista de casos vacía, con notas y listas desplegables."""
    from inputs.list_template import write_template

    if path.exists():
        raise Unusable(f"{path} ya existe: dé otro nombre.")
    try:
        write_template(path)
    except OSError as error:
        raise Unusable(f"No se puede escribir {path}: {error.strerror}.") from None
    out.print(f"Lista vacía: {path}")


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
        float, typer.Option(min=0, help="Segundos hasta que una sesión sin uso muere.")
    ] = 120.0,
    imap: Annotated[
        bool, typer.Option("--imap", help="El buzón, por IMAP: el puerto N+6.")
    ] = False,
) -> None:
    """Los portales simulados: control, SISACT, SIAC Único, NINTEX, Remedy y correo."""
    from robots.run.demo_run import mock_command

    command = mock_command(port_base, world, latency_ms, seed, session_idle, imap)
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    while True:
        try:
            raise typer.Exit(process.wait())
        except KeyboardInterrupt:
            continue  # the terminal told them too: they end by themselves
