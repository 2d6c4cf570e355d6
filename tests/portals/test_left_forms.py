"""Forms that are filled and not sent, in portals that ask before they let go of one, and that keep
a draft of what is left: a dry run, or a person's no, leaves nothing there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pages.contract.errors import SubmitWithheld
from pages.contract.nintex import Site
from pages.contract.ports import Lease, Picture, Sending
from pages.core.account import Limits
from pages.core.base_portal import Portal
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.siac.portal import SiacPortal
from tests.support import nintex_samples, remedy_samples, siac_samples
from tests.support.mock import MockPortals
from tests.support.seats import Seats

#: Asks before it goes, and keeps a draft of what is left, which is seen among the requests. (The
#: pages of SIAC Único are left by their own postbacks while they are filled.)
PROMPTS = """(() => {
  if (!/NewForm|mode=CREATE|RegistrarCaso/.test(location.href)) return;
  let touched = false;
  const left = () => { if (touched) navigator.sendBeacon('/borrador'); };
  addEventListener('input', () => { touched = true; }, true);
  addEventListener('beforeunload', (event) => {
    if (!touched) return;
    event.preventDefault();
    event.returnValue = '';
  });
  if (!/RegistrarCaso/.test(location.href)) addEventListener('pagehide', left);
})();"""

Work = Callable[[Any], Awaitable[object]]


class No(Exception):
    """A person's, as the flow raises it from within the hook."""


class Case:
    """A portal, what is typed into it, and what is done in it afterwards."""

    def __init__(self, kind: type[Portal], world: Any, files: Work, reads: Work) -> None:
        self.kind, self.world, self.files, self.reads = kind, world, files, reads


CASES = {
    "nintex": Case(
        NintexPortal,
        nintex_samples.WORLD,
        lambda portal: portal.file(Site.ACTIVACIONES, nintex_samples.draft()),
        lambda portal: portal.search(Site.ACTIVACIONES, "0045001"),
    ),
    "remedy": Case(
        RemedyPortal,
        remedy_samples.world(remedy_samples.incident(1)),
        lambda portal: portal.file(remedy_samples.draft()),
        lambda portal: portal.search(remedy_samples.SEC),
    ),
    "siac": Case(
        SiacPortal,
        siac_samples.world(),
        lambda portal: portal.register_case(siac_samples.draft()),
        lambda portal: portal.search_cases("1000001"),
    ),
}


def drafts(mock: MockPortals) -> list[Any]:
    return [asked for asked in mock.state()["requests"] if asked["path"] == "/borrador"]


@pytest.mark.sample(2, of="a form that is left")
@pytest.mark.parametrize("answer", ["dry run", "no"])
@pytest.mark.parametrize("name", CASES)
def test_a_form_that_is_not_sent_leaves_nothing(
    name: str, answer: str, mock: MockPortals, seats: Seats, tmp_path: Path, run: Any
) -> None:
    case = CASES[name]
    mock.reset(case.world)
    portal = seats.open(case.kind, mock, script=PROMPTS, limits=Limits(visible=15))
    seen: list[bool] = []

    async def hook(sending: Sending, picture: Picture) -> bool:
        seen.append(True)
        if answer == "no":
            raise No
        return False

    async def leased(work: Work) -> object:
        async with portal.leased(Lease(tmp_path / "falla", hook)):
            return await work(portal)

    for _ in range(2):
        with pytest.raises((No, SubmitWithheld)):
            run(leased(case.files))
        assert run(leased(case.reads)), "the next step finds the portal as it was"
    run(portal.close())
    state = mock.state()
    assert len(seen) == 2 and state["writes"] == 0
    assert not drafts(mock)
    assert not (tmp_path / "falla").exists(), "nobody failed"
    assert state["sessions"][name] == {"logins": 1, "logouts": 1}
