"""Portals over https: whose certificates the browser takes, and what it says of the others."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pages.contract.errors import BrowserLost, Insecure, PortalDown, PortalError
from pages.core.account import Account, Limits
from pages.core.authorities import trusting_home
from pages.core.browser import Browser, BrowserChoice
from tests.portals.conftest import Mill
from tests.support.https import Servers
from tests.support.modes import Browsers, Mode
from tests.support.network import Network
from tests.support.tls import Issued, authority

Run = Callable[..., Any]

HOST = "siac.claro.example"
URL = f"https://{HOST}/"

ROOT, OTHER = authority("raiz.claro.example"), authority("otra.claro.example")
#: known by itself, without the root over it
ISSUER = OTHER.issue("emisora.claro.example", ca=True)
ALONE = authority("solo.claro.example", ca=False)


@pytest.fixture(scope="session")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a company may hand out: several in a file, with words around them."""
    file = tmp_path_factory.mktemp("ca") / "autoridades.pem"
    file.write_text(f"Raíz:\n{ROOT.pem}Emisora:\n{ISSUER.pem}{ALONE.pem}", encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def trusting(certutil: None, browsers: Browsers, mode: Mode, ca: Path) -> Browser:
    return browsers.of(mode, ca)


@pytest.fixture
def servers(network: Network, tmp_path: Path) -> Iterator[Servers]:
    made = Servers(network, tmp_path)
    yield made
    made.stop()


@pytest.fixture
def seen(run: Run) -> Iterator[Callable[[Browser, str], str]]:
    """What a page's title is, for a portal at that address."""
    contexts = []

    async def look(browser: Browser, url: str) -> str:
        context = await browser.context()
        contexts.append(context)
        page = await context.new_page()
        await mill(context, url).go(page, url, "Inicio")
        return await page.title()

    yield lambda browser, url: run(look(browser, url))
    for context in contexts:
        run(context.close())


def mill(context: Any, url: str) -> Mill:
    return Mill(context, Account(url, "robot", lambda: "secreto"), limits=Limits(10, 0.1))


TRUSTED = {
    "a root's": (HOST, ROOT.issue(HOST)),
    "an issuer's": (HOST, ISSUER.issue(HOST)),
    "a server's own": ("solo.claro.example", ALONE),
    "an address": ("127.0.0.1", ROOT.issue("127.0.0.1")),
}


@pytest.mark.sample(2)
@pytest.mark.parametrize(("host", "issued"), TRUSTED.values(), ids=TRUSTED)
def test_what_the_file_has_is_trusted(
    trusting: Browser, servers: Servers, seen: Any, host: str, issued: Issued
) -> None:
    servers.start(host, issued)
    assert seen(trusting, f"https://{host}/") == "Inicio"


GOOD, ELSEWHERE = ROOT.issue(HOST), "otro.claro.example"
OLD = {"minimum_version": ssl.TLSVersion.TLSv1, "maximum_version": ssl.TLSVersion.TLSv1_1}
ASKS = {"maximum_version": ssl.TLSVersion.TLSv1_2, "verify_mode": ssl.CERT_REQUIRED}
#: what the server shows, what of it is changed, and the words that say so
WRONG: dict[str, tuple[Issued | None, dict[str, Any], str]] = {
    "unknown authority": (OTHER.issue(HOST), {}, r"browser\.ca"),
    "signed by itself": (authority(HOST), {}, r"browser\.ca"),
    "another name": (ROOT.issue(ELSEWHERE), {}, "está a otro nombre"),
    "no TLS": (None, {}, "no usa TLS en ese puerto"),
    "out of date": (ROOT.issue(HOST, until=-1), {}, "venció"),
    "an old TLS": (GOOD, OLD, "demasiado antiguos"),
    "it asks for one": (GOOD, ASKS, "pide un certificado"),
}


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.sample(4)
@pytest.mark.parametrize(("issued", "changed", "told"), WRONG.values(), ids=WRONG)
def test_what_is_not_secure_is_told_by_its_cause(
    trusting: Browser,
    servers: Servers,
    seen: Any,
    issued: Issued | None,
    changed: dict[str, Any],
    told: str,
) -> None:
    servers.start(HOST, issued, **changed)
    with pytest.raises(Insecure, match=f"^PRUEBA, Inicio: .*{told}"):
        seen(trusting, URL)


def test_without_the_setting_its_authority_is_not_known(
    browser: Browser, servers: Servers, seen: Any
) -> None:
    servers.start(HOST, GOOD)
    with pytest.raises(Insecure, match=r"browser\.ca"):
        seen(browser, URL)


@pytest.mark.sample(1)
@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (f"<a href='https://{ELSEWHERE}/'>Seguir</a>", Insecure),
        (f"<iframe src='https://{ELSEWHERE}/'></iframe>", PortalDown),
        (f"<img src='https://{ELSEWHERE}/a.png'>", PortalDown),
    ],
    ids=["the way", "a frame", "a picture"],
)
def test_a_link_that_is_not_secure_is_the_way_and_a_picture_a_failure_that_may_pass(
    trusting: Browser, servers: Servers, run: Run, html: str, kind: type[PortalError]
) -> None:
    servers.start(HOST, GOOD, html)
    servers.start(ELSEWHERE, OTHER.issue(ELSEWHERE))

    async def follow() -> None:
        context = await trusting.context()
        portal, window = mill(context, URL), await context.new_page()
        portal.watch(window)
        try:
            async with window.expect_event("requestfailed"):
                await portal.go(window, URL, "Inicio")
                if link := await window.query_selector("a"):
                    await link.click()
            await portal.diagnose()
        finally:
            await context.close()

    with pytest.raises(PortalError, match=r"browser\.ca") as told:
        run(follow())
    assert type(told.value) is kind


