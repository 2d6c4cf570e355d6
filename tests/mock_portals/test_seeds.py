"""Everything of a page that is nobody's word comes from the seed: ids, classes of layout, order."""

from __future__ import annotations

import re
import urllib.request

import pytest

from tests.support.mock import MockPortals

LOGINS = {"sisact": "/Login.aspx", "siac": "/siac/Login.aspx", "remedy": "/arsys/shared/login.jsp"}


def pages(seed: int) -> dict[str, list[str]]:
    """Two loads of each portal's first page."""
    with MockPortals("--seed", str(seed)) as mock:
        return {
            portal: [
                urllib.request.urlopen(mock.url(portal) + path, timeout=30).read().decode()
                for _ in range(2)
            ]
            for portal, path in LOGINS.items()
        }


@pytest.mark.process
def test_a_seed_is_a_layout_and_each_load_another() -> None:
    once, again, other = pages(7), pages(7), pages(8)
    assert once == again
    for portal, (first, second) in once.items():
        classes = [set(re.findall(r'class="([^"]+)"', page)) for page in (first, second)]
        assert classes[0] and classes[0] != classes[1], portal
        assert other[portal][0] != first, portal
