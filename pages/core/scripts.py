"""What runs in the browser: how labels' values and grids are found, and what is read in them."""

from __future__ import annotations

from pathlib import Path

from pages.contract.text import INVISIBLE

_HERE = Path(__file__).parent


def _script(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8").strip()


#: an object of functions that tell what a person reads in an element
_READING = _script("value.js")

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

_NAMED = _script("named.js")

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

#: All that a page is read with. `pages.core.asking` keeps it in each document, and gives it to each
#: of the short scripts below: ``engines`` by the names that they have as selector engines, too.
TOOLS = f"""(() => {{
  const reading = {_READING};
  const grids = {_GRIDS};
  const labelled = {LABELLED};
  const engines = {{ labelled, named: {_NAMED}, headed: grids.headed, row: grids.rowed }};
  const refusals = {_script("refusals.js")};
  // as Playwright has it
  const visible = (e) => {{
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && e.checkVisibility() &&
      getComputedStyle(e).visibility === "visible";
  }};
  return {{ reading, grids, labelled, engines, refusals, visible }};
}})()"""

#: how many there are; and of them, how many are visible
COUNT = "(tools, all) => all.length"
COUNT_VISIBLE = "({ visible }, all) => all.filter(visible).length"

#: what a person reads in each; null where that cannot be told
VALUE_OF_EACH = "({ reading }, all) => all.map(reading.value)"
VALUE_OF_VISIBLE = "({ visible, reading }, all) => all.filter(visible).map(reading.value)"

#: the values beside some labels of one root, a list for each; null where there is no such root
VALUES = """({ labelled, reading }, roots, labels) => roots.length === 1
  ? labelled.each(roots[0], labels).map((found) => found.map(reading.value)) : null"""

#: the same once those that are visible have been left
LEAVE = """({ visible, reading }, all) => {
  const shown = all.filter(visible);
  shown.forEach((e) => e.blur());
  return shown.map(reading.value);
}"""

#: the options' texts of each drop-down list that is visible
OPTIONS = """({ visible }, all) =>
  all.filter(visible).map((e) => Array.from(e.options, (o) => o.text))"""

#: the words beside each box of a list of boxes; null where that cannot be told
BOX_NAMES = "({ reading }, [e]) => e ? reading.names(reading.boxes(e)) : null"

#: labels of what the form within an element asks for and nobody has given; see `pages.core.form`
REQUIRED = _script("required.js")

#: what the form within an element says against what was typed, a text for each
REFUSALS = "({ refusals }, [root]) => root ? refusals(root) : null"

#: what a person sees on a page, for `pages.core.candidates`
CANDIDATES = _script("candidates.js")

#: a document as HTML that runs nothing and holds nobody's data, for `pages.core.capture`
CAPTURE = _script("capture.js")

#: a table of a list of elements, for `pages.core.table_reader`; null where it is not there
READ_GRID = "({ grids }, elements, what) => grids.read(elements, what)"

#: what turns pages in each of a list of elements
READ_PAGER = "({ grids }, elements) => grids.readPager(elements)"

#: the control of a pager's item, within a table
PICK_ITEM = f"(element, item) => ({TOOLS}).grids.pick(element, item)"


def with_tools(script: str) -> str:
    """The same as a script of its own, of the elements and the argument."""
    return f"(elements, argument) => ({script})({TOOLS}, elements, argument)"


#: Selector engines: ``labelled=`` finds the values of a label; ``named=`` a table or a group by its
#: name; ``headed=`` the innermost tables that have these headers, or those that have most of them;
#: ``row=`` the rows of a table with a cell that says exactly this.
ENGINES = {
    "labelled": LABELLED,
    "named": _NAMED,
    "headed": f"{_GRIDS}.headed",
    "row": f"{_GRIDS}.rowed",
}
