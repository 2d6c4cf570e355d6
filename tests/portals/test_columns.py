"""A column that is renamed or gone, in any grid of the four portals, is told by page, table and
column: by the portal's method that reads the grid, and by the inspection beforehand."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

import pages
from pages.contract.errors import PageChanged
from pages.contract.nintex import Site
from pages.core.base_portal import Portal
from pages.core.inspection import Inspection, KnownCase, elements_of
from pages.core.page import PortalPage
from pages.core.tabular import Tabular
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.siac.portal import SiacPortal
from pages.sisact.portal import SisactPortal
from tests.support import nintex_samples, remedy_samples, siac_samples, sisact_samples
from tests.support.mock import MockPortals
from tests.support.seats import Seats

Run = Callable[[Any], Any]

for module in pkgutil.walk_packages(pages.__path__, "pages."):
    importlib.import_module(module.name)


def leaves(page: type[PortalPage]) -> Iterator[type[PortalPage]]:
    """The pages of the product that are opened as such, not those that others are made of."""
    kinds = [kind for kind in page.__subclasses__() if kind.__module__.startswith("pages.")]
    for kind in kinds:
        yield from leaves(kind)
    if not kinds:
        yield page


GRIDS: dict[str, tuple[type[PortalPage], Tabular[Any]]] = {
    f"{page.__name__}.{name}": (page, grid)
    for page in leaves(PortalPage)
    for name in elements_of(page)
    if isinstance(grid := getattr(page, name), Tabular)
}
SEC, CASO, LINE = "0012345678", siac_samples.CASO, siac_samples.LINEAS[:1]
#: as a case is that was registered from the template
LABELS = (
    "Tipo, Clase, Canal de atención, Contacto, DNI del contacto, Campaña, Cargo ofrecido, Detalle"
)
FIELDS = dict.fromkeys(LABELS.split(", "), "")
WORLDS: dict[type[Portal], tuple[dict[str, Any], KnownCase]] = {
    SisactPortal: (sisact_samples.WORLD, KnownCase(SEC, "", "", "")),
    SiacPortal: (
        siac_samples.world()
        | {"siac": {"cases": [{"number": CASO, "ruc": siac_samples.RUC, "fields": FIELDS}]}},
        KnownCase("", siac_samples.RUC, LINE[0], CASO),
    ),
    NintexPortal: (nintex_samples.WORLD, KnownCase("0045001", "", "", "")),
    RemedyPortal: (
        remedy_samples.world(remedy_samples.incident(1)),
        KnownCase(remedy_samples.SEC, "", "", ""),
    ),
}
#: the portal's method that comes to each grid, and what it is called with
READ_BY: dict[str, tuple[Any, ...]] = {
    "ConsultaPage.resultado": (SisactPortal, "read_sec", SEC),
    "SecPage.lineas": (SisactPortal, "read_sec", SEC),
    "ClientPage.contactos_autorizados": (SiacPortal, "read_client", siac_samples.RUC, []),
    "ClientPage.lineas": (SiacPortal, "read_client", siac_samples.RUC, LINE),
    "LineWindow.historial": (SiacPortal, "read_client", siac_samples.RUC, LINE),
    "LineWindow.recibos": (SiacPortal, "read_client", siac_samples.RUC, LINE),
    "CaseSearchPage.encontrados": (SiacPortal, "search_cases", "1"),
    "CasePage.historial": (SiacPortal, "read_case", CASO),
    "QueuePage.bandeja": (SiacPortal, "take_case", CASO),
    "LibraryPage.solicitudes": (NintexPortal, "search", Site.ACTIVACIONES, "0045001"),
    "RequestItem.lineas": (NintexPortal, "search", Site.ACTIVACIONES, "0045001"),
    "RequestForm.lineas": (NintexPortal, "file", Site.ACTIVACIONES, nintex_samples.draft()),
    "SearchPage.resultados": (RemedyPortal, "search", remedy_samples.SEC),
    "SearchPage.adjuntos": (RemedyPortal, "search", remedy_samples.SEC),
    "NewIncidentPage.adjuntos": (RemedyPortal, "file", remedy_samples.draft()),
}
#: those without which the inspection comes to no other: they are spoiled on their own
FIRST = {
    "ConsultaPage.resultado",
    "ClientPage.lineas",
    "CaseSearchPage.encontrados",
    "LibraryPage.solicitudes",
    "SearchPage.resultados",
}

# A table is known by its caption, SharePoint's by its summary, a repeating section by its name.
SPOIL = """(() => {
  const [spoiled, gone] = %s;
  const fold = (text) => text.normalize('NFKD').replace(/[^\\p{L}\\p{N}]/gu, '').toLowerCase();
  const cut = (table, place, width) => {
    for (const row of table.rows) if (row.cells.length === width) row.deleteCell(place);
  };
  const spoil = (name, column) => {
    for (const table of document.querySelectorAll('table')) {
      const named = table.caption ? table.caption.textContent : table.summary && 'solicitudes';
      if (!named || fold(named) !== fold(name)) continue;
      const header = table.querySelector('tr:has(th)');
      const place = Array.from(header ? header.cells : [])
        .findIndex((cell) => fold(cell.textContent) === fold(column));
      if (place < 0) {
        if (table.cut) cut(table, ...table.cut);
      } else if (gone) {
        table.cut = [place, header.cells.length];
        cut(table, ...table.cut);
      } else {
        header.cells[place].textContent = 'Otro nombre';
      }
    }
    for (const control of document.querySelectorAll(
        `[data-controlname="${name}"] [data-controlname="${column}"]`)) {
      if (gone) control.remove(); else control.dataset.controlname = 'OtroNombre';
    }
  };
  const spoilAll = () => spoiled.forEach((one) => spoil(...one));
  const observer = new MutationObserver(spoilAll);
  const watch = () => { observer.observe(document, {childList: true, subtree: true}); spoilAll(); };
  watch();
  // a new window keeps its scripts and gets another document
  window.addEventListener('DOMContentLoaded', watch);
})()"""


@pytest.fixture
def opened(seats: Seats, mock: MockPortals) -> Callable[..., Any]:
    """Opens a portal in whose pages the first columns of these grids are not what they were."""

    def opens(portal: type[Portal], grids: Iterable[str], *, gone: bool = False) -> Any:
        mock.reset(WORLDS[portal][0])
        spoiled = [(GRIDS[grid][1].name, first_column(grid)) for grid in grids]
        return seats.open(portal, mock, script=SPOIL % json.dumps([spoiled, gone]))

    return opens


def first_column(grid: str) -> str:
    return next(iter(GRIDS[grid][1].columns.values())).header


def told(grid: str) -> str:
    """How people are told that the grid's first column is not there."""
    page, element = GRIDS[grid]
    return f"{page.title}: la tabla «{element.name}» no tiene la columna «{first_column(grid)}»"


