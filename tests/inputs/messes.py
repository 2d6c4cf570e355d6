"""The messes that the contract names under "The case list", each with what is to be read of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet

from flows.rules.case import Canal
from tests.support.lists import HEADERS, PLACE, RUC, good

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
