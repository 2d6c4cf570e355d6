"""Case lists made for a test: one good row, and workbooks of such rows with something changed."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from inputs.reader import read_list
from inputs.rows import CaseList, Row
from inputs.schema import BY_FIELD, COLUMNS
from tests.demo.world import demo_ruc

TODAY = date(2026, 11, 20)
HEADERS = tuple(column.header for column in COLUMNS)
RUC = demo_ruc(7)

GOOD: dict[str, Any] = {
    "fecha_solicitud": "18/11/2026",
    "canal": "Correo",
    "sec": "0045012317",
    "ruc": RUC,
    "lineas": "987654321, 987654322",
    "cargo_fijo_ofrecido": "39.90",
    "contacto": "Rosa Quispe Mamani",
    "contacto_dni": "07654321",
    "contacto_correo": "rosa.quispe@empresa.example",
}

#: A good row, encrypted by msoffcrypto-tool as Excel does it; the password is "secreta".
PROTECTED = Path(__file__).parent / "protegida.xlsx"

#: A name of a field, the sheet's own place for it.
PLACE = {column.field: place for place, column in enumerate(COLUMNS, start=1)}


def good(**changes: Any) -> dict[str, Any]:
    return {**GOOD, **changes}


def fill(sheet: Worksheet, rows: Sequence[dict[str, Any]], header_row: int = 1) -> None:
    """Puts headers and rows, by the names of the fields, texts with the formats of the template."""
    for column in COLUMNS:
        sheet.cell(header_row, PLACE[column.field], column.header)
    for number, row in enumerate(rows, start=header_row + 1):
        for field, value in row.items():
            cell = sheet.cell(number, PLACE[field], value)
            if isinstance(value, str):
                cell.number_format = BY_FIELD[field].number_format


def make_list(path: Path, *rows: dict[str, Any]) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Casos"
    fill(sheet, rows)
    workbook.save(path)
    return path


def read(path: Path) -> CaseList:
    return read_list(path, today=TODAY)


def read_one(folder: Path, **changes: Any) -> Row:
    """The one row of a list that holds a good row with these changes."""
    (row,) = read(make_list(folder / "lista.xlsx", good(**changes))).rows
    return row


def broken(row: Row) -> list[str]:
    """The headers of the columns that break a rule, as often as they do."""
    return [error.column for error in row.errors]


def long_list(path: Path, rows: int) -> Path:
    """A list of so many good rows, no two alike, with words as people have them."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Casos")
    sheet.append(HEADERS)
    for number in range(rows):
        row = good(
            id=f"VC-{number}",
            sec=str(10_000_000 + number),
            ruc=demo_ruc(number),
            lineas=f"9{number:08}, 9{number + 1:08}",
            cargo_fijo_ofrecido=f"S/ {39.9 + number / 100:,.2f}",
            contacto=f"Núñez Peña {'abcdefghij'[number % 10]}",
            contacto_dni=f"{number:08}",
            contacto_correo=f"persona{number}@empresa.example",
            observaciones=f"Nota {number}",
        )
        sheet.append([row.get(field) for field in PLACE])
    workbook.save(path)
    return path


def resaved(folder: Path, *sources: Path) -> list[Path]:
    """Each as if somebody had saved it in LibreOffice and exported that to Excel."""
    return libreoffice(folder, "xlsx", *libreoffice(folder, "ods", *sources))


def libreoffice(folder: Path, kind: str, *sources: Path) -> list[Path]:
    """The sources opened in LibreOffice and saved as ``kind`` in ``folder``, all in one go."""
    with TemporaryDirectory() as profile:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--convert-to",
                kind,
                "--outdir",
                str(folder),
                *map(str, sources),
            ],
            check=True,
            capture_output=True,
            timeout=240,
        )
    return [folder / f"{source.stem}.{kind.partition(':')[0]}" for source in sources]
