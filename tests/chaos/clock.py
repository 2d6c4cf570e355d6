"""The robot on a machine whose clock is set again and again while it works.

``python -m tests.chaos.clock run …`` is ``cargofijo run …``. Python's clocks jump before each step,
forwards and backwards; what measures time that has passed (``time.monotonic``) does not, as on a
real machine.
"""

from __future__ import annotations

import itertools
import sys
import time
from datetime import datetime, timedelta, tzinfo
from typing import Any

import flows.procedure.regularize
import robots.run.list_run
from flows.runtime.steps import StepRunner

#: from the true time, one after the other
JUMPS = itertools.cycle(timedelta(days=days) for days in (3, -3, 40, 0, -0.04, 0.04))
_off = timedelta()
_true_time = time.time


class Clock(datetime):
    """Shows the machine's time, not the true one."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Clock:
        return cls.fromtimestamp(_true_time() + _off.total_seconds(), tz)


def _set_again_and_again() -> None:
    time.time = lambda: _true_time() + _off.total_seconds()
    for name, module in list(sys.modules.items()):
        ours = name.partition(".")[0] in ("flows", "robots", "pages", "inputs")
        if ours and getattr(module, "datetime", None) is datetime:
            module.datetime = Clock  # type: ignore[attr-defined]
    run = StepRunner.run

    async def jumping(runner: StepRunner, *given: Any) -> Any:
        global _off
        _off = next(JUMPS)
        return await run(runner, *given)

    StepRunner.run = jumping  # type: ignore[method-assign]


if __name__ == "__main__":
    assert flows.procedure.regularize and robots.run.list_run  # or their clocks would not be found
    from robots.cli.app import main

    _set_again_and_again()
    main()
