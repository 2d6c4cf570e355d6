"""The recipes of CONTRIBUTING.md name the files that such a change touches, and no other."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from tests.source.test_touch import COLUMN, FIELD, SCENARIO
from tests.support.machine import ROOT

PRODUCT = ("robots", "flows", "pages", "inputs")
WORDS = (".py", ".j2", ".html", ".js", ".css")


class Recipe(NamedTuple):
    """``example`` is a word that stands wherever such a thing is said; ``files`` are listed, or by
    their folder."""

    title: str
    example: str
    files: frozenset[str]


def sections() -> dict[str, str]:
    """Each recipe's text by its title."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    chapter = text.split("\n## Recipes\n", 1)[1].split("\n## ", 1)[0]
    return dict(section.split("\n", 1) for section in chapter.split("\n### ")[1:])


def recipe(title: str, text: str) -> Recipe:
    (example,) = re.findall(r"^Example: `(.+?)`", text, re.MULTILINE)
    return Recipe(title, example, frozenset(re.findall(r"^\| `(.+?)`", text, re.MULTILINE)))


SECTIONS = sections()
RECIPES = [recipe(title, text) for title, text in SECTIONS.items()]


def that_say(word: str) -> set[str]:
    """The product's files with this word in them or in their path."""
    wanted = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for room in PRODUCT
        for path in (ROOT / room).rglob("*")
        if path.suffix in WORDS
    }
    return {path for path, text in texts.items() if wanted.search(f"{path} {text}")}


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_names_the_files_that_its_example_stands_in(recipe: Recipe) -> None:
    folders = [file for file in recipe.files if file.endswith("/")]
    touched = {
        next((folder for folder in folders if file.startswith(folder)), file)
        for file in that_say(recipe.example)
    }
    assert touched == recipe.files


@pytest.mark.parametrize(
    ("title", "files"),
    [
        ("A field typed into a portal", set().union(*FIELD.values())),
        ("A column of the case list", COLUMN),
        ("A scenario", SCENARIO),
    ],
)
def test_what_a_change_may_touch_is_listed(title: str, files: set[str]) -> None:
    assert files <= set(re.findall("`(.+?)`", SECTIONS[title]))
