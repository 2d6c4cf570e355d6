"""What can go wrong in a portal, told by who must act.

    PortalError
    ├── PortalDown       the portal's owner: down, in maintenance, answering with errors
    ├── PortalSlow       the portal's owner: does not answer within the limit
    ├── PageChanged      whoever maps the pages: an element is not where it was
    ├── AccessDenied     whoever keeps the accounts: wrong or expired password
    ├── SessionBusy      a person who works with the same user
    ├── SessionLent      the robot elsewhere: its turn with the user's one session comes
    ├── SessionLost      the robot: log in again and go on from what the portal holds
    ├── BrowserLost      the robot: start the browser again
    ├── WriteUncertain   the robot: look in the portal before anything else
    ├── FormAltered      a person: the form does not keep what is typed
    └── SubmitWithheld   nobody: the submit was not wanted (dry run, or a person said no)

Texts name the portal, the page and the element, never a value that was read or typed.
"""

from __future__ import annotations


class PortalError(Exception):
    """``where`` is the page or element as people call it; ``what`` a Spanish sentence."""

    def __init__(self, portal: str, where: str, what: str) -> None:
        super().__init__(portal, where, what)
        self.portal = portal
        self.where = where
        self.what = what

    def __str__(self) -> str:
        return f"{self.portal}, {self.where}: {self.what}"


class PortalDown(PortalError):
    pass


class PortalSlow(PortalError):
    pass


class PageChanged(PortalError):
    pass


class AccessDenied(PortalError):
    pass


class SessionBusy(PortalError):
    pass


class SessionLent(PortalError):
    pass


class SessionLost(PortalError):
    pass


class BrowserLost(PortalError):
    pass


class WriteUncertain(PortalError):
    pass


class FormAltered(PortalError):
    pass


class SubmitWithheld(PortalError):
    pass
