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
from pages.sisact.portal import SisactPortal
from tests.support.mock import MockPortals
from tests.support.nintex_samples import WORLD, request
from tests.support.seats import Seats
from tests.support.siac_samples import COLA, LIMITS, RUC, line, world

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


@pytest.mark.parametrize("number", ["7000", "7001"])
def test_a_case_among_many_whose_numbers_contain_its_own(
    mock: MockPortals, siac: SiacPortal, run: Run, number: str
) -> None:
    """A search for what contains the words finds several pages; one case is on the first in the
    queue, where the search has it on its last, and the other the other way round."""
    among = [f"{part}{n:02d}" for n in range(30) for part in ("7000", "7001")]
    cases = [{"number": each, "ruc": RUC} for each in ("7000", *among, "7001")]
    mock.reset({**world(), "siac": {"cases": cases}})
    assert run(siac.read_case("700")) is None
    assert run(siac.take_case("700")) is None
    assert run(siac.read_case(number)).estado == "Registrado"
    assert run(siac.take_case(number)).estado == "En atención"
    states = {case["number"]: case["status"] for case in mock.state()["siac"]["cases"]}
    assert {each for each, state in states.items() if state != "Registrado"} == {number}


def test_a_line_among_many_whose_numbers_contain_its_own(
    mock: MockPortals, siac: SiacPortal, run: Run
) -> None:
    lines = [line(f"9870000{n:02d}987", RUC) for n in range(50)] + [line("987", RUC)]
    mock.reset({**world(), "lines": lines})
    found = run(siac.read_client(RUC, ["987", "98"]))
    assert [each.numero for each in found.lineas] == ["987"]


def test_a_sec_among_many_whose_numbers_contain_its_own(
    mock: MockPortals, seats: Seats, run: Run
) -> None:
    sec = world()["secs"][0]
    secs = [{**sec, "number": f"70{n:02d}7"} for n in range(60)]
    mock.reset({**world(), "secs": [*secs, {**sec, "number": "7"}]})
    sisact = seats.open(SisactPortal, mock, limits=LIMITS)
    assert run(sisact.read_sec("7")).numero == "7"
    assert run(sisact.read_sec("70007")).numero == "70007"
    assert run(sisact.read_sec("700")) is None


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
