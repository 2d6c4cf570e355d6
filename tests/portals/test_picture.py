"""Pictures of forms are whole, and taking one leaves the form as it was."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Frame, Page

from pages.core.picture import save_picture
from tests.support.pictures import height_of

Run = Callable[..., Any]

FIELDS = "".join(f"<p><label>Campo {n} <input value='v{n}'></label></p>" for n in range(60))
LONG = "\n".join(f"línea {n}" for n in range(100))
DETAIL = f"<p>Detalle<br><textarea rows='3'>{LONG}</textarea></p>"
#: fields at places of their own, as Remedy has them
PLACED = "".join(
    f"<div style='position:absolute; height:22px; top:{30 * n}px'>"
    f"<div><textarea wrap='off' style='position:absolute; height:15px; width:200px; "
    f"overflow:hidden'>{LONG if n == 2 else f'v{n}'}</textarea></div></div>"
    for n in range(8)
)
#: what has to be seen below everything
END = "<hr style='height: 9px; border: 0; background: #ff00ff'>"
STRICT = "<!DOCTYPE html><body style='margin:0'>"

#: a page, what is in its innermost frame, and how high that has to be
FORMS = {
    "longer than the window": (STRICT + FIELDS + END, 60 * 30),
    "in quirks mode": (FIELDS + END, 60 * 30),
    "in a box that scrolls": (
        f"{STRICT}<style>html, body {{ height: 100%; overflow: hidden }}</style>"
        f"<div style='height: 100%; overflow: auto'>{FIELDS}{END}</div>",
        60 * 30,
    ),
    "a long text": (STRICT + DETAIL + END, 100 * 13),
    "fields at fixed places": (
        f"{STRICT}<div style='position:relative; height:250px; overflow:hidden'>{PLACED}</div>"
        + END,
        100 * 13 + 200,
    ),
}
#: where a form stands: the page around it, with FORM where it comes
PLACES = {
    "the window": "",
    "a frameset": "<frameset rows='46,*'><frame src='/blank'><frameset cols='180,*'>"
    "<frame src='/blank'><frame src='/form'></frameset></frameset>",
    "a frameset in shares": "<frameset rows='50%,50%'><frame src='/blank'><frame src='/form'>"
    "</frameset>",
    "a dialog": "<!DOCTYPE html><div style='position:fixed; top:4vh; height:90vh; width:80vw; "
    "display:flex; flex-direction:column; overflow:hidden'><h1>Nuevo</h1>"
    "<iframe src='/form' style='flex:1; border:0'></iframe></div>",
}

_STATE = """() => [
  Array.from(document.querySelectorAll('input, textarea'), (e) => e.value),
  document.documentElement.outerHTML, window.innerHeight, window.heard,
]"""
_LISTEN = """() => {
  window.heard = [];
  for (const kind of ['input', 'change', 'focus', 'blur', 'click', 'keydown', 'submit', 'select']) {
    addEventListener(kind, (event) => heard.push(event.type), true);
  }
}"""


_ENDS = """async (png) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: image.width, height: image.height });
  const paint = canvas.getContext('2d');
  paint.drawImage(image, 0, 0);
  const rows = paint.getImageData(canvas.width / 2, 0, 1, canvas.height).data;
  return Array.from({ length: canvas.height }, (_, y) => y)
    .filter((y) => rows[4 * y] === 255 && rows[4 * y + 1] === 0 && rows[4 * y + 2] === 255).length;
}"""


async def _opened(context: BrowserContext, form: str, place: str) -> tuple[Page, Frame]:
    page = await context.new_page()
    served = {"/": place or form, "/form": form, "/blank": "x"}

    async def answer(route: Any) -> None:
        path = route.request.url.removeprefix("http://portal.example")
        await route.fulfill(body=served.get(path, ""), content_type="text/html; charset=utf-8")

    await page.route("**/*", answer)
    await page.goto("http://portal.example/")
    return page, page.frames[-1] if place else page.main_frame


@pytest.mark.sample(3)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize(("form", "least"), FORMS.values(), ids=FORMS)
def test_all_of_the_form_is_in_its_picture(
    context: BrowserContext, run: Run, tmp_path: Path, form: str, place: str, least: int
) -> None:
    path = tmp_path / "formulario.png"

    async def taken() -> tuple[Any, Any, int]:
        page, frame = await _opened(context, form, place)
        await frame.evaluate(_LISTEN)
        states = [[await one.evaluate(_STATE) for one in page.frames]]
        await save_picture(frame, path)
        states.append([await one.evaluate(_STATE) for one in page.frames])
        await page.goto("about:blank")
        rows = await page.evaluate(_ENDS, base64.b64encode(path.read_bytes()).decode())
        await page.close()
        return states[0], states[1], rows

    before, after, rows = run(taken())
    assert height_of(path) >= least and rows == 9
    assert before == after, "its values, its markup and its window are as they were; nothing heard"
