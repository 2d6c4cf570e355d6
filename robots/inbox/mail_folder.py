"""The folder of the mailbox that is read. Nothing in it is ever deleted, nor marked as read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from robots.imap_session import ImapReading, open_session
from robots.settings import InboxSettings

READING = ImapReading("inbox", "No se puede leer el buzón")
#: fetched at once: so many bytes, unless one alone is larger, or so many messages
_AT_ONCE_BYTES, _AT_ONCE = 8 * 1024 * 1024, 100
#: sizes asked for, and messages put away, in one command
_NAMED_AT_ONCE = 500
_FLAGGED = b"\\Flagged"


@dataclass
class MailFolder:
    """An open folder; ``name`` tells it from any other of any account."""

    server: IMAPClient
    name: str
    uidvalidity: int
    #: empty where nothing is moved: it is not wanted, or the server cannot
    done_folder: str

    def uids_after(self, last: int) -> list[int]:
        with READING.translated():
            found = self.server.search(["UID", f"{last + 1}:*"])
        # «n:*» is the last message also where that is an older one (RFC 3501)
        return sorted(uid for uid in found if uid > last)

    def messages(self, uids: Sequence[int], largest: int) -> Iterator[dict[int, bytes | None]]:
        """The messages by UID, some at a time; None for one that is larger. One that is gone by now
        is left out: Dovecot tells of it with an empty body, until the session has heard of it
        (``findings/deleted-elsewhere-comes-empty.sh``)."""
        for named in _parts(uids, _NAMED_AT_ONCE):
            with READING.translated():
                sizes = self.server.fetch(named, ["RFC822.SIZE"])
            known = {uid: sizes[uid][b"RFC822.SIZE"] for uid in named if uid in sizes}
            for part in _portions(known, largest):
                wanted = [uid for uid in part if known[uid] <= largest]
                with READING.translated():
                    found = self.server.fetch(wanted, ["BODY.PEEK[]"]) if wanted else {}
                bodies = {uid: found.get(uid, {}).get(b"BODY[]") for uid in wanted}
                yield {uid: bodies.get(uid) for uid in part if bodies.get(uid, b"") is not None}

    def put_away(self, uids: Sequence[int]) -> None:
        """Move them to the folder of what is done, or flag them where that cannot be."""
        for part in _parts(uids, _NAMED_AT_ONCE):
            if self.done_folder:
                with READING.translated(
                    f"no deja mover correos a «{self.done_folder}» (ajuste inbox.done_folder)"
                ):
                    try:
                        self.server.move(part, self.done_folder)
                    except IMAPClientError:
                        # Dovecot moves none where somebody has just deleted one of them
                        self.server.noop()
                        self.server.move(part, self.done_folder)
            else:
                with READING.translated("no deja marcar los correos"):
                    self.server.add_flags(part, [_FLAGGED], silent=True)

    def make_done_folder(self) -> None:
        """Make the folder of what is done where it is not there."""
        if not self.done_folder:
            return
        with READING.translated(
            f"no existe la carpeta «{self.done_folder}» y no se pudo crear (ajuste "
            "inbox.done_folder)"
        ):
            # LIST has it also where only a folder below it is there, and takes % and * for others
            try:
                self.server.folder_status(self.done_folder, ["UIDVALIDITY"])
            except IMAPClientError:
                self.server.create_folder(self.done_folder)


@contextmanager
def open_folder(
    inbox: InboxSettings, password: str, *, readonly: bool = False
) -> Iterator[MailFolder]:
    """Open the folder that the settings name; raises `MailboxError`, also from within."""
    with open_session(inbox, password, READING, use_uid=True) as server:
        with READING.translated(f"no se encuentra la carpeta «{inbox.folder}» (inbox.folder)"):
            told = server.select_folder(inbox.folder, readonly=readonly)
        with READING.translated():
            if b"UIDVALIDITY" not in told:
                raise IMAPClientError("UIDVALIDITY is not told")
            moves = inbox.done_folder if server.has_capability("MOVE") else ""
        name = f"{inbox.username}@{inbox.host}/{inbox.folder}"
        yield MailFolder(server, name, int(told[b"UIDVALIDITY"]), moves)


def _parts(uids: Sequence[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(uids), size):
        yield list(uids[start : start + size])


def _portions(sizes: dict[int, int], largest: int) -> Iterator[list[int]]:
    part: list[int] = []
    total = 0
    for uid, size in sizes.items():
        size = size if size <= largest else 0
        if part and (total + size > _AT_ONCE_BYTES or len(part) == _AT_ONCE):
            yield part
            part, total = [], 0
        part.append(uid)
        total += size
    if part:
        yield part
