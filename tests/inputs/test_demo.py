"""The demo: its list, its world and how each case is to end agree with one another."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.rules.case import Case, Decision, Estado, Motivo
from flows.rules.decision import decide
from flows.rules.scenarios import Escenario, Sistema
from inputs.reader import read_list
from inputs.rows import CaseList, Row
from pages.contract.siac import (
    ClientRecord,
    Contact,
    Executive,
    HistoryEntry,
    Invoice,
    LineRecord,
)
from pages.contract.sisact import SecRecord
from tests.demo.cases import APPROVAL_FOR
from tests.demo.files import FOLDER
from tests.demo.write import EXPECTED, LIST, OWN_COLUMN, ROOT, WORLD, write_demo

Json = dict[str, Any]

TODAY = date(2026, 11, 20)
WORLD_JSON: Json = json.loads((ROOT / WORLD).read_text(encoding="utf-8"))
EXPECTED_JSON: dict[str, Json] = json.loads((ROOT / EXPECTED).read_text(encoding="utf-8"))
DEMO = read_list(ROOT / LIST, today=TODAY)


def label(row: Row) -> str:
    return str(row.cells[0].value)


def expected_of(row: Row) -> Json:
    return EXPECTED_JSON[label(row)]


VALID = [row for row in DEMO.rows if row.case]


def find(records: list[Json], **wanted: str) -> Json | None:
    return next((r for r in records if all(r[key] == wanted[key] for key in wanted)), None)


def sec_record(number: str) -> SecRecord | None:
    """What SISACT shows of a SEC."""
    sec = find(WORLD_JSON["secs"], number=number)
    if sec is None:
        return None
    client = find(WORLD_JSON["customers"], ruc=sec["ruc"]) or {}
    return SecRecord(
        numero=sec["number"],
        ruc=sec["ruc"],
        razon_social=client.get("business_name", ""),
        operacion=sec["operation"],
        fecha=date.fromisoformat(sec["date"]),
        estado=sec["status"],
        segmento=client.get("segment", ""),
        plan=sec["plan"],
        cargo_lista=Decimal(sec["list_charge"]),
        campana=sec["campaign"],
        descripcion=sec["description"],
        lineas=tuple(sec["lines"]),
    )


def client_record(case: Case) -> ClientRecord | None:
    """What SIAC Único shows of the case's client and of its lines."""
    client = find(WORLD_JSON["customers"], ruc=case.ruc)
    if client is None:
        return None
    executive = client["executive"]
    return ClientRecord(
        ruc=client["ruc"],
        razon_social=client["business_name"],
        segmento=client["segment"],
        en_cartera=client["portfolio"],
        ejecutivo=executive
        and Executive(
            nombre=executive["name"], canal=executive["channel"], correo=executive["email"]
        ),
        contactos=tuple(
            Contact(dni=c["dni"], nombre=c["name"], correo=c["email"]) for c in client["contacts"]
        ),
        lineas=tuple(
            line_record(line)
            for line in WORLD_JSON["lines"]
            if line["ruc"] == case.ruc and line["number"] in case.lineas
        ),
    )


def line_record(line: Json) -> LineRecord:
    return LineRecord(
        numero=line["number"],
        plan=line["plan"],
        cargo=Decimal(line["charge"]),
        estado=line["status"],
        historial=tuple(
            HistoryEntry(
                fecha=date.fromisoformat(entry["date"]), tipo=entry["kind"], detalle=entry["detail"]
            )
            for entry in line["history"]
        ),
        facturas=tuple(
            Invoice(periodo=i["period"], cargo=Decimal(i["charge"])) for i in line["invoices"]
        ),
    )


def requests_in(sistema: Sistema) -> list[Json]:
    held: dict[Sistema, list[Json]] = {
        Sistema.NINTEX_ACTIVACIONES: WORLD_JSON["nintex"]["activaciones"],
        Sistema.NINTEX_OPERADOR: WORLD_JSON["nintex"]["operador"],
        Sistema.REMEDY: WORLD_JSON["remedy"]["incidents"],
    }
    return held[sistema]


def is_equal_request(request: Json, case: Case, decision: Decision) -> bool:
    """By the words of step 4: a line in common, and open or filed after what happened last."""
    common = set(request["lines"]) & set(decision.lineas)
    if request["sec"] != case.sec or not common:
        return False
    happened = [
        entry["date"]
        for line in WORLD_JSON["lines"]
        if line["number"] in common
        for entry in line["history"]
        if entry["kind"] not in ("Alta", "Portabilidad")
        and entry["date"] > find(WORLD_JSON["secs"], number=case.sec)["date"]  # type: ignore[index]
    ]
    is_open = request["status"] in ("Pendiente", "Asignado")
    return is_open or request["created"] > max(happened, default="")


