"""Files that travel through the database, between machines that share no folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.rules.case import Canal, Case, EvidenceFile
from flows.store.case_files import CaseFiles
from flows.store.database import connect
from flows.store.ledger import Ledger
from tests.demo.world import demo_ruc
from tests.support.postgres import Server


@pytest.fixture(scope="module")
def database(postgres: Server) -> Iterator[sa.Engine]:
    engine = connect(postgres.new_database())
    Ledger(engine).prepare()
    yield engine
    engine.dispose()


def case_with(*paths: Path, sec: str = "46000001") -> Case:
    return Case(
        id="1",
        fecha_solicitud=date(2026, 11, 18),
        canal=Canal.CORREO,
        sec=sec,
        ruc=demo_ruc(901),
        lineas=("987000001",),
        cargo_fijo_ofrecido=Decimal("39.90"),
        contacto="Rosa Quispe",
        contacto_dni="07654321",
        contacto_correo="rosa@textiles.example",
        evidencia=tuple(
            EvidenceFile(path=str(path), sha256=hashlib.sha256(path.read_bytes()).hexdigest())
            for path in paths
        ),
    )


def test_evidence_reaches_a_machine_that_does_not_have_it(
    database: sa.Engine, tmp_path: Path
) -> None:
    """Two files of one name, from folders that this machine then no longer sees."""
    given = [tmp_path / "list" / name / "oferta.eml" for name in ("a", "b")]
    for path in given:
        path.parent.mkdir(parents=True)
        path.write_bytes(f"oferta de {path.parent.name}".encode())
    case = case_with(*given)
    CaseFiles(database).hand_in([case])
    (tmp_path / "list").rename(tmp_path / "elsewhere")
    folder = tmp_path / "worker" / case.reference
    found = [CaseFiles(database).evidence(case.reference, e, folder) for e in case.evidencia]
    assert [path.read_bytes() for path in found if path] == [b"oferta de a", b"oferta de b"]
    assert {path.name for path in found if path} == {"oferta.eml"}
    assert all(path.is_relative_to(folder) for path in found if path)


def test_evidence_that_changed_is_not_handed_in_and_not_found(
    database: sa.Engine, tmp_path: Path
) -> None:
    path = tmp_path / "oferta.eml"
    path.write_bytes(b"lo que se ley\xc3\xb3")
    case = case_with(path, sec="46000002")
    path.write_bytes(b"otra cosa")
    CaseFiles(database).hand_in([case])
    (evidence,) = case.evidencia
    assert CaseFiles(database).evidence(case.reference, evidence, tmp_path / "case") is None


def test_what_one_machine_keeps_of_a_case_another_one_reports(
    database: sa.Engine, tmp_path: Path
) -> None:
    worker, reporter = tmp_path / "worker", tmp_path / "reporter"
    (worker / "CF-1" / "pasos").mkdir(parents=True)
    (worker / "CF-1" / "descripcion.png").write_bytes(b"before")
    CaseFiles(database).publish("CF-1", worker / "CF-1")
    (worker / "CF-1" / "descripcion.png").write_bytes(b"picture")
    (worker / "CF-1" / "pasos" / "1.png").write_bytes(b"step")
    CaseFiles(database).publish("CF-1", worker / "CF-1")
    CaseFiles(database).bring(["CF-1", "CF-none"], reporter)
    assert {
        path.relative_to(reporter).as_posix(): path.read_bytes() for path in files(reporter)
    } == {
        "CF-1/descripcion.png": b"picture",
        "CF-1/pasos/1.png": b"step",
    }


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
