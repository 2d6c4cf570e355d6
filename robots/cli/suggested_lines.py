"""What `map suggest` tells a person, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pages.contract.missing import LIKELY
from pages.core.likeness import sure
from robots.ops.map_suggestions import Suggested
from robots.ops.map_writer import ANY_NAME
from robots.ops.preflight import Inspected
from robots.ops.unexpected import is_unexpected

#: candidates that are told of each
_SHOWN = 3


def lines_of(
    portal: str, seen: Inspected, suggested: list[Suggested], words: Mapping[str, str]
) -> Iterator[str]:
    """``portal`` as commands have it; ``words`` are those that nobody has confirmed."""
    missing = [one for one in suggested if one.found is False]
    unseen = [one for one in suggested if one.found is None]
    yield from (one for one in seen.problems if not missing or is_unexpected(one))
    for one in missing:
        yield f"✗ {one.key}: no se encuentra «{one.name}»."
        for candidate in one.candidates[:_SHOWN]:
            yield f"    {candidate.score:.2f} «{candidate.name}»: {candidate.why}"
        if one.kind != "markup":
            yield f'    cargofijo map accept {portal} {one.key} "{_offered(one)}"'
    found = len(suggested) - len(missing) - len(unseen)
    yield f"{seen.portal}: {found} encontrados, {len(missing)} no, {len(unseen)} sin ver."
    if unseen:
        yield f"Sin ver: {', '.join(one.key for one in unseen)}."
    if words:
        named = ", ".join(f"{key} «{word}»" for key, word in words.items())
        yield f"Palabras sin confirmar, que ni el mapa nombra ni se vieron: {named}."
        yield "    Cada una se anota como la dice el portal, también si es igual:"
        yield f'    cargofijo map accept {portal} {next(iter(words))} "{ANY_NAME}"'


def _offered(one: Suggested) -> str:
    """The best, where it is likely and no other is almost as good."""
    likely = sure(one.candidates, LIKELY)
    return likely.accepted if likely else ANY_NAME
