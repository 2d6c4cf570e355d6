"""Every mess that the contract names under "The case list", in workbooks made for it.

Each is read as openpyxl wrote it and again as LibreOffice saved it.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from inputs.reader import ListError
from inputs.rows import CaseList, Row
from inputs.schema import BY_FIELD
from inputs.sheet_xml import read_strings
from tests.inputs.messes import MESSES
from tests.inputs.parts import patched
from tests.support.lists import (
    RUC,
    broken,
    fill,
    good,
    libreoffice,
    make_list,
    read,
    resaved,
)

#: what a spreadsheet would have computed
CACHED = {
    "7654000+321": "<v>7654321</v>",
    "59.9*0.5": f"<v>{59.9 * 0.5!r}</v>",
    f"0+{RUC}": f"<v>{RUC}</v>",
    '"Rosa"&amp;" Díaz"': "<v>Rosa Díaz</v>",
}


def with_cached_values(name: str, part: bytes) -> bytes:
    """openpyxl computes nothing: it leaves the values of formulas out."""

    def cell(found: re.Match[str]) -> str:
        text = ' t="str"' if found[3].startswith('"') else ""
        return f"<c{found[1]}{text}><f>{found[3]}</f>{CACHED[found[3]]}</c>"

    pattern = r"<c((?: [rs]=\"\w+\")*)( t=\"\w+\")?><f>(.*?)</f><v ?(?:/>|></v>)</c>"
    return re.sub(pattern, cell, part.decode()).encode() if "sheet1.xml" in name else part


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("messes")
    paths = {}
    for number, (name, mess) in enumerate(MESSES.items()):
        workbook = Workbook()
        sheet = workbook.active
        assert isinstance(sheet, Worksheet)
        sheet.title = "Casos"
        fill(sheet, mess.rows, mess.header_row)
        if mess.shape:
            mess.shape(sheet)
        paths[name] = folder / f"{number}.xlsx"
        workbook.save(paths[name])
        patched(paths[name], with_cached_values)
    return paths


@pytest.fixture(scope="module")
def saved(
    libreoffice: None, written: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("saved")
    return dict(zip(written, resaved(folder, *written.values()), strict=True))


@pytest.mark.parametrize(
    "maker",
    [
        pytest.param("written", id="openpyxl"),
        pytest.param("saved", id="libreoffice", marks=pytest.mark.libreoffice),
    ],
)
@pytest.mark.parametrize("name", MESSES)
def test_a_list_is_read_as_it_was_meant(
    name: str, maker: str, request: pytest.FixtureRequest
) -> None:
    result: CaseList = read(request.getfixturevalue(maker)[name])
    for row, expected in zip(result.rows, MESSES[name].expected, strict=True):
        said = told(row)
        if isinstance(expected, list):
            assert sorted(broken(row)) == sorted(expected), said
            assert row.case is None
        else:
            assert row.case, said
            assert {field: getattr(row.case, field) for field in expected} == expected


@pytest.mark.parametrize("part", ["sheet1.xml", "sharedStrings.xml", "workbook.xml"])
def test_a_workbook_that_declares_entities(
    saved: dict[str, Path], tmp_path: Path, part: str
) -> None:
    def change(name: str, content: bytes) -> bytes:
        if not name.endswith(f"/{part}"):
            return content
        return re.sub(rb"^(<\?.*?\?>)", rb'\1<!DOCTYPE x [<!ENTITY a "b">]>', content)

    bomb = patched(Path(shutil.copy(saved["a DNI as a number"], tmp_path)), change)
    with pytest.raises(ListError, match="dañado"):
        read(bomb)


def test_cells_are_read_as_openpyxl_reads_them(saved: dict[str, Path]) -> None:
    """Number for number and text for text, with their formats."""
    seen = 0
    for path in saved.values():
        theirs = load_workbook(path, data_only=True)["Casos"]
        for row in read(path).rows:
            for ours, cell in zip(row.cells, theirs[row.number], strict=False):
                value = (
                    datetime.fromisoformat(str(ours.value)) if ours.kind == "date" else ours.value
                )
                if "_x" not in str(cell.value):  # which openpyxl leaves as the format writes it
                    assert (value, ours.number_format) == (
                        cell.value,
                        "General" if cell.value is None else cell.number_format,
                    )
                    seen += 1
    assert seen > 500


def told(row: Row) -> list[str]:
    return [str(error) for error in row.errors]


def test_what_is_broken_is_told_with_its_value_and_what_is_expected(
    written: dict[str, Path],
) -> None:
    rows = read(written["every error of a row at once"]).rows
    columns = [column.header for column in BY_FIELD.values()]
    assert broken(rows[1]) == sorted(broken(rows[1]), key=columns.index)
    for error, value in zip(rows[1].errors[:6], ["¿70001234?", "21/11/2026", "fax", "SEC-1",
                                                 "20100070971", "12345"], strict=True):  # fmt: skip
        assert error.value == value
        assert "se espera" in error.expected or "no puede" in error.expected


def test_a_list_with_macros(tmp_path: Path) -> None:
    """As Excel saves one: the content type of macros, and the part that holds them."""

    def change(name: str, part: bytes) -> bytes:
        text = part.decode()
        if name == "[Content_Types].xml":
            text = text.replace(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            ).replace(
                "<Override",
                '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
                "<Override",
                1,
            )
        if name == "xl/_rels/workbook.xml.rels":
            text = text.replace(
                "</Relationships>",
                '<Relationship Id="rId99" Target="vbaProject.bin" Type="http://schemas.microsoft'
                '.com/office/2006/relationships/vbaProject"/></Relationships>',
            )
        return text.encode()

    macros = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4088)
    path = patched(
        make_list(tmp_path / "lista.xlsm", good(), good(ruc=1)),
        change,
        **{"xl/vbaProject.bin": macros},
    )
    assert [bool(row.case) for row in read(path).rows] == [True, False]


@pytest.mark.usefixtures("libreoffice")
def test_a_list_with_macros_as_libreoffice_saves_it(tmp_path: Path) -> None:
    path = make_list(tmp_path / "lista.xlsx", good())
    (saved,) = libreoffice(tmp_path / "saved", "xlsm:Calc MS Excel 2007 VBA XML", path)
    with zipfile.ZipFile(saved) as archive:
        assert b"macroEnabled" in archive.read("[Content_Types].xml")
    assert read(saved).rows[0].case


def test_how_a_word_is_spoken_is_no_part_of_it() -> None:
    """Excel keeps the reading of some names beside them."""
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<si><t>Díaz</t><rPh sb="0" eb="4"><t>diaz</t></rPh></si><si/><si><t>Ríos</t></si></sst>'
    )
    assert read_strings(BytesIO(strings.encode())) == ["Díaz", "", "Ríos"]
