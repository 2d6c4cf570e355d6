"""Map files: what they may say, and in which words they are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT
from pages.core.diagnosis import MESSAGES
from pages.core.elements import ByMarkup, Element
from pages.core.portal_map import PortalMap
from pages.inventory import KINDS, surface_of
from pages.nintex.request_form import RequestForm
from pages.remedy.incident import IncidentPage
from pages.siac.queue import QueuePage
from pages.siac.words import Palabra
from pages.sisact.consulta import ConsultaPage
from pages.sisact.sec import SecPage
from robots.failures import UNUSABLE, Unusable
from robots.ops.map_writer import NamedElement, accept, take_back, whole_map
from robots.ops.portal_maps import MapError, load_map
from robots.settings import SettingsError

PORTALS = (SISACT, SIAC, NINTEX, REMEDY)


def read(folder: Path, portal: str, toml: str) -> PortalMap:
    file = folder / "portal.toml"
    file.write_text(toml, encoding="utf-8")
    return load_map(portal, file)


@pytest.mark.parametrize("portal", PORTALS)
def test_without_a_file_everything_is_called_as_in_code(portal: str, tmp_path: Path) -> None:
    names = load_map(portal, tmp_path / "nada.toml")
    assert not names.elements and not names.words and not names.messages


def test_short_and_long_forms_words_and_messages(tmp_path: Path) -> None:
    names = read(
        tmp_path,
        SISACT,
        """
        [SecPage]
        operacion = "Operación"                  # as people see it
        campana = { name = "Campaña comercial" }
        oferta = { selector = "#tabOferta textarea" }
        lineas = { name = "Detalle de líneas", columns = { numero = "Nro." } }
        window_title = "Evaluación"
        [words]
        operacion_alta = "Alta nueva"
        [messages]
        session_lost = ["Sesión finalizada"]
        """,
    )
    assert SecPage.operacion.here(names).name == "Operación"
    assert SecPage.campana.here(names).name == "Campaña comercial"
    assert SecPage.oferta.here(names).name == SecPage.oferta.name
    assert SecPage.lineas.here(names).columns["numero"].header == "Nro."
    assert names.said("Alta") == "Alta nueva" and names.understood("ALTA NUEVA") == "Alta"
    assert names.said("Otra") == names.understood("Otra") == "Otra"
    assert names.messages == {"session_lost": ("Sesión finalizada",)}


def test_an_arid_a_site_and_a_column(tmp_path: Path) -> None:
    names = read(tmp_path, REMEDY, 'IncidentPage.ruc = { name = "R.U.C.", arid = "4711" }')
    here = IncidentPage.ruc.here(names)
    assert (here.name, here.arid) == ("R.U.C.", "4711")
    names = read(
        tmp_path,
        NINTEX,
        """
        [RequestForm]
        ruc = "NumeroRUC"
        sec = "NumeroSEC"
        [operador.RequestForm]
        ruc = "Documento"
        """,
    )
    for site, ruc in (("activaciones", "NumeroRUC"), ("operador", "Documento")):
        assert RequestForm.ruc.here(names.at(site)).name == ruc
        assert RequestForm.sec.here(names.at(site)).name == "NumeroSEC"
    names = read(tmp_path, SIAC, 'QueuePage.bandeja.columns.numero = "Caso"')
    assert QueuePage.bandeja.here(names).columns["numero"].header == "Caso"


@pytest.mark.parametrize(
    ("portal", "toml", "told"),
    [
        (SISACT, "[SecPag]\nruc = 'x'", "No existe «SecPag» en {file}: ¿quiso decir SecPage?"),
        (SISACT, "[SecPage]\nrucc = 'x'", "«SecPage.rucc» en {file}: ¿quiso decir SecPage.ruc?"),
        (
            SISACT,
            "SecPage.lineas.columns.numro = 'x'",
            "«SecPage.lineas.columns.numro» en {file}: ¿quiso decir SecPage.lineas.columns.numero?",
        ),
        (
            SISACT,
            "SecPage.ruc.nme = 'x'",
            "«SecPage.ruc.nme» en {file}: ¿quiso decir SecPage.ruc.n",
        ),
        (SISACT, "SecPage.ruc.columns.a = 'x'", "No existe «SecPage.ruc.columns.a»"),
        (SISACT, "SecPage.ruc.arid = '1'", "No existe «SecPage.ruc.arid» en {file}"),
        (SISACT, "SecPage.ruc = 7", "«SecPage.ruc» de {file} no es válido: se espera un texto"),
        (SISACT, "SecPage = 7", "«SecPage» de {file} no es válido: se espera una tabla"),
        (SIAC, "words.colas = 'x'", "«words.colas» en {file}: ¿quiso decir words.cola?"),
        (SIAC, "words.cola = ''", "«words.cola» de {file} no es válido"),
        (
            SIAC,
            "words.cerrado = 'registrado'",
            "words.cerrado y words.registrado tienen el mismo texto",
        ),
        (SIAC, "messages.sesion = ['x']", "No existe «messages.sesion» en {file}: ¿quiso decir "),
        (SIAC, "messages.session_lost = 'x'", "se espera una lista de textos"),
        (SISACT, "SecPage.ruc = 'Campaña'", "SecPage.ruc y SecPage.campana se llaman igual"),
        (REMEDY, "IncidentPage.ruc.arid = '536871012'", "IncidentPage.ruc se llaman igual"),
        (NINTEX, "LibraryPage.dialog = 'x'", "«LibraryPage.dialog.name» en {file}: ¿quiso decir "),
        (NINTEX, "LibraryPage.creada = 'solicitud N°'", "lo mismo entre llaves que «solicitud N°"),
        (NINTEX, "operador.RequestForm.rcu = 'x'", "No existe «operador.RequestForm.rcu»"),
        (NINTEX, "operador = 'x'", "«operador» de {file} no es válido: se espera una tabla"),
        (SISACT, "SecPage = {", "{file} está mal escrito"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    portal: str, toml: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, portal, toml)
    sentence = str(caught.value)
    assert told.format(file=tmp_path / "portal.toml") in sentence
    assert "\n" not in sentence and sentence.endswith((".", "?"))
    assert caught.value.exit_code == UNUSABLE


def test_words_of_code_are_found_by_their_keys(tmp_path: Path) -> None:
    names = read(
        tmp_path, SIAC, "[words]\nsubclase_postventa = 'Post-venta'\ncerrado = 'Finalizado'"
    )
    assert names.understood("Post-venta").endswith("(POSTVENTA)")
    assert names.said(Palabra.CERRADO) == "Finalizado"


@pytest.mark.parametrize("portal", PORTALS)
def test_a_map_that_is_shown_says_the_same_as_it_was_made_from(portal: str, tmp_path: Path) -> None:
    toml = {
        SISACT: """
            SecPage.ruc = "R.U.C."
            SecPage.oferta.selector = "#oferta"
            SecPage.lineas.columns.numero = "Nro."
            words.operacion_alta = "Alta nueva"
            messages.accept = ["¿Va a registrar?"]""",
        REMEDY: "IncidentPage.ruc.arid = '4711'",
        NINTEX: "LibraryPage.dialog.selector = '#dialogo'",
    }.get(portal, "")
    names = read(tmp_path, portal, toml)
    text = whole_map(portal, names)
    again = read(tmp_path, portal, text)
    surface = [one for one in surface_of(KINDS[portal]) if isinstance(one, Element)]
    assert len(surface) > 10
    for one in surface:
        here, there = one.here(names), one.here(again)
        assert (here.name, vars(here).get("arid")) == (there.name, vars(there).get("arid"))
        assert vars(here).get("columns") == vars(there).get("columns")
        assert isinstance(here.way, ByMarkup) is isinstance(there.way, ByMarkup)
        assert f"{one.attribute} = " in text or f"# {one.attribute}: " in text
    assert {ours: names.said(ours) for ours in again.words} == again.words
    assert again.messages == names.messages
    assert whole_map(portal, again) == text


MAP = """\
# de la mesa de ayuda, 3 de noviembre
[SecPage]
ruc = "R.U.C."   # así desde octubre
lineas = { columns = { numero = "Nro." } }

