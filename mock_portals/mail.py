"""The mailbox: an SMTP server that keeps what it is given."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from mock_portals.faults import Faults
from mock_portals.holdings import Holdings, Mail


class Mailbox:
    """Takes any message over SMTP into ``/state``'s ``mail``, subject to the faults of *smtp*.

    *error* is a whole answer, which says that nothing was taken (RFC 5321, 4.2.1); after
    *error_after* and *lost_reply* the message is taken and the connection lost, in the middle of
    an answer or without one.
    """

    def __init__(self, holdings: Holdings, faults: Faults) -> None:
        self.holdings = holdings
        self.faults = faults

    def server(self) -> SMTP:
        return SMTP(self, hostname="localhost", enable_SMTPUTF8=True)

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: SmtpSession, envelope: Envelope
    ) -> str:
        fault = self.faults.pick("smtp", "/", "DATA", True)
        if fault is not None and fault.kind in ("slow", "hang"):
            await asyncio.sleep(600 if fault.kind == "hang" else fault.ms / 1000)
            fault = None
        if fault is None or fault.kind != "error":
            self._keep(envelope)
        if fault is None:
            return "250 OK"
        answer = f"{fault.status or 451} Requested action aborted"
        if fault.kind != "error" and isinstance(server.transport, asyncio.WriteTransport):
            if fault.kind == "error_after":  # a whole answer would say that nothing was taken
                server.transport.write(answer.replace(" ", "-", 1).encode() + b"\r\n")
            server.transport.close()
        return answer

    def _keep(self, envelope: Envelope) -> None:
        content: Any = envelope.original_content or b""
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.holdings.mail.append(
            Mail(
                to=list(envelope.rcpt_tos),
                subject=str(message.get("Subject", "")),
                text=_part(message, "plain"),
                html=_part(message, "html"),
                sender=envelope.mail_from or "",
                message_id=str(message.get("Message-ID", "")),
            )
        )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
