"""`inbox`: evidence and bounces from the mailbox."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from robots.cli.common import Json, configure, err, out, print_json, require, say

if TYPE_CHECKING:
    from robots.inbox.look import MailboxLook


def inbox(
    once: Annotated[
        bool, typer.Option("--once", help="Una sola lectura; si no, cada minuto hasta Ctrl-C.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Lee el buzón: da a cada caso la evidencia que le llega, y anota los correos que volvieron.

    Un correo cuenta si es de un caso que espera evidencia y lo envía su contacto autorizado o el
    ejecutivo que tiene SIAC Único; los demás esperan a una persona en «Correos», en la consola. En
    los portales no escribe nada: los casos siguen con la próxima ejecución o con la consola.

    Termina en 0 si leyó todo, en 1 si algo no se pudo leer o mover y en 3 si no se llega al buzón.
    """
    from robots.inbox.inbox_run import look_at_mailbox, require_inbox, watch_mailbox
    from robots.inbox.look import MailboxLook
    from robots.record import open_to_write

    settings = configure()
    require(settings, None)
    require_inbox(settings)
    ledger, look = open_to_write(settings), MailboxLook()
    if once:
        asyncio.run(look_at_mailbox(settings, ledger, look, err))
    else:
        asyncio.run(watch_mailbox(settings, ledger, look, err, told=say))
    show_look(look, err if as_json else out)
    if as_json:
        print_json(**look.summary, exit=look.exit_code)
    raise typer.Exit(look.exit_code)


def show_look(look: MailboxLook, console: Console) -> None:
    """Print what was found; what could not be read goes to standard error."""
    for problem in dict.fromkeys(look.problems):
        say(problem)
    say(look.told, console)
