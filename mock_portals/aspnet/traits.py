"""What one installation of such an application has in common on all of its pages, by the seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Tabs = Literal["roles", "toolkit", "menu"]
Grids = Literal["captioned", "gridview", "datagrid"]
_TABS: tuple[Tabs, ...] = ("roles", "toolkit", "menu")
_GRIDS: tuple[Grids, ...] = ("captioned", "gridview", "datagrid")


@dataclass(frozen=True)
class Traits:
    """How this one was built, where real ones differ from each other."""

    #: an ended session leads to the login page, in the frame that asked, and not to words
    asks_for_login: bool
    #: lists post the whole page, and not a part of it
    whole_lists: bool
    #: windows are opened by the answer to a postback, and not by a link
    opens_by_answer: bool
    #: ``customErrors`` keeps what went wrong from being told
    hides_errors: bool
    #: tabs say what they are by roles, or have the markup of the Toolkit's or of a menu's links
    tabs: Tabs
    #: grids have a caption and say ``aria-busy``, or are rows and no more, as the framework's two
    #: controls write them: with headers of their own kind, or with cells as all others
    grids: Grids

    @classmethod
    def of(cls, seed: int, portal: str) -> Traits:
        source = random.Random(f"{seed}:{portal}:brand")
        return cls(
            asks_for_login=source.random() < 0.5,
            whole_lists=source.random() < 0.5,
            opens_by_answer=source.random() < 0.5,
            hides_errors=source.random() < 0.25,
            # in turn, so that every 18 seeds have all pairs
            tabs=_TABS[seed // 6 % 3],
            grids=_GRIDS[seed // 2 % 3],
        )
