"""Pages of a grid are turned as a person turns them, to the last; or it is told why not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.async_api import Page, Route

from pages.contract.errors import PageChanged
from pages.core.aspnet import AspNetPage
from pages.core.base_portal import Portal
from pages.core.elements import marked
from pages.core.paged import paged
from pages.core.whole import Counted

Run = Callable[[Awaitable[Any]], Any]
SITE = "http://127.0.0.1:9/Grillas.aspx"


class Grillas(AspNetPage):
    title = "Grillas"
    lineas = paged("Líneas", numero="Número")
    contadas = paged("Líneas", numero="Número").telling(whole=Counted(marked("#cuenta")))
    aparte = paged("Líneas", numero="Número").telling(pager=marked("#paginador"))


Site = Callable[..., Grillas]


@pytest.fixture
def site(page: Page, run: Run, mill: Callable[..., Portal]) -> Site:
    """A portal of whole postbacks: ``pager`` gives what stands below the rows of a page, in the
    table, and ``around`` what stands below the table."""

    def opened(
        pager: Callable[[int], str] = lambda at: "",
        *,
        around: Callable[[int], str] = lambda at: "",
        rows: Callable[[int], str] = lambda at: f"<tr><td>{at}</td><td>x</td></tr>",
        turn: Callable[[str, str, int], int] = lambda target, argument, at: int(argument),
        head: str = "<th>Número</th><th>Estado</th>",
        start: int = 1,
    ) -> Grillas:
        shown = start

        async def answer(route: Route) -> None:
            nonlocal shown
            if route.request.method == "POST":
                form = parse_qs(route.request.post_data or "", keep_blank_values=True)
                shown = turn(form["t"][0], form["a"][0], shown)
            await route.fulfill(
                content_type="text/html; charset=utf-8",
                body="<form method=post><input type=hidden name=t><input type=hidden name=a>"
                "<script>function __doPostBack(t, a) { const f = document.forms[0]; f.t.value = t;"
                " f.a.value = a; f.submit(); }</script><table aria-busy=false><caption>Líneas"
                f"</caption><tr>{head}</tr>{rows(shown)}{pager(shown)}"
                f"</table>{around(shown)}</form>",
            )

        run(page.unroute_all())
        run(page.route(SITE, answer))
        run(page.goto(SITE))
        return Grillas(mill(3.0, SITE), page)

    return opened


def link(text: str, argument: int | str, target: str = "gv") -> str:
    return f"<a href=\"javascript:__doPostBack('{target}','{argument}')\">{text}</a>"


def line(inside: str) -> str:
    return f"<tr><td colspan=2>{inside}</td></tr>"


def numbered(last: int) -> Callable[[int], str]:
    """Numbers up to the last, the one that is shown without link."""
    return lambda at: line(
        " ".join(f"<b>{n}</b>" if n == at else link(str(n), n) for n in range(1, last + 1))
    )


def ways(last: int, back: str = "Anterior", on: str = "Siguiente") -> Callable[[int], str]:
    def made(at: int) -> str:
        before = link(back, at - 1) if at > 1 else f"<span>{back}</span>"
        after = link(on, at + 1) if at < last else f"<span>{on}</span>"
        return f"{before} {after}"

    return made


def listed(last: int) -> Callable[[int], str]:
    options = [f"<option value={n}>{n}</option>" for n in range(1, last + 1)]

    def made(at: int) -> str:
        shown = "".join(options).replace(f"value={at}>", f"value={at} selected>")
        ask = "setTimeout('__doPostBack(\\'gv\\',\\'' + this.value + '\\')', 0)"
        sizes = "<select><option>5<option selected>10<option>20</select>"
        return f'Página <select onchange="{ask}">{shown}</select> Registros por página {sizes}'

    return made


async def numbers(of: Grillas) -> list[str]:
    return [row["numero"] for row in await of.lineas.all_rows()]


IN_THE_TABLE: dict[str, Callable[[int], str]] = {
    "numbers": numbered(4),
    "words": lambda at: line(ways(4)(at)),
    "arrows": lambda at: line(ways(4, "&lt;", "&gt;")(at)),
    "double arrows": lambda at: line(ways(4, "«", "»")(at)),
    "words that are longer": lambda at: line(
        ways(4, "&lt; Página anterior", "Página sgte. &gt;")(at)
    ),
    "pictures": lambda at: line(
        ways(
            4, "<img alt='Anterior' width=9 height=9>", "<img title='Siguiente' width=9 height=9>"
        )(at)
    ),
    "told": lambda at: line(f"Página {at} de 4 {ways(4)(at)}"),
    "records told": lambda at: line(f"Registros {at} - {at} de 4 {ways(4)(at)}"),
    "a box with the number": lambda at: line(
        f"Página <input value={at} size=2> de 4 <input type=submit value=Ir> {ways(4)(at)}"
    ),
    "a list": lambda at: line(listed(4)(at)),
    "above and below": lambda at: line(ways(4)(at)) + line(ways(4)(at)),
    "in several cells": lambda at: (
        "<tr>"
        + "".join(f"<td>{one}</td>" for one in ways(4, "Anterior", "Siguiente")(at).split("  "))
        + "</tr>"
    ),
    "with the footer": lambda at: "<tr><td>Total</td><td></td></tr>" + numbered(4)(at),
}


@pytest.mark.sample(4)
@pytest.mark.parametrize("start", [1, 3])
@pytest.mark.parametrize("pager", IN_THE_TABLE.values(), ids=IN_THE_TABLE.keys())
def test_all_pages_are_read_from_the_first(
    site: Site, run: Run, pager: Callable[[int], str], start: int
) -> None:
    opened = site(pager, start=start)
    assert run(opened.lineas.has_pages())
    assert run(numbers(opened)) == ["1", "2", "3", "4"]


BESIDE: dict[str, Callable[[int], str]] = {
    "numbers": lambda at: f"<p>{EMPTY_ROW(numbered(3)(at))}</p>",
    "told": lambda at: f"<div><div>Página {at} de 3</div>{ways(3)(at)}</div>",
    "a list": lambda at: f"<p>{listed(3)(at)}</p>",
    "after a notice": lambda at: f"<p>Haga clic en una línea</p><p>Pág. {at}/3 {ways(3)(at)}</p>",
}


def EMPTY_ROW(row: str) -> str:  # noqa: N802
    return row.removeprefix("<tr><td colspan=2>").removesuffix("</td></tr>")


@pytest.mark.sample(1)
@pytest.mark.parametrize("around", BESIDE.values(), ids=BESIDE.keys())
def test_a_pager_beside_the_table_is_used(
    site: Site, run: Run, around: Callable[[int], str]
) -> None:
    assert run(numbers(site(around=around, start=2))) == ["1", "2", "3"]


def test_a_pager_beside_a_column_of_links_is_used(site: Site, run: Run) -> None:
    """Rows that are numbers with a link are records all the same, and no pager of the table's."""
    opened = site(
        around=BESIDE["numbers"],
        rows=lambda at: f"<tr><td><a href='javascript:void(0)'>10060{at}</a></td></tr>",
        head="<th>Número</th>",
    )
    assert run(numbers(opened)) == ["100601", "100602", "100603"]


