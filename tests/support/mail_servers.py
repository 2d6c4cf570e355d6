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

from flows.mail.send import Mailer
from flows.mail.tls import tls_context
from tests.support.debian import install
from tests.support.machine import free_port_base
from tests.support.tls import self_signed

PACKAGES = ("postfix", "dovecot-imapd", "dovecot-lmtpd")
DOMAIN = "claro.example"
ROBOT, PASSWORD = f"robot@{DOMAIN}", "cláve con ñ"
#: who has a mailbox
USERS = (ROBOT, f"buzon@{DOMAIN}")

_DOVECOT = """
base_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap lmtp
ssl = yes
ssl_cert = <{folder}/certificado.pem
ssl_key = <{folder}/clave.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
default_internal_user = dovecot
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
  override_fields = uid=nobody gid=nogroup home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
  }}
  mailbox "Sent Messages" {{
    special_use = \\Sent
  }}
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
  }}
}}
service lmtp {{
  unix_listener {folder}/spool/private/lmtp {{
    user = postfix
    mode = 0600
  }}
}}
service auth {{
  unix_listener {folder}/spool/private/auth {{
    user = postfix
    mode = 0600
  }}
}}
"""

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file_prefixes = {folder}
maillog_file = {folder}/postfix.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.{domain}
mydestination =
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = inline:{{ {known} }}
virtual_transport = lmtp:unix:private/lmtp
smtpd_tls_cert_file = {folder}/certificado.pem
smtpd_tls_key_file = {folder}/clave.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sender_login_maps = inline:{{ {{ {robot} = {robot} }} }}
smtpd_relay_restrictions = permit_sasl_authenticated, defer_unauth_destination
greylisting = check_recipient_access inline:{{ {{ {domain} = 450 4.2.0 Greylisted }} }}
smtpd_error_sleep_time = 0
alias_maps =
alias_database =
notify_classes =
"""

_SERVICES = """
127.0.0.1:{plain} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=reject_sender_login_mismatch
  -o smtpd_helo_required=yes
127.0.0.1:{wrapped} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{filtered} inet n - n - - smtpd
  -o smtpd_end_of_data_restrictions=check_policy_service,inet:127.0.0.1:9
127.0.0.1:{grey} inet n - n - - smtpd
  -o smtpd_recipient_restrictions=$greylisting
127.0.0.1:{strict} inet n - n - - smtpd
  -o smtpd_helo_restrictions=reject_non_fqdn_helo_hostname
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
#: Postfix's, by what each wants
SMTP_PORTS = ("plain", "submission", "wrapped", "filtered", "grey", "strict")


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


@contextmanager
def mail_servers() -> Iterator[MailServers]:
    """Both, running; skips the test where they cannot be."""
    if not installed():
        pytest.skip(f"needs root and, on Debian, apt-get install {' '.join(PACKAGES)}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = free_port_base(len(SMTP_PORTS) + 2)
        ports = {port: base + at for at, port in enumerate((*SMTP_PORTS, "imap", "imaps"))}
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
        "known": ", ".join(f"{{ {user} = ok }}" for user in USERS),
        **ports,
    }
    lines = [f"{user}:{{PLAIN}}{PASSWORD}::::::" for user in USERS]
    (folder / "users").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for file, text in (
        ("dovecot.conf", _DOVECOT),
        ("postfix/main.cf", _MAIN),
        ("postfix/master.cf", _SERVICES),
    ):
        (folder / file).write_text(text.format(**words), encoding="utf-8")


def _call(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
