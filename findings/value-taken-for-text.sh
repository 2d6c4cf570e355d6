#!/usr/bin/env bash
# Playwright for Python: select_option(value="1") takes the option whose text is "1" where that one comes first.
#
# Expected: "value: Options to select by value". Of an option with that value and another one with that text, `value=`
# takes the first, as `label=` takes the other, and as { value: "1" } does in JavaScript. The manual's example says
# "matching the value or label": so a text counts at most where no option has the value.
# Seen: Python hands `value=` on as "value or label", which JavaScript has for a bare string only; no argument asks
# for a value alone. The list is gone through once, option by option, and the first one that matches in either way is
# chosen. In a list whose values count from 0 and whose texts from 1 (months, as getMonth() has them) each choice but
# the first is off by one, and nothing tells but what select_option() gives back. A value that is not there, 12, is no
# error either. The index of option[value="1"] does what `value=` promises.
#
# Versions: Playwright for Python 1.65.2, Debian's chromium-headless-shell 156.0.8078.108.
# Output seen:
#   select_option(value="1"): value 0, text 1
#   select_option(label="1"): value 0, text 1
#   select_option(value="0"): value 0, text 1
#   select_option(value="11"): value 10, text 11
#   select_option(value="12"): value 11, text 12
#   index of option[value="1"]: value 1, text 2
set -euo pipefail
version=156.0.8078.108
chromium-headless-shell --version | grep -qF "$version" || { echo "needs chromium-headless-shell $version"; exit 1; }
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet playwright==1.65.2
cat > months.py <<'PYTHON'
import os, shutil

from playwright.sync_api import sync_playwright

MONTHS = "".join(f"<option value={month}>{month + 1}</option>" for month in range(12))
CHOSEN = "list => `value ${list.value}, text ${list.selectedOptions[0].text}`"
ASKED = [{"value": "1"}, {"label": "1"}, {"value": "0"}, {"value": "11"}, {"value": "12"}]
with sync_playwright() as playwright:
    program, as_root = shutil.which("chromium-headless-shell"), os.geteuid() == 0
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"] * as_root)
    page = browser.new_page()
    page.set_content(f"<select>{MONTHS}</select>")
    months = page.locator("select")
    for asked in ASKED:
        months.select_option(**asked)
        ((how, what),) = asked.items()
        print(f'select_option({how}="{what}"):', months.evaluate(CHOSEN))
    months.select_option(index=months.locator('option[value="1"]').evaluate("option => option.index"))
    print('index of option[value="1"]:', months.evaluate(CHOSEN))
    browser.close()
PYTHON
got=$(venv/bin/python months.py)
diff <(echo "$got") - <<<"$seen"
echo "$got"
