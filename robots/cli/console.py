"""`console` and `users`: the advisor's web console, and who may come in."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from robots.cli.common import configure, err, out, require, say
from robots.cli.credentials import typed_password
from robots.cli.streams import only_tells
from robots.cli.trail import note
from robots.failures import Unusable

if TYPE_CHECKING:
    from flows.store.ledger import Ledger
    from robots.console.user_store import UserStore


def console(
    host: Annotated[str, typer.Option(help="Dónde atiende; fuera de este equipo, con TLS.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="El puerto.")] = 8080,
    cert: Annotated[Path | None, typer.Option(help="Certificado TLS (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="Su clave (PEM).")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Sobre la demostración, aunque haya usuarios.")
    ] = False,
) -> None:
    """La consola del asesor, en el navegador: un caso guiado, listas, aprobaciones.

    Sin usuarios registrados atiende solo en este equipo y solo sobre la demostración.
    """
    from robots.console.server import open_users, refuse_unsafe, serve_console
    from robots.record import open_to_write
    from robots.run.demo_run import opened_demo

    settings = configure()
    ledger = open_to_write(settings)
    has_users = open_users(ledger).any()
    refuse_unsafe(host, cert, key, users=has_users and not demo)
    if demo or not has_users:
        if not demo:
            say(
                "No hay usuarios: la consola atiende solo la demostración, en este equipo. El "
                "primero se crea con «cargofijo users add»."
            )
        with opened_demo() as (settings, ledger):
            asyncio.run(serve_console(settings, ledger, err, host=host, port=port, demo=True))
        return
    require(settings, None)
    asyncio.run(
        serve_console(settings, ledger, err, host=host, port=port, certificate=cert, key=key)
    )


_QUESTION = "Contraseña: "
Name = Annotated[str, typer.Argument(metavar="NOMBRE", help="El usuario.")]


def add_user(
    name: Name,
    role: Annotated[
        str, typer.Option(help="Su rol: asesor, supervisor u operador.", metavar="ROL")
    ],
) -> None:
    """Crea un usuario de la consola; la contraseña la pide dos veces y no la muestra."""
    from robots.console.user_store import Role

    if role not in list(Role):
        raise Unusable(f"El rol es asesor, supervisor u operador, no «{role}».")
    ledger, users = _users()
    user = users.add(name, Role(role), typed_password(_QUESTION))
    note(ledger, "Creó un usuario", user.name, after=user.role)
    out.print(f"Usuario {user.name} creado, con el rol {user.role}.", highlight=False)


def list_users() -> None:
    """Los usuarios de la consola y su rol."""
    only_tells()
    table = Table("Usuario", "Rol")
    _, users = _users()
    for user in users.all():
        table.add_row(user.name, user.role)
    out.print(table)


def set_user_password(name: Name) -> None:
    """Cambia la contraseña de un usuario; sus sesiones terminan."""
    ledger, users = _users()
    user = users.set_password(name, typed_password(_QUESTION))
    note(ledger, "Cambió una contraseña", user.name)
    out.print(f"Contraseña de {user.name} cambiada.", highlight=False)


def delete_user(name: Name) -> None:
    """Borra un usuario; sus sesiones terminan."""
    ledger, users = _users()
    user = users.remove(name)
    note(ledger, "Borró un usuario", user.name, before=user.role)
    out.print(f"Usuario {user.name} borrado.", highlight=False)


def _users() -> tuple[Ledger, UserStore]:
    from robots.console.server import open_users
    from robots.record import open_to_write

    ledger = open_to_write(configure())
    return ledger, open_users(ledger)
