"""A write is *find or create*: the portal is the witness, not our memory of a click."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from flows.case import Estado, Motivo
from flows.errors import CaseEnds, Ending, needs_person
from flows.office import office
from flows.steps import current
from pages.core.errors import SubmitWithheld, WriteUncertain

T = TypeVar("T")

#: What stands for a number that a dry run did not make.
SIMULATED = "SIMULADO"


async def find_or_create(
    what: str,
    find: Callable[[], Awaitable[T | None]],
    create: Callable[[], Awaitable[T | None]],
    *,
    look_first: bool = True,
) -> T | None:
    """What the portal holds of this case; made once if it holds none, then read back.

    ``find`` raises where it finds more than one. ``create`` gives the record where the portal shows
    it at once; ``look_first`` is False where it looks by itself and leaves alone what is done.
    After a submit without a clear answer the work may still be under way in the portal, so it looks
    again, and again later, before it submits anew. None only in a dry run.
    """
    found = await find() if look_first else None
    for _ in range(office().policy.max_attempts):
        if found is not None:
            return found
        try:
            found = await create() or await find() or await _found_later(find)
        except SubmitWithheld as error:
            if current().attempt.dry_run:
                return None
            raise CaseEnds(
                Ending(
                    estado=Estado.NO_INICIADO,
                    motivo=Motivo.DETENIDO,
                    detail=f"La persona que confirma no aceptó el envío: {error.where}.",
                )
            ) from None
        except WriteUncertain:
            found = await _found_later(find)
        else:
            if found is None:
                raise needs_person(
                    Motivo.RESULTADO_INCIERTO,
                    f"El portal aceptó el envío ({what}), pero no muestra el registro.",
                )
    if found is not None:
        return found
    raise CaseEnds(
        Ending(
            estado=Estado.FALLA_TECNICA,
            motivo=Motivo.PORTAL_NO_DISPONIBLE,
            detail=f"El portal no registra lo que se envía ({what}); no quedó nada registrado.",
        )
    )


async def _found_later(find: Callable[[], Awaitable[T | None]]) -> T | None:
    for pause in office().policy.look_again:
        await asyncio.sleep(pause)
        found = await find()
        if found is not None:
            return found
    return None
