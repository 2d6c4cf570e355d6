"""What runs in the browser: how a label's value is found, and what a person reads in it."""

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

#: how a value is found by its label; also the selector engine ``labelled=``
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
