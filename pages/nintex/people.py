"""Which of the directory's people is meant, where several have one name. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pages.contract.siac import Executive
from pages.contract.text import same

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Suggestion(NamedTuple):
    """One person as the people picker shows them; ``about`` is all but the name: title, account,
    e-mail."""

    name: str
    about: str


def the_one(meant: Executive, suggested: Sequence[Suggestion]) -> int | None:
    """The place of the one who is meant; None where it is in doubt, or nobody has that name."""
    fitting = [place for place, one in enumerate(suggested) if same(one.name, meant.nombre)]
    is_sure = len(fitting) == 1
    for tells in (_by_address, _by_account, _by_channel):
        if is_sure:
            break
        told = {place: tells(meant, suggested[place].about) for place in fitting}
        yes = [place for place in fitting if told[place]]
        # That the others are somebody else does not make the last one the person.
        fitting, is_sure = yes or [p for p in fitting if told[p] is None], len(yes) == 1
    return fitting[0] if is_sure else None


def _by_address(meant: Executive, about: str) -> bool | None:
    """Whether it is the person's; None where it does not say."""
    return _among(_ADDRESS.findall(about.casefold()), _addresses(meant))


def _by_account(meant: Executive, about: str) -> bool | None:
    accounts = re.findall(r"\\([\w.-]+)", about.casefold())
    is_theirs = _among(accounts, [address.partition("@")[0] for address in _addresses(meant)])
    return is_theirs or None  # another account says nothing: it need not be called as the mailbox


def _by_channel(meant: Executive, about: str) -> bool | None:
    return _among(re.findall(r"\b(?:cae|dace)\b", about.casefold()), [meant.canal.casefold()])


def _addresses(meant: Executive) -> list[str]:
    return _ADDRESS.findall(meant.correo.casefold())


def _among(shown: Sequence[str], known: Sequence[str]) -> bool | None:
    return any(one in known for one in shown) if shown and known else None
