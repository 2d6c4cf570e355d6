"""The console's front door as an attacker finds it: over HTTP, without a browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from robots.console.guard import MOST_BYTES
from robots.console.server import ConsoleRefused, refuse_unsafe
from robots.console.user_store import TRIES
from tests.support.console import PDF, Console, add_user
from tests.support.door import Door
from tests.support.machine import wait_for
from tests.support.mock import MockPortals
from tests.support.robot import Robot
from tests.support.tls import self_signed

full = pytest.mark.full
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture(scope="module")
def robot(mock_process: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Robot:
    """No portal is visited here."""
    return Robot(mock_process, tmp_path_factory.mktemp("door") / "robot")


@pytest.fixture(scope="module")
def console(robot: Robot) -> Iterator[Console]:
    for name, role in (("ana", "asesor"), ("sonia", "supervisor")):
        add_user(robot, name, role)
    opened = Console(robot)
    yield opened
    opened.stop()


@pytest.fixture
def door(console: Console) -> Door:
    return Door(console.url)


@pytest.fixture
def inside(door: Door) -> Door:
    assert door.come_in()[0] == 303
    return door


@posix
@full
def test_nothing_but_the_login_is_there_for_who_is_not_in(door: Door) -> None:
    for path in ("/", "/casos", "/corridas", "/auditoria", "/expediente/CF-1/x", "/informe/1"):
        status, leads, _ = door.ask("GET", path)
        assert (status, leads.partition("?")[0]) == (303, "/entrar")
    assert door.ask("GET", "/openapi.json")[0] == 303
    assert door.ask("GET", "/_nicegui_ws/socket.io/?EIO=4&transport=polling")[0] == 401


def test_a_port_that_is_taken_is_told_in_one_sentence(robot: Robot, console: Console) -> None:
    port = console.url.rpartition(":")[2]
    other = Robot(robot.mock, robot.folder.with_name("otro"))
    add_user(other, "ana", "asesor")
    done = other.call("console", "--port", port)
    assert done.code == 3
    assert done.err.strip() == (
        f"La consola no puede atender en 127.0.0.1:{port}: el puerto está ocupado; pruebe con otro "
        "--port."
    )


@posix
def test_an_address_that_leads_nowhere_is_answered_with_a_page_of_the_house(inside: Door) -> None:
    for path, said in (
        ("/nada", "En esta dirección no hay nada."),
        ("/caso/", "En esta dirección no hay nada."),
        ("/expediente/CF-1/x.png", "No existe, o no es suyo."),
    ):
        status, _, page = inside.ask("GET", path)
        assert status == 404 and said in page and "Volver al inicio" in page
        assert "Nuevo caso" in page and "This page" not in page and "Not Found" not in page
    inside.session = ""
    assert inside.ask("GET", "/nada")[0] == 303
    assert inside.ask("GET", "/_nicegui/nada")[::2] == (404, "En esta dirección no hay nada.")


@posix
@full
def test_the_login_leads_nowhere_else(door: Door) -> None:
    for target in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:1"):
        assert door.come_in(a=target) == (303, "/")
    assert door.come_in(a="/casos") == (303, "/casos")


@posix
@full
def test_a_session_is_over_after_logout_and_another_cannot_be_made_up(inside: Door) -> None:
    assert inside.ask("GET", "/casos")[0] == 200
    old = inside.session
    assert inside.ask("POST", "/salir")[1] == "/entrar"
    inside.session = old
    assert inside.ask("GET", "/casos")[0] == 303
    inside.session = "A" * 43
    assert inside.ask("GET", "/casos")[0] == 303


@posix
@full
def test_another_site_can_send_nothing(inside: Door) -> None:
    address = inside.upload_address()
    for path in (address, "/salir", "/entrar"):
        assert inside.ask("POST", path, b"x", Origin="https://evil.example")[0] == 403
        assert inside.ask("POST", path, b"x", Origin="")[0] == 403
    assert inside.ask("GET", "/casos", Host="evil.example")[0] == 400
    assert inside.ask("GET", "/casos")[0] == 200


@posix
@full
@pytest.mark.parametrize(
    "name", ["../../../../escape.pdf", r"..\..\escape.pdf", "/tmp/escape.pdf", "<b>=1+1.pdf"]
)
def test_an_uploaded_name_leads_nowhere(inside: Door, robot: Robot, name: str) -> None:
    before = set(robot.folder.parent.rglob("*"))
    assert inside.upload(inside.upload_address(), name, b"%PDF-1.7\n") == 200
    uploads = robot.folder / "var" / "uploads"
    new = {path for path in set(robot.folder.parent.rglob("*")) - before if path.is_file()}
    strays = {p for p in new if not p.is_relative_to(uploads) and "sqlite" not in p.name}
    assert not {p for p in strays if p.parent.name != "logs"}
    assert not list(Path("/tmp").glob("escape*.pdf"))


@posix
@full
def test_a_renamed_program_is_not_kept(inside: Door, robot: Robot) -> None:
    address, uploads = inside.upload_address(), robot.folder / "var" / "uploads"
    inside.upload(address, "oferta.pdf", b"MZ\x90\0 programa")
    inside.upload(address, "contrato.pdf", PDF)
    # A file is looked at once it is there, which may be after the upload has its answer.
    wait_for(
        lambda: (
            {"oferta.pdf", "contrato.pdf"} & {path.name for path in uploads.rglob("*.pdf")}
            == {"contrato.pdf"}
        )
    )


@posix
@full
def test_500_mb_are_refused_before_they_are_read(inside: Door) -> None:
    address = inside.upload_address()
    length = str(500 * 1024 * 1024)
    assert inside.ask("POST", address, iter([b"x"]), Content_Length=length)[0] == 413

    def pieces() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.pdf"\r\n\r\n'
        for _ in range(MOST_BYTES // 1024**2 + 2):
            yield bytes(1024**2)

    kind = "multipart/form-data; boundary=x"
    told = inside.ask("POST", address, pieces(), Transfer_Encoding="chunked", Content_Type=kind)
    assert told[0] == 413
    assert inside.ask("GET", "/casos")[0] == 200


@posix
@full
def test_guessing_a_password_has_to_wait(door: Door) -> None:
    for number in range(TRIES):
        status, text = door.come_in("sonia", f"intento {number}")
        assert status == 401 and "no son correctos" in text
    status, text = door.come_in("sonia")
    assert status == 401 and "espere 15 minutos" in text


@posix
@full
def test_off_loopback_it_serves_tls(robot: Robot, console: Console, tmp_path: Path) -> None:
    """Runs last of those that need the console: it takes its place."""
    certificate, key = self_signed(tmp_path, "localhost")
    opened = Console(robot, "--host", "0.0.0.0", "--cert", str(certificate), "--key", str(key))
    try:
        door = Door(opened.url.replace("0.0.0.0", "127.0.0.1"))
        assert opened.url.startswith("https://")
        assert door.come_in()[0] == 303
        assert door.ask("GET", "/casos")[0] == 200
    finally:
        opened.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "consola.example", "::"])
def test_off_loopback_without_tls_it_refuses(host: str, tmp_path: Path) -> None:
    with pytest.raises(ConsoleRefused, match="solo atiende con TLS"):
        refuse_unsafe(host, None, None, users=True)
    file = tmp_path / "x.pem"
    file.touch()
    with pytest.raises(ConsoleRefused, match="cargofijo users add"):
        refuse_unsafe(host, file, file, users=False)
    with pytest.raises(ConsoleRefused, match="van juntas"):
        refuse_unsafe(host, file, None, users=True)
    with pytest.raises(ConsoleRefused, match="No existe"):
        refuse_unsafe(host, file, tmp_path / "y.pem", users=True)
    refuse_unsafe(host, file, file, users=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_on_loopback_it_needs_neither(host: str) -> None:
    refuse_unsafe(host, None, None, users=False)


@posix
@full
def test_without_users_it_says_so_and_works_on_the_demo_only(
    mock_process: MockPortals, tmp_path: Path
) -> None:
    robot = Robot(mock_process, tmp_path / "robot")
    refused = robot.call("console", "--host", "0.0.0.0")
    assert refused.code == 2 and "TLS" in refused.err
    opened = Console(robot)
    try:
        assert "No hay usuarios" in opened.told
        door = Door(opened.url)
        _, _, page = door.ask("GET", "/entrar")
        assert "solo trabaja con los portales simulados" in " ".join(page.split())
        assert door.come_in("ana")[0] == 401
        assert door.come_in("supervisora", "")[0] == 303
        assert "Demostración" in door.ask("GET", "/casos")[2]
    finally:
        opened.stop()
    assert not list((robot.folder / "var").glob("evidence/*"))
