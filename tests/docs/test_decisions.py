"""Decisions are found by their number, and each says since when and whether it holds."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.support.machine import ROOT

FOLDER = ROOT / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
HEAD = re.compile(
    r"# (?P<number>\d+)\. (?P<title>.+)\n\n"
    r"- Date: (?P<date>\d{4}-\d\d-\d\d)(?:, last changed (?P<changed>\d{4}-\d\d-\d\d))?\n"
    r"- Status: (?P<status>proposed|accepted|superseded)(?: by \[\d+\]\(\S+\)|; .+)?\n\n"
)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_head_and_its_sections(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = HEAD.match(text)
    assert head
    assert int(head["number"]) == int(path.name[:4])
    assert date.fromisoformat(head["date"]) < date.fromisoformat(head["changed"] or "9999-12-31")
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert sections in (
        ["Context", "Decision", "Consequences"],
        ["Context", "Decision", "Consequences", "Weighed"],
    )


def test_the_index_has_each_decision_as_it_is() -> None:
    rows = re.findall(
        r"^\| (\d+) \| \[(.+)\]\((\S+)\) \| (\S+) \| (\w+) \|$",
        (FOLDER / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    heads = [HEAD.match(path.read_text(encoding="utf-8")) for path in DECISIONS]
    assert rows == [
        (head["number"], head["title"], path.name, head["date"], head["status"])
        for head, path in zip(heads, DECISIONS, strict=True)
        if head
    ]
    assert [int(number) for number, *_ in rows] == list(range(1, len(DECISIONS) + 1))
