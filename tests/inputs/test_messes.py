"""Every mess that the contract names under "The case list", in workbooks made for it.

Each is read as openpyxl wrote it and again as LibreOffice saved it.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet

from flows.case import Canal
from inputs.reader import ListError
from inputs.rows import CaseList, Row
from inputs.schema import BY_FIELD
from inputs.sheet_xml import read_strings
from tests.inputs.lists import (
    HEADERS,
    PLACE,
    RUC,
    broken,
    fill,
    good,
    libreoffice,
    make_list,
    read,
    resaved,
)

NBSP, ZERO_WIDTH = "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}"
Shape = Callable[[Worksheet], None]


class Mess(NamedTuple):
    """Rows, and of each what is read: fields of its case, or the headers of what is broken."""

    rows: list[dict[str, Any]]
    expected: list[dict[str, Any] | list[str]]
    shape: Shape | None = None
    header_row: int = 1


def shown_as(number_format: str, *fields: str) -> Shape:
    def shape(sheet: Worksheet) -> None:
        for row in range(2, sheet.max_row + 1):
            for field in fields:
                sheet.cell(row, PLACE[field]).number_format = number_format

    return shape


def a_title_above(sheet: Worksheet) -> None:
    sheet["A1"] = "Variaciones Corporativas: casos de noviembre"
    sheet.merge_cells("A1:H2")
    sheet["C3"] = "RUC"  # a stray word is no header


def other_headers(sheet: Worksheet) -> None:
    """Other cases, spaces and signs, no accents, and a column of the advisor's own."""
    for cell, header in zip(
        sheet[1],
        (
            *("id ", "Nro. Caso  SIAC", "FECHA DE SOLICITUD", f"canal{NBSP}", "Nº SEC", "r u c"),
            *("LINEAS", "Cargo Fijo\nofrecido", "contácto", "dni del contacto"),
            *("CORREO DEL CLIENTE", "evidencia", "Origen de la Evidencia"),
            *("oferta vigente hasta", "APROBADO POR", "escenario", "observaciones"),
        ),
        strict=True,
    ):
        cell.value = header
    sheet.cell(1, len(HEADERS) + 1, "Mi columna")
    sheet.cell(2, len(HEADERS) + 1, "mía")


def reversed_columns(sheet: Worksheet) -> None:
    for row in sheet.iter_rows():
        values = [(cell.value, cell.number_format) for cell in row]
        for cell, (value, number_format) in zip(row, reversed(values), strict=True):
            cell.value, cell.number_format = value, number_format


def hidden(sheet: Worksheet) -> None:
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["E"].hidden = True
    sheet.auto_filter.ref = sheet.dimensions


def spread(sheet: Worksheet) -> None:
    sheet.insert_rows(3, 4)
    sheet.cell(4, 2, f" {NBSP}")
    sheet.insert_rows(2)


def half_bold(sheet: Worksheet) -> None:
    bold = InlineFont(b=True)
    sheet.cell(2, PLACE["contacto"]).value = CellRichText("Rosa ", TextBlock(bold, "Quispe Díaz"))


