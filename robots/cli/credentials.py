"""`credentials`: passwords, in the keyring; never shown, and never on the command line."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated, TextIO

import typer
from rich.table import Table

from flows.rules.typed_text import decoded, is_marked
from robots.cli.common import configure, err, out
from robots.cli.streams import only_tells
from robots.failures import Unusable
from robots.ops import keyring_store as keys

Portal = Annotated[
    keys.Owner,
    typer.Argument(metavar="PORTAL", help=f"De quién es: {', '.join(keys.Owner)}."),
]


def set_password(portal: Portal) -> None:
    """Guarda la contraseña de un portal, o del correo, en el llavero del sistema.

    La pide dos veces y no la muestra; de una tubería toma una línea.
    """
    settings = configure()
    keys.is_kept(portal)  # or no question is worth asking
    password = typed_password(f"Contraseña de {portal.upper()}: ")
    if not password.strip():
        raise Unusable("La contraseña está vacía; no se guardó nada.")
    keys.store(portal, password)
    out.print(f"Contraseña de {portal.upper()} guardada en el llavero.")
    if variable := settings.variable_with_password(portal):
        err.print(f"Aviso: {variable} está puesta, y vale antes que el llavero.", highlight=False)


def list_passwords() -> None:
    """De qué portales hay contraseña y de dónde viene: del entorno o del llavero."""
    only_tells()
    settings = configure()
    table = Table("Portal", "Contraseña")
    missing_keyring = None
    for owner in keys.Owner:
        where = "entorno" if settings.variable_with_password(owner) else ""
        try:
            where = where or ("llavero" if keys.is_kept(owner) else "falta")
        except keys.NoKeyring as error:
            where, missing_keyring = where or "falta", error
        table.add_row(owner, where)
    out.print(table)
    if missing_keyring:
        raise missing_keyring


def delete_password(portal: Portal) -> None:
    """Borra del llavero la contraseña de un portal o del correo."""
    configure()
    keys.remove(portal)
    out.print(f"Contraseña de {portal.upper()} borrada del llavero.")


def typed_password(question: str) -> str:
    """From a terminal twice and unseen; from a pipe one line."""
    if not sys.stdin.isatty():
        return _first_line(sys.stdin)
    password = getpass.getpass(question)
    if getpass.getpass("Otra vez: ") != password:
        raise Unusable("Las dos no coinciden; no se guardó nada.")
    return password


def _first_line(source: TextIO) -> str:
    """Without the byte order mark that Notepad and PowerShell put before it."""
    content = source.buffer.readline()
    if is_marked(content):
        text = decoded(content + source.buffer.read())
    else:
        text = content.decode(source.encoding, source.errors or "strict")
    return text.partition("\n")[0].rstrip("\r")
