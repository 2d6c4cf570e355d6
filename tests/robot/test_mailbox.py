"""The mailbox of sent messages, read over IMAP from the mock's folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from mock_portals.holdings import Holdings, Mail
from mock_portals.imap import ImapServer
from mock_portals.world import World
from robots.imap_session import MailboxError
from robots.reconcile.sent_mail import open_mailbox
from robots.settings import ImapSettings
from tests.support.loop import LoopThread
from tests.support.marks import needs

REF = "CF-46000001-20261118-ed6260"
TEXT = "Estimada Ñusta:\r\nSu caso SIAC es el 70000001, la solicitud el 12.\r\n"


@dataclass
class Server:
    holdings: Holdings
    port: int
    server: asyncio.Server

    def account(self, password: str = "robot", **given: Any) -> tuple[ImapSettings, str]:
        known = {"host": "127.0.0.1", "port": self.port, "username": "robot", "security": "none"}
        return ImapSettings(**{**known, **given}), password


@pytest.fixture
@needs("server")
def sent(loop: LoopThread) -> Iterator[Server]:
    holdings = Holdings(World(today=date(2026, 11, 20)))
    for kind, reference in (
        ("respuesta", REF),
        ("respuesta", "CF-46000002-20261118-ed6260"),
        ("evidencia-cliente", REF),
        ("respuesta", f"{REF}0"),
    ):
        holdings.mail.append(
            Mail(
                to=["rosa@textiles.example"],
                subject="Su solicitud",
                text=TEXT,
                sender="robot@cargofijo.example",
                message_id=f"<{kind}.{reference}@cargofijo.example>",
            )
        )

    async def start() -> asyncio.Server:
        return await asyncio.start_server(ImapServer(holdings).serve, "127.0.0.1", 0)

    server = loop.run(start())
    yield Server(holdings, server.sockets[0].getsockname()[1], server)
    loop.loop.call_soon_threadsafe(server.close)


def test_what_was_sent_about_a_case_and_nothing_else(sent: Server) -> None:
    with open_mailbox(*sent.account()) as mailbox:
        found = mailbox.sent_about(REF)
        assert [mail.kind for mail in found] == ["respuesta", "evidencia-cliente"]
        assert found[0].to == ("rosa@textiles.example",)
        assert found[0].text.split() == TEXT.split()
        assert mailbox.sent_about("CF-1") == ()
        sent.holdings.mail.clear()
        assert mailbox.sent_about(REF) == ()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"password": "otra"}, "el servidor rechazó el usuario o la contraseña"),
        ({"folder": "Sent"}, "no se encuentra la carpeta de enviados (ajuste imap.folder)"),
        ({"security": "starttls"}, "el servidor no ofrece STARTTLS (ajuste imap.security)"),
        (
            {"port": 1},
            "el servidor no responde; revise imap.host, imap.port e imap.security",
        ),
    ],
    ids=lambda given: next(iter(given)) if isinstance(given, dict) else "",
)
def test_a_mailbox_that_cannot_be_opened(sent: Server, given: dict[str, Any], told: str) -> None:
    with pytest.raises(MailboxError) as raised, open_mailbox(*sent.account(**given)):
        pass
    assert str(raised.value) == f"No se puede leer el buzón de enviados: {told}."
    assert raised.value.__cause__ is None


def test_a_port_without_tls_is_told_as_one(sent: Server) -> None:
    with pytest.raises(MailboxError) as raised, open_mailbox(*sent.account(security="tls")):
        pass
    assert "no usa TLS en ese puerto: revise imap.security y el puerto (imap.port)." in str(
        raised.value
    )


def test_a_folder_may_be_named(sent: Server) -> None:
    with open_mailbox(*sent.account(folder="Elementos enviados")) as mailbox:
        assert len(mailbox.sent_about(REF)) == 2
