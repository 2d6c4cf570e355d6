"""Where a label's value stands, in markup of real pages; what cannot be told is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Page

from pages.core.scripts import VALUES, with_tools

Run = Callable[..., Any]

TWO = "<select><option>RUC<option>DNI</select>&nbsp;<input value=20123>"
LIST = (
    "<table><tr><td><input type=radio name=p id=a><label for=a>Natural</label></td>"
    "<td><input type=radio name=p id=b checked><label for=b>Jurídica</label></td></tr></table>"
)


def rows(*of: str) -> str:
    """A table; cells are set apart by bars."""
    made = ("".join(f"<td>{cell}</td>" for cell in row.split("|")) for row in of)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in made) + "</table>"


#: rows of a DetailsView, which marks no label
DETAILS = ("Razón|ACME", "Segmento|Alto", "Ejecutivo|Rosa", "RUC|2099")

#: markup, and what is read beside each label; None is an error, and a kind may be asked for. All
#: labels of a case are asked for at once, and so are known to be labels
CASES: list[tuple[str, dict[str, str | None]]] = [
    # the row above
    (rows("Código|Razón", "<input value=c1>|<input value=r1>"), {"Código": "c1", "Razón": "r1"}),
    (rows("Código|Razón", "<b>c1</b>|<b>r1</b>"), {"Código": "c1", "Razón": "r1"}),
    (rows("Código|Razón", "c1|r1"), {"Código": None}),
    (rows("Código|Razón", "c1|r1"), {"Código": "c1", "Razón": "r1"}),
    (rows("Código:|Razón:", "c1|r1"), {"Código": "c1", "Razón": "r1"}),
    (rows("RUC|2099", "Nombre|<input value=x>"), {"RUC": "2099", "Nombre": "x"}),
    (rows("Código|Razón", "c1|r1", "c2|r2"), {"Código": None, "Razón": None}),
    (rows("Código|Razón|Zona", "<b>1</b>|<b>2</b>|<b>3</b>", "<b>4</b>|<b>5</b>|<b>6</b>"),
     {"Código": None, "Zona": None}),
    (rows("RUC", "<input value=1>"), {"RUC": "1"}),
    (rows("Datos", "Cliente activo"), {"Datos": None}),
    (rows("A|B") + "<table><tr><td colspan=2><input value=1></td></tr></table>", {"B": None}),
    ("<table><tr><td>A</td><td>B</td></tr><tr><td colspan=2><input value=1></td></tr></table>",
     {"A": None, "B": None}),
    ("<table><tr><th>Código</th><th>Razón</th></tr><tr><td><input value=c></td><td><input value=r>"
     "</td></tr></table>", {"Código": "c"}),
    ("<p>RUC<br><input value=1></p>", {"RUC": "1"}),
    ("<div><span>A</span><span>B</span></div><div><input value=1><input value=2></div>",
     {"A": "1", "B": "2"}),
    # a label of several elements, and an empty value
    (rows("<i>Razón</i>&nbsp;<i>social</i>:|<b></b>", "RUC:|1"), {"Razón social": ""}),
    (rows("<i>Razón</i>&nbsp;<i>social</i>|<b></b>", "RUC|1"), {"Razón social": "", "RUC": "1"}),
    # words behind the last box that end where the next label begins
    ("<p>Tipo <input type=checkbox checked> Voz <input type=checkbox> TV <b>RUC</b> <i>1</i></p>",
     {"Tipo": None}),
    # never another label's words
    ("<p><b>Tipo</b> RUC <b>N°</b> 20</p>", {"RUC": None, "Tipo": None}),
    ("<p><b>Tipo</b><i>RUC</i><b>N°</b><i>20</i></p>", {"RUC": None, "Nº": "20", "Tipo": "RUC"}),
    (rows("RUC|&nbsp;|2099"), {"RUC": "2099"}),
    (rows("Campaña||RUC|1"), {"Campaña": "", "RUC": "1"}),
    (rows("Campaña||Estado|"), {"Campaña": None}),
    (rows("Cliente|RUC: <input value=1>"), {"Cliente": None, "RUC": "1"}),
    ("<div style='float:left'><div>RUC</div><div>Tipo</div></div>"
     "<div style='float:left'><div>2099</div><div>x</div></div>", {"RUC": None}),
    (rows("Segmento|Ejecutivo", "RUC|Rosa"), {"Segmento": None, "Ejecutivo": None, "RUC": None}),
    # plain words, by what else is declared: beside each other
    (rows(*DETAILS[:2]), {"Razón": "ACME", "Segmento": "Alto"}),
    (rows(*DETAILS[:3]), {"Razón": "ACME", "Segmento": "Alto", "Ejecutivo": "Rosa"}),
    (rows(*DETAILS), {"Razón": "ACME", "Segmento": "Alto", "Ejecutivo": "Rosa", "RUC": "2099"}),
    (rows(*DETAILS[:3]), {"Razón": None}),
    (rows(*DETAILS[:3]), {"Razón": None, "Ejecutivo": "Rosa"}),
    (rows("Razón|ACME|Zona|Lima", "Segmento|Alto|Ejecutivo|Rosa"),
     {"Razón": "ACME", "Zona": "Lima", "Segmento": "Alto", "Ejecutivo": "Rosa"}),
    (rows("Razón|", "Segmento|", "Ejecutivo|Rosa"),
     {"Razón": "", "Segmento": "", "Ejecutivo": "Rosa"}),
    # over each other
    (rows("Código|Razón", "c1|r1", "Zona|RUC", "z1|2099"),
     {"Código": "c1", "Razón": "r1", "Zona": "z1", "RUC": "2099"}),
    (rows("Código|Razón", "c1|r1", "c2|r2"), {"Código": None, "Razón": None}),
    (rows("Código|Razón", "c1|r1", "c2|r2", "c3|r3"), {"Código": None, "Razón": None}),
    # a value that is called as another label is
    (rows("<b>Documento</b>|RUC", "<b>RUC</b>|2099"), {"Documento": "RUC", "RUC": "2099"}),
    (rows("<b>Documento</b>|RUC", "<b>Zona</b>|Lima"), {"Documento": "RUC", "Zona": "Lima"}),
    (rows("Documento:|RUC", "RUC:|2099"), {"Documento": "RUC", "RUC": "2099"}),
    (rows("<b>Documento</b>|<b>N°</b>", "RUC|2099"),
     {"Documento": "RUC", "N°": "2099", "Zona": None}),
    (rows("Documento|RUC", "RUC|2099"), {"Documento": None, "RUC": None}),
    (rows("Documento|RUC") + rows("RUC|2099"), {"Documento": "RUC", "RUC": "2099"}),
    # marks, hidden words, bare text
    (rows("* RUC:|2099"), {"RUC": "2099"}),
    (rows("(*) RUC|2099"), {"RUC": "2099"}),
    (rows("<font>*</font>&nbsp;RUC|2099"), {"RUC": "2099"}),
    (rows("RUC.-|2099"), {"RUC": "2099"}),
    (rows("• RUC|2099"), {"RUC": "2099"}),
    (rows("RUC (Obligatorio)|2099"), {"RUC": "2099"}),
    (rows("Nº de SEC|2099"), {"N° de SEC": "2099"}),
    (rows("N° de SEC|2099"), {"Nº de SEC": "2099"}),
    (rows("RUC:<span style='visibility:hidden'>Ingrese el RUC</span>|<input value=1>"),
     {"RUC": "1"}),
    (rows("RUC:<span style='color:Red'>Ingrese el RUC</span>|<input value=1>"), {"RUC": None}),
    (rows("RUC: <span>2099</span>"), {"RUC": "2099"}),
    (rows("RUC: <span>2099</span> Tipo: <span>x</span>"), {"RUC": "2099", "Tipo": "x"}),
    (rows("Tipo <b>de cambio</b>|3.7"), {"Tipo": None, "Tipo de cambio": "3.7"}),
    (rows("RUC: <span></span>", "Tipo: <span>x</span>"), {"RUC": "", "Tipo": "x"}),
    ("<ul><li>RUC: <span>2099</span></li><li>Tipo: <span>x</span></li></ul>", {"RUC": "2099"}),
    (rows("<a href='#'>Plan</a>|<input value=1>"), {"Plan": "1"}),
    # boxes
    (rows(f"Persona|{LIST}"), {"Persona": "Jurídica", "Persona\x1fradio\x1f0": "Jurídica"}),
    (rows("Persona|<input type=radio name=p> Natural <input type=radio name=p checked> Jurídica"),
     {"Persona": "Jurídica"}),
    (rows("Persona|Natural <input type=radio name=p> Jurídica <input type=radio name=p checked>"),
     {"Persona": "Jurídica"}),
    (rows("Persona|<input type=radio name=p><input type=radio name=p checked>"),
     {"Persona": None}),
    (f"<span>Persona</span>{LIST}", {"Persona": "Jurídica", "Natural": "no", "Jurídica": "sí"}),
    (rows("Activo|<input type=checkbox>", "Vigente|<input type=checkbox checked>"),
     {"Activo": "no", "Vigente": "sí"}),
    (rows("Activo|<input type=checkbox id=s checked><label for=s>Autorizado</label>"),
     {"Activo": "sí", "Autorizado": "sí"}),
    (rows("<input type=checkbox checked> Acepta"), {"Acepta": "sí"}),
    (rows("<input type=checkbox checked> Acepta <input type=checkbox> Rechaza"),
     {"Acepta": "sí", "Rechaza": "no"}),
    (rows("RUC|<span>2099</span> <input type=checkbox> Validado"), {"RUC": None}),
    ("<p><b>Activo</b> <input type=checkbox checked> <b>Vigente</b> <input type=checkbox></p>",
     {"Activo": None, "Vigente": None}),
    (rows("Lista|<select multiple><option selected>Uno<option>Dos<option selected>Tres</select>"),
     {"Lista": "Uno, Tres"}),
    # the words behind a control are no hint of it where they are a label
    (rows("Caso|<input readonly value=7>|Referencia|", "Cola|Corporativa"),
     {"Caso": "7", "Referencia": "", "Cola": "Corporativa"}),
    (rows("Caso:|<input readonly value=7>|Referencia|", "Cola|Corporativa"),
     {"Caso": "7", "Referencia": "", "Cola": "Corporativa"}),
    # several controls behind one label
    (rows(f"Doc|{TWO}"), {"Doc": None, "Doc\x1ffield\x1f0": "20123", "Doc\x1fchoice\x1f0": "RUC",
                          "Doc\x1f\x1f2": "20123"}),
    (f"<label for=d>Doc</label> {TWO.replace('select>', 'select id=d>', 1)}",
     {"Doc": "RUC", "Doc\x1ffield\x1f0": "20123"}),
    (rows("Vigencia|<input value=a> al <input value=b>"),
     {"Vigencia": None, "Vigencia\x1ffield\x1f1": "a", "Vigencia\x1ffield\x1f2": "b",
      "Vigencia\x1ffield\x1f3": None}),
    # what is pressed is no value
    (rows("RUC|<span>2099</span> <a href='#'>Ver</a>"), {"RUC": "2099"}),
    (rows("RUC|2099 <button>Ver</button>"), {"RUC": "2099"}),
    (rows("RUC|2099 <a href='#'>Ver</a>"), {"RUC": None}),
    (rows("Caso|<a href='#'>7000</a>"), {"Caso": "7000"}),
    (rows("Cliente|<a href='#'>ACME S.A.C.</a>"), {"Cliente": "ACME S.A.C."}),
    (rows("Campaña|<a href='#'>Ver</a>"), {"Campaña": None}),
    (rows("Campaña|<span></span> <button>Buscar</button>"), {"Campaña": None}),
    # spacers
    (rows("Monto|&nbsp;|Alta|&nbsp;|Estado|&nbsp;|"), {"Monto": None}),
    (rows("<b>Monto</b>|&nbsp;|Alta|&nbsp;|<b>Estado</b>|&nbsp;|<i>x</i>"), {"Monto": "Alta"}),
    (rows("Plan||<i>Alta</i>|Estado||<i></i>"), {"Plan": "Alta"}),
    # words in red behind a box are none of its words
    (rows("Clase|<input type=radio name=p checked> Una <i style='color:Red'>Elija</i>"
          "<br><input type=radio name=p> Otra"), {"Clase": None}),
]  # fmt: skip


@pytest.mark.parametrize(("html", "wanted"), CASES, ids=[str(n) for n in range(len(CASES))])
def test_what_stands_beside_a_label(
    page: Page, run: Run, html: str, wanted: dict[str, str | None]
) -> None:
    run(page.set_content(f"<body>{html}"))
    found: dict[str, list[list[str | None]]] = run(
        page.locator(":root").evaluate_all(with_tools(VALUES), list(wanted))
    )
    read = [values[0] if len(values) == 1 else None for values in found["values"]]
    assert [text if text is None else text.strip() for text in read] == list(wanted.values())
