"""Portals over https, each with the certificate that a test gives it."""

from __future__ import annotations

import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests.support.network import Network
from tests.support.tls import Issued


class Page(BaseHTTPRequestHandler):
    html = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<title>Inicio</title>{self.html}".encode())

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Of threads: that of asyncio ends a handshake that fails without a word of why."""

    def handle_error(self, *_: object) -> None:
        pass  # whoever does not trust it hangs up


class Servers:
    """Each under a name, on the port of https as the relay finds it."""

    def __init__(self, network: Network, folder: Path) -> None:
        self._network, self._folder = network, folder
        self._started: list[Server] = []

    def start(self, host: str, issued: Issued | None, html: str = "", **changed: Any) -> None:
        """With this certificate, or without TLS; with whatever is changed of its side."""
        server = Server(("127.0.0.1", 0), type("Shown", (Page,), {"html": html}))
        self._started.append(server)
        if issued is not None:
            context = self._context(issued, changed)
            # not while it accepts, where one who does not trust it would hold up all others
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self._network.name(host, server.server_port, 443)

    def _context(self, issued: Issued, changed: dict[str, Any]) -> ssl.SSLContext:
        context = issued.served(self._folder)
        for name, value in changed.items():
            setattr(context, name, value)
        return context

    def stop(self) -> None:
        for server in self._started:
            server.shutdown()
            server.server_close()
