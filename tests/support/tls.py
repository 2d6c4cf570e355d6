"""Certificates of one's own."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Issued:
    """A certificate with its key, and whoever it may issue others for."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    def served(self, folder: Path) -> ssl.SSLContext:
        """A server's side with it; the folder is for files that nobody needs afterwards."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT@SECLEVEL=0")  # what is old and weak is served, too
        both = folder / "servidor.pem"
        both.write_text(self.pem + self.key_pem, encoding="ascii")
        context.load_cert_chain(both)
        return context

    def issue(
        self, name: str, *, ca: bool = False, until: int = 1, key: Key | None = None
    ) -> Issued:
        """For a host, an address or, as ``ca``, another authority; valid for so many days more."""
        return _issued(name, ca=ca, until=until, key=key, by=self)


def authority(name: str, *, ca: bool = True) -> Issued:
    """Signed by itself; a server's own, where it is no ``ca``."""
    return _issued(name, ca=ca, until=1, key=None, by=None)


def self_signed(folder: Path, name: str) -> tuple[Path, Path]:
    """Certificate and key, as PEM files. The certificate is its own authority, valid today, for a
    host or an address."""
    made = authority(name)
    files = folder / "certificado.pem", folder / "clave.pem"
    for file, text in zip(files, (made.pem, made.key_pem), strict=True):
        file.write_text(text, encoding="ascii")
    return files


def _issued(name: str, *, ca: bool, until: int, key: Key | None, by: Issued | None) -> Issued:
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = by.certificate.subject if by else subject
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3))
        .not_valid_after(now + timedelta(days=until))
        .add_extension(x509.SubjectAlternativeName([_alternative(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(by.key if by else key, hashes.SHA256())
    )
    return Issued(certificate, key)


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
