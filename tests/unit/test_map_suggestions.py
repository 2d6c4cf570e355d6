"""What is accepted without a person's choice: the first candidate, where it is sure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pages.contract.ports import REMEDY, SISACT
from pages.core.candidates import Missing
from pages.core.inspection import Inspection
from pages.core.likeness import Candidate
from pages.remedy.incident import IncidentPage
from pages.sisact.sec import SecPage
from robots.cli.suggested_lines import lines_of
from robots.ops.map_suggestions import best_of, suggestions, unconfirmed
from robots.ops.preflight import Inspected, inspected
from robots.settings import Settings
from tests.support.machine import forget_settings

FOUND = frozenset({"IncidentPage.sec", "IncidentPage.adjuntos"})


def candidate(name: str, score: float, number: str = "") -> Candidate:
    return Candidate(name, score, "comparte «ruc»", number)


@pytest.mark.parametrize(
    ("candidates", "taken"),
    [
        ((candidate("R.U.C.", 0.95, "4711"),), ["R.U.C. (4711)"]),
        ((candidate("R.U.C.", 0.95, "4711"), candidate("RUT", 0.86)), []),
        ((candidate("R.U.C.", 0.95, "4711"), candidate("RUT", 0.85)), ["R.U.C. (4711)"]),
        ((candidate("R.U.C.", 0.89, "4711"),), []),
        ((), []),
    ],
)
def test_only_what_leads_is_taken(
    candidates: tuple[Candidate, ...], taken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_settings(monkeypatch)
    absent = (
        Missing(IncidentPage.ruc, "", candidates),
        Missing(IncidentPage.adjuntos, "nombre", (candidate("Archivo", 0.3),)),
    )
    seen = Inspected(REMEDY, absent=absent, found=FOUND)
    suggested = {one.key: one for one in suggestions(Settings(), "remedy", seen)}
    assert suggested["IncidentPage.ruc"].found is False and suggested["IncidentPage.ruc"].writes
    assert suggested["IncidentPage.sec"].found is True
    assert suggested["IncidentPage.adjuntos"].found is True
    assert suggested["IncidentPage.adjuntos.nombre"].found is False
    assert suggested["IncidentPage.estado"].found is None
    assert not suggested["IncidentPage.estado"].writes
    best = best_of(list(suggested.values()), 0.9)
    assert [(one.path, one.name) for one in best] == [("IncidentPage.ruc", name) for name in taken]


def told(seen: Inspected, portal: str = "remedy") -> list[str]:
    suggested = suggestions(Settings(), portal, seen)
    return list(lines_of(portal, seen, suggested, unconfirmed(Settings(), portal, seen)))


@pytest.fixture
def maps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the maps, which is empty."""
    forget_settings(monkeypatch)
    monkeypatch.setenv("CARGOFIJO_MAPS_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("maps")
@pytest.mark.parametrize(
    ("found", "offered"),
    [
        ((candidate("R.U.C.", 0.5, "4711"),), "R.U.C. (4711)"),
        ((candidate("Documento", 0.499),), "…"),
        ((), "…"),
    ],
)
def test_what_is_hardly_alike_is_no_ready_command(
    found: tuple[Candidate, ...], offered: str
) -> None:
    seen = Inspected(REMEDY, absent=(Missing(IncidentPage.ruc, "", found),), found=FOUND)
    assert f'    cargofijo map accept remedy IncidentPage.ruc "{offered}"' in told(seen)


def test_what_is_something_else_already_is_no_candidate(maps: Path) -> None:
    """By the page, or by the map where the page has not been seen with it."""
    (maps / "sisact.toml").write_text('SecPage.fecha = "Registro"\n', encoding="utf-8")
    those = tuple(
        candidate(name, 0.6) for name in (SecPage.plan.name, "REGISTRO:", "R.U.C.", "Número")
    )
    seen = Inspected(
        SISACT, absent=(Missing(SecPage.ruc, "", those),), found=frozenset({"SecPage.plan"})
    )
    suggested = {one.key: one for one in suggestions(Settings(), "sisact", seen)}
    assert [one.name for one in suggested["SecPage.ruc"].candidates] == ["R.U.C.", "Número"]


def test_words_that_nobody_has_seen_nor_named_are_told(maps: Path) -> None:
    (maps / "sisact.toml").write_text('words.operacion_alta = "Alta"\n', encoding="utf-8")
    seen = Inspected(SISACT, words=frozenset({"Renovación"}))
    assert unconfirmed(Settings(), "sisact", seen) == {
        "words.operacion_portabilidad": "Portabilidad"
    }
    *_, named, _, command = told(seen, "sisact")
    assert named.endswith(": words.operacion_portabilidad «Portabilidad».")
    assert command == '    cargofijo map accept sisact words.operacion_portabilidad "…"'
    all_of_them = Inspected(SISACT, words=frozenset({"Renovación", "Portabilidad"}))
    assert not any("Palabras" in line for line in told(all_of_them, "sisact"))


@pytest.mark.usefixtures("maps")
def test_what_was_not_seen_is_named() -> None:
    (line,) = [line for line in told(Inspected(REMEDY, found=FOUND)) if line.startswith("Sin ver")]
    assert "IncidentPage.estado" in line and "IncidentPage.sec" not in line


@pytest.mark.usefixtures("maps")
def test_a_message_that_nobody_expects_is_told_with_its_command_whatever_is_missing() -> None:
    see = Inspection(missing=['Nueva: mensaje inesperado: «¿Ver "12" de ####?»'])
    missing = Missing(IncidentPage.ruc, "", ())
    seen = replace(inspected(REMEDY, see), absent=(missing,))
    (line,) = [line for line in told(seen) if "inesperado" in line]
    assert line.startswith("Remedy, Nueva: mensaje inesperado: ")
    assert 'remedy messages.accept "¿Ver \\"12\\" de {numero}?" (o que no, con messages.d' in line
