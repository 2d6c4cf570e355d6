"""The mailbox over IMAP: what the mail server keeps of what it was given to send, and what came in.

Only what a client needs that looks something up or takes it away (RFC 3501, MOVE of RFC 6851): log
in, find a folder, make one, open it, search by a header or a UID, fetch, flag and move.
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
#: of every folder, as long as the process lives
UIDVALIDITY = 1


def as_message(mail: Mail) -> bytes:
    """The message as it stands in the folder."""
    message = EmailMessage(policy=SMTP)
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    message["Subject"] = mail.subject
    message["Message-ID"] = mail.message_id
    message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


class ImapServer:
    """Answers one client after the other's commands, each with the mail as it is then."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings

    def answered(self, session: ImapSession, command: str) -> tuple[list[bytes], str]:
        """The untagged answers, and the verdict."""
        return session.answer(command)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK IMAP4rev1 listo\r\n")
        session = ImapSession(self.holdings)
        try:
            while line := await reader.readline():
                tag, _, command = line.decode(errors="replace").strip().partition(" ")
                answers, verdict = self.answered(session, command)
                for answer in answers:
                    writer.write(b"* " + answer + b"\r\n")
                writer.write(f"{tag} {verdict}\r\n".encode())
                await writer.drain()
                if command.upper() == "LOGOUT":
                    return
        except ConnectionError:
            pass
        finally:
            writer.close()


class ImapSession:
    """One client's, from its login on; ``folder`` is the one that is open."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings
        self.inside = False
        self.folder = ""

    def answer(self, command: str) -> tuple[list[bytes], str]:
        """The untagged answers, and the verdict."""
        word, _, rest = command.partition(" ")
        by_uid = word.upper() == "UID"
        if by_uid:
            word, _, rest = rest.partition(" ")
        match word.upper():
            case "CAPABILITY":
                return [b"CAPABILITY IMAP4rev1 MOVE"], "OK hecho"
            case "NOOP":
                return [], "OK hecho"
            case "LOGOUT":
                return [b"BYE"], "OK hecho"
            case "LOGIN":
                self.inside = shlex.split(rest) in [[*known] for known in USERS.items()]
                refused = "NO [AUTHENTICATIONFAILED] usuario o contrasena incorrectos"
                return [], "OK hecho" if self.inside else refused
            case _ if not self.inside:
                return [], "BAD hay que entrar primero"
            case "LIST":
                return self._list(rest), "OK hecho"
            case "CREATE":
                self.holdings.folders.setdefault(_quoted(rest)[-1], [])
                return [], "OK hecho"
            case "STATUS":
                return self._status(shlex.split(rest)[0])
            case "EXAMINE" | "SELECT":
                return self._select(_quoted(rest)[-1], word.upper() == "EXAMINE")
            case "SEARCH":
                found = [
                    uid if by_uid else number
                    for number, (uid, raw) in enumerate(self._messages(), 1)
                    if _is_wanted(rest, uid, raw)
                ]
                return [" ".join(["SEARCH", *map(str, found)]).encode()], "OK hecho"
            case "FETCH":
                return self._fetch(rest, by_uid), "OK hecho"
            case "STORE":
                return self._flag(rest), "OK hecho"
            case "MOVE":
                return self._move(rest)
            case _:
                return [], "BAD no se entiende"

    def _messages(self) -> list[tuple[int, bytes]]:
        """The open folder's, with their UIDs."""
        if self.folder == FOLDER:
            return [(n, as_message(mail)) for n, mail in enumerate(self.holdings.mail, 1)]
        return [(kept.uid, kept.raw) for kept in self.holdings.folders.get(self.folder, ())]

    def _list(self, rest: str) -> list[bytes]:
        pattern = _quoted(rest)[-1]
        marked = {FOLDER: "\\HasNoChildren \\Sent"}
        names = [*self.holdings.folders, FOLDER]
        return [
            f'LIST ({marked.get(name, chr(92) + "HasNoChildren")}) "/" "{name}"'.encode()
            for name in names
            if pattern in ("*", "%", name)
        ]

    def _status(self, name: str) -> tuple[list[bytes], str]:
        if name != FOLDER and name not in self.holdings.folders:
            return [], "NO no existe esa carpeta"
        return [f'STATUS "{name}" (UIDVALIDITY {UIDVALIDITY})'.encode()], "OK hecho"

    def _select(self, name: str, readonly: bool) -> tuple[list[bytes], str]:
        if name != FOLDER and name not in self.holdings.folders:
            return [], "NO no existe esa carpeta"
        self.folder = name
        count = len(self._messages())
        told = [f"{count} EXISTS".encode(), f"OK [UIDVALIDITY {UIDVALIDITY}] valen".encode()]
        return told, f"OK [READ-{'ONLY' if readonly else 'WRITE'}]"

    def _fetch(self, rest: str, by_uid: bool) -> list[bytes]:
        wanted, _, items = rest.partition(" ")
        answers = []
        for number, (uid, raw) in enumerate(self._messages(), 1):
            if not _is_in(uid if by_uid else number, wanted):
                continue
            head = f"{number} FETCH (" + (f"UID {uid} " if by_uid else "")
            if "RFC822.SIZE" in items:
                answers.append(f"{head}RFC822.SIZE {len(raw)})".encode())
            else:
                answers.append(f"{head}BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")")
        return answers

    def _flag(self, rest: str) -> list[bytes]:
        wanted, _, items = rest.partition(" ")
        for kept in self.holdings.folders.get(self.folder, ()):
            if _is_in(kept.uid, wanted):
                kept.flags |= set(re.findall(r"\\\w+", items))
        return []

    def _move(self, rest: str) -> tuple[list[bytes], str]:
        wanted, _, name = rest.partition(" ")
        folders, name = self.holdings.folders, _quoted(name)[-1]
        if name not in folders:
            return [], "NO [TRYCREATE] no existe esa carpeta"
        going = [kept for kept in folders[self.folder] if _is_in(kept.uid, wanted)]
        folders[self.folder] = [kept for kept in folders[self.folder] if kept not in going]
        for kept in going:
            self.holdings.keep(name, kept.raw)
        return [], "OK hecho"


def _quoted(rest: str) -> list[str]:
    """The words of a command; a folder's name is left as it is written, in modified UTF-7."""
    return shlex.split(rest) or [""]


def _is_in(number: int, wanted: str) -> bool:
    """Whether a sequence set (``3,5:7``) names it."""
    ranges = [part.partition(":")[::2] for part in wanted.split(",")]
    return any(int(first) <= number <= int(last or first) for first, last in ranges)


def _is_wanted(criteria: str, uid: int, raw: bytes) -> bool:
    if header := re.search(r'HEADER MESSAGE-ID "?([^" ]*)"?', criteria, re.IGNORECASE):
        found = re.search(rb"^Message-ID:\s*(.*)$", raw, re.IGNORECASE | re.MULTILINE)
        return header[1].lower() in (found[1].decode().lower() if found else "")
    if after := re.search(r"UID (\d+):\*", criteria):
        return uid >= int(after[1])
    return True
