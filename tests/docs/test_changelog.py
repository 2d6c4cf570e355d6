"""The changelog knows the version that is installed, and tells versions from the newest back."""

from __future__ import annotations

import re
import tomllib
from datetime import date

from tests.support.machine import ROOT

UNRELEASED = "Sin publicar"
KINDS = {"Añadido", "Cambiado", "Obsoleto", "Eliminado", "Corregido", "Seguridad", "Conocido"}


def test_versions_with_their_dates_from_the_newest_back() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, *released = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert first == UNRELEASED
    versions = [
        re.fullmatch(r"(\d+)\.(\d+)\.(\d+) - (\d{4}-\d\d-\d\d)", title) for title in released
    ]
    parts = [
        (tuple(map(int, found.groups()[:3])), date.fromisoformat(found[4])) for found in versions
    ]
    assert parts == sorted(parts, reverse=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = ".".join(map(str, parts[0][0]))
    assert newest == project["version"]
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= KINDS