def as_demo_ends(case: Case) -> Json:
    """How the rules end the case, an earlier request and the demo's approval included."""
    decision = decide(case, sec_record(case.sec), client_record(case))
    estado, motivo, escenario = decision.estado, decision.motivo, decision.escenario
    if decision.proceeds:
        assert escenario is not None
        if any(is_equal_request(r, case, decision) for r in requests_in(escenario.sistema)):
            estado, motivo = Estado.REQUIERE_ASESOR, Motivo.YA_SOLICITADO
        elif escenario is APPROVAL_FOR:
            estado = Estado.PENDIENTE_DE_APROBACION
        else:
            estado = Estado.ATENDIDO
    sistema = escenario.sistema if escenario else None
    return {"estado": estado, "motivo": motivo, "escenario": escenario, "sistema": sistema}


@pytest.mark.parametrize("row", VALID, ids=label)
def test_each_valid_case_ends_as_expected(row: Row) -> None:
    assert row.case is not None
    assert as_demo_ends(row.case) == expected_of(row)


def test_rows_and_expectations_are_the_same_cases() -> None:
    assert [label(row) for row in DEMO.rows] == list(EXPECTED_JSON)
    assert len(DEMO.rows) >= 36


def test_just_the_rows_expected_to_be_invalid_are_invalid() -> None:
    invalid = {label(row): len(row.errors) for row in DEMO.rows if not row.case}
    assert invalid.keys() == {
        name for name, end in EXPECTED_JSON.items() if end["estado"] == Estado.DATO_INVALIDO
    }
    assert min(invalid.values()) >= 3


def test_every_row_of_the_tables_is_there() -> None:
    seen = {end["motivo"] for end in EXPECTED_JSON.values()}
    by_the_tables = list(Motivo)[: list(Motivo).index(Motivo.YA_SOLICITADO) + 1]
    assert seen >= set(by_the_tables)
    attended = {
        end["escenario"]
        for end in EXPECTED_JSON.values()
        if end["estado"] in (Estado.ATENDIDO, Estado.PENDIENTE_DE_APROBACION)
    }
    assert attended == set(Escenario)


def test_list_has_the_variety_that_is_promised() -> None:
    cases = [row.case for row in VALID if row.case]
    assert {len(case.lineas) for case in cases} == {1, 2, 3, 4}
    assert len({case.canal for case in cases}) == 2
    kinds = {Path(file.path).suffix for case in cases for file in case.evidencia}
    assert kinds == {".pdf", ".png", ".eml", ".docx", ".xlsx"}
    assert OWN_COLUMN in DEMO.headers
    assert max(Counter(line["ruc"] for line in WORLD_JSON["lines"]).values()) >= 45
    assert max(len(sec["lines"]) for sec in WORLD_JSON["secs"]) == 45


def test_no_case_is_dated_after_the_worlds_today() -> None:
    assert WORLD_JSON["today"] == TODAY.isoformat()
    assert max(row.case.fecha_solicitud for row in VALID if row.case) <= TODAY


def open_siac_cases(case: Case) -> list[str]:
    return [
        held["number"]
        for held in WORLD_JSON["siac"]["cases"]
        if held["sec"] == case.sec
        and set(held["lines"]) == set(case.lineas)
        and held["status"] == "Registrado"
    ]


def test_advisors_cases_are_named_waiting_or_absent() -> None:
    attended = [
        row.case
        for row in VALID
        if row.case and expected_of(row)["estado"] == Estado.ATENDIDO.value
    ]
    named = [case for case in attended if case.siac_case]
    waiting = [case for case in attended if not case.siac_case and open_siac_cases(case)]
    assert all(open_siac_cases(case) == [case.siac_case] for case in named)
    assert len(named) >= 2
    assert len(waiting) >= 2
    assert len(attended) - len(named) - len(waiting) >= 4


def test_one_row_has_another_address_than_siac() -> None:
    others = []
    for row in VALID:
        case = row.case
        assert case is not None
        client = client_record(case)
        contact = find(
            [c.model_dump() for c in client.contactos] if client else [], dni=case.contacto_dni
        )
        if contact and contact["correo"] != case.contacto_correo:
            others.append(label(row))
    assert len(others) == 1


def strings(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for item in value.values():
                yield from strings(item)
        case list():
            for item in value:
                yield from strings(item)
        case str():
            yield value


def test_addresses_are_at_domains_that_nobody_has() -> None:
    listed = [str(cell.value) for row in DEMO.rows for cell in row.cells]
    addresses = [text for text in [*strings(WORLD_JSON), *listed] if "@" in text]
    assert addresses
    assert all(address.endswith((".example", ".test")) for address in addresses)


def members(path: Path) -> Any:
    """A workbook or document by its parts; any other file by its bytes."""
    if path.suffix not in (".xlsx", ".docx"):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_is_kept_is_what_the_generator_writes(tmp_path: Path) -> None:
    write_demo(tmp_path)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert made == sorted(
        [LIST, WORLD, EXPECTED]
        + [p.relative_to(ROOT) for p in (ROOT / LIST.parent / FOLDER).iterdir()]
    )
    for place in made:
        assert members(tmp_path / place) == members(ROOT / place), place


def test_reading_gives_back_the_order_and_the_labels(tmp_path: Path) -> None:
    again: CaseList = read_list(ROOT / LIST, today=TODAY)
    assert [row.number for row in again.rows] == list(range(5, 5 + len(EXPECTED_JSON)))
