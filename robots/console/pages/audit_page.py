"""Audit page: who did what, when, and what stood before and after."""

from __future__ import annotations

import asyncio

from nicegui import ui
from starlette.requests import Request

from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed, may_see_all
from robots.console.widgets import card, moment, plain, table


def add(context: ConsoleContext) -> None:
    @ui.page("/auditoria", response_timeout=15)
    async def page(request: Request) -> None:
        visit = Visit(context, request)
        with framed(visit, "Auditoría", "Lo último que cada persona hizo aquí o con una orden"):
            if not may_see_all(visit):
                return
            entries = await asyncio.to_thread(context.audit.entries)
            with card():
                table(
                    ("Cuándo", "Quién", "Qué", "Sobre qué", "Antes", "Después"),
                    [
                        (moment(e.at), e.who, e.what, e.subject, plain(e.before), plain(e.after))
                        for e in entries
                    ],
                )
