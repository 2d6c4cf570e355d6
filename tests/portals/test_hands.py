"""What scripts of ours find by roles and words, and do to it: as Playwright would, or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page

from pages.contract.errors import PageChanged
from pages.core.asking import InDoubt, ask
from pages.core.elements import button, field
from pages.core.engines import Doubled, exactly, with_role, with_words
from pages.core.page import PortalPage
from pages.core.scripts import COUNT_VISIBLE

Run = Callable[..., Any]

#: of each the role and the name that are looked for, and whether the page is sure of it
ROLES = {
    "<button>Buscar</button>": ("button", "Buscar", True),
    "<button> Bus&shy;car\n</button>": ("button", "Buscar", True),
    "<button>Buscar ya</button>": ("button", "Buscar", True),
    "<input type=submit value=Buscar>": ("button", "Buscar", True),
    "<input type=image alt=Buscar src=x>": ("button", "Buscar", True),
    "<button title=Buscar></button>": ("button", "Buscar", True),
    "<button><img alt=Buscar></button>": ("button", "Buscar", True),
    "<button aria-label=Buscar>x</button>": ("button", "Buscar", True),
    "<button aria-label=x>Buscar</button>": ("button", "Buscar", True),
    "<div role=button>Buscar</div>": ("button", "Buscar", True),
    "<button role=tab>Buscar</button>": ("button", "Buscar", True),
    "<div aria-hidden=true><button>Buscar</button></div>": ("button", "Buscar", True),
    "<button style='display:none'>Buscar</button>": ("button", "Buscar", True),
    "<button>Buscar<span style='display:none'> ya</span></button>": ("button", "Buscar", True),
    "<button>Bus<b>car</b></button>": ("button", "Buscar", True),
    "<button>Buscar<div>ya</div></button>": ("button", "Buscar ya", True),
    "<a href='#'>Ver</a><a href='#'>Ver</a>": ("link", "Ver", True),
    "<a>Ver</a>": ("link", "Ver", True),
    "<h2>Caso</h2><div role=heading>Caso</div>": ("heading", "Caso", True),
    "<i id=x>Buscar</i><button aria-labelledby=x>y</button>": ("button", "Buscar", False),
    "<label for=b>Buscar</label><button id=b>y</button>": ("button", "Buscar", False),
    "<style>b::after{content:'car'}</style><button><b>Bus</b></button>": (
        "button",
        "Buscar",
        False,
    ),
    "<button role=presentation>Buscar</button>": ("button", "Buscar", False),
    "<div id=h></div><script>h.attachShadow({mode:'open'}).innerHTML='<button>Buscar</button>'"
    "</script>": ("button", "Buscar", False),
}

WORDS = {
    "<p>No hay casos</p>": "No hay casos",
    "<div><p>No <b>hay</b> casos</p></div>": "No hay casos",
    "<div>No hay <p>casos</p></div>": "casos",
    "<div>Caso<p>Caso</p></div>": "Caso",
    "<input type=submit value=Caso><script>'Caso'</script>": "Caso",
}


async def _agree(context: BrowserContext, html: str, way: Doubled) -> tuple[int, int]:
    page = await context.new_page()
    await page.set_content(html)
    ours = await ask(page, COUNT_VISIBLE, None, way.step)
    return ours or 0, await way(page).filter(visible=True).count()


@pytest.mark.parametrize("html", ROLES)
def test_a_role_is_found_as_playwright_finds_it(
    html: str, context: BrowserContext, run: Run
) -> None:
    role, name, sure = ROLES[html]
    agreed = _agree(context, html, with_role(role, exactly(name)))
    if sure:
        ours, playwrights = run(agreed)
        assert ours == playwrights
    else:
        with pytest.raises(InDoubt):
            run(agreed)


@pytest.mark.parametrize("html", WORDS)
def test_words_are_found_as_playwright_finds_them(
    html: str, context: BrowserContext, run: Run
) -> None:
    for words in (exactly(WORDS[html]), re.compile(WORDS[html][:2])):
        ours, playwrights = run(_agree(context, html, with_words(words)))
        assert ours == playwrights > 0


class Form(PortalPage):
    title = "Formulario"
    cliente = field("Cliente")
    buscar = button("Buscar")


#: each kind of event that reaches a button or a field, and whether the browser itself made it
TOLD = """<script>told = []; for (const kind of ['focus', 'input', 'change', 'blur', 'mousedown',
  'mouseup', 'click']) document.addEventListener(kind, (event) => event.target.matches(
  'input, button') && told.push(kind + (event.isTrusted ? '!' : '')), true)</script>"""


def test_what_is_typed_is_told_by_the_browser_itself(
    show: Callable[..., Form], page: Page, run: Run
) -> None:
    form = show(Form, f"{TOLD}<label>Cliente <input value=antes></label>")
    run(form.cliente.fill("S/ 39.90 ñ"))
    assert run(page.evaluate("told")) == ["focus!", "input!", "change!", "blur!"]
    run(form.cliente.fill(""))
    assert run(page.evaluate("document.querySelector('input').value")) == ""


def test_a_button_is_pressed_as_by_a_mouse(show: Callable[..., Form], page: Page, run: Run) -> None:
    form = show(Form, f"{TOLD}<label>Cliente <input autofocus></label><button>Buscar</button>")
    run(page.evaluate("document.querySelector('input').focus(); told.length = 0"))
    run(form.buscar.click())
    assert run(page.evaluate("told")) == ["mousedown", "blur!", "focus!", "mouseup", "click"]


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "html",
    [
        "<button disabled>Buscar</button>",
        "<button>Buscar</button><div style='position:fixed;inset:0'></div>",
        "<fieldset disabled><button>Buscar</button></fieldset>",
        "<button aria-disabled=true>Buscar</button>",
    ],
)
def test_a_button_that_cannot_be_pressed_is_waited_for_and_not_pressed(
    html: str, show: Callable[..., Form], page: Page, run: Run
) -> None:
    form = show(Form, f"{TOLD}{html}")
    with pytest.raises(PageChanged, match="Buscar"):
        run(form.buscar.click())
    assert run(page.evaluate("told")) == []


def test_what_is_in_the_way_is_waited_for(show: Callable[..., Form], page: Page, run: Run) -> None:
    form = show(
        Form,
        f"{TOLD}<button>Buscar</button><div id=o style='position:fixed;inset:0'></div>"
        "<script>setTimeout(() => o.remove(), 300)</script>",
        20.0,
    )
    run(form.buscar.click())
    assert run(page.evaluate("told.filter((one) => one.startsWith('click')).length")) == 1


def test_two_that_are_called_so_are_not_pressed(
    show: Callable[..., Form], page: Page, run: Run
) -> None:
    form = show(Form, f"{TOLD}<button>Buscar</button><button>Buscar</button>")
    with pytest.raises(PageChanged, match="más de un «Buscar»"):
        run(form.buscar.click())
    assert run(page.evaluate("told")) == []


def test_a_field_that_cannot_be_typed_into_yet_is_waited_for(
    show: Callable[..., Form], page: Page, run: Run
) -> None:
    form = show(
        Form,
        "<label>Cliente <input id=i readonly></label>"
        "<script>setTimeout(() => { i.readOnly = false }, 1500)</script>",
        20.0,
    )
    run(form.cliente.fill("7"))
    assert run(page.evaluate("i.value")) == "7"
