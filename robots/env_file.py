"""File of the environment beside the settings: passwords for a machine without a keyring.

systemd gives it to its services (`EnvironmentFile=`); the robot reads it itself, too, so that
cron's line, and whoever tries a command by hand, have the same. The syntax is systemd's
(`man systemd.exec`), in which nothing is filled in: a dollar sign is one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from flows.rules.typed_text import decoded

ENV_FILE = Path("cargofijo.env")

#: what stands between quotes may be of several lines; quotes that are not closed go on to the end
_SINGLE = r"'([^']*)(?:'|\Z)"
_DOUBLE = r'"((?:\\.|[^"\\])*)(?:"|\\?\Z)'
_QUOTED = re.compile(rf"[ \t]*(?:{_SINGLE}|{_DOUBLE})", re.DOTALL)
_REST = re.compile(r"(?:\\.|[^\n\\])*", re.DOTALL)
_NAME = re.compile(r"[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*=")
_LINE = re.compile(r"[^\n]*\n?")


def take_env_file() -> None:
    """Put what it says into this process's environment, under what stands there. Raises `OSError`
    where it cannot be read, and `UnicodeDecodeError`."""
    try:
        content = ENV_FILE.read_bytes()
    except (FileNotFoundError, PermissionError):
        return  # of root, it is systemd's: its services have it already
    for name, value in variables(decoded(content)).items():
        os.environ.setdefault(name, value)


def variables(text: str) -> dict[str, str]:
    """Variables that a file of the environment gives; a line that gives none is let be."""
    text = text.replace("\r\n", "\n")
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        named = _NAME.match(text, at)
        if named:
            found[named[1]], at = _value(text, named.end())
        line = _LINE.match(text, at)
        assert line is not None  # it may be empty
        at = line.end()
    return found


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins there, and where it ends."""
    parts = []
    while quoted := _QUOTED.match(text, at):
        single, double = quoted.groups()
        parts.append(single if double is None else re.sub(r'\\(["\\`$]|\n)', _escaped, double))
        at = quoted.end()
    rest = _REST.match(text, at)
    assert rest is not None  # it may be empty
    parts.append(re.sub(r"(?s)\\(.)", _escaped, rest[0].strip(" \t")))
    return "".join(parts), rest.end()


def _escaped(found: re.Match[str]) -> str:
    """What follows a backslash; the end of a line is none then."""
    return found[1].strip("\n")
