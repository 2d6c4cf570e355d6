"""SISACT's mock as a browser sees it on the wire: what it shows, to whom, and what it refuses."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar

import pytest

from tests.support.mock import MockPortals
from tests.support.sisact_samples import RUC, WORLD

CONSULTA = "/Evaluacion/ConsultaSEC.aspx"


class Visitor:
    """A browser without a screen: cookies, forms, and the fields it was given."""

    def __init__(self, mock: MockPortals) -> None:
        self.base = mock.url("sisact")
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({})
        )

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=30) as reply:
            return str(reply.read().decode())

    def post(self, path: str, fields: dict[str, str], *, delta: bool = False) -> str:
        request = urllib.request.Request(
            self.base + path,
            data=urllib.parse.urlencode(fields).encode(),
            headers={"X-MicrosoftAjax": "Delta=true"} if delta else {},
        )
        with self.opener.open(request, timeout=30) as reply:
            return str(reply.read().decode())

    def log_in(self, user: str = "robot", password: str = "robot") -> str:
        fields = form(self.get("/Login.aspx"))
        return self.post("/Login.aspx", fields | named(fields, txtUsuario=user, txtClave=password))

    def search(self, **criteria: str) -> str:
        fields = form(self.get(CONSULTA))
        fields |= named(fields, **criteria) | {"__EVENTTARGET": name_of(fields, "btnBuscar")}
        return self.post(CONSULTA, fields, delta=True)


def form(page: str) -> dict[str, str]:
    """The names and values of a page's text and hidden inputs."""
    inputs = re.findall(r'<input type="(?:hidden|text|password)" name="([^"]+)"[^>]*?>', page)
    values = dict(re.findall(r'<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)"', page))
    return {name: html.unescape(values.get(name, "")) for name in inputs}


def name_of(fields: dict[str, str], control: str) -> str:
    """The full name of a control, by the containers that the others are in."""
    inside = next(name for name in fields if "$" in name)
    return f"{inside.rpartition('$')[0]}${control}"


def named(fields: dict[str, str], **values: str) -> dict[str, str]:
    return {name_of(fields, control): value for control, value in values.items()}


@pytest.fixture
def visitor(mock: MockPortals) -> Iterator[Visitor]:
    mock.reset(WORLD)
    yield Visitor(mock)


def test_who_is_not_logged_in_sees_the_login(visitor: Visitor) -> None:
    for path in ("/", "/Default.aspx", "/Menu.aspx", CONSULTA, "/Evaluacion/DatosEvaluacion.aspx"):
        assert "Contraseña" in visitor.get(path)


def test_login(visitor: Visitor, mock: MockPortals) -> None:
    assert "Usuario o contraseña incorrectos" in visitor.log_in(password="otra")
    assert "Ingrese su usuario y su contraseña" in visitor.log_in(password="")
    assert mock.state()["sessions"]["sisact"]["logins"] == 0
    page = visitor.log_in()
    assert "<title>SISACT</title>" in page
    assert re.findall(r'<frame name="(\w+)"', page) == ["cabecera", "menu", "trabajo"]
    visitor.get("/Salir.aspx")
    assert mock.state()["sessions"]["sisact"] == {"logins": 1, "logouts": 1}
    assert "Contraseña" in visitor.get("/Default.aspx")


def test_a_user_may_have_several_sessions(visitor: Visitor, mock: MockPortals) -> None:
    visitor.log_in()
    Visitor(mock).log_in()
    assert "Criterios de búsqueda" in visitor.get(CONSULTA)


@pytest.mark.parametrize(
    ("kind", "words"),
    [("session_expired", "Su sesión ha expirado"), ("session_taken", "Su sesión ha sido cerrada")],
)
def test_ended_session_is_a_normal_page(
    visitor: Visitor, mock: MockPortals, kind: str, words: str
) -> None:
    visitor.log_in()
    mock.fault({"portal": "sisact", "kind": kind})
    assert words in visitor.get(CONSULTA)
    assert words in visitor.get(CONSULTA)  # until there is a new login
    visitor.log_in()
    assert "Criterios de búsqueda" in visitor.get(CONSULTA)


