"""Grids as such pages build them, from a seed, each with what a person reads in it.

What is read is known by construction: the records are made first, and the markup around them.
"""

from __future__ import annotations

import html
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pages.core.elements import marked
from pages.core.grid import Grid, captioned, grid
from pages.core.paged import paged
from pages.core.whole import Counted, Shown

HEADERS = ("N° de SEC", "RUC", "Razón social", "Estado", "Plan tarifario", "Cargo fijo", "Fecha")
WORDS = ("Aprobada", "Observada", "En atención", "Max 59.90", "S/ 1,234.50", "Ñandú & Cía S.A.C.")
EMPTY = ("No se encontraron registros", "No existen líneas para el RUC ingresado", "Sin resultados")


@dataclass
class Layout:
    """A grid with the controls that turn its pages; see `STUB` for what they do."""

    name: str
    declared: Grid[Any]
    #: what a person reads, by the names of the declared columns
    records: list[dict[str, str]]
    #: by pages: the markup, and where each of its controls leads
    pages: list[dict[str, Any]] = field(default_factory=list)
    start: int = 0
    has_pager: bool = False
    #: said about it in a failure
    traits: list[str] = field(default_factory=list)

    @property
    def markup(self) -> str:
        return f'<div class="grid" id="{self.name}">{self.pages[self.start]["html"]}</div>'


# Postbacks that swap a grid for its next page, or for the same: what a control leads to is told by
# its target and argument. Rows in a <template> come in a few at a time.
STUB = """
  const GRIDS = %s;
  let busy = false;
  const begun = [], ended = [];
  const manager = {
    get_isInAsyncPostBack: () => busy,
    add_beginRequest: (listener) => begun.push(listener),
    add_endRequest: (listener) => ended.push(listener),
  };
  const response = {get_aborted: () => false, get_responseData: () => '0|'};
  window.Sys = {WebForms: {PageRequestManager: {getInstance: () => manager}}};
  const fill = (place) => {
    for (const template of place.querySelectorAll('template')) {
      const body = template.parentElement, rows = Array.from(template.content.children);
      const next = () => {
        rows.splice(0, 2).forEach((row) => body.appendChild(row));
        if (rows.length) return setTimeout(next, 5);
        template.remove();
        const table = body.closest('table');
        if (table.hasAttribute('aria-busy')) table.setAttribute('aria-busy', 'false');
        place.querySelectorAll('.filled').forEach((e) => { e.hidden = false; });
      };
      setTimeout(next, 10);
    }
  };
  const turn = (name, target, argument) => {
    const grid = GRIDS[name], page = grid.pages[grid.now].turns[`${target}|${argument}`];
    if (page === undefined) throw new Error(`${name}: nothing does ${target} ${argument}`);
    grid.now = page;
    const place = document.getElementById(name);
    place.innerHTML = grid.pages[page].html;
    fill(place);
  };
  window.__doPostBack = (target, argument) => {
    if (busy) throw new Error('a click during a postback');
    busy = true;
    begun.forEach((listener) => listener(manager, {get_postBackElement: () => null}));
    setTimeout(() => {
      turn(target.split('$')[1], target, argument);
      busy = false;
      const args = {get_error: () => null, get_response: () => response};
      ended.forEach((listener) => listener(manager, args));
    }, 5);
  };
  window.scripted = (name, target, argument) => setTimeout(() => turn(name, target, argument), 5);
  document.querySelectorAll('.grid').forEach(fill);
"""


def page_of(layouts: list[Layout]) -> str:
    """A page with all of these grids."""
    known = {one.name: {"now": one.start, "pages": one.pages} for one in layouts}
    data = json.dumps(known).replace("</", "<\\/")
    grids = "<hr>".join(one.markup for one in layouts)
    form = f"<form onsubmit='return false'>{grids}</form>"
    return f"<!DOCTYPE html><meta charset=utf-8>{form}<script>{{ {STUB % data} }}</script>"


