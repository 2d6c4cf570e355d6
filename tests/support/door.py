"""The console over HTTP, without a browser."""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from robots.console.guard import COOKIE
from tests.support.console import PASSWORD


class Door:
    """Requests as anybody can make them; ``session`` is the cookie of who is in."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = ""

    def ask(
        self, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str
    ) -> tuple[int, str, str]:
        """Status, where it leads, and text."""
        place = urlsplit(self.url)
        if place.scheme == "https":
            line: http.client.HTTPConnection = http.client.HTTPSConnection(
                place.netloc, timeout=60, context=ssl._create_unverified_context()
            )
        else:
            line = http.client.HTTPConnection(place.netloc, timeout=60)
        given = {"Origin": self.url, "Cookie": f"{COOKIE}={self.session}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        with suppress(BrokenPipeError, ConnectionResetError):  # answered before all was sent
            sent = {name: value for name, value in given.items() if value}
            line.request(method, path, body, sent, encode_chunked="Transfer-Encoding" in sent)
        answer = line.getresponse()
        if cookie := re.search(rf"{COOKIE}=([\w-]+)", answer.getheader("set-cookie") or ""):
            self.session = cookie[1]
        text = answer.read().decode(errors="replace")
        return answer.status, answer.getheader("location") or "", text

    def come_in(self, name: str = "ana", password: str = PASSWORD, a: str = "/") -> tuple[int, str]:
        form = urlencode({"usuario": name, "clave": password, "a": a}).encode()
        status, leads, text = self.ask(
            "POST", "/entrar", form, Content_Type="application/x-www-form-urlencoded"
        )
        return status, leads or text

    def upload_address(self) -> str:
        _, _, page = self.ask("GET", "/")
        found = re.search(r"/_nicegui/client/[\w-]+/upload/\d+", page)
        assert found, "the page has an upload"
        return found[0]

    def upload(self, address: str, name: str, content: bytes) -> int:
        body = (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="'
            + name.encode()
            + b'"\r\nContent-Type: application/pdf\r\n\r\n'
            + content
            + b"\r\n--x--\r\n"
        )
        return self.ask("POST", address, body, Content_Type="multipart/form-data; boundary=x")[0]
