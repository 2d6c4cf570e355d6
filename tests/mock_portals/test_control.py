"""The mock's core: what the control port shows and takes, and how each fault behaves."""

from __future__ import annotations

import http.client
import smtplib
import time
import urllib.error
import urllib.parse
import urllib.request
from email.message import EmailMessage
from http.cookiejar import CookieJar
from typing import Any

import pytest

from mock_portals.sessions import Sessions
from tests.support.mock import MockPortals

CONSOLE = "/arsys/forms/arsprd01/SHR:LandingConsole/Default%20Administrator%20View/"
LIST = "/arsys/BackChannel/GetListEntry"
ENTRY = '{"text": "CF-7", "start": 0}'
INCIDENT = {"number": "INC000000000007", "reference": "CF-7", "sec": "7", "lines": ["987654321"]}
WORLD: dict[str, Any] = {
    "today": "2026-11-20",
    "customers": [{"ruc": "20100017491", "business_name": "Minera Ñandú S.A.C."}],
    "secs": [
        {
            "number": "7",
            "ruc": "20100017491",
            "operation": "Alta",
            "date": "2026-09-01",
            "plan": "Max 59.90",
            "list_charge": "59.90",
        }
    ],
    "lines": [
        {"number": "987654321", "ruc": "20100017491", "plan": "Max 59.90", "charge": "59.90"}
    ],
    "remedy": {"incidents": [INCIDENT]},
}


class Client:
    """Remedy, logged in: the portal on which the faults that all of them have are tried."""

    def __init__(self, mock: MockPortals) -> None:
        self.root = mock.url("remedy")
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        assert "Consola" in self.post("/arsys/servlet/LoginServlet", username="robot", pwd="robot")

    def post(self, path: str, **fields: str) -> str:
        return self.open(path, urllib.parse.urlencode(fields).encode())

    def open(self, path: str, body: bytes | None = None) -> str:
        with self.opener.open(self.root + path, body, timeout=30) as reply:
            return str(reply.read().decode())

    def list(self) -> str:
        return self.post(LIST, param=ENTRY)

    def status(self, path: str = CONSOLE, body: bytes | None = None) -> int:
        try:
            self.open(path, body)
        except urllib.error.HTTPError as error:
            return error.code
        return 200


@pytest.fixture
def remedy(mock: MockPortals) -> Client:
    mock.reset(WORLD)
    return Client(mock)


def refusal(mock: MockPortals, method: str, path: str, body: Any) -> str:
    with pytest.raises(urllib.error.HTTPError) as raised:
        mock.call(method, path, body)
    assert raised.value.code == 422
    return raised.value.read().decode()


# state


def test_state_is_the_world_with_nothing_done(mock: MockPortals) -> None:
    mock.reset(WORLD)
    state = mock.state()
    assert state["today"] == "2026-11-20"
    assert state["customers"][0]["business_name"] == "Minera Ñandú S.A.C."
    assert state["secs"][0]["list_charge"] == "59.90"
    (incident,) = state["remedy"]["incidents"]
    assert {name: incident[name] for name in INCIDENT} == INCIDENT
    assert (incident["status"], incident["charge"]) == ("Asignado", "0.00")
    assert (state["mail"], state["requests"], state["writes"]) == ([], [], 0)
    assert set(state["sessions"]) == {"sisact", "siac", "nintex", "remedy"}


def test_patch_merges_by_number_and_takes_away_what_is_deleted(mock: MockPortals) -> None:
    mock.reset(WORLD)
    mock.patch(
        remedy={
            "incidents": [
                {"number": "INC000000000007", "status": "Cerrado"},
                {"number": "INC000000000009", "reference": "CF-9"},
            ]
        },
        siac={"cases": [{"number": 70000001, "reference": "CF-9"}]},
    )
    state = mock.state()
    seven, nine = state["remedy"]["incidents"]
    assert (seven["status"], seven["lines"]) == ("Cerrado", ["987654321"])
    assert (nine["number"], nine["reference"]) == ("INC000000000009", "CF-9")
    assert [case["number"] for case in state["siac"]["cases"]] == ["70000001"]
    mock.patch(remedy={"incidents": [{"number": "INC000000000007", "deleted": True}]})
    assert [i["number"] for i in mock.state()["remedy"]["incidents"]] == ["INC000000000009"]
    mock.patch(today="2026-12-01", mail=[])
    assert mock.state()["today"] == "2026-12-01"


