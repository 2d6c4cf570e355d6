"""The sent messages of the robot's own mailbox, read over IMAP and never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from flows.rules.case import Model
from robots.imap_session import ImapReading, open_session
from robots.settings import ImapSettings

_READING = ImapReading("imap", "No se puede leer el buzón de enviados")


class SentMail(Model):
    """One sent message. ``kind`` is what its Message-ID says that it is about."""

    kind: str
    to: tuple[str, ...]
    text: str


class Mailbox:
    """The folders that the server marks as those of sent messages, or the one that is named."""

    def __init__(self, server: IMAPClient, folders: Sequence[str]) -> None:
        self._server, self._folders = server, folders

    def sent_about(self, reference: str) -> tuple[SentMail, ...]:
        """Messages that were sent about this case, folder by folder in their order; one that is
        kept in two folders counts once."""
        found: Counter[SentMail] = Counter()
        with _READING.translated():
            for folder in self._folders:
                found |= Counter(self._found_in(folder, reference))
        return tuple(found.elements())

    def _found_in(self, folder: str, reference: str) -> Iterator[SentMail]:
        self._server.select_folder(folder, readonly=True)
        for number in self._server.search(["HEADER", "Message-ID", reference]):
            fetched = self._server.fetch([number], ["BODY.PEEK[]"])
            raw = fetched.get(number, {}).get(b"BODY[]")
            # without: deleted meanwhile (see `robots.inbox.mail_folder`)
            if raw is not None and (mail := _read(raw, reference)) is not None:
                yield mail


@contextmanager
def open_mailbox(imap: ImapSettings, password: str) -> Iterator[Mailbox]:
    """Open the folders of sent messages, read-only; raises `MailboxError`, also from within."""
    with open_session(imap, password, _READING, use_uid=False) as server:
        with _READING.translated("no se encuentra la carpeta de enviados (ajuste imap.folder)"):
            folders = [imap.folder] if imap.folder else _sent_folders(server)
            for folder in folders:
                server.select_folder(folder, readonly=True)
        yield Mailbox(server, folders)


def _sent_folders(server: IMAPClient) -> list[str]:
    """By their mark (RFC 6154), since a name depends on the language; one may be marked that has
    never been made."""
    found = []
    for flags, _, name in server.list_folders():
        marks = {flag.lower() for flag in flags}
        if b"\\sent" in marks and not marks & {b"\\noselect", b"\\nonexistent"}:
            found.append(name)
    if not found:
        raise IMAPClientError("none is marked")
    return found


def _read(raw: bytes, reference: str) -> SentMail | None:
    """None where another case's reference only begins with this one."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    kind, _, rest = str(message.get("Message-ID", "")).strip("<> ").partition(".")
    if rest.partition("@")[0] != reference:
        return None
    body = message.get_body(("plain",))
    return SentMail(
        kind=kind,
        to=tuple(
            address.addr_spec
            for header in message.get_all("To", [])
            for address in header.addresses
        ),
        text=body.get_content() if body else "",
    )
