"""A table as a person understands it: header, records, and what is neither."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from pages.contract.text import folded
from pages.core.footers import without_footers
from pages.core.header import column_names, header_of
from pages.core.row_kinds import LOADING, TOTAL, TableForm, is_nothing
from pages.core.table import Fact, Table, TableLine, folded_header, lines_of


def understood(facts: Fact, wanted: Iterable[str]) -> Table:
    """What grid.js found; ``wanted`` are headers that are looked for in it."""
    if not facts["tables"]:
        words = folded(facts["words"])
        return Table(is_bare=not words or is_nothing(words))
    lines = [line for line in lines_of(facts["rows"]) if line.fact["seen"]]
    table = _Reader(lines, {folded_header(header) for header in wanted}).read()
    if facts["half"]:
        table.doubts.append("half")
    table.beside = facts.get("beside", [])
    return table


def _width(lines: Sequence[TableLine]) -> int:
    """How many columns are shown: a cell alone in its row may reach over hidden ones."""
    filled = [line for line in lines if line.filled]
    wide = [len(line.slots) for line in filled if not line.is_lone]
    return max(wide) if wide else min((len(line.slots) for line in filled), default=0)


class _Reader:
    def __init__(self, lines: list[TableLine], wanted: Collection[str]) -> None:
        self.lines = lines
        self.wanted = wanted
        self.table = Table()
        self.form = TableForm(_width(lines))

    def read(self) -> Table:
        at = header_of(self.lines, self.form, self.wanted)
        if at is None:
            self._headless()
            return self.table
        header = self.lines[at]
        self.form = TableForm(len(header.slots), header)
        self.table.names = column_names(self.lines, at, self.wanted)
        for line in self.lines[:at]:
            self._above(line)
        self._below(self.lines[at + 1 :])
        return self.table

    def _headless(self) -> None:
        """A table without header says that it is empty, or nothing that is understood."""
        for line in self.lines:
            if line.filled and not self._takes_no_record(line, records=0):
                self.table.doubts.append("headless")
        self.table.is_bare = any(line.filled for line in self.lines) and not self.table.doubts

    def _above(self, line: TableLine) -> None:
        if not line.filled and not line.fact.get("pager"):
            return
        if self._takes_pager(line):
            return
        if line.pager:
            self._count(line.pager)
        elif line.fact.get("posts") and not line.is_heading and line.is_lone:
            self.table.doubts.append("pager")

    def _below(self, lines: list[TableLine]) -> None:
        full: list[TableLine] = []
        others: list[tuple[int, TableLine]] = []
        for at, line in enumerate(lines):
            if (
                self._takes_pager(line)
                or line.fact["part"] == "THEAD"
                or self.form.is_header_again(line)
            ):
                continue
            if line.fact["part"] == "TFOOT" and not line.fact.get("posts"):
                if line.pager:
                    self._count(line.pager)
            elif self.form.is_full(line):
                if line.filled:
                    full.append(line)
            else:
                others.append((at, line))
        records, doubts = without_footers(full, self.table.names or [], self.wanted)
        self.table.doubts += doubts
        if len(records) == 1 and self.form.says_nothing(records[0]):
            records = []
        for at, line in others:
            if not self._takes_no_record(line, len(records)) and not _is_group(
                line, [one for _, one in others], lines[at + 1 :], records
            ):
                self.table.doubts.append("row")
        self._keep(records)

    def _takes_no_record(self, line: TableLine, records: int) -> bool:
        """Whether a row of another form than the records is understood, and what it says noted."""
        pager, words, posts = line.fact.get("pager"), line.words, line.fact.get("posts")
        if not line.filled and not (pager and pager["items"]):
            return True
        if self._takes_pager(line):
            return True
        if line.pager and line.pager["total"] is not None:
            self._count(line.pager)
        elif LOADING.match(words):
            self.table.is_loading = True
        elif records or not self.form.says_nothing(line):
            return not posts and bool(TOTAL.match(words) or line.fact["part"] == "TFOOT")
        return True

    def _takes_pager(self, line: TableLine) -> bool:
        if line.pager is None or not self.form.turns(line):
            return False
        self.table.pagers.append(line.pager)
        self._count(line.pager)
        return True

    def _count(self, pager: Fact) -> None:
        if pager["total"] is not None:
            self.table.total = pager["total"]
        if pager["range"] is not None:
            self.table.range = (pager["range"][0], pager["range"][1])

    def _keep(self, records: Sequence[TableLine]) -> None:
        """Rows may be wider than the header where all are; then the last columns have no name."""
        if len({len(line.slots) for line in records}) > 1:
            self.table.doubts.append("row")
        self.table.rows = [line.slots[: self.form.width] for line in records]


def _is_group(
    line: TableLine, others: list[TableLine], below: list[TableLine], records: list[TableLine]
) -> bool:
    """Whether it is a title over some of the records, or details of one of them."""
    if not records or not line.is_lone or line.fact.get("posts"):
        return False
    if line.fact.get("nested") == "rows":
        return True
    over = bool(below) and any(below[0] is one for one in records)
    if line.is_heading or not over:
        return over
    alike = [
        one
        for one in others
        if one.is_lone and one.fact["style"] == line.fact["style"] and not one.fact.get("nested")
    ]
    return len(alike) > 1
