"""`cargofijo` where the bench stands in the place of SISACT."""

from __future__ import annotations

from pages import session_pool
from pages.contract.ports import SISACT
from pages.inventory import KINDS
from robots.cli.app import main as cargofijo
from tests.webforms.fitted.portal import Fitted


def main() -> None:
    KINDS[SISACT] = Fitted
    vars(session_pool)["SisactPortal"] = Fitted
    cargofijo()
