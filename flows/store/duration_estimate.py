"""How long a case takes, learned from the robot's own times."""

from __future__ import annotations

import math

import sqlalchemy as sa

from flows.store.database import fetch, lasting
from flows.store.tables import attempts, steps

#: of the cases that ended last, so many are looked at
_LAST = 200
#: fewer than these say little: until then a case is given at least so many seconds
_ENOUGH, _UNKNOWN = 10, 60.0
#: of twenty cases one may take longer, and the rest a quarter less
_SHARE, _MARGIN = 0.95, 1.25


@lasting
def seconds_per_case(database: sa.Engine) -> float:
    """What a case that begins now should be given, from its first step to its last."""
    last = (
        sa.select(attempts.c.reference, attempts.c.attempt)
        .where(attempts.c.ended.is_not(None), attempts.c.started.is_not(None))
        .order_by(attempts.c.ended.desc())
        .limit(_LAST)
        .subquery()
    )
    query = (
        sa.select(sa.func.sum(steps.c.seconds))
        .join(
            last,
            (steps.c.reference == last.c.reference) & (steps.c.attempt == last.c.attempt),
        )
        .group_by(steps.c.reference, steps.c.attempt)
    )
    times = sorted(float(seconds) for (seconds,) in fetch(database, query))
    if len(times) < _ENOUGH:
        return max([_UNKNOWN, *times])
    return _MARGIN * times[math.ceil(_SHARE * len(times)) - 1]
