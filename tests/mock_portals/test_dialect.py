"""A portal's words, otherwise: whole texts, and the markup's own names."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mock_portals.dialect import Dialect

SPOKEN = Dialect(
    texts={
        "N° de SEC": "Nro. SEC",
        "Cerrado": "Finalizado",
        "¿Tomar el caso {numero}?": "¿Asignarse el {numero}?",
        "Menú de {campo}": "Lista de {campo}",
    },
    names={"536871010": "536281010", "CasoSIAC": "NroTicket"},
)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("<td>N<sup>°</sup>\u00a0de\u200b SEC :</td>", "<td>Nro.\u00a0SEC :</td>"),
        ("<p>El N° de SEC falta</p>", "<p>El N° de SEC falta</p>"),
        ('<input readonly value="Cerrado">', '<input readonly value="Finalizado">'),
        ('<input type="hidden" value="Cerrado">', '<input type="hidden" value="Cerrado">'),
        (
            '<option value="Cerrado">Cerrado</option>',
            '<option value="Cerrado">Finalizado</option>',
        ),
        (
            '<script>alert("\\u00bfTomar el caso 7?");</script>',
            '<script>alert("¿Asignarse el 7?");</script>',
        ),
        ('<a aria-label="Menú de N° de SEC">', '<a aria-label="Lista de Nro. SEC">'),
        ('<div data-controlname="CasoSIAC">', '<div data-controlname="NroTicket">'),
        ('<div id="WIN_0_536871010">', '<div id="WIN_0_536281010">'),
    ],
)
def test_a_page_speaks_so(before: str, now: str) -> None:
    assert SPOKEN.page(before) == now


def test_what_is_posted_is_understood() -> None:
    data = {"536871010": "Cerrado", "CasoSIAC": ["N° de SEC", 7, None]}
    assert SPOKEN.said(data) == {"536281010": "Finalizado", "NroTicket": ["Nro. SEC", 7, None]}
    assert SPOKEN.heard(SPOKEN.said(data)) == data


@pytest.mark.parametrize("texts", [{"a": "c", "b": "c"}, {"a": "b", "b": "c"}])
def test_two_things_are_not_called_alike(texts: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="two things"):
        Dialect(texts=texts)
