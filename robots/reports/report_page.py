"""The report as one page that needs nothing but itself and the evidence beside it."""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from flows.rules.case import Estado, Motivo
from flows.rules.lima import in_lima
from flows.rules.peru import format_date, format_money
from inputs.rows import Cell
from robots.reports.cell_writer import given_back
from robots.reports.display_names import (
    ESTADO_NEXT,
    ESTADO_TINTS,
    MOTIVO_NAMES,
    NEWS_TITLE,
    Tint,
)
from robots.reports.html_templates import html_templates
from robots.reports.model import ReportRow, RunReport, Tally
from robots.reports.report_file import atomic_write, relative_link

TEMPLATES = Path(__file__).parent / "templates"
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
CASES_SHOWN = 500  # at a time, in the table
CASES_LISTED = 200  # in a table of its own, beside the one of all cases
CASES_NAMED = 6  # of a group, in «Qué falta hacer»; the table below has them all


class ChartBar(NamedTuple):
    """A piece of a bar, in percent of its whole."""

    tally: Tally
    tint: Tint | None
    start: float
    width: float


class Document(NamedTuple):
    """A file of the evidence folder; ``link`` is relative to the page."""

    name: str
    link: str
    is_picture: bool


class CaseView(NamedTuple):
    """A row with what the page needs beside it; ``position`` counts from 1."""

    position: int
    title: str
    row: ReportRow
    folder: str
    documents: Sequence[Document]

    @property
    def anchor(self) -> str:
        return f"caso-{self.position}"


class Group(NamedTuple):
    """Cases of the same Estado for the same cause."""

    motivo: Motivo | None
    cases: Sequence[CaseView]


def write_html(report: RunReport, path: Path) -> None:
    """Write the page; raises `ReportError`."""
    with atomic_write(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as file:
        for piece in _page(report, path):
            file.write(piece)


def _page(report: RunReport, path: Path) -> Iterator[str]:
    views = [_view(position, row, path) for position, row in enumerate(report.rows, 1)]
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    summary = report.summary
    return (
        environment()
        .get_template("report.html.j2")
        .generate(
            report=report,
            summary=summary,
            views=views,
            to_do=_to_do(views),
            call_backs=[view for view in views if view.row.outcome.call_back],
            bad_practices=[view for view in views if view.row.is_bad_practice],
            waiting=_waiting(summary.waiting, views),
            others=[_view(0, row, path) for row in report.others],
            estados=_in_one_bar(summary.by_estado, summary.cases),
            escenarios=_side_by_side(summary.by_escenario),
            motivos=_side_by_side(summary.by_motivo),
            sistemas=_side_by_side(summary.by_sistema),
            attended=sum(t.cases for t in summary.by_estado if t.code == Estado.ATENDIDO),
            slowest=max((step.mean for step in summary.steps), default=0) or 1,
            cases_named=CASES_NAMED,
            cases_listed=CASES_LISTED,
            batch=CASES_SHOWN,
            tints=ESTADO_TINTS,
            news_title=NEWS_TITLE,
            next_steps=ESTADO_NEXT,
            motivo_names=MOTIVO_NAMES,
            style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
            script=Markup(script),
            script_digest=digest,
        )
    )


@cache
def environment() -> Environment:
    return html_templates(
        TEMPLATES,
        moment=lambda moment: f"{in_lima(moment):%d/%m/%Y %H:%M}",
        clock=lambda moment: f"{in_lima(moment):%H:%M:%S}",
        given=_given,
    )


def _view(position: int, row: ReportRow, page: Path) -> CaseView:
    return CaseView(
        position=position,
        title=row.outcome.reference or f"Fila {row.number}",
        row=row,
        folder=relative_link(row.folder, page) if row.folder else "",
        documents=tuple(_documents(row.folder, page)) if row.folder else (),
    )


def _waiting(rows: Sequence[ReportRow], views: Sequence[CaseView]) -> list[CaseView]:
    """Those of the list by their place in it, so that they can be linked to."""
    known = {view.title: view for view in views}
    named = (known.get(row.outcome.reference) for row in rows)
    found = zip(rows, named, strict=True)
    return [view or CaseView(0, row.outcome.reference, row, "", ()) for row, view in found]


def _documents(folder: str, page: Path) -> Iterator[Document]:
    root = Path(folder)
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        yield Document(
            name=path.relative_to(root).as_posix(),
            link=relative_link(path, page),
            is_picture=path.suffix.lower() in PICTURES,
        )


def _to_do(views: Iterable[CaseView]) -> dict[Estado, list[Group]]:
    """Everything but what is attended to, in the order of Estado, the commonest cause first."""
    found: defaultdict[tuple[Estado, Motivo | None], list[CaseView]] = defaultdict(list)
    for view in views:
        outcome = view.row.outcome
        found[outcome.estado, outcome.motivo].append(view)
    groups = sorted(found.items(), key=lambda item: -len(item[1]))
    of_estado = {
        estado: [Group(motivo, cases) for (its, motivo), cases in groups if its is estado]
        for estado in Estado
        if estado not in (Estado.ATENDIDO, Estado.SIMULADO)
    }
    return {estado: its_groups for estado, its_groups in of_estado.items() if its_groups}


def _in_one_bar(tallies: Sequence[Tally], cases: int) -> list[ChartBar]:
    widths = [100 * tally.cases / cases for tally in tallies]
    starts = accumulate(widths, initial=0.0)
    return [
        ChartBar(tally, ESTADO_TINTS[Estado(tally.code)], start, width)
        for tally, start, width in zip(tallies, starts, widths, strict=False)
    ]


def _side_by_side(tallies: Sequence[Tally]) -> list[ChartBar]:
    most = max((tally.cases for tally in tallies), default=1)
    return [ChartBar(tally, None, 0.0, 100 * tally.cases / most) for tally in tallies]


def _given(cell: Cell) -> str:
    """A cell of the list as its reader saw it, near enough."""
    value, number_format = given_back(cell)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Sí" if value else "No"
    if isinstance(value, datetime) and (value.hour or value.minute):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, (int, float)) and "S/" in number_format:
        return format_money(Decimal(str(value)))
    return str(value)
