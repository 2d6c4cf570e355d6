#!/usr/bin/env bash
# Chromium on Linux: an empty ~/.pki/nssdb hides the store in XDG_DATA_HOME, which is where Chromium makes its own.
#
# Expected: a root that certutil puts into $XDG_DATA_HOME/pki/nssdb, which Chromium uses and creates there, is
# trusted, whatever else there is at home; and "-t C,," is what makes any certificate of one's own trusted.
# Seen: where ~/.pki/nssdb exists, if only because an older Chromium made it, the newer place is not read: only HOME
# decides, in the headless shell as in Chromium itself. A server's own certificate, which is no authority, is
# refused with "C" as ERR_CERT_INVALID; "CP" makes it and an authority trusted.
#
# Versions: Debian's chromium and chromium-headless-shell 156.0.8078.108, libnss3-tools 3.87.1, Playwright 1.65.2.
# Output seen, by each of the two programs:
#   root C in XDG_DATA_HOME: trusted
#   root C in XDG_DATA_HOME, ~/.pki/nssdb empty: ERR_CERT_AUTHORITY_INVALID
#   root C in ~/.pki/nssdb, XDG_DATA_HOME empty: trusted
#   root CP in ~/.pki/nssdb: trusted
#   server C in ~/.pki/nssdb: ERR_CERT_INVALID
#   server CP in ~/.pki/nssdb: trusted
set -euo pipefail
has() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null | grep -qF "$2" || { echo "needs $1 $2"; exit 1; }; }
has chromium 156.0.8078.108; has chromium-headless-shell 156.0.8078.108; has libnss3-tools 3.87.1
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet playwright==1.65.2
cd "$folder"
key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes); name="subjectAltName=DNS:localhost"
openssl req -x509 "${key[@]}" -keyout root.key -out root.pem -days 9 -subj /CN=Root \
  -addext basicConstraints=critical,CA:TRUE 2>log
openssl req "${key[@]}" -keyout issued.key -out issued.csr -subj /CN=localhost 2>log
openssl x509 -req -in issued.csr -CA root.pem -CAkey root.key -CAcreateserial -days 9 -out issued.pem \
  -extfile <(echo "$name") 2>log
openssl req -x509 "${key[@]}" -keyout server.key -out server.pem -days 9 -subj /CN=localhost \
  -addext basicConstraints=critical,CA:FALSE -addext "$name" 2>log
"$folder/venv/bin/python" - <<'PYTHON'
import http.server, os, pathlib, re, ssl, subprocess, sys, tempfile, threading
from playwright.sync_api import Error, sync_playwright

class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # whoever does not trust it hangs up

def serve(name):
    server = Server(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    server.RequestHandlerClass.log_message = lambda *_: None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{name}.pem", f"{name}.key")
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"https://localhost:{server.server_port}/"

OLD, NEW = "home/.pki/nssdb", "data/pki/nssdb"
TRIED = [("root", "C", NEW, None, "trusted"), ("root", "C", NEW, OLD, "ERR_CERT_AUTHORITY_INVALID"),
         ("root", "C", OLD, NEW, "trusted"), ("root", "CP", OLD, None, "trusted"),
         ("server", "C", OLD, None, "ERR_CERT_INVALID"), ("server", "CP", OLD, None, "trusted")]
PLACES = {OLD: "~/.pki/nssdb", NEW: "XDG_DATA_HOME"}
urls, wrong = {"root": serve("issued"), "server": serve("server")}, False
with sync_playwright() as playwright:
    for program in ("chromium-headless-shell", "chromium"):
        for which, trust, place, empty, seen in TRIED:
            home = pathlib.Path(tempfile.mkdtemp(dir=".")).resolve()
            add = ["-A", "-n", "1", "-t", f"{trust},,", "-i", f"{which}.pem"]
            for store, options in ((place, add), (empty, ["-N"])):
                if store:
                    (home / store).mkdir(parents=True)
                    subprocess.run(["certutil", *options, "--empty-password", "-d", f"sql:{home / store}"], check=True)
            own = {**os.environ, "HOME": f"{home}/home", "XDG_DATA_HOME": f"{home}/data"}
            browser = playwright.chromium.launch(executable_path=f"/usr/bin/{program}", env=own,
                                                 args=["--no-sandbox"] * (os.geteuid() == 0))
            try:
                browser.new_page().goto(urls[which])
                said = "trusted"
            except Error as error:
                said = re.search(r"ERR_\w+", error.message)[0]
            browser.close()
            print(f"{which} {trust} in {PLACES[place]}{f', {PLACES[empty]} empty' if empty else ''}: {said}")
            wrong |= said != seen
sys.exit("no longer as seen" if wrong else 0)
PYTHON
