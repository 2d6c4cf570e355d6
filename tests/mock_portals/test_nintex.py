"""NINTEX over HTTP: NTLM per connection, and what its form answers."""

from __future__ import annotations

import base64
import http.client
import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
import spnego
from spnego.exceptions import NegotiateOptions

from mock_portals.formats import NBSP, soles
from mock_portals.nintex import forms
from mock_portals.nintex.forms import FormLoad, Posted, digest_holds, new_digest
from mock_portals.nintex.libraries import LIBRARIES, THRESHOLD, view_of
from mock_portals.world import NintexRequest
from tests.support.mock import MockPortals

ACTIVACIONES, OPERADOR = LIBRARIES
VIEW = f"{ACTIVACIONES.base}{ACTIVACIONES.view_path}"


class NtlmClient:
    """One kept-alive connection, authenticated on demand as a browser does it."""

    def __init__(self, mock: MockPortals, user: str = "CLARO\\robot", password: str = "robot"):
        self.connection = http.client.HTTPConnection(urlsplit(mock.url("nintex")).netloc)
        self.user, self.password = user, password
        self.cookie = ""
        self.challenges = 0

    def ask(self, path: str, authorization: str = "") -> http.client.HTTPResponse:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if authorization:
            headers["Authorization"] = authorization
        self.connection.request("GET", path, headers=headers)
        reply = self.connection.getresponse()
        reply.read()
        self.cookie = (reply.headers["Set-Cookie"] or self.cookie).partition(";")[0]
        return reply

    def get(self, path: str) -> int:
        """The status, once this connection's user is known or refused."""
        status = self._get(path)
        # what ends the session may come just when this connection was asked again anyway
        return self._get(path) if status == 401 else status

    def _get(self, path: str) -> int:
        reply = self.ask(path)
        if reply.status != 401:
            return reply.status
        self.challenges += 1
        client = spnego.client(
            self.user, self.password, protocol="ntlm", options=NegotiateOptions.use_ntlm
        )
        message = client.step()
        while message:
            reply = self.ask(path, f"NTLM {base64.b64encode(message).decode()}")
            if reply.status != 401:
                return reply.status
            challenge = reply.headers["WWW-Authenticate"].partition(" ")[2]
            message = client.step(base64.b64decode(challenge)) if challenge else None
        return reply.status


@pytest.fixture
def client(mock: MockPortals) -> Iterator[Callable[..., NtlmClient]]:
    opened: list[NtlmClient] = []

    def open_one(*who: str) -> NtlmClient:
        opened.append(NtlmClient(mock, *who))
        return opened[-1]

    mock.reset({"today": "2026-11-20"})
    yield open_one
    for one in opened:
        one.connection.close()


def test_a_connection_is_asked_once_and_now_and_then_again(
    mock: MockPortals, client: Callable[..., NtlmClient]
) -> None:
    robot = client()
    assert {robot.get(VIEW) for _ in range(120)} == {200}
    assert 1 < robot.challenges < 20
    assert mock.requests("nintex") == 120, "the legs of the handshake are no requests"
    assert mock.state()["sessions"]["nintex"]["logins"] == 1


def test_another_connection_of_the_same_browser_is_no_other_login(
    mock: MockPortals, client: Callable[..., NtlmClient]
) -> None:
    first, second = client(), client()
    first.get(VIEW)
    second.cookie = first.cookie
    assert second.get(VIEW) == 200
    assert second.challenges == 1
    assert mock.state()["sessions"]["nintex"]["logins"] == 1


@pytest.mark.parametrize(
    "who", [("CLARO\\robot", "Robot"), ("robot", "robot"), ("OTRO\\robot", "robot")]
)
def test_who_is_not_let_in(
    who: tuple[str, str], mock: MockPortals, client: Callable[..., NtlmClient]
) -> None:
    assert client(*who).get(VIEW) == 401
    assert mock.requests("nintex") == 0
    assert mock.state()["sessions"]["nintex"]["logins"] == 0


