"""Writing of typed and styled cells: text stays text, and what a list held stays as it was.

Nothing that comes from a list or a portal can become a formula here, now or when a person edits
the cell: the type is set, and the cell carries Excel's own quote mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from math import ceil, isfinite
from typing import Literal, NamedTuple

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.numbers import is_date_format
from openpyxl.workbook import Workbook
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from inputs.rows import Cell

MAX_TEXT = 32_767  # UTF-16 units, by the format's definition
CUT_MARK = "… [texto recortado]"
MAX_FORMAT = 255
LINE_POINTS = 13.5
ROW_POINTS = 18  # of a row with one line
MAX_LINES = 20
DATE_FORMAT = "DD/MM/YYYY"
MOMENT_FORMAT = "DD/MM/YYYY HH:MM:SS"
MONEY_FORMAT = '"S/" #,##0.00'

FORMULA_STARTS = ("=", "+", "-", "@", "\t")

Value = str | int | float | bool | date | datetime | time | None

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LINE_END = re.compile("(?:_x000D_|\r)\n?")


class CellStyle(NamedTuple):
    """Style of a cell; equal ones share one style of the workbook."""

    number_format: str = "General"
    fill: str = ""
    ink: str = ""
    bold: bool = False
    size: int = 10
    wrap: bool = False
    align: Literal["general", "left", "right"] = "general"
    underline: bool = False
    rule: str = ""  # colour of a line under the cell
    quoted: bool = False


Line = Sequence[tuple[Value, CellStyle]]


class CellWriter:
    """Writer of cells for one write-only workbook, each style made once."""

    def __init__(self, book: Workbook) -> None:
        self._proto = book.create_sheet("estilos")
        book.remove(self._proto)
        self._styles: dict[CellStyle, StyleArray] = {}
        self._book = book

    def cell(
        self, sheet: Worksheet, row: int, column: int, value: Value, style: CellStyle | None = None
    ) -> SheetCell:
        style = style or CellStyle()
        if isinstance(value, str):
            value = safe_text(value)
            if value.startswith(FORMULA_STARTS):
                style = style._replace(quoted=True)
            if "\n" in value:
                style = style._replace(wrap=True)
            if style.align == "general":
                style = style._replace(align="left")
        made = SheetCell(sheet, row=row, column=column, style_array=self._style(style))
        made.value = value
        if isinstance(value, str):
            made.data_type = "s"  # openpyxl would make a formula of "=…", an error of "#N/A"
        return made

    def line(self, sheet: Worksheet, row: int, line: Line) -> list[SheetCell]:
        """The cells of a row, from its first column on."""
        return [self.cell(sheet, row, i, value, style) for i, (value, style) in enumerate(line, 1)]

    def row(
        self, sheet: Worksheet, row: int, line: Line, widths: Sequence[float]
    ) -> list[SheetCell]:
        """The cells of a row in columns of these widths, as high as its wrapped texts need it."""
        cells = self.line(sheet, row, line)
        texts = (
            (cell.value, width)
            for cell, (_, style), width in zip(cells, line, widths, strict=True)
            if isinstance(cell.value, str) and (style.wrap or "\n" in cell.value)
        )
        sheet.row_dimensions[row].height = height_for(texts)
        return cells

    def _style(self, style: CellStyle) -> StyleArray:
        if style not in self._styles:
            self._styles[style] = self._make(style)
        return self._styles[style]

    def _make(self, style: CellStyle) -> StyleArray:
        model = SheetCell(self._proto, row=1, column=1)
        model.font = Font(
            name="Calibri",
            size=style.size,
            bold=style.bold,
            color=style.ink or None,
            underline="single" if style.underline else None,
        )
        if style.fill:
            model.fill = PatternFill("solid", start_color=style.fill)
        if style.rule:
            model.border = Border(bottom=Side(style="thin", color=style.rule))
        model.alignment = Alignment(
            horizontal=style.align,
            vertical="center",
            wrap_text=style.wrap,
            indent=1 if style.align == "left" else 0,
        )
        model.number_format = style.number_format
        model.quotePrefix = style.quoted
        made: StyleArray = model._style  # type: ignore[attr-defined]  # openpyxl names it no other way
        return made


def height_for(texts: Iterable[tuple[str, float]]) -> float:
    """Height in points that a row needs for its wrapped texts, each beside its width.

    Excel works this out by itself on opening, LibreOffice does not.
    """
    lines = 1
    for text, width in texts:
        shown = (ceil(len(line) / max(width - 2, 1)) or 1 for line in text.split("\n"))
        lines = max(lines, sum(shown))
    return ROW_POINTS + LINE_POINTS * (min(lines, MAX_LINES) - 1)


def landscape(sheet: Worksheet, pages_wide: int = 1) -> None:
    """Set a sheet to print on A4, so many pages wide and as long as it takes, with the page's
    number below."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = pages_wide
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.page_margins.left = sheet.page_margins.right = 0.3
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    footer = HeaderFooter()
    footer.oddFooter.center.text = "Página &P de &N"  # type: ignore[union-attr]
    sheet.HeaderFooter = footer


def safe_text(text: str) -> str:
    """The text as a workbook can hold it: what XML forbids shown as a sign, never too long."""
    text = _LINE_END.sub("\n", text)
    text = _ILLEGAL.sub(_shown, text)
    text = _ESCAPE.sub("_x005F_", text)  # "_x0041_" would be read as "A"
    if len(text) <= MAX_TEXT // 2 or _units(text) <= MAX_TEXT:
        return text
    kept = text.encode("utf-16-le")[: 2 * (MAX_TEXT - _units(CUT_MARK))]
    return kept.decode("utf-16-le", errors="ignore") + CUT_MARK


def given_back(cell: Cell) -> tuple[Value, str]:
    """Value of a cell of the list, typed as it was, with its number format."""
    value, shown_as = cell.value, cell.number_format
    if len(shown_as) > MAX_FORMAT or _ILLEGAL.search(shown_as):
        shown_as = "General"
    if value is None or cell.kind == "empty":
        return None, shown_as
    if cell.kind == "date":
        moment = _moment(str(value))
        if isinstance(moment, str):
            return moment, "@"
        return moment, shown_as if is_date_format(shown_as) else DATE_FORMAT
    if isinstance(value, float) and not isfinite(value):
        return str(value), "@"
    return value, shown_as


def _moment(iso: str) -> date | datetime | time | str:
    """The text itself where it is no moment that a workbook can hold (before 1900)."""
    for read in (date.fromisoformat, datetime.fromisoformat, time.fromisoformat):
        try:
            moment = read(iso)
        except ValueError:
            continue
        if isinstance(moment, (datetime, time)):
            moment = moment.replace(tzinfo=None)
        return moment if isinstance(moment, time) or moment.year >= 1900 else iso
    return iso


def _shown(found: re.Match[str]) -> str:
    """Unicode's own pictures of the control characters, or the replacement character."""
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def _units(text: str) -> int:
    return len(text) + sum(1 for c in text if c > "\uffff")
