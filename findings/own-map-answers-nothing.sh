#!/usr/bin/env bash
# Playwright: on a page that has a Map of its own, evaluate() gives None for every list and object, without an error.
#
# Expected: what a page's scripts call their classes is their affair: Playwright keeps the language's own for itself, or
# says that it cannot.
# Seen: old pages have a class Map for their lists, with put() and get(). Playwright's script looks Map up on the page
# when it packs an answer, and what goes wrong there is caught: numbers and texts come through, each list and object is
# None, as if the page had found nothing. Arguments that are lists or objects raise, and so do all_inner_texts(),
# all_text_contents() and evaluate_all(); count() and inner_text() work. With a text of JSON both ways all is well,
# where the page has left JSON alone.
#
# Versions: Playwright for Python 1.65.2, Debian's chromium-headless-shell 156.0.8078.108.
# Output seen:
#   evaluate("1 + 1"): 2
#   evaluate("[1, 2]"): None
#   evaluate("({a: 1})"): None
#   evaluate("JSON.stringify([1, 2])"): [1,2]
#   locator("ul").evaluate("list => ({items: list.children.length})"): None
#   locator("li").count(): 2
#   locator("li").all_inner_texts(): TypeError
set -euo pipefail
version=156.0.8078.108
chromium-headless-shell --version | grep -qF "$version" || { echo "needs chromium-headless-shell $version"; exit 1; }
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet playwright==1.65.2
cat > answers.py <<'PYTHON'
import os, shutil

from playwright.sync_api import Error, sync_playwright

PAGE = """<script>
  function Map() { this.items = {}; }
  Map.prototype.put = function (key, value) { this.items[key] = value; };
  Map.prototype.get = function (key) { return this.items[key]; };
</script><ul><li>1<li>2</ul>"""
COUNTED = "list => ({items: list.children.length})"
with sync_playwright() as playwright:
    program, as_root = shutil.which("chromium-headless-shell"), os.geteuid() == 0
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"] * as_root)
    page = browser.new_page()
    page.set_content(PAGE)
    for script in ("1 + 1", "[1, 2]", "({a: 1})", "JSON.stringify([1, 2])"):
        print(f'evaluate("{script}"):', page.evaluate(script))
    print(f'locator("ul").evaluate("{COUNTED}"):', page.locator("ul").evaluate(COUNTED))
    items = page.locator("li")
    print('locator("li").count():', items.count())
    try:
        told = items.all_inner_texts()
    except Error as error:
        told = error.message.split(": ")[1]
    print('locator("li").all_inner_texts():', told)
    browser.close()
PYTHON
got=$(venv/bin/python answers.py)
diff <(echo "$got") - <<<"$seen"
echo "$got"