@pytest.mark.parametrize(
    ("patch", "named"),
    [
        ({"incidents": []}, "incidents"),
        ({"remedy": {"incidents": [{"status": "Cerrado"}]}}, "number"),
        ({"remedy": {"incidents": [{"number": "1", "charge": "1,039.90"}]}}, "charge"),
        ({"remedy": {"incidents": [{"number": "1", "state": "Cerrado"}]}}, "state"),
        ({"remedy": {"incidents": {}}}, "list"),
        ({"remedy": []}, "object"),
        ([], "object"),
    ],
)
def test_a_patch_that_cannot_be_is_refused_whole(mock: MockPortals, patch: Any, named: str) -> None:
    mock.reset(WORLD)
    before = mock.state()
    assert named in refusal(mock, "PATCH", "/state", patch)
    assert mock.state() == before


def test_a_patch_with_one_bad_record_changes_none(mock: MockPortals) -> None:
    mock.reset(WORLD)
    bad = {"number": "INC000000000008", "status": "Abierto"}
    good = {"number": "INC000000000007", "status": "Cerrado"}
    refusal(mock, "PATCH", "/state", {"remedy": {"incidents": [good, bad]}})
    assert [i["status"] for i in mock.state()["remedy"]["incidents"]] == ["Asignado"]


def test_the_world_goes_on_record_by_record(mock: MockPortals) -> None:
    mock.reset(WORLD)
    bill = {"period": "2026-12", "charge": "39.90"}
    new = {"number": "987654322", "ruc": "20100017491", "plan": "Max 59.90", "charge": "59.90"}
    mock.happens(
        today="2026-12-20",
        customers=[{"ruc": "20100017491", "contacts": []}],
        secs=[{"number": "7", "lines": ["987654321"]}],
        lines=[{"number": "987654321", "charge": "39.90", "invoices": [bill]}, new],
    )
    state = mock.state()
    assert state["today"] == "2026-12-20"
    assert state["customers"][0]["business_name"] == "Minera Ñandú S.A.C."
    assert state["secs"][0]["lines"] == ["987654321"]
    first, second = state["lines"]
    assert (first["plan"], first["charge"], first["invoices"]) == ("Max 59.90", "39.90", [bill])
    assert second["invoices"] == []
    mock.happens(lines=[{"number": "987654321", "invoices": []}])
    assert mock.state()["lines"][0]["invoices"] == []
    assert mock.state()["writes"] == 0


@pytest.mark.parametrize(
    ("patch", "named"),
    [
        ({"siac": {"cases": []}}, "siac"),
        ({"mail": []}, "mail"),
        ({"lines": [{"number": "987654323"}]}, "987654323"),
        ({"lines": [{"number": "987654321", "invoices": [{"period": "2026-12"}]}]}, "charge"),
        ({"customers": [{"business_name": "X"}]}, "ruc"),
        ([], "object"),
    ],
)
def test_a_world_that_cannot_be_is_refused_whole(mock: MockPortals, patch: Any, named: str) -> None:
    mock.reset(WORLD)
    before = mock.state()
    assert named in refusal(mock, "PATCH", "/world", patch)
    assert mock.state() == before


@pytest.mark.parametrize(
    ("world", "named"),
    [
        ({}, "today"),
        ({"today": "20/11/2026"}, "today"),
        ({"today": "2026-11-20", "clients": []}, "clients"),
        ({**WORLD, "lines": [{**WORLD["lines"][0], "charge": 59.9}]}, "lines.0.charge"),
        ({**WORLD, "customers": [{"ruc": "20100017491"}]}, "customers.0.business_name"),
    ],
)
def test_a_bad_world_is_refused_and_the_old_one_stays(
    mock: MockPortals, world: Any, named: str
) -> None:
    mock.reset(WORLD)
    assert named in refusal(mock, "POST", "/reset", world)
    assert len(mock.state()["remedy"]["incidents"]) == 1


def test_reset_starts_over_with_sessions_faults_and_counts(
    mock: MockPortals, remedy: Client
) -> None:
    mock.fault({"portal": "remedy", "kind": "error", "times": 99})
    assert remedy.status() == 500
    mock.reset(WORLD)
    assert mock.call("GET", "/faults") == []
    assert mock.state()["requests"] == []
    assert mock.state()["sessions"]["remedy"] == {"logins": 0, "logouts": 0}
    assert "Consola" not in remedy.open(CONSOLE)
    mock.reset()  # without a body: the world it was started with
    assert len(mock.state()["secs"]) > 1