EXACT = f"{RUC[0]}.{RUC[1:]}E+10"
MESSES: dict[str, Mess] = {
    "numbers stored as text": Mess(
        [good(siac_case="70001234", canal="135", cargo_fijo_ofrecido="39.9")],
        [{"ruc": RUC, "canal": Canal.TELEFONO_135, "cargo_fijo_ofrecido": Decimal("39.90")}],
        shown_as("General", *PLACE),
    ),
    "text as numbers": Mess(
        [good(id=7, siac_case=70001234, canal=135, sec=45012317, ruc=int(RUC), lineas=987654321)],
        [
            {
                "id": "7",
                "siac_case": "70001234",
                "canal": Canal.TELEFONO_135,
                "sec": "45012317",
                "ruc": RUC,
                "lineas": ("987654321",),
            }
        ],
        shown_as("General", *PLACE),
    ),
    "a RUC in scientific notation": Mess(
        [good(sec="1", ruc=int(RUC)), good(sec="2", ruc=EXACT), good(sec="3", ruc="2.06E+10")],
        [{"ruc": RUC}, {"ruc": RUC}, ["RUC"]],
        shown_as("0.00E+00", "ruc"),
    ),
    "dates as serials, cells and text": Mess(
        [good(sec=str(n), fecha_solicitud=day) for n, day in enumerate(
            [46329, "46329", date(2026, 11, 3), "3/11/2026", f"03/11/2026{NBSP}", "03-11-26"]
        )],
        [{"fecha_solicitud": date(2026, 11, 3)}] * 5 + [["Fecha de solicitud"]],
        shown_as("General", "oferta_vigente_hasta"),
    ),
    "non-breaking and invisible spaces": Mess(
        [good(ruc=f"{NBSP}{RUC}{ZERO_WIDTH}", contacto=f"Rosa{NBSP}Quispe",
              lineas=f"987654321{NBSP}987654322", cargo_fijo_ofrecido=f"S/{NBSP}39.90",
              sec="\N{WORD JOINER}45012317 ")],
        [{"ruc": RUC, "contacto": "Rosa Quispe", "lineas": ("987654321", "987654322"),
          "cargo_fijo_ofrecido": Decimal("39.90"), "sec": "45012317"}],
    ),
    "merged titles above the header": Mess(
        [good(id="a"), good(id="b", sec="9")], [{"id": "a"}, {"id": "b"}], a_title_above, 4
    ),
    "empty rows between": Mess(
        [good(id="a"), good(id="b", sec="9"), good(id="c", sec="8")],
        [{"id": "a"}, {"id": "b"}, {"id": "c"}],
        spread,
    ),
    "hidden rows and columns": Mess(
        [good(id="a"), good(id="b", sec="9")], [{"id": "a"}, {"id": "b"}], hidden
    ),
    "headers in any spelling, and one of one's own": Mess(
        [good(id="a")], [{"id": "a", "ruc": RUC}], other_headers
    ),
    "columns in another order": Mess([good(id="a")], [{"id": "a", "ruc": RUC}], reversed_columns),
    "formulas with cached values": Mess(
        [good(contacto_dni="=7654000+321", cargo_fijo_ofrecido="=59.9*0.5", ruc=f"=0+{RUC}",
              contacto='="Rosa"&" Díaz"')],
        [{"contacto_dni": "07654321", "cargo_fijo_ofrecido": Decimal("29.95"), "ruc": RUC,
          "contacto": "Rosa Díaz"}],
    ),
    "a DNI as a number": Mess(
        [good(sec="1", contacto_dni=7654321), good(sec="2", contacto_dni=321),
         good(sec="3", contacto_dni="7654321")],
        [{"contacto_dni": "07654321"}, {"contacto_dni": "00000321"}, ["DNI del contacto"]],
    ),
    "leading zeros that only the format shows": Mess(
        [good(sec=45012317)], [{"sec": "0045012317"}], shown_as("0000000000", "sec")
    ),
    "soles before amounts": Mess(
        [good(sec=str(n), cargo_fijo_ofrecido=amount) for n, amount in enumerate(
            ["S/ 1,039.90", "S/.1,039.90", "s/. 1039.9", "1,039.90", "1039.90", 1039.9,
             "S/ 0.00", "1.039,90"]
        )],
        [{"cargo_fijo_ofrecido": Decimal("1039.90")}] * 6 + [["Cargo fijo ofrecido"]] * 2,
    ),
    "correo for Correo": Mess(
        [good(sec=str(n), canal=canal) for n, canal in enumerate(["correo", " CORREO ", "fax"])],
        [{"canal": Canal.CORREO}] * 2 + [["Canal"]],
    ),
    "lines separated by anything": Mess(
        [good(sec=str(n), lineas=f"987654321{between}987654322") for n, between in enumerate(
            [",", " ; ", " ", "\n", "_x000D_\n", f";{NBSP}", "/"]
        )],
        [{"lineas": ("987654321", "987654322")}] * 6 + [["Líneas"]],
    ),
    "half a cell in bold": Mess([good()], [{"contacto": "Rosa Quispe Díaz"}], half_bold),
    "errors of Excel": Mess([good(sec="#N/A", contacto="#REF!")], [["N° SEC", "Contacto"]]),
    "a second row of the same case": Mess(
        [good(), good(lineas="987654322 987654321"), good(id="x", sec="9"), good(id="X", sec="8")],
        [{}, ["N° SEC"], {}, ["ID"]],
    ),
    "every error of a row at once": Mess(
        [
            good(sec="5"),
            good(
                siac_case="¿70001234?", fecha_solicitud="21/11/2026", canal="fax", sec="SEC-1",
                ruc="20100070971", lineas="12345", cargo_fijo_ofrecido=0, contacto="1+1",
                contacto_dni=1234567890, contacto_correo="rosa@empresa", evidencia="no.pdf",
                origen_evidencia="otro", oferta_vigente_hasta="31/02/2026", escenario="VENTAS",
            ),
            good(sec="6"),
        ],
        [
            {"sec": "5"},
            ["N° caso SIAC", "Fecha de solicitud", "Canal", "N° SEC", "RUC", "Líneas",
             "Cargo fijo ofrecido", "Contacto", "DNI del contacto", "Correo del cliente",
             "Evidencia", "Origen de la evidencia", "Oferta vigente hasta", "Escenario"],
            {"sec": "6"},
        ],
    ),
}  # fmt: skip

#: what a spreadsheet would have computed
CACHED = {
    "7654000+321": "<v>7654321</v>",
    "59.9*0.5": f"<v>{59.9 * 0.5!r}</v>",
    f"0+{RUC}": f"<v>{RUC}</v>",
    '"Rosa"&amp;" Díaz"': "<v>Rosa Díaz</v>",
}


def patched(path: Path, change: Callable[[str, bytes], bytes], **more: bytes) -> Path:
    """The workbook with its parts changed, and more parts."""
    with zipfile.ZipFile(path) as source:
        parts = {name: change(name, source.read(name)) for name in source.namelist()} | more
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


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
def saved(written: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    if not shutil.which("soffice"):
        pytest.skip("needs LibreOffice")
    folder = tmp_path_factory.mktemp("saved")
    return dict(zip(written, resaved(folder, *written.values()), strict=True))


@pytest.mark.parametrize("maker", ["written", "saved"], ids=["openpyxl", "libreoffice"])
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


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
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