class Maker:
    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self.count = 0

    def one(self, *options: Any) -> Any:
        return self.chance.choice(options)

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    # cells: what is read, and the markup

    def word(self) -> str:
        self.count += 1
        return self.one(f"{9_000_000 + self.chance.randrange(999_999)}", self.one(*WORDS), "")

    def cell(self, kind: str, key: str = "") -> tuple[str, str]:
        self.count += 1
        text = key or self.word()
        shown = html.escape(text) or "&nbsp;"
        value = html.escape(text, quote=True)
        number = self.count
        on = self.often(0.5)
        kinds: dict[str, Callable[[], tuple[str, str]]] = {
            "text": lambda: (text, shown),
            "padded": lambda: (text, f"&nbsp;<font><b>{shown}</b></font>\u200b "),
            "link": lambda: (text, f"<a href='javascript:void(0)'>{shown}</a>"),
            "span": lambda: (text, f"<span>{shown}</span><span style='display:none'>unseen</span>"),
            "unseen": lambda: (
                text,
                f"{shown}<i style='visibility:hidden'>x</i><i style='position:absolute;"
                f"left:-9999px'>y</i><input type=hidden value=z>",
            ),
            "box": lambda: (text, f"<input value='{value}'>"),
            "locked": lambda: (text, f"<input value='{value}' {self.one('disabled', 'readonly')}>"),
            "area": lambda: (text, f"<textarea>{html.escape(text)}</textarea>"),
            "list": lambda: (
                text,
                f"<select {self.one('', 'disabled')}><option>Otra<option selected>{shown}</select>",
            ),
            "check": lambda: (
                "sí" if on else "no",
                f"<span><input type=checkbox {'checked' if on else ''}></span>",
            ),
            "radios": lambda: (
                "Jurídica" if on else "Natural",
                "<table><tr>"
                + "".join(
                    f"<td><input type=radio id=r{number}{at} name=r{number} "
                    f"{'checked' if on is bool(at) else ''}><label for=r{number}{at}>{name}</label>"
                    for at, name in enumerate(("Natural", "Jurídica"))
                )
                + "</table>",
            ),
            "bare radios": lambda: (
                "Jurídica" if on else "Natural",
                f"<input type=radio name=r{number} {'' if on else 'checked'}>Natural "
                f"<input type=radio name=r{number} {'checked' if on else ''}>Jurídica",
            ),
            "checks": lambda: (
                "Fijo, Móvil" if on else "Móvil",
                f"<label><input type=checkbox {'checked' if on else ''}>Fijo</label>"
                "<label><input type=checkbox>Cable</label>"
                "<label><input type=checkbox checked>Móvil</label>",
            ),
            "several": lambda: (
                "S/ 59.90 por 6 Meses",
                "S/ <input value='59.90'> por <input size=2 value=6> "
                "<select><option>Días<option selected>Meses</select>",
            ),
            "captioned": lambda: (
                text or "Ver",
                f"<input type=button value='{value or 'Ver'}'>",
            ),
            "and button": lambda: (
                text or "x",
                f"{shown if text else 'x'} <button>Copiar</button>",
            ),
            "picture": lambda: (text or "Alta", f"<img alt='{value or 'Alta'}' width=9 height=9>"),
        }
        read, markup = kinds[kind]()
        return " ".join(read.split()), markup

    def row(self, columns: list[str], kinds: list[str], tag: str) -> tuple[list[str], str]:
        cells = [
            self.cell(kind, str(100_000 + self.count) if at == 0 else "")
            for at, kind in enumerate(kinds)
        ]
        first = tag == "th"
        inside = "".join(
            f"<th scope=row>{markup}</th>" if first and at == 0 else f"<td>{markup}</td>"
            for at, (_, markup) in enumerate(cells)
        )
        return [read for read, _ in cells], f"<tr>{inside}</tr>"

    # rows that are no records

    def header(self, columns: list[str], style: str) -> str:
        if style == "levels" and len(columns) > 2:
            return (
                f"<tr><th rowspan=2>{columns[0]}</th><th colspan={len(columns) - 1}>Datos</th></tr>"
                "<tr>" + "".join(f"<th>{name}</th>" for name in columns[1:]) + "</tr>"
            )
        if style == "td":
            return "<tr>" + "".join(f"<td>{name}</td>" for name in columns) + "</tr>"
        if style == "sorted":
            links = (f"<a href='javascript:void(0)'>{name}</a> ▲" for name in columns)
            return "<tr>" + "".join(f"<th scope=col>{link}</th>" for link in links) + "</tr>"
        if style == "filtered":
            cells = (f"{name} <select><option>Todos</select>" for name in columns)
            return "<tr>" + "".join(f"<th scope=col>{cell}</th>" for cell in cells) + "</tr>"
        return "<tr>" + "".join(f"<th scope=col>{name}</th>" for name in columns) + "</tr>"

    def between(self, width: int, traits: list[str]) -> str:
        """A row between two records that is none."""
        nested = "<table><tr><th>Detalle</th></tr><tr><td>7</td></tr></table>"
        cells = "<td>1</td>" * width
        kinds = {
            "spacer": f"<tr style='height:4px'>{'<td></td>' * width}</tr>",
            "wide spacer": f"<tr><td colspan={width}><img width=1 height=1></td></tr>",
            "hidden": f"<tr style='display:none'>{cells}</tr>",
            "invisible": f"<tr style='visibility:hidden'>{cells}</tr>",
        }
        if width > 1:
            kinds["details"] = f"<tr><td colspan={width}>{nested}</td></tr>"
            kinds["group"] = f"<tr><th colspan={width}>Grupo</th></tr>"
        kind = self.one(*kinds)
        traits.append(kind)
        return kinds[kind]

    def footer(self, width: int, traits: list[str]) -> str:
        kinds = {"none": "", "blank": f"<tr>{'<td>&nbsp;</td>' * width}</tr>"}
        if width > 1:
            rest = "<td></td>" * (width - 2)
            kinds |= {
                "total": f"<tr><td>Total:</td>{rest}<td>118.00</td></tr>" if width > 2 else "",
                "wide total": f"<tr><td colspan={width - 1}>Total</td><td>118.00</td></tr>",
                "bold total": f"<tr>{'<th>Total</th>' * width}</tr>",
                "new": "<tr>" + "<td><input></td>" * (width - 1) + "<td><a href='javascript:"
                "void(0)'>Agregar</a></td></tr>",
                "words": f"<tr><td colspan={width}>Total de cargos: 118.00</td></tr>",
            }
        kind = self.one(*kinds)
        traits.append(f"footer {kind}")
        return kinds[kind]

    # the whole

    def layout(self, name: str, *, with_pages: bool) -> Layout:
        traits: list[str] = []
        columns = list(self.chance.sample(HEADERS, self.one(1, 2, 3, 4, 5)))
        width = len(columns)
        declared = [columns[0], *self.chance.sample(columns[1:], self.chance.randrange(width))]
        kinds = ["text", *(self.one(*CELLS) for _ in columns[1:])]
        kinds[0] = self.one(*(["text"] * 3), "padded", "link", "box", "list", "locked", "span")
        actions = self.often(0.3)
        style = self.one("th", "td", "sorted", "filtered", "levels")
        size = self.one(1, 2, 3, 5)
        total = self.chance.randrange(size + 1, 5 * size + 1) if with_pages else self.one(*range(8))
        tag = self.one("td", "td", "th") if style != "td" else "td"
        rows = [self.row(columns, kinds, tag) for _ in range(total)]
        traits += [f"header {style}", f"{width} columns", f"cells {kinds}"]
        if actions:
            traits.append("actions")
            links = "<td><a href='javascript:void(0)'>Ver</a> <button>Editar</button></td>"
            rows = [(read, markup.removesuffix("</tr>") + links + "</tr>") for read, markup in rows]
            columns = [*columns, "&nbsp;"]
        attributes = {f"c{at}": header for at, header in enumerate(declared)}
        records = [
            {key: read[columns.index(header)] for key, header in attributes.items()}
            for read, _ in rows
        ]
        made = Layout(name, None, records, traits=traits)  # type: ignore[arg-type]
        found = self.one("caption", "headers", "place")
        chunks = [rows[at : at + size] for at in range(0, total, size)] if with_pages else [rows]
        pager = self.one(*PAGERS) if with_pages else self.one("", "", "", "one")
        position = self.one("bottom", "bottom", "top", "both")
        signs = ["told", "quiet", "script busy", "script sign"] + ([] if with_pages else ["count"])
        sign = self.one("told", *signs)
        made.start = self.chance.randrange(len(chunks)) if with_pages else 0
        traits += [f"by {found}", f"pager {pager} {position}", sign, f"{total} rows of {size}"]
        mess = self.often(0.5) and width > 0
        window = self.one(2, 3, 10)
        for at, chunk in enumerate(chunks):
            turns: dict[str, int] = {}
            line, outside = self.pager(name, pager, at, len(chunks), len(columns), window, turns)
            if not chunk:
                head, body, foot = self.empty(columns, style, found, traits)
            else:
                head = self.header(columns, style)
                parts = [markup for _, markup in chunk]
                foot = ""
                if mess:
                    spot = self.chance.randrange(len(parts))
                    parts.insert(spot, self.between(len(columns), traits))
                    foot = self.footer(len(columns), traits)
                body = "".join(parts)
            top = line if position in ("top", "both") else ""
            bottom = line if position != "top" else ""
            if self.often(0.2) and len(columns) > 1 and head:
                top = f"<tr><td colspan={len(columns)}>LISTADO</td></tr>" + top
            table = self.table(name, found, sign, top + head, body, foot, bottom, len(records))
            made.pages.append({"html": table + outside, "turns": turns})
        made.has_pager = bool(pager)
        made.declared = self.declared(name, found, sign, bool(pager), attributes)
        return made

    def empty(
        self, columns: list[str], style: str, found: str, traits: list[str]
    ) -> tuple[str, str, str]:
        words = self.one(*EMPTY)
        kind = self.one("header", "notice", "bare")
        if kind == "bare" and found == "headers":
            kind = "notice"
        traits.append(f"empty {kind}")
        notice = f"<tr><td colspan={len(columns)}>{words}</td></tr>"
        if kind == "header":
            return self.header(columns, style), "", ""
        return ("" if kind == "bare" else self.header(columns, style)), notice, ""

    def table(
        self,
        name: str,
        found: str,
        sign: str,
        head: str,
        body: str,
        foot: str,
        bottom: str,
        total: int,
    ) -> str:
        caption = f"<caption>{name}</caption>" if found == "caption" else ""
        busy = {"told": "aria-busy=false", "script busy": "aria-busy=true"}.get(sign, "")
        if sign.startswith("script"):
            body, foot, bottom = f"<template>{body}{foot}{bottom}</template>", "", ""
        parts = f"<tbody>{head}{body}{foot}{bottom}</tbody>"
        if not sign.startswith("script") and self.often(0.3):
            parts = f"<thead>{head}</thead><tbody>{body}{foot}</tbody><tfoot>{bottom}</tfoot>"
        table = f'<table border=1 {busy} rules=all id="gv{name}">{caption}{parts}</table>'
        wrapped = self.one(
            table, f"<div>{table}</div>", f"<table><tr><td>x</td><td>{table}</td></tr></table>"
        )
        told = {
            "script sign": f"<p class=filled id=s{name} hidden>Listo</p>",
            "count": f"<p id=n{name}>Registros: {total}</p>",
        }.get(sign, "")
        return f"<div id=p{name}>{wrapped}</div>{told}"

    def declared(
        self, name: str, found: str, sign: str, has_pager: bool, attributes: dict[str, str]
    ) -> Grid[Any]:
        made: Grid[Any] = (paged if has_pager else captioned)(name, **attributes)
        if found == "place":
            made.find = lambda scope: scope.locator(f"#gv{name}").or_(
                scope.locator(f"#p{name}:empty")
            )
        if found == "headers":
            # the page has many grids of the same columns: in its own place it is the only one
            made = made.by_headers()
            inner = made.find
            made.find = lambda scope: inner(scope.locator(f"#p{name}"))
        if sign == "script sign":
            made.telling(whole=Shown(marked(f"#s{name}")))
        if sign == "count":
            made.telling(whole=Counted(marked(f"#n{name}")))
        return made

    # pagers

    def pager(
        self,
        name: str,
        kind: str,
        at: int,
        count: int,
        width: int,
        window: int,
        turns: dict[str, int],
    ) -> tuple[str, str]:
        """The row that turns the pages, or what stands below the table; where its controls lead."""
        if not kind:
            return "", ""
        number = 0

        def ask(argument: str, page: int) -> str:
            nonlocal number
            number += 1
            target = f"ctl00${name}" if argument else f"ctl00${name}$ctl{number:02d}"
            turns[f"{target}|{argument}"] = page
            return f"__doPostBack(&#39;{target}&#39;,&#39;{argument}&#39;)"

        def link(text: str, argument: str, page: int) -> str:
            return f'<a href="javascript:{ask(argument, page)}">{text}</a>'

        def numbers(arguments: bool) -> list[str]:
            first = at // window * window
            last = min(first + window, count)
            parts = []
            if first:
                parts.append(link("...", f"Page${first}" if arguments else "", first - 1))
            for page in range(first, last):
                argument = f"Page${page + 1}" if arguments else ""
                shown = f"<span>{page + 1}</span>"
                parts.append(shown if page == at else link(str(page + 1), argument, page))
            if last < count:
                parts.append(link("...", f"Page${last + 1}" if arguments else "", last))
            return parts

        def cells(parts: list[str]) -> str:
            inside = "".join(f"<td>{part}</td>" for part in parts)
            spans = f" colspan={width}" if width > 1 else ""
            return f"<tr><td{spans}><table><tr>{inside}</tr></table></td></tr>"

        def ends(texts: tuple[str, str, str, str], arguments: bool, *, dead: bool) -> list[str]:
            places = (("First", 0), ("Prev", at - 1), ("Next", at + 1), ("Last", count - 1))
            parts = []
            for text, (argument, page) in zip(texts, places, strict=True):
                off = at == (0 if argument in ("First", "Prev") else count - 1)
                if not text or (off and not dead):
                    continue
                off_markup = f"<span>{text}</span>"
                on_markup = "" if off else link(text, f"Page${argument}" if arguments else "", page)
                parts.append(off_markup if off else on_markup)
            return parts

        line = "<tr><td{}>{}</td></tr>".format(f" colspan={width}" if width > 1 else "", "{}")
        words = ("Primera", "Anterior", "Siguiente", "Última")
        arrows = ("&lt;&lt;", "&lt;", "&gt;", "&gt;&gt;")
        if kind == "one":
            return (line.format("<span>1</span>") if width > 1 else ""), ""
        if kind == "numeric":
            return cells(numbers(True)), ""
        if kind == "ends":
            parts = ends(("Primera", "", "", "Última"), True, dead=False)
            return cells([*parts[:1], *numbers(True), *parts[1:]]), ""
        if kind == "words":
            return cells(ends(("", "Anterior", "Siguiente", ""), True, dead=False)), ""
        if kind == "arrows":
            return cells(ends(arrows, True, dead=False)), ""
        if kind == "pictures":
            places = (("Prev", at - 1, "&lt;"), ("Next", at + 1, "&gt;"))
            parts = [
                f'<input type=image alt="{alt}" width=9 height=9 '
                f'onclick="{ask(f"Page${argument}", page)};return false;">'
                for argument, page, alt in places
                if 0 <= page < count
            ]
            return cells(parts), ""
        if kind == "datagrid":
            return line.format("&nbsp;".join(numbers(False))), ""
        if kind == "datagrid words":
            parts = ends(("", words[1], words[2], ""), False, dead=True)
            return line.format("&nbsp;".join(parts)), ""
        if kind == "told":
            parts = ends(words, False, dead=True)
            told = f"Página {at + 1} de {count}"
            return line.format(f"{' '.join(parts[:2])} {told} {' '.join(parts[2:])}"), ""
        if kind == "list":
            for page in range(count):
                turns[f"ctl00${name}$list|{page}"] = page
            change = f"__doPostBack(&#39;ctl00${name}$list&#39;,String(this.selectedIndex))"
            options = "".join(
                f"<option {'selected' if page == at else ''}>{page + 1}" for page in range(count)
            )
            return line.format(f'Página <select onchange="{change}">{options}</select>'), ""
        if kind == "scripted":
            parts = []
            for page in range(count):
                turns[f"{name}|{page}"] = page
                call = f"scripted(&#39;{name}&#39;,&#39;{name}&#39;,&#39;{page}&#39;);return false"
                active = 'class="active"' if page == at else ""
                parts.append(f'<li {active}><a href="#" onclick="{call}">{page + 1}</a></li>')
            return line.format(f"<ul>{''.join(parts)}</ul>"), ""
        # a DataPager, below the table
        parts = ends(words, False, dead=True)
        inside = " ".join([*parts[:2], *numbers(False), *parts[2:]])
        return "", f"<div><span>{inside}</span></div>"


CELLS = (
    *(["text"] * 4),
    *("padded", "link", "span", "unseen", "box", "locked", "area", "list", "check", "radios"),
    *("bare radios", "checks", "several", "captioned", "and button", "picture"),
)
PAGERS = (
    *("numeric", "ends", "words", "arrows", "pictures", "datagrid", "datagrid words", "told"),
    *("list", "scripted", "datapager"),
)


def layouts(seed: str, count: int) -> list[Layout]:
    maker = Maker(seed)
    return [maker.layout(f"g{at}", with_pages=maker.often(0.5)) for at in range(count)]


__all__ = ["Layout", "grid", "layouts", "page_of"]
