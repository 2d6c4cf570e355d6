"""`check`: the preflight, and each page of each portal, changing nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from robots.cli.common import configure, out, require, say
from robots.cli.streams import only_tells
from robots.failures import NotReady
from robots.ops.keyring_store import Owner

if TYPE_CHECKING:
    from flows.store.ledger import Ledger
    from robots.bootstrap import OpenServices
    from robots.settings import Settings


def check(
    portal: Annotated[
        Owner | None,
        typer.Option("--portal", help="Solo este portal; «smtp» es el correo, «inbox» el buzón."),
    ] = None,
) -> None:
    """Revisa todo lo que una ejecución necesita, y cada página de cada portal, sin cambiar nada.

    Las páginas que muestran un caso se revisan con uno que el robot haya registrado antes.
    """
    from robots.ops.preflight import PreflightFailed
    from robots.record import own_ledger

    only_tells()
    settings = configure()
    require(settings, None)
    with own_ledger(settings) as ledger:
        try:
            wrong = asyncio.run(_check(settings, ledger, portal))
        except PreflightFailed as failed:
            wrong = _tell("Equipo", str(failed).splitlines(), "")
    if wrong:
        raise NotReady("Hay un problema." if wrong == 1 else f"Hay {wrong} problemas.")


async def _check(settings: Settings, ledger: Ledger, portal: Owner | None) -> int:
    """Run the checks; gives how many problems there are."""
    from robots.bootstrap import open_services
    from robots.ops.preflight import (
        PORTAL_NAMES,
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
        wrong = _tell("Equipo", (), "contraseñas, disco, base de datos y navegador")
        if portal in (None, Owner.SMTP):
            mail = await check_mail(opened)
            notes = [problem.sentence for problem in mail if problem.note]
            problems = [problem.sentence for problem in mail if not problem.note]
            wrong += _tell("Correo", problems, " ".join(notes) or "el servidor acepta al robot")
        if settings.inbox.host and portal in (None, Owner.INBOX):
            problems = [problem.sentence for problem in await check_inbox(settings)]
            fine = "se lee, y lo que no se entrega vuelve ahí"
            wrong += _tell("Buzón", problems, fine)
        for seen in await inspect_portals(opened, names, known):
            ends = f"; la contraseña vence el {seen.expires:%d/%m/%Y}" if seen.expires else ""
            fine = f"{seen.elements} elementos en {seen.pages} páginas{ends}"
            wrong += _tell(seen.portal, seen.problems, fine)
    if known is None and names:
        out.print(
            "Las páginas que muestran un caso quedan sin ver: el robot no conoce ninguno todavía.",
            soft_wrap=True,
        )
    return wrong


def _tell(name: str, problems: Iterable[str], fine: str) -> int:
    """A line for each problem, or that there is none; how many there are."""
    told = list(problems)
    for text in told:
        out.print(f"[red]✗[/red] {name}: ", end="")
        say(text, out)
    if not told:
        out.print(f"[green]✓[/green] {name}: {fine}", highlight=False, soft_wrap=True)
    return len(told)