def test_words_beside_the_table_are_used_where_they_are_declared(site: Site, run: Run) -> None:
    """*Anterior* and *Siguiente* may as well be about the steps of a form."""
    opened = site(around=lambda at: f"<div id=paginador>{ways(3)(at)}</div>")
    assert [row["numero"] for row in run(opened.aparte.all_rows())] == ["1", "2", "3"]
    with pytest.raises(PageChanged, match="no dice si lo que está junto a ella pasa sus páginas"):
        run(opened.lineas.all_rows())


def test_one_page_is_no_more(site: Site, run: Run) -> None:
    for pager in ("", line("<span>1</span>"), line("<span>Anterior</span> <span>Siguiente</span>")):
        opened = site(lambda at, pager=pager: pager)
        assert not run(opened.lineas.has_pages())
        assert run(numbers(opened)) == ["1"]


Told = tuple[str, dict[str, Any]]
NOT_TURNED: dict[str, Told] = {
    "it does not turn": (
        "no cambió de página",
        {"pager": numbered(3), "turn": lambda t, a, at: at},
    ),
    "it turns to another": (
        "no cambió de página",
        {"pager": numbered(4), "turn": lambda t, a, at: 4},
    ),
    "its words do not turn": (
        "no cambió de página",
        {"pager": lambda at: line(ways(3)(1)), "turn": lambda t, a, at: at},
    ),
    "a page comes again": (
        "repite una página|no cambió de página",
        {"pager": numbered(3), "rows": lambda at: f"<tr><td>{min(at, 2)}</td><td>x</td></tr>"},
    ),
    "it goes round": (
        "repite una página",
        {
            "pager": lambda at: line(f"<span>Anterior</span> {link('Siguiente', at % 3 + 1)}"),
        },
    ),
    "the page that is shown is not told": (
        "paginador que no se entiende",
        {"pager": lambda at: line(link("1", 1) + link("2", 2))},
    ),
    "there is no way on": (
        "paginador que no se entiende",
        {"pager": lambda at: line(f"Página {at} de 3")},
    ),
    "there is no way back": (
        "paginador que no se entiende",
        {"pager": lambda at: line(f"<b>{at}</b>" + link(str(at + 1), at + 1)), "start": 2},
    ),
    "above and below differ": (
        "paginador que no se entiende",
        {"pager": lambda at: numbered(3)(at) + numbered(3)(at % 3 + 1)},
    ),
    "fewer records than told": (
        "no muestra tantos registros como dice",
        {"pager": lambda at: line(f"Total de registros: 9 {EMPTY_ROW(numbered(3)(at))}")},
    ),
    "other links": (
        "una fila que no se entiende",
        {"pager": lambda at: line(link("Ver más", 2))},
    ),
    "other links beside numbers": (
        "una fila que no se entiende",
        {"pager": lambda at: line(f"<b>1</b> {link('2', 2)} {link('B', 'B')}")},
    ),
}


