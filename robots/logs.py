"""Logs: to standard error where something is wrong, and to a file. English, with stable codes;
never a name, a document, an address, a telephone or a password."""

from __future__ import annotations

import sys
from pathlib import Path

from loguru import logger


def open_logs(folder: Path) -> None:
    """Warnings go to standard error, everything to ``folder/cargofijo.log``, rotated."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    logger.remove()
    # Neither backtraces nor the values of variables: both could carry personal data.
    logger.add(
        sys.stderr,
        level="ERROR",
        format="{time:HH:mm:ss} {level} {message}",
        backtrace=False,
        diagnose=False,
    )
    logger.add(
        folder / "cargofijo.log",
        level="DEBUG",
        format="{time:YYYY-MM-DD HH:mm:ss.SSSZZ} {level} {message}",
        rotation="10 MB",
        retention=10,
        encoding="utf-8",
        backtrace=False,
        diagnose=False,
    )
