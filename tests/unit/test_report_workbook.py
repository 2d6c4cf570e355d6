"""The report's workbook, read again by openpyxl and by LibreOffice."""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from flows.rules.case import Estado
from inputs.rows import Cell
from robots.reports.cell_writer import CUT_MARK, MAX_TEXT, safe_text
from robots.reports.model import RunReport
from robots.reports.report_file import ReportError, ensure_writable, relative_link, workbook_link
from robots.reports.report_workbook import RESULTS, write_workbook
from tests.support.lists import libreoffice
from tests.support.report_samples import HEADERS, sample_report

AS_THE_CONTRACT_SAYS = [
    "Referencia",
    "Estado",
    "Motivo",
    "Escenario determinado",
    "Caso SIAC",
    "Sistema",
    "N° solicitud",
    "Correo enviado",
    "Detalle",
    "Intentos",
    "Inicio",
    "Fin",
    "Expediente",
]

HOSTILE = (
    '=HYPERLINK("http://malo.example","clic")',
    "+51987654321",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "#N/A",
    "<b>&amp; «ñ» 📞",
    "  con espacios  ",
)


at = datetime.fromisoformat


def written(report: RunReport, path: Path) -> Worksheet:
    write_workbook(report, path)
    return openpyxl.load_workbook(path)["Casos"]


def with_texts(report: RunReport, *texts: str) -> RunReport:
    """The report with these texts in the last input column, the Detalle and the header."""
    rows = []
    for row, text in zip(report.rows, texts, strict=False):
        cells = (*row.cells[:-1], Cell(kind="text", value=text))
        outcome = row.outcome.model_copy(update={"detail": text, "request_number": text})
        rows.append(row.model_copy(update={"cells": cells, "outcome": outcome}))
    return report.model_copy(update={"rows": tuple(rows)})


def column(sheet: Worksheet, header: str) -> list[object]:
    headers = [cell.value for cell in sheet[1]]
    return [cell.value for cell in list(sheet.columns)[headers.index(header)]][1:]


def test_every_row_comes_back_in_order_with_its_columns_and_the_results(tmp_path: Path) -> None:
    report = sample_report(tmp_path)
    sheet = written(report, tmp_path / "informe.xlsx")
    assert [cell.value for cell in sheet[1]] == [*HEADERS, *AS_THE_CONTRACT_SAYS]
    assert sheet.max_row == len(report.rows) + 1
    assert column(sheet, "ID") == [str(n + 1) for n in range(len(report.rows))]
    assert column(sheet, "N° SEC")[0] == "0004500100"
    assert column(sheet, "RUC")[0] == 20100070970
    assert column(sheet, "Cargo fijo ofrecido")[0] == 39.9
    assert column(sheet, "Fecha de solicitud")[0] == at("2026-11-02")
    assert column(sheet, "Estado") == [row.outcome.estado.value for row in report.rows]
    assert column(sheet, "Motivo")[6] == "FALTA_EVIDENCIA"
    assert column(sheet, "Escenario determinado")[0] == "ACTIVACIONES_CONFIGURACION"
    assert column(sheet, "Sistema")[3] == "Remedy"
    assert column(sheet, "Inicio")[0] == at("2026-11-20T22:00")  # as the clock in Lima
    formats = {cell.number_format for cell in sheet[2]}
    assert {"@", "DD/MM/YYYY", '"S/" #,##0.00'} <= formats


def test_the_sheet_is_ready_to_be_worked_with(tmp_path: Path) -> None:
    path = tmp_path / "informe.xlsx"
    sheet = written(sample_report(tmp_path), path)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.page_setup.orientation == "landscape"
    headers = [cell.value for cell in sheet[1]]
    estado, detalle = headers.index("Estado"), headers.index("Detalle")
    fills = {row[estado].value: row[estado].fill.start_color.rgb for row in sheet.iter_rows(2)}
    assert len(set(fills.values())) == len(fills) == len(Estado) - 1  # no Simulado in it
    assert all(row[detalle].alignment.wrap_text for row in sheet.iter_rows(2))
    assert openpyxl.load_workbook(path).sheetnames == ["Casos", "Resumen", "Por contactar"]


def test_an_input_column_named_like_a_result_is_kept_too(tmp_path: Path) -> None:
    report = sample_report(tmp_path, 3)
    report = report.model_copy(update={"headers": (*HEADERS[:-1], "Estado")})
    headers = [cell.value for cell in written(report, tmp_path / "informe.xlsx")[1]]
    assert headers.count("Estado") == 2
    assert headers[-len(RESULTS) :] == list(RESULTS)


def test_rows_shorter_and_longer_than_the_headers_keep_the_results_in_their_columns(
    tmp_path: Path,
) -> None:
    report = sample_report(tmp_path, 3)
    short = report.rows[0].model_copy(update={"cells": report.rows[0].cells[:2]})
    extra = Cell(kind="bool", value=True)
    long = report.rows[1].model_copy(update={"cells": (*report.rows[1].cells, extra)})
    sheet = written(report.model_copy(update={"rows": (short, long)}), tmp_path / "informe.xlsx")
    assert column(sheet, "Estado") == ["Atendido", "Atendido"]
    assert sheet.cell(3, len(HEADERS) + 1).value is True


