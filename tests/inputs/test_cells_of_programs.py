"""Cells as programs write them, good or bad: one is read or told, and the other rows are read."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from inputs.rows import Row
from tests.inputs.parts import SHEET, WORKBOOK, replaced, with_cell
from tests.support.lists import RUC, broken, good, make_list, read, read_one

#: number of the style that has a date's number format in `make_list`
DATE = 's="1"'


def row_with(folder: Path, field: str, attributes: str, content: str) -> Row:
    row, other = read(with_cell(folder / "lista.xlsx", field, attributes, content)).rows
    assert other.case
    return row


def read_as(row: Row, field: str) -> Any:
    assert row.case, row.errors
    return getattr(row.case, field)


TIMES = {
    "a time": (DATE, "<v>0.6458333333333334</v>"),
    "a zero, which a formula makes of an empty cell": (DATE, "<f>Z9</f><v>0</v>"),
    "a time as text": (f'{DATE} t="d"', "<v>15:30:00</v>"),
}


@pytest.mark.parametrize("cell", TIMES.values(), ids=TIMES)
@pytest.mark.parametrize(
    ("field", "header"),
    [
        ("siac_case", "N° caso SIAC"),
        ("fecha_solicitud", "Fecha de solicitud"),
        ("oferta_vigente_hasta", "Oferta vigente hasta"),
        ("ruc", "RUC"),
        ("lineas", "Líneas"),
        ("cargo_fijo_ofrecido", "Cargo fijo ofrecido"),
        ("contacto", "Contacto"),
    ],
)
def test_a_time_of_day_breaks_its_own_row(
    tmp_path: Path, cell: tuple[str, str], field: str, header: str
) -> None:
    assert broken(row_with(tmp_path, field, *cell)) == [header]


def test_a_time_of_day_is_free_text_where_that_is_allowed(tmp_path: Path) -> None:
    row = read_one(tmp_path, id=time(15, 30), observaciones=time(8, 5, 9))
    assert (read_as(row, "id"), read_as(row, "observaciones")) == ("15:30", "08:05:09")


def test_a_date_cell_that_holds_zero_is_told_as_excel_shows_it(tmp_path: Path) -> None:
    (error,) = row_with(tmp_path, "oferta_vigente_hasta", DATE, "<v>0</v>").errors
    assert error.value == "00/01/1900"


@pytest.mark.parametrize("moment", ["46343.99958333333", "46343.99981481482", "46343.9999"])
@pytest.mark.parametrize("style", [DATE, ""], ids=["date", "number"])
def test_a_date_just_before_midnight_may_be_a_day_short(
    tmp_path: Path, moment: str, style: str
) -> None:
    (error,) = row_with(tmp_path, "fecha_solicitud", style, f"<v>{moment}</v>").errors
    assert error.value.startswith("17/11/2026 23:59:")
    assert "un día menos" in error.expected


def test_a_date_with_another_time_is_that_day(tmp_path: Path) -> None:
    row = read_one(tmp_path, fecha_solicitud=datetime(2026, 11, 17, 23, 59))  # noqa: DTZ001
    assert read_as(row, "fecha_solicitud") == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("content", "sec"),
    [
        ("<v>0</v><is><t>45012317</t></is>", "45012317"),
        ("<is><t>45012317</t></is><v>45012317</v>", "45012317"),
        ("<is><r><t>4501</t></r><r><t>2317</t></r></is><v>0</v>", "45012317"),
        ("<v>45012317</v>", "45012317"),
    ],
)
def test_a_text_in_the_cell_itself_is_read_once(tmp_path: Path, content: str, sec: str) -> None:
    assert read_as(row_with(tmp_path, "sec", 't="inlineStr"', content), "sec") == sec


@pytest.mark.parametrize("kind", ["n", "str"])
def test_only_a_text_in_the_cell_itself_is_read_from_there(tmp_path: Path, kind: str) -> None:
    row = row_with(tmp_path, "sec", f't="{kind}"', "<v>45012317</v><is><t>99</t></is>")
    assert read_as(row, "sec") == "45012317"


@pytest.mark.parametrize(
    ("attributes", "content"),
    [
        ("", "<f>1+1</f>"),  # exceljs
        ("", "<f>1+1</f><v/>"),  # openpyxl
        ("", "<f>1+1</f><v></v>"),  # PyExcelerate
        ("", "<f>1+1</f><v>0</v>"),  # XlsxWriter, which has it computed when the book is opened
        ('t="str"', '<f>A1&amp;"x"</f>'),
        ("", '<f t="shared" si="0"/>'),
        ("", '<f t="array" ref="E2">SUM(A1:B2)</f>'),
    ],
)
@pytest.mark.parametrize("field", ["sec", "fecha_solicitud", "oferta_vigente_hasta", "evidencia"])
def test_a_formula_that_nobody_computed_is_told(
    tmp_path: Path, field: str, attributes: str, content: str
) -> None:
    row = row_with(tmp_path, field, attributes, content)
    assert "fórmula sin valor" in row.errors[0].expected
    assert "Excel" in row.errors[0].expected


def test_a_formula_in_free_text_is_told_too(tmp_path: Path) -> None:
    assert broken(read_one(tmp_path, observaciones="=A1")) == ["Observaciones"]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("str", '<f>""</f><v></v>'),  # Excel
        ("inlineStr", '<f>""</f><is><t></t></is>'),  # older LibreOffice
        ("str", "<f></f>"),
        ("str", "<f/><v/>"),
    ],
)
def test_a_formula_may_give_no_text(tmp_path: Path, kind: str, content: str) -> None:
    row = row_with(tmp_path, "siac_case", f't="{kind}"', content)
    assert read_as(row, "siac_case") == ""


def test_a_zero_that_excel_computed_is_a_zero(tmp_path: Path) -> None:
    path = with_cell(tmp_path / "lista.xlsx", "id", "", "<f>1-1</f><v>0</v>")
    replaced(path, WORKBOOK, ('fullCalcOnLoad="1"', 'fullCalcOnLoad="0"'))
    assert read_as(read(path).rows[0], "id") == "0"


WRONG = {
    "a word for a number": ("", "<v>mucho</v>"),
    "a number that is none": ("", "<v>NaN</v>"),
    "a number without end": ("", "<v>1E999</v>"),
    "a number of 5,000 digits": ("", f"<v>{'9' * 5000}</v>"),
    "a number as Python writes it": ("", "<v>45_012_317</v>"),
    "a string that is not there": ('t="s"', "<v>7</v>"),
    "a string below the first": ('t="s"', "<v>-1</v>"),
    "a string without number": ('t="s"', "<v>hola</v>"),
    "neither true nor false": ('t="b"', "<v>quizá</v>"),
    "a date that is none": ('t="d"', "<v>mañana</v>"),
    "a day that does not exist": ('t="d"', "<v>2026-02-31</v>"),
    "a date before all dates": (DATE, "<v>-1</v>"),
    "a date without end": (DATE, "<v>99999999999</v>"),
    "a text longer than Excel's": ('t="str"', f"<v>{'9' * 40_000}</v>"),
}


@pytest.mark.parametrize("cell", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("field", ["sec", "oferta_vigente_hasta"])
def test_a_wrong_cell_breaks_its_own_row(tmp_path: Path, field: str, cell: tuple[str, str]) -> None:
    row = row_with(tmp_path, field, *cell)
    assert len(row.errors) == 1
    assert len(row.errors[0].value) < 100


@pytest.mark.parametrize("written", ["1", "true", "TRUE"])
def test_a_truth_is_one_in_any_spelling(tmp_path: Path, written: str) -> None:
    row = row_with(tmp_path, "observaciones", 't="b"', f"<v>{written}</v>")
    assert read_as(row, "observaciones") == "VERDADERO"


@pytest.mark.parametrize("style", ["", "99", "x"])
def test_a_cell_of_no_style_is_read(tmp_path: Path, style: str) -> None:
    row = row_with(tmp_path, "ruc", f's="{style}"', f"<v>{RUC}</v>")
    assert read_as(row, "ruc") == RUC


def test_cells_go_to_their_own_columns_in_any_order(tmp_path: Path) -> None:
    path = make_list(tmp_path / "lista.xlsx", good())
    cell = '<c r="A2" t="inlineStr"><is><t>a</t></is></c>'
    replaced(path, SHEET, ("</row></sheetData>", f"{cell}</row></sheetData>"))
    assert read_as(read(path).rows[0], "id") == "a"


@pytest.mark.parametrize(
    ("again", "sec"), [("<c r='E2'/>", "0045012317"), ("<c r='E2'><v>7</v></c>", None)]
)
def test_a_place_that_is_there_twice(tmp_path: Path, again: str, sec: str | None) -> None:
    path = make_list(tmp_path / "lista.xlsx", good())
    replaced(path, SHEET, ("</row></sheetData>", f"{again}</row></sheetData>"))
    (row,) = read(path).rows
    assert (row.case.sec if row.case else None) == sec
    assert broken(row) == ([] if sec else ["N° SEC"])
