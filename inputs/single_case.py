"""One case outside a list: as a list of one row, and out of a row copied from a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Mapping

from flows.rules.case import Case
from flows.rules.typed_text import tidy
from inputs.rows import EMPTY, CaseList, Cell, Row
from inputs.schema import BY_KEY, COLUMNS, header_key

#: so many known headers make a copied row the one of the headers
_HEADERS = 3


def one_row_list(case: Case, fields: Mapping[str, str]) -> CaseList:
    """The case as a list of one row; ``fields`` as typed."""
    cells = [
        Cell("text", fields[column.field]) if fields.get(column.field) else EMPTY
        for column in COLUMNS
    ]
    return CaseList(
        name="caso",
        headers=tuple(column.header for column in COLUMNS),
        rows=(Row(number=1, cells=tuple(cells), case=case),),
    )


def pasted_fields(text: str) -> dict[str, str]:
    """Fields of a copied row: by its headers where they were copied too, otherwise in
    the template's order. Empty where the text is no row."""
    rows = [row for row in csv.reader(text.splitlines(keepends=True), delimiter="\t") if any(row)]
    if not rows or len(rows[0]) < _HEADERS:
        return {}
    columns = [BY_KEY.get(header_key(tidy(cell))) for cell in rows[0]]
    if sum(column is not None for column in columns) >= _HEADERS:
        rows = rows[1:]
    else:
        columns = list(COLUMNS)
    if not rows:
        return {}
    return {
        column.field: cell.strip()
        for column, cell in zip(columns, rows[0], strict=False)
        if column is not None and cell.strip()
    }
