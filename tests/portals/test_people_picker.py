"""Two people of one name in NINTEX's directory, and one whom it does not have."""

from __future__ import annotations

from typing import Any

import pytest

from pages.contract.errors import PersonUnclear, PortalDown
from pages.contract.nintex import NintexDraft, Site
from pages.contract.ports import Picture, Sending
from pages.contract.siac import Executive
from pages.nintex.portal import NintexPortal
from tests.support.mock import MockPortals
from tests.support.nintex_samples import WORLD
from tests.support.seats import Seats

TWIN = "Rosa Díaz"
#: marks the control as SharePoint marks what must be filled
REQUIRED = """document.addEventListener('DOMContentLoaded', () => {
  const control = document.querySelector('[data-controlname=Ejecutivo]');
  const label = control && control.parentElement.querySelector('label');
  if (label) label.insertAdjacentHTML('beforeend', '<span class="ms-accentText"> *</span>');
});"""


def world(*twins: tuple[str, str]) -> dict[str, Any]:
    """With others of the name, by title and account."""
    people = [{"name": TWIN, "title": title, "account": account} for title, account in twins]
    return {**WORLD, "directory": people}


def filed(mock: MockPortals) -> dict[str, str]:
    fields: dict[str, str] = mock.state()["nintex"]["activaciones"][-1]["fields"]
    return fields


@pytest.mark.sample(1, of="people of one name")
@pytest.mark.parametrize(
    ("twins", "account"),
    [
        ([("Ejecutivo DACE", "CLARO\\abc1")], "CLARO\\ejecutivo"),
        ([("Ejecutivo CAE", "CLARO\\abc1")], "CLARO\\ejecutivo"),
        ([("Ejecutivo CAE ejecutivo@claro.example", "CLARO\\x2")], "CLARO\\x2"),
    ],
    ids=["by title", "by account", "by e-mail"],
)
def test_the_one_whom_siac_means_is_chosen(
    twins: list[tuple[str, str]],
    account: str,
    mock: MockPortals,
    seats: Seats,
    draft: NintexDraft,
    run: Any,
) -> None:
    mock.reset(world(*twins))
    nintex = seats.open(NintexPortal, mock)
    run(nintex.file(Site.ACTIVACIONES, draft))
    assert (filed(mock)["Ejecutivo"], filed(mock)["EjecutivoCuenta"]) == (TWIN, account)
    (found,) = run(nintex.search(Site.ACTIVACIONES, draft.sec))
    assert found.ejecutivo == TWIN and nintex.altered_fields(draft, found) == ()


@pytest.mark.sample(1, of="people in doubt")
@pytest.mark.parametrize(
    "meant",
    [
        Executive(nombre=TWIN, canal="CAE", correo="otra@claro.example"),
        Executive(nombre="Rosario Quispe", canal="CAE", correo="rq@claro.example"),
    ],
    ids=["in doubt", "unknown"],
)
def test_in_doubt_the_control_is_left_empty(
    meant: Executive, mock: MockPortals, seats: Seats, draft: NintexDraft, run: Any
) -> None:
    mock.reset(world(("Ejecutivo CAE", "CLARO\\abc1")))
    nintex = seats.open(NintexPortal, mock)
    asked: list[Sending] = []

    async def hook(sending: Sending, picture: Picture) -> bool:
        asked.append(sending)
        return True

    nintex.submit_hook = hook
    run(nintex.file(Site.ACTIVACIONES, draft.model_copy(update={"ejecutivo": meant})))
    assert filed(mock)["Ejecutivo"] == "" == asked[0].fields["Ejecutivo"]
    typed = asked[0].draft
    assert isinstance(typed, NintexDraft) and typed.ejecutivo is None
    (found,) = run(nintex.search(Site.ACTIVACIONES, draft.sec))
    assert nintex.altered_fields(typed, found) == ()
    assert nintex.altered_fields(draft, found) == ("Ejecutivo",)


def test_in_doubt_a_control_that_must_be_filled_is_for_a_person(
    mock: MockPortals, seats: Seats, draft: NintexDraft, run: Any
) -> None:
    mock.reset(world(("Ejecutivo CAE", "CLARO\\abc1")))
    nintex = seats.open(NintexPortal, mock, script=REQUIRED)
    meant = Executive(nombre=TWIN, canal="CAE", correo="otra@claro.example")
    with pytest.raises(PersonUnclear, match="«Ejecutivo», que es un campo obligatorio") as raised:
        run(nintex.file(Site.ACTIVACIONES, draft.model_copy(update={"ejecutivo": meant})))
    assert TWIN not in str(raised.value)
    assert mock.state()["writes"] == 0


@pytest.mark.full
def test_a_directory_that_fails_leaves_nobody_out(
    mock: MockPortals, seats: Seats, draft: NintexDraft, run: Any
) -> None:
    mock.reset(WORLD)
    nintex = seats.open(NintexPortal, mock)
    run(nintex.search(Site.ACTIVACIONES, "31415"))
    mock.fault({"portal": "nintex", "kind": "error", "path": "ProcessQuery"})
    with pytest.raises(PortalDown):
        run(nintex.file(Site.ACTIVACIONES, draft))
    assert mock.state()["writes"] == 0
