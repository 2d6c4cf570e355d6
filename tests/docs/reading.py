"""The documents as a reader sees them: their blocks of commands, their links, their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from typer.main import get_command

from robots.cli.app import app
from tests.support.machine import ROOT

DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)

_COMMAND: Any = get_command(app)

_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s)#.*$")


class Line(NamedTuple):
    """A line of a block, without its comment: where it stands, and what it says."""

    document: str
    kind: str
    text: str


def blocks(document: Path) -> Iterator[tuple[str, str]]:
    """Each block's kind and its content."""
    for indent, kind, body in _BLOCK.findall(document.read_text(encoding="utf-8")):
        yield kind, re.sub(f"^{indent}", "", body, flags=re.MULTILINE)


def lines(*kinds: str) -> list[Line]:
    """The commands of all documents, each one once, in the order in which a reader meets them."""
    found: dict[str, Line] = {}
    for document in DOCUMENTS:
        for kind, body in blocks(document):
            for line in body.splitlines() if kind in kinds else ():
                text = _COMMENT.sub("", line).strip()
                if text:
                    found.setdefault(text, Line(document.name, kind, text))
    return list(found.values())


def spoken(program: str) -> list[str]:
    """What the prose calls by name: the arguments of each `program …` between backquotes."""
    pattern = re.compile(rf"(?<!`)`{program} ([^`\n]+)`")
    texts = [document.read_text(encoding="utf-8") for document in DOCUMENTS]
    return [found for text in texts for found in pattern.findall(text)]


def understood(arguments: list[str]) -> None:
    """Raises where `cargofijo` has no such order, or not with these options and arguments."""
    command = _COMMAND
    context = command.make_context("cargofijo", list(arguments))
    while hasattr(command, "commands"):
        rest = [*context._protected_args, *context.args]
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)
