#!/usr/bin/env bash
# A form of three bytes that a page posts keeps 64 KB in Playwright's driver until its context is closed.
#
# Expected: the driver keeps its requests (the last 10,000), with what they sent, at some kilobytes each.
# Seen: what was sent is a Node.js Buffer, and a small one is a piece of a pool's slab, which lives as long as the piece.
# The Node.js 26 that comes with Playwright has slabs of 64 KB (8 KB in Node.js 20), and what is said between two forms
# fills one: so each form keeps a slab of its own, far more than all the rest of it. Buffer.poolSize, which may be set,
# is the whole of it.
#
# Versions: Playwright for Python 1.65.2 with its own Node.js 26.13.1, Debian's chromium-headless-shell 156.0.8078.108.
# Output seen:
#   as it comes: the driver holds over 25 MB more after 500 forms
#   Buffer.poolSize=0: the driver holds under 20 MB more after 500 forms
set -euo pipefail
version=156.0.8078.108
chromium-headless-shell --version | grep -qF "$version" || { echo "needs chromium-headless-shell $version"; exit 1; }
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet playwright==1.65.2 psutil==7.2.2
"$folder/venv/bin/python" - <<'PYTHON'
import http.server, os, shutil, sys, threading
import psutil
from playwright.sync_api import sync_playwright

POST = 'async said => { await fetch("/form", {method: "POST", body: "a=1"}); return said; }'
SAID = "x" * 30_000


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"<p>1 ")

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # the browser has gone


server = Quiet(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
wrong = False
for way, options, is_as_seen, limit in (
    ("as it comes", "", lambda more: more > 25, "over 25"),
    ("Buffer.poolSize=0", "--import=data:text/javascript,Buffer.poolSize=0", lambda more: more < 20, "under 20"),
):
    os.environ["NODE_OPTIONS"] = options
    with sync_playwright() as playwright:
        program, as_root = shutil.which("chromium-headless-shell"), os.geteuid() == 0
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"] * as_root)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        driver = next(child for child in psutil.Process().children() if "node" in child.name())
        held = []
        for forms in (50, 500):
            for _ in range(forms):
                page.evaluate(POST, SAID)
            held.append(driver.memory_full_info().uss / 2**20)
        more = held[1] - held[0]
        wrong |= not is_as_seen(more)
        print(f"{way}: the driver holds {limit if is_as_seen(more) else round(more)} MB more after 500 forms")
        browser.close()
sys.exit("no longer as seen" if wrong else 0)
PYTHON
