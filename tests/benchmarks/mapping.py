"""How well a map is suggested for a portal that has changed.

``python -m tests.benchmarks.mapping --seed 1`` captures the four mock portals, changes one thing on
a page at a time (at least 200 times, over every kind of element) and looks at the page as `map
suggest` does. It tells how many of the missing are named, how often the first candidate is the
right one, whether a look-alike of something that is gone would be accepted unseen, and whether
anything else is found where something was: that would be read, or typed into, as it. It fails where
one of the targets is missed. A plain similarity of labels is given the same changes.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from pages.contract.text import folded
from pages.core.account import Account, Limits
from pages.core.base_portal import Portal
from pages.core.browser import Browser, BrowserChoice
from pages.core.candidates import Missing, kind_of
from pages.core.captured import Captured
from pages.core.elements import Element
from pages.core.inspection import Inspection
from pages.core.likeness import Candidate, sure
from pages.core.page import PortalPage
from pages.core.portal_map import declared_by
from pages.core.tabular import Tabular
from pages.inventory import KINDS
from robots.ops.portal_maps import PORTAL_NAMES
from tests.benchmarks.changes import control_renamed, look_alike, renamed
from tests.support.captured import People
from tests.support.mock import MockPortals
from tests.support.robot import Robot

PEOPLE = People("Zarzamora", 3)
#: what `map accept --best` is given
BEST = 0.9

_MARK = """(tools, all, name) => {
  all.forEach((e) => e.setAttribute("data-objetivo", name));
  return all.length;
}"""
_MARKS = '(tools, all) => all.map((e) => e.getAttribute("data-objetivo"))'
_KEPT = "(tools, [root]) => root.innerHTML"
_RESTORED = "(tools, [root], html) => { root.innerHTML = html; }"
#: gives how many places were changed
_CHANGE = r"""(tools, [root], { kind, from, to, moved }) => {
  const fold = (text) => (text || "").replace(/\p{Cf}/gu, "").replace(/°/g, "º").normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "").replace(/\s+/g, " ").trim().replace(/[\s:*]+$/, "")
    .toLowerCase();
  const all = Array.from(root.querySelectorAll("*"));
  // to the end of where it stands
  const move = (e) => {
    const head = kind === "column" && e.closest("th");
    const row = e.closest("tr, li, .nf-filler-control-border");
    if (head) {
      const at = head.cellIndex, width = head.parentElement.cells.length;
      for (const one of head.closest("table").rows) {
        if (one.cells.length === width) one.append(one.cells[at]);
      }
    } else if (row) row.parentElement.append(row);
  };
  if (kind === "control") {
    const found = all.filter((e) => e.dataset.controlname === from);
    found.forEach((e) => { e.dataset.controlname = to; });
    if (moved) found.forEach(move);
    return found.length;
  }
  if (kind === "arid") {
    const found = all.filter((e) => e.getAttribute("arid") === from);
    found.forEach((e) => e.setAttribute("arid", to));
    return found.length;
  }
  let count = 0;
  for (const name of ["aria-label", "title", "alt", "value"]) {
    for (const e of all) {
      if (name === "value" && !e.matches("input[type=submit], input[type=button]")) continue;
      if (e.matches("frame, iframe") || fold(e.getAttribute(name)) !== fold(from)) continue;
      e.setAttribute(name, to);
      count += 1;
    }
  }
  const said = all.filter((e) => !e.matches("option, textarea, script, style") &&
    fold(e.textContent) === fold(from) && (kind === "column") === !!e.closest("th"));
  const innermost = (one) => !said.some((other) => other !== one && one.contains(other));
  for (const e of said.filter(innermost)) {
    const colon = /:\s*$/.test(e.textContent) ? ":" : "";
    e.textContent = to + colon;
    if (moved) move(e);
    count += 1;
  }
  return count;
}"""


@dataclass(frozen=True)
class Target:
    """Something that is found on a captured page."""

    step: int
    element: Element[Any]
    kind: str
    name: str
    column: str = ""

    @property
    def key(self) -> str:
        return Missing(self.element, self.column, ()).key


@dataclass
class Figures:
    changes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    unnamed: list[str] = field(default_factory=list)
    right: int = 0
    plain_right: int = 0
    wrong_first: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    plain_accepted: int = 0
    misread: list[str] = field(default_factory=list)
    still_found: int = 0


class Bench:
    """The captures of all portals, and one change of them at a time."""

    def __init__(self, folder: Path, browser: Browser, chance: random.Random) -> None:
        self.folder, self.browser, self.chance = folder, browser, chance
        self.figures = Figures()

    async def run(self, portal: str, count: int) -> None:
        name = PORTAL_NAMES[portal]
        captured = Captured(self.folder / portal)
        account = Account("http://captura.invalid", "robot", lambda: "robot")
        context = await self.browser.context()
        opened = KINDS[name](context, account, limits=Limits(visible=0.5, look=0.1))
        targets = await self._targets(captured, opened)
        chosen: dict[int, list[tuple[Target, bool]]] = {}
        for place in range(count):
            # every kind as often as the other
            kinds = sorted({target.kind for target in targets})
            kind = kinds[place % len(kinds)]
            target = self.chance.choice([one for one in targets if one.kind == kind])
            chosen.setdefault(target.step, []).append((target, place % 4 == 3))
        for step, changes in sorted(chosen.items()):
            async with _page(captured, opened, step) as page:
                marked = await _marked(page)
                before = await page.ask(_KEPT)
                for target, is_removed in changes:
                    names = captured.looks(opened)[step][1]
                    await self._try(page, names, marked, target, is_removed=is_removed)
                    await page.ask(_RESTORED, before)
        await context.close()

    async def _targets(self, captured: Captured, portal: Portal) -> list[Target]:
        found: list[Target] = []
        for step, (page, names) in enumerate(captured.looks(portal)):
            async with _page(captured, portal, step) as one:
                see = Inspection(patience=0)
                await see.look(one, *names)
                there = see.found[type(one)]
            for element in declared_by(page):
                if not isinstance(element, Element) or not {*element.attributes} & there:
                    continue
                kind = kind_of(element)
                if kind:
                    name = str(getattr(element, "arid", "")) or element.name
                    found.append(Target(step, element, kind, name))
                if isinstance(element, Tabular) and element.name:
                    found += [
                        Target(step, element, "column", column.header, key)
                        for key, column in element.columns.items()
                    ]
        return found

    async def _try(
        self,
        page: PortalPage,
        names: list[str],
        marked: list[str],
        target: Target,
        *,
        is_removed: bool,
    ) -> None:
        other, way = self._other(target, is_removed)
        is_moved = not is_removed and self.chance.random() < 0.25
        change = {"kind": target.kind, "from": target.name, "to": other, "moved": is_moved}
        if not other or not await page.ask(_CHANGE, change):
            return
        see = Inspection(patience=0)
        await see.look(page, *names)
        for name in marked:
            if {*await getattr(page, name).ask(_MARKS)} - {name}:
                self.figures.misread.append(f"{target.key} → {other}: {name}")
        told = {missing.key: missing for missing in see.absent}
        name = target.element.attribute
        is_there = name in marked and bool(await getattr(page, name).ask(_MARKS))
        if is_moved:
            way += ", moved"
        self._judge(target, other, way, told.get(target.key), is_there, is_removed)

    def _other(self, target: Target, is_removed: bool) -> tuple[str, str]:
        if target.kind == "arid":
            return str(536_880_000 + self.chance.randrange(9999)), "arid"
        if target.kind == "control":
            return control_renamed(target.name, self.chance), "control name"
        if is_removed:
            return look_alike(target.name, self.chance), "a look-alike"
        return renamed(target.name, self.chance) or ("", "")

    def _judge(
        self,
        target: Target,
        other: str,
        way: str,
        missing: Missing | None,
        is_there: bool,
        is_removed: bool,
    ) -> None:
        figures = self.figures
        if missing is None:
            if is_there and not target.column:
                figures.still_found += 1  # as itself: `misread` would tell another
            else:
                figures.unnamed.append(f"{target.key} → {other}")
            return
        figures.changes[way] += 1
        figures.kinds[target.kind] += 1
        first = next(iter(missing.candidates), None)
        plain = max(missing.candidates, key=lambda one: _likeness(target, one), default=None)
        if way == "a look-alike":
            found = sure(missing.candidates, BEST)
            if found is not None:
                figures.accepted.append(f"{target.key} → {found.name} ({found.score})")
            figures.plain_accepted += plain is not None and _likeness(target, plain) >= BEST
            return
        figures.right += _is(first, other)
        figures.plain_right += _is(plain, other)
        if not _is(first, other):
            named = f" ≠ {first.name}" if first else ", nothing"
            figures.wrong_first.append(f"{target.key}: {other}{named}")


@asynccontextmanager
async def _page(captured: Captured, portal: Portal, step: int) -> AsyncIterator[PortalPage]:
    looks = captured.looks(portal)
    kind = looks[step][0]
    place = sum(other is kind for other, _ in looks[:step])
    async with captured.page(kind, portal, place) as page:
        yield page


def _likeness(target: Target, candidate: Candidate) -> float:
    """A plain similarity of labels."""
    return SequenceMatcher(None, folded(target.name), folded(candidate.name)).ratio()


def _is(candidate: Candidate | None, name: str) -> bool:
    return candidate is not None and folded(name) in (folded(candidate.name), candidate.number)


async def _marked(page: PortalPage) -> list[str]:
    """The elements of a page that one place each is found by, which is marked with their names."""
    found = []
    for one in declared_by(type(page)):
        if isinstance(one, Element) and kind_of(one):
            bound = getattr(page, one.attribute)
            # of two names of one place the first
            if await bound.ask(_MARKS) == [None]:
                await bound.ask(_MARK, one.attribute)
                found.append(one.attribute)
    return found


def capture_all(folder: Path) -> None:
    mock = MockPortals("--seed", "1")
    try:
        mock.reset(PEOPLE.world())
        robot = Robot(mock, folder / "robot")
        for portal in PORTAL_NAMES:
            done = robot.call("capture", portal, "--out", str(folder / portal), *PEOPLE.options)
            assert done.code == 0, done.out + done.err
    finally:
        mock.stop()


@asynccontextmanager
async def _bench(folder: Path, seed: int) -> AsyncIterator[Bench]:
    async with Browser(BrowserChoice(relay=False)) as browser:
        yield Bench(folder, browser, random.Random(seed))


async def measure(folder: Path, seed: int, count: int) -> Figures:
    async with _bench(folder, seed) as bench:
        for portal in PORTAL_NAMES:
            await bench.run(portal, count)
        return bench.figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changes", type=int, default=80, help="of each portal")
    parser.add_argument("--captures", type=Path, help="what was captured before")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.captures or Path(made)
        if not (folder / "sisact").is_dir():
            capture_all(folder)
        figures = asyncio.run(measure(folder, given.seed, given.changes))
    return tell(figures)


def tell(figures: Figures) -> int:
    total, removed = sum(figures.changes.values()), figures.changes["a look-alike"]
    others = total - removed
    print(f"changes that took something away: {total}; found all the same: {figures.still_found}")
    print("  by way: ", dict(figures.changes))
    print("  by kind:", dict(figures.kinds))
    print(f"missing and not named: {len(figures.unnamed)}", *figures.unnamed, sep="\n    ")
    print(f"renamed, right at first place: {figures.right}/{others} = {figures.right / others:.1%}")
    print(*figures.wrong_first, sep="\n    ")
    print(f"  by plain similarity of labels: {figures.plain_right / others:.1%}")
    print(f"look-alikes of {removed} removed that --best {BEST} takes: {len(figures.accepted)}")
    print(*figures.accepted, sep="\n    ")
    print(f"  by plain similarity of labels: {figures.plain_accepted}")
    print(f"found as something else: {len(figures.misread)}", *figures.misread, sep="\n    ")
    is_met = (
        total >= 200
        and not (figures.unnamed or figures.accepted or figures.misread)
        and figures.right >= 0.95 * others
    )
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
