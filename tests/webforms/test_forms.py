"""Forms of a real Web Forms application: what is typed, what is refused, what is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pages.contract.errors import FormAltered
from pages.core.elements import link
from pages.core.tabs import menu_item
from tests.support.webforms import WebForms
from tests.webforms import samples
from tests.webforms.pages.cases import CasesPage, RegisterPage
from tests.webforms.pages.frames import frame
from tests.webforms.pages.reports import ClientPage
from tests.webforms.portal import Ventanilla
from tests.webforms.refusals import refused

pytestmark = pytest.mark.full

Run = Callable[[Awaitable[Any]], Any]

REFUSALS: dict[str, dict[str, Any]] = {
    "El RUC debe tener ## dígitos": {"ruc": "2060000"},
    "El cargo fijo debe estar entre # y ####": {"cargo": Decimal(99999)},
    "El detalle contiene palabras no permitidas": {"detalle": "prohibido"},  # the server's alone
}


@pytest.mark.parametrize("way", ["register", "save_unasked"])
@pytest.mark.parametrize("words", REFUSALS)
def test_refusal(words: str, way: str, portal: Ventanilla, bench: WebForms, run: Run) -> None:
    async def send() -> None:
        page, draft = await portal.open(RegisterPage), samples.draft(**REFUSALS[words])
        await page.fill(draft)
        await getattr(page, way)(await portal.main(), draft)

    with refused(words):
        run(send())
    assert not bench.cases("REF-900")


def test_file_is_lost_by_a_postback(portal: Ventanilla, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "anexo.pdf"
    file.write_bytes(b"x")

    async def fill() -> None:
        page, draft = await portal.open(RegisterPage), samples.draft(file)
        await page.fill(draft)
        await page.ruc.fill("20600000008")
        await page.expect(draft.model_copy(update={"ruc": "20600000008"}))

    with pytest.raises(FormAltered, match="no conserva lo escrito en: Adjunto"):
        run(fill())


def test_several_controls_behind_one_label(portal: Ventanilla, run: Run) -> None:
    async def fill() -> tuple[str, str]:
        page = await portal.open(ClientPage)
        await page.documento_tipo.fill("RUC")
        await page.documento.fill("20600000009")
        return await page.documento_tipo.read(), await page.documento.read()

    assert run(fill()) == ("RUC", "20600000009")


def test_boxes(portal: Ventanilla, run: Run) -> None:
    async def fill() -> tuple[str, ...]:
        page = await portal.open(ClientPage)
        await page.persona_elegida.fill("Natural")
        await page.vigente_marcado.fill("no")
        await page.canales_marcados.fill("Tienda, Web")
        return tuple((await page.texts("persona", "vigente", "canales")).values())

    assert run(fill()) == ("Natural", "no", "Tienda, Web")


def test_calendar(portal: Ventanilla, run: Run) -> None:
    async def choose() -> str:
        page = await portal.open(ClientPage)
        async with page.postback():
            await page.calendario.click()
        async with page.postback():
            await link("20").on(page).click()
        return await page.alta.read()

    assert run(choose()) == "20/11/2026"


def test_menu_of_a_page(portal: Ventanilla, run: Run) -> None:
    async def follow() -> int:
        await portal.forget()  # a new window shows the first page
        work = frame(await portal.main(), "trabajo")
        page = CasesPage(portal, work)
        await menu_item("Casos recientes").on(page).click()
        return len(await (await page.loaded()).casos.all_rows())

    assert run(follow()) == 12
