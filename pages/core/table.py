"""A table as a person understands it: header, records, and what is neither."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pages.contract.text import clean, folded

_ARROWS = re.compile("[▲▼△▽↑↓⇅▴▾▵▿]")
_TOTAL = re.compile(r"(sub ?)?(total(es)?|suma|sumatoria|importe total|monto total)\b")
#: how a table says that it has no records …
_NOTHING = re.compile(
    r"no (se (ha[n]? )?(encontr|hall|ubic|registr|obtuv|exist)|hay|exist|tiene|registra|cuenta con"
    r"|presenta|posee|figura|dispone|encontr|data|records|rows|items|results|aplica)|sin |ningun|0 "
    r"|cero |.*\b(sin (registros|resultados|datos|coincidencias|informacion)|vaci[oa]s?"
    r"|no (produjo|devolvio|arrojo|obtuvo|tiene|registra|existen?|se encontr))\b"
)
#: … and in one column, where a record may begin in the same way
_SURELY_NOTHING = re.compile(
    r"no (se (ha[n]? )?(encontr|hall)|hay |existen? |records|data|rows)"
    r"|sin (registros|resultados|datos|coincidencias|informacion)|0 (registros|resultados)"
)
#: why nobody knows whether it has any
_FAILED = re.compile(
    r"error|conex|permi|acceso|autoriz|sesion|servicio|servidor|sistema|demasiad|intent|disponible"
)
_LOADING = re.compile(r"(por favor,? )?(cargando|procesando|buscando|consultando|espere|loading)\b")

Fact = dict[str, Any]


def heading(text: str | None) -> str:
    """For comparing headers: `folded`, with every sign of "número" the same, without arrows of
    sorting."""
    return folded(_ARROWS.sub("", (text or "").replace("º", "°")))


@dataclass
class Line:
    """A visible row, with the cell that takes each of its columns; a cell may take several."""

    fact: Fact
    slots: list[Fact | None]

    @property
    def cells(self) -> list[Fact]:
        """Its cells, those that reach down into it too, each once."""
        found: list[Fact] = []
        for cell in self.slots:
            if cell is not None and not any(cell is other for other in found):
                found.append(cell)
        return found

    @property
    def filled(self) -> list[Fact]:
        return [cell for cell in self.cells if cell["text"] is None or folded(cell["text"])]

    @property
    def words(self) -> str:
        return folded(" ".join(cell["text"] or "" for cell in self.filled))

    @property
    def is_heading(self) -> bool:
        """Whether nothing stands in it but headers of columns."""
        return bool(self.filled) and all(cell.get("head") == "column" for cell in self.filled)

    @property
    def is_lone(self) -> bool:
        return len(self.cells) == 1


@dataclass
class Table:
    """What of it is understood."""

    #: by columns; None where it has no header, as one that says only that it is empty
    names: list[str] | None = None
    #: the records' cells by columns
    rows: list[list[Fact | None]] = field(default_factory=list)
    pagers: list[Fact] = field(default_factory=list)
    #: what may turn its pages beside it
    beside: list[Fact] = field(default_factory=list)
    #: the number of all records that it tells
    total: int | None = None
    #: the numbers of the first and the last that are shown, where it tells them
    range: tuple[int, int] | None = None
    #: still to come, by its own words
    is_loading: bool = False
    #: rows that are not understood
    doubts: list[str] = field(default_factory=list)

    #: has no header, and says that it is empty
    is_bare: bool = False

    @property
    def texts(self) -> list[list[str | None]]:
        return [[cell["text"] if cell else None for cell in row] for row in self.rows]

    @property
    def is_there(self) -> bool:
        return self.names is not None or self.is_bare

    @property
    def is_counted(self) -> bool | None:
        """Whether as many rows are shown as it says; None where it does not say."""
        if self.range is not None:
            return len(self.rows) == self.range[1] - self.range[0] + 1
        if self.total is not None and not self.has_pages:
            return len(self.rows) == self.total
        return None

    @property
    def has_pages(self) -> bool:
        return any(not item.get("off") for pager in self.pagers for item in pager["items"])


def _lines(rows: Iterable[Fact]) -> list[Line]:
    """The rows with their columns: what spans several is in each of them."""
    lines: list[Line] = []
    hanging: dict[int, tuple[Fact, int]] = {}
    part = ""
    for row in rows:
        if row["part"] != part:
            part, hanging = row["part"], {}
        slots: list[Fact | None] = []

        fresh: dict[int, tuple[Fact, int]] = {}
        for cell in row["cells"]:
            _hang(slots, hanging)
            for _ in range(cell.get("across", 1)):
                if (down := cell.get("down", 1)) > 1:
                    fresh[len(slots)] = (cell, down)
                slots.append(cell)
        _hang(slots, hanging)
        hanging = {
            place: (cell, left - 1)
            for place, (cell, left) in {**hanging, **fresh}.items()
            if left > 1
        }
        lines.append(Line(row, slots))
    return lines


def _name(cell: Fact | None) -> str:
    """What a header says, without the controls that filter by it."""
    return "" if cell is None else clean(_ARROWS.sub("", cell.get("name", cell["text"]) or ""))


def _hang(slots: list[Fact | None], hanging: dict[int, tuple[Fact, int]]) -> None:
    while len(slots) in hanging:
        slots.append(hanging[len(slots)][0])


def understood(facts: Fact, wanted: Sequence[str]) -> Table:
    """What grid.js found; ``wanted`` are headers that are looked for in it."""
    if not facts["tables"]:
        words = folded(facts["words"])
        says = not words or bool(_NOTHING.match(words) and not _FAILED.search(words))
        return Table(is_bare=says)
    table = _Reader(_lines(facts["rows"]), [heading(header) for header in wanted]).read()
    if facts["half"]:
        table.doubts.append("half")
    table.beside = facts.get("beside", [])
    return table


class _Reader:
    def __init__(self, lines: list[Line], wanted: list[str]) -> None:
        self.lines = [line for line in lines if line.fact["seen"]]
        self.wanted = wanted
        self.table = Table()
        self.width = max((len(line.slots) for line in self.lines), default=0)

    def read(self) -> Table:
        at = self._header()
        if at is None:
            self._headless()
            return self.table
        header = self.lines[at]
        self.header = header
        self.width = len(header.slots)
        self.table.names = self._names(at)
        for line in self.lines[:at]:
            self._above(line)
        below = self.lines[at + 1 :]
        self._below(below)
        return self.table

    # the header

    def _header(self) -> int | None:
        """The row whose cells name the columns; None where there is none."""
        places = [at for at, line in enumerate(self.lines) if line.filled and not self._turns(line)]
        wide = [at for at in places if self.width == 1 or not self.lines[at].is_lone]
        if not wide:
            return None
        heads = [at for at in wide if self._heads(self.lines[at])]
        blocks = [list(self._block(at)) for at in [*heads[:1], wide[0]]]
        for at in (at for block in blocks for at in reversed(block) if self._has_wanted(at)):
            return at
        if self.width == 1 and not heads and self._is_special(self.lines[wide[0]]):
            return None
        return blocks[0][-1]

    def _heads(self, line: Line) -> bool:
        return line.is_heading or line.fact["part"] == "THEAD"

    def _block(self, first: int) -> Iterator[int]:
        """A header of several rows: below it hangs what spans them, or names the columns too."""
        yield first
        at = first
        while at + 1 < len(self.lines):
            line, above = self.lines[at + 1], self.lines[at]
            hangs = any(
                cell is not None and any(cell is other for other in above.slots)
                for cell in line.slots
            )
            if not (hangs or (self._heads(above) and self._heads(line) and not line.is_lone)):
                return
            if line.fact["part"] == "THEAD" and not line.is_heading:
                return
            at += 1
            yield at

    def _has_wanted(self, at: int) -> bool:
        names = {heading(name) for pair in self._levels(at) for name in pair}
        return set(self.wanted) <= names

    def _levels(self, at: int) -> list[tuple[str, str]]:
        """Of each column what its lowest header says, and all that stand over it."""
        levels = []
        for place, cell in enumerate(self.lines[at].slots):
            over = [
                line.slots[place]
                for line in self.lines[:at]
                if place < len(line.slots) and (line.is_heading or self._hangs(line, at))
            ]
            texts: list[str] = []
            for one in [*over, cell]:
                text = _name(one)
                if text and text not in texts:
                    texts.append(text)
            levels.append((_name(cell), " ".join(texts)))
        return levels

    def _hangs(self, line: Line, at: int) -> bool:
        return any(
            cell is not None and any(cell is other for other in self.lines[at].slots)
            for cell in line.slots
        )

    def _names(self, at: int) -> list[str]:
        """By the name that is looked for, where a column has that of two levels."""
        return [whole if heading(whole) in self.wanted else own for own, whole in self._levels(at)]

    # rows that are no records

    def _turns(self, line: Line) -> bool:
        """Whether it turns pages, and says nothing else."""
        pager = line.fact.get("pager")
        if pager is None or pager["unknown"]:
            return False
        kinds = {item["kind"] for item in pager["items"]}
        if "Page$" in str([item["sign"] for item in pager["items"]]):
            return True
        if kinds & {"next", "previous", "first", "last"}:
            return True
        if not line.is_lone:
            return False
        numbers = [item["page"] for item in pager["items"] if "page" in item]
        if self.width == 1 and not self._spans(line):
            shown = pager["shown"]
            return bool(kinds) and shown is not None and shown not in numbers
        # the only page's number is no link, and from it none leads on
        is_only = (pager["shown"] == 1 or pager["idle"]) and pager["shown"] in (None, 1)
        return bool(kinds) or (is_only and (self._spans(line) or "nested" in line.fact))

    def _spans(self, line: Line) -> bool:
        """Whether its only cell is made for more than a column."""
        header = getattr(self, "header", None)
        return bool(line.cells[0].get("spans")) and not (
            header is not None and header.cells[0].get("spans")
        )

    def _is_special(self, line: Line) -> bool:
        return self._spans(line) or self._says_nothing(line)

    def _take_pager(self, pager: Fact) -> None:
        self.table.pagers.append(pager)
        self._count(pager)

    def _count(self, pager: Fact) -> None:
        if pager["total"] is not None:
            self.table.total = pager["total"]
        if pager["range"] is not None:
            self.table.range = (pager["range"][0], pager["range"][1])

    def _above(self, line: Line) -> None:
        if not line.filled and not line.fact.get("pager"):
            return
        if self._turns(line):
            self._take_pager(line.fact["pager"])
        elif (pager := line.fact.get("pager")) and not pager["unknown"]:
            self._count(pager)
        elif line.fact.get("posts") and not line.is_heading and line.is_lone:
            self.table.doubts.append("pager")

    def _headless(self) -> None:
        """A table without header says that it is empty, or nothing that is understood."""
        for line in self.lines:
            if line.filled and not self._takes_no_record(line, records=0):
                self.table.doubts.append("headless")
        self.table.is_bare = any(line.filled for line in self.lines) and not self.table.doubts

    def _takes_no_record(self, line: Line, records: int) -> bool:
        """Whether a row of another form than the records is understood, and what it says noted."""
        pager, words = line.fact.get("pager"), line.words
        if not line.filled and not (pager and pager["items"]):
            return True
        if self._turns(line):
            self._take_pager(line.fact["pager"])
        elif pager is not None and not pager["unknown"] and pager["total"] is not None:
            self._count(pager)
        elif _LOADING.match(words):
            self.table.is_loading = True
        elif not records and self._says_nothing(line):
            return True
        elif _TOTAL.match(words):
            return not line.fact.get("posts")
        else:
            return line.fact["part"] == "TFOOT" and not line.fact.get("posts")
        return True

    def _below(self, lines: list[Line]) -> None:
        records: list[Line] = []
        others: list[tuple[int, Line]] = []
        for at, line in enumerate(lines):
            if self._turns(line):
                self._take_pager(line.fact["pager"])
            elif line.fact["part"] == "THEAD" or self._is_header_again(line):
                continue
            elif line.fact["part"] == "TFOOT" and not line.fact.get("posts"):
                if (pager := line.fact.get("pager")) and not pager["unknown"]:
                    self._count(pager)
            elif self._is_full(line):
                if line.filled:
                    records.append(line)
            else:
                others.append((at, line))
        records = self._without_footers(records)
        if len(records) == 1 and self._says_nothing(records[0]):
            records = []
        for at, line in others:
            if not self._takes_no_record(line, len(records)) and not self._is_group(
                line, [one for _, one in others], lines[at + 1 :], records
            ):
                self.table.doubts.append("row")
        self._keep(records)

    def _is_header_again(self, line: Line) -> bool:
        texts = [heading(cell["text"]) if cell else "" for cell in line.slots]
        own = [heading(cell["text"]) if cell else "" for cell in self.header.slots]
        return (
            bool(line.filled) and texts == own and (line.is_heading or not self.header.is_heading)
        )

    def _is_full(self, line: Line) -> bool:
        """Whether each of the columns has a cell of its own in it."""
        if self.width == 1:
            return line.is_lone and not self._is_special_row(line)
        if len(line.slots) < self.width or None in line.slots:
            return False
        for one, other in zip(line.slots, line.slots[1:], strict=False):
            place = next(at for at, cell in enumerate(line.slots) if cell is one)
            if one is other and place + 1 < self.width:
                header = self.header.slots
                apart = any(
                    header[at] is not header[at + 1]
                    for at in range(place, self.width - 1)
                    if line.slots[at] is one and line.slots[at + 1] is one
                )
                if apart:
                    return False
        return not line.is_heading or line.fact["part"] == "TFOOT"

    def _is_special_row(self, line: Line) -> bool:
        pager = line.fact.get("pager")
        counts = pager is not None and not pager["unknown"] and pager["total"] is not None
        nested = line.fact.get("nested") == "rows"
        return counts or nested or self._spans(line) or line.is_heading

    def _without_footers(self, records: list[Line]) -> list[Line]:
        """Without rows of totals, and those into which a new record is typed."""
        kept = []
        for line in records:
            if self._is_vacant(line, records):
                continue
            first = folded(line.filled[0]["text"]) if line.filled else ""
            if len(line.cells) > 1 and _TOTAL.match(first):
                if not self._is_sum(line, [one for one in records if one is not line]):
                    self.table.doubts.append("total")
                continue
            kept.append(line)
        if len(kept) > 2 and self._is_odd(kept[-1], kept[:-1]):
            self.table.doubts.append("footer")
        return kept

    def _is_sum(self, line: Line, others: list[Line]) -> bool:
        """Whether a row that begins with "total" is none of these: it leaves cells empty, is
        printed bold, or begins in words where they begin with numbers."""
        blank = len(line.filled) < len(line.cells)
        bold = line.fact["bold"] and not any(one.fact["bold"] for one in others)
        firsts = [one.filled[0]["text"] or "" for one in others]
        return blank or bold or (bool(firsts) and all(any(map(str.isdigit, t)) for t in firsts))

    def _is_odd(self, last: Line, others: list[Line]) -> bool:
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

    def _is_vacant(self, line: Line, records: list[Line]) -> bool:
        """Whether it waits for a new record: empty boxes where no record has any, and no words
        beside them but those of links and lists."""
        if not any(cell.get("vacant") for cell in line.cells):
            return False
        empty = [place for place, cell in enumerate(line.slots) if cell and cell.get("vacant")]
        others = [one for one in records if one is not line]
        is_alike = not others or any(
            all(
                place < len(one.slots) and (one.slots[place] or {}).get("edited") for place in empty
            )
            for one in others
        )
        names = self.table.names or []
        for place, cell in enumerate(line.slots):
            if cell is None or place in empty:
                continue
            wanted = place < len(names) and heading(names[place]) in self.wanted
            holds = (cell.get("edited") and folded(cell["text"])) or (wanted and cell.get("linked"))
            if cell.get("plain") or (holds and is_alike):
                return False
        return True

    def _says_nothing(self, line: Line) -> bool:
        """Whether it says that there are no records; a record's cell may begin like that too."""
        form = (
            _NOTHING if line.is_lone and (self.width > 1 or self._spans(line)) else _SURELY_NOTHING
        )
        is_said = len(line.filled) == 1 and form.match(line.words)
        return bool(is_said) and not _FAILED.search(line.words)

    def _is_group(
        self, line: Line, others: list[Line], below: list[Line], records: list[Line]
    ) -> bool:
        """Whether it is a title over some of the records, or details of one of them."""
        if not records or not line.is_lone or line.fact.get("posts"):
            return False
        if line.fact.get("nested") == "rows":
            return True
        over = bool(below) and any(below[0] is one for one in records)
        if line.is_heading:
            return over
        return (
            over
            and sum(
                one.is_lone
                and one.fact["style"] == line.fact["style"]
                and not one.fact.get("nested")
                for one in others
            )
            > 1
        )

    def _keep(self, records: list[Line]) -> None:
        """Rows may be wider than the header where all are; then the last columns have no name."""
        widths = {len(line.slots) for line in records}
        if len(widths) > 1:
            self.table.doubts.append("row")
        self.table.rows = [line.slots[: self.width] for line in records]
