"""What a portal shows is named in declarations, which a map may say otherwise, and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.core.grid import Grid
from pages.core.portal_map import Mappable
from pages.inventory import KINDS, surface_of
from tests.support.machine import ROOT

ROOMS = ("sisact", "siac", "nintex", "remedy")
FILES = sorted(path for room in ROOMS for path in (ROOT / "pages" / room).glob("*.py"))

#: what looks for words on a page, presses, chooses or compares what was read there
SEEKS = {
    *("exactly", "press", "popup", "fill", "choose", "same", "folded", "phrase", "partial"),
    *("get_by_role", "get_by_text", "get_by_title", "get_by_label", "get_by_alt_text"),
    *("search", "match", "fullmatch", "findall", "startswith", "endswith", "frame"),
}
#: no words of a page: keys of the keyboard, an empty window, and the form of an account, of what
#: a directory says of people and of numbers that the portals make
OTHERS = {
    *("Tab", "Enter", "about:blank"),
    *(r"\\([\w.-]+)", r"\b(?:cae|dace)\b", r"\bINC\d{6,}\b", r"\bAR(?:ERR|WARN) \d+"),
}


def words_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Words in the code of functions that are looked for, or compared with, as they stand there."""
    for node in ast.walk(tree):
        told: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = name or (node.func.id if isinstance(node.func, ast.Name) else "")
            if name in SEEKS:
                told = [*node.args, *(key.value for key in node.keywords if key.arg != "role")]
                if name == "get_by_role":
                    told = told[1:]
        elif isinstance(node, ast.Compare):
            told = [node.left, *node.comparators]
        for one in told:
            parts = one.values if isinstance(one, ast.JoinedStr) else [one]
            for part in parts:
                text = part.value if isinstance(part, ast.Constant) else None
                if isinstance(text, str) and any(map(str.isalpha, text)):
                    yield one.lineno, text


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_page_object_looks_for_words_that_are_not_declared(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    found = {one for function in functions for one in words_in(function)}
    assert [one for one in sorted(found) if one[1] not in OTHERS] == []


@pytest.mark.parametrize("portal", KINDS)
def test_what_a_table_is_known_whole_or_empty_by_can_be_named(portal: str) -> None:
    grids = [one for one in surface_of(KINDS[portal]) if isinstance(one, Grid)]
    signs = [
        sign
        for ways in (one.ways for one in grids)
        for sign in (ways.empty, ways.pager, getattr(ways.whole, "element", None))
        if sign is not None
    ]
    assert [sign for sign in signs if not (isinstance(sign, Mappable) and sign.owner)] == []


@pytest.mark.parametrize(
    "code",
    [
        'def f(page): page.press("12", "Ver")',
        'def f(row): return row.get_by_role("button", name=exactly("Tomar caso"))',
        'def f(text): return text == "Registrado"',
        'def f(self): self.popup(f"{self.name} - Nueva nota")',
        'def f(words): return "ARERR 9084" in words',
        'shown = lambda scope: scope.get_by_text("Registros mostrados")',
    ],
)
def test_words_in_code_are_seen(code: str) -> None:
    assert list(words_in(ast.parse(code)))
