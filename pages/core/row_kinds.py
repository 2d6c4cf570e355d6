"""What a row of a table is besides a record, by its form and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from pages.core.table import TableLine, folded_header

#: a row of sums, by how it begins
TOTAL = re.compile(r"(sub ?)?(total(es)?|suma|sumatoria|importe total|monto total)\b")
#: rows that are still to come
LOADING = re.compile(r"(por favor,? )?(cargando|procesando|buscando|consultando|espere|loading)\b")
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


def is_nothing(words: str) -> bool:
    """Whether these words, `folded`, say that there are no records."""
    return bool(_NOTHING.match(words)) and not _FAILED.search(words)


@dataclass(frozen=True)
class TableForm:
    """A table's form, by which its rows are known: how many columns it has, and its header once
    that is found."""

    width: int
    header: TableLine = field(default_factory=lambda: TableLine({}, []))

    def turns(self, line: TableLine) -> bool:
        """Whether it turns pages, and says nothing else."""
        pager = line.pager
        if pager is None:
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

    def is_special(self, line: TableLine) -> bool:
        return self._spans(line) or self.says_nothing(line)

    def says_nothing(self, line: TableLine) -> bool:
        """Whether it says that there are no records; a record's cell may begin like that too."""
        if len(line.filled) != 1:
            return False
        if line.is_lone and (self.width > 1 or self._spans(line)):
            return is_nothing(line.words)
        return bool(_SURELY_NOTHING.match(line.words)) and not _FAILED.search(line.words)

    def is_header_again(self, line: TableLine) -> bool:
        texts, own = (
            [folded_header(cell["text"]) if cell else "" for cell in one.slots]
            for one in (line, self.header)
        )
        is_alike = line.is_heading or not self.header.is_heading
        return bool(line.filled) and texts == own and is_alike

    def is_full(self, line: TableLine) -> bool:
        """Whether each of the columns has a cell of its own in it."""
        if self.width == 1:
            return line.is_lone and not self._is_alone(line)
        if len(line.slots) < self.width or None in line.slots:
            return False
        columns = zip(pairwise(line.slots), pairwise(self.header.slots), strict=False)
        if any(one is next_ and name is not other for (one, next_), (name, other) in columns):
            return False
        return not line.is_heading or line.fact["part"] == "TFOOT"

    def _is_alone(self, line: TableLine) -> bool:
        """Whether it is another row than a record, in a table of one column."""
        counts = line.pager is not None and line.pager["total"] is not None
        nested = line.fact.get("nested") == "rows"
        return counts or nested or self._spans(line) or line.is_heading

    def _spans(self, line: TableLine) -> bool:
        """Whether its only cell is made for more than a column."""
        header_spans = any(cell.get("spans") for cell in self.header.cells[:1])
        return bool(line.cells[0].get("spans")) and not header_spans