def test_nothing_becomes_a_formula_or_an_error(tmp_path: Path) -> None:
    path = tmp_path / "informe.xlsx"
    report = with_texts(sample_report(tmp_path), *HOSTILE)
    report = report.model_copy(update={"headers": ("=1+1", *HEADERS[1:])})
    sheet = written(report, path)
    assert column(sheet, "Observaciones") == list(HOSTILE)
    assert column(sheet, "Detalle") == list(HOSTILE)
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "d"}
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    quoted = [bool(row[len(HEADERS) - 1].quotePrefix) for row in sheet.iter_rows(2)]
    assert quoted == [True] * 5 + [False] * 3  # stays text when a person edits the cell


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1bc", "a␀b␛c"),
        ("dos\r\nlíneas_x000D_\ny tres\rmás", "dos\nlíneas\ny tres\nmás"),
        ("roto \ud83d y \uffff", "roto � y �"),
        ("_x0041_", "_x005F_x0041_"),  # the format's way to write these seven letters
        ("📞 <ñ> & más", "📞 <ñ> & más"),
    ],
)
def test_what_a_workbook_cannot_hold_is_shown(text: str, kept: str) -> None:
    assert safe_text(text) == kept


@pytest.mark.parametrize("text", ["ñ" * 40_000, "📞" * 20_000, "x" + "📞" * 20_000])
def test_a_text_too_long_is_cut_with_a_mark(text: str) -> None:
    cut = safe_text(text)
    assert cut.endswith(CUT_MARK)
    assert text.startswith(cut.removesuffix(CUT_MARK))
    assert MAX_TEXT - 1 <= len(cut.encode("utf-16-le")) // 2 <= MAX_TEXT


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_written_and_is_stable(text: str) -> None:
    safe = safe_text(text)
    safe.encode()
    assert len(safe) >= 1 or not text
    if "_x" not in text:
        assert safe_text(safe) == safe


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Cell(kind="date", value="2026-11-20T08:30:00"), at("2026-11-20T08:30")),
        (Cell(kind="date", value="1850-01-01"), "1850-01-01"),
        (Cell(kind="number", value=float("inf")), "inf"),
        (Cell(kind="number", value=7, number_format="0" * 300), 7),
        (Cell(kind="number", value=-3.5), -3.5),
    ],
)
def test_values_come_back_typed_or_as_text_where_a_workbook_has_no_such(
    tmp_path: Path, cell: Cell, value: object
) -> None:
    report = sample_report(tmp_path, 1)
    row = report.rows[0].model_copy(update={"cells": (cell,)})
    report = report.model_copy(update={"headers": ("Dato",), "rows": (row,)})
    assert column(written(report, tmp_path / "informe.xlsx"), "Dato") == [value]


def test_links_to_the_evidence_hold_after_moving_everything(tmp_path: Path) -> None:
    here = tmp_path / "aquí"
    (here / "informes").mkdir(parents=True)
    write_workbook(sample_report(here / "100% ñ #1"), here / "informes" / "informe.xlsx")
    there = shutil.move(here, tmp_path / "allá")
    path = there / "informes" / "informe.xlsx"
    sheet = openpyxl.load_workbook(path)["Casos"]
    links = [row[-1].hyperlink for row in sheet.iter_rows(2)]
    targets = [link.target for link in links if link]
    assert len(targets) == 24  # of 28, those that were visited
    for target in targets:
        assert not set(target) & set(" \\#[]") and "ñ" in target  # as Windows reads an address
        assert (path.parent / unquote(target) / "descripcion.png").is_file()
    assert [link.ref for link in links[:2] if link] == ["W2", "W3"]