@pytest.mark.sample(3)
@pytest.mark.parametrize(("told", "how"), NOT_TURNED.values(), ids=NOT_TURNED.keys())
def test_pages_that_cannot_be_turned_for_certain(
    site: Site, run: Run, told: str, how: dict[str, Any]
) -> None:
    opened = site(**how)
    with pytest.raises(PageChanged, match=told):
        run(opened.lineas.all_rows())


@pytest.mark.parametrize(("count", "is_right"), [(3, True), (4, False)])
def test_the_number_of_all_records(site: Site, run: Run, count: int, is_right: bool) -> None:
    opened = site(numbered(3), around=lambda at: f"<p id=cuenta>Se hallaron {count}</p>")
    if is_right:
        assert len(run(opened.contadas.all_rows())) == 3
    else:
        with pytest.raises(PageChanged, match="no muestra tantos registros como dice"):
            run(opened.contadas.all_rows())


def test_pages_that_a_script_turns(site: Site, run: Run, page: Page) -> None:
    opened = site(
        lambda at: line(
            "<span id=n>1</span> <a id=a href='#' onclick='later(); return false'>Siguiente</a>"
        )
    )
    run(
        page.evaluate(
            """() => { window.later = () => setTimeout(() => {
              const rows = document.querySelector('table').rows, at = Number(n.textContent) + 1;
              n.textContent = at; rows[1].cells[0].textContent = at;
              if (at === 3) { a.removeAttribute('href'); a.onclick = null; }
            }, 100); }"""
        )
    )
    assert run(numbers(opened)) == ["1", "2", "3"]
