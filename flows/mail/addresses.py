"""E-mail addresses as people write them: none, one, or several in one field."""

from __future__ import annotations

import re

from flows.rules.typed_text import tidy

_LOCAL = r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
_DOMAIN = r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*"
_ADDRESS = re.compile(rf"{_LOCAL}@{_DOMAIN}")
_IN_BRACKETS = re.compile(r"<([^<>]*)>")
_BETWEEN = re.compile(r"[;,/|\s]+(?:[yoe]\s+)?")
MAX_LOCAL = 64


def addresses_in(written: str) -> tuple[str, ...]:
    """Each address once, in the order of the text; empty where a part of it is no address.

    A domain beyond ASCII comes as the mail system has it (``xn--…``).
    """
    found = " ".join(_IN_BRACKETS.findall(written)) or written  # behind a name
    parts = [part for part in _BETWEEN.split(tidy(found)) if part]
    try:
        return tuple(dict.fromkeys(_checked(part) for part in parts))
    except ValueError:
        return ()


def _checked(part: str) -> str:
    local, _, domain = part.rpartition("@")
    if len(local) > MAX_LOCAL or not _ADDRESS.fullmatch(part):
        raise ValueError
    return f"{local}@{domain.encode('idna').decode()}" if not domain.isascii() else part
