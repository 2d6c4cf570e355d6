"""Frame of all pages: the navigation bar, the user, and the styles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from robots.console.context import Visit
from robots.console.theme import RED, SCRIPT, STYLE
from robots.console.user_store import Role, User

_PLACES: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("Nuevo caso", "/", "add_circle_outline", tuple(Role)),
    ("Casos", "/casos", "folder_open", tuple(Role)),
    ("Correos", "/correos", "mail_outline", tuple(Role)),
    ("Aprobaciones", "/aprobaciones", "fact_check", (Role.SUPERVISOR,)),
    ("Corridas", "/corridas", "playlist_play", (Role.OPERADOR, Role.SUPERVISOR)),
    ("Seguimiento", "/seguimiento", "receipt_long", (Role.OPERADOR, Role.SUPERVISOR)),
    ("Mapa", "/mapa", "map", (Role.OPERADOR,)),
    ("Gráficos", "/graficos", "insights", (Role.OPERADOR, Role.SUPERVISOR)),
    ("Auditoría", "/auditoria", "history", (Role.OPERADOR, Role.SUPERVISOR)),
)


def may_see_all(visit: Visit) -> bool:
    """Whether the page is for this role too; says so on the page where it is not."""
    return _said(visit.user.sees_all)


def may_run(visit: Visit) -> bool:
    """The same of a page for operators."""
    return _said(visit.user.may_run)


def _said(may: bool) -> bool:
    if not may:
        ui.label("Su rol no ve esta página.").props('role="alert"')
    return may


@contextmanager
def framed(visit: Visit, title: str, subtitle: str = "") -> Iterator[None]:
    """The page's frame; its own content goes into the block."""
    ui.page_title(f"{title} · Cargo fijo")
    ui.colors(primary=RED, secondary="#3A4654", accent="#2F5AA8", positive="#2B7A4B")
    ui.add_css(STYLE)
    ui.add_head_html(SCRIPT)
    with ui.header(elevated=False).classes("cf-header"):
        ui.link("Cargo fijo", "/").classes("cf-brand")
        with ui.element("nav").classes("cf-nav").props('aria-label="Secciones"'):
            here = visit.client.request.url.path
            for name, path, icon, roles in _PLACES:
                if visit.user.role in roles:
                    _place(name, path, icon, here)
        _who(visit.user)
    if visit.context.demo:
        with ui.element("div").classes("cf-demo"):
            ui.label(
                "Demostración: sin usuarios registrados la consola solo atiende en este equipo y "
                "solo trabaja con los portales simulados."
            )
    with ui.column().classes("cf-page"):
        ui.label(title).classes("cf-title").props('role="heading" aria-level="1"')
        if subtitle:
            ui.label(subtitle).classes("cf-subtitle")
        yield
    visit.watch()


def _place(name: str, path: str, icon: str, here: str) -> None:
    is_here = here == path or (path != "/" and here.startswith(path))
    with ui.link(target=path).classes("cf-place" + (" cf-here" if is_here else "")):
        ui.icon(icon).props('aria-hidden="true"')
        ui.label(name)


def _who(user: User) -> None:
    with ui.row().classes("cf-who items-center"):
        with ui.column().classes("gap-0"):
            ui.label(user.name).classes("cf-name")
            ui.label(user.role).classes("cf-role")
        # A form and not an event: the answer takes the cookie away.
        with ui.element("form").props('method="post" action="/salir"'):
            ui.button("Salir").props('flat dense no-caps type="submit" color="white"')
