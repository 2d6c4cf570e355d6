"""One look at the mailbox: what is new is recorded, decided upon, and what is done put away.

Each of the three may be broken off anywhere and is found again at the next look: a message is
recorded before the mailbox counts as read, and put away only once its case has it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr

from loguru import logger

from flows.mail.received import Received, fingerprint, read_message
from flows.rules.mail_matching import Bounce, Reason, with_bounces
from flows.store.incoming_mail import Copy, Message, Messages, State
from flows.store.ledger import Ledger
from robots.imap_session import MailboxError
from robots.inbox.mail_folder import MailFolder, open_folder
from robots.settings import Settings

#: bytes; a larger message waits as one that cannot be read
LARGEST = 40 * 1024 * 1024
#: characters of a sender or a subject that are kept
_SHOWN = 200


@dataclass
class MailboxLook:
    """What a look, or several, came to; ``problems`` are sentences about what could not be read or
    put away, which the next look tries again."""

    messages: int = 0
    counts: Counter[State] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        return int(bool(self.problems))

    @property
    def summary(self) -> dict[str, int]:
        """By the names of ``--json``."""
        return {
            "messages": self.messages,
            "attached": self.counts[State.ATTACHED],
            "waiting": self.counts[State.WAITING],
            "bounces": self.counts[State.BOUNCE],
            "automatic": self.counts[State.AUTOMATIC],
        }

    @property
    def told(self) -> str:
        found = self.summary
        return (
            f"Correos nuevos en el buzón: {found['messages']}. Ya son evidencia de su caso: "
            f"{found['attached']}; esperan en «Correos»: {found['waiting']}; volvieron sin "
            f"entregarse: {found['bounces']}; respuestas automáticas: {found['automatic']}."
        )


def reader(settings: Settings) -> Reader:
    inbox = settings.inbox
    return Reader(
        domain=parseaddr(settings.smtp.sender)[1].rpartition("@")[2],
        authserv_id=inbox.authserv_id or inbox.host,
        trust_from=inbox.trust_from,
    )


@dataclass(frozen=True)
class Reader:
    """How a message is read, by the settings."""

    domain: str
    authserv_id: str
    trust_from: bool

    def __call__(self, raw: bytes) -> Received:
        return read_message(
            raw, domain=self.domain, authserv_id=self.authserv_id, trust_from=self.trust_from
        )


async def read_mailbox(settings: Settings, ledger: Ledger, look: MailboxLook) -> None:
    """Record what is new, and put away what is done; raises `MailboxError` where the mailbox cannot
    be opened."""
    await asyncio.to_thread(_read_mailbox, settings, ledger, look)


async def put_away(settings: Settings, ledger: Ledger, look: MailboxLook) -> None:
    """Put away what is done since the mailbox was read."""

    def work() -> None:
        try:
            with open_folder(settings.inbox, settings.password_of("inbox")) as folder:
                _put_away(folder, Messages(ledger.engine))
        except MailboxError as error:
            look.problems.append(str(error))

    await asyncio.to_thread(work)


def _read_mailbox(settings: Settings, ledger: Ledger, look: MailboxLook) -> None:
    messages = Messages(ledger.engine)
    with open_folder(settings.inbox, settings.password_of("inbox")) as folder:
        try:
            _record_new(folder, messages, reader(settings), look)
            _put_away(folder, messages)
        except MailboxError as error:  # it was open: what was recorded is recorded
            look.problems.append(str(error))
    tell_bounces(ledger)


def _record_new(folder: MailFolder, messages: Messages, read: Reader, look: MailboxLook) -> None:
    uidvalidity, last = messages.read_to(folder.name)
    if uidvalidity != folder.uidvalidity:  # the server numbers anew
        last = 0
    uids = folder.uids_after(last)
    for portion in folder.messages(uids, LARGEST):
        found: list[tuple[Copy, Message, bytes | None]] = []
        bounces: list[Bounce] = []
        for uid, raw in portion.items():
            message, bounce, content = _as_recorded(folder, uid, raw, read)
            copy = Copy(
                folder=folder.name, uidvalidity=folder.uidvalidity, uid=uid, key=message.key
            )
            found.append((copy, message, content))
            bounces += [bounce] if bounce else []
        last = max(portion, default=last)
        new = messages.record(found, bounces, folder.name, folder.uidvalidity, last)
        look.messages += len(portion)
        look.counts.update(message.state for message in new if message.state is not State.NEW)
        logger.info("mailbox_read", messages=len(portion), new=len(new))


def _as_recorded(
    folder: MailFolder, uid: int, raw: bytes | None, read: Reader
) -> tuple[Message, Bounce | None, bytes | None]:
    """How a message is recorded, the e-mail of ours that it says came back, and what is kept."""
    now = datetime.now(UTC)
    if raw is None:
        key = f"{folder.name} {folder.uidvalidity} {uid}"
        told = f"Pasa de {LARGEST // 1024 // 1024} MB."
        unread = Message(
            key=key, state=State.WAITING, came=now, reason=Reason.ILEGIBLE, detail=told
        )
        return unread, None, None
    message, key = read(raw), fingerprint(raw)
    if message.bounce is not None:
        reference = message.bounce.reference
        bounce = Message(key=key, state=State.BOUNCE, came=now, reference=reference)
        return bounce, message.bounce, None
    if message.is_automatic:
        return Message(key=key, state=State.AUTOMATIC, came=now), None, None
    new = Message(
        key=key,
        state=State.NEW,
        came=now,
        sender=message.shown_sender[:_SHOWN],
        about=message.subject[:_SHOWN],
        sent=message.sent,
    )
    return new, None, raw


def _put_away(folder: MailFolder, messages: Messages) -> None:
    done = messages.to_put_away(folder.name, folder.uidvalidity)
    if done:
        folder.make_done_folder()
        folder.put_away([copy.uid for copy in done])
        messages.put_away(done)


def tell_bounces(ledger: Ledger, references: Iterable[str] | None = None) -> None:
    """Tell in the outcome of each case that has ended which of its e-mails came back."""
    messages = Messages(ledger.engine)
    found = messages.bounces_of(messages.bounced() if references is None else references)
    for reference, latest in ledger.latest(found).items():
        if latest.outcome is None:
            continue  # told as it ends
        told = with_bounces(latest.outcome, found[reference])
        if told != latest.outcome:
            ledger.amend(reference, latest.attempt, told)
