"""Lists as people make them, each a real workbook."""

from __future__ import annotations

import os
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from inputs.cell_text import typed_text
from inputs.reader import ListError
from inputs.rows import Cell
from inputs.schema import BY_FIELD
from tests.support.lists import (
    GOOD,
    HEADERS,
    PLACE,
    PROTECTED,
    RUC,
    broken,
    fill,
    good,
    make_list,
    read,
    read_one,
)


def sheet_of(workbook: Workbook, title: str = "Casos") -> Worksheet:
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    return sheet


def save(workbook: Workbook, folder: Path, name: str = "lista.xlsx") -> Path:
    workbook.save(folder / name)
    return folder / name


# cells


@pytest.mark.parametrize(
    ("field", "value", "read_as"),
    [
        ("ruc", int(RUC), RUC),
        ("ruc", float(RUC), RUC),
        ("ruc", f"\N{NO-BREAK SPACE}{RUC}\N{ZERO WIDTH SPACE} ", RUC),
        ("sec", 45012317, "45012317"),
        ("sec", "0045012317", "0045012317"),
        ("canal", 135, "135"),
        ("canal", "correo", "Correo"),
        ("contacto_dni", 7654321, "07654321"),
        ("contacto_dni", 321, "00000321"),
        ("lineas", 987654321, ("987654321",)),
        ("lineas", "987654321;987654322\n987654323", ("987654321", "987654322", "987654323")),
        ("lineas", "987654321\N{NO-BREAK SPACE}987654322", ("987654321", "987654322")),
        ("cargo_fijo_ofrecido", 39.9, Decimal("39.90")),
        ("cargo_fijo_ofrecido", 59.9 * 0.5, Decimal("29.95")),
        ("cargo_fijo_ofrecido", 1039, Decimal("1039.00")),
        ("cargo_fijo_ofrecido", "S/.1,039.90", Decimal("1039.90")),
        ("cargo_fijo_ofrecido", "S/\N{NO-BREAK SPACE}39.90", Decimal("39.90")),
        ("fecha_solicitud", date(2026, 11, 3), date(2026, 11, 3)),
        ("fecha_solicitud", datetime(2026, 11, 3, 15, 30), date(2026, 11, 3)),  # noqa: DTZ001
        ("fecha_solicitud", 46329, date(2026, 11, 3)),
        ("fecha_solicitud", "46329", date(2026, 11, 3)),
        ("fecha_solicitud", "03/11/2026", date(2026, 11, 3)),
        ("siac_case", 70001234, "70001234"),
        ("id", 1.0, "1"),
        ("observaciones", "=1+1".replace("=", "\N{ZERO WIDTH SPACE}="), "\N{ZERO WIDTH SPACE}=1+1"),
    ],
)
def test_a_cell_is_read_as_what_was_meant(
    tmp_path: Path, field: str, value: Any, read_as: Any
) -> None:
    row = read_one(tmp_path, **{field: value})
    assert row.case is not None, row.errors
    assert getattr(row.case, field) == read_as


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ruc", "2.06E+10"),
        ("ruc", 2.06e10 + 0.5),
        ("sec", 123456789012345678),
        ("contacto_dni", 123456789),
        ("contacto_dni", -7654321),
        ("contacto_dni", True),
        ("fecha_solicitud", 2026),
        ("fecha_solicitud", "31/02/2026"),
        ("fecha_solicitud", "2026-11-18"),
        ("cargo_fijo_ofrecido", 44.925),
        ("cargo_fijo_ofrecido", -39.9),
        ("lineas", 98765432),
        ("escenario", "#N/A"),
    ],
)
def test_a_cell_that_says_no_such_thing_is_an_error(tmp_path: Path, field: str, value: Any) -> None:
    row = read_one(tmp_path, **{field: value})
    assert broken(row) == [BY_FIELD[field].header]
    assert row.case is None