def test_an_expired_session_is_a_new_challenge(
    mock: MockPortals, client: Callable[..., NtlmClient]
) -> None:
    robot = client("CLARO\\robot2", "robot2")
    robot.get(VIEW)
    mock.fault({"portal": "nintex", "kind": "session_expired"})
    before = robot.challenges
    assert robot.get(VIEW) == 200
    assert robot.challenges > before


def record(number: int, **others: Any) -> NintexRequest:
    return NintexRequest(id=str(number), sec=f"00{number}", reference=f"CF-{number}", **others)


def test_a_view_over_the_threshold_is_refused_but_for_the_search() -> None:
    records = {str(n): record(n) for n in range(1, THRESHOLD + 1)}
    assert not view_of(records, "", 1, "").refused
    records["9999"] = record(9999)
    assert view_of(records, "", 1, "").refused
    assert view_of(records, "", 1, "Pendiente").refused, "a filter goes through no index"
    assert [r.id for r in view_of(records, "cf-9999", 1, "").rows] == ["9999"]


def test_a_digest_of_half_an_hour_ago_holds_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = new_digest()
    assert digest_holds(digest)
    assert not digest_holds(digest[:-1] + "0" if digest[-1] != "0" else digest[:-1] + "1")
    assert not digest_holds("")
    later = time.time() + forms.DIGEST_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert not digest_holds(digest)


VALUES = {
    "Referencia": "CF-0046001-20261120-abc123",
    "CasoSIAC": "70000001",
    "TipoSolicitud": f"7;#{ACTIVACIONES.request_types[0]}",
    "Escenario": "ACTIVACIONES_CONFIGURACION",
    "FechaSolicitud": "20/11/2026",
    "Solicitante": "robot",
    "SEC": "0046001",
    "RUC": "20100070970",
    "CargoOfrecido": "S/ 1,039.90",
    "Lineas": [{"Linea": "987654321", "CargoLinea": "1039.9"}],
}


def posted(**changes: Any) -> Posted:
    return Posted.read({**VALUES, **changes}, {})


def test_a_whole_form_makes_an_item() -> None:
    assert posted().errors(ACTIVACIONES) == []
    item = posted().item("5", date(2026, 11, 20), "robot")
    assert (item.id, item.sec, item.charge, item.lines) == (
        "5",
        "0046001",
        "1039.90",
        ["987654321"],
    )
    assert item.request_type == "Modificación de cargo fijo: error de configuración"
    assert soles(item.charge, NBSP) == "S/\u00a01,039.90"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SEC": ""}, "obligatorio"),
        ({"SEC": "45-1"}, "solo admite dígitos"),
        ({"RUC": "123"}, "11 dígitos"),
        ({"CargoOfrecido": "mucho"}, "no es un importe"),
        ({"FechaSolicitud": "2026-11-20"}, "DD/MM/AAAA"),
        ({"TipoSolicitud": "1;#Otra cosa"}, "no es de la lista"),
        ({"TipoSolicitud": forms.NO_CHOICE}, "obligatorio"),
        ({"Lineas": []}, "al menos una fila"),
        ({"Lineas": [{"Linea": "123", "CargoLinea": "x"}]}, "9 dígitos"),
    ],
)
def test_what_a_form_refuses(changes: dict[str, Any], words: str) -> None:
    assert any(words in error for error in posted(**changes).errors(ACTIVACIONES))


def test_an_offer_in_force_needs_its_date_or_its_approver() -> None:
    offer = {"TipoSolicitud": f"1;#{OPERADOR.request_types[0]}"}
    assert posted(**offer).errors(OPERADOR)
    assert not posted(**offer, AprobadoPor="Luis Peña").errors(OPERADOR)


def test_each_load_has_its_own_ids_and_order_from_the_seed() -> None:
    source = random.Random(1)
    loads = [FormLoad(ACTIVACIONES, source) for _ in range(6)]
    assert len({load.prefix for load in loads}) == 6
    orders = {tuple(c.name for _, controls in load.sections for c in controls) for load in loads}
    assert len(orders) == 6
    assert FormLoad(ACTIVACIONES, random.Random(1)).prefix == loads[0].prefix
