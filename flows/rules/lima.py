"""Days and hours by the clock in Lima. Pure: standard library only."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LIMA = ZoneInfo("America/Lima")

_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def in_lima(moment: datetime) -> datetime:
    """An aware moment as the clock in Lima shows it."""
    return moment.astimezone(LIMA)


def today() -> date:
    return datetime.now(LIMA).date()


def parse_hour(text: str) -> time | None:
    """HH:MM; None where the text is no time of day."""
    found = _HOUR.fullmatch(text.strip())
    return time(int(found[1]), int(found[2])) if found else None


def next_time(at: time, now: datetime) -> datetime:
    """When the clock in Lima shows ``at`` next after ``now``."""
    moment = datetime.combine(in_lima(now).date(), at, LIMA)
    return moment if moment > now else moment + timedelta(days=1)
