"""The sender's mailbox over IMAP: what the mail server keeps of what it was given to send.

Only what a client needs that looks something up (RFC 3501): log in, find the folder of sent
messages, open it for reading, search by a header, and fetch.
"""

from __future__ import annotations

import asyncio
import re
import shlex
from email.message import EmailMessage
from email.policy import SMTP

from mock_portals.holdings import Holdings, Mail
from mock_portals.sessions import USERS

#: the folder that is marked as the one of sent messages
FOLDER = "Elementos enviados"


def as_message(mail: Mail) -> bytes:
    """The message as it stands in the folder."""
    message = EmailMessage(policy=SMTP)
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    message["Subject"] = mail.subject
    message["Message-ID"] = mail.message_id
    message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


class SentFolder:
    """Answers one client after the other's commands, each with the mail as it is then."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK IMAP4rev1 listo\r\n")
        inside = False
        try:
            while line := await reader.readline():
                tag, _, command = line.decode(errors="replace").strip().partition(" ")
                word, _, rest = command.partition(" ")
                if word.upper() == "LOGIN":
                    inside = shlex.split(rest) in [[*known] for known in USERS.items()]
                answers, verdict = self._answer(word.upper(), rest, inside)
                for answer in answers:
                    writer.write(b"* " + answer + b"\r\n")
                writer.write(f"{tag} {verdict}\r\n".encode())
                await writer.drain()
                if word.upper() == "LOGOUT":
                    return
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _answer(self, word: str, rest: str, inside: bool) -> tuple[list[bytes], str]:
        mail = self.holdings.mail
        match word:
            case "CAPABILITY":
                return [b"CAPABILITY IMAP4rev1"], "OK hecho"
            case "NOOP":
                return [], "OK hecho"
            case "LOGOUT":
                return [b"BYE"], "OK hecho"
            case "LOGIN" if not inside:
                return [], "NO [AUTHENTICATIONFAILED] usuario o contrasena incorrectos"
            case _ if not inside:
                return [], "BAD hay que entrar primero"
            case "LOGIN":
                return [], "OK hecho"
            case "LIST":
                sent = f'LIST (\\HasNoChildren \\Sent) "/" "{FOLDER}"'
                return [b'LIST (\\HasNoChildren) "/" INBOX', sent.encode()], "OK hecho"
            case "EXAMINE" | "SELECT":
                if rest.strip('"') != FOLDER:
                    return [], "NO no existe esa carpeta"
                return [f"{len(mail)} EXISTS".encode()], "OK [READ-ONLY]"
            case "SEARCH":
                header = re.search(r'HEADER MESSAGE-ID "?([^" ]*)"?', rest, re.IGNORECASE)
                wanted = header[1].lower() if header else ""
                found = [n for n, one in enumerate(mail, 1) if wanted in one.message_id.lower()]
                return [" ".join(["SEARCH", *map(str, found)]).encode()], "OK hecho"
            case "FETCH":
                return self._fetch(rest), "OK hecho"
            case _:
                return [], "BAD no se entiende"

    def _fetch(self, rest: str) -> list[bytes]:
        numbers = [int(part) for part in rest.partition(" ")[0].split(",") if part.isdigit()]
        answers = []
        for number in numbers:
            if number <= len(self.holdings.mail):
                raw = as_message(self.holdings.mail[number - 1])
                size = f"{number} FETCH (BODY[] {{{len(raw)}}}\r\n".encode()
                answers.append(size + raw + b")")
        return answers
