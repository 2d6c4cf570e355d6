"""Theme of the console: calm, one red for what is ours, and the report's tints for states."""

from __future__ import annotations

from pathlib import Path

RED = "#B3261E"
_STATIC = Path(__file__).parent / "static"


def _static(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


LOGIN_STYLE = _static("login.css")
STYLE = _static("console.css")
SCRIPT = f"<script>{_static('listbox.js')}</script>"