@pytest.mark.full
@pytest.mark.usefixtures("browsers", "certutil")
def test_the_accounts_own_store_is_neither_read_nor_changed(
    servers: Servers, run: Run, tmp_path: Path, seen: Any, monkeypatch: pytest.MonkeyPatch, ca: Path
) -> None:
    """As Chromium prefers the store of the account where it is there, to every other place."""
    trusts = tmp_path / "otra.pem"
    trusts.write_text(OTHER.pem, encoding="ascii")
    with trusting_home(trusts) as account:
        monkeypatch.setenv("HOME", account)
        store = Path(account) / ".pki" / "nssdb"
        before = {file.name: file.read_bytes() for file in store.iterdir()}
        servers.start(HOST, GOOD)
        servers.start(ELSEWHERE, OTHER.issue(ELSEWHERE))
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

        async def started() -> Browser:
            browser = Browser(BrowserChoice(ca=ca))
            await browser.start()
            return browser

        browser = run(started())
        try:
            assert seen(browser, URL) == "Inicio"
            with pytest.raises(Insecure, match=r"browser\.ca"):
                seen(browser, f"https://{ELSEWHERE}/")
        finally:
            run(browser.stop())
        assert {file.name: file.read_bytes() for file in store.iterdir()} == before
    assert not list(tmp_path.glob("cargofijo-home-*")), "its own is gone with it"


@pytest.mark.usefixtures("certutil")
@pytest.mark.parametrize(
    ("path", "file", "told"),
    [
        ("", "autoridades.pem", "falta el programa certutil; instale libnss3-tools"),
        (os.environ["PATH"], "otro.pem", "no se pudo usar ese archivo"),
        (os.environ["PATH"], "mal.pem", "no se pudo usar ese archivo"),
    ],
)
def test_why_the_setting_cannot_be_used(
    ca: Path, monkeypatch: pytest.MonkeyPatch, path: str, file: str, told: str
) -> None:
    (ca.parent / "mal.pem").write_text(ROOT.pem.replace("MII", "XXX"), encoding="ascii")
    monkeypatch.setenv("PATH", path)
    with pytest.raises(BrowserLost, match=rf"^Navegador, inicio: {told}.* \(ajuste browser\.ca\)$"):
        trusting_home(ca.parent / file)