def test_each_request_is_counted_by_portal_method_and_path(
    mock: MockPortals, remedy: Client
) -> None:
    before = mock.requests("remedy")
    for _ in range(2):
        remedy.list()
    remedy.open("/static/remedy/popup.html")
    assert mock.requests("remedy") == before + 2
    entry = {"portal": "remedy", "method": "POST", "path": LIST, "count": 2}
    assert entry in mock.state()["requests"]
    assert mock.requests("siac") == 0


# who may log in


@pytest.mark.parametrize(
    ("user", "password", "inside"),
    [
        ("robot", "robot", True),
        ("robot2", "robot2", True),
        ("asesor1", "asesor1", True),
        ("robot", "robot2", False),
        ("robot", "", False),
        ("", "", False),
        ("nadie", "nadie", False),
    ],
)
def test_each_user_has_its_name_as_password(
    mock: MockPortals, user: str, password: str, inside: bool
) -> None:
    mock.reset(WORLD)
    body = urllib.parse.urlencode({"username": user, "pwd": password}).encode()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with opener.open(mock.url("remedy") + "/arsys/servlet/LoginServlet", body) as reply:
        assert ("Consola" in reply.read().decode()) is inside
    assert mock.state()["sessions"]["remedy"]["logins"] == inside


def test_an_idle_session_dies_and_is_remembered_as_idle() -> None:
    sessions = Sessions(idle_seconds=-1)
    session = sessions.start("robot", "127.0.0.1")
    assert sessions.find(session.token) is None
    assert sessions.ended[session.token] == "idle"
    assert sessions.of_user("robot") == []


# faults


@pytest.mark.parametrize(
    "fault",
    [
        {"portal": "remedy", "kind": "digest_expired"},
        {"portal": "siac", "kind": "save_conflict"},
        {"portal": "nintex", "kind": "session_taken"},
        {"portal": "smtp", "kind": "maintenance"},
        {"portal": "smtp", "kind": "session_expired"},
        {"portal": "correo", "kind": "error"},
        {"portal": "remedy", "kind": "explosion"},
        {"portal": "remedy"},
        {"portal": "remedy", "kind": "error", "path": "("},
        {"portal": "remedy", "kind": "error", "on": "read"},
        {"portal": "remedy", "kind": "error", "veces": 2},
    ],
)
def test_a_fault_that_cannot_be_is_refused_with_all_of_its_list(
    mock: MockPortals, fault: dict[str, Any]
) -> None:
    refusal(mock, "POST", "/faults", [{"portal": "siac", "kind": "error"}, fault])
    assert mock.call("GET", "/faults") == []


def test_faults_that_are_no_list_are_refused(mock: MockPortals) -> None:
    assert "list" in refusal(mock, "POST", "/faults", {"portal": "siac", "kind": "error"})


def test_after_and_times_choose_the_requests(mock: MockPortals, remedy: Client) -> None:
    fault = {"portal": "remedy", "kind": "error", "status": 503, "after": 1, "times": 2}
    mock.fault(fault)
    assert [remedy.status() for _ in range(5)] == [200, 503, 503, 200, 200]


def test_path_and_method_choose_the_requests(mock: MockPortals, remedy: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "error", "path": "Get(List)?Entry$", "times": 9})
    assert remedy.status() == 200
    assert remedy.status(LIST, b"param={}") == 500
    mock.call("DELETE", "/faults")
    mock.fault({"portal": "remedy", "kind": "error", "method": "post", "times": 9})
    assert remedy.status() == 200
    assert remedy.status(LIST, b"param={}") == 500


def test_only_requests_of_a_session_are_hit(mock: MockPortals) -> None:
    mock.reset(WORLD)
    mock.fault({"portal": "remedy", "kind": "error"})
    with urllib.request.urlopen(mock.url("remedy") + "/arsys/shared/login.jsp") as reply:
        assert reply.status == 200
    with pytest.raises(urllib.error.HTTPError, match="500"):
        Client(mock)  # not the login itself: the page behind it
    assert mock.state()["sessions"]["remedy"]["logins"] == 1


def test_a_deleted_fault_hits_nothing(mock: MockPortals, remedy: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "error"})
    mock.call("DELETE", "/faults")
    assert remedy.status() == 200


def test_session_faults_end_the_session(mock: MockPortals, remedy: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "session_expired"})
    assert "tiempo de espera" in remedy.open(CONSOLE)
    again = Client(mock)
    mock.fault({"portal": "remedy", "kind": "session_taken"})
    assert "otro equipo" in again.open(CONSOLE)
    assert "otro equipo" in again.open(CONSOLE)


