"""The header of a table: the row that names its columns, and those over it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pages.contract.text import clean
from pages.core.row_kinds import TableForm
from pages.core.table import ARROWS, Fact, TableLine, folded_header


def header_of(lines: Sequence[TableLine], form: TableForm, wanted: Collection[str]) -> int | None:
    """The place of the row whose cells name the columns, with all ``wanted`` headings if one has
    them; None where no row does."""
    places = [at for at, line in enumerate(lines) if line.filled and not form.turns(line)]
    wide = [at for at in places if form.width == 1 or not lines[at].is_lone]
    if not wide:
        return None
    heads = [at for at in wide if _heads(lines[at])]
    blocks = [list(_block(lines, at)) for at in [*heads[:1], wide[0]]]
    for at in (at for block in blocks for at in reversed(block)):
        if {*wanted} <= {folded_header(name) for pair in _levels(lines, at) for name in pair}:
            return at
    if form.width == 1 and not heads and form.is_special(lines[wide[0]]):
        return None
    return blocks[0][-1]


def column_names(lines: Sequence[TableLine], at: int, wanted: Collection[str]) -> list[str]:
    """What the header at this place calls each column: by the name that is looked for, where a
    column has that of two levels."""
    return [whole if folded_header(whole) in wanted else own for own, whole in _levels(lines, at)]


def _heads(line: TableLine) -> bool:
    return line.is_heading or line.fact["part"] == "THEAD"


def _block(lines: Sequence[TableLine], first: int) -> Iterator[int]:
    """A header of several rows: below it hangs what spans them, or names the columns too."""
    yield first
    for at in range(first + 1, len(lines)):
        line, above = lines[at], lines[at - 1]
        both = _heads(above) and _heads(line) and not line.is_lone
        if not (_share_a_cell(above, line) or both):
            return
        if line.fact["part"] == "THEAD" and not line.is_heading:
            return
        yield at


def _levels(lines: Sequence[TableLine], at: int) -> list[tuple[str, str]]:
    """Of each column what its lowest header says, and all that stand over it."""
    over = [line for line in lines[:at] if line.is_heading or _share_a_cell(line, lines[at])]
    levels = []
    for place, cell in enumerate(lines[at].slots):
        column = [line.slots[place] for line in over if place < len(line.slots)]
        texts = dict.fromkeys(filter(None, map(_name, [*column, cell])))
        levels.append((_name(cell), " ".join(texts)))
    return levels


def _share_a_cell(one: TableLine, other: TableLine) -> bool:
    return any(cell is shared for cell in one.cells for shared in other.cells)


def _name(cell: Fact | None) -> str:
    """What a header says, without the controls that filter by it."""
    return "" if cell is None else clean(ARROWS.sub("", cell.get("name", cell["text"]) or ""))