def test_leading_zeros_that_only_the_format_shows_are_kept(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = sheet_of(workbook)
    fill(sheet, [good(sec=45012317)])
    sheet.cell(2, PLACE["sec"]).number_format = "0000000000"
    (row,) = read(save(workbook, tmp_path)).rows
    assert row.case and row.case.sec == "0045012317"


def test_dates_of_a_1904_workbook(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    sheet = sheet_of(workbook)
    fill(sheet, [good(fecha_solicitud=date(2026, 11, 3)), good(fecha_solicitud=46329 - 1462)])
    rows = read(save(workbook, tmp_path)).rows
    assert [row.case and row.case.fecha_solicitud for row in rows][:1] == [date(2026, 11, 3)]
    assert "repite" in rows[1].errors[0].expected  # the serial is the same day


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_serials_are_days(day: date) -> None:
    serial = day.toordinal() - date(1899, 12, 30).toordinal()
    shown = typed_text(Cell("number", serial), BY_FIELD["oferta_vigente_hasta"])
    assert shown == f"{day:%d/%m/%Y}"


@given(st.integers(0, 99_999_999), st.booleans())
def test_a_dni_as_a_number_has_eight_digits(number: int, as_float: bool) -> None:
    cell = Cell("number", float(number) if as_float else number)
    assert typed_text(cell, BY_FIELD["contacto_dni"]) == f"{number:08}"


@given(
    st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)),
    st.sampled_from(sorted(BY_FIELD)),
)
def test_any_number_has_a_text(number: float, field: str) -> None:
    assert typed_text(Cell("number", number), BY_FIELD[field])


# the shape of a sheet


