"""Entry point of `cargofijo`: its commands, in the order in which a person meets them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import typer
from typer.main import get_command

from robots.cli.check import check
from robots.cli.common import err, say
from robots.cli.console import add_user, console, delete_user, list_users, set_user_password
from robots.cli.credentials import delete_password, list_passwords, set_password
from robots.cli.drop import drop
from robots.cli.fleet import submit, worker
from robots.cli.follow import follow
from robots.cli.help_texts import (
    ANSWER,
    CONSOLE,
    EPILOG,
    HELP,
    QUEUE,
    SETUP,
    START,
    WORK,
    DefaultGroup,
    SpanishCommand,
    SpanishGroup,
    usage_sentence,
)
from robots.cli.inbox import inbox
from robots.cli.map import accept, capture, show, suggest
from robots.cli.one_case import case
from robots.cli.packet import make, show_key, verify
from robots.cli.purge import purge
from robots.cli.reconcile import reconcile
from robots.cli.results import approve, reject, report, status
from robots.cli.run import demo, run, stop
from robots.cli.schedule import schedule
from robots.cli.streams import Outlet, guard_streams
from robots.cli.tools import mock, template
from robots.failures import PREFLIGHT, UNUSABLE, CommandFailed, NotReady, RecordLost, Unusable

#: What Ctrl-C ends with where no case had begun; elsewhere the cases at work end first.
INTERRUPTED = 130

_COMMANDS: dict[str, tuple[Callable[..., None], ...]] = {
    START: (demo, template),
    WORK: (run, case, drop, inbox, stop),
    CONSOLE: (console,),
    ANSWER: (status, report, reconcile, follow, approve, reject),
    QUEUE: (submit, worker),
    SETUP: (check, capture, schedule, purge, mock),
}
_GROUPS: dict[str, tuple[str, str, dict[str, Callable[..., None]]]] = {
    "credentials": (
        SETUP,
        "Las contraseñas de los portales, en el llavero del sistema operativo.",
        {"set": set_password, "list": list_passwords, "delete": delete_password},
    ),
    "map": (
        SETUP,
        "Cómo llama cada portal a lo que el robot busca en él.",
        {"show": show, "suggest": suggest, "accept": accept},
    ),
    "users": (
        CONSOLE,
        "Quién entra en la consola: usuarios con su rol y su contraseña.",
        {
            "add": add_user,
            "list": list_users,
            "password": set_user_password,
            "delete": delete_user,
        },
    ),
}


def _typer(
    text: str,
    epilog: str | None = None,
    kind: type[SpanishGroup] = SpanishGroup,
    metavar: str = "ORDEN …",
) -> typer.Typer:
    return typer.Typer(
        cls=kind,
        help=text,
        epilog=epilog,
        options_metavar="[OPCIONES]",
        subcommand_metavar=metavar,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )


def _add(
    group: typer.Typer,
    command: Callable[..., None],
    name: str = "",
    panel: str = "",
    *,
    hidden: bool = False,
) -> None:
    group.command(
        name or None,
        cls=SpanishCommand,
        options_metavar="[OPCIONES]",
        rich_help_panel=panel or None,
        hidden=hidden,
    )(command)


app = _typer(HELP, EPILOG)
for panel, commands in _COMMANDS.items():
    for command in commands:
        _add(app, command, panel=panel)
for group, (panel, text, named) in _GROUPS.items():
    subcommands = _typer(text)
    for name, command in named.items():
        _add(subcommands, command, name)
    app.add_typer(subcommands, name=group, rich_help_panel=panel)
packet = _typer(
    "La evidencia de un caso, firmada: «packet CASE --out FILE.zip» la reúne en un archivo.",
    kind=DefaultGroup,
    metavar="CASE --out FILE.zip | ORDEN …",
)
_add(packet, make, hidden=True)
_add(packet, verify)
_add(packet, show_key, "key")
app.add_typer(packet, name="packet", rich_help_panel=ANSWER)


def main() -> None:
    """Run the command that was typed; what ends it is printed here, once."""
    output = guard_streams()
    try:
        code = get_command(app).main(prog_name="cargofijo", standalone_mode=False)
    except typer.Abort:
        code = INTERRUPTED
    except typer.exceptions.TyperException as error:
        code = UNUSABLE
        if type(error).__name__ != "NoArgsIsHelpError":  # the help was shown
            say(usage_sentence(error))
    except Exception as error:
        failure = error if isinstance(error, CommandFailed) else _from_below(error)
        if failure is None:
            raise
        say(str(failure))
        code = failure.exit_code
        if isinstance(failure, RecordLost):
            os._exit(code)
    if code == INTERRUPTED:
        err.print("\nInterrumpido." if err.is_terminal else "Interrumpido.")
    sys.exit(_heard(output, code))


def _heard(output: Outlet, code: int | None) -> int | None:
    """The exit code, once all is written: that of a command which only tells is not 0 where nobody
    will read it for want of room on a disk."""
    sys.stdout.flush()
    if output.lost:
        say("No queda espacio donde se escribe la salida: una parte se perdió.")
    return PREFLIGHT if output.lost and output.patience is None and not code else code


def _from_below(error: Exception) -> CommandFailed | None:
    """What an error of the rooms below, which know no exit codes, is to a command; None where it is
    a defect."""
    from sqlalchemy import exc

    from flows.store.approvals import ApprovalRefused
    from inputs.reader import ListError
    from pages.contract.errors import BrowserLost
    from robots.record import lost

    match error:
        case (
            exc.OperationalError() | exc.InterfaceError() | exc.InternalError() | exc.TimeoutError()
        ):
            return lost(error)
        case ListError() | ApprovalRefused():
            return Unusable(str(error))
        case BrowserLost():
            return NotReady(f"{error}.")
    return None
