"""Widgets that several pages show the same way."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from flows.rules.case import Case, Decision, Estado
from flows.rules.lima import in_lima
from flows.rules.peru import format_date, format_money
from pages.contract.siac import ClientRecord, LineRecord
from pages.contract.sisact import SecRecord
from robots.reports.display_names import ESTADO_TINTS, IN_PROGRESS, MOTIVO_NAMES, QUEUED

_OTHER_TINTS = {IN_PROGRESS: ("DEE8FA", "1F3F78"), QUEUED: ("EDEDED", "4A4A4A")}


def moment(when: datetime | None) -> str:
    return f"{in_lima(when):%d/%m/%Y %H:%M}" if when else "—"


def exact_moment(when: datetime) -> str:
    return f"{in_lima(when):%d/%m/%Y %H:%M:%S}"


def plain(change: str) -> str:
    """Plain text of what stood before or after a change, as the audit trail has it."""
    try:
        value = json.loads(change)
    except ValueError:
        return change
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {plain(json.dumps(v))}" for name, v in value.items() if v)
    return str(value)


def section_heading(text: str, step: str = "") -> None:
    if step:
        ui.label(step).classes("cf-step")
    ui.label(text).classes("cf-h2").props('role="heading" aria-level="2"')


@contextmanager
def card(text: str = "", step: str = "") -> Iterator[None]:
    with ui.column().classes("cf-card gap-2"):
        if text:
            section_heading(text, step)
        yield


def facts(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
    """Names and values side by side; empty ones are left out."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    with ui.element("div").classes("cf-facts"):
        for name, value in items:
            if value:
                ui.label(name).classes("k")
                ui.label(value).classes("v")


def chip(estado: str) -> ui.label:
    soft, ink = _OTHER_TINTS.get(estado) or ESTADO_TINTS[Estado(estado)][1:]
    return ui.label(estado).classes("cf-chip").style(f"background:#{soft};color:#{ink}")


def table(headers: Sequence[str], rows: Iterable[Sequence[str | Callable[[], object]]]) -> None:
    """Table; a text is shown as it is, whatever it is; what is no text puts itself into its
    cell."""
    with ui.element("div").classes("cf-scroll"), ui.element("table").classes("cf-table"):
        with ui.element("thead"), ui.element("tr"):
            for name in headers:
                TextElement(tag="th", text=name).props('scope="col"')
        with ui.element("tbody"):
            for row in rows:
                with ui.element("tr"):
                    for value in row:
                        if isinstance(value, str):  # one element and not two: half the page's time
                            TextElement(tag="td", text=value)
                        else:
                            with ui.element("td"):
                                value()


def picture(source: Path | str, name: str, classes: str = "cf-shot") -> None:
    """A picture that a click shows large; a path is put into the page itself."""
    address = source if isinstance(source, str) else _inline(source)
    large = ui.dialog().props(f'maximized aria-label="{name}"')
    with large, ui.card().classes("w-full").style("padding:8px"):
        with ui.row().classes("w-full items-center justify-between"):
            ui.label(name).classes("cf-h2")
            ui.button("Cerrar", on_click=large.close).props("flat no-caps")
        shown = ui.element("img").props(f'alt="{name}"').style("max-width:100%;margin:auto")
        shown.props["src"] = address
    small = ui.element("img").classes(classes).on("click", large.open)
    small.on("keydown.enter", large.open)
    small.props(f'alt="{name}: ampliar" tabindex="0" role="button" loading="lazy"')
    small.props["src"] = address


def _inline(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


def file_address(reference: str, name: str) -> str:
    return f"/expediente/{quote(reference)}/{quote(name)}"


# what the portals say


def show_sec(sec: SecRecord) -> None:
    facts(
        {
            "N° SEC": sec.numero,
            "Razón social": sec.razon_social,
            "RUC": sec.ruc,
            "Tipo de operación": sec.operacion,
            "Fecha": format_date(sec.fecha),
            "Estado": sec.estado,
            "Plan": sec.plan,
            "Cargo de lista": format_money(sec.cargo_lista),
            "Campaña": sec.campana,
            "Descuento u oferta especial": sec.descripcion or "(vacío)",
            "Líneas": f"{len(sec.lineas)}: {', '.join(sec.lineas[:8])}"
            + ("…" if len(sec.lineas) > 8 else ""),
        }
    )


def show_client(client: ClientRecord, contact: str) -> None:
    """Titularidad, and each line with its charge, invoices and history."""
    authorised = ", ".join(c.nombre for c in client.contactos)
    facts(
        {
            "Cliente": client.razon_social,
            "Segmento": f"{client.segmento}, {'' if client.en_cartera else 'no '}carterizado",
            "Titularidad": f"{contact}: contacto autorizado ({authorised})"
            if authorised
            else f"{contact}: su DNI no está entre los contactos autorizados",
            "Ejecutivo": f"{client.ejecutivo.nombre} ({client.ejecutivo.canal})"
            if client.ejecutivo
            else "—",
        }
    )
    for line in client.lineas:
        _line(line)


def _line(line: LineRecord) -> None:
    title = f"Línea {line.numero} · {line.plan} · {format_money(line.cargo)} · {line.estado}"
    with (
        ui.expansion(title, value=True).classes("w-full").props("dense"),
        ui.row().classes("w-full items-start"),
    ):
        with ui.column().classes("gap-1").style("flex:1 1 240px"):
            table(
                ("Factura", "Cargo"),
                [(_month(i.periodo), format_money(i.cargo)) for i in line.facturas[-6:]]
                or [("Sin facturas", "")],
            )
        with ui.column().classes("gap-1").style("flex:2 1 360px"):
            table(
                ("Fecha", "Historial", "Detalle"),
                [(format_date(e.fecha), e.tipo, e.detalle) for e in line.historial[-6:]]
                or [("", "Sin historial", "")],
            )


def _month(period: str) -> str:
    year, _, month = period.partition("-")
    return f"{month}/{year}"


def show_decision(decision: Decision) -> None:
    """What was decided and why, in the rules' own sentences."""
    with ui.row().classes("items-center"):
        if decision.proceeds and decision.escenario:
            chip_text = "Procede"
            ui.label(chip_text).classes("cf-chip").style("background:#DDF0E3;color:#1B5232")
            ui.label(f"{decision.escenario.nombre} → {decision.escenario.sistema}")
        elif decision.estado and decision.motivo:
            chip(decision.estado)
            ui.label(MOTIVO_NAMES[decision.motivo])
    if decision.mala_practica:
        ui.label("Mala práctica: venta cerrada con una oferta que no estaba vigente.").classes(
            "cf-bad"
        )
    for reason in decision.reasons:
        ui.label(reason)
    if decision.importe_mensual:
        ui.label(
            f"El cliente paga de más {format_money(decision.importe_mensual)} al mes."
        ).classes("cf-soft")


def show_facts(decision: Decision) -> None:
    with ui.expansion(
        f"Los {len(decision.facts)} hechos que usó, y dónde se leyó cada uno"
    ).classes("w-full"):
        table(
            ("Hecho", "Valor", "Dónde se leyó"),
            [(f.name, f.value, f.source) for f in decision.facts],
        )


def evidence_links(reference: str, case: Case) -> None:
    for number, file in enumerate(case.evidencia):
        name = file.path.replace("\\", "/").rsplit("/", 1)[-1]
        ui.link(f"Evidencia: {name}", f"/evidencia/{quote(reference)}/{number}", new_tab=True)