# nadie sabe por qué
[LoginPage]
usuario = "Cuenta"
"""


def test_an_accept_keeps_comments_and_order(tmp_path: Path) -> None:
    file = tmp_path / "mapas" / "sisact.toml"
    file.parent.mkdir()
    file.write_text(MAP, encoding="utf-8")
    given = [
        NamedElement("SecPage.ruc", "Doc. de identidad"),
        NamedElement("SecPage.lineas", "Detalle"),
        NamedElement("SecPage.estado", "Situación"),
        NamedElement("ConsultaPage.resultado.numero", "Número SEC"),
        NamedElement("words.operacion_alta", "Alta nueva"),
        NamedElement("messages.session_lost", "Vuelva a ingresar"),
        NamedElement("messages.session_lost", "Sesión finalizada"),
    ]
    accept(SISACT, file, given)
    written = MAP.replace("R.U.C.", "Doc. de identidad")
    lineas = '{ columns = { numero = "Nro." }'
    written = written.replace(f"{lineas} }}", f'{lineas}, name = "Detalle"}}\nestado = "Situación"')
    assert file.read_text(encoding="utf-8").startswith(written)
    names = load_map(SISACT, file)
    assert ConsultaPage.resultado.here(names).columns["numero"].header == "Número SEC"
    assert ConsultaPage.resultado.here(names).name == ConsultaPage.resultado.name
    assert names.said("Alta") == "Alta nueva"
    assert names.messages == {"session_lost": ("Vuelva a ingresar", "Sesión finalizada")}
    assert [path.name for path in file.parent.iterdir()] == ["sisact.toml"]


def test_an_accept_where_there_was_no_map_and_of_a_site(tmp_path: Path) -> None:
    file = tmp_path / "mapas" / "nintex.toml"
    accept(NINTEX, file, [NamedElement("RequestForm.ruc", "Documento")])
    accept(NINTEX, file, [NamedElement("operador.RequestForm.ruc", "NumeroRUC")])
    names = load_map(NINTEX, file)
    assert RequestForm.ruc.here(names.at("activaciones")).name == "Documento"
    assert RequestForm.ruc.here(names.at("operador")).name == "NumeroRUC"


@pytest.mark.parametrize(
    ("path", "name", "told"),
    [
        ("SecPage.rcu", "x", "¿quiso decir SecPage.ruc?"),
        ("SecPage.lineas.numro", "x", "¿quiso decir SecPage.lineas.numero?"),
        ("SecPage", "x", "No existe «SecPage»"),
        ("SecPage.estado", "R.U.C.", "se llaman igual"),
        ("words.operacion_alta", "portabilidad", "tienen el mismo texto"),
    ],
)
def test_what_is_not_accepted_leaves_the_map_as_it_was(
    path: str, name: str, told: str, tmp_path: Path
) -> None:
    file = tmp_path / "sisact.toml"
    file.write_text(MAP, encoding="utf-8")
    with pytest.raises(MapError) as caught:
        accept(SISACT, file, [NamedElement("SecPage.campana", "Otra"), NamedElement(path, name)])
    assert told in str(caught.value)
    assert file.read_text(encoding="utf-8") == MAP


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("SecPage.ruc", 'ruc = "R.U.C."   # así desde octubre\n'),
        ("SecPage.lineas.numero", 'lineas = { columns = { numero = "Nro." } }\n'),
        ("LoginPage.usuario", 'usuario = "Cuenta"\n'),
    ],
)
def test_a_name_is_taken_back_and_the_rest_of_the_map_stays(
    path: str, gone: str, tmp_path: Path
) -> None:
    file = tmp_path / "sisact.toml"
    file.write_text(MAP, encoding="utf-8")
    take_back(SISACT, file, path)
    assert file.read_text(encoding="utf-8") == MAP.replace(gone, "")


def test_what_is_taken_back_is_this_alone(tmp_path: Path) -> None:
    file = tmp_path / "sisact.toml"
    toml = """
        SecPage.lineas = { name = "Detalle", columns = { numero = "Nro.", item = "Orden" } }
        SecPage.ruc.name = "R.U.C."
        words.operacion_alta = "Alta nueva"
        messages.accept = ["¿Seguro?", "Recuerde"]
        """
    file.write_text(toml, encoding="utf-8")
    for path in ("SecPage.lineas", "SecPage.lineas.numero", "SecPage.ruc", "messages.accept"):
        take_back(SISACT, file, path)
    names = load_map(SISACT, file)
    here = SecPage.lineas.here(names)
    assert here.name == SecPage.lineas.name and here.columns["item"].header == "Orden"
    assert here.columns["numero"].header == SecPage.lineas.columns["numero"].header
    assert names.said("Alta") == "Alta nueva" and not names.messages
    with pytest.raises(Unusable, match=r"El mapa no dice nada de «SecPage\.ruc»"):
        take_back(SISACT, file, "SecPage.ruc")
    with pytest.raises(MapError, match=r"¿quiso decir SecPage\.ruc\?"):
        take_back(SISACT, file, "SecPage.rcu")


def test_what_stands_for_a_name_in_a_shown_command_is_none(tmp_path: Path) -> None:
    file = tmp_path / "sisact.toml"
    with pytest.raises(Unusable, match="Escriba cómo lo llama el portal"):
        accept(SISACT, file, [NamedElement("SecPage.ruc", "…")])
    assert not file.exists()


@pytest.mark.parametrize("portal", PORTALS)
def test_a_map_that_is_shown_says_what_each_message_would_mean(portal: str, tmp_path: Path) -> None:
    text = whole_map(portal, load_map(portal, tmp_path / "nada.toml"))
    assert "[messages]" in text
    assert all(f"# {key}: " in text for key in MESSAGES)
