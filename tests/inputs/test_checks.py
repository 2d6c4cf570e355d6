"""The rules of one row, as the list, the ``case`` command and the console apply them."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rules.case import Canal, Case, OrigenEvidencia
from flows.rules.scenarios import Escenario
from inputs.checks import check_fields
from inputs.rows import RowError
from tests.demo.files import write_evidence
from tests.support.lists import GOOD, RUC, TODAY

NOWHERE = Path("/nonexistent")


def check(base: Path = NOWHERE, **changes: str) -> Case | list[RowError]:
    return check_fields({**GOOD, **changes}, base, TODAY)


def case_of(base: Path = NOWHERE, **changes: str) -> Case:
    result = check(base, **changes)
    assert isinstance(result, Case), result
    return result


def errors_of(base: Path = NOWHERE, **changes: str) -> list[RowError]:
    result = check(base, **changes)
    assert isinstance(result, list), result
    return result


def test_a_good_row_is_a_case_in_normal_form() -> None:
    case = case_of(
        canal=" CORREO ",
        cargo_fijo_ofrecido="S/. 1,039.90",
        contacto="Rosa\N{NO-BREAK SPACE}Quispe ",
        escenario="ventas con oferta",
        origen_evidencia="cae",
        oferta_vigente_hasta="1/2/2027",
    )
    assert case == Case(
        fecha_solicitud=date(2026, 11, 18),
        canal=Canal.CORREO,
        sec="0045012317",
        ruc=RUC,
        lineas=("987654321", "987654322"),
        cargo_fijo_ofrecido=Decimal("1039.90"),
        contacto="Rosa Quispe",
        contacto_dni="07654321",
        contacto_correo="rosa.quispe@empresa.example",
        origen_evidencia=OrigenEvidencia.CAE,
        oferta_vigente_hasta=date(2027, 2, 1),
        escenario=Escenario.VENTAS_CON_OFERTA,
    )


def test_every_error_is_told_in_the_order_of_the_columns() -> None:
    found = errors_of(
        fecha_solicitud="21/11/2026",
        canal="fax",
        sec="SEC-1",
        ruc=RUC[:-1] + str((int(RUC[-1]) + 1) % 10),
        lineas="12345",
        cargo_fijo_ofrecido="0",
        contacto="\N{ZERO WIDTH SPACE}",
        contacto_dni="1234567",
        contacto_correo="rosa@empresa",
        escenario="VENTAS",
        siac_case="¿70001234?",
    )
    assert [error.column for error in found] == [
        "N° caso SIAC",
        "Fecha de solicitud",
        "Canal",
        "N° SEC",
        "RUC",
        "Líneas",
        "Cargo fijo ofrecido",
        "Contacto",
        "DNI del contacto",
        "Correo del cliente",
        "Escenario",
    ]
    assert found[2].value == "fax"
    assert all(error.expected for error in found)


@pytest.mark.parametrize("field", ["fecha_solicitud", "sec", "contacto_correo"])
def test_what_is_required_may_not_be_blank(field: str) -> None:
    (error,) = errors_of(**{field: " \N{NO-BREAK SPACE}"})
    assert "obligatorio" in error.expected


def test_today_is_not_the_future() -> None:
    assert case_of(fecha_solicitud="20/11/2026").fecha_solicitud == TODAY


@pytest.mark.parametrize(
    ("written", "ruc"),
    [
        (f"{RUC[0]}.{RUC[1:]}E+10", RUC),
        (f"{RUC[0]},{RUC[1:]}e10", RUC),
        ("2.06E+10", None),
        ("2,06E+10", None),
        ("2E+10", None),
        (f"{RUC[0]}.{RUC[1:]}E+11", None),
    ],
)
def test_scientific_notation_counts_only_with_all_of_its_digits(
    written: str, ruc: str | None
) -> None:
    if ruc:
        assert case_of(ruc=written).ruc == ruc
    else:
        (error,) = errors_of(ruc=written)
        assert "perdió dígitos" in error.expected


@pytest.mark.parametrize("value", ["#N/A", "#N/D", "#REF!", "#¡VALOR!", "#DIV/0!"])
@pytest.mark.parametrize("field", ["ruc", "contacto", "aprobado_por", "oferta_vigente_hasta"])
def test_an_error_of_excel_is_no_value(field: str, value: str) -> None:
    (error,) = errors_of(**{field: value})
    assert "error de Excel" in error.expected


@pytest.mark.parametrize("value", ["=1+1", '=HYPERLINK("http://x")', "+51", "@SUM(A1)", "-"])
def test_a_formula_is_no_name(value: str) -> None:
    assert [error.column for error in errors_of(contacto=value)] == ["Contacto"]


@pytest.mark.parametrize(
    "address",
    ["a@b", "a b@c.example", "a@c.example, b@c.example", "a@c.example\r\nBcc: x@y.example",
     "<a@c.example>", "a@-c.example", "a@c..example", "@c.example", "ana@ñandú.example"],
)  # fmt: skip
def test_an_address_is_one_plain_address(address: str) -> None:
    assert [error.column for error in errors_of(contacto_correo=address)] == ["Correo del cliente"]


def test_a_field_that_does_not_exist_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="linea"):
        check(linea="987654321")


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.text(max_size=40)))
def test_any_text_makes_a_case_or_errors(changes: dict[str, str]) -> None:
    result = check(**changes)
    assert isinstance(result, Case) or {error.column for error in result}


@given(st.integers(0, 10**6), st.integers(0, 99))
def test_amounts_keep_their_centimos(soles: int, centimos: int) -> None:
    amount = Decimal(soles) + Decimal(centimos) / 100
    if amount:
        assert case_of(cargo_fijo_ofrecido=f"S/ {amount:,.2f}").cargo_fijo_ofrecido == amount


# evidence


def with_evidence(base: Path, names: str) -> Case | list[RowError]:
    return check(base, evidencia=names, origen_evidencia="CAE")


def test_evidence_of_every_kind_is_taken_with_its_digest(tmp_path: Path) -> None:
    write_evidence(tmp_path)
    names = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*"))
    case = with_evidence(tmp_path, "; ".join(names))
    assert isinstance(case, Case)
    assert [file.path for file in case.evidencia] == [str(tmp_path / name) for name in names]
    for file in case.evidencia:
        assert file.sha256 == hashlib.sha256(Path(file.path).read_bytes()).hexdigest()


def test_evidence_needs_its_origin(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    assert [e.column for e in errors_of(tmp_path, evidencia="a.pdf")] == ["Origen de la evidencia"]


@pytest.mark.parametrize(
    "written",
    ["año 1, b.pdf", r"sub\c.pdf;año 1, b.pdf", "sub/c.pdf, año 1.pdf", '"sub/c.pdf"',
     "sub/c.pdf\naño 1.pdf"],
)  # fmt: skip
def test_paths_as_people_write_them(tmp_path: Path, written: str) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("año 1, b.pdf", "sub/c.pdf", "año 1.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-1.4 " + name.encode())
    case = with_evidence(tmp_path, written)
    assert isinstance(case, Case)
    assert len(case.evidencia) == (
        2 if ";" in written or "c.pdf, a" in written or "\n" in written else 1
    )


def test_an_email_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "oferta.eml").write_text("From: a@b.example\r\n\r\nS/ 39.90", "utf-8-sig")
    assert isinstance(with_evidence(tmp_path, "oferta.eml"), Case)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("virus.pdf", b"MZ\x90\x00" + bytes(100), "contenido"),
        ("virus.png", b"MZ\x90\x00" + bytes(100), "contenido"),
        ("virus.eml", b"MZ\x90\x00" + bytes(100), "contenido"),
        ("virus.docx", b"PK\x03\x04" + bytes(100), "contenido"),
        ("empty.pdf", b"", "contenido"),
        ("nota.txt", b"hola", "se espera un archivo de tipo"),
        ("virus.exe", b"MZ", "se espera un archivo de tipo"),
        ("big.pdf", b"%PDF-1.4" + bytes(10 * 1024 * 1024), "10 MB"),
    ],
)
def test_a_file_is_refused(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    result = with_evidence(tmp_path, name)
    assert isinstance(result, list)
    assert [error.column for error in result] == ["Evidencia"]
    assert result[0].value == name
    assert why in result[0].expected


def test_ten_megabytes_are_allowed(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4".ljust(10 * 1024 * 1024, b"\0"))
    assert isinstance(with_evidence(tmp_path, "a.pdf"), Case)


def test_a_workbook_renamed_to_word_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert isinstance(with_evidence(tmp_path, "a.docx"), list)


def test_each_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "folder.pdf").mkdir()
    result = with_evidence(tmp_path, "a.pdf; no.pdf; folder.pdf")
    assert isinstance(result, list)
    assert [error.value for error in result] == ["no.pdf", "folder.pdf"]
