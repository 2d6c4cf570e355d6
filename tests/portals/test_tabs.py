"""Tabs and menu entries as the products make them: by role, by the Toolkit's classes, by links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Page, Route

from pages.contract.errors import PageChanged
from pages.core.aspnet import AspNetPage
from pages.core.elements import shown, titled
from pages.core.page import PortalPage
from pages.core.tabs import menu_item, tab

Run = Callable[..., Any]

TOOLKIT = """<div class="ajax__tab_header">
<span id=h0 class="ajax__tab_active"><span class="ajax__tab_outer"><span class="ajax__tab_inner">
<a class="ajax__tab_tab" href="#">Datos</a></span></span></span>
<span id=h1 class=""><span class="ajax__tab_outer"><span class="ajax__tab_inner">
{header}</span></span></span></div>
<script>h1.addEventListener('click', () => setTimeout(() => {{ h0.className = '';
  h1.className = 'ajax__tab_active'; }}, 100))</script>"""
MENU = """<div id=Menu1><ul class="level1 static" role="menubar">
<li role="menuitem"><a class="level1 static selected" href="javascript:go(0)">Datos</a></li>
<li role="menuitem"><a class="level1 static" href="javascript:go(1)">L&iacute;neas</a></li>
</ul></div><script>
function go(at) { setTimeout(() => document.querySelectorAll('#Menu1 a').forEach((a, n) =>
  a.className = 'level1 static' + (n === at ? ' selected' : '')), 100) }</script>"""


class Tabbed(PortalPage):
    title = "Detalle"
    lineas = tab("Líneas")
    plan = shown("Plan")
    lineas_con_plan = tab("Líneas", shows=plan)
    entrada = menu_item("Consulta de SEC")
    titulo = titled("Datos de la evaluación")


class PostingTabs(AspNetPage):
    title = "Detalle"
    lineas = tab("Líneas")


@pytest.fixture
def tabbed(show: Callable[..., Tabbed]) -> Callable[[str], Tabbed]:
    return lambda html: show(Tabbed, html, 20.0)


@pytest.fixture
def hasty(show: Callable[..., Tabbed]) -> Callable[[str], Tabbed]:
    return lambda html: show(Tabbed, html)


@pytest.mark.parametrize(
    "html",
    [
        "<i role=tab aria-selected=false onclick=\"setTimeout(() => this.setAttribute("
        "'aria-selected', 'true'), 100)\">Líneas</i><a href='#'>Otra</a>",
        TOOLKIT.format(header='<a class="ajax__tab_tab" href="#"><span>Líneas</span></a>'),
        TOOLKIT.format(header='<span class="ajax__tab_tab">Líneas</span>'),
        MENU,
        "<ul><li class=active><a href='#'>Datos</a></li><li onclick=\"setTimeout(() => "
        "this.className = 'active', 100)\"><a href='#'>Líneas</a></li></ul>",
        "<table><tr><td class=selected>Datos</td><td onclick=\"this.className = 'selected'\">"
        "Líneas</td></tr></table>",
        "<input type=button value=Líneas onclick=\"this.className = 'selected'\">",
    ],
    ids=["role", "toolkit", "older toolkit", "menu", "list", "cells", "button"],
)  # fmt: skip
def test_a_tab_is_open_once_it_says_so(
    tabbed: Callable[[str], Tabbed], run: Run, page: Page, html: str
) -> None:
    opened = tabbed(html)
    assert run(opened.lineas.is_shown())
    assert run(opened.lineas.absent()) == []
    run(opened.lineas.open())
    assert run(page.locator(".active, .selected, .ajax__tab_active, [aria-selected=true]").count())


@pytest.mark.parametrize(
    "html",
    [
        "<i role=tab aria-selected=false class=active>Líneas</i>",
        "<a href='#'>Líneas</a>",
        "<div class=active><a href='#'>Datos</a><a href='#'>Líneas</a></div>",
        TOOLKIT.format(header='<a class="ajax__tab_tab" href="#">Líneas</a>').replace(
            "h1.className", "h1.title"
        ),
    ],
)
def test_a_tab_that_does_not_open_is_told(
    hasty: Callable[[str], Tabbed], run: Run, html: str
) -> None:
    with pytest.raises(PageChanged, match="pestaña «Líneas»"):
        run(hasty(html).lineas.open())


def test_a_tab_is_open_when_the_page_shows_what_is_in_it(
    tabbed: Callable[[str], Tabbed], hasty: Callable[[str], Tabbed], run: Run
) -> None:
    html = "<a href='javascript:void(p.hidden = {})'>Líneas</a><p id=p hidden>Plan: <b>Max</b></p>"
    opened = tabbed(html.format("false"))
    run(opened.lineas_con_plan.open())
    assert run(opened.plan.read()) == "Max"
    with pytest.raises(PageChanged, match="pestaña «Líneas»"):
        run(hasty(html.format("true")).lineas_con_plan.open())


def test_a_tab_that_posts_back_is_open_once_the_answer_is_there(
    show: Callable[..., PostingTabs], run: Run, page: Page
) -> None:
    """The whole page is sent, and another comes, in which the tab is another element."""
    header = "<a class='{}' href=\"javascript:__doPostBack('m','1')\">Líneas</a>"
    script = "<script>function __doPostBack() { location.search = 'm=1' }</script>"

    async def answer(route: Route) -> None:
        posted = "m=1" in route.request.url
        body = header.format("selected") + "<i id=answer></i>" if posted else header + script
        await route.fulfill(body=body, content_type="text/html; charset=utf-8")

    opened = show(PostingTabs, "", 20.0)
    run(page.route("http://tabs.test/**", answer))
    run(page.goto("http://tabs.test/"))
    run(opened.lineas.open())
    assert run(page.locator("#answer").count()) == 1
    run(page.unroute_all())


def test_two_of_one_name_are_not_chosen_between(hasty: Callable[[str], Tabbed], run: Run) -> None:
    with pytest.raises(PageChanged, match="hay más de un"):
        run(hasty("<a href='#'>Líneas</a><a href='#'>Líneas</a>").lineas.open())


@pytest.mark.parametrize(
    "html",
    [
        "<a href='javascript:void(hit = 1)'>Consulta de SEC</a>",
        "<div role=menuitem onclick='hit = 1'>Consulta de SEC</div>",
        "<table><tr><td onclick='hit = 1'><span>Consulta de SEC</span></td></tr></table>",
        "<li role=treeitem onclick='hit = 1'>Consulta de SEC</li>",
    ],
)
def test_an_entry_of_a_menu(
    tabbed: Callable[[str], Tabbed], run: Run, page: Page, html: str
) -> None:
    run(tabbed(f"<script>var hit = 0</script>{html}").entrada.click())
    run(page.wait_for_function("hit === 1"))


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Datos de la evaluación</h1>",
        "<h2><span>Datos</span> de la evaluación</h2>",
        "<span class=titulo>DATOS DE LA EVALUACIÓN</span><a href='#'>Datos de la evaluación</a>",
        "<table><tr><td>Datos de la&nbsp;evaluación</td></tr></table>",
        "<fieldset><legend>Datos de la evaluación</legend></fieldset>",
    ],
)
def test_a_title_that_may_be_no_heading(
    tabbed: Callable[[str], Tabbed], run: Run, html: str
) -> None:
    run(tabbed(html).titulo.wait())


def test_what_is_pressed_is_no_title(tabbed: Callable[[str], Tabbed], run: Run) -> None:
    html = (
        "<a href='#'>Datos de la evaluación</a><input type=button value='Datos de la evaluación'>"
    )
    assert not run(tabbed(html).titulo.is_shown())
