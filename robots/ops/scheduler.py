"""Schedules for the nightly run: what `schedule` writes for systemd, Windows or cron.

Each has two orders, or three. The nightly one works on the newest list; the second one runs after a
boot, and goes on with what a power cut or a reboot left half done, or does nothing; the third one
looks at the next bills.
"""

from __future__ import annotations

import getpass
import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from string import Template
from subprocess import list2cmdline
from typing import NamedTuple
from xml.sax.saxutils import escape

from flows.rules.lima import LIMA, next_time
from robots.env_file import ENV_FILE

NAME = "cargofijo"
#: seconds until the cases at work have ended, after the system asks for an end
_GRACE = 3600
#: how each comment in a crontab begins, by which an order that was installed is found
_TITLE = "Cargo fijo:"
_NIGHTLY = f"{_TITLE} la lista de la noche"
_AFTER_BOOT = f"{_TITLE} lo que un reinicio dejó a medias"
_BILLS = f"{_TITLE} la factura siguiente"
_TEMPLATES = Path(__file__).parent / "templates"


class Scheduler(StrEnum):
    SYSTEMD = "systemd"
    WINDOWS = "windows"
    CRON = "cron"


class Job(NamedTuple):
    """An order that is run each day at an hour in Lima, or after a boot."""

    name: str
    what: str
    order: Sequence[str]
    at: time | None


@dataclass(frozen=True)
class Schedule:
    """Command, folder, user and hour (in Lima) of a nightly run, and of the look at the next bills
    where there is one; ``now`` is the machine's own time."""

    at: time
    pattern: str
    folder: Path
    program: Sequence[str]
    options: Sequence[str] = ()
    user: str = ""
    now: datetime | None = None
    bills_at: time | None = None

    @property
    def jobs(self) -> list[Job]:
        nightly = [*self.program, "run", self.pattern, *self.options]
        jobs = [
            Job(NAME, _NIGHTLY, nightly, self.at),
            Job(f"{NAME}-boot", _AFTER_BOOT, [*nightly, "--unfinished"], None),
        ]
        if self.bills_at is not None:
            jobs.append(Job(f"{NAME}-follow", _BILLS, [*self.program, "follow"], self.bills_at))
        return jobs

    def begins(self, at: time) -> datetime:
        return next_time(at, self.now or datetime.now(LIMA))


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


def install_commands(kind: Scheduler, schedule: Schedule) -> list[str]:
    """What an administrator types in the folder of the files."""
    match kind:
        case Scheduler.SYSTEMD:
            timers = [job.name for job in schedule.jobs if job.at is not None]
            return [
                f"sudo cp {' '.join(_systemd(schedule))} /etc/systemd/system/",
                "sudo systemctl daemon-reload",
                *(f"sudo systemctl enable --now {name}.timer" for name in timers),
                f"sudo systemctl enable {NAME}-boot.service",
            ]
        case Scheduler.WINDOWS:
            names = [job.name for job in schedule.jobs]
            return [rf"schtasks /Create /TN {name} /XML {name}.xml /RP *" for name in names]
        case Scheduler.CRON:
            return [f"{{ crontab -l | {_without(schedule)}; cat {NAME}.cron; }} | crontab -"]


def _systemd(schedule: Schedule) -> Mapping[str, str]:
    def service(job: Job) -> str:
        return _filled(
            "cargofijo.service",
            what=job.what,
            user=schedule.user,
            folder=_unit_text(str(schedule.folder)),
            environment=_unit_text(str(schedule.folder / ENV_FILE)),
            order=" ".join(map(_unit_word, job.order)),
            grace=str(_GRACE),
            install="" if job.at else "\n\n[Install]\nWantedBy=multi-user.target",
        )

    written = {}
    for job in schedule.jobs:
        written[f"{job.name}.service"] = service(job)
        if job.at is not None:
            timer = _filled("cargofijo.timer", what=job.what, at=f"{job.at:%H:%M}")
            written[f"{job.name}.timer"] = timer
    return written


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
    def trigger(at: time | None) -> str:
        if at is None:
            return "<BootTrigger><Enabled>true</Enabled><Delay>PT2M</Delay></BootTrigger>"
        boundary = schedule.begins(at).isoformat(timespec="seconds")
        return (
            f"<CalendarTrigger><StartBoundary>{boundary}</StartBoundary><Enabled>true</Enabled>"
            "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>"
        )

    def task(job: Job) -> str:
        return _filled(
            "cargofijo.xml",
            what=escape(job.what),
            trigger=trigger(job.at),
            user=escape(schedule.user),
            command=escape(job.order[0]),
            arguments=escape(list2cmdline(job.order[1:])),
            folder=escape(str(schedule.folder)),
        )

    return {f"{job.name}.xml": task(job) for job in schedule.jobs}


def _in_crontab(text: str) -> str:
    """cron ends a line at a percent sign."""
    return text.replace("%", r"\%")


def _there(schedule: Schedule) -> str:
    return f"cd {shlex.quote(str(schedule.folder))} && "


def _without(schedule: Schedule) -> str:
    """The filter of a crontab that leaves out what this folder's robot had there: each order with
    the comment above it. Another folder's stays."""
    here = re.sub(r"[\\.\[\]*^$/]", r"\\\g<0>", _in_crontab(_there(schedule)))
    return f"sed {shlex.quote(f'/^# {_TITLE} /{{$!N;/{here}/d;}}')}"


def _cron(schedule: Schedule) -> Mapping[str, str]:
    def line(when: str, order: Sequence[str], wait: str = "") -> str:
        return f"{when} {_in_crontab(f'{_there(schedule)}{wait}{shlex.join(order)}')}"

    def lines(job: Job) -> list[str]:
        if job.at is None:
            return [f"# {job.what}.", line("@reboot", job.order, "sleep 120 && ")]
        local = schedule.begins(job.at).astimezone()
        hours = f"{job.at:%H:%M} de Lima son las {local:%H:%M} de esta máquina"
        when = f"{local.minute} {local.hour} * * *"
        return [f"# {job.what}; {hours}.", line(when, job.order)]

    written = [text for job in schedule.jobs for text in lines(job)]
    return {f"{NAME}.cron": "\n".join([*written, ""])}


_WRITERS = {Scheduler.SYSTEMD: _systemd, Scheduler.WINDOWS: _windows, Scheduler.CRON: _cron}


def this_user() -> str:
    name = getpass.getuser()
    domain = os.environ.get("USERDOMAIN")
    return rf"{domain}\{name}" if sys.platform == "win32" and domain else name
