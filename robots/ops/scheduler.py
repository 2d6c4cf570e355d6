"""Schedules for the nightly run: what `schedule` writes for systemd, Windows or cron.

Each has two orders. The nightly one works on the newest list; the other one runs after a boot, and
goes on with what a power cut or a reboot left half done, or does nothing.
"""

from __future__ import annotations

import getpass
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from string import Template
from subprocess import list2cmdline
from xml.sax.saxutils import escape

from flows.rules.lima import LIMA, next_time

NAME = "cargofijo"
#: seconds until the cases at work have ended, after the system asks for an end
_GRACE = 3600
_NIGHTLY = "Cargo fijo: la lista de la noche"
_AFTER_BOOT = "Cargo fijo: lo que un reinicio dejó a medias"
_TEMPLATES = Path(__file__).parent / "templates"


class Scheduler(StrEnum):
    SYSTEMD = "systemd"
    WINDOWS = "windows"
    CRON = "cron"


@dataclass(frozen=True)
class Schedule:
    """Command, folder, user and hour (in Lima) of a nightly run; ``now`` is the machine's own
    time."""

    at: time
    pattern: str
    folder: Path
    program: Sequence[str]
    options: Sequence[str] = ()
    user: str = ""
    now: datetime | None = None

    @property
    def order(self) -> list[str]:
        return [*self.program, "run", self.pattern, *self.options]

    @property
    def after_boot(self) -> list[str]:
        return [*self.order, "--unfinished"]

    @property
    def begins(self) -> datetime:
        return next_time(self.at, self.now or datetime.now(LIMA))


def kind_of_machine() -> Scheduler:
    """The scheduler that this machine runs its own services with."""
    if sys.platform == "win32":
        return Scheduler.WINDOWS
    return Scheduler.SYSTEMD if Path("/run/systemd/system").is_dir() else Scheduler.CRON


def program() -> list[str]:
    """The command line of `cargofijo` on this machine."""
    beside = Path(sys.executable).with_name("cargofijo.exe" if sys.platform == "win32" else NAME)
    if beside.exists():
        return [str(beside)]
    return [sys.executable, "-c", "from robots.cli.app import main; main()"]


def files(kind: Scheduler, schedule: Schedule) -> dict[str, bytes]:
    """The scheduler's files, by their names."""
    encoding = "utf-16" if kind is Scheduler.WINDOWS else "utf-8"  # as Windows' own exports them
    return {name: text.encode(encoding) for name, text in _WRITERS[kind](schedule).items()}


def install_commands(kind: Scheduler) -> list[str]:
    """What an administrator types in the folder of the files."""
    match kind:
        case Scheduler.SYSTEMD:
            return [
                f"sudo cp {NAME}.service {NAME}.timer {NAME}-boot.service /etc/systemd/system/",
                "sudo systemctl daemon-reload",
                f"sudo systemctl enable --now {NAME}.timer",
                f"sudo systemctl enable {NAME}-boot.service",
            ]
        case Scheduler.WINDOWS:
            return [
                rf"schtasks /Create /TN {NAME} /XML {NAME}.xml /RP *",
                rf"schtasks /Create /TN {NAME}-boot /XML {NAME}-boot.xml /RP *",
            ]
        case Scheduler.CRON:
            return [f"crontab -l | cat - {NAME}.cron | crontab -"]


def _systemd(schedule: Schedule) -> Mapping[str, str]:
    def service(what: str, order: Sequence[str], install: str = "") -> str:
        return _filled(
            "cargofijo.service",
            what=what,
            user=schedule.user,
            folder=_unit_text(str(schedule.folder)),
            environment=_unit_text(str(schedule.folder / "cargofijo.env")),
            order=" ".join(map(_unit_word, order)),
            grace=str(_GRACE),
            install=install,
        )

    at_boot = "\n\n[Install]\nWantedBy=multi-user.target"
    return {
        f"{NAME}.service": service(_NIGHTLY, schedule.order),
        f"{NAME}.timer": _filled("cargofijo.timer", at=f"{schedule.at:%H:%M}"),
        f"{NAME}-boot.service": service(_AFTER_BOOT, schedule.after_boot, at_boot),
    }


def _filled(template: str, **given: str) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    return Template(text).substitute(given)


def _unit_text(text: str) -> str:
    return text.replace("%", "%%")


def _unit_word(word: str) -> str:
    """Quoted as systemd reads it; it fills in what follows a percent or a dollar sign."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$").replace("%", "%%")
    return f'"{escaped}"' if escaped != word or shlex.quote(word) != word else word


def _windows(schedule: Schedule) -> Mapping[str, str]:
    boundary = schedule.begins.isoformat(timespec="seconds")
    daily = (
        f"<CalendarTrigger><StartBoundary>{boundary}</StartBoundary><Enabled>true</Enabled>"
        "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>"
    )
    boot = "<BootTrigger><Enabled>true</Enabled><Delay>PT2M</Delay></BootTrigger>"

    def task(what: str, trigger: str, order: Sequence[str]) -> str:
        return _filled(
            "cargofijo.xml",
            what=escape(what),
            trigger=trigger,
            user=escape(schedule.user),
            command=escape(order[0]),
            arguments=escape(list2cmdline(order[1:])),
            folder=escape(str(schedule.folder)),
        )

    return {
        f"{NAME}.xml": task(_NIGHTLY, daily, schedule.order),
        f"{NAME}-boot.xml": task(_AFTER_BOOT, boot, schedule.after_boot),
    }


def _cron(schedule: Schedule) -> Mapping[str, str]:
    def line(when: str, order: Sequence[str], wait: str = "") -> str:
        command = f"cd {shlex.quote(str(schedule.folder))} && {wait}{shlex.join(order)}"
        return f"{when} {command.replace('%', chr(92) + '%')}"  # cron ends a line at a percent sign

    local = schedule.begins.astimezone()
    return {
        f"{NAME}.cron": "\n".join(
            (
                f"# Cargo fijo: {schedule.at:%H:%M} de Lima son las {local:%H:%M} de esta máquina.",
                line(f"{local.minute} {local.hour} * * *", schedule.order),
                "# Después de un reinicio, lo que haya quedado a medias.",
                line("@reboot", schedule.after_boot, "sleep 120 && "),
                "",
            )
        )
    }


_WRITERS = {Scheduler.SYSTEMD: _systemd, Scheduler.WINDOWS: _windows, Scheduler.CRON: _cron}


def this_user() -> str:
    name = getpass.getuser()
    domain = os.environ.get("USERDOMAIN")
    return rf"{domain}\{name}" if sys.platform == "win32" and domain else name
