"""The queue *Variaciones Corporativas* as a case list: each case that waits there as a row.

Nothing is written in a portal: a case is taken when it is worked on, as any other.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from flows.rules.peru import format_date
from flows.rules.portal_words import EN_ATENCION, EN_COLA, REGISTRADO
from flows.rules.typed_text import fold
from flows.runtime.looks import Looks, Unread, looking
from flows.runtime.services import Services
from pages.contract.ports import SIAC
from pages.contract.siac import CLASE, TIPO, Contact, QueuedCase

#: in the evidence folder: what was seen of a portal that could not be looked into
FAILED_LOOK = "cola-falla"
_REFERENCE = re.compile(r"CF-(\d{1,20})-(\d{4})(\d{2})(\d{2})-[0-9a-f]{6}")


@dataclass
class Queue:
    """What waits: ``rows`` by the names of `Case`, as texts, in the queue's order. ``others`` are
    cases of other matters, ``taken`` those at which somebody else works, ``unread`` why each of
    some could not be read, and ``strange`` are states that are none of ours, with what to do."""

    rows: list[dict[str, str]] = field(default_factory=list)
    others: int = 0
    taken: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    strange: dict[str, str] = field(default_factory=dict)


async def read_queue(
    services: Services,
    user: str,
    *,
    seats: int = 1,
    told: Callable[[int, int], None] = lambda done, waiting: None,
) -> Queue:
    """Read the queue for this user of SIAC Único; ``told`` hears how many of those that wait are
    read, from none on. Raises `Unread` where it cannot be read."""
    looks, places = Looks(services), asyncio.Semaphore(seats)
    portals = looking(services, services.evidence_dir / FAILED_LOOK)
    contacts: dict[str, asyncio.Task[tuple[Contact, ...]]] = {}
    done = 0

    async def numbers() -> tuple[str, ...]:
        async with portals.siac() as portal:
            return await portal.read_queue()

    async def case(numero: str) -> QueuedCase | None:
        async with portals.siac() as portal:
            return await portal.read_queued(numero)

    async def client(ruc: str) -> tuple[Contact, ...]:
        async with portals.siac() as portal:
            found = await portal.read_client(ruc, ())
        return found.contactos if found else ()

    async def one(numero: str) -> QueuedCase | Unread | None:
        nonlocal done
        found = await visited(numero)
        done += 1
        told(done, len(waiting))
        return found

    async def visited(numero: str) -> QueuedCase | Unread | None:
        async with places:
            try:
                found = await looks.read(SIAC, partial(case, numero))
                if found is not None and _is_for(found, user) and found.ruc not in contacts:
                    reading = looks.read(SIAC, partial(client, found.ruc))
                    contacts[found.ruc] = asyncio.ensure_future(reading)
                if found is not None and found.ruc in contacts:
                    await contacts[found.ruc]
            except Unread as why:
                return why
            return found

    waiting = list(dict.fromkeys(await looks.read(SIAC, numbers)))
    queue = Queue()
    told(done, len(waiting))
    for numero, found in zip(waiting, await asyncio.gather(*map(one, waiting)), strict=True):
        if isinstance(found, Unread):
            queue.unread[numero] = str(found)
        elif found is None:
            continue  # gone meanwhile
        elif not EN_COLA.has(found.estado):  # or closed
            if advice := EN_COLA.if_reworded(found.estado):
                queue.strange[found.estado] = advice
        elif not _is_ours(found):
            queue.others += 1
        elif not _is_for(found, user):
            queue.taken += 1
        else:
            queue.rows.append(_row(found, contacts[found.ruc].result()))
    return queue


def _is_ours(found: QueuedCase) -> bool:
    return (fold(found.tipo), fold(found.clase)) == (fold(TIPO), fold(CLASE))


def _is_for(found: QueuedCase, user: str) -> bool:
    """Of our matter, and nobody's or this user's own."""
    mine = found.estado == EN_ATENCION and fold(found.tomado_por) == fold(user)
    return _is_ours(found) and (found.estado == REGISTRADO or mine)


def _row(found: QueuedCase, contacts: tuple[Contact, ...]) -> dict[str, str]:
    """A case that carries a reference keeps it, and so the date that is in it."""
    return {
        "id": found.numero,
        "siac_case": found.numero,
        "fecha_solicitud": format_date(_asked(found)),
        **found.who_asks(contacts),
        "sec": found.sec,
        "ruc": found.ruc,
        "lineas": "\n".join(found.lineas),
        "cargo_fijo_ofrecido": found.cargo,
    }


def _asked(found: QueuedCase) -> date:
    parts = _REFERENCE.fullmatch(found.referencia)
    if parts and parts[1] == found.sec:
        try:
            return date(int(parts[2]), int(parts[3]), int(parts[4]))
        except ValueError:
            pass
    return found.creado
