"""What runs in the browser: how labels' values and grids are found, and what is read in them."""

from __future__ import annotations

from pathlib import Path

from pages.contract.text import INVISIBLE

_HERE = Path(__file__).parent


def _script(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8").strip()


#: an object of functions that tell what a person reads in an element
READING = _script("value.js")

#: what a person reads in an element; null where that cannot be told
VALUE = f"(e) => {READING}.value(e)"

#: how a value is found by its label
LABELLED = f"""(() => {{
  const INVISIBLE = "{INVISIBLE}";
  const TOKENS = {_script("tokens.js")};
  const LINES = {_script("lines.js")};
  const PLACES = {_script("places.js")};
  const ROWS = {_script("rows.js")};
  return (
{_script("labelled.js")}
  );
}})()"""

#: the values beside some labels of one root, a list for each; null where there is no such root
VALUES = f"""(roots, labels) => {{
  const engine = {LABELLED}, {{ value }} = {READING};
  return roots.length === 1
    ? engine.each(roots[0], labels).map((found) => found.map(value)) : null;
}}"""

#: the words beside each box of a list of boxes; null where that cannot be told
BOX_NAMES = f"(e) => {{ const r = {READING}; return r.names(r.boxes(e)); }}"

#: what the form within an element says against what was typed, a text for each
REFUSALS = _script("refusals.js")

#: what a person sees on a page, for `pages.core.candidates`
CANDIDATES = f"""((engine, reading) => (
{_script("candidates.js")}
))({LABELLED}, {READING})"""

_GRIDS = f"""(() => {{
  const INVISIBLE = "{INVISIBLE}";
  const cells =
{_script("cells.js")};
  const pagers =
{_script("pager.js")};
  return (
{_script("grid.js")}
  );
}})()"""

#: a table of a list of elements, for `pages.core.table_reader`; null where it is not there
READ_GRID = f"(elements, what) => {_GRIDS}.read(elements, what)"

#: what turns pages in each of a list of elements
READ_PAGER = f"(elements) => {_GRIDS}.readPager(elements)"

#: the control of a pager's item, within a table
PICK_ITEM = f"(element, item) => {_GRIDS}.pick(element, item)"

#: Selector engines: ``labelled=`` finds the values of a label; ``headed=`` the innermost tables
#: that have these headers, or those that have most of them; ``row=`` the rows of a table with a
#: cell that says exactly this.
ENGINES = {"labelled": LABELLED, "headed": f"{_GRIDS}.headed", "row": f"{_GRIDS}.rowed"}
