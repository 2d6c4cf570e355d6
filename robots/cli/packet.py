"""`packet`: a case's evidence, signed, in one file; and the same checked."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from robots.cli.common import configure, err, out, say
from robots.cli.completion import cases
from robots.cli.streams import only_tells
from robots.failures import UNFINISHED

Case = Annotated[
    str,
    typer.Argument(metavar="CASE", help="La referencia del caso (CF-…).", autocompletion=cases),
]
Out = Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="Dónde dejar el paquete.")]
Packet = Annotated[Path, typer.Argument(metavar="FILE.zip", help="El paquete.")]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="ROBOT.pub", help="La llave pública del robot, que da «packet key»."
    ),
]


def make(reference: Case, path: Out) -> None:
    """Reúne lo que consta de un caso en un ZIP firmado: un PDF para leerlo y los archivos.

    Termina en 1 si un archivo del caso falta o ya no es el que era; el paquete se hace igual, y lo
    dice.
    """
    from flows.store.database import is_shared
    from robots.packet.keys import signing_key
    from robots.packet.make import make_packet
    from robots.record import open_ledger

    settings = configure()
    ledger = open_ledger(settings)
    key = signing_key(settings, shared=is_shared(ledger.engine))
    made = asyncio.run(make_packet(settings, ledger, reference, key, path))
    out.print(f"Paquete: {path} ({made.files} archivos y el PDF)", soft_wrap=True)
    for name in made.changed:
        say(f"Falta, o ya no es el que era: {name}.")
    raise typer.Exit(UNFINISHED if made.changed else 0)


def verify(path: Packet, key: Key = None) -> None:
    """Comprueba un paquete sin base de datos: qué se alteró, se agregó o falta, y quién firmó.

    Termina en 0 si está intacto y, con --key, lo firmó esa llave; en 1 si no; en 2 si el archivo no
    es un paquete.
    """
    from robots.packet.keys import read_public
    from robots.packet.verify import verify as look

    only_tells()
    found = look(path, read_public(key) if key else None)
    for sentence in found.told():
        say(sentence, out)
    raise typer.Exit(found.exit_code)


def show_key() -> None:
    """Da la mitad pública de la llave del robot, para quien compruebe sus paquetes.

    La llave es una para toda la flota. En una sola máquina, la primera vez se hace una y se guarda
    en el llavero.
    """
    from flows.store.database import is_shared
    from robots.packet.keys import fingerprint, public_pem, signing_key
    from robots.record import open_ledger

    settings = configure()
    public = signing_key(settings, shared=is_shared(open_ledger(settings).engine)).public_key()
    sys.stdout.write(public_pem(public).decode())
    say(f"Huella: {fingerprint(public)}", err)
