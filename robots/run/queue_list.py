"""The queue of SIAC Único as a list: read, written under `VAR_DIR/lists`, and read back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from loguru import logger
from rich.console import Console

from flows.procedure.siac_queue import Queue, read_queue
from flows.rules.lima import LIMA
from flows.runtime.looks import Unread
from flows.store.ledger import Ledger
from inputs.made_list import write_rows
from inputs.rows import CaseList
from robots.bootstrap import OpenServices, open_services
from robots.failures import NotReady
from robots.ops.preflight import check_reading
from robots.settings import Settings

#: cases; a long queue takes minutes
_TOLD_EACH = 100


@dataclass(frozen=True)
class QueueList:
    """The list that was written, None for a queue without a case of ours; and what was left."""

    path: Path | None
    queue: Queue

    @property
    def left(self) -> str:
        """A sentence about what was left alone; empty where nothing was."""
        queue = self.queue
        counts = {
            "de otros asuntos": queue.others,
            "que atiende otra persona": queue.taken,
            "que no se pudieron leer": len(queue.unread),
        }
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        left = f"En la cola quedan, sin tocar: {told}." if told else ""
        states = (
            f"Hay casos «{state}»: {advice} y repita." for state, advice in queue.strange.items()
        )
        return " ".join(filter(None, (left, *states)))


async def list_queue(
    settings: Settings, ledger: Ledger, console: Console, *, seats: int | None = None
) -> QueueList:
    """Read the queue and write its list; raises `NotReady` where the queue cannot be read."""
    seats = seats or settings.seats

    def told(done: int, waiting: int) -> None:
        if done % _TOLD_EACH == 0 and (done or waiting):
            console.print(
                f"Leídos {done} de {waiting}…"
                if done
                else f"Esperan {waiting}: se abre la ficha de cada uno, que dice de qué es.",
                highlight=False,
            )

    async def opening(opened: OpenServices) -> None:
        await check_reading(opened, settings)

    async with open_services(settings, ledger, seats=seats, opening=opening) as opened:
        console.print("Se lee la cola Variaciones Corporativas, en SIAC Único…", highlight=False)
        try:
            user = settings.portals.siac.username
            queue = await read_queue(opened.services, user, seats=seats, told=told)
        except Unread as why:
            raise NotReady(f"No se pudo leer la cola de SIAC Único. {why}") from None
    path = None
    if queue.rows:
        path = await asyncio.to_thread(_written, settings.var_dir.absolute(), queue.rows)
    logger.info(
        "queue_read",
        cases=len(queue.rows),
        others=queue.others,
        taken=queue.taken,
        unread=len(queue.unread),
    )
    return QueueList(path, queue)


def of_queue(case_list: CaseList, user: str) -> CaseList:
    """The list with each of its cases marked as of this user's queue."""
    rows = (
        row.model_copy(update={"case": row.case.model_copy(update={"cola_de": user})})
        if row.case
        else row
        for row in case_list.rows
    )
    return case_list.model_copy(update={"rows": tuple(rows)})


def _written(var_dir: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """The record of what was taken: one of its own for each run, also within one minute."""
    folder = var_dir / "lists"
    stem = f"cola-{datetime.now(LIMA):%Y%m%d-%H%M}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in count(1):
            path = folder / (f"{stem}-{number}.xlsx" if number > 1 else f"{stem}.xlsx")
            try:
                write_rows(path, rows)
            except FileExistsError:
                continue
            return path
    except OSError as error:
        raise NotReady(f"No se puede escribir en {folder}: {error.strerror}.") from None
    raise AssertionError("numbers have no end")
