"""Lists that went through LibreOffice, and the template filled there."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from inputs.demo import LIST, ROOT
from inputs.reader import ListError
from inputs.template import EXAMPLE_SHEET, write_template
from tests.inputs.lists import HEADERS, PLACE, RUC, TODAY, good, libreoffice, make_list, read

pytestmark = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("libreoffice")


def through_ods(path: Path, profile: Path) -> Path:
    """As if somebody had opened it in LibreOffice, saved it there, and exported it to Excel."""
    folder = path.parent / "saved"
    ods = libreoffice(folder, path, "ods", profile)
    return libreoffice(folder, ods, "xlsx", profile)


def test_messy_list_reads_the_same_after_libreoffice(tmp_path: Path, profile: Path) -> None:
    rows = [
        good(
            ruc=int(RUC), contacto_dni=7654321, sec="0000123", cargo_fijo_ofrecido=39.9, canal=135
        ),
        good(fecha_solicitud=TODAY, lineas=987654321, contacto="Núñez\N{NO-BREAK SPACE}Peña"),
        good(ruc="2.06E+10", fecha_solicitud=46329, lineas="987654321\n987654322"),
    ]
    path = make_list(tmp_path / "lista.xlsx", *rows)
    before, after = read(path), read(through_ods(path, profile))
    assert [row.case for row in after.rows] == [row.case for row in before.rows]
    assert [row.errors for row in after.rows] == [row.errors for row in before.rows]
    assert [bool(row.case) for row in after.rows] == [True, True, False]


def test_demo_list_reads_the_same_after_libreoffice(tmp_path: Path, profile: Path) -> None:
    shutil.copytree(ROOT / LIST.parent / "evidencias_demo", tmp_path / "saved" / "evidencias_demo")
    shutil.copytree(tmp_path / "saved" / "evidencias_demo", tmp_path / "evidencias_demo")
    path = Path(shutil.copy(ROOT / LIST, tmp_path))
    before, after = read(path), read(through_ods(path, profile))
    assert after.headers == before.headers
    kept = {"evidencia"}  # its files lie beside the list, wherever that is
    for one, other in zip(before.rows, after.rows, strict=True):
        assert one.case is None or one.case.model_dump(exclude=kept) == (
            other.case and other.case.model_dump(exclude=kept)
        )
        assert [str(error) for error in one.errors] == [str(error) for error in other.errors]


def test_formulas_are_read_as_libreoffice_computed_them(tmp_path: Path, profile: Path) -> None:
    path = make_list(
        tmp_path / "lista.xlsx", good(cargo_fijo_ofrecido="=59.9*0.5", contacto_dni="=7*2")
    )
    (row,) = read(through_ods(path, profile)).rows
    assert row.case
    assert (row.case.cargo_fijo_ofrecido, row.case.contacto_dni) == (Decimal("29.95"), "00000014")


def test_template_filled_and_saved_reads_back(tmp_path: Path, profile: Path) -> None:
    write_template(tmp_path / "plantilla.xlsx")
    workbook = load_workbook(tmp_path / "plantilla.xlsx")
    sheet = workbook["Casos"]
    typed = good(id="007", fecha_solicitud=date(2026, 11, 18), cargo_fijo_ofrecido=1039.9)
    for field, value in typed.items():  # into the cells as they were made ready
        sheet.cell(2, PLACE[field]).value = value
    workbook.save(tmp_path / "llena.xlsx")
    result = read(through_ods(tmp_path / "llena.xlsx", profile))
    assert result.headers == HEADERS
    (row,) = result.rows
    assert row.case
    assert (row.case.id, row.case.sec, row.case.contacto_dni) == ("007", "0045012317", "07654321")
    assert row.case.cargo_fijo_ofrecido == Decimal("1039.90")


def test_formats_lists_and_notes_of_the_template_survive(tmp_path: Path, profile: Path) -> None:
    write_template(tmp_path / "plantilla.xlsx")
    saved = load_workbook(through_ods(tmp_path / "plantilla.xlsx", profile))
    sheet = saved["Casos"]
    for field in ("sec", "ruc", "contacto_dni", "lineas", "siac_case", "id"):
        assert sheet.cell(2, PLACE[field]).number_format == "@"
    assert "0" in sheet.cell(2, PLACE["cargo_fijo_ofrecido"]).number_format
    assert "yy" in sheet.cell(2, PLACE["fecha_solicitud"]).number_format.lower()
    lists = {
        str(choice.sqref).split(":")[0]: choice.formula1
        for choice in sheet.data_validations.dataValidation
    }
    assert {"D2", "M2", "P2"} <= lists.keys()
    assert "Correo" in str(lists["D2"])
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
