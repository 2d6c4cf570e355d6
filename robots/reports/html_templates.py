"""Templates of the pages that people read, in one way for all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.rules.peru import format_money
from robots.reports.display_names import duration


def html_templates(folder: Path, **filters: Callable[..., Any]) -> Environment:
    """Those of a folder, everything put into them escaped, a name that is not given an error."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"money": format_money, "seconds": duration, **filters}
    return environment
