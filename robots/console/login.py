"""The login page: plain HTML, so that the session's cookie is set by an answer and not a script."""

from __future__ import annotations

import asyncio
from html import escape

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from robots.console.audit import Audit
from robots.console.guard import COOKIE, LOGIN
from robots.console.people import LONGEST, LoginRefused, People
from robots.console.theme import LOGIN_STYLE

_PAGE = """<!doctype html>
<html lang="es"><head><meta charset="utf-8"><title>Entrar · Cargo fijo</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>Cargo fijo</h1><p>Consola del asesor</p>{problem}{body}</main></body></html>"""

_FORM = """<form method="post" action="{login}">
<input type="hidden" name="a" value="{target}">
<label for="usuario">Usuario</label>
<input id="usuario" name="usuario" autocomplete="username" required autofocus maxlength="40">
<label for="clave">Contraseña</label>
<input id="clave" name="clave" type="password" autocomplete="current-password" required>
<button type="submit">Entrar</button></form>"""

_DEMO = """<p class="note"><b>Demostración.</b> No hay usuarios registrados, así que la consola solo
atiende en este equipo y solo trabaja con los portales simulados. El primer usuario se crea con
<code>cargofijo users add</code>.</p>
<form method="post" action="{login}"><input type="hidden" name="a" value="{target}">{buttons}
</form>"""

#: Who there is to be in the demo, by role: nobody approves their own request.
DEMO_PEOPLE = {
    "asesora": ("asesor", "Asesora", "atiende a un cliente, caso por caso"),
    "supervisora": ("supervisor", "Supervisora", "aprueba o rechaza solicitudes"),
    "operador": ("operador", "Operador", "entrega listas y mira las corridas"),
}


def add_login(app: FastAPI, people: People, audit: Audit, *, demo: bool) -> None:
    """The login page and the way out."""

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
                token = await asyncio.to_thread(people.begin_session, name)
            else:
                address = request.client.host if request.client else ""
                token = await asyncio.to_thread(people.log_in, name, _text(form, "clave"), address)
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
        await asyncio.to_thread(people.log_out, token)
        await asyncio.to_thread(audit.note, user.name, "Salió", "consola")
        answer = RedirectResponse(LOGIN, 303)
        answer.delete_cookie(COOKIE)
        return answer


def _page(target: str, *, demo: bool, problem: str = "", status: int = 200) -> HTMLResponse:
    values = {"login": LOGIN, "target": escape(_local(target))}
    if demo:
        buttons = "".join(
            f'<button name="usuario" value="{name}"><b>{title}</b><br>{does}</button>'
            for name, (_, title, does) in DEMO_PEOPLE.items()
        )
        body = _DEMO.format(**values, buttons=buttons)
    else:
        body = _FORM.format(**values)
    told = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    return HTMLResponse(_PAGE.format(style=LOGIN_STYLE, problem=told, body=body), status)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _local(target: str) -> str:
    """A page of ours, never an address elsewhere."""
    is_ours = (
        target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    )
    return target if is_ours else "/"
