"""The mock portals that cannot start say why in one Spanish sentence, and end with 2."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.machine import ROOT, free_port_base

pytestmark = pytest.mark.process


def refusal(*options: str, base: int) -> str:
    command = [sys.executable, "-m", "mock_portals", "--port-base", str(base), *options]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", env={"PYTHONUTF8": "1"}
    )
    assert done.returncode == 2 and done.stdout == "", done.stderr
    (line,) = done.stderr.splitlines()
    assert line.endswith(".")
    return line


@pytest.mark.parametrize("option", ["--world", "--wording"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No se puede leer"),
        (b"\xff{}", "no es un texto en UTF-8"),
        (b'{"sisact": ', "no es JSON (línea 1, columna 12)"),
        (b"[" * 100_000, "no es JSON que se pueda leer"),
        (b'{"sisact": {"nada": 1}}', "no tiene lo que se espera en "),
    ],
)
def test_a_file_that_cannot_be_used(
    tmp_path: Path, option: str, content: bytes | None, said: str
) -> None:
    file = tmp_path / "mundo.json"
    if content is not None:
        file.write_bytes(content)
    line = refusal(option, str(file), base=free_port_base())
    assert said in line and str(file) in line


def test_a_port_that_is_taken() -> None:
    base = free_port_base()
    with socket.create_server(("127.0.0.1", base + 2)):
        assert f"desde el puerto {base}" in refusal(base=base)
