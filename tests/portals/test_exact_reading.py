"""What is long is read to its end: every row once, in the portal's order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pages.contract.nintex import Site
from pages.core.paged import paged
from pages.nintex.portal import NintexPortal
from pages.siac.client import ClientPage
from pages.siac.portal import SiacPortal
from pages.siac.queue import QueuePage
from tests.support.mock import MockPortals
from tests.support.nintex_samples import WORLD, request
from tests.support.seats import Seats
from tests.support.siac_samples import COLA, LIMITS, RUC, world

Run = Callable[[Any], Any]


@pytest.fixture
def siac(mock: MockPortals, seats: Seats) -> SiacPortal:
    mock.reset(world())
    return seats.open(SiacPortal, mock, limits=LIMITS)


class LinesWithCharge(ClientPage):
    lineas = paged("Líneas del cliente", numero="N° línea", cargo="Cargo fijo")


@pytest.mark.sample(1, of="a long list")
def test_a_client_of_300_lines(siac: SiacPortal, run: Run) -> None:
    async def read() -> list[dict[str, str]]:
        page = await siac._open(await siac.main(), LinesWithCharge)
        assert await page.search(RUC)
        return await page.lineas.all_rows()

    rows = run(read())
    assert [row["numero"] for row in rows] == [f"987{n:06d}" for n in range(300)]
    assert (rows[0]["cargo"], rows[1]["cargo"]) == ("S/ 59.90", "S/ 1,039.90")


@pytest.mark.full
def test_a_queue_of_2000_cases(
    mock: MockPortals,
    siac: SiacPortal,
    run: Run,
) -> None:
    cases = [{"number": str(70_000_001 + n), "ruc": RUC} for n in range(2000)]
    mock.reset({**world(), "siac": {"cases": cases}})

    async def read() -> list[dict[str, str]]:
        page = await siac._open(await siac.main(), QueuePage)
        async with page.postback():
            await page.cola.fill(COLA)
        return await page.bandeja.all_rows()

    assert [row["numero"] for row in run(read())] == [case["number"] for case in cases]


@pytest.mark.full
def test_a_long_answer_of_a_list_over_its_threshold(
    mock: MockPortals,
    seats: Seats,
    run: Run,
) -> None:
    many = [request(number, "7000" if number % 200 else "8000") for number in range(1, 5002)]
    mock.reset({**WORLD, "nintex": {"operador": many, "activaciones": []}})
    found = run(seats.open(NintexPortal, mock).search(Site.OPERADOR, "8000"))
    assert [int(item.numero) for item in found] == list(range(5000, 0, -200))
