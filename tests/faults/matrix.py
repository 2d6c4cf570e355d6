"""Every page that the robot visits, by portal: how it is asked for, and the step that visits it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.bench import Bench

KINDS = {
    "sisact": "error slow hang truncated session_expired session_taken maintenance digest_expired",
    "siac": "error slow hang truncated session_expired session_taken maintenance digest_expired",
    "nintex": "error slow hang truncated session_expired maintenance save_conflict digest_expired",
    "remedy": "error slow hang truncated session_expired session_taken maintenance",
}
#: only what is sent from a form can have these
_POSTED = ("digest_expired", "save_conflict")


@dataclass(frozen=True)
class Visit:
    """A page that is asked for, and which step does so. ``login`` is on the way in or out;
    ``first`` stands for all of its step's where a fault lasts."""

    portal: str
    method: str
    path: str
    step: str
    serial: int = 1
    login: bool = False
    first: bool = False

    def visit(self, bench: Bench) -> Callable[[], Awaitable[Any]]:
        """The step, to be run on this bench."""
        step: Callable[[int], Awaitable[Any]] = getattr(bench, self.step)
        return lambda: step(self.serial)

    @property
    def page(self) -> str:
        return f"{self.method} {self.path}"


def _visits(
    portal: str, step: str, *pages: str, serial: int = 1, login: bool = False
) -> list[Visit]:
    asked = (page.partition(" ") for page in pages)
    return [
        Visit(portal, method, path, step, serial, login, first=not at)
        for at, (method, _, path) in enumerate(asked)
    ]


_ACTIVACIONES = "/dir/operacionescomerciales/Activaciones"
_OPERADOR = "/dir/red/soporte"
_FORMS = "/arsys/forms/arsprd01"


def _nintex(base: str, library: str, serial: int) -> list[Visit]:
    return [
        *_visits(
            "nintex",
            "look",
            f"GET {base}/_layouts/15/start.aspx",
            f"GET {base}/{library}/Forms/AllItems.aspx",
            f"GET {base}/_layouts/15/SignOut.aspx",
            serial=serial,
            login=True,
        ),
        *_visits(
            "nintex",
            "look",
            f"GET {base}/_layouts/15/inplview.aspx",
            f"GET {base}/{library}/DispForm.aspx",
            serial=serial,
        ),
        *_visits(
            "nintex",
            "file",
            f"GET {base}/{library}/NewForm.aspx",
            f"POST {base}/{library}/NewForm.aspx",
            f"POST {base}/_vti_bin/client.svc/ProcessQuery",
            serial=serial,
        ),
    ]


VISITS = [
    *_visits(
        "sisact",
        "sec",
        *(f"GET /{page}.aspx" for page in ("Default", "Cabecera", "Menu", "Inicio", "Salir")),
        "GET /Evaluacion/ConsultaSEC.aspx",
        login=True,
    ),
    *_visits(
        "sisact",
        "sec",
        "POST /Evaluacion/ConsultaSEC.aspx",
        "GET /Evaluacion/Puente.aspx",
        "GET /Evaluacion/DatosEvaluacion.aspx",
        "POST /Evaluacion/DatosEvaluacion.aspx",
    ),
    *_visits(
        "siac",
        "client",
        *(f"GET /siac/{page}.aspx" for page in ("Default", "Cabecera", "Menu", "Inicio", "Salir")),
        "GET /siac/ConsultaCliente.aspx",
        login=True,
    ),
    *_visits(
        "siac",
        "client",
        "POST /siac/ConsultaCliente.aspx",
        "GET /siac/DetalleLinea.aspx",
    ),
    *_visits(
        "siac",
        "register",
        "GET /siac/ConsultaCasos.aspx",
        "POST /siac/ConsultaCasos.aspx",
        "GET /siac/RegistrarCaso.aspx",
        "POST /siac/RegistrarCaso.aspx",
    ),
    *_visits("siac", "take", "GET /siac/Bandeja.aspx", "POST /siac/Bandeja.aspx"),
    *_visits("siac", "close", "GET /siac/Caso.aspx", "POST /siac/Caso.aspx"),
    *_nintex(_ACTIVACIONES, "BuzonActivaciones", 1),
    *_nintex(_OPERADOR, "Solicituddeejecucionesoperador", 3),
    *_visits(
        "remedy",
        "look",
        f"GET {_FORMS}/SHR:LandingConsole/Default Administrator View/",
        "GET /arsys/servlet/LogoutServlet",
        serial=2,
        login=True,
    ),
    *_visits(
        "remedy",
        "look",
        "POST /arsys/BackChannel/GetListEntry",
        "POST /arsys/BackChannel/GetEntry",
        serial=2,
    ),
    *_visits(
        "remedy",
        "file",
        f"GET {_FORMS}/HPD:Help Desk/Best Practice View/",
        f"GET {_FORMS}/CTM:Support Group Lookup/Default View/",
        "POST /arsys/BackChannel/ExpandMenu",
        "POST /arsys/BackChannel/SetAttachment",
        "POST /arsys/BackChannel/SetEntry",
        serial=2,
    ),
]

#: the login's own requests have no session yet, and faults hit only who has one
LOGINS = {
    ("sisact", "GET", "/"),
    ("sisact", "GET", "/Login.aspx"),
    ("sisact", "POST", "/Login.aspx"),
    ("siac", "GET", "/"),
    ("siac", "GET", "/siac/Login.aspx"),  # where an answer sends whose session ended
    ("siac", "POST", "/siac/Login.aspx"),
    ("remedy", "GET", "/"),
    ("remedy", "GET", "/arsys/shared/login.jsp"),
    ("remedy", "POST", "/arsys/servlet/LoginServlet"),
}

MATRIX = [
    (visit, kind)
    for visit in VISITS
    for kind in KINDS[visit.portal].split()
    if kind not in _POSTED or visit.method == "POST"
]

#: a portal that does not get well again: at the first page of each step
LASTING = [
    (visit, kind)
    for visit, kind in MATRIX
    if visit.first and kind in ("error", "hang", "maintenance", "session_expired")
]
