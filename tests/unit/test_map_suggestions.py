"""What is accepted without a person's choice: the first candidate, where it is sure."""

from __future__ import annotations

import pytest

from pages.contract.ports import REMEDY
from pages.core.candidates import Missing
from pages.core.likeness import Candidate
from pages.remedy.incident import IncidentPage
from robots.ops.map_suggestions import best_of, suggestions
from robots.ops.preflight import Inspected
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
