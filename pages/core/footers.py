"""Rows that have a cell in each column, and are no records: totals, and boxes for a new record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from pages.contract.text import folded
from pages.core.row_kinds import TOTAL
from pages.core.table import TableLine, folded_header

#: what is pressed to add the record that was typed
_ADD = re.compile(r"(agregar|anadir|insertar|adicionar|incluir|crear|nuev[oa]|add|insert|new)\b")

_NUMBER = re.compile(r"\d")


def without_footers(
    lines: Sequence[TableLine], names: Sequence[str], wanted: Collection[str]
) -> tuple[list[TableLine], list[str]]:
    """The records alone, and doubts: rows of which it cannot be told whether they are records."""
    kept = []
    doubts = []
    for line in lines:
        others = [one for one in lines if one is not line]
        if _is_vacant(line, others, names, wanted):
            continue
        first = folded(line.filled[0]["text"]) if line.filled else ""
        if len(line.cells) > 1 and TOTAL.match(first):
            if not _is_sum(line, others):
                doubts.append("total")
            continue
        kept.append(line)
    if len(kept) > 2 and _is_odd(kept[-1], kept[:-1]):
        doubts.append("footer")
    return kept, doubts


def _is_sum(line: TableLine, others: list[TableLine]) -> bool:
    """Whether a row that begins with "total" is none of these: it leaves cells empty, is printed
    bold, or begins in words where they begin with numbers."""
    blank = len(line.filled) < len(line.cells)
    bold = line.fact["bold"] and not any(one.fact["bold"] for one in others)
    firsts = [one.filled[0]["text"] or "" for one in others]
    return blank or bold or (bool(firsts) and all(any(map(str.isdigit, t)) for t in firsts))


def _is_odd(last: TableLine, others: list[TableLine]) -> bool:
    """Whether the last one looks otherwise than all others, and lacks what they all have."""
    styles = Counter(line.fact["style"] for line in others)
    if last.fact["style"] in styles or len(styles) > 2:
        return False
    return any(
        not folded((cell or {}).get("text"))
        and all(folded((line.slots[place] or {}).get("text")) for line in others)
        for place, cell in enumerate(last.slots)
        if all(place < len(line.slots) for line in others)
    )


def _is_vacant(
    line: TableLine, others: list[TableLine], names: Sequence[str], wanted: Collection[str]
) -> bool:
    """Whether it waits for a new record: empty boxes where no record has any, and no words beside
    them but those of links and lists."""
    if not any(cell.get("vacant") for cell in line.cells):
        return False
    empty = [place for place, cell in enumerate(line.slots) if cell and cell.get("vacant")]
    is_alike = not others or any(
        all(place < len(one.slots) and (one.slots[place] or {}).get("edited") for place in empty)
        for one in others
    )
    for place, cell in enumerate(line.slots):
        if cell is None or place in empty:
            continue
        is_wanted = place < len(names) and folded_header(names[place]) in wanted
        words = folded(cell["text"])
        leads = is_wanted and cell.get("linked") and not _ADD.match(words)
        holds = (cell.get("edited") and words) or leads
        # a number that leads somewhere is a record's, whatever stands beside it
        if cell.get("plain") or (holds and (is_alike or (leads and _NUMBER.search(words)))):
            return False
    return True
