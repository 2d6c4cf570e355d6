"""`check`: the preflight, and each page of each portal, changing nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from robots.cli.common import Json, configure, err, out, print_json, require, say
from robots.cli.streams import only_tells
from robots.failures import NotReady
from robots.ops.keyring_store import Owner

if TYPE_CHECKING:
    from flows.rules.news import News
    from flows.store.ledger import Ledger
    from robots.bootstrap import OpenServices
    from robots.ops.preflight import Inspected
    from robots.settings import Settings


def check(
    portal: Annotated[
        Owner | None,
        typer.Option("--portal", help="Solo este portal; «smtp» es el correo, «inbox» el buzón."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Revisa todo lo que una ejecución necesita, y cada página de cada portal, sin cambiar nada.

    Las páginas que muestran un caso se revisan con uno que el robot haya registrado antes.
    """
    from robots.ops.portal_maps import key_of
    from robots.ops.preflight import PreflightFailed
    from robots.record import own_ledger

    only_tells()
    console = err if as_json else out
    settings = configure()
    require(settings, None)
    with own_ledger(settings) as ledger:
        try:
            wrong, inspected, news = asyncio.run(_check(settings, ledger, portal, console))
        except PreflightFailed as failed:
            wrong = _tell("Equipo", str(failed).splitlines(), "", console)
            inspected, news = [], ()
    if as_json:
        print_json(
            elements=sum(seen.elements for seen in inspected),
            missing=[one for seen in inspected for one in seen.missing()],
            news=[{"portal": key_of(n.portal), "page": n.page, "what": n.what} for n in news],
        )
    if wrong:
        raise NotReady("Hay un problema." if wrong == 1 else f"Hay {wrong} problemas.")


async def _check(
    settings: Settings, ledger: Ledger, portal: Owner | None, console: Console
) -> tuple[int, list[Inspected], tuple[News, ...]]:
    """Run the checks; gives how many problems there are, what was seen of the portals, and what is
    news there."""
    from robots.bootstrap import open_services
    from robots.ops.portal_maps import PORTAL_NAMES
    from robots.ops.preflight import (
        check_before_portals,
        check_inbox,
        check_mail,
        inspect_portals,
        known_case,
    )

    async def opening(opened: OpenServices) -> None:
        await check_before_portals(opened, settings)

    names = list(PORTAL_NAMES.values())
    if portal is not None:
        names = [PORTAL_NAMES[portal]] if portal in PORTAL_NAMES else []
    known = await asyncio.to_thread(known_case, ledger)
    async with open_services(settings, ledger, seats=3, opening=opening) as opened:
        wrong = _tell("Equipo", (), "contraseñas, disco, base de datos y navegador", console)
        if portal in (None, Owner.SMTP):
            mail = await check_mail(opened)
            notes = [problem.sentence for problem in mail if problem.note]
            problems = [problem.sentence for problem in mail if not problem.note]
            fine = " ".join(notes) or "el servidor acepta al robot"
            wrong += _tell("Correo", problems, fine, console)
        if settings.inbox.host and portal in (None, Owner.INBOX):
            problems = [problem.sentence for problem in await check_inbox(settings)]
            fine = "se lee, y lo que no se entrega vuelve ahí"
            wrong += _tell("Buzón", problems, fine, console)
        inspected = await inspect_portals(opened, names, known)
        for seen in inspected:
            ends = f"; la contraseña vence el {seen.expires:%d/%m/%Y}" if seen.expires else ""
            fine = f"{seen.elements} elementos en {seen.pages} páginas{ends}"
            wrong += _tell(seen.portal, seen.problems, fine, console)
        news = await asyncio.to_thread(opened.services.radar.tell_now, names)
        for one in news:
            say(f"• {one.sentence}", console)
    if known is None and names:
        console.print(
            "Las páginas que muestran un caso quedan sin ver: el robot no conoce ninguno todavía.",
            soft_wrap=True,
        )
    return wrong, inspected, news


def _tell(name: str, problems: Iterable[str], fine: str, console: Console) -> int:
    """A line for each problem, or that there is none; how many there are."""
    told = list(problems)
    for text in told:
        console.print(f"[red]✗[/red] {name}: ", end="")
        say(text, console)
    if not told:
        console.print(f"[green]✓[/green] {name}: {fine}", highlight=False, soft_wrap=True)
    return len(told)
