"""Origins: the same server is the same however its address is written, and another is another."""

from __future__ import annotations

import pytest

from pages.core.account import Account
from pages.core.origin import Origin


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("http://wfportalnintex", "http://wfportalnintex"),
        ("http://wfportalnintex/", "http://wfportalnintex"),
        ("HTTP://WFPortalNintex", "http://wfportalnintex"),
        ("http://wfportalnintex:80", "http://wfportalnintex"),
        ("http://wfportalnintex:80/dir/red?a=1#b", "http://wfportalnintex"),
        ("http://wfportalnintex:", "http://wfportalnintex"),
        (" http://wfportalnintex ", "http://wfportalnintex"),
        ("https://remedy.example:443/arsys", "https://remedy.example"),
        ("http://remedy.example:443/", "http://remedy.example:443"),
        ("https://remedy.example:8443", "https://remedy.example:8443"),
        ("http://robot@siac.example/", "http://siac.example"),
        ("http://PORTÁL.example/", "http://xn--portl-0qa.example"),
        ("http://xn--portl-0qa.example/", "http://xn--portl-0qa.example"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://127.0.0.1:4000/", "http://127.0.0.1:4000"),
    ],
)
def test_as_a_browser_writes_it(written: str, origin: str) -> None:
    assert str(Origin.of(written)) == origin
    assert Origin.of(written) == Origin.of(origin)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "about:blank",
        "siac",
        "http://",
        "http://siac:x/",
        "http://siac:99999/",
        "http://a..b/",
        "ftp://siac/",
        "chrome-error://chromewebdata/",
    ],
)
def test_what_has_none(written: str) -> None:
    assert Origin.of(written) is None


@pytest.mark.parametrize(
    "other",
    [
        "http://siac:8080/",
        "https://siac/",
        "http://siac-nuevo/",
        "http://siac.empresa.example/",
        "http://nsiac/",
    ],
)
def test_another_server_is_another(other: str) -> None:
    assert Origin.of("http://siac/") != Origin.of(other)


def test_an_account_is_known_at_each_of_its_addresses() -> None:
    sites = {"a": "http://WFPortalOperador:80/dir/red", "b": ""}
    account = Account("http://wfportalnintex", "robot", lambda: "", sites)
    assert {*map(str, account.origins)} == {"http://wfportalnintex", "http://wfportaloperador"}
