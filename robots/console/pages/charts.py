"""Charts of all cases, or of a run's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from nicegui import ui
from starlette.requests import Request

from flows.ledger import Ledger
from flows.peru import format_money
from robots.console.desk import Desk, Visit
from robots.console.frame import framed
from robots.console.parts import card
from robots.console.store import Filter
from robots.console.tally import Charts, charts

_TONES = ("#2F5AA8", "#2B7A4B", "#B4541A", "#7F4796", "#1C7485")


def add(desk: Desk) -> None:
    @ui.page("/graficos", response_timeout=30)
    async def page(request: Request, corrida: str = "") -> None:
        visit = Visit(desk, request)
        with framed(visit, "Gráficos", f"Corrida {corrida}" if corrida else "Todos los casos"):
            if not visit.user.sees_all:
                ui.label("Su rol no ve esta página.").props('role="alert"')
                return
            await _show(visit, corrida)


async def _show(visit: Visit, run: str) -> None:
    desk = visit.desk
    known = await asyncio.to_thread(desk.ledger.runs)
    names = {"": "Todos los casos", **{r.id: f"{r.id} · {r.list_name}" for r in known}}
    ui.select(names, label="De qué corrida", value=run if run in names else "").props(
        "outlined dense"
    ).style("min-width:360px").on_value_change(
        lambda e: ui.navigate.to(f"/graficos?corrida={e.value}" if e.value else "/graficos")
    )
    found = list(await asyncio.to_thread(desk.store.all, Filter(run=run), visit.user))
    if not found:
        with card():
            ui.label("Todavía no hay casos.")
        return
    figures = await asyncio.to_thread(_figures, desk.ledger, found)
    total = sum(figures.importes.values(), Decimal(0))
    with ui.element("div").classes("cf-charts"):
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


def _figures(ledger: Ledger, found: list[Any]) -> Charts:
    steps = ledger.steps([case.reference for case in found])
    return charts(found, [step for of_case in steps.values() for step in of_case])


def _bars(title: str, values: Mapping[str, float], tone: str, *, money: bool = False) -> None:
    if not values:
        return
    names, numbers = list(values)[::-1], list(values.values())[::-1]
    label = {"show": True, "position": "right", "color": "#5a6878"}
    if money:
        label["formatter"] = "S/ {c}"
    with card(title):
        ui.echart(
            _options(
                xAxis={"type": "value", "minInterval": 1, "splitLine": {"show": False},
                       "axisLabel": {"show": False}},
                yAxis={
                    "type": "category",
                    "data": names,
                    "axisTick": {"show": False},
                    "axisLabel": {"width": 190, "overflow": "truncate", "color": "#5a6878"},
                },
                series=[
                    {
                        "type": "bar",
                        "data": numbers,
                        "label": label,
                        "barMaxWidth": 20,
                        "itemStyle": {"color": tone, "borderRadius": 3},
                    }
                ],
            )
        ).style(f"height:{max(120, 34 * len(names) + 20)}px;width:100%").props(
            f'role="img" aria-label="{title}: {_told(names, numbers)}"'
        )  # fmt: skip


def _days(days: Mapping[str, tuple[int, int]]) -> None:
    if not days:
        return
    names = [f"{day[8:]}/{day[5:7]}" for day in days]
    with card("Por día"):
        ui.echart(
            _options(
                legend={"data": ["Atendidos", "Terminados"], "textStyle": {"color": "#5a6878"}},
                xAxis={"type": "category", "data": names},
                yAxis={"type": "value", "minInterval": 1},
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
        "grid": {"left": 8, "right": 70, "top": 28, "bottom": 8, "containLabel": True},
        "animation": False,
        **options,
    }


def _told(names: Sequence[str], numbers: Sequence[float]) -> str:
    return "; ".join(f"{name} {number:g}" for name, number in zip(names, numbers, strict=True))
