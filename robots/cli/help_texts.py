"""Help and usage errors in Spanish, where typer's own are in English."""

from __future__ import annotations

import inspect
from difflib import get_close_matches
from typing import Any

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

#: The panels of `--help`, in the order in which a person meets them.
START, WORK, CONSOLE, ANSWER, QUEUE, SETUP = (
    "Para empezar",
    "Trabajar casos",
    "La consola",
    "Ver y responder",
    "Varias máquinas",
    "Preparar",
)

HELP = (
    "Robot de modificación de cargo fijo móvil corporativo: lleva cada caso por SISACT, SIAC "
    "Único, NINTEX y Remedy hasta su solicitud y el informe, y nunca registra dos veces. Toda "
    "orden se puede repetir: sigue donde quedó."
)

_EXAMPLES = {
    "cargofijo demo": "lo muestra todo, con portales simulados",
    "cargofijo template lista.xlsx": "una lista vacía, con notas",
    "cargofijo run lista.xlsx": "la lista, hasta el informe",
    "cargofijo run lista.xlsx --dry-run": "lo mismo, sin enviar nada",
    "cargofijo case --sec … --confirm": "un caso, preguntando antes de enviar",
    "cargofijo credentials set sisact": "una contraseña, en el llavero",
}
_CODES = {
    "0": "todos los casos terminaron (un dato inválido también termina)",
    "1": "quedan casos en Falla técnica o No iniciado; repita la orden",
    "2": "orden, ajustes o libro que no se entienden; no se tocó nada",
    "3": "falló la revisión previa (disco, base de datos, navegador, contraseñas)",
    "4": "otro proceso trabaja con la misma base de datos",
    "130": "interrumpido con Ctrl-C antes de empezar",
}


def _block(title: str, lines: dict[str, str]) -> str:
    width = max(map(len, lines))
    rows = (f"  [cyan]{name:<{width}}[/cyan]  {text}" for name, text in lines.items())
    return "\n".join((f"[bold]{title}[/bold]", *rows))


EPILOG = "\n\n".join(
    (
        _block("Ejemplos", _EXAMPLES),
        _block("Código de salida", _CODES),
        "Los ajustes van en cargofijo.toml y, sobre él, en variables CARGOFIJO_…; «cargofijo "
        "ORDEN --help» explica cada orden.",
    )
)

rich_utils.OPTIONS_PANEL_TITLE = "Opciones"
rich_utils.ARGUMENTS_PANEL_TITLE = "Argumentos"
rich_utils.COMMANDS_PANEL_TITLE = "Órdenes"
rich_utils.DEFAULT_STRING = "[por defecto: {}]"
rich_utils.REQUIRED_LONG_STRING = "[obligatorio]"

#: What stands beside an option for its value; a flag takes none.
_KINDS = {bool: "", int: "N", float: "N"}
_HELP_OF = {
    "install_completion": "Instala el autocompletado en su terminal.",
    "show_completion": "Muestra el autocompletado, para copiarlo.",
    "help": "Muestra esta ayuda.",
}


class _Spanish:
    """Help of commands and of groups of them."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _in_spanish(super().get_params(ctx))  # type: ignore[misc]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        formatter.write_usage(_path(ctx), pieces, prefix="Uso: ")


class SpanishCommand(_Spanish, TyperCommand):
    def __init__(self, name: str | None, **given: Any) -> None:
        super().__init__(name, **given)
        paragraphs = inspect.cleandoc(self.help or "").split("\n\n")
        self.help = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


class SpanishGroup(_Spanish, TyperGroup):
    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f": ¿quiso decir «{near[0]}»?" if near else f"; vea «{ctx.command_path} --help»."
            raise typer.BadParameter(f"No existe la orden «{args[0]}»{hint}")
        return super().resolve_command(ctx, args)


class DefaultGroup(SpanishGroup):
    """A group that does something by itself: what is typed is its first command's, hidden and never
    named, where it begins with no other one's name."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        word = next((one for one in args if not one.startswith("-")), None)
        if word not in self._named and (word or set(args) - {"--help"}):
            args = [self._own, *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return "" if name == self._own else name, command, rest

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        own = self.commands[self._own]
        with own.make_context("", [], parent=ctx, resilient_parsing=True) as at_own:
            mine = [one for p in own.params for one in p.shell_complete(at_own, incomplete)]
        return [*super().shell_complete(ctx, incomplete), *mine]

    @property
    def _own(self) -> str:
        return next(iter(self.commands))

    @property
    def _named(self) -> set[str]:
        return set(self.commands) - {self._own}


def _in_spanish(params: list[Any]) -> list[Any]:
    for param in params:
        param.help = _HELP_OF.get(param.name, param.help)
        if param.param_type_name == "argument":
            param.display_type_rich = lambda ctx: None  # its help says what it is
        elif param.metavar is None:
            kind = param.type_descriptor
            param.metavar = "RUTA" if kind.is_path else _KINDS.get(kind.annotation, "TEXTO")
    return params


def _path(context: Any) -> str:
    """The commands that were typed; a group's own has no name."""
    return " ".join(context.command_path.split())


def usage_sentence(error: Any) -> str:
    """Sentence about how the command was typed, by the kind of error."""
    context, param = getattr(error, "ctx", None), getattr(error, "param", None)
    see = f"vea «{_path(context) if context else 'cargofijo'} --help»."
    name = (param.opts[0] if param.opts[0].startswith("-") else param.metavar) if param else ""
    match type(error).__name__:
        case "NoSuchOption":
            near = (
                f": ¿quiso decir {error.possibilities[0]}?" if error.possibilities else f"; {see}"
            )
            return f"No existe la opción {error.option_name}{near}"
        case "MissingParameter":
            return f"Falta {name}: {see}"
        case "BadOptionUsage":
            return f"La opción {error.option_name} está mal usada; {see}"
        case "BadParameter" if param:
            return f"El valor de {name} no es válido{_range(param)}; {see}"
        case "BadParameter":
            return str(error.message)
        case _:
            return f"La orden tiene algo de más o de menos; {see}"


def _range(param: Any) -> str:
    info = param.type_descriptor.parameter_info
    if param.type_descriptor.choices:
        return f": se espera {', '.join(map(str, param.type_descriptor.choices))}"
    if info.min is None:
        return ""
    return (
        f": se espera un número de {info.min} a {info.max}"
        if info.max
        else (f": se espera un número desde {info.min}")
    )
