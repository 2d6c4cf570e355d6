"""Errors of the portals, by who must act.

    PortalError
    ├── OwnerMustAct         the portal's owner; the robot tries later
    │   ├── PortalDown       down, in maintenance, answering with errors
    │   └── PortalSlow       does not answer within the limit
    ├── PersonMustAct        a person
    │   ├── AccessDenied     whoever keeps the accounts: wrong or expired password
    │   ├── Insecure         whoever keeps certificates and settings: no secure connection
    │   ├── SessionBusy      whoever works with the same user: it is theirs
    │   ├── WriteUncertain   an advisor, where the robot's own look in the portal does not tell
    │   ├── FormAltered      an advisor: the form does not keep what is typed
    │   ├── FormRefused      an advisor: the form says what it does not take
    │   ├── PersonUnclear    an advisor: a directory does not tell which person is meant
    │   └── SubmitWithheld   nobody: the submit was not wanted (dry run, or a person said no)
    ├── PageChanged          whoever maps the pages: an element is not where it was
    └── RobotMustAct         the robot itself
        ├── SessionLost      log in again and go on from what the portal holds
        ├── SessionLent      elsewhere: its turn with the user's one session comes
        └── BrowserLost      start the browser again

What the business answers (no such SEC) is no error: it is a record, and `flows.rules.decision`
decides. Texts name the portal, the page and the element, never a value that was read or typed.
`pages.core.translated` makes one of these of whatever Playwright raises.
"""

from __future__ import annotations

from pages.contract.missing import Absent

#: how a message is told that nobody expects, with its words
UNEXPECTED = "mensaje inesperado: «{}»"


class PortalError(Exception):
    """``where`` is the page or element as people call it; ``what`` a Spanish sentence."""

    def __init__(self, portal: str, where: str, what: str) -> None:
        super().__init__(portal, where, what)
        self.portal = portal
        self.where = where
        self.what = what

    def __str__(self) -> str:
        return f"{self.portal}, {self.where}: {self.what}"


class OwnerMustAct(PortalError):
    pass


class PortalDown(OwnerMustAct):
    pass


class PortalSlow(OwnerMustAct):
    pass


class PersonMustAct(PortalError):
    pass


class AccessDenied(PersonMustAct):
    pass


class Insecure(PersonMustAct):
    pass


class SessionBusy(PersonMustAct):
    pass


class WriteUncertain(PersonMustAct):
    pass


class FormAltered(PersonMustAct):
    pass


class FormRefused(PersonMustAct):
    pass


class PersonUnclear(PersonMustAct):
    pass


class SubmitWithheld(PersonMustAct):
    pass


class PageChanged(PortalError):
    """``missing`` is what a map could call otherwise, once that was looked for, and ``picture`` a
    PNG of the page without anybody's data; empty where there is none."""

    missing: tuple[Absent, ...] = ()
    picture: bytes = b""


class RobotMustAct(PortalError):
    pass


class SessionLost(RobotMustAct):
    pass


class SessionLent(RobotMustAct):
    pass


class BrowserLost(RobotMustAct):
    pass
