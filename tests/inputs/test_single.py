"""A row copied from a spreadsheet, with its headers or in the template's order."""

from __future__ import annotations

import pytest

from inputs.schema import COLUMNS
from inputs.single_case import pasted_fields

ROW = {column.field: column.example for column in COLUMNS if column.example}


def test_a_row_in_the_template_s_order() -> None:
    text = "\t".join(column.example for column in COLUMNS)
    assert pasted_fields(text) == ROW
    assert pasted_fields(text + "\r\n") == ROW


def test_with_its_headers_in_any_order_and_with_others() -> None:
    text = "mi columna\tNro. SEC\truc\tLINEAS\nalgo\t0046\t20990009997\t987654321\n"
    assert pasted_fields(text) == {"sec": "0046", "ruc": "20990009997", "lineas": "987654321"}


def test_a_cell_with_line_breaks_is_one_cell() -> None:
    text = 'N° SEC\tRUC\tLíneas\n46\t20990009997\t"987654321\n987654322"\n'
    assert pasted_fields(text)["lineas"] == "987654321\n987654322"


@pytest.mark.parametrize("text", ["", "hola", "a\tb", "N° SEC\tRUC\tLíneas\n", "\t\t\t", '"', "\n"])
def test_what_is_no_row_gives_nothing(text: str) -> None:
    assert pasted_fields(text) == {}
