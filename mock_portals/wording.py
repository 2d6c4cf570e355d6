"""Words of the portals' pages that have become others, as somebody at the owner's may decide."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from mock_portals.dialect import INVISIBLE
from mock_portals.world import WorldError, first_error

_SPACE = "(?:</font>)?[ \u00a0](?:<font>)?"


class Reworded(BaseModel):
    """``now`` in the place of ``before``, on pages of the portal in which ``on`` is found: a
    regular expression, by default of any."""

    model_config = ConfigDict(extra="forbid")

    portal: Literal["sisact", "siac", "nintex", "remedy"]
    before: str
    now: str
    on: re.Pattern[str] = re.compile("")

    @property
    def typed(self) -> re.Pattern[str]:
        """What was there as somebody once typed it: odd spaces, invisible characters, fonts."""
        letters = (_SPACE if one == " " else re.escape(one) for one in self.before)
        return re.compile(f"[{INVISIBLE}]*".join(letters))


@dataclass
class Wording:
    """All that is worded otherwise now."""

    changes: list[Reworded] = field(default_factory=list)

    def replace(self, data: Any) -> None:
        if not isinstance(data, list):
            raise WorldError("a list of changes is expected")
        try:
            self.changes = [Reworded.model_validate(item) for item in data]
        except ValidationError as error:
            raise WorldError(first_error(error)) from None

    def of(self, portal: str, text: str) -> str:
        """The page as it is worded now."""
        for change in self.changes:
            if change.portal == portal and change.on.search(text):
                text = change.typed.sub(change.now.replace("\\", r"\\"), text)
        return text
