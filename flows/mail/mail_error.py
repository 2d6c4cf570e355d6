"""What keeps a message from being sent, told by who must act."""

from __future__ import annotations


class MailError(Exception):
    """A message was not sent. Its text has no address, no password and nothing the server said."""


class MailRefused(MailError):
    """The recipient or the message is refused for good: sending the same again will not help."""


class MailMisconfigured(MailError):
    """The robot itself is refused, whoever is written to; the text names the setting to mend."""


class MailUnavailable(MailError):
    """The server cannot be reached or says to try later."""


class MailDeferred(MailUnavailable):
    """The server asks to try this recipient later, as greylisting does with a new one."""


class MailUncertain(MailUnavailable):
    """Broken off while the message was handed over: it may have been sent."""
