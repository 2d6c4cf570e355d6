"""Messages of a portal that nobody expects, and the command that says how they are answered."""

from __future__ import annotations

import re

from pages.contract.errors import UNEXPECTED

_TOLD = re.compile(re.escape(UNEXPECTED).replace(r"\{\}", "(.*)"))


def is_unexpected(problem: str) -> bool:
    return _TOLD.search(problem) is not None


def with_command(portal: str, problem: str) -> str:
    """The problem's sentence, with what to do about a message of a portal, as commands call it."""
    found = _TOLD.search(problem)
    if found is None:
        return problem
    # what is quoted has a sign for each digit, and a map a place for a number
    words = re.sub("#+", "{numero}", found[1]).replace('"', '\\"')
    return (
        f"{problem} Si lo dice siempre, se le responde que sí con: cargofijo map accept {portal} "
        f'messages.accept "{words}" (o que no, con messages.dismiss).'
    )
