"""The two sites and their document-less libraries, and what a view of one shows."""

from __future__ import annotations

from dataclasses import dataclass

from mock_portals.world import NintexRequest

PAGE_ROWS = 10
#: SharePoint's list view threshold: a view that would touch more rows is refused
THRESHOLD = 5000

_MODIFICATION = "Modificación de cargo fijo"


@dataclass(frozen=True)
class Library:
    """``key`` is its name in ``/state``; ``base`` the site's address, ``name`` the list's."""

    key: str
    base: str
    name: str
    site_title: str
    request_types: tuple[str, ...]

    @property
    def view_path(self) -> str:
        """The list's view within the site, as it stands behind ``start.aspx#``."""
        return f"/{self.name}/Forms/AllItems.aspx"


LIBRARIES = (
    Library(
        "activaciones",
        "/dir/operacionescomerciales/Activaciones",
        "BuzonActivaciones",
        "Activaciones",
        (
            f"{_MODIFICATION}: error de configuración",
            "Activación de servicio adicional",
            "Corrección de topes de consumo",
        ),
    ),
    Library(
        "operador",
        "/dir/red/soporte",
        "Solicituddeejecucionesoperador",
        "Planificación de Redes",
        (
            f"{_MODIFICATION}: venta con oferta vigente",
            f"{_MODIFICATION}: venta sin oferta vigente (mala práctica)",
            f"{_MODIFICATION}: beneficio perdido por postventa",
            "Ejecución de comando en red",
        ),
    ),
)


@dataclass(frozen=True)
class View:
    """One page of a view; ``first`` and ``last`` count from 1. ``refused`` by the threshold."""

    rows: tuple[NintexRequest, ...]
    query: str
    page: int
    first: int
    last: int
    has_next: bool
    refused: bool = False


def view_of(records: dict[str, NintexRequest], query: str, page: int, status: str) -> View:
    """Newest first. Only the search box goes through an index: a long list refuses the rest."""
    if not query and len(records) > THRESHOLD:
        return View((), query, 1, 0, 0, False, refused=True)
    wanted = query.casefold()
    found = [
        record
        for record in records.values()
        if (wanted in record.sec.casefold() or wanted in record.reference.casefold())
        and status in ("", record.status)
    ]
    found.sort(key=lambda record: int(record.id), reverse=True)
    start = (page - 1) * PAGE_ROWS
    rows = tuple(found[start : start + PAGE_ROWS])
    return View(rows, query, page, start + 1, start + len(rows), start + PAGE_ROWS < len(found))
