"""What is read beside a label is what a person reads there, or an error: on pages laid out at
random, the way such pages are built. See `tests.support.layouts`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.async_api import Page

import pages.core.scripts
from pages.contract.text import clean
from pages.core.scripts import VALUES, with_tools
from tests.support.layouts import Layout, layouts

#: layouts of a seed, all on one page
COUNT = 100
SEEDS = range(1, 31)
#: of the elements and the queries, by itself
READ = with_tools(VALUES)


class Reading(NamedTuple):
    layout: Layout
    query: str
    wanted: str | None
    read: str | None

    @property
    def is_wrong(self) -> bool:
        return self.read is not None and (
            self.wanted is None or clean(self.wanted) != clean(self.read)
        )

    @property
    def is_missed(self) -> bool:
        return self.read is None and self.wanted is not None and self.layout.certain

    def __str__(self) -> str:
        layout, query = self.layout, self.query.replace("\x1f", " ")
        said = f"«{query}» is {self.wanted!r}, read as {self.read!r}"
        return f"{layout.name}: {said}\n{layout.html}"


def read(page: Page, run: Callable[..., Any], seed: int, script: str = READ) -> list[Reading]:
    """All labels of a seed's layouts; what a page object would raise is None."""
    made = list(layouts(seed, COUNT))
    asked = [
        dict(layout.truth)
        | {f"{label}\x1f{kind}\x1f0": text for (label, kind), text in layout.parts.items()}
        for layout in made
    ]
    html = "".join(f"<section style='position:relative'>{layout.html}</section>" for layout in made)
    run(page.set_content(html))
    found: list[list[list[str | None]]] = run(
        page.locator("section").evaluate_all(
            f"(all, asked) => all.map((one, at) => ({script})([one], asked[at]).values)",
            [list(one) for one in asked],
        )
    )
    return [
        Reading(layout, query, wanted, values[0] if len(values) == 1 else None)
        for layout, queries, each in zip(made, asked, found, strict=True)
        for (query, wanted), values in zip(queries.items(), each, strict=True)
    ]


@pytest.mark.sample(1)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_read_is_what_a_person_reads_or_an_error(
    page: Page, run: Callable[..., Any], seed: int
) -> None:
    readings = read(page, run, seed)
    faults = [one for one in readings if one.is_wrong or one.is_missed]
    assert not faults, "\n\n".join(map(str, faults[:5]))
    told = [one for one in readings if one.wanted is not None]
    told_and_read = [one for one in told if one.read is not None]
    assert len(told_and_read) > 0.8 * len(told), "nearly all that a person reads is read"


#: a reader that guesses, by the care it lacks: file, code, and what stands in its place
GUESSES = {
    "words over words": ("rows.js", "over(upper, lower) && !apart(upper", "false && !apart(upper"),
    "hidden words": ("labelled.js", "rendered(around)) text +=", "true) text +="),
    "one of several": ("labelled.js", "return list ?", "return fit.slice(0, 1); return list ?"),
    "all options": ("value.js", 'if (e.matches("select")) return', "if (false) return"),
}


@pytest.mark.sample(1)
@pytest.mark.parametrize(("file", "code", "naive"), GUESSES.values(), ids=GUESSES.keys())
def test_a_reader_that_guesses_is_found(
    page: Page,
    run: Callable[..., Any],
    file: str,
    code: str,
    naive: str,
) -> None:
    source = (Path(pages.core.scripts.__file__).parent / file).read_text(encoding="utf-8").strip()
    assert source.count(code) == 1, "say here what the care is now"
    guessing = READ.replace(source, source.replace(code, naive))
    assert guessing != READ
    readings = [one for seed in (1, 2, 3) for one in read(page, run, seed, guessing)]
    assert any(one.is_wrong or one.is_missed for one in readings)