def test_titles_order_unknown_columns_and_gaps(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = sheet_of(workbook)
    sheet["A1"] = "Variaciones Corporativas"
    sheet.merge_cells("A1:H1")
    sheet["B3"] = "RUC"  # a stray word is no header
    headers = ["Mi columna", *reversed(HEADERS)]
    for place, header in enumerate(headers, start=2):
        sheet.cell(5, place, header.upper())
    for number, label in ((6, "a"), (9, "b"), (12, "c")):
        values = {BY_FIELD[f].header: v for f, v in good(id=label, sec=f"4500{number}").items()}
        for place, header in enumerate(headers, start=2):
            sheet.cell(number, place, values.get(header, f"propio {label}" if place == 2 else None))
    sheet.cell(7, 3, " \N{NO-BREAK SPACE}")
    sheet.row_dimensions[9].hidden = True
    result = read(save(workbook, tmp_path))
    assert [row.number for row in result.rows] == [6, 9, 12]
    assert [row.case and row.case.id for row in result.rows] == ["a", "b", "c"]
    assert result.headers == ("", "MI COLUMNA", *(header.upper() for header in reversed(HEADERS)))
    assert [row.cells[1].value for row in result.rows] == ["propio a", "propio b", "propio c"]
    assert {len(row.cells) for row in result.rows} == {len(result.headers)}


def test_cells_are_kept_to_be_handed_back(tmp_path: Path) -> None:
    row = read_one(tmp_path, fecha_solicitud=datetime(2026, 11, 3, 8, 15), id=7, contacto="<&😀>")  # noqa: DTZ001
    kept = {
        field: row.cells[place - 1] for field, place in PLACE.items() if place <= len(row.cells)
    }
    assert (kept["fecha_solicitud"].kind, kept["fecha_solicitud"].value) == (
        "date",
        "2026-11-03T08:15:00",
    )
    assert (kept["id"].kind, kept["id"].value) == ("number", 7)
    assert kept["contacto"].value == "<&😀>"
    assert kept["siac_case"].kind == "empty"
    assert kept["ruc"].number_format == "@"


def test_cells_to_the_right_of_the_headers_are_kept(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = sheet_of(workbook)
    fill(sheet, [good()])
    sheet.cell(2, len(HEADERS) + 3, "al margen")
    result = read(save(workbook, tmp_path))
    assert result.headers[-3:] == ("", "", "")
    assert result.rows[0].cells[-1].value == "al margen"


def test_a_formula_gives_the_value_last_computed(tmp_path: Path) -> None:
    path = make_list(tmp_path / "lista.xlsx", good(contacto_dni="=1+1", sec="=2+2"))
    text = "<f>1+1</f><v></v>"
    patched = tmp_path / "formulas.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(patched, "w") as target:
        for name in source.namelist():
            part = source.read(name).decode()
            if name.endswith("sheet1.xml"):
                assert "<f>1+1</f><v" in part, text
                part = part.replace("<f>1+1</f><v />", "<f>1+1</f><v>7654321</v>")
                part = part.replace("<f>1+1</f><v></v>", "<f>1+1</f><v>7654321</v>")
                part = part.replace("<f>2+2</f><v />", "<f>2+2</f><v>45012317</v>")
                part = part.replace("<f>2+2</f><v></v>", "<f>2+2</f><v>45012317</v>")
            target.writestr(name, part)
    (row,) = read(patched).rows
    assert row.case and (row.case.contacto_dni, row.case.sec) == ("07654321", "45012317")


def test_an_xlsm_is_a_list_too(tmp_path: Path) -> None:
    path = make_list(tmp_path / "lista.xlsx", good())
    assert read(path.rename(tmp_path / "lista.XLSM")).rows[0].case


@pytest.mark.parametrize("titles", [["Hoja1"], ["Notas", "CASOS "], ["Casos", "Ejemplo"]])
def test_the_sheet_is_the_one_called_casos_or_the_only_one(
    tmp_path: Path, titles: list[str]
) -> None:
    workbook = Workbook()
    first = sheet_of(workbook, titles[0])
    for title in titles[1:]:
        workbook.create_sheet(title)
    sheet = first if titles[0] != "Notas" else workbook.worksheets[1]
    fill(sheet, [good()])
    assert read(save(workbook, tmp_path)).rows[0].case


def test_a_hidden_sheet_does_not_count(tmp_path: Path) -> None:
    workbook = Workbook()
    fill(sheet_of(workbook, "Solicitudes"), [good()])
    workbook.create_sheet("Listas").sheet_state = "hidden"
    assert read(save(workbook, tmp_path)).rows[0].case


# repeated rows


def test_a_second_row_of_the_same_case_names_the_first(tmp_path: Path) -> None:
    swapped = "987654322 987654321"
    path = make_list(tmp_path / "l.xlsx", good(), good(lineas=swapped), good(sec="99"), good())
    rows = read(path).rows
    assert [bool(row.case) for row in rows] == [True, False, True, False]
    assert "fila 2" in rows[1].errors[0].expected
    assert "fila 2" in rows[3].errors[0].expected


def test_an_id_is_there_once_also_in_rows_with_other_errors(tmp_path: Path) -> None:
    path = make_list(
        tmp_path / "l.xlsx",
        good(id="a"),
        good(id="A ", ruc="x"),
        good(id="b", sec="9"),
        good(sec="8"),
    )
    rows = read(path).rows
    assert broken(rows[1]) == ["RUC", "ID"]
    assert "fila 2" in rows[1].errors[1].expected
    assert rows[2].case
    assert rows[3].case


def test_a_row_that_is_refused_keeps_no_other_out(tmp_path: Path) -> None:
    path = make_list(tmp_path / "l.xlsx", good(id="a"), good(id="a", sec="9"), good(sec="9"))
    assert [bool(row.case) for row in read(path).rows] == [True, False, True]


# whole files


def refusal(path: Path) -> str:
    with pytest.raises(ListError) as caught:
        read(path)
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


def test_no_such_file(tmp_path: Path) -> None:
    assert "No existe" in refusal(tmp_path / "nada.xlsx")


def test_a_folder(tmp_path: Path) -> None:
    assert "carpeta" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lista.xlsx", b""),
        ("lista.xlsx", b"ID;RUC\n1;2\n"),
        ("lista.xlsx", b"PK\x03\x04" + bytes(500)),
        ("lista.csv", b"ID;RUC\n"),
    ],
)
def test_not_a_workbook(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert "no es un libro de Excel" in refusal(path)


def test_a_document_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "carta.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert "no es un libro de Excel" in refusal(path)


def test_half_a_workbook(tmp_path: Path) -> None:
    path = make_list(tmp_path / "lista.xlsx", good())
    path.write_bytes(path.read_bytes()[:3000])
    assert "dañado" in refusal(path)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def test_protected_by_a_password() -> None:
    """A real one, with the agile encryption of Excel 2010 and later."""
    assert "contraseña" in refusal(PROTECTED)


def test_an_old_excel_file(tmp_path: Path) -> None:
    path = tmp_path / "lista.xls"
    path.write_bytes(OLE)
    assert "97-2003" in refusal(path)


@pytest.mark.parametrize("lock", ["~$lista.xlsx", ".~lock.lista.xlsx#"])
def test_open_in_another_program(tmp_path: Path, lock: str) -> None:
    path = make_list(tmp_path / "lista.xlsx", good())
    (tmp_path / lock).write_bytes(b"Rosa Quispe")
    message = refusal(path)
    assert "abierto" in message
    assert "Rosa" not in message


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read anything")
def test_no_permission(tmp_path: Path) -> None:
    path = make_list(tmp_path / "lista.xlsx", good())
    path.chmod(0)
    assert "permiso" in refusal(path)


def test_locked_by_excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_list(tmp_path / "lista.xlsx", good())

    def locked(*_: object, **__: object) -> None:
        raise PermissionError(13, "sharing violation")

    monkeypatch.setattr(Path, "open", locked)
    assert "abierto en otro programa" in refusal(path)


def test_several_sheets_and_none_called_casos(tmp_path: Path) -> None:
    workbook = Workbook()
    fill(sheet_of(workbook, "Hoja1"), [good()])
    workbook.create_sheet("Hoja2")
    message = refusal(save(workbook, tmp_path))
    assert "«Hoja1», «Hoja2»" in message


def test_every_missing_column_is_named(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet_of(workbook).append(["ID", "Fecha de solicitud", "N° SEC", "Líneas", "Contacto"])
    message = refusal(save(workbook, tmp_path))
    for header in ("Canal", "RUC", "Cargo fijo ofrecido", "DNI del contacto", "Correo del cliente"):
        assert f"«{header}»" in message
    assert "Líneas" not in message


def test_a_column_that_is_there_twice(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = sheet_of(workbook)
    fill(sheet, [good()])
    sheet.cell(1, len(HEADERS) + 1, "ruc")
    assert "más de una columna llamada «RUC»" in refusal(save(workbook, tmp_path))


@pytest.mark.parametrize("filled", [False, True])
def test_no_rows(tmp_path: Path, filled: bool) -> None:
    blank = [dict.fromkeys(GOOD, " ")] if filled else []
    assert "ningún caso" in refusal(make_list(tmp_path / "lista.xlsx", *blank))


def test_an_empty_sheet(tmp_path: Path) -> None:
    assert "faltan las columnas" in refusal(save(Workbook(), tmp_path))


# any cell at all


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.integers(-(10**14), 10**14),
            st.floats(-1e12, 1e12),
            st.booleans(),
            st.dates(date(1900, 3, 1), date(2999, 1, 1)),
            st.text(
                st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="￾￿_="),
                max_size=20,
            ),
        ),
        min_size=len(HEADERS),
        max_size=len(HEADERS),
    )
)
def test_our_reading_of_cells_is_openpyxls(
    tmp_path_factory: pytest.TempPathFactory, values: list[Any]
) -> None:
    """The same value, number for number and text for text, as a second reader finds."""
    workbook = Workbook()
    sheet = sheet_of(workbook)
    fill(sheet, [])
    sheet.append([*values, "fin"])
    path = save(workbook, tmp_path_factory.mktemp("cells"))
    (row,) = read(path).rows
    theirs = [cell.value for cell in load_workbook(path)["Casos"][2]]
    ours = [
        datetime.fromisoformat(str(cell.value)) if cell.kind == "date" else cell.value
        for cell in row.cells
    ]
    assert ours == [None if value == "" else value for value in theirs]
