"""The console's pages, a module each."""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import ui

from robots.console.context import ConsoleContext
from robots.console.pages import (
    approvals_page,
    audit_page,
    case_list,
    case_view,
    charts,
    follow_up_page,
    map_page,
    messages_page,
    new_case,
    runs,
    unknown_page,
)


def add_pages(app: FastAPI, context: ConsoleContext) -> None:
    """Every page, served by this app."""
    pages = (new_case, case_list, case_view, runs, approvals_page, follow_up_page, charts)
    for page in (*pages, messages_page, map_page, audit_page):
        page.add(context)
    unknown_page.add(app, context)
    ui.run_with(
        app,
        title="Cargo fijo",
        language="es",
        dark=None,
        show_welcome_message=False,
        # A page that finds its way back within this goes on where it was; later it begins anew.
        reconnect_timeout=60,
        tailwind=False,
    )
