#!/usr/bin/env bash
# requests_ntlm and httpx-ntlm: a cookie that comes with the NTLM challenge takes the place of all the session's.
#
# Expected: cookies are the session's affair. Where a load balancer sets one with each answer, also with the 401 that
# carries the challenge, the last request of the handshake has it beside ASP.NET_SessionId, as in a browser.
# Seen: both write the Set-Cookie line into the Cookie header as it stands, attributes and all, over what was there.
# The last request is the one that the server works on, and it comes without the session: a form is answered with the
# log-in page or begins anew. The jar is right afterwards, and so is what follows on that connection. It happens again
# with the next one, so "now and then, after a pause". A GET before each POST takes the harm upon itself.
#
# Versions: requests_ntlm 1.3.0, httpx-ntlm 1.4.0, requests 2.34.2, httpx 0.28.1, pyspnego 0.12.4.
# Output seen:
#   requests_ntlm, a challenge without a cookie: ASP.NET_SessionId=s1
#   requests_ntlm, a challenge with a cookie: TS01=b; Path=/; HttpOnly
#   requests_ntlm, next on that connection: ASP.NET_SessionId=s1; TS01=b
#   httpx_ntlm, a challenge without a cookie: ASP.NET_SessionId=s1
#   httpx_ntlm, a challenge with a cookie: TS01=b; Path=/; HttpOnly
#   httpx_ntlm, next on that connection: ASP.NET_SessionId=s1; TS01=b
set -euo pipefail
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet requests_ntlm==1.3.0 httpx-ntlm==1.4.0 requests==2.34.2 httpx==0.28.1 pyspnego==0.12.4
echo "DOMAIN:ana:clave" > users
cat > cookies.py <<'PYTHON'
import base64, http.server, threading

import httpx, httpx_ntlm, requests, requests_ntlm, spnego


class Server(http.server.BaseHTTPRequestHandler):
    """NTLM as IIS does it: a connection is logged in, and its requests with it."""

    protocol_version = "HTTP/1.1"
    handshake, is_inside, cookie, worked_on = None, False, "", []

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        challenge, (_, _, message) = "NTLM", self.headers.get("Authorization", "").partition(" ")
        if message:
            token = base64.b64decode(message)
            if token[8] == 1:
                self.handshake = spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
            answer = self.handshake.step(token)
            self.is_inside = self.handshake.complete
            challenge += f" {base64.b64encode(answer or b'').decode()}"
        self.send_response(200 if self.is_inside else 401)
        if self.is_inside:
            self.worked_on.append(self.headers.get("Cookie"))
        else:
            self.send_header("WWW-Authenticate", challenge)
        if message and self.cookie:
            self.send_header("Set-Cookie", self.cookie)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


CHALLENGES = {"a challenge without a cookie": "", "a challenge with a cookie": "TS01=b; Path=/; HttpOnly"}
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/"
for library, Client in ((requests_ntlm, requests.Session), (httpx_ntlm, httpx.Client)):
    for challenge, Server.cookie in CHALLENGES.items():
        with Client() as client:
            client.auth = library.HttpNtlmAuth("DOMAIN\\ana", "clave")
            client.cookies.set("ASP.NET_SessionId", "s1")
            for request in (challenge, "next on that connection") if Server.cookie else (challenge,):
                assert client.post(address, data={"a": "1"}).status_code == 200
                print(f"{library.__name__}, {request}: {Server.worked_on[-1]}")
PYTHON
got=$(NTLM_USER_FILE="$PWD/users" venv/bin/python cookies.py)
diff <(echo "$got") - <<<"$seen"
echo "$got"
