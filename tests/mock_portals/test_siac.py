"""The mock SIAC Único over HTTP: what it refuses, what it keeps secret, and what it does twice."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tests.support.mock import MockPortals
from tests.support.siac_samples import CASO, LINEAS, RUC, world

FILLED = {
    "ddlTipo": "Reclamo/Variaciones",
    "ddlClase": "Cargo fijo",
    "ddlSubclase": "Postventa - pérdida del beneficio (POSTVENTA)",
    "ddlCola": "Variaciones Corporativas",
    "ddlCanal": "Correo",
    "txtRuc": RUC,
    "txtSec": "3000003",
    "txtLineas": "\n".join(LINEAS),
    "txtContacto": "José Pérez",
    "txtDni": "01234567",
    "txtCampana": "",
    "txtCargo": "1,039.90",
    "txtRef": "CF-1",
    "txtDetalle": "detalle",
    "btnRegistrar": "Registrar",
}


class Visitor:
    """A browser without scripts: cookies, and the hidden fields of the page it saw last."""

    def __init__(self, mock: MockPortals) -> None:
        self.base = mock.url("siac")
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.text = ""

    def get(self, path: str) -> str:
        return self._keep(self.opener.open(self.base + path, timeout=20))

    def post(self, path: str, target: str = "", **values: str) -> str:
        """Post back the page seen last, its controls by their own names."""
        hidden = dict(re.findall(r'name="(__\w+)" id="\w+" value="([^"]*)"', self.text))
        containers = next(iter(re.findall(r'name="([^"]+)\$\w+"', self.text)))
        body = {name: html.unescape(value) for name, value in hidden.items()}
        body["__EVENTTARGET"] = f"{containers}${target}" if target else ""
        body |= {f"{containers}${name}": value for name, value in values.items()}
        data = urllib.parse.urlencode(body).encode()
        try:
            return self._keep(self.opener.open(self.base + path, data, timeout=20))
        except urllib.error.HTTPError as error:
            return f"{error.code} {error.read().decode()}"

    def _keep(self, reply: object) -> str:
        text = reply.read().decode()  # type: ignore[attr-defined]
        if not re.match(r"\d+\|", text):
            self.text = text
        return str(text)

    def template(self) -> None:
        """The template with the client looked up."""
        self.get("/siac/RegistrarCaso.aspx")
        seen = self.text
        delta = self.post("/siac/RegistrarCaso.aspx", "txtRuc", txtRuc=RUC)
        for name, value in re.findall(r"\|hiddenField\|(__\w+)\|([^|]*)\|", delta):
            seen = re.sub(rf'(id="{name}" value=")[^"]*', rf"\g<1>{html.escape(value)}", seen)
        self.text = seen


@pytest.fixture
def visitor(mock: MockPortals) -> Visitor:
    mock.reset(world())
    visitor = Visitor(mock)
    visitor.get("/")
    visitor.post("/siac/Login.aspx", txtUsuario="robot", txtClave="robot")
    return visitor


def test_a_form_posted_twice_registers_two_cases(visitor: Visitor, mock: MockPortals) -> None:
    visitor.template()
    form = visitor.text
    assert "Caso registrado" in visitor.post("/siac/RegistrarCaso.aspx", **FILLED)
    visitor.text = form
    assert "Caso registrado" in visitor.post("/siac/RegistrarCaso.aspx", **FILLED)
    new = mock.state()["siac"]["cases"][60:]
    assert [case["number"] for case in new] == ["70000061", "70000062"]
    assert [case["scenario"] for case in new] == ["POSTVENTA", "POSTVENTA"]
    assert mock.state()["writes"] == 2


@pytest.mark.parametrize(
    ("control", "value", "message"),
    [
        ("ddlSubclase", "Ajuste de recibo", "Seleccione la subclase."),
        ("ddlCola", "", "Seleccione la cola de derivación."),
        ("txtRuc", "20999999999", "El RUC no corresponde a un cliente."),
        ("txtSec", "30A", "El número de SEC admite solo dígitos."),
        ("txtLineas", "887000001", "Ingrese las líneas afectadas"),
        ("txtDni", "1234567", "Ingrese el contacto y su DNI."),
        ("txtCargo", "mucho", "El cargo ofrecido no es un importe."),
        ("txtDetalle", " ", "Ingrese el detalle del caso."),
    ],
)
def test_a_wrong_field_is_refused(
    visitor: Visitor, mock: MockPortals, control: str, value: str, message: str
) -> None:
    visitor.template()
    assert message in visitor.post("/siac/RegistrarCaso.aspx", **(FILLED | {control: value}))
    assert mock.state()["writes"] == 0


def test_a_client_that_was_not_looked_up_is_refused(visitor: Visitor, mock: MockPortals) -> None:
    visitor.get("/siac/RegistrarCaso.aspx")
    assert "Valide el RUC del cliente." in visitor.post("/siac/RegistrarCaso.aspx", **FILLED)
    assert mock.state()["writes"] == 0


def test_each_load_has_its_own_names_and_order(visitor: Visitor) -> None:
    loads = [visitor.get("/siac/RegistrarCaso.aspx") for _ in range(6)]
    names = [re.findall(r'name="([^"]+\$\w+)"', load) for load in loads]
    assert len({tuple(sorted(found)) for found in names}) == 6
    assert len({tuple(name.split("$")[-1] for name in found) for found in names}) > 1


def test_it_knows_nothing_of_what_only_sisact_knows(visitor: Visitor) -> None:
    seen = visitor.get("/siac/ConsultaCliente.aspx")
    seen += visitor.post("/siac/ConsultaCliente.aspx", txtRuc=RUC, btnBuscar="Buscar")
    seen += visitor.get(f"/siac/DetalleLinea.aspx?linea={LINEAS[0]}")
    visitor.get("/siac/ConsultaCasos.aspx")
    seen += visitor.post("/siac/ConsultaCasos.aspx", txtTexto="1000001", btnBuscar="Buscar")
    seen += visitor.get(f"/siac/Caso.aspx?numero={CASO}")
    assert "Minera" in seen and LINEAS[0] in seen and CASO in seen
    for secret in ("CF especial de SISACT", "Campaña de SISACT", "77.77"):
        assert secret not in seen


def test_only_a_case_in_attention_is_closed(visitor: Visitor, mock: MockPortals) -> None:
    visitor.get(f"/siac/Caso.aspx?numero={CASO}")
    values = {"ddlResolucion": "Solicitud registrada", "txtResolucion": "INC1", "btnCerrar": "x"}
    assert "Solo se puede cerrar un caso en atención." in visitor.post("/siac/Caso.aspx", **values)
    mock.patch(siac={"cases": [{"number": CASO, "status": "En atención"}]})
    assert "Los datos se guardaron" in visitor.post("/siac/Caso.aspx", **values)
    assert "Solo se puede cerrar un caso en atención." in visitor.post("/siac/Caso.aspx", **values)
    assert mock.state()["writes"] == 1


def test_a_session_that_was_taken_is_told_and_one_that_ended_leads_to_the_login(
    visitor: Visitor, mock: MockPortals
) -> None:
    mock.fault({"portal": "siac", "kind": "session_taken"})
    assert "el usuario ingresó desde otro equipo" in visitor.get("/siac/Bandeja.aspx")
    visitor.get("/")
    visitor.post("/siac/Login.aspx", txtUsuario="robot", txtClave="robot")
    mock.fault({"portal": "siac", "kind": "session_expired"})
    assert "Contraseña" in visitor.get("/siac/Bandeja.aspx").replace("\u200b", "")
    assert "Contraseña" in Visitor(mock).get("/siac/Bandeja.aspx").replace("\u200b", "")


def test_a_view_state_of_another_page_is_refused(visitor: Visitor, mock: MockPortals) -> None:
    visitor.get("/siac/ConsultaCasos.aspx")
    refused = visitor.post("/siac/RegistrarCaso.aspx", **FILLED)
    assert refused.startswith("500") and "Invalid postback" in refused
    visitor.template()
    visitor.text = visitor.text.replace('id="__VIEWSTATE" value="', 'id="__VIEWSTATE" value="x')
    assert "viewstate MAC failed" in visitor.post("/siac/RegistrarCaso.aspx", **FILLED)


def test_a_fault_on_writes_lets_reading_pass(visitor: Visitor, mock: MockPortals) -> None:
    mock.fault({"portal": "siac", "kind": "error_after", "on": "write", "status": 504})
    visitor.get("/siac/ConsultaCasos.aspx")
    visitor.post("/siac/ConsultaCasos.aspx", txtNumero=CASO, btnBuscar="Buscar")
    visitor.get("/siac/Bandeja.aspx")
    assert visitor.post("/siac/Bandeja.aspx", btnTomar=CASO).startswith("504")
    assert mock.state()["writes"] == 1
