#!/usr/bin/env bash
# A page that a window has left stays in Chromium's memory, and the next hundreds with it, until Playwright is asked.
#
# Expected: of pages that are left one after the other in a window, V8 keeps some tens of megabytes at most, and fewer
# still with --initial-old-space-size=8, which is there to have it collect sooner.
# Seen: each small page that Playwright has looked for something in keeps half a megabyte of JavaScript memory (its
# own two worlds and their scripts), and after 300 of them hardly any of it is given back, with that option or
# without. page.request_gc() every ten pages gives back all but the last one's, in some 10 ms each time.
#
# Versions: Playwright for Python 1.65.2, Debian's chromium-headless-shell 156.0.8078.108.
# Output seen:
#   nothing asked: over 100 MB of JavaScript memory after 300 pages
#   --initial-old-space-size=8: over 100 MB of JavaScript memory after 300 pages
#   request_gc() every ten pages: under 3 MB of JavaScript memory after 300 pages
set -euo pipefail
version=156.0.8078.108
chromium-headless-shell --version | grep -qF "$version" || { echo "needs chromium-headless-shell $version"; exit 1; }
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet playwright==1.65.2
"$folder/venv/bin/python" - <<'PYTHON'
import http.server, os, shutil, sys, threading
from playwright.sync_api import sync_playwright

PAGE = b"<title>One</title><form><input name=a><button>Go</button></form><p>Text</p>"


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        pass


WAYS = {
    "nothing asked": ((), 0),
    "--initial-old-space-size=8": (("--js-flags=--initial-old-space-size=8",), 0),
    "request_gc() every ten pages": ((), 10),
}
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
wrong = False
with sync_playwright() as playwright:
    program, as_root = shutil.which("chromium-headless-shell"), os.geteuid() == 0
    for way, (arguments, every) in WAYS.items():
        args = [*arguments, *["--no-sandbox"] * as_root]
        browser = playwright.chromium.launch(executable_path=program, args=args)
        page = browser.new_page()
        for number in range(1, 301):
            page.goto(f"http://127.0.0.1:{server.server_port}/{number}")
            assert page.locator("p").count() == 1
            if every and number % every == 0:
                page.request_gc()
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        megabytes = found["JSHeapUsedSize"] / 2**20
        is_as_seen, limit = (megabytes < 3, "under 3") if every else (megabytes > 100, "over 100")
        wrong |= not is_as_seen
        print(f"{way}: {limit if is_as_seen else round(megabytes)} MB of JavaScript memory after 300 pages")
        browser.close()
sys.exit("no longer as seen" if wrong else 0)
PYTHON
