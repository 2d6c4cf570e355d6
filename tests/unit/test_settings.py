"""Settings that are unknown or wrong: named, with where they stand and what was meant."""

from __future__ import annotations

import sys
from codecs import BOM_UTF16_BE
from pathlib import Path
from typing import get_args

import pytest

from robots.settings import Settings, SettingsError, _known_names, load_settings
from tests.support.machine import forget_settings
from tests.support.tls import self_signed


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    forget_settings(monkeypatch)


def load_settings_of(toml: str) -> Settings:
    Path("cargofijo.toml").write_text(toml, encoding="utf-8")
    return load_settings()


def refusal(toml: str = "", **variables: str) -> str:
    Path("cargofijo.toml").write_text(toml, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        with pytest.raises(SettingsError) as caught:
            load_settings()
    sentence = str(caught.value)
    assert "\n" not in sentence and sentence.endswith((".", "?"))
    return sentence


@pytest.mark.parametrize(
    ("toml", "named", "meant"),
    [
        ("seatz = 2", "«seatz»", "seats"),
        ("[polcy]\nmax_writes = 9", "«polcy»", "policy"),
        ("[policy]\nmax_write = 9", "«policy.max_write»", "policy.max_writes"),
        ("[portals.siak]\nurl = 'x'", "«portals.siak»", "portals.siac"),
        ("[portals.SIAC]\nurl = 'x'", "«portals.SIAC»", "portals.siac"),
        ("[portals.siac]\nurll = 'x'", "«portals.siac.urll»", "portals.siac.url"),
        ("[smtp]\nmailbx = 'x'", "«smtp.mailbx»", "smtp.mailbox"),
        ("[browser]\nchanel = 'msedge'", "«browser.chanel»", "browser.channel"),
    ],
)
def test_a_typo_in_the_file_is_named_with_its_neighbour(toml: str, named: str, meant: str) -> None:
    sentence = refusal(toml)
    assert f"{named} en cargofijo.toml" in sentence
    assert sentence.endswith(f"¿quiso decir {meant}?")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CARGOFIJO_SEATZ", "CARGOFIJO_SEATS"),
        ("cargofijo_vardir", "CARGOFIJO_VAR_DIR"),
        ("CARGOFIJO_POLICY__APROVALS", "CARGOFIJO_POLICY__APPROVALS"),
        ("CARGOFIJO_PORTALS__SIAK__URL", "CARGOFIJO_PORTALS__SIAC__URL"),
        ("CARGOFIJO_PORTALS__NINTEX__USER", "CARGOFIJO_PORTALS__NINTEX__USERNAME"),
        ("CARGOFIJO_PORTALS_SIAC_URL", "CARGOFIJO_PORTALS__SIAC__URL"),
        ("CARGOFIJO_SMTP__MAILBX", "CARGOFIJO_SMTP__MAILBOX"),
    ],
)
def test_a_typo_in_the_environment_is_named_with_its_neighbour(name: str, meant: str) -> None:
    sentence = refusal(**{name: "x"})
    assert f" {name}: " in sentence
    assert sentence.endswith(f"¿quiso decir {meant}?")


def test_what_is_like_no_setting_has_no_neighbour() -> None:
    assert refusal("xyzzy = 1") == "No existe el ajuste «xyzzy» en cargofijo.toml."


