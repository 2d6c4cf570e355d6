"""The `cargofijo` command: what it is, and its commands in the order a person meets them."""

from __future__ import annotations

import typer

from robots.commands.record import approve, reject, report, status
from robots.commands.tools import mock, template
from robots.commands.work import demo, run

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
for command in (demo, run, report, status, approve, reject, template, mock):
    app.command()(command)


def main() -> None:
    """The `cargofijo` command."""
    app()