def test_a_link_to_another_drive_is_a_whole_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_way(*_: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr("os.path.relpath", no_way)
    link = workbook_link(tmp_path / "año 1", tmp_path / "informe.xlsx")
    assert link == f"{tmp_path.as_uri()}/año%201"


def test_a_link_from_another_folder_goes_up_and_down(tmp_path: Path) -> None:
    assert relative_link(tmp_path / "a b" / "c", tmp_path / "x" / "i.xlsx") == "../a%20b/c"


def test_the_summary_has_the_figures_and_a_chart_of_its_own(tmp_path: Path) -> None:
    report = sample_report(tmp_path)
    path = tmp_path / "informe.xlsx"
    write_workbook(report, path)
    sheet = openpyxl.load_workbook(path)["Resumen"]
    rows = {row[0].value: [cell.value for cell in row[1:4]] for row in sheet.iter_rows()}
    assert rows["Casos de la lista"][0] == 28
    assert rows["Importe regularizado al mes"][0] == 480
    assert rows["Atendido"] == pytest.approx([12, 12 / 28, 480])
    assert rows["Remedy"] == pytest.approx([2, 2 / 28, 80])
    assert rows["Consulta de SEC en SISACT"] == [24, 4.2, 4.2]
    with zipfile.ZipFile(path) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    names, counts = re.findall(r"<f>'Resumen'!([^<]+)</f>", chart)
    assert [c[0].value for c in sheet[names.replace("$", "")]] == [
        tally.name for tally in report.summary.by_estado
    ]
    assert [c[0].value for c in sheet[counts.replace("$", "")]] == [12, 2, 2, 4, 2, 2, 2, 2]


def test_the_figures_of_the_run(tmp_path: Path) -> None:
    summary = sample_report(tmp_path).summary
    assert summary.importe_mensual == Decimal("480.00")
    assert summary.lineas_regularizadas == 24
    assert summary.mala_practica == 4
    assert [tally.code for tally in summary.by_sistema] == [
        "NINTEX Activaciones",
        "NINTEX operador",
        "Remedy",
    ]
    assert sum(tally.cases for tally in summary.by_estado) == summary.cases == 28
    assert summary.seconds_per_case == pytest.approx((12 * 33.1 + 12 * 14.1) / 24)


def test_the_call_back_list_says_whom_to_call_and_what_to_say(tmp_path: Path) -> None:
    report = sample_report(tmp_path)
    path = tmp_path / "informe.xlsx"
    write_workbook(report, path)
    sheet = openpyxl.load_workbook(path)["Por contactar"]
    assert sheet.max_row == 1 + len(report.summary.call_backs) == 5
    first = dict(zip([c.value for c in sheet[1]], [c.value for c in sheet[2]], strict=True))
    assert first["Contacto"] == "Rosa Quispe Mamani"
    assert first["Líneas"] == "987654000"
    assert first["Caso SIAC"] == "CAS-2026001000"
    assert "CAS-2026001000" in first["Qué decir"] and "S/ 39.90" in first["Qué decir"]


def test_an_empty_run_and_one_that_goes_on_are_reports_too(tmp_path: Path) -> None:
    report = sample_report(tmp_path, 0).model_copy(update={"ended": None, "dry_run": True})
    sheet = written(report, tmp_path / "informe.xlsx")
    assert sheet.max_row == 1
    resumen = openpyxl.load_workbook(tmp_path / "informe.xlsx")["Resumen"]
    said = [row[0].value for row in resumen.iter_rows()]
    assert any("sin terminar" in str(text) for text in said)
    assert any("Simulación" in str(text) for text in said)


@pytest.mark.usefixtures("libreoffice")
def test_libreoffice_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "informe.xlsx"
    write_workbook(with_texts(sample_report(tmp_path), *HOSTILE), path)
    (table,) = libreoffice(tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76", path)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Observaciones"] for row in rows] == list(HOSTILE)
    assert rows[0]["Inicio"] == "20/11/2026 22:00:00"
    assert rows[0]["Cargo fijo ofrecido"] == "S/ 39.90"


@pytest.mark.usefixtures("libreoffice")
def test_libreoffice_follows_the_links_to_the_evidence(tmp_path: Path) -> None:
    (tmp_path / "informes").mkdir()
    path = tmp_path / "informes" / "informe.xlsx"
    write_workbook(sample_report(tmp_path / "100% ñ #1"), path)
    (opened,) = libreoffice(tmp_path / "informes", "fods", path)
    links = re.findall(r'xlink:href="([^"]+)"', opened.read_text(encoding="utf-8"))
    folders = [unquote(link) for link in links if "CF-" in link]
    assert len(folders) == 24
    assert all((opened.parent / folder / "descripcion.png").is_file() for folder in folders)


def test_a_report_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    report = sample_report(tmp_path, 2)
    gone = tmp_path / "no" / "está.xlsx"
    with pytest.raises(ReportError, match=r"^No se puede escribir el informe .*no existe la carp"):
        write_workbook(report, gone)
    with pytest.raises(ReportError, match="no existe la carpeta"):
        ensure_writable(gone)
    folder = tmp_path / "carpeta.xlsx"
    folder.mkdir()
    with pytest.raises(ReportError, match="es una carpeta"):
        write_workbook(report, folder)
    assert not list(tmp_path.glob(".cargofijo*")), "a temporary file was left behind"


def test_a_report_that_someone_has_open_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "informe.xlsx"
    path.write_bytes(b"antes")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "as Windows does for a file that Excel holds")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ReportError, match="abierto en otro programa"):
        write_workbook(sample_report(tmp_path, 2), path)
    assert path.read_bytes() == b"antes"
    assert not list(tmp_path.glob(".cargofijo*"))


@pytest.mark.parametrize("lock", ["~$informe.xlsx", ".~lock.informe.xlsx#"])
def test_the_lock_of_an_open_report_is_seen_before_the_work(tmp_path: Path, lock: str) -> None:
    path = tmp_path / "informe.xlsx"
    ensure_writable(path)
    assert not list(tmp_path.iterdir())
    (tmp_path / lock).touch()
    with pytest.raises(ReportError, match="está abierto en otro programa"):
        ensure_writable(path)