@pytest.mark.parametrize(
    ("criteria", "words"),
    [
        ({"txtSec": "0012345678"}, "Registros encontrados: 1<"),
        # whatever contains it
        ({"txtSec": "12345678"}, "Registros encontrados: 2<"),
        ({"txtSec": "2345678"}, "Registros encontrados: 2<"),
        ({"txtSec": "2345679"}, "No se encontraron registros"),
        ({"txtRuc": RUC}, "Registros encontrados: 5<"),
        ({"txtRuc": RUC, "ddlEstado": "Anulada"}, "Registros encontrados: 1<"),
        ({"txtDesde": "04/08/2026"}, "No se encontraron registros"),
        ({"txtHasta": "03/08/2026"}, "Registros encontrados: 6<"),
        ({}, "Ingrese al menos un criterio"),
        ({"txtSec": "SEC-1"}, "debe ser numérico"),
        ({"txtRuc": "2099"}, "debe tener 11 dígitos"),
        ({"txtDesde": "2026-08-04"}, "DD/MM/AAAA"),
    ],
)
def test_search(visitor: Visitor, criteria: dict[str, str], words: str) -> None:
    visitor.log_in()
    assert words in visitor.search(**criteria)


def test_results_have_pages(visitor: Visitor, mock: MockPortals) -> None:
    one = WORLD["secs"][0]
    mock.reset({**WORLD, "secs": [{**one, "number": f"{8000 + number}"} for number in range(23)]})
    visitor.log_in()
    fields = form(visitor.get(CONSULTA))
    fields |= named(fields, txtRuc=RUC) | {"__EVENTTARGET": name_of(fields, "btnBuscar")}
    first = visitor.post(CONSULTA, fields, delta=True)
    state = re.findall(r"\|hiddenField\|(__\w+)\|([^|]*)\|", first)
    third = (
        fields
        | dict(state)
        | {
            "__EVENTTARGET": name_of(fields, "gvResultados"),
            "__EVENTARGUMENT": "Page$3",
        }
    )
    second_search = visitor.post(CONSULTA, third, delta=True)
    assert re.findall(r"<td>(80\d\d)</td>", first) == [str(8000 + n) for n in range(10)]
    assert re.findall(r"<td>(80\d\d)</td>", second_search) == ["8020", "8021", "8022"]


def test_view_state_is_proof(visitor: Visitor) -> None:
    visitor.log_in()
    fields = form(visitor.get(CONSULTA))
    forged = fields | {"__VIEWSTATE": fields["__VIEWSTATE"][:-4] + "AAAA"}
    assert "Validation of viewstate MAC failed" in visitor.post(CONSULTA, forged, delta=True)
    with pytest.raises(urllib.error.HTTPError) as refused:
        visitor.post(CONSULTA, forged)
    assert refused.value.code == 500
    assert "Validation of viewstate MAC failed" in refused.value.read().decode()
    login = form(Visitor.get(visitor, CONSULTA))
    visitor.get("/Salir.aspx")
    with pytest.raises(urllib.error.HTTPError) as other_page:
        visitor.post("/Login.aspx", login)
    assert "Invalid postback or callback argument" in other_page.value.read().decode()


def test_ids_change_with_every_load(visitor: Visitor) -> None:
    visitor.log_in()
    loads = [frozenset(name for name in form(visitor.get(CONSULTA)) if "$" in name) for _ in "123"]
    assert len(set(loads)) == 3


def test_evaluation_needs_its_search(visitor: Visitor) -> None:
    visitor.log_in()
    page = visitor.get("/Evaluacion/DatosEvaluacion.aspx?t=0012345678")
    assert "No se pudo recuperar la evaluación" in page


def test_it_keeps_the_secrets_of_siac(visitor: Visitor) -> None:
    visitor.log_in()
    found = visitor.search(txtSec="12345678")
    token = re.search(r"Ver\$(\w+)'", found)
    assert token is not None
    assert "Procesando" in visitor.get(f"/Evaluacion/Puente.aspx?t={token[1]}")
    page = visitor.get(f"/Evaluacion/DatosEvaluacion.aspx?t={token[1]}")
    assert "987654321" in page
    for secret in ("44.44", "Otro plan", "Activa<", "actura", "artera", "@"):
        assert secret not in page
    assert "Dscto" not in page  # Descripción comes when its tab is clicked
