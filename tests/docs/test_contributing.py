"""The recipes of CONTRIBUTING.md name the files that such a change touches, and no other."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from tests.support.machine import ROOT

PRODUCT = ("robots", "flows", "pages", "inputs")
WORDS = (".py", ".j2", ".html", ".js", ".css")


class Recipe(NamedTuple):
    """``example`` is a word that stands wherever such a thing is said; ``files`` are listed, or by
    their folder."""

    title: str
    example: str
    files: frozenset[str]


def recipes() -> list[Recipe]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    chapter = text.split("\n## Recipes\n", 1)[1].split("\n## ", 1)[0]
    found = []
    for section in chapter.split("\n### ")[1:]:
        (example,) = re.findall(r"^Example: `(.+?)`", section, re.MULTILINE)
        files = re.findall(r"^\| `(.+?)`", section, re.MULTILINE)
        found.append(Recipe(section.splitlines()[0], example, frozenset(files)))
    return found


RECIPES = recipes()


def that_say(word: str) -> set[str]:
    """The product's files with this word."""
    wanted = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    return {
        str(path.relative_to(ROOT).as_posix())
        for room in PRODUCT
        for path in (ROOT / room).rglob("*")
        if path.suffix in WORDS and wanted.search(path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_names_the_files_that_its_example_stands_in(recipe: Recipe) -> None:
    folders = [file for file in recipe.files if file.endswith("/")]
    touched = {
        next((folder for folder in folders if file.startswith(folder)), file)
        for file in that_say(recipe.example)
    }
    assert touched == recipe.files
