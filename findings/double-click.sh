#!/usr/bin/env bash
# Playwright's dblclick() on a submit button sends the form once; a double click as people make it, twice.
#
# Expected: dblclick() shows whether a server files twice what is clicked twice.
# Seen: its two clicks come within a millisecond. Chromium only plans to send the form, and the second plan takes
# the first one's place: one POST, in 10 of 10. With 80 ms between press and release, as people have, or with two
# calls of click(), both POSTs leave; the first one's answer is thrown away, and the server works on both.
# So a server that files everything twice passes a test with dblclick().
#
# Versions: Playwright for Python 1.65.2, Debian's chromium-headless-shell 156.0.8078.108.
# Output seen:
#   dblclick(): 1 POST in 10 of 10
#   dblclick(delay=80): 2 POSTs in 10 of 10
#   click(); click(): 2 POSTs in 10 of 10
set -euo pipefail
version=156.0.8078.108
chromium-headless-shell --version | grep -qF "$version" || { echo "needs chromium-headless-shell $version"; exit 1; }
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet playwright==1.65.2
"$folder/venv/bin/python" - <<'PYTHON'
import contextlib, http.server, os, shutil, sys, threading, time
from playwright.sync_api import sync_playwright

PAGE = b"<form method=post><input type=submit value=Save></form>"
TRIES = 10
posts = []


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def do_POST(self):
        posts.append(self.path)
        time.sleep(0.7)  # the work that people do not wait for
        with contextlib.suppress(ConnectionError):  # the browser threw that answer away
            self.do_GET()

    def log_message(self, *_):
        pass


WAYS = {
    "dblclick()": (lambda button: button.dblclick(), 1),
    "dblclick(delay=80)": (lambda button: button.dblclick(delay=80), 2),
    "click(); click()": (lambda button: (button.click(), button.click()), 2),
}
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
wrong = False
with sync_playwright() as playwright:
    program, as_root = shutil.which("chromium-headless-shell"), os.geteuid() == 0
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"] * as_root)
    for way, (press, seen) in WAYS.items():
        counts = []
        for _ in range(TRIES):
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            posts.clear()
            press(page.get_by_role("button"))
            page.wait_for_timeout(1500)
            counts.append(len(posts))
            page.close()
        print(f"{way}: {seen} POST{'s' * (seen > 1)} in {counts.count(seen)} of {TRIES}")
        wrong |= set(counts) != {seen}
sys.exit("no longer as seen" if wrong else 0)
PYTHON
