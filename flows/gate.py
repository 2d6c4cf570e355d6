"""What stands before every submit: a dry run stops there, and a person may be asked."""

from __future__ import annotations

import re

from flows.office import office
from flows.steps import current
from pages.core.portal import Picture


async def gate(portal: str, what: str, picture: Picture) -> bool:
    """Whether this submit may happen. A dry run keeps a picture of what it would have sent."""
    runner = current()
    if runner.attempt.dry_run:
        name = re.sub(r"\W+", "-", f"{portal} {what}".lower()).strip("-")
        await picture(runner.folder / f"simulado-{name}.png")
        return False
    confirm = office().confirm
    return confirm is None or await confirm(portal, what)
