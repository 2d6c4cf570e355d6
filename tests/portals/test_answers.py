"""What is seen together with the answer to a postback, and what a portal hears of its windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Request

from pages.contract.errors import FormAltered, PageChanged, PortalDown
from pages.core.elements import field, text
from pages.core.filling import fill_and_press, fill_each
from pages.core.page import PortalPage
from tests.support.small_portal import Answer, SmallPortal, WorkPage, delta, page, result

Run = Callable[..., Any]
#: a page that is posted back whole, and one whose button comes some moments after it
PLAIN = page(attributes="")
LATE = PLAIN.replace(
    "<input type=submit id=ctl_btn name=ctl$btn value=Buscar>",
    "<script>setTimeout(() => document.forms[0].insertAdjacentHTML('beforeend', "
    "'<input type=submit value=Buscar>'), 300)</script>",
)


async def _searched(small: SmallPortal, posted: Answer, shown: str = "") -> WorkPage:
    work = await small.work(shown, posted)
    async with work.postback(by=work.buscar, shows=work.ready, reads=work.resultado):
        await work.buscar.click()
    return work


@pytest.mark.parametrize("is_whole", [False, True], ids=["part", "whole"])
def test_what_came_with_the_answer_is_looked_at_once(
    small: SmallPortal, run: Run, is_whole: bool
) -> None:
    new = PLAIN.replace("anterior", "nuevo") if is_whole else delta(result("nuevo"))

    async def look() -> tuple[Any, list[bool]]:
        work = await _searched(small, Answer(new), PLAIN if is_whole else "")
        return work.answer_holds, [work.has_come(work.ready) for _ in range(2)]

    held, come = run(look())
    assert held == ["nuevo"]
    assert come == [True, False], "what was there a moment ago is not there for ever"


def test_what_comes_after_the_answer_is_waited_for(small: SmallPortal, run: Run) -> None:
    async def look() -> tuple[bool, int]:
        work = await _searched(small, Answer(LATE), PLAIN)
        come = work.has_come(work.ready)
        return come, await (await work.loaded()).buscar.locator.count()

    assert run(look()) == (False, 1)


def test_nothing_is_known_of_an_answer_that_did_not_come(small: SmallPortal, run: Run) -> None:
    """What an answer showed is no sign of the next one."""

    async def look() -> WorkPage:
        work = await _searched(small, Answer(delta(result("nuevo"))))
        small.answers["/trabajo"] = Answer("nothing of a delta")
        with pytest.raises(PortalDown):
            async with work.postback(by=work.buscar, shows=work.ready, reads=work.resultado):
                await work.buscar.click()
        return work

    work = run(look())
    assert (work.has_come(work.ready), work.answer_holds) == (False, None)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_page_that_is_not_there_is_asked_for_in_one_look(
    small: SmallPortal, run: Run, is_there: bool
) -> None:
    async def look() -> tuple[bool, bool]:
        work = await small.work(posted=Answer(page()))
        if not is_there:
            await work.buscar.locator.evaluate("(e) => { e.type = 'hidden'; }")
        there = await work.is_there()
        return there, await work.ruc.locator.evaluate("() => !!window.cargofijoPostback")

    assert run(look()) == (is_there, not is_there)


def test_who_asks_for_what_fails(small: SmallPortal, run: Run) -> None:
    """Two portals share a context: each hears of its own windows, of those that they open too."""

    async def look() -> tuple[bool, bool]:
        work = await small.work()
        other = SmallPortal(small.context, small.account.url.rstrip("/"))
        await other.main()
        small.shown["/ventana"] = Answer("<title>Ventana</title><p>Otra</p>")
        small.shown["/falla"] = Answer("<p>Otra cosa</p>", status=500)
        await work.ruc.locator.evaluate("() => { window.open('/ventana'); }")
        window, _ = await small.popup(None, "Ventana", "Trabajo")
        await window.evaluate("() => fetch('/falla').then((answer) => answer.text())")
        told = []
        for portal in (other, small):
            try:
                await portal.diagnose()
                told.append(False)
            except PortalDown as error:
                told.append("error 500" in str(error))
        return told[0], told[1]

    assert run(look()) == (False, True)


#: its field posts the page back by itself once it is left
TELLING = page(attributes='data-async="ctl$btn ctl$ruc"').replace(
    "name=ctl$ruc>", "name=ctl$ruc onchange=\"setTimeout('__doPostBack(\\'ctl$ruc\\', \\'\\')')\">"
)


@pytest.mark.parametrize(
    "shown", [page(), PLAIN, TELLING], ids=["part", "whole", "its field posts back too"]
)
def test_a_field_is_filled_and_a_button_pressed(small: SmallPortal, run: Run, shown: str) -> None:
    """What the field posts back by itself is not thrown away by the press."""
    new = PLAIN.replace("anterior", "nuevo") if shown == PLAIN else delta(result("nuevo"))

    async def search() -> tuple[list[str], Any]:
        work = await small.work(shown, Answer(new))
        posts: list[str] = []

        def noted(asked: Request) -> None:
            if asked.method == "POST":
                posts.append(asked.post_data or "")

        small.context.on("request", noted)
        small.context.on("requestfailed", lambda asked: posts.append("failed"))
        async with work.postback(by=work.buscar, reads=work.resultado):
            await fill_and_press([(work.ruc, "20990001019")], work.buscar)
        return posts, work.answer_holds

    posts, held = run(search())
    assert held == ["nuevo"]
    assert len(posts) == (2 if shown == TELLING else 1) and "failed" not in posts
    assert all("20990001019" in post for post in posts)


def test_what_the_field_does_not_keep_is_not_pressed(small: SmallPortal, run: Run) -> None:
    altering = page().replace("name=ctl$ruc>", 'name=ctl$ruc onchange="value = 7">')

    async def search() -> int:
        work = await small.work(altering, Answer(delta(result("nuevo"))))
        before = small.asked
        with pytest.raises(FormAltered, match="«RUC» no conserva lo escrito"):
            async with work.postback(by=work.buscar):
                await fill_and_press([(work.ruc, "20990001019")], work.buscar)
        return small.asked - before

    assert run(search()) == 0


def test_a_button_that_is_not_ready_is_waited_for_once_the_field_is_filled(
    small: SmallPortal, run: Run
) -> None:
    later = "<script>setTimeout(() => { ctl_btn.disabled = false; }, 300)</script>"
    shown = page(later).replace("value=Buscar>", "value=Buscar disabled>")

    async def search() -> Any:
        work = await small.work(shown, Answer(delta(result("nuevo"))))
        async with work.postback(by=work.buscar, reads=work.resultado):
            await fill_and_press([(work.ruc, "1")], work.buscar)
        return work.answer_holds

    assert run(search()) == ["nuevo"]


@pytest.mark.parametrize(
    "written", ["open('/ventana')", "open().document.write('<title>Ventana</title><b>Lista</b>')"]
)
def test_a_window_is_ready_as_it_is_found(small: SmallPortal, run: Run, written: str) -> None:
    """Also one that has no address, and is written into by its opener."""

    class Ventana(WorkPage):
        title = "Ventana"
        ready = text("Lista")

    async def look() -> int:
        work = await small.work()
        late = "setTimeout(() => document.body.append('Lista'), 100)"
        small.shown["/ventana"] = Answer(f"<title>Ventana</title><body><script>{late}</script>")
        await work.ruc.locator.evaluate(f"() => {{ window.{written}; }}")
        window = await Ventana.popped_up(small, "VENTANA:", "Trabajo")
        return await window.ready.locator.count()

    assert run(look()) == 1


def test_a_list_says_that_it_has_been_chosen_already(small: SmallPortal, run: Run) -> None:
    lists = (
        "<p><label>Tipo <select name=ctl$tipo><option>Alta<option selected>Baja</select></label>"
    )
    lists += "<p><label>Cliente <input name=ctl$cliente value=20990001019></label>"

    async def fill() -> tuple[bool, int]:
        work = await small.work(page(lists))
        before = small.asked
        switched = await work.tipo.switch("BAJA")
        await work.cliente.fill("20990001019")
        return switched, small.asked - before

    assert run(fill()) == (False, 0), "what does not change is not asked for"


class Texts(PortalPage):
    title = "Formulario"
    ruc = field("RUC")
    nombre = field("Nombre")
    zona = field("Zona")


ALL = "<p><label>RUC <input></label></p><p><label>Nombre <input{}></label></p>{}"
ZONE = "<p><label>Zona <input></label></p>"


def test_several_fields_in_one_look(show: Callable[..., Texts], run: Run) -> None:
    shown = show(Texts, ALL.format("", ZONE))
    typed = [(shown.ruc, "20990001019"), (shown.nombre, "Ñandú"), (shown.zona, "")]
    run(fill_each(typed))
    assert [run(one.read()) for one, _ in typed] == ["20990001019", "Ñandú", ""]


def test_the_one_of_several_that_does_not_keep_it_is_named(
    show: Callable[..., Texts], run: Run
) -> None:
    shown = show(Texts, ALL.format(" onchange='value = value.slice(1)'", ZONE))
    with pytest.raises(FormAltered, match="«Nombre» no conserva lo escrito"):
        run(fill_each([(shown.ruc, "1"), (shown.nombre, "abc"), (shown.zona, "x")]))


def test_the_one_of_several_that_is_not_there_is_named(
    show: Callable[..., Texts], run: Run
) -> None:
    shown = show(Texts, ALL.format("", ""))
    with pytest.raises(PageChanged, match="no se encuentra «Zona»"):
        run(fill_each([(shown.ruc, "1"), (shown.nombre, "a"), (shown.zona, "x")]))


def test_the_one_of_several_that_cannot_be_typed_into_yet_is_waited_for(
    show: Callable[..., Texts], run: Run
) -> None:
    later = "<script>setTimeout(() => { n.disabled = false; }, 300)</script>"
    shown = show(Texts, ALL.format(" id=n disabled", ZONE + later), 20.0)
    typed = [(shown.ruc, "1"), (shown.nombre, "abc"), (shown.zona, "x")]
    run(fill_each(typed))
    assert [run(one.read()) for one, _ in typed] == ["1", "abc", "x"]
