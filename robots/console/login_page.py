"""The login page: plain HTML, so that the session's cookie is set by an answer and not a script."""

from __future__ import annotations

import asyncio
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import FormData

from robots.console.audit import Audit
from robots.console.guard import COOKIE, LOGIN
from robots.console.theme import LOGIN_STYLE
from robots.console.user_store import LONGEST, LoginRefused, UserStore

_TEMPLATES = Path(__file__).parent / "templates"

#: Who there is to be in the demo, by role: nobody approves their own request.
DEMO_PEOPLE = {
    "asesora": ("asesor", "Asesora", "atiende a un cliente, caso por caso"),
    "supervisora": ("supervisor", "Supervisora", "aprueba o rechaza solicitudes"),
    "operador": ("operador", "Operador", "entrega listas y mira las corridas"),
}


def add_login(app: FastAPI, users: UserStore, audit: Audit, *, demo: bool) -> None:
    """Add the login page, and the logout."""

    @app.get(LOGIN)
    async def show(a: str = "/") -> HTMLResponse:
        return _page(a, demo=demo)

    @app.post(LOGIN)
    async def enter(request: Request) -> Response:
        form = await request.form()
        target, name = _local(_text(form, "a")), _text(form, "usuario")
        try:
            if demo:
                if name not in DEMO_PEOPLE:
                    raise LoginRefused("En la demostración se entra con uno de los botones.")
                token = await asyncio.to_thread(users.begin_session, name)
            else:
                address = request.client.host if request.client else ""
                token = await asyncio.to_thread(users.log_in, name, _text(form, "clave"), address)
        except LoginRefused as error:
            await asyncio.to_thread(audit.note, name[:40], "No pudo entrar", "consola")
            return _page(target, demo=demo, problem=str(error), status=401)
        await asyncio.to_thread(audit.note, name.strip().lower(), "Entró", "consola")
        answer = RedirectResponse(target, 303)
        answer.set_cookie(
            COOKIE,
            token,
            max_age=int(LONGEST.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    @app.post("/salir")
    async def leave(request: Request) -> Response:
        user, token = request.scope["cargofijo.user"], request.scope["cargofijo.token"]
        await asyncio.to_thread(users.log_out, token)
        await asyncio.to_thread(audit.note, user.name, "Salió", "consola")
        answer = RedirectResponse(LOGIN, 303)
        answer.delete_cookie(COOKIE)
        return answer


def _page(target: str, *, demo: bool, problem: str = "", status: int = 200) -> HTMLResponse:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    page = environment.get_template("login.html.j2").render(
        style=Markup(LOGIN_STYLE),
        problem=problem,
        demo_people=DEMO_PEOPLE if demo else {},
        login=LOGIN,
        target=_local(target),
    )
    return HTMLResponse(page, status)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _local(target: str) -> str:
    """A page of ours, never an address elsewhere."""
    is_ours = (
        target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    )
    return target if is_ours else "/"
