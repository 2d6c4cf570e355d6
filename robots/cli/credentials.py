"""`credentials`: passwords, in the keyring; never shown, and never on the command line."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer
from rich.table import Table

from robots.cli.common import PREFLIGHT, UNUSABLE, err, fail, out, settings_or_exit
from robots.ops import keyring_store as keys

Portal = Annotated[
    keys.Owner,
    typer.Argument(metavar="PORTAL", help=f"De quién es: {', '.join(keys.Owner)}."),
]


def set_password(portal: Portal) -> None:
    """Guarda la contraseña de un portal, o del correo, en el llavero del sistema.

    La pide dos veces y no la muestra; de una tubería toma una línea.
    """
    settings = settings_or_exit()
    try:
        keys.is_kept(portal)  # or no question is worth asking
        password = _typed(portal) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        if not password:
            fail(UNUSABLE, "La contraseña está vacía; no se guardó nada.")
        keys.store(portal, password)
    except keys.NoKeyring as error:
        fail(PREFLIGHT, str(error))
    out.print(f"Contraseña de {portal.upper()} guardada en el llavero.")
    if variable := settings.variable_with_password(portal):
        err.print(f"Aviso: {variable} está puesta, y vale antes que el llavero.", highlight=False)


def list_passwords() -> None:
    """De qué portales hay contraseña y de dónde viene: del entorno o del llavero."""
    settings = settings_or_exit()
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
        fail(PREFLIGHT, str(missing_keyring))


def delete_password(portal: Portal) -> None:
    """Borra del llavero la contraseña de un portal o del correo."""
    settings_or_exit()
    try:
        keys.remove(portal)
    except keys.NotKept:
        fail(UNUSABLE, f"El llavero no tiene una contraseña de {portal.upper()}.")
    except keys.NoKeyring as error:
        fail(PREFLIGHT, str(error))
    out.print(f"Contraseña de {portal.upper()} borrada del llavero.")


def _typed(portal: keys.Owner) -> str:
    password = getpass.getpass(f"Contraseña de {portal.upper()}: ")
    if getpass.getpass("Otra vez: ") != password:
        fail(UNUSABLE, "Las dos no coinciden; no se guardó nada.")
    return password
