"""What runs in the browser: how labels' values and grids are found, and what is read in them."""

from __future__ import annotations

import json
from pathlib import Path

from pages.contract.text import INVISIBLE

_HERE = Path(__file__).parent


def _script(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8").strip()


_TEXT = f'{_script("text.js")}("{INVISIBLE}")'

#: an object of functions that tell what a person reads in an element
_READING = _script("value.js")

#: how a value is found by its label
LABELLED = f"""(() => {{
  const TEXT = {_TEXT};
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
  const TEXT = {_TEXT};
  const cells =
{_script("cells.js")};
  const pagers =
{_script("pager.js")};
  return (
{_script("grid.js")}
  );
}})()"""

#: Makes all that a page is read with; ``later`` and ``here`` are those of ``keeper.js``. It is kept
#: in each document (`KEEP_TOOLS`), and given to each of the short scripts below: ``engines`` by the
#: names that they have as selector engines, too.
_MAKE = f"""(later, here) => {{
  const TEXT = {_TEXT};
  const reading = {_READING};
  const grids = {_GRIDS};
  const labelled = {LABELLED};
  const DOUBT = Symbol("doubt");
  const roles = {_script("roles.js")};
  const refusals = {_script("refusals.js")};
  const hands = {_script("hands.js")};
  const pause = (milliseconds) => new Promise((go) => {{ later(go, milliseconds); }});
  // as Playwright has it
  const visible = (e) => {{
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && e.checkVisibility() &&
      getComputedStyle(e).visibility === "visible";
  }};
  const engines = {{ labelled, named: {_NAMED}, headed: grids.headed, row: grids.rowed,
    ...{_script("engines.js")} }};
  // what a way leads to from each of these
  const along = (roots, way) => way.reduce((all, [engine, body]) => Array.from(new Set(
    all.flatMap((root) => engines[engine].queryAll(root, body)))), roots);
  // the same from the document; nothing where that cannot be told
  const found = (way) => {{
    try {{ return along([document.documentElement], way); }} catch (doubt) {{ return []; }}
  }};
  const isShown = (way) => Boolean(way) && found(way).filter(visible).length === 1;
  const postback = {_script("postback.js")};
  const seen = {_script("seen.js")};
  const boxes = {_script("boxes.js")};
  const tools =
    {{ plain: TEXT, reading, grids, labelled, engines, along, found, isShown, refusals, visible,
      hands, pause, postback, seen, boxes }};
  return {{ ...tools, ask: {_script("ask.js")}, parsed: (text) => JSON.parse(text) }};
}}"""

_KEY = 'Symbol.for("cargofijo")'


def _keeping(early: bool) -> str:
    """Puts it where no script of the page's enumerates or replaces it."""
    keeper = f"({_script('keeper.js')})({_MAKE}, {json.dumps(early)})"
    return f"Object.defineProperty(globalThis, {_KEY}, {{ value: {keeper} }})[{_KEY}]"


#: the same before any script of the page has run, and after
KEEP_TOOLS, BRING_TOOLS = _keeping(early=True), _keeping(early=False)
#: what gives it; undefined in a document to which it has not come
KEPT_TOOLS = f"globalThis[{_KEY}]"

#: whether what a way leads to is visible, or comes to be in a moment, in the document that is
#: called so; null as long as it is not
CALLED = """async ({ plain, isShown, pause }, all, [title, way]) => {
  if (plain.folded(document.title) !== title) return null;
  for (let looks = 0; looks < 10 && way && !isShown(way); looks += 1) await pause(20);
  return isShown(way);
}"""

#: how many there are; and of them, how many are visible
COUNT = "(tools, all) => all.length"
COUNT_VISIBLE = "({ visible }, all) => all.filter(visible).length || null"

#: what a person reads in each; null where that cannot be told
VALUE_OF_EACH = "({ reading }, all) => all.map(reading.value)"
VALUE_OF_VISIBLE = "({ visible, reading }, all) => all.filter(visible).map(reading.value)"

#: the values beside some labels of one root, a list for each, and the labels as they are shown, or
#: null where one cannot be told; null where there is no such root
VALUES = """({ labelled, reading }, roots, labels) => roots.length === 1 ? {
  values: labelled.each(roots[0], labels).map((found) => found.map(reading.value)),
  labels: labelled.shown(roots[0], labels) } : null"""

#: the same once those that are visible have been left
LEAVE = """({ visible, reading }, all) => {
  const shown = all.filter(visible);
  shown.forEach((e) => e.blur());
  return shown.map(reading.value);
}"""


def done(action: str) -> str:
    """What an action did to the one that is visible: how many are, and what it gave for ``done``.
    Null where none is."""
    return f"""({{ visible, reading, plain, hands }}, all, given) => {{
  const shown = all.filter(visible), [e] = shown;
  if (!shown.length) return null;
  if (shown.length > 1) return {{ count: shown.length }};
  const done = {action};
  return done ? {{ count: 1, done }} : {{ count: 1 }};
}}"""


#: whether each of those that are visible has the focus then
FOCUS = "({ visible, hands }, all) => all.filter(visible).map(hands.focus)"

#: what the field holds once it has been left, or its writer is to ``stay`` in it; what it holds
#: already where it ``may_stay``
TYPE = done("""given.may_stay && (reading.value(e) || "").trim() === given.text.trim()
    ? "kept" : hands.type(e, given) && [reading.value(e)]""")
CHOOSE = done("hands.choose(e, given) && [reading.value(e)]")
#: the same for a list, and the option of these folded words
PICK = done("""given.may_stay && plain.folded(reading.value(e) || "") === given.words
    ? "kept" : hands.pick(e, given.words) && [reading.value(e)]""")
PRESS = done("hands.press(e)")

#: What each field of a form holds that was typed into, or of whose options one was picked, each
#: found by a step, from the first on; null where the first is not ready for it yet. Between two of
#: them the page's own scripts have their turn.
FILL_EACH = """async ({ engines, visible, hands, reading, pause }, [root], fields) => {
  const held = [];
  for (const [[engine, body], text, words] of root ? fields : []) {
    const shown = engines[engine].queryAll(root, body).filter(visible), [e] = shown;
    if (shown.length !== 1) break;
    if (!(words === null ? hands.type(e, { text }) : hands.pick(e, words))) break;
    held.push([reading.value(e)]);
    await pause(0);
  }
  return held.length ? held : null;
}"""

#: The same, and then a press of what another step finds, once each field holds what was typed and
#: the page is told that an answer is awaited; a page that is busy after the typing is not pressed.
FILL_AND_PRESS = f"""async (tools, [root], [fields, [engine, body]]) => {{
  const held = await ({FILL_EACH})(tools, [root], fields);
  if (!held) return null;
  const stays = ([value], at) => (value || "").trim() === fields[at][1].trim();
  if (held.length < fields.length || !held.every(stays)) return {{ held }};
  const marked = await tools.postback("mark");
  if (!marked) return {{ held }};
  const shown = tools.engines[engine].queryAll(root, body).filter(tools.visible);
  return {{ held, marked, done: shown.length === 1 && tools.hands.press(shown[0]) }};
}}"""

#: the options' texts of each drop-down list that is visible
OPTIONS = (
    "({ visible }, all) => all.filter(visible).map((e) => Array.from(e.options, (o) => o.text))"
)

#: the words beside each box of a list of boxes; null where that cannot be told
BOX_NAMES = "({ reading }, [e]) => e ? reading.names(reading.boxes(e)) : null"

#: what the form within an element asks for and nobody has given, and all of its fields; see
#: `pages.core.form`
FORM = _script("form.js")

#: what the form within an element says against what was typed, a text for each
REFUSALS = "({ refusals }, [root]) => root ? refusals(root) : null"

#: what a person sees on a page, for `pages.core.candidates`
CANDIDATES = _script("candidates.js")

#: where the first that is visible stands, as `CANDIDATES` tells it; null where none is
BOX = "({ visible, boxes }, all) => all.filter(visible).map((e) => boxes.around([e]))[0] || null"

#: how far down a document goes, in pixels
END = "({ boxes }, [root]) => root ? boxes.end(root) : 0"

#: a document as HTML that runs nothing and holds nobody's data, for `pages.core.capture`
CAPTURE = _script("capture.js")

#: A table of a list of elements, for `pages.core.table_reader`; null where it is not there. It is
#: looked at for ``still`` milliseconds more, as long as it does not change.
READ_GRID = """async ({ grids, engines, visible, pause }, elements, { sign, still, ...what }) => {
  const signed = () => engines[sign[0]].queryAll(document.documentElement, sign[1]).some(visible);
  const read = () => grids.read(elements, sign ? { ...what, signed: signed() } : what);
  const found = read(), until = performance.now() + still;
  for (let now = found; now === found; now = read()) {
    const left = until - performance.now();
    if (left <= 0) return found;
    await pause(Math.min(left, 100));
  }
  return read();
}"""

#: what turns pages in each of a list of elements
READ_PAGER = "({ grids }, elements) => grids.readPager(elements)"

#: the control of a pager's item, which is given as JSON, within a table
PICK_ITEM = f"""(element, item) => {{
  const tools = ({KEPT_TOOLS} || {BRING_TOOLS})();
  return tools.grids.pick(element, tools.parsed(item));
}}"""


def with_tools(script: str) -> str:
    """The same as a script of its own, of the elements and the argument."""
    tools = f"({_MAKE})(setTimeout, (call) => call)"
    return f"(elements, argument) => ({script})({tools}, elements, argument)"


#: Selector engines: ``labelled=`` finds the values of a label; ``named=`` a table or a group by its
#: name; ``headed=`` the innermost tables that have these headers, or those that have most of them;
#: ``row=`` the rows of a table with a cell that says exactly this.
ENGINES = {
    "labelled": LABELLED,
    "named": _NAMED,
    "headed": f"{_GRIDS}.headed",
    "row": f"{_GRIDS}.rowed",
}
