"""Lists that went through LibreOffice, and the template filled there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from inputs.list_template import EXAMPLE_SHEET, READY_ROWS, write_template
from inputs.reader import ListError
from tests.demo.write import LIST, ROOT
from tests.support.lists import HEADERS, PLACE, good, read, resaved

pytestmark = pytest.mark.usefixtures("libreoffice")


@pytest.fixture(scope="module")
def uno(libreoffice: None) -> str:
    """A Python that can talk to LibreOffice: its own, or the system's."""
    office = Path(str(shutil.which("soffice"))).resolve().parent
    for python in (office / "python", shutil.which("python3", path=os.defpath)):
        if python and Path(python).exists():
            found = subprocess.run([python, "-c", "import uno"], capture_output=True)
            if found.returncode == 0:
                return str(python)
    pytest.skip("needs a Python with LibreOffice's uno")


def through(path: Path) -> Path:
    (saved,) = resaved(path.parent / "saved", path)
    return saved


def test_demo_list_reads_the_same_after_libreoffice(tmp_path: Path) -> None:
    shutil.copytree(ROOT / LIST.parent / "evidencias_demo", tmp_path / "saved" / "evidencias_demo")
    shutil.copytree(tmp_path / "saved" / "evidencias_demo", tmp_path / "evidencias_demo")
    path = Path(shutil.copy(ROOT / LIST, tmp_path))
    before, after = read(path), read(through(path))
    assert after.headers == before.headers
    kept = {"evidencia"}  # its files lie beside the list, wherever that is
    for one, other in zip(before.rows, after.rows, strict=True):
        assert one.case is None or one.case.model_dump(exclude=kept) == (
            other.case and other.case.model_dump(exclude=kept)
        )
        assert [str(error) for error in one.errors] == [str(error) for error in other.errors]


def test_template_filled_and_saved_reads_back(tmp_path: Path, uno: str) -> None:
    """Typed into its cells one by one: what a person typed comes back to the digit."""
    write_template(tmp_path / "plantilla.xlsx")
    typed = good(id="007", siac_case="00701", canal="135", cargo_fijo_ofrecido="1039.90")
    cells = {f"{get_column_letter(PLACE[field])}2": text for field, text in typed.items()}
    out = tmp_path / "llena.xlsx"
    subprocess.run(
        [uno, Path(__file__).with_name("type_in_libreoffice.py"), tmp_path / "plantilla.xlsx", out],
        input=json.dumps(cells),
        text=True,
        check=True,
        capture_output=True,
        timeout=180,
    )
    result = read(out)
    assert result.headers == HEADERS
    (row,) = result.rows
    assert row.case, row.errors
    assert (row.case.id, row.case.siac_case, row.case.canal) == ("007", "00701", "135")
    assert (row.case.sec, row.case.contacto_dni) == ("0045012317", "07654321")
    assert row.case.cargo_fijo_ofrecido == Decimal("1039.90")
    assert row.case.lineas == ("987654321", "987654322")


def test_formats_lists_and_notes_of_the_template_survive(tmp_path: Path) -> None:
    write_template(tmp_path / "plantilla.xlsx")
    saved = load_workbook(through(tmp_path / "plantilla.xlsx"))
    sheet = saved["Casos"]
    for field in ("sec", "ruc", "contacto_dni", "lineas", "siac_case", "id"):
        assert sheet.cell(2, PLACE[field]).number_format == "@"
        assert sheet.cell(READY_ROWS + 1, PLACE[field]).number_format == "@"
    assert "0" in sheet.cell(2, PLACE["cargo_fijo_ofrecido"]).number_format
    assert "yy" in sheet.cell(2, PLACE["fecha_solicitud"]).number_format.lower()
    lists = {str(choice.sqref): choice.formula1 for choice in sheet.data_validations.dataValidation}
    last = READY_ROWS + 1
    assert {f"{column}2:{column}{last}" for column in "DMP"} <= lists.keys()
    assert "Correo" in str(lists[f"D2:D{last}"])
    assert all(sheet.cell(1, place).comment for place in PLACE.values())
    assert EXAMPLE_SHEET in saved.sheetnames


def test_filled_demo_example_is_itself_a_good_row(tmp_path: Path) -> None:
    write_template(tmp_path / "plantilla.xlsx")
    workbook = load_workbook(tmp_path / "plantilla.xlsx")
    example, sheet = workbook[EXAMPLE_SHEET], workbook["Casos"]
    (tmp_path / "evidencias").mkdir()
    (tmp_path / "evidencias/oferta.pdf").write_bytes(b"%PDF-1.4")
    for place in PLACE.values():
        sheet.cell(2, place).value = example.cell(5, place).value
    workbook.save(tmp_path / "ejemplo.xlsx")
    (row,) = read(tmp_path / "ejemplo.xlsx").rows
    assert row.case, row.errors
    assert row.case.contacto_dni == "07654321"
    assert row.case.evidencia


def test_an_empty_template_has_no_cases(tmp_path: Path) -> None:
    write_template(tmp_path / "plantilla.xlsx")
    with pytest.raises(ListError, match="ningún caso"):
        read(tmp_path / "plantilla.xlsx")
