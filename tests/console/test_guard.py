"""What does not get past the guard: no session, other sites, other names, too much."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from robots.console.guard import COOKIE, MOST_BYTES, Guard, visitor
from robots.console.user_store import Role, User

ANA = User(name="ana", role=Role.ASESOR)
HOST = "http://localhost:8080"
SOCKET = "ws://localhost:8080/_nicegui_ws/"


async def _page(request: Request) -> Response:
    body = await request.body()
    user = request.scope["cargofijo.user"]
    return PlainTextResponse(f"{user.name if user else 'nadie'} {len(body)}")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(visitor(socket.scope)[0].name)
    await socket.close()


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = Starlette(
        routes=[
            WebSocketRoute("/_nicegui_ws/", _socket),
            Route("/{path:path}", _page, methods=["GET", "POST"]),
        ]
    )
    guard = Guard(app, {"ficha": ANA}.get, hosts=frozenset({"localhost", "127.0.0.1"}))
    with TestClient(guard, base_url=HOST, follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def inside(client: TestClient) -> TestClient:
    client.cookies.set(COOKIE, "ficha")
    return client


def test_who_has_a_session_passes(inside: TestClient) -> None:
    assert inside.get("/casos").text == "ana 0"


@pytest.mark.parametrize("path", ["/", "/casos", "/expediente/CF-1/x.png", "/informe/1"])
def test_a_page_without_session_leads_to_the_login(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/entrar")
    client.cookies.set(COOKIE, "inventada")
    assert client.get(path).status_code == 303


@pytest.mark.parametrize("path", ["/_nicegui/client/1/upload/2", "/_nicegui/client/1/x"])
def test_an_upload_without_session_is_refused(client: TestClient, path: str) -> None:
    assert client.post(path, headers={"Origin": HOST}).status_code == 401
    assert client.get(path).status_code == 401


def test_a_socket_without_session_is_refused(client: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(SOCKET, headers={"Origin": HOST}),
    ):
        pass


def test_what_the_login_page_is_painted_with_is_open(client: TestClient) -> None:
    for path in ("/entrar", "/_nicegui/3.18.0/static/nicegui.js", "/favicon.ico"):
        assert client.get(path).text == "nadie 0"


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://localhost:9090", "https://localhost.evil.example", "null", ""],
)
def test_another_site_can_change_nothing(inside: TestClient, origin: str) -> None:
    headers = {"Origin": origin} if origin else {}
    assert inside.post("/salir", headers=headers).status_code == 403
    with pytest.raises(WebSocketDisconnect), inside.websocket_connect(SOCKET, headers=headers):
        pass


def test_the_own_site_can(inside: TestClient) -> None:
    assert inside.post("/salir", headers={"Origin": HOST}).text == "ana 0"
    with inside.websocket_connect(SOCKET, headers={"Origin": HOST}) as socket:
        assert socket.receive_text() == "ana"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8080", "[::1"])
def test_a_name_from_elsewhere_is_not_answered(inside: TestClient, host: str) -> None:
    assert inside.get("/casos", headers={"Host": host}).status_code == 400


def test_too_much_is_refused_also_where_its_length_is_a_lie(inside: TestClient) -> None:
    headers = {"Origin": HOST}
    told = inside.post("/subir", headers={**headers, "Content-Length": str(500 * 1024**2)})
    assert told.status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // 1024**2 + 1):
            yield bytes(1024**2)

    assert inside.post("/subir", headers=headers, content=pieces()).status_code == 413
    assert inside.post("/subir", headers=headers, content=bytes(1024)).text == "ana 1024"
    assert inside.post("/subir", headers={**headers, "Content-Length": "x"}).status_code == 400


def test_answers_forbid_frames_sniffing_and_other_sites_scripts(inside: TestClient) -> None:
    headers = inside.get("/casos").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("is_left", [True, False])
def test_who_goes_away_before_the_answer_is_no_fault(is_left: bool) -> None:
    """NiceGUI has middleware of Starlette's around its pages."""

    async def page(scope: Any, receive: Any, send: Any) -> None:
        await receive()  # and gives no answer

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect" if is_left else "http.request"}

    async def send(message: Any) -> None:
        raise AssertionError(message)

    async def onward(request: Request, call_next: Any) -> Response:
        answer: Response = await call_next(request)
        return answer

    guard = Guard(BaseHTTPMiddleware(page, onward), {"ficha": ANA}.get, hosts=None)
    headers = [(b"cookie", f"{COOKIE}=ficha".encode()), (b"host", b"localhost")]
    scope = {"type": "http", "method": "GET", "path": "/casos", "headers": headers}
    if is_left:
        asyncio.run(guard(scope, receive, send))
    else:
        with pytest.raises(RuntimeError, match="No response returned"):
            asyncio.run(guard(scope, receive, send))
