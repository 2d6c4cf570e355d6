"""Charts of all cases, or of a run's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from nicegui import ui
from starlette.requests import Request

from flows.rules.peru import format_money
from flows.store.ledger import Ledger
from robots.console.case_store import Filter
from robots.console.chart_data import ChartData, chart_data
from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed, may_see_all
from robots.console.widgets import card

_INK, _INK_IN_THE_DARK = "#5a6878", "#aab4c0"
_TONES = ("#2F5AA8", "#2B7A4B", "#B4541A", "#7F4796", "#1C7485")


def add(context: ConsoleContext) -> None:
    @ui.page("/graficos", response_timeout=30)
    async def page(request: Request, corrida: str = "") -> None:
        visit = Visit(context, request)
        with framed(visit, "Gráficos", f"Corrida {corrida}" if corrida else "Todos los casos"):
            if not may_see_all(visit):
                return
            await _show(visit, corrida)


async def _show(visit: Visit, run: str) -> None:
    context = visit.context
    known = await asyncio.to_thread(context.ledger.runs)
    names = {"": "Todos los casos", **{r.id: f"{r.id} · {r.list_name}" for r in known}}
    with card():
        ui.select(names, label="De qué corrida", value=run if run in names else "").props(
            "outlined dense"
        ).on_value_change(
            lambda e: ui.navigate.to(f"/graficos?corrida={e.value}" if e.value else "/graficos")
        )
    found = list(await asyncio.to_thread(context.store.all, Filter(run=run), visit.user))
    if not found:
        with card():
            ui.label("Todavía no hay casos.")
        return
    figures = await asyncio.to_thread(_figures, context.ledger, found)
    total = sum(figures.importes.values(), Decimal(0))
    with ui.element("div").classes("cf-charts") as shown:
        _bars("Estados", figures.estados, _TONES[0])
        _bars("Escenarios", figures.escenarios, _TONES[1])
        _bars("Causas", figures.motivos, _TONES[2])
        _bars(
            f"Soles al mes regularizados: {format_money(total)}",
            {name: float(amount) for name, amount in figures.importes.items()},
            _TONES[3],
            money=True,
        )
        _bars("Segundos por paso, en promedio", figures.pasos, _TONES[4])
        _days(figures.dias)
    ui.timer(0.1, lambda: _suit_the_dark(shown), once=True)


async def _suit_the_dark(shown: ui.element) -> None:
    """A chart is a picture: it does not know by itself what the rest of the page looks like."""
    if not await ui.run_javascript("document.body.classList.contains('body--dark')"):
        return
    for element in shown.descendants():
        if isinstance(element, ui.echart):
            options = json.dumps(element.options)
            element.options.update(json.loads(options.replace(_INK, _INK_IN_THE_DARK)))
            element.update()


def _figures(ledger: Ledger, found: list[Any]) -> ChartData:
    steps = ledger.steps([case.reference for case in found])
    return chart_data(found, [step for of_case in steps.values() for step in of_case])


def _bars(title: str, values: Mapping[str, float], tone: str, *, money: bool = False) -> None:
    if not values:
        return
    names, numbers = list(values)[::-1], list(values.values())[::-1]
    data = [
        {"value": n, "label": {"formatter": format_money(Decimal(str(n))) if money else f"{n:g}"}}
        for n in numbers
    ]
    with card(title):
        ui.echart(
            _options(
                xAxis={"type": "value", "minInterval": 1, "splitLine": {"show": False},
                       "axisLabel": {"show": False}},
                yAxis={
                    "type": "category",
                    "data": names,
                    "axisTick": {"show": False},
                    "axisLabel": {
                        "width": 180, "overflow": "break", "lineHeight": 14, "color": _INK
                    },
                },
                series=[
                    {
                        "type": "bar",
                        "data": data,
                        "label": {"show": True, "position": "right", "color": _INK},
                        "barMaxWidth": 20,
                        "itemStyle": {"color": tone, "borderRadius": 3},
                    }
                ],
            )
        ).style(f"height:{max(90, 38 * len(names) + 12)}px;width:100%").props(
            f'role="img" aria-label="{title}: {_told(names, numbers)}"'
        )  # fmt: skip


def _days(days: Mapping[str, tuple[int, int]]) -> None:
    if not days:
        return
    names = [f"{day[8:]}/{day[5:7]}" for day in days]
    with card("Por día"):
        ui.echart(
            _options(
                legend={"top": 0, "right": 0, "textStyle": {"color": _INK}},
                grid={"left": 8, "right": 8, "top": 34, "bottom": 8, "containLabel": True},
                xAxis={"type": "category", "data": names, "axisLabel": {"color": _INK}},
                yAxis={"type": "value", "minInterval": 1, "axisLabel": {"color": _INK}},
                series=[
                    _series("Atendidos", [a for a, _ in days.values()], _TONES[1]),
                    _series("Terminados", [b for _, b in days.values()], "#9AA5B1"),
                ],
            )
        ).style("height:260px;width:100%").props(
            f'role="img" aria-label="Por día: {_told(names, [b for _, b in days.values()])}"'
        )


def _series(name: str, values: Sequence[int], tone: str) -> dict[str, Any]:
    return {"name": name, "type": "bar", "data": values, "itemStyle": {"color": tone},
            "barMaxWidth": 26}  # fmt: skip


def _options(**options: Any) -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 70, "top": 4, "bottom": 4, "containLabel": True},
        "animation": False,
        **options,
    }


def _told(names: Sequence[str], numbers: Sequence[float]) -> str:
    return "; ".join(f"{name} {number:g}" for name, number in zip(names, numbers, strict=True))
