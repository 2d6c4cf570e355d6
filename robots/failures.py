"""Errors that end a command: each carries the exit code and one Spanish sentence.

`robots.cli.app.main` is the one place that prints them and ends the process.
"""

from __future__ import annotations

from typing import ClassVar

UNFINISHED, UNUSABLE, PREFLIGHT, BUSY = 1, 2, 3, 4


class CommandFailed(Exception):
    """Base class; the text is one Spanish sentence for whoever typed the command."""

    exit_code: ClassVar[int]


class Unusable(CommandFailed):
    """Options, settings or a workbook cannot be used; nothing was touched."""

    exit_code = UNUSABLE


class NotReady(CommandFailed):
    """Disk, database, browser or passwords are not as a run needs them; nothing was touched."""

    exit_code = PREFLIGHT


class RecordLost(CommandFailed):
    """The database went away while cases were at work.

    The engine's threads wait for it, and the interpreter would wait for them: whoever prints this
    ends the process at once.
    """

    exit_code = UNFINISHED
