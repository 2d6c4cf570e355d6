"""A list's parts, changed as other programs write them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl.utils import get_column_letter

from tests.support.lists import PLACE, good, make_list

WORKBOOK, TYPES = "xl/workbook.xml", "[Content_Types].xml"
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
RELS = "xl/_rels/workbook.xml.rels"


def patched(path: Path, change: Callable[[str, bytes], bytes], **more: bytes) -> Path:
    """The workbook with its parts changed, and more parts."""
    with zipfile.ZipFile(path) as source:
        parts = {name: change(name, source.read(name)) for name in source.namelist()} | more
    return zipped(path, parts)


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def replaced(path: Path, part: str, *changes: tuple[str, str]) -> Path:
    """The workbook with texts of one part replaced, each of which must be there."""

    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        text = content.decode()
        for old, new in changes:
            assert old in text, f"{old} is not in {part}"
            text = text.replace(old, new, 1)
        return text.encode()

    return patched(path, change)


def with_cell(path: Path, field: str, attributes: str, content: str) -> Path:
    """A list of two good rows, whose first has this cell, in XML, for the field."""
    make_list(path, good(**{field: "x"}), good(sec="9"))
    place = f"{get_column_letter(PLACE[field])}2"
    with zipfile.ZipFile(path) as source:
        sheet = source.read(SHEET).decode()
    begin = sheet.index(f'<c r="{place}"')
    old = sheet[begin : sheet.index("</c>", begin) + len("</c>")]
    return replaced(path, SHEET, (old, f'<c r="{place}" {attributes}>{content}</c>'))
