"""Remedy over plain HTTP: what a browser would hide behind its clicks."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

import pytest

from tests.support.mock import MockPortals

INCIDENT = "/arsys/forms/arsprd01/HPD:Help%20Desk/Best%20Practice%20View/?mode=CREATE"
VALUES = {
    "1000000001": "Claro Perú",
    "536871010": "CF-1-20261118-abcdef",
    "536871011": "70000001",
    "536871012": "0012345678",
    "536871013": "20100017491",
    "1000000000": "Línea desalineada",
    "536871016": "ACTIVACIONES_DESALINEACION",
    "536871017": "987654321, 987654322",
    "536871018": "S/ 1,039.9",
    "200000003": "Servicios móviles",
    "1000000163": "4-Menor/Localizado",
    "1000000162": "3-Media",
    "1000000217": "Facturación Móvil Corporativa",
}
GROUP = "SGP000000000101"


class Client:
    """One machine's cookies."""

    def __init__(self, mock: MockPortals) -> None:
        self.root = mock.url("remedy")
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.root + path, timeout=30) as reply:
            return str(reply.read().decode())

    def post(self, path: str, **fields: str) -> str:
        body = urllib.parse.urlencode(fields).encode()
        with self.opener.open(self.root + path, body, timeout=30) as reply:
            return str(reply.read().decode())

    def login(self, user: str = "robot", password: str = "", **more: str) -> str:
        return self.post("/arsys/servlet/LoginServlet", username=user, pwd=password or user, **more)

    def call(self, operation: str, **asked: Any) -> Any:
        return json.loads(self.post(f"/arsys/BackChannel/{operation}", param=json.dumps(asked)))

    def save(self, group: str = GROUP, **changed: str) -> Any:
        return self.call("SetEntry", values={**VALUES, **changed}, group=group, attachments=[])


@pytest.fixture
def client(mock: MockPortals) -> Client:
    mock.reset({"today": "2026-11-20"})
    client = Client(mock)
    assert "Consola de inicio de TI" in client.login()
    return client


def test_a_second_press_saves_a_second_time(mock: MockPortals, client: Client) -> None:
    assert client.save()["saved"]
    assert client.save()["saved"]
    first, second = mock.state()["remedy"]["incidents"]
    assert {**first, "number": second["number"]} == second
    assert first["lines"] == ["987654321", "987654322"]
    assert first["charge"] == "1039.90"
    assert mock.state()["writes"] == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"group": ""}, "1291101"),  # typed, but not resolved by the lookup
        ({"536871013": "2010001749"}, "326"),
        ({"536871017": "987654321, 12345"}, "326"),
        ({"536871018": "1.039,90"}, "326"),
        ({"536871012": " "}, "9424"),
        ({"1000000000": "x" * 256}, "306"),
    ],
)
def test_what_it_does_not_take(
    changed: dict[str, str], code: str, mock: MockPortals, client: Client
) -> None:
    assert f"(ARERR {code})" in client.save(**changed)["message"]
    assert mock.state()["writes"] == 0


def test_each_load_has_its_own_window_numbers_and_order(client: Client) -> None:
    loads = [re.findall(r'<div id="(WIN_\d+_\d+)" arid="\d+"', client.get(INCIDENT)) for _ in "ab"]
    assert loads[0] != loads[1]
    fields = [sorted(name.split("_")[2] for name in load) for load in loads]
    assert fields[0] == fields[1]
    assert all(fields[0].count(arid) == 2 for arid in VALUES)  # each with a hidden twin


def test_a_second_login_is_told_of_the_first_and_may_end_it_once_in_a_while(
    mock: MockPortals, client: Client
) -> None:
    second, third = Client(mock), Client(mock)
    told = r"ARERR 9084\)\. Sesión abierta desde el \d\d/\d\d/\d{4} [\d:]{8} en 127\.0\.0\.1"
    assert re.search(told, second.login())
    assert "Consola" in second.login(overwrite="true")
    assert "otro equipo" in client.get(INCIDENT)
    assert "ARERR 9201" in client.save()["message"]
    refused = third.login(overwrite="true")
    assert "hace poco" in refused and re.search(told, refused)
    assert "Consola" not in third.login("robot2", "no")
    assert "Consola" in third.login("robot2")
    assert second.save()["saved"]


def test_only_saving_is_a_write(mock: MockPortals, client: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "error", "on": "write", "status": 503})
    assert client.call("GetListEntry", text="CF-1", start=0)["total"] == 0
    assert "ARERR 9424" not in client.get(INCIDENT)
    with pytest.raises(urllib.error.HTTPError, match="503"):
        client.save()
    assert client.save()["saved"]
