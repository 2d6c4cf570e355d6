"""Answer to an address that leads nowhere: a page like the others, with the way to the start."""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import Client, ui
from nicegui import app as pages_app
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed
from robots.console.guard import is_in
from robots.console.widgets import card

_UNKNOWN = "En esta dirección no hay nada."


def add(app: FastAPI, context: ConsoleContext) -> None:
    """Of the pages, which NiceGUI serves, and of what else ``app`` has."""

    async def answer(request: Request, error: Exception) -> Response:
        path: str = request.url.path
        if not is_in(request.scope) or path.startswith("/_nicegui/"):
            return PlainTextResponse(_UNKNOWN, 404)
        detail = error.detail if isinstance(error, HTTPException) else ""
        with Client(ui.page(""), request=request) as client:
            visit = Visit(context, request)
            with framed(visit, "No se encontró"), card():
                # what the framework itself says is English
                ui.label(_UNKNOWN if detail in ("", "Not Found") else detail)
                ui.link("Volver al inicio", "/")
        return client.build_response(request, 404)

    for serving in (app, pages_app):
        serving.add_exception_handler(404, answer)