@pytest.mark.sample(2, of="a column")
@pytest.mark.parametrize(
    "gone", [False, pytest.param(True, marks=pytest.mark.full)], ids=["renamed", "gone"]
)
@pytest.mark.parametrize("grid", GRIDS)
def test_a_column_that_is_not_there_is_told(
    opened: Any, mock: MockPortals, run: Run, grid: str, gone: bool
) -> None:
    kind, method, *given = READ_BY[grid]
    portal = opened(kind, [grid], gone=gone)
    with pytest.raises(PageChanged) as raised:
        run(getattr(portal, method)(*given))
    assert str(raised.value) == f"{portal.name}, {told(grid)}"
    assert mock.state()["writes"] == 0


@pytest.mark.sample(2)
@pytest.mark.parametrize("first", [False, True], ids=["behind", "first"])
@pytest.mark.parametrize("kind", WORLDS, ids=lambda kind: kind.name)
def test_the_inspection_tells_it_beforehand(
    opened: Any, mock: MockPortals, run: Run, kind: type[Portal], first: bool
) -> None:
    grids = [grid for grid in GRIDS if READ_BY[grid][0] is kind and (grid in FIRST) is first]
    portal, see = opened(kind, grids), Inspection()
    run(portal.inspect_pages(see, WORLDS[kind][1]))
    assert sorted(see.missing) == sorted(map(told, grids))
    assert mock.state()["writes"] == 0


def test_every_page_has_a_title_of_its_own() -> None:
    assert [page.__name__ for page in leaves(PortalPage) if "title" not in vars(page)] == []
