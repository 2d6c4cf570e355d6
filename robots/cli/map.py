"""`map`: what the portals' surfaces are called, shown and accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robots.cli.common import say, write
from robots.cli.streams import only_tells
from robots.failures import Unusable
from robots.settings import PORTALS, load_settings, nearest

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


def accept(
    portal: Portal,
    element: Annotated[
        str, typer.Argument(metavar="PÁGINA.ELEMENTO", help="Lo que el robot busca.")
    ],
    name: Annotated[str, typer.Argument(metavar="NOMBRE", help="Cómo lo llama el portal.")],
) -> None:
    """Anota en el mapa de un portal cómo se llama ahí lo que el robot busca."""
    from robots.ops.map_writer import Named
    from robots.ops.map_writer import accept as write_map

    portal_name, file = _found(portal)
    try:
        write_map(portal_name, file, [Named(element, name)])
    except OSError as error:
        raise Unusable(f"No se puede escribir {file}: {error.strerror}.") from None
    say(f"{element} = «{name}», en {file}.")


def _found(portal: str) -> tuple[str, Path]:
    """A portal as people call it, and its map."""
    from robots.ops.portal_maps import PORTAL_NAMES, file_of

    if portal not in PORTALS:
        raise Unusable(f"No existe el portal «{portal}»{nearest(portal.lower(), PORTALS)}")
    return PORTAL_NAMES[portal], file_of(load_settings().maps_dir, portal)
