"""Postfix and Dovecot of the tests' own, on free ports of 127.0.0.1, with everything they keep in a
temporary folder. As root on Debian their packages are installed where they are missing; elsewhere
these tests are skipped and say so."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from imapclient import IMAPClient

from flows.mail.send import Mailer
from flows.mail.tls import tls_context
from tests.support.debian import install
from tests.support.machine import free_port_base
from tests.support.mail_configuration import DOVECOT, MAIN, SERVICES
from tests.support.tls import self_signed

PACKAGES = ("postfix", "dovecot-imapd", "dovecot-lmtpd")
DOMAIN = "claro.example"
ROBOT, PASSWORD = f"robot@{DOMAIN}", "cláve con ñ"
#: whose mailbox takes one message; whom Postfix takes mail for, and Dovecot does not know
FULL, GONE = f"lleno@{DOMAIN}", f"perdido@{DOMAIN}"
#: whose mailbox, and whose server behind this one, takes no message of more than 1,000 bytes
SMALL, NARROW = f"menudo@{DOMAIN}", f"estrecho@{DOMAIN}"
#: whom Postfix takes mail for, and whose Dovecot takes none for an address beyond ASCII
ACCENTED = f"peña@{DOMAIN}"
#: who has a mailbox, and what of it is its own
USERS = {
    ROBOT: "",
    f"buzon@{DOMAIN}": "",
    FULL: "userdb_quota_rule=*:messages=1",
    SMALL: "userdb_quota_max_mail_size=1000",
}

#: Postfix's, by what each wants
SMTP_PORTS = (
    *("plain", "submission", "wrapped", "strict", "grey", "stranger", "quota"),
    *("filtered", "milter", "proxied"),
    *("small", "hasty", "busy", "single"),
)


@functools.cache
def installed() -> bool:
    if not _found():
        install(*PACKAGES)
    return _found() and os.geteuid() == 0  # both take the names of others than who starts them


def _found() -> bool:
    return all(shutil.which(name) for name in ("postfix", "dovecot"))


@dataclass
class MailServers:
    folder: Path
    ports: dict[str, int]

    def mailer(self, port: str, **changed: object) -> Mailer:
        """A robot with a user, behind TLS where that port has it."""
        known = {
            "host": "localhost",
            "port": self.ports[port],
            "sender": ROBOT,
            "security": {"submission": "starttls", "wrapped": "tls"}.get(port, "none"),
            "tls_context": tls_context(self.folder / "certificado.pem"),
            "timeout": 30,
        }
        if port in ("submission", "wrapped"):
            known |= {"username": ROBOT, "password": lambda: PASSWORD}
        return Mailer(**{**known, **changed})  # type: ignore[arg-type]

    def inbox(self, user: str = ROBOT) -> list[bytes]:
        """What has been delivered to this user."""
        with IMAPClient("localhost", self.ports["imap"], ssl=False) as box:
            box.plain_login(user, PASSWORD)
            box.select_folder("INBOX", readonly=True)
            found = box.fetch(box.search(), ["RFC822"]) if box.search() else {}
            return [message[b"RFC822"] for message in found.values()]

    def fill(self, user: str) -> None:
        with IMAPClient("localhost", self.ports["imap"], ssl=False) as box:
            box.plain_login(user, PASSWORD)
            box.append("INBOX", b"Subject: lleno\r\n\r\n")


@contextmanager
def mail_servers() -> Iterator[MailServers]:
    """Both, running; skips the test where they cannot be."""
    if not installed():
        pytest.skip(f"needs root and, on Debian, apt-get install {' '.join(PACKAGES)}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = (*SMTP_PORTS, "imap", "imaps", "postgrey")
        base = free_port_base(len(names))
        ports = {port: base + at for at, port in enumerate(names)}
        _configure(folder, ports)
        dovecot = ["dovecot", "-c", str(folder / "dovecot.conf")]
        postfix = ["postfix", "-c", str(folder / "postfix")]
        _call(*dovecot)
        try:
            _call(*postfix, "start")
            try:
                yield MailServers(folder, ports)
            finally:
                _call(*postfix, "stop")
        finally:
            _call("doveadm", "-c", str(folder / "dovecot.conf"), "stop")


def _configure(folder: Path, ports: dict[str, int]) -> None:
    folder.chmod(0o755)
    self_signed(folder, "localhost")
    for kept, owner in (("mail", "nobody"), ("data", "postfix"), ("spool", "root")):
        (folder / kept).mkdir()
        shutil.chown(folder / kept, owner)
    (folder / "spool" / "private").mkdir(mode=0o700)
    shutil.chown(folder / "spool" / "private", "postfix")
    (folder / "postfix").mkdir()
    words = {
        "folder": folder,
        "domain": DOMAIN,
        "robot": ROBOT,
        "known": ", ".join(f"{{ {user} = ok }}" for user in (*USERS, GONE, NARROW, ACCENTED)),
        "narrow": NARROW,
        **ports,
    }
    lines = [f"{user}:{{PLAIN}}{PASSWORD}::::::{own}" for user, own in USERS.items()]
    (folder / "users").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for file, text in (
        ("dovecot.conf", DOVECOT),
        ("postfix/main.cf", MAIN),
        ("postfix/master.cf", SERVICES),
    ):
        (folder / file).write_text(text.format(**words), encoding="utf-8")


def _call(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
