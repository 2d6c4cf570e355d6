"""The robot's own key, which packets are signed with, and the public halves that they are checked
with: Ed25519 (RFC 8032)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from flows.rules.typed_text import decoded
from robots.failures import NotReady, Unusable
from robots.ops import keyring_store
from robots.settings import PACKET_KEY, Settings

_BYTES = 32


class KeyUnusable(NotReady):
    """There is no key to sign with, or it is none."""


def signing_key(settings: Settings, *, shared: bool) -> Ed25519PrivateKey:
    """The robot's key; a machine that has none makes one in its keyring, unless it is one of
    several (``shared``), which all have the same. Raises `KeyUnusable`."""
    kept = settings.secret_of(keyring_store.Owner.PACKET)
    if kept is not None:
        return _private(kept)
    if shared:
        raise KeyUnusable(
            "Falta la llave de los paquetes: en una flota es una sola. Hágala una vez con «openssl "
            f"rand -base64 32» y póngala en {PACKET_KEY}, o con «cargofijo credentials set "
            "packet», en cada máquina."
        )
    made = Ed25519PrivateKey.generate()
    try:
        keyring_store.store(
            keyring_store.Owner.PACKET, base64.b64encode(made.private_bytes_raw()).decode()
        )
    except keyring_store.NoKeyring:
        raise KeyUnusable(
            "Falta la llave de los paquetes y este equipo no tiene un llavero donde guardar una: "
            f"hágala con «openssl rand -base64 32» y póngala en {PACKET_KEY}."
        ) from None
    return made


def public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def read_public(path: Path) -> Ed25519PublicKey:
    """A public key as `packet key` prints it, or in another usual form; raises `Unusable`."""
    try:
        content = path.read_bytes()
    except OSError:
        raise Unusable(f"No se puede leer la llave {path}.") from None
    loaders: tuple[Callable[[bytes], object], ...] = (
        lambda given: serialization.load_pem_public_key(decoded(given).encode()),
        serialization.load_der_public_key,
        serialization.load_ssh_public_key,
        lambda given: Ed25519PublicKey.from_public_bytes(_raw(given.decode())),
    )
    found = _first(loaders, content)
    if isinstance(found, Ed25519PublicKey):
        return found
    raise Unusable(f"{path} no es una llave pública Ed25519: use la que da «cargofijo packet key».")


def fingerprint(key: Ed25519PublicKey) -> str:
    """By which people compare keys: the SHA-256 of its 32 bytes, in groups of four digits."""
    digest = hashlib.sha256(key.public_bytes_raw()).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def is_signed(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _private(text: str) -> Ed25519PrivateKey:
    """From 32 bytes in base64 or hexadecimal, or PKCS #8 in PEM or base64."""
    loaders: tuple[Callable[[bytes], object], ...] = (
        lambda given: serialization.load_pem_private_key(given.replace(b"\\n", b"\n"), None),
        lambda given: Ed25519PrivateKey.from_private_bytes(_raw(given.decode())),
        lambda given: serialization.load_der_private_key(base64.b64decode(given), None),
    )
    found = _first(loaders, text.strip().encode())
    if isinstance(found, Ed25519PrivateKey):
        return found
    raise KeyUnusable(
        f"La llave de los paquetes ({PACKET_KEY}, o «packet» en el llavero) no es una llave "
        "Ed25519: se esperan 32 bytes en base64, como los da «openssl rand -base64 32», o PKCS #8."
    )


def _first(loaders: tuple[Callable[[bytes], object], ...], content: bytes) -> object:
    for load in loaders:
        try:
            return load(content)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue  # another form
    return None


def _raw(text: str) -> bytes:
    """32 bytes; raises `ValueError`."""
    plain = "".join(text.split())
    try:
        if len(plain) == 2 * _BYTES:
            return bytes.fromhex(plain)
        decoded = base64.b64decode(plain, altchars=b"-_" if set(plain) & set("-_") else None)
    except binascii.Error:
        raise ValueError from None
    if len(decoded) != _BYTES:
        raise ValueError
    return decoded
