#!/usr/bin/env bash
# Playwright's wait_for() notices an element up to half a second after it is there; with a short timeout, within a tenth.
#
# Expected: wait_for() is told by the page, as wait_for_function() is with each frame: what comes 0.3 s after the call
# is noticed some hundredths later, whatever the timeout is.
# Seen: it looks at 0, 20, 70, 170 and 270 ms and then every 500 ms; a pause that is longer than a fifth of the timeout
# is left out. So what comes after 300 ms is noticed after 770 with the timeout of 30 s that everybody has, and within
# some 100 ms with one of 2 s. A benchmark that ends with wait_for() measures in steps of half a second.
#
# Versions: Playwright for Python 1.65.2, Debian's chromium-headless-shell 156.0.8078.108.
# Output seen:
#   wait_for(): noticed over 0.4 s late
#   wait_for(timeout=2000): noticed less than 0.2 s late
#   wait_for_function(): noticed less than 0.2 s late
set -euo pipefail
version=156.0.8078.108
chromium-headless-shell --version | grep -qF "$version" || { echo "needs chromium-headless-shell $version"; exit 1; }
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet playwright==1.65.2
"$folder/venv/bin/python" - <<'PYTHON'
import os, shutil, sys
from playwright.sync_api import sync_playwright

COMES = "() => { setTimeout(() => { window.came = Date.now(); document.body.append(document.createElement('hr')) }, 320) }"
WAYS = {
    "wait_for()": (lambda page: page.locator("hr").wait_for(state="attached"), True),
    "wait_for(timeout=2000)": (lambda page: page.locator("hr").wait_for(state="attached", timeout=2000), False),
    "wait_for_function()": (lambda page: page.wait_for_function("() => document.querySelector('hr')"), False),
}
wrong = False
with sync_playwright() as playwright:
    program, as_root = shutil.which("chromium-headless-shell"), os.geteuid() == 0
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"] * as_root)
    page = browser.new_page()
    for way, (wait, is_late) in WAYS.items():
        delays = []
        for _ in range(5):
            page.set_content("<p>Text</p>")
            page.evaluate(COMES)
            wait(page)
            delays.append(page.evaluate("Date.now() - window.came") / 1000)
        delay = sorted(delays)[2]
        is_as_seen = delay > 0.4 if is_late else delay < 0.2
        wrong |= not is_as_seen
        seen = ("over 0.4 s" if is_late else "less than 0.2 s") if is_as_seen else f"{delay:.2f} s"
        print(f"{way}: noticed {seen} late")
    browser.close()
sys.exit("no longer as seen" if wrong else 0)
PYTHON
