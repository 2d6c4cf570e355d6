"""SIAC Único's case is read in whatever order and spelling a load of its page shows the fields."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import jinja2
from playwright.async_api import Page

from mock_portals import base
from mock_portals.siac.skin import Shown, Skin
from pages.contract.text import clean
from pages.core.inspection import elements_of
from pages.core.scripts import VALUES, with_tools
from pages.siac.case_page import CaseData
from tests.support.machine import FULL

LOADS = 2000 if FULL else 100
SIAC = base.HERE / "siac" / "templates"
#: each with the values that it may have; those in a box are of one
FIELDS: dict[str, tuple[str, ...]] = {
    "N° de caso": ("70000015",),
    "Referencia externa": ("", "CF-45012317-20261118-c36007"),
    "N° de SEC": ("45012317",),
    "RUC del cliente": ("20100017491",),
    "Líneas": ("987000001", "987000001, 987000002"),
    "Cola de atención": ("Variaciones Corporativas",),
    "Estado del caso": ("Registrado", "En atención", "Cerrado"),
    "Subclase": ("Postventa - pérdida del beneficio (POSTVENTA)",),
    "Resolución": ("", "Se registró la solicitud 1200."),
    "Fecha de creación": ("03/11/2026",),
    "Creado por": ("robot", "rosa.diaz"),
}
BOXED = {"N° de caso", "N° de SEC"}


def test_each_field_is_read(page: Page, run: Callable[..., Any], mill: Callable[..., Any]) -> None:
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(SIAC), autoescape=True)
    load = templates.from_string(
        '{% from "_parts.html" import values %}{% include "_style.html" %}'
        "<section>{{ values(c, shown) }}</section>"
    )
    data = CaseData(mill(1.0), page)
    named = {bound.name: bound for name in elements_of(CaseData) if (bound := getattr(data, name))}
    queries = [named[label].query for label in FIELDS]
    for seed in range(LOADS):
        source = random.Random(seed)
        chosen = {label: source.choice(values) for label, values in FIELDS.items()}
        shown = [Shown(label, value, label in BOXED) for label, value in chosen.items()]
        run(page.set_content(load.render(c=Skin(source), shown=shown)))
        read = run(page.locator("section").evaluate_all(with_tools(VALUES), queries))
        assert [clean(value) for (value,) in read["values"]] == list(chosen.values()), seed
