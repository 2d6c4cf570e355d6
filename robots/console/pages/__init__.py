"""The console's pages, a module each."""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import ui

from robots.console.desk import Desk
from robots.console.pages import (
    approvals,
    audit_page,
    case_page,
    cases,
    charts,
    new_case,
    runs,
)


def add_pages(app: FastAPI, desk: Desk) -> None:
    """Every page, served by this app."""
    for page in (new_case, cases, case_page, runs, approvals, charts, audit_page):
        page.add(desk)
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