def test_maintenance_is_said_with_its_status(mock: MockPortals, remedy: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "maintenance"})
    with pytest.raises(urllib.error.HTTPError) as raised:
        remedy.open(CONSOLE)
    assert raised.value.code == 503
    assert "Sistema en mantenimiento" in raised.value.read().decode()


def test_slow_answers_after_its_time(mock: MockPortals, remedy: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "slow", "ms": 5000})
    with pytest.raises(TimeoutError):
        remedy.opener.open(remedy.root + CONSOLE, timeout=0.5)
    mock.fault({"portal": "remedy", "kind": "slow", "ms": 20})
    assert "Consola" in remedy.open(CONSOLE)


def test_a_truncated_answer_ends_short(mock: MockPortals, remedy: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "truncated"})
    with pytest.raises(http.client.IncompleteRead):
        remedy.open(CONSOLE)


# faults that do the work all the same: a new incident is the work

SAVE = "/arsys/BackChannel/SetEntry"
NEW = urllib.parse.urlencode(
    {
        "param": """{"group": "SGP000000000103", "attachments": [], "values": {
            "1000000001": "Claro", "536871010": "CF-8", "536871011": "1", "536871012": "8",
            "536871013": "20100017491", "1000000000": "r", "536871016": "e",
            "536871017": "987654321", "536871018": "39.90", "200000003": "p",
            "1000000163": "i", "1000000162": "u", "1000000217": "Facturación Fija"}}"""
    }
).encode()


def references(mock: MockPortals) -> list[str]:
    return [incident["reference"] for incident in mock.state()["remedy"]["incidents"]]


def test_error_does_nothing(mock: MockPortals, remedy: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "error", "on": "write", "status": 502})
    assert remedy.status() == 200
    assert remedy.status(SAVE, NEW) == 502
    assert (references(mock), mock.state()["writes"]) == (["CF-7"], 0)


def test_error_after_does_the_work(mock: MockPortals, remedy: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "error_after", "on": "write", "status": 502})
    assert remedy.status(SAVE, NEW) == 502
    assert (references(mock), mock.state()["writes"]) == (["CF-7", "CF-8"], 1)


def test_lost_reply_does_the_work_and_says_nothing(mock: MockPortals, remedy: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "lost_reply", "on": "write"})
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        remedy.open(SAVE, NEW)
    assert (references(mock), mock.state()["writes"]) == (["CF-7", "CF-8"], 1)


def test_late_answers_at_once_and_works_later(mock: MockPortals, remedy: Client) -> None:
    mock.fault({"portal": "remedy", "kind": "late", "on": "write", "ms": 1500})
    assert remedy.status(SAVE, NEW) == 504
    assert references(mock) == ["CF-7"]
    deadline = time.monotonic() + 20
    while references(mock) == ["CF-7"]:
        assert time.monotonic() < deadline
    assert references(mock) == ["CF-7", "CF-8"]


# mail


def send(mock: MockPortals) -> None:
    message = EmailMessage()
    message["Subject"] = "Atención de su solicitud: «cargo fijo»"
    message.set_content("Estimado señor Núñez:\n")
    message.add_alternative("<p>Estimado señor Núñez:</p>", subtype="html")
    with smtplib.SMTP("127.0.0.1", mock.smtp_port, timeout=10) as server:
        server.send_message(message, "robot@claro.com.pe", ["uno@cliente.pe", "dos@cliente.pe"])


def test_mail_is_kept_as_it_was_meant(mock: MockPortals) -> None:
    mock.reset(WORLD)
    send(mock)
    (mail,) = mock.state()["mail"]
    assert mail["to"] == ["uno@cliente.pe", "dos@cliente.pe"]
    assert mail["subject"] == "Atención de su solicitud: «cargo fijo»"
    assert mail["text"].strip() == "Estimado señor Núñez:"
    assert "<p>Estimado" in mail["html"]


@pytest.mark.parametrize(
    ("kind", "kept"), [("error", 0), ("error_after", 1), ("lost_reply", 1), ("slow", 1)]
)
def test_mail_suffers_too(mock: MockPortals, kind: str, kept: int) -> None:
    mock.reset(WORLD)
    mock.fault({"portal": "smtp", "kind": kind, "ms": 50})
    if kind == "slow":
        send(mock)
    else:
        with pytest.raises((smtplib.SMTPException, ConnectionError)):
            send(mock)
    assert len(mock.state()["mail"]) == kept
    send(mock)
    assert len(mock.state()["mail"]) == kept + 1
