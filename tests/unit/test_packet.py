"""What a packet says of itself: each altered byte, each file too many or too few, each signer."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from robots.failures import Unusable
from robots.packet.keys import KeyUnusable, fingerprint, public_pem, read_public, signing_key
from robots.packet.manifest import DOCUMENT, MANIFEST, SIGNATURE, is_packet
from robots.packet.verify import NoPacket, Verified, verify
from robots.settings import PacketSettings, Settings
from tests.support.machine import FULL
from tests.support.packets import case_file, contents, packet, read_zip, repacked

PICTURE, NOTE = "archivos/linea-1.png", "archivos/registros/siac-guardado.json"
#: `make test` alters some of the bytes
EACH = 1 if FULL else 11
FILES = (case_file("linea-1.png", b"a picture"), case_file("registros/siac-guardado.json", b"{}"))


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def whole(tmp_path: Path, key: Ed25519PrivateKey) -> Path:
    return packet(tmp_path / "caso.zip", key, *FILES)


def told(found: Verified) -> str:
    return "\n".join(found.told())


def test_one_as_it_was_made(whole: Path, key: Ed25519PrivateKey) -> None:
    assert is_packet(whole)
    found = verify(whole)
    assert found.is_intact and "firmante no comprobado" in told(found)
    found = verify(whole, key.public_key())
    assert found.is_intact and "firmado con esa llave" in told(found)
    assert fingerprint(key.public_key()) in told(found)


def test_no_byte_of_the_file_can_be_another(whole: Path, tmp_path: Path) -> None:
    """Also in ZIP's own headers, and where what is left is hardly an archive."""
    content = whole.read_bytes()
    spoilt = tmp_path / "otro.zip"
    for at in range(0, len(content), EACH):
        spoilt.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        try:
            assert verify(spoilt).exit_code == 1, at
        except NoPacket:
            assert at < 4, at  # not even the beginning of an archive


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE, DOCUMENT, PICTURE, NOTE])
def test_each_altered_byte_names_its_file(
    whole: Path, key: Ed25519PrivateKey, name: str, tmp_path: Path
) -> None:
    held = read_zip(whole)
    content = held[name]
    for at in range(0, len(content), EACH):
        altered = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        again = repacked(tmp_path / "otro.zip", {**held, name: altered})
        found = verify(again, key.public_key())
        assert found.exit_code == 1 and name in found.altered, at
        if name != MANIFEST:  # which may now tell another sum of any
            also = {MANIFEST} if name == SIGNATURE else set()
            assert {*found.altered} == {name, *also}, at


def test_packed_again_by_another_program_it_is_the_same(whole: Path, tmp_path: Path) -> None:
    assert verify(repacked(tmp_path / "otro.zip", read_zip(whole))).is_intact


def test_what_was_added_and_what_is_missing(whole: Path, tmp_path: Path) -> None:
    held = read_zip(whole)
    del held[NOTE]
    found = verify(repacked(tmp_path / "otro.zip", {**held, "archivos/más.png": b"x"}))
    assert (found.altered, found.added, found.missing) == ([], ["archivos/más.png"], [NOTE])
    assert "Agregado: archivos/más.png" in told(found) and f"Falta: {NOTE}" in told(found)


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE])
def test_without_its_manifest_or_signature(whole: Path, tmp_path: Path, name: str) -> None:
    held = read_zip(whole)
    del held[name]
    found = verify(repacked(tmp_path / "otro.zip", held))
    assert found.exit_code == 1 and name in found.missing


def test_a_second_file_of_one_name(whole: Path, key: Ed25519PrivateKey) -> None:
    """Whoever opens it sees the other one."""
    with zipfile.ZipFile(whole, "a") as archive, pytest.warns(UserWarning):
        archive.comment = b""
        archive.writestr(PICTURE, b"another picture")
    found = verify(whole, key.public_key())
    assert found.exit_code == 1 and PICTURE in found.added


def test_another_signer(tmp_path: Path, key: Ed25519PrivateKey) -> None:
    """A manifest that was signed anew is right in itself: only the key tells."""
    other = Ed25519PrivateKey.generate()
    forged = packet(tmp_path / "falso.zip", other, case_file("linea-1.png", b"what they like"))
    assert verify(forged).is_intact
    found = verify(forged, key.public_key())
    assert found.exit_code == 1 and "otro firmante" in told(found)
    assert found.altered == []


