"""`map`: what the portals' surfaces are called, shown and accepted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from robots.cli.common import Json, configure, err, out, print_json, require, say, write
from robots.cli.streams import only_tells
from robots.cli.trail import note
from robots.failures import PREFLIGHT, UNFINISHED, NotReady, Unusable
from robots.settings import PORTALS, load_settings, nearest

if TYPE_CHECKING:
    from flows.store.ledger import Ledger
    from pages.core.inspection import KnownCase
    from robots.ops.map_suggestions import Suggested
    from robots.ops.map_writer import NamedElement
    from robots.ops.preflight import Inspected
    from robots.settings import Settings

From = Annotated[
    Path | None,
    typer.Option("--from", metavar="CARPETA", help="Mira una captura en lugar del portal."),
]
Sec = Annotated[str, typer.Option(help="Una SEC que el portal tenga, para ver sus páginas.")]
Ruc = Annotated[str, typer.Option(help="Un cliente que el portal tenga.")]
Linea = Annotated[str, typer.Option(help="Una línea de ese cliente.")]
Caso = Annotated[str, typer.Option(help="Un caso que SIAC Único tenga.")]
Portal = Annotated[str, typer.Argument(metavar="PORTAL", help=f"El portal: {', '.join(PORTALS)}.")]


def show(portal: Portal) -> None:
    """Muestra todo lo que el robot busca en un portal, como un mapa.

    Son los nombres que el robot trae y, en su lugar, los del mapa que usted tiene.
    """
    from robots.ops.map_writer import whole_map
    from robots.ops.portal_maps import load_map

    only_tells()
    name, file = _found(portal)
    write(whole_map(name, load_map(name, file)))


def suggest(
    portal: Portal,
    folder: From = None,
    sec: Sec = "",
    ruc: Ruc = "",
    linea: Linea = "",
    caso: Caso = "",
    as_json: Json = False,
) -> None:
    """Recorre las páginas de un portal, solo leyendo, y propone nombres para lo que no encuentra.

    Las páginas que muestran un caso se recorren con el que se indique, o con uno que el robot haya
    registrado. Termina con 0 si todo está, con 1 si falta algo y con 3 si no se pudo entrar.
    """
    from robots.cli.suggested_lines import lines_of
    from robots.ops.map_suggestions import unconfirmed

    _found(portal)
    seen, suggested = _looked_at(portal, folder, _Shown(sec, ruc, linea, caso))
    words = unconfirmed(load_settings(), portal, seen) if seen.is_entered else {}
    for line in lines_of(portal, seen, suggested, words):
        say(line, err if as_json else out)
    if as_json:
        told = [{"key": key, "word": word} for key, word in words.items()]
        elements = [one.as_json() for one in suggested]
        print_json(portal=portal, elements=elements, words=told)
    missing = any(one.found is False for one in suggested)
    if missing or not (seen.is_entered and seen.is_whole):
        raise typer.Exit(UNFINISHED if missing or seen.is_entered else PREFLIGHT)


def accept(
    portal: Portal,
    element: Annotated[
        str, typer.Argument(metavar="[PÁGINA.ELEMENTO]", help="Lo que el robot busca.")
    ] = "",
    name: Annotated[str, typer.Argument(metavar="[NOMBRE]", help="Cómo lo llama el portal.")] = "",
    best: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="En su lugar, cada mejor propuesta desde este puntaje, si aventaja."
        ),
    ] = None,
    default: Annotated[
        bool, typer.Option("--default", help="Quita el nombre anotado: vale el que el robot trae.")
    ] = False,
    folder: From = None,
    sec: Sec = "",
    ruc: Ruc = "",
    linea: Linea = "",
    caso: Caso = "",
) -> None:
    """Anota en el mapa de un portal cómo se llama ahí lo que el robot busca.

    Con --best anota lo que «map suggest» propone con seguridad; termina con 1 si algo queda.
    """
    from robots.ops.map_suggestions import best_of
    from robots.ops.map_writer import NamedElement, take_back
    from robots.ops.map_writer import accept as write_map
    from robots.record import open_to_write

    portal_name, file = _found(portal)
    if default:
        if not element or name or best is not None:
            raise Unusable("Con --default indique solo qué elemento.")
        ledger = open_to_write(configure())  # or nothing is written: who did it is kept
        take_back(portal_name, file, element)
        note(ledger, "Quitó un nombre del mapa", f"{portal_name} {element}")
        say(f"{element}: vale otra vez lo que el robot trae.", out)
        return
    left = 0
    if best is None:
        if not element or not name:
            raise Unusable("Indique qué elemento y cómo se llama en el portal, o --best.")
        chosen = [NamedElement(element, name)]
    else:
        if element or name:
            raise Unusable("Indique un elemento con su nombre, o --best, y no ambos.")
        seen, suggested = _looked_at(portal, folder, _Shown(sec, ruc, linea, caso))
        chosen = best_of(suggested, best)
        left = sum(one.found is False for one in suggested) - len(chosen)
        if not seen.is_entered and not chosen and not left:
            raise NotReady("\n".join(seen.problems))
    ledger = open_to_write(configure())
    write_map(portal_name, file, chosen)
    for one in chosen:
        subject = f"{portal_name} {one.path}"
        note(ledger, "Aceptó un nombre en el mapa", subject, after={"nombre": one.name})
        say(f"{one.path} = «{one.name}», en {file}.", out)
    if chosen:
        say(_not_looked_for(portal, chosen), out)
    if left:
        say(f"Queda por elegir: {left}. Vea «cargofijo map suggest {portal}».", out)
        raise typer.Exit(UNFINISHED)


def _not_looked_for(portal: str, chosen: list[NamedElement]) -> str:
    from robots.ops.portal_maps import MESSAGE_TABLE, WORDS

    key = chosen[0].path if len(chosen) == 1 else "PÁGINA.ELEMENTO"
    looks = f"lo busca «cargofijo map suggest {portal}»"
    if key.startswith((f"{WORDS}.", f"{MESSAGE_TABLE}.")):
        looks = "se ve en el recorrido siguiente, o al simular un caso"
    undone = f"para quitarlo, «cargofijo map accept {portal} {key} --default»"
    return f"Aún no se ha comprobado: {looks}; {undone}."


def capture(
    portal: Portal,
    folder: Annotated[
        Path, typer.Option("--out", metavar="CARPETA", help="Dónde dejar las páginas.")
    ],
    sec: Sec = "",
    ruc: Ruc = "",
    linea: Linea = "",
    caso: Caso = "",
) -> None:
    """Guarda las páginas de un portal tal como son, sin los datos de nadie.

    Solo lee. Con lo guardado se puede hacer el mapa donde el portal no está: «map suggest --from».
    """
    from robots.ops.captures import keep

    name, _ = _found(portal)
    shown = _Shown(sec, ruc, linea, caso)
    seen = _inspected(lambda settings, ledger: keep(settings, ledger, portal, shown.known, folder))
    for problem in seen.problems:
        say(problem, out)
    say(f"{name}: páginas guardadas en {folder}: {seen.pages}.", out)
    if not seen.is_entered and not seen.pages:
        raise typer.Exit(PREFLIGHT)


class _Shown(NamedTuple):
    """What the pages that show a record are opened with."""

    sec: str
    ruc: str
    linea: str
    caso: str

    @property
    def known(self) -> KnownCase | None:
        from pages.core.inspection import KnownCase

        return KnownCase(self.sec, self.ruc, self.linea, self.caso) if any(self) else None


def _looked_at(
    portal: str, folder: Path | None, shown: _Shown
) -> tuple[Inspected, list[Suggested]]:
    from robots.ops.captures import look_at, look_into
    from robots.ops.map_suggestions import suggestions

    if folder is not None:
        only_tells()
        settings = load_settings()
        seen = asyncio.run(look_into(settings, portal, folder))
    else:
        seen = _inspected(lambda given, ledger: look_at(given, ledger, portal, shown.known))
        settings = load_settings()
    return seen, suggestions(settings, portal, seen)


def _inspected(look: Callable[[Settings, Ledger], Coroutine[Any, Any, Inspected]]) -> Inspected:
    from robots.record import own_ledger

    only_tells()
    settings = configure()
    require(settings, None)
    with own_ledger(settings) as ledger:
        return asyncio.run(look(settings, ledger))


def _found(portal: str) -> tuple[str, Path]:
    """A portal as people call it, and its map."""
    from robots.ops.portal_maps import PORTAL_NAMES, file_of

    if portal not in PORTALS:
        raise Unusable(f"No existe el portal «{portal}»{nearest(portal.lower(), PORTALS)}")
    return PORTAL_NAMES[portal], file_of(load_settings().maps_dir, portal)
