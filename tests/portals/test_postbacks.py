"""What comes in answer to a postback: results, or what has become of them, told by who must act."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame

from pages.contract.errors import (
    AccessDenied,
    FormRefused,
    PageChanged,
    PortalDown,
    PortalError,
    SessionLost,
)
from pages.core.inspection import Inspection
from tests.support.small_portal import (
    BRIEF,
    FRAMES,
    LOGIN,
    WORDS,
    Answer,
    SmallPortal,
    WorkPage,
    delta,
    moved,
    page,
    result,
)

Run = Callable[..., Any]


LOGIN_AT = "/Login.aspx?ReturnUrl=%2ftrabajo"
MAC = "Validation of viewstate MAC failed."

#: the answer to a part's postback, and what it is told as
PARTS: dict[str, tuple[Answer, type[PortalError], str]] = {
    "nothing at all": (Answer(kind="text/plain"), PortalDown, "terminó con un error"),
    "no content": (Answer(status=204), PortalDown, "terminó con un error"),
    "an error nobody knows": (Answer("10|error|500|Otro error|"), PortalDown, "con un error"),
    "an error of known words": (Answer(f"{len(MAC)}|error|500|{MAC}|"), SessionLost, "venció"),
    "a page of words": (Answer(WORDS), SessionLost, "la sesión expiró"),
    "a page of words, 500": (Answer(WORDS, status=500), SessionLost, "la sesión expiró"),
    "words in a script": (
        Answer("<script>var a = 'Su sesión ha expirado';</script><p>Otra cosa</p>"),
        PortalDown,
        "terminó con un error",
    ),
    "words with markup in them": (
        Answer("<p>Sistema&nbsp;en <b>mantenimiento</b></p>"),
        PortalDown,
        "en mantenimiento",
    ),
    "the login page": (Answer(LOGIN), SessionLost, "pide ingresar otra vez"),
    "an error page": (Answer("<p>Otra cosa</p>", status=500), PortalDown, "error 500"),
    "JSON": (Answer('{"d": 1}', kind="application/json"), PortalDown, "terminó con un error"),
    "half of it": (Answer("900|updatePanel|upd|<p>"), PortalDown, "terminó con un error"),
    "a network that fails": (Answer(is_lost=True), PortalDown, "se cortó"),
    "not allowed": (Answer(status=401), SessionLost, "error 401"),
    "forbidden": (Answer(status=403), SessionLost, "error 403"),
    "the way to the login": (
        Answer(f"{len(LOGIN_AT)}|pageRedirect||{LOGIN_AT}|"),
        SessionLost,
        "pide ingresar otra vez",
    ),
    "the login by a redirect": (moved("/Login.aspx"), SessionLost, "pide ingresar otra vez"),
    "a message": (
        Answer(
            delta(
                result("nada"),
                ("scriptStartupBlock", "", "alert('Su sesión ha expirado');"),
            )
        ),
        SessionLost,
        "la sesión expiró",
    ),
}


@pytest.mark.sample(6, of="an answer to a part's postback")
@pytest.mark.parametrize(("answer", "kind", "words"), PARTS.values(), ids=PARTS)
def test_the_answer_to_a_parts_postback(
    small: SmallPortal, run: Run, answer: Answer, kind: type[PortalError], words: str
) -> None:
    async def search() -> str:
        return await (await small.work(posted=answer)).search()

    with pytest.raises(PortalError, match=words) as told:
        run(search())
    assert type(told.value) is kind


#: the answer to a whole page's postback
WHOLE: dict[str, tuple[Answer, type[PortalError], str]] = {
    "the login page": (moved(LOGIN_AT), SessionLost, "pide ingresar otra vez"),
    "a login without a password's box": (moved("/Logon?ReturnUrl=%2f"), SessionLost, "ingresar"),
    "words": (Answer(WORDS), SessionLost, "la sesión expiró"),
    "words, 500": (Answer(WORDS, status=500), SessionLost, "la sesión expiró"),
    "a message": (
        Answer("<script>onload = () => alert('Su sesión ha expirado')</script><p>Otra cosa</p>"),
        SessionLost,
        "la sesión expiró",
    ),
    "not allowed": (Answer("<p>No</p>", status=401), SessionLost, "error 401"),
    "forbidden": (Answer("<p>No</p>", status=403), SessionLost, "error 403"),
    "a refresh to the login": (
        Answer('<meta http-equiv=refresh content="0;url=/Login.aspx"><p>Espere</p>'),
        SessionLost,
        "pide ingresar otra vez",
    ),
    "the login above all frames": (
        Answer("<script>top.location.href = '/Login.aspx'</script>"),
        SessionLost,
        "pide ingresar otra vez",
    ),
    "the login in a window": (
        Answer("<script>window.open('/Login.aspx')</script><p>Espere</p>"),
        SessionLost,
        "pide ingresar otra vez",
    ),
    "no content": (Answer(status=204), PortalDown, "respondió sin página"),
    "a network that fails": (Answer(is_lost=True), PortalDown, "se cortó"),
}


@pytest.mark.sample(4, of="an answer to a whole page's postback")
@pytest.mark.parametrize(("answer", "kind", "words"), WHOLE.values(), ids=WHOLE)
def test_the_answer_to_a_whole_pages_postback(
    small: SmallPortal, run: Run, answer: Answer, kind: type[PortalError], words: str
) -> None:
    small.shown["/Logon"] = Answer("<p>Usuario <input></p>")

    async def search() -> str:
        return await (await small.work(page(attributes=""), answer)).search()

    with pytest.raises(PortalError, match=words) as told:
        run(search())
    assert type(told.value) is kind


def test_after_a_lost_session_the_next_call_logs_in(small: SmallPortal, run: Run) -> None:
    async def search(answer: Answer) -> str:
        return await (await small.work(posted=answer)).search()

    with pytest.raises(SessionLost):
        run(search(Answer(WORDS)))
    assert not small.is_open
    assert run(search(Answer(delta(result("nuevo"))))) == "nuevo"


def test_who_is_refused_again_in_a_new_session_may_not_see_it(small: SmallPortal, run: Run) -> None:
    async def search(status: int, body: str) -> str:
        return await (await small.work(posted=Answer(body, status=status))).search()

    for _ in range(2):
        with pytest.raises(SessionLost):
            run(search(403, ""))
        assert run(search(200, delta(result("nuevo")))) == "nuevo"
    with pytest.raises(SessionLost):
        run(search(403, ""))
    with pytest.raises(AccessDenied, match="error 403"):
        run(search(403, ""))


def test_a_window_before_the_login_is_no_lost_session(small: SmallPortal, run: Run) -> None:
    async def both() -> str:
        work = await small.work(posted=Answer(delta(result("nuevo"))))
        small.shown["/"] = Answer(LOGIN)
        async with small.before_login(Inspection()) as window:
            await window.wait_for_selector("input[type=password]")
            found = await work.search()
        small.shown["/"] = Answer(FRAMES)
        return found

    assert run(both()) == "nuevo"
    run(small.close())


# what is no page, and answers all the same


def test_a_file_is_an_answer(small: SmallPortal, run: Run) -> None:
    export = page("<input type=submit name=ctl$exp value=Exportar>")
    file = Answer(
        "1;2",
        kind="application/vnd.ms-excel",
        headers=(("Content-Disposition", "attachment;filename=lista.xls"),),
    )

    async def exported() -> str:
        work = await small.work(export, file)
        async with work.postback():
            await work.exportar.click()
        return await work.resultado.read()

    assert run(exported()) == "anterior"


ONCE = page(
    '<span role=tab aria-selected=true onclick="if (!window.asked) { asked = 1; setTimeout('
    "() => __doPostBack('ctl$btn', ''), 60); }\">Líneas</span>"
)


def test_what_asks_only_once_is_there_the_second_time(small: SmallPortal, run: Run) -> None:
    async def twice() -> None:
        work = await small.work(ONCE, Answer(delta("<p>Las líneas</p>")))
        for _ in range(2):
            async with work.postback(unless=work.lineas):
                await work.lineas_tab.open()
            assert await work.lineas.is_shown()

    run(twice())


def test_what_asks_for_nothing_and_shows_nothing_is_not_taken_for_an_answer(
    small: SmallPortal, run: Run
) -> None:
    async def opened() -> None:
        work = await small.work(page("<input type=button value=Guardar>"))
        small.limits = BRIEF
        async with work.postback(unless=work.lineas):
            await work.guardar.click()

    with pytest.raises(PageChanged, match="fin de la actualización"):
        run(opened())


POPUP = (
    '<title>Detalle</title><form method=post action="/detalle">'
    "<input type=submit value=Guardar></form>"
)


async def _popup(small: SmallPortal, closes: str) -> tuple[WorkPage, WorkPage]:
    """The page, and a window that it opened, whose answer does this."""
    small.shown["/detalle"] = Answer(POPUP)
    small.answers["/detalle"] = Answer(f"<script>{closes}</script>")
    work = await small.work(page("<a href=\"javascript:void open('/detalle')\">Detalle</a>"))
    await work.detalle.click()
    window, _ = await small.popup(None, "Detalle", "Trabajo")
    return work, type(work)(small, window)


def test_a_window_that_saves_and_closes_itself_has_answered(small: SmallPortal, run: Run) -> None:
    async def saved() -> int:
        _, detail = await _popup(small, "window.close()")
        async with detail.postback():
            await detail.guardar.click()
        return len(small.popups)

    assert run(saved()) == 0


def test_a_closed_window_awaits_no_answer(small: SmallPortal, run: Run) -> None:
    """Else whatever is missing from then on is told as a slow portal."""

    async def missed() -> None:
        work, _ = await _popup(small, "")
        (window,) = small.popups
        await window.route("**/nunca", lambda route: None)
        async with window.expect_request("**/nunca"):
            await window.evaluate("void fetch('/nunca').catch(() => 0)")
        await window.close()
        small.limits = BRIEF
        await work.lineas_tab.click()

    with pytest.raises(PageChanged, match="no se encuentra «Líneas»"):
        run(missed())


def test_the_main_window_that_closes_has_not_answered(small: SmallPortal, run: Run) -> None:
    async def closed() -> None:
        work = await small.work()
        async with work.postback():
            await (await small.main()).close()

    with pytest.raises(PortalError, match="su ventana se cerró"):
        run(closed())


# what never goes out


def _validated(said: str, more: str = "") -> str:
    """The page whose button is stopped by a validator of its box."""
    return page(
        f"<p data-message='{said}' data-validator='\\S' data-control=ctl_ruc style='color: red; "
        f"visibility: hidden'>{said}</p><ul data-summary style='color: red; display: none'></ul>"
        f"{more}"
    ).replace("value=Buscar", 'value=Buscar onclick="WebForm_DoPostBackWithOptions()"')


def test_what_validators_stop_is_refused_in_their_words(small: SmallPortal, run: Run) -> None:
    async def search() -> str:
        work = await small.work(_validated("Ingrese el RUC de 11 dígitos"), Answer(WORDS))
        return await work.search()

    with pytest.raises(FormRefused, match=r"no aceptó: .*Ingrese el RUC de ## dígitos"):
        run(search())


def test_what_is_refused_again_in_the_same_words_is_refused(small: SmallPortal, run: Run) -> None:
    async def search() -> None:
        work = await small.work(_validated("Ingrese el RUC"), Answer(WORDS))
        small.limits = BRIEF
        await work.buscar.click()
        await work.search()

    with pytest.raises(FormRefused, match=r"no aceptó: .*Ingrese el RUC"):
        run(search())


def test_what_goes_out_late_is_not_refused_by_what_stood_there(
    small: SmallPortal, run: Run
) -> None:
    """A message from before, and a script that posts back when it pleases."""
    late = page("<p style='color: red'>Ingrese el RUC</p>").replace(
        "type=submit id=ctl_btn",
        "type=button onclick=\"setTimeout(() => __doPostBack('ctl$btn', ''), 1500)\" id=ctl_btn",
    )

    async def search() -> str:
        return await (await small.work(late, Answer(delta(result("nuevo"))))).search()

    assert run(search()) == "nuevo"


def test_a_summary_that_is_told_by_a_message_is_a_refusal(small: SmallPortal, run: Run) -> None:
    told = _validated(
        "Ingrese el RUC",
        "<script>onload = () => { Page_ValidationSummaries[0].showmessagebox = 'True'; }</script>",
    ).replace(
        "WebForm_DoPostBackWithOptions()",
        "WebForm_DoPostBackWithOptions(); alert('Verifique: Ingrese el RUC')",
    )

    async def search() -> str:
        return await (await small.work(told, Answer(WORDS))).search()

    with pytest.raises(FormRefused, match="no aceptó: Verifique: Ingrese el RUC"):
        run(search())


# two at a time


def test_the_answer_is_that_to_the_last_click(small: SmallPortal, run: Run) -> None:
    """The first request is aborted in the browser, and ends without an error."""
    asked: list[str] = []

    async def searched() -> str:
        work = await small.work()

        async def answer(route: Any) -> None:
            asked.append(route.request.method)
            if len(asked) == 2:  # the first is never answered
                await route.fulfill(body=delta(result("segundo")), content_type="text/plain")

        await small.context.route(re.compile("/trabajo$"), answer)
        async with work.postback():
            await work.buscar.click()
            await work.buscar.click()
        return await work.resultado.read()

    assert run(searched()) == "segundo"
    assert asked == ["POST", "POST"]


TIMER = """<script>
Sys.UI = {_Timer: function () {}};
window.$find = (id) => id === 'ctl_timer' ? new Sys.UI._Timer() : null;
window.tick = () => __doPostBack('ctl$timer', '');
</script><span id=ctl_timer></span>"""


def test_a_timers_answer_is_not_taken_for_the_clicks(small: SmallPortal, run: Run) -> None:
    timed = page(TIMER, 'data-async="ctl$timer"').replace(
        "type=submit id=ctl_btn", 'type=button onclick="tick()" id=ctl_btn'
    )

    async def searched() -> str:
        work = await small.work(timed, Answer(delta(result("de la hora"))))
        small.limits = BRIEF
        return await work.search()

    with pytest.raises(PageChanged, match="fin de la actualización"):
        run(searched())


# lists that post the page back


def _list(second: str) -> str:
    return (
        '<p><label>Tipo <select id=ctl_tipo name=ctl$tipo onchange="setTimeout('
        "() => __doPostBack('ctl$tipo', ''), 0)\">"
        f"<option>Uno<option{second}>Dos</select></label></p>"
    )


def test_a_list_that_posts_the_whole_page_is_looked_at_in_the_answer(
    small: SmallPortal, run: Run
) -> None:
    whole = page(_list(""), "")

    async def chosen(kept: str) -> str:
        work = await small.work(whole, Answer(page(_list(kept), "")))
        await work.tipo.fill("Dos")
        return await work.tipo.read()

    assert run(chosen(" selected")) == "Dos"
    with pytest.raises(PortalError, match="«Tipo» no conserva lo elegido"):
        run(chosen(""))


def test_a_box_that_holds_the_value_already_asks_for_nothing(small: SmallPortal, run: Run) -> None:
    box = "<p><label>Cliente <input value=7 onchange=\"__doPostBack('ctl$btn', '')\"></label></p>"

    async def typed() -> None:
        await (await small.work(page(box))).cliente.fill("7")

    run(typed())


#: what looks without waiting, or looks again at once, and how Playwright's part of it is called
LOOKS: dict[str, tuple[type, str, Callable[[Any], Any]]] = {
    "is_shown": (Frame, "evaluate", lambda work: work.buscar.is_shown()),
    "absent": (Frame, "evaluate", lambda work: work.buscar.absent()),
    "read": (Frame, "evaluate", lambda work: work.resultado.read()),
    "choose": (Frame, "evaluate", lambda work: work.tipo.fill("Dos")),
    "expect": (Frame, "evaluate", lambda work: work.ruc.expect("")),
}


@pytest.mark.parametrize(("part", "call", "look"), LOOKS.values(), ids=LOOKS)
def test_a_page_that_is_replaced_while_it_is_looked_at_is_looked_at_again(
    small: SmallPortal,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    part: type,
    call: str,
    look: Callable[[Any], Any],
) -> None:
    original = getattr(part, call)
    calls: list[int] = []

    async def replaced(self: Any, *args: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) % 2:
            raise PlaywrightError("Execution context was destroyed, most likely by a navigation")
        return await original(self, *args, **options)

    async def looked() -> Any:
        work = await small.work(page(_list(""), ""), Answer(page(_list(" selected"), "")))
        monkeypatch.setattr(part, call, replaced)
        return await look(work)

    run(looked())
    assert len(calls) > 1
