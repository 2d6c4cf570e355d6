"""What the owner may decide about the work; also the settings of ``[policy]``. Times in seconds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flows.rules.case import Model
from flows.rules.scenarios import Escenario

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
#: what something may take: with no seconds nothing would be done
Limit = Annotated[float, Field(gt=0, allow_inf_nan=False)]
#: no longer than a moment can be told
Days = Annotated[int, Field(ge=1, le=36_500)]


class Policy(Model):
    #: scenarios that need a supervisor's yes
    approvals: tuple[Escenario, ...] = ()
    #: whether a line that the next bill shows misaligned is told, or filed as a case of its own
    follow_up: Literal["report", "file"] = "report"
    #: submits of one run, over all portals and machines; None sets no limit
    max_writes: int | None = Field(default=None, ge=1)
    max_attempts: int = Field(default=3, ge=1)
    #: days of waiting for evidence until it is reminded of, and from then until the case ends
    remind_after_days: Days = 5
    end_after_days: Days = 10
    #: before a failed portal is tried again; the last one counts for every further try
    retry_pauses: tuple[Seconds, ...] = Field(default=(1.0, 5.0, 15.0), min_length=1)
    #: failures in a row that open a portal's breaker, and when it is tried again; as `retry_pauses`
    breaker_failures: int = Field(default=3, ge=1)
    breaker_pauses: tuple[Seconds, ...] = Field(
        default=(15.0, 30.0, 60.0, 120.0, 300.0), min_length=1
    )
    #: how long a case waits for a portal, where the run has no end of its own
    portal_patience: Seconds = 300.0
    #: the same, for a portal that lacks what the robot looks for, until its map says otherwise
    map_patience: Seconds = 3600.0
    #: after a submit without a clear answer: when to look again before it may be repeated
    look_again: tuple[Seconds, ...] = Field(default=(2.0, 5.0, 10.0), min_length=1)
    #: how long what was looked for is believed, while a person thinks or the case goes on
    fresh_look: Seconds = 60.0
    #: a step's, with all of its tries and the pauses between them; a person who is asked is waited
    #: for beside it
    step_limit: Limit = 180.0

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures, counted from 1."""
        return self.retry_pauses[min(failures, len(self.retry_pauses)) - 1]