@pytest.mark.parametrize(
    ("toml", "variables", "said"),
    [
        ("seats = 0", {}, "«seats» de cargofijo.toml no es válido: se espera 1 como mínimo"),
        ("[policy]\npage_limit = 0", {}, "se espera más de 0."),
        ("[policy]\nretention_days = 99999999999", {}, "se espera 36500 como máximo"),
        ("[smtp]\nport = 70000", {}, "se espera 65535 como máximo"),
        ("seats = 'dos'", {}, "se espera un número entero"),
        ("[smtp]\nsecurity = 'ssl'", {}, "se espera none, starttls o tls"),
        ("[smtp]\nca = 'no.pem'", {}, "«smtp.ca» de cargofijo.toml no es válido: se espera un"),
        (
            "[browser]\nca = 'no.pem'",
            {},
            "«browser.ca» de cargofijo.toml no es válido: se espera un",
        ),
        ("[imap]\nca = 'cargofijo.toml'", {}, "se espera un archivo PEM con el certificado"),
        ("[policy]\napprovals = ['VENTAS']", {}, "VENTAS_SIN_OFERTA o POSTVENTA"),
        ("[policy]\napprovals = 'POSTVENTA'", {}, "se espera una lista entre corchetes"),
        ("portals = 3", {}, "se espera un grupo de ajustes"),
        ("", {"CARGOFIJO_SEATS": "dos"}, "CARGOFIJO_SEATS no es válido: se espera un número"),
        ("", {"CARGOFIJO_BROWSER__HEADLESS": "tal vez"}, "se espera true o false"),
        ("", {"CARGOFIJO_POLICY__APPROVALS": "POSTVENTA"}, 'por ejemplo ["POSTVENTA"]'),
        ("", {"CARGOFIJO_POLICY": "{"}, "CARGOFIJO_POLICY no es válido: se espera JSON"),
        ("[portals.siac]\nurl = 'siac'", {}, "se espera una dirección como http://servidor"),
        ("[portals.siac]\nurl = 'http://siac:x1/'", {}, "«portals.siac.url» de cargofijo.toml"),
        ("[portals.nintex]\noperador_url = 'http:///a'", {}, "se espera una dirección"),
        ("seats = ", {}, "cargofijo.toml está mal escrito al final"),
        ("seats = 2\n[smtp\n", {}, "cargofijo.toml está mal escrito en la línea 2"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_expected(
    toml: str, variables: dict[str, str], said: str
) -> None:
    assert said in refusal(toml, **variables)


def numbers() -> list[str]:
    """Every setting that is a number or a list of them, by its name in the environment."""
    found = []
    for path, kind in _known_names().items():
        kinds = {kind, *get_args(kind), *(k for part in get_args(kind) for k in get_args(part))}
        if kinds & {int, float}:
            found.append("CARGOFIJO_" + "__".join(path).upper())
    return found


def test_every_number_is_looked_at() -> None:
    assert len(numbers()) > 15 and "CARGOFIJO_POLICY__RETRY_PAUSES" in numbers()


@pytest.mark.parametrize("name", numbers())
def test_a_number_below_none_is_refused(name: str) -> None:
    is_list = name.endswith(("PAUSES", "LOOK_AGAIN"))
    sentence = refusal(**{name: "[5, -1]" if is_list else "-1"})
    assert f"{name} no es válido: se espera" in sentence and "forma" not in sentence


@pytest.mark.parametrize("value", ["inf", "nan"])
def test_a_time_has_an_end(value: str) -> None:
    assert "se espera un número" in refusal(f"[policy]\nportal_patience = {value}")
    assert "se espera un número" in refusal(f"[policy]\nretry_pauses = [{value}]")


@pytest.mark.parametrize(
    ("toml", "variables"),
    [
        ("[portals.siac]\npassword = 's3creta'", {}),
        ("[smtp]\nPassword = 's3creta'", {}),
        ("[smtp]\nport = 's3creta'", {}),
        ("[portals.siac]\nurl = 'http://robot:s3creta@siac/'", {}),
        ("database_url = 'postgresql://robot:s3creta@db/cargofijo'", {}),
        ("database_url = 'postgresql://db/cargofijo?user=robot&password=s3creta'", {}),
        ("", {"CARGOFIJO_DATABASE_URL": "mysql://robot:s3creta@db/cargofijo"}),
        ("", {"CARGOFIJO_POLICY__MAX_WRITES": "s3creta"}),
        ("", {"CARGOFIJO_PORTALS": "s3creta"}),
    ],
)
def test_no_value_is_repeated(toml: str, variables: dict[str, str]) -> None:
    assert "s3creta" not in refusal(toml, **variables)


@pytest.mark.parametrize(("encoding", "line"), [("cp1252", 2), ("utf-16-le", 1)])
def test_a_file_in_an_encoding_that_it_does_not_tell(encoding: str, line: int) -> None:
    Path("cargofijo.toml").write_text("[smtp]\nsender = 'a\xf1o'", encoding)
    with pytest.raises(SettingsError, match=rf"UTF-8 \(línea {line}\)"):
        load_settings()


def test_a_file_that_tells_its_encoding() -> None:
    Path("cargofijo.toml").write_bytes(BOM_UTF16_BE + "[smtp]\nsender = 'año'".encode("utf-16-be"))
    assert load_settings().smtp.sender == "año"


def test_the_environment_stands_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("cargofijo.toml").write_text(
        "seats = 2\n[portals.siac]\nurl = 'http://archivo.example'\nusername = 'robot'\n"
    )
    monkeypatch.setenv("CARGOFIJO_PORTALS__SIAC__URL", "http://entorno.example")
    monkeypatch.setenv("CARGOFIJO_POLICY__APPROVALS", '["POSTVENTA"]')
    settings = load_settings()
    assert settings.seats == 2
    assert settings.portals.siac.url == "http://entorno.example"
    assert settings.portals.siac.username == "robot"
    assert [str(scenario) for scenario in settings.policy.approvals] == ["POSTVENTA"]


def test_authorities_for_the_browser_are_a_matter_of_linux(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    self_signed(tmp_path, "ca.claro.example")
    toml = "[browser]\nca = 'certificado.pem'"
    monkeypatch.setattr(sys, "platform", "win32")
    assert "instale ahí la de la empresa" in refusal(toml)
    assert load_settings_of("[browser]\nca = ''").browser.ca is None
    monkeypatch.setattr(sys, "platform", "linux")
    assert load_settings_of(toml).browser.ca == Path("certificado.pem")


@pytest.mark.parametrize("owner", ["sisact", "nintex", "smtp", "imap", "inbox", "packet"])
@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_secret_is_none_and_the_keyring_is_asked(
    monkeypatch: pytest.MonkeyPatch, owner: str, empty: str
) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr("keyring.get_password", lambda _service, of: kept.get(of))
    names = {"packet": "PACKET__KEY", "sisact": "PORTALS__SISACT__PASSWORD"}
    names["nintex"] = "PORTALS__NINTEX__PASSWORD"
    monkeypatch.setenv(f"CARGOFIJO_{names.get(owner, f'{owner.upper()}__PASSWORD')}", empty)
    settings = load_settings()
    assert settings.secret_of(owner) is None
    assert settings.variable_with_password(owner) is None
    kept[owner] = empty
    assert settings.secret_of(owner) is None
    kept[owner] = " del llavero "
    assert settings.secret_of(owner) == " del llavero "


def test_a_name_of_spaces_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["PORTALS__SIAC__URL", "PORTALS__SIAC__USERNAME", "SMTP__HOST", "SMTP__SENDER"]
    for name in names:
        monkeypatch.setenv(f"CARGOFIJO_{name}", "  ")
    assert {f"CARGOFIJO_{name}" for name in names} <= set(load_settings().missing())
