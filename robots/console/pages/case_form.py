"""Form of a case's data, checked while they are typed by the case list's own rules."""

from __future__ import annotations

from pathlib import Path

from nicegui import ui

from flows.rules.case import Case
from flows.rules.lima import today
from flows.rules.peru import format_date
from flows.rules.scenarios import Escenario
from inputs.checks import check_fields
from inputs.evidence_files import MAX_BYTES
from inputs.rows import RowError
from inputs.schema import BY_FIELD
from inputs.single_case import pasted_fields
from robots.console.context import Visit
from robots.console.pages.upload_area import upload_area
from robots.console.uploads import put_evidence, safe_name
from robots.console.widgets import card

#: The fields as they are asked for, and how wide each is.
_ROWS: tuple[tuple[tuple[str, int], ...], ...] = (
    (("sec", 1), ("ruc", 1), ("fecha_solicitud", 1), ("canal", 1)),
    (("lineas", 2), ("cargo_fijo_ofrecido", 1), ("siac_case", 1)),
    (("contacto", 2), ("contacto_dni", 1), ("contacto_correo", 2)),
)
_MORE = (
    (("escenario", 2), ("id", 1)),
    (("observaciones", 1),),
)
_OF_EVIDENCE = (("origen_evidencia", 1), ("oferta_vigente_hasta", 1), ("aprobado_por", 2))
_LABELS = {"siac_case": "N° caso SIAC (si ya existe)", "escenario": "Escenario, según usted"}


class CaseForm:
    """Form; ``folder`` is where this page's uploads lie."""

    def __init__(self, visit: Visit, folder: Path) -> None:
        self.visit, self.folder = visit, folder
        self._usual = {"fecha_solicitud": format_date(today()), "canal": "135"}
        self.inputs: dict[str, ui.input | ui.select] = {}
        self.files: list[str] = []
        #: fields whose errors are shown: those that were touched
        self._touched: set[str] = set()
        with card("Datos de la solicitud", "Paso 2 de 3 · Escenarios"):
            self._paste_box()
            for row in _ROWS:
                self._row(row)
            with ui.expansion("Más datos, si los hay").classes("w-full").props("dense"):
                for row in _MORE:
                    self._row(row)
        with card("Evidencia, si la hay", "Paso 3 de 3 · Escenarios"):
            ui.label(
                "Hace falta cuando la SEC no registra la oferta: lo que envió el ejecutivo CAE o "
                "DACE, o el cliente. PDF, imagen, correo, Word o Excel, de 10 MB como máximo."
            ).classes("cf-soft")
            upload_area(visit, lambda: folder, put_evidence, self._came, largest=MAX_BYTES)
            self.file_list = ui.column().classes("w-full gap-1")
            self._row(_OF_EVIDENCE)

    def fields(self) -> dict[str, str]:
        """Values as typed, by the names of the case list's fields."""
        typed = {field: str(box.value or "") for field, box in self.inputs.items()}
        return {**typed, "evidencia": "; ".join(self.files)}

    def show_all(self, errors: list[RowError]) -> None:
        """Mark every error, also where nothing was typed."""
        self._touched = set(self.inputs)
        self._mark(errors)

    # inputs

    def _row(self, row: tuple[tuple[str, int], ...]) -> None:
        with ui.row().classes("w-full items-start").style("gap:12px"):
            for field, width in row:
                self._input(field).style(f"flex:{width} 1 {150 * width}px")

    def _input(self, field: str) -> ui.input | ui.select:
        column = BY_FIELD[field]
        label = _LABELS.get(field, column.header) + (" *" if column.required else "")
        box: ui.input | ui.select
        if column.options:
            names = {o: o.nombre if isinstance(o, Escenario) else o for o in column.options}
            box = ui.select(
                names, label=label, value=self._usual.get(field), clearable=not column.required
            )
        else:
            box = ui.input(
                label, placeholder=f"Ej.: {column.example}", value=self._usual.get(field, "")
            )
            box.props("debounce=250")
        box.without_auto_validation()  # which would wipe out at once what the rules found
        box.props("outlined dense stack-label").on_value_change(lambda: self._changed(field))
        with box:
            ui.tooltip(column.note).props("delay=600 max-width=320px")
        self.inputs[field] = box
        return box

    def _changed(self, field: str) -> None:
        self.visit.context.worker.warm_up()
        self._touched.add(field)
        checked = check_fields(self.fields(), self.folder, today())
        self._mark([] if isinstance(checked, Case) else checked)

    def _mark(self, errors: list[RowError]) -> None:
        by_header = {error.column: error.expected for error in errors}
        for field, box in self.inputs.items():
            shown = field in self._touched
            box.error = by_header.get(BY_FIELD[field].header) if shown else None

    # a row of Excel

    def _paste_box(self) -> None:
        box = ui.textarea(
            "Pegar una fila de Excel (opcional)",
            placeholder="Copie la fila de su lista, con o sin su fila de títulos, y péguela aquí",
        ).props("outlined dense autogrow rows=1 debounce=250")
        box.classes("w-full").on_value_change(lambda e: self._pasted(box, str(e.value or "")))

    def _pasted(self, box: ui.textarea, text: str) -> None:
        if not text.strip():
            return
        fields = pasted_fields(text)
        if not fields:
            ui.notify("Eso no es una fila copiada de Excel.", type="warning")
            return
        fields.pop("evidencia", None)  # its files are on the person's machine: they are uploaded
        for field, value in fields.items():
            self._put(field, value)
        ui.timer(0.1, lambda: box.set_value(""), once=True)  # once the browser has sent it all
        ui.notify(f"Se llenaron {len(fields)} datos de la fila.", type="positive")

    def _put(self, field: str, value: str) -> None:
        box = self.inputs.get(field)
        if isinstance(box, ui.select):
            folded = {o.casefold(): o for o in BY_FIELD[field].options}
            box.value = folded.get(value.strip().casefold())
        elif box is not None:
            box.value = value

    # evidence

    async def _came(self, path: Path) -> None:
        self.files.append(path.name)
        await self.visit.note("Subió un archivo", "nuevo caso", after=safe_name(path.name))
        self._list_files()
        self._changed("origen_evidencia")

    def _list_files(self) -> None:
        self.file_list.clear()
        with self.file_list:
            for name in self.files:
                with ui.row().classes("items-center"):
                    ui.icon("attach_file")
                    ui.label(name)
                    ui.button("Quitar", on_click=lambda name=name: self._drop(name)).props(
                        f'flat dense no-caps aria-label="Quitar {name}"'
                    )

    def _drop(self, name: str) -> None:
        self.files.remove(name)
        (self.folder / name).unlink(missing_ok=True)
        self._list_files()
        self._changed("origen_evidencia")
