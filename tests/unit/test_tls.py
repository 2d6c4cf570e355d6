"""Why a connection to a mail server is not secure, by what OpenSSL says at both its ends."""

from __future__ import annotations

import ssl
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from flows.mail.tls import tls_context, why_not_secure
from tests.support.tls import Issued, authority

HOST = "correo.claro.example"
ROOT = authority("raiz.claro.example")
GOOD = ROOT.issue(HOST)
WEAK = ROOT.issue(HOST, key=rsa.generate_private_key(65537, 1024))
GROUPS: tuple[Literal["smtp"], Literal["imap"]] = ("smtp", "imap")
OLD = {"minimum_version": ssl.TLSVersion.TLSv1, "maximum_version": ssl.TLSVersion.TLSv1_1}

#: the server's certificate, what of its side is changed, and words of the sentence
WRONG: dict[str, tuple[Issued | None, dict[str, Any], str]] = {
    "unknown authority": (authority("otra.example").issue(HOST), {}, "ponga en {}.ca"),
    "signed by itself": (authority(HOST), {}, "ponga en {}.ca"),
    "another name": (ROOT.issue("otro.claro.example"), {}, "ponga en {}.host"),
    "no TLS": (None, {}, "no usa TLS en ese puerto: revise {}.security"),
    "out of date": (ROOT.issue(HOST, until=-1), {}, "venció o todavía no vale"),
    "a weak key": (WEAK, {}, "demasiado antiguos o débiles"),
    "an old TLS": (GOOD, OLD, "demasiado antiguos o débiles"),
}


@pytest.fixture
def ours(tmp_path: Path) -> ssl.SSLContext:
    ca = tmp_path / "ca.pem"
    ca.write_text(ROOT.pem, encoding="ascii")
    return tls_context(ca)


def refusal(ours: ssl.SSLContext, theirs: ssl.SSLContext | None) -> ssl.SSLError | None:
    """What we say of a server; without TLS it greets. None where there is nothing to be said."""
    to_us, to_them = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ours.wrap_bio(to_us, to_them, server_hostname=HOST)
    server = theirs.wrap_bio(to_them, to_us, server_side=True) if theirs else None
    if server is None:
        to_us.write(b"220 correo.claro.example ESMTP\r\n")
    for _ in range(4):
        try:
            client.do_handshake()
            return None
        except ssl.SSLWantReadError:
            with suppress(ssl.SSLError):
                if server is not None:
                    server.do_handshake()
        except ssl.SSLError as error:
            return error
    raise AssertionError("neither said a word")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize(("issued", "changed", "told"), WRONG.values(), ids=WRONG)
def test_the_cause_is_told_with_what_is_to_be_mended(
    ours: ssl.SSLContext,
    tmp_path: Path,
    issued: Issued | None,
    changed: dict[str, Any],
    told: str,
) -> None:
    theirs = issued.served(tmp_path) if issued else None
    for name, value in changed.items():
        setattr(theirs, name, value)
    error = refusal(ours, theirs)
    assert error is not None
    for group in GROUPS:
        assert told.format(group) in why_not_secure(error, group)


def test_a_server_that_is_trusted_is_told_nothing_of(ours: ssl.SSLContext, tmp_path: Path) -> None:
    assert refusal(ours, GOOD.served(tmp_path)) is None