def test_signed_anew_under_the_robots_name(whole: Path, tmp_path: Path) -> None:
    """The manifest still names the robot's key, and another one has signed it."""
    held, other = read_zip(whole), Ed25519PrivateKey.generate()
    held[SIGNATURE] = other.sign(held[MANIFEST])
    found = verify(repacked(tmp_path / "falso.zip", held))
    assert found.exit_code == 1 and SIGNATURE in found.altered


def test_what_changed_before_it_was_packed(tmp_path: Path, key: Ed25519PrivateKey) -> None:
    changed = case_file("linea-1.png", b"a better picture", was=b"a picture")
    gone = case_file("descripcion.png", None, was=b"a page")
    found = verify(packet(tmp_path / "caso.zip", key, changed, gone))
    assert (found.altered, found.missing) == ([PICTURE], ["archivos/descripcion.png"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4 " * 99])
def test_another_file_is_no_packet(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "otro.zip"
    path.write_bytes(content)
    with pytest.raises(NoPacket):
        verify(path)


def test_another_archive_is_no_packet_nor_what_is_not_there(tmp_path: Path) -> None:
    for path in (repacked(tmp_path / "a.zip", {"a.txt": b"a"}), tmp_path, tmp_path / "nada.zip"):
        with pytest.raises(NoPacket):
            verify(path)
        assert not is_packet(path)


def test_a_packet_that_was_cut_short_is_damaged(whole: Path) -> None:
    whole.write_bytes(whole.read_bytes()[:-100])
    found = verify(whole)
    assert found.exit_code == 1 and "Dañado" in told(found)


def test_a_name_moves_no_cursor(whole: Path, tmp_path: Path) -> None:
    held = {**read_zip(whole), "\x1b[2J.png": b""}
    assert "\x1b" not in told(verify(repacked(tmp_path / "otro.zip", held)))


def pkcs8(key: Ed25519PrivateKey, encoding: serialization.Encoding) -> bytes:
    return key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    "written",
    [
        lambda key: base64.b64encode(key.private_bytes_raw()).decode(),
        lambda key: base64.urlsafe_b64encode(key.private_bytes_raw()).decode() + "\n",
        lambda key: key.private_bytes_raw().hex(),
        lambda key: pkcs8(key, serialization.Encoding.PEM).decode(),
        lambda key: pkcs8(key, serialization.Encoding.PEM).decode().replace("\n", "\\n"),
        lambda key: base64.b64encode(pkcs8(key, serialization.Encoding.DER)).decode(),
    ],
)
def test_a_key_as_people_write_it(
    key: Ed25519PrivateKey, written: Callable[[Ed25519PrivateKey], str]
) -> None:
    settings = Settings(packet=PacketSettings(key=written(key)))
    found = signing_key(settings, shared=False)
    assert found.private_bytes_raw() == key.private_bytes_raw()


@pytest.mark.parametrize("written", ["", "clave", "Y2xhdmU=", "00" * 31])
def test_what_is_no_key_is_not_repeated(written: str) -> None:
    with pytest.raises(KeyUnusable) as refused:
        signing_key(Settings(packet=PacketSettings(key=written)), shared=False)
    assert not written or written not in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_public_key_as_a_shell_saves_it(
    tmp_path: Path, key: Ed25519PrivateKey, encoding: str
) -> None:
    path = tmp_path / "robot.pub"
    path.write_text(public_pem(key.public_key()).decode(), encoding)
    assert read_public(path).public_bytes_raw() == key.public_key().public_bytes_raw()


def test_what_is_no_public_key(tmp_path: Path) -> None:
    path = tmp_path / "robot.pub"
    path.write_bytes(b"\xff\x00 clave")
    for wrong in (path, tmp_path / "nada.pub"):
        with pytest.raises(Unusable):
            read_public(wrong)


def test_the_manifest_is_first_and_every_file_is_in_it(key: Ed25519PrivateKey) -> None:
    """By its place a damaged packet is told from another file."""
    assert next(iter(contents(key, *FILES))) == MANIFEST
