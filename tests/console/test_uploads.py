"""What is uploaded: names that try to be paths, and files that are not what they say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from flows.rules.case import Canal, Case, EvidenceFile
from flows.store.case_files import is_given
from inputs.evidence_files import MAX_BYTES, EvidenceReader
from robots.console.uploads import (
    UploadRefused,
    keep_evidence,
    new_folder,
    put,
    put_evidence,
    safe_name,
)

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        r"..\..\windows\system32\cmd.exe",
        "/etc/passwd",
        "C:\\oferta.pdf",
        "oferta\0.pdf",
        "oferta;otra.pdf",
        "oferta\n.pdf",
        "<script>alert(1)</script>.pdf",
        "=HYPERLINK(1).pdf",
        "." * 300 + "x.pdf",
        "ñ" * 300 + ".pdf",
        "\u202efdp.exe",
    ],
)
def test_a_name_stays_a_name_in_its_folder(tmp_path: Path, name: str) -> None:
    folder = new_folder(tmp_path / "uploads")
    path = put(folder, name, PDF, MAX_BYTES)
    assert path.parent == folder
    assert path.resolve().parent == folder.resolve()
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]
    files, errors = EvidenceReader(folder).read(path.name) if path.suffix == ".pdf" else ([1], [])
    assert files and not errors, "the list's reader finds it under its name"


@pytest.mark.parametrize("name", ["", "..", "../..", "   ", "\0"])
def test_no_name_is_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(UploadRefused):
        put(tmp_path, name, PDF, MAX_BYTES)


def test_two_of_one_name_are_two(tmp_path: Path) -> None:
    first, second = (put(tmp_path, "oferta.pdf", PDF, MAX_BYTES) for _ in range(2))
    assert first != second
    assert safe_name(second.name) == second.name


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("oferta.pdf", b"MZ\x90\0 programa", "no es el de un .pdf"),
        ("programa.exe", b"MZ\x90\0", "se espera un archivo"),
        ("carta.docx", b"PK\x03\x04 roto", "no es el de un .docx"),
        ("pagina.html", b"<script>alert(1)</script>", "se espera un archivo"),
        ("grande.pdf", PDF + bytes(MAX_BYTES), "pasa de 10 MB"),
    ],
)
def test_what_is_no_evidence_is_refused_and_not_kept(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(UploadRefused, match=why):
        put_evidence(tmp_path, name, content)
    assert not list(tmp_path.iterdir())


def test_a_case_keeps_its_files_as_they_were(tmp_path: Path) -> None:
    folder = new_folder(tmp_path / "uploads")
    path = put_evidence(folder, "oferta.pdf", PDF)
    files, _ = EvidenceReader(folder).read(path.name)
    case = Case(
        fecha_solicitud=date(2026, 11, 18),
        canal=Canal.CORREO,
        sec="46000001",
        ruc="20990009016",
        lineas=("987000001",),
        cargo_fijo_ofrecido=Decimal("39.90"),
        contacto="Rosa",
        contacto_dni="07654321",
        contacto_correo="rosa@textiles.example",
        evidencia=tuple(files),
    )
    kept = keep_evidence(case, tmp_path / "evidence")
    (file,) = kept.evidencia
    path.unlink()
    assert Path(file.path).read_bytes() == PDF
    assert file.sha256 == files[0].sha256
    assert file.name == "oferta.pdf"  # as it is attached
    assert keep_evidence(kept, tmp_path / "evidence") == kept
    again = put_evidence(folder, "oferta.pdf", PDF + b"otra")
    files, _ = EvidenceReader(folder).read(again.name)
    more = kept.model_copy(update={"evidencia": (*kept.evidencia, *files)})
    both = keep_evidence(more, tmp_path / "evidence").evidencia
    assert [(one.name, Path(one.path).read_bytes()) for one in both] == [
        ("oferta.pdf", PDF),
        ("oferta.pdf", PDF + b"otra"),
    ]


def test_what_a_version_before_kept_stays_the_cases(tmp_path: Path) -> None:
    """With its sum in front of its name, in one folder."""
    path = str(tmp_path / "CF-1" / "evidencia" / "e4aebc26 oferta.pdf")
    assert is_given("CF-1", EvidenceFile(path=path, sha256="e4aebc26" * 8))
    assert not is_given("CF-2", EvidenceFile(path=path, sha256="e4aebc26" * 8))
