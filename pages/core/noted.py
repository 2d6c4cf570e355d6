"""What was seen of a page while it was used, as `pages.contract.surface` tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from pages.contract.surface import Item, Surface
from pages.contract.text import clean, folded
from pages.core.table import ARROWS, folded_header
from pages.core.vocabulary import is_form_words

#: what has these is a number, a date or an address, and somebody's
_DATA = re.compile(r"\d{3}|@")
_MARKS = re.compile(r"^[\s:*.•·▪–—-]+|(?:[\s:*+]|\(\*\))+$")
#: what a list offers before anything is chosen
_PROMPT = re.compile(r"\W*(?:$|seleccion|elija|elegir|SelectValue)", re.IGNORECASE)


def state_of(words: Iterable[str]) -> str:
    return sha256("\x1f".join(map(folded, words)).encode()).hexdigest()


def columns_of(part: str, page: str, table: str, headers: Sequence[str | None]) -> Surface:
    """A table by its headers, whatever it is sorted by."""
    named = [clean(ARROWS.sub("", header or "")) for header in headers]
    told = (one for one in named if one and not _DATA.search(one))
    items = (Item("column", folded_header(one), one, table) for one in told)
    return Surface(part, page, table, "", _once(items))


def labels_of(part: str, page: str, names: Sequence[str], shown: Sequence[str | None]) -> Surface:
    """Labels that were asked for, as they are ``shown``."""
    texts = {name: text for name, text in zip(names, shown, strict=True) if text}
    items = (Item("field", folded(name), _bare(text)) for name, text in texts.items())
    return Surface(part, page, "", state_of(texts), _once(items))


def form_of(
    part: str, page: str, chosen: Sequence[str], fields: Iterable[dict[str, Any]]
) -> Surface:
    """A form, of the ``fields`` that ``form.js`` gives, once this was chosen in it."""
    items = [item for field in fields for item in _field(field)]
    return Surface(part, page, "", state_of(chosen), _once(items))


def _bare(label: str) -> str:
    """Without marks around it, which a page may set now so and now so; what must be given has an
    item of its own."""
    return _MARKS.sub("", clean(label))


def _field(field: dict[str, Any]) -> Iterator[Item]:
    key, label = clean(field["key"]), _bare(field["label"])
    if not (field["sure"] or is_form_words(label)):
        return  # it may be what somebody wrote
    yield Item("field", key, label)
    if field["required"]:
        yield Item("required", key, label)
    words = [clean(one) for one in field["options"] if not _PROMPT.match(one)]
    # A list that nobody has mapped may be one of records or people.
    if field["known"] or all(map(is_form_words, words)):
        yield from (Item("option", folded(one), one, key) for one in words if not _DATA.search(one))


def _once(items: Iterable[Item]) -> tuple[Item, ...]:
    """What stands there twice under one name cannot be told apart."""
    return tuple({item.name: item for item in items}.values())
