"""A portal's map: every name that is declared can be given otherwise, and finds what it names."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pages.contract.text import INVISIBLE
from pages.core.base_portal import Portal
from pages.core.elements import Bound, ByMarkup, Element
from pages.core.grid import Grid
from pages.core.portal_map import Mappable, Override, PortalMap, Word, phrase
from pages.core.tabular import Tabular
from pages.inventory import KINDS, surface_of
from pages.nintex.portal import NintexPortal
from pages.remedy.ar_fields import ArField, ArTable

PORTALS = tuple(KINDS.values())
#: a word that no page has; its letters stay as they are in a pattern
OTHER = "Zarzaparrilla"
#: an engine gets a pattern in which each letter may be followed by what cannot be seen
_BETWEEN_LETTERS = json.dumps(f"[{INVISIBLE}]*")[1:-1]


def each(chosen: Callable[[Mappable], bool]) -> pytest.MarkDecorator:
    """Those that are chosen of what a portal declares, page by page."""
    cases = []
    for portal in PORTALS:
        pages: dict[str, list[Mappable]] = {}
        for one in filter(chosen, surface_of(portal)):
            pages.setdefault(one.owner, []).append(one)
        cases += [pytest.param(ones, id=f"{portal.name}-{name}") for name, ones in pages.items()]
    return pytest.mark.parametrize("ones", cases)


def is_element(one: Mappable) -> bool:
    return isinstance(one, Element)


def has_more_names(one: Mappable) -> bool:
    return isinstance(one, ArField | Tabular)


class Asked:
    """A scope, or what is found in it, that notes all it is asked for."""

    def __init__(self, noted: list[str]) -> None:
        self.noted = noted

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **named: Any) -> Asked:
            for argument in (*args, *named.values()):
                is_other = isinstance(argument, re.Pattern) and argument.search(OTHER)
                self.noted.append(OTHER if is_other else str(argument))
            return self

        return call


def asked_by(one: Element[Any]) -> str:
    noted: list[str] = []
    one.find(Asked(noted))
    # of a table that is found by its columns, the name tells which is most like it
    if isinstance(one, Grid) and one.ways.near is not None and one.is_headed:
        one.ways.near(Asked(noted))
    return "\n".join(noted).replace(_BETWEEN_LETTERS, "")


def with_(one: Mappable, **given: Any) -> PortalMap:
    return PortalMap({(one.owner, one.attribute): Override(**given)})


@each(lambda one: True)
def test_what_is_declared_can_be_called_otherwise(ones: list[Mappable]) -> None:
    for one in ones:
        names = with_(one, name=OTHER)
        if isinstance(one, Word):
            assert one.on(Surface(names)) == OTHER, one.key
            continue
        assert isinstance(one, Element)
        here = one.here(names)
        assert here.name == OTHER, one.key
        if not isinstance(one.way, ByMarkup):
            assert OTHER in asked_by(here) and OTHER not in asked_by(one), one.key


@each(is_element)
def test_an_element_can_be_found_by_a_selector(ones: list[Element[Any]]) -> None:
    for one in ones:
        here = one.here(with_(one, selector="#otro"))
        assert (asked_by(here), here.name) == ("#otro", one.name), one.key


@each(has_more_names)
def test_numbers_and_columns_can_be_other_ones(ones: list[ArField[Any] | Tabular[Any]]) -> None:
    for one in ones:
        if isinstance(one, ArField | ArTable):
            assert '"4711"' in asked_by(one.here(with_(one, arid="4711"))), one.key
        columns = one.columns if isinstance(one, Tabular) else {}
        for attribute, column in columns.items():
            here = one.here(with_(one, columns={attribute: OTHER}))
            assert isinstance(here, Tabular)
            assert here.columns == {**columns, attribute: replace(column, header=OTHER)}, one.key
            if isinstance(here, Grid) and here.is_headed:
                assert OTHER in asked_by(here), one.key


class Surface:
    def __init__(self, names: PortalMap) -> None:
        self.names = names


@pytest.mark.parametrize("portal", PORTALS)
def test_each_key_is_one_thing(portal: type[Portal]) -> None:
    keys = Counter((one.owner, name) for one in surface_of(portal) for name in one.attributes)
    assert [key for key, count in keys.items() if count > 1] == []
    assert len(keys) > 10


def test_a_site_of_its_own() -> None:
    one = next(iter(surface_of(NintexPortal)))
    theirs = with_(one, name=OTHER)
    names = PortalMap(sites={"operador": theirs})
    assert names.at("operador").override(one) == Override(name=OTHER)
    assert names.at("activaciones").override(one) is None


def test_a_former_attribute_stays_a_key() -> None:
    class Page:
        ready = nuevo = viejo = Element(Bound, "Nombre", ByMarkup(lambda scope: scope))

    assert Page.nuevo.attribute == "nuevo"
    for key in ("ready", "nuevo", "viejo"):
        names = PortalMap({("Page", key): Override(name=OTHER)})
        assert Page.nuevo.here(names).name == OTHER


@pytest.mark.parametrize(
    ("words", "said", "found"),
    [
        ("solicitud N° {numero}", "Se registró la solicitud N°  812.", ("812",)),
        ("Mostrando {numero} - {numero} de", "Mostrando 1 - 25 de 40", ("1", "25")),
        (
            "desde el {momento} en {equipo}",
            "conectado desde el 20/11/2026 08:15:00 en PC-7.claro.",
            ("20/11/2026 08:15:00", "PC-7.claro"),
        ),
    ],
)
def test_words_with_something_in_them(words: str, said: str, found: tuple[str, ...]) -> None:
    match = phrase(words).search(said)
    assert match is not None and match.groups() == found
