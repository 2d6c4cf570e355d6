"""Labels and values laid out as the pages of old portals do, with what a person reads there.

`layouts(seed, count)` gives them; each knows its truth by construction: whoever lays out a pair has
both. ``certain`` is one that a person reads without a doubt; the others look alike from afar (words
over words, all in one type), and may be an error instead.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape

LABELS = (
    "RUC", "Razón social", "N° de SEC", "Campaña", "Estado", "Fecha de alta", "Plan tarifario",
    "Cargo fijo", "Tipo de operación", "Segmento", "Contacto", "Correo electrónico", "Ejecutivo",
    "Zona", "Canal de atención", "DNI del contacto", "Dirección 1", "Monto (S/)",
)  # fmt: skip
WORDS = (
    "ACME S.A.C.", "Corporativo", "Alta", "Activo", "Rosa Díaz", "Max Negocios", "Lima", "RUC",
    "Estado", "Observada", "MINERA ÑANDÚ", "Sin asignar",
)  # fmt: skip
FIGURES = ("20100047218", "0012345678", "15/11/2026", "S/ 1,234.50", "ana@acme.pe", "01234567")
HIDDEN = ("display:none", "visibility:hidden", "position:absolute;left:-9999px;top:0")


@dataclass
class Layout:
    """``truth`` is what stands beside each label; None where there is nothing that could be told.
    ``parts`` has those of several controls behind a label, by kind."""

    name: str
    html: str
    truth: dict[str, str | None] = field(default_factory=dict)
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    certain: bool = True


@dataclass
class Pair:
    """``label`` as it is asked for, ``written`` as it stands there, with ``mark`` at its end."""

    label: str
    written: str
    value: str
    text: str | None
    control: bool
    parts: dict[str, str] = field(default_factory=dict)


class Typist:
    """Who once typed these pages: draws how a thing is written."""

    def __init__(self, source: random.Random) -> None:
        self.random = source
        self._ids = 0
        self.colons = source.random() < 0.5
        self.bold = source.choice(("", "", "b", "font", "span", "label"))
        self.shown_in = source.choice(("", "span", "span"))
        self.css = source.choice(("", "", "et"))
        self.controls = source.choice((0.0, 0.5, 0.9, 1.0))
        self.marked = source.random() < 0.3

    @property
    def styled(self) -> bool:
        """Whether labels look otherwise than values."""
        return bool(self.colons or self.bold in ("b", "label") or self.css)

    def one(self, *of: str) -> str:
        return self.random.choice(of)

    def likely(self, chance: float) -> bool:
        return self.random.random() < chance

    def id(self) -> str:
        self._ids += 1
        return f"ctl00_cph_{self.random.randrange(10**9)}_{self._ids}"

    def label(self, words: str) -> str:
        """The label with what stands around it and is not part of it."""
        text = escape(words)
        if self.likely(0.2):
            text = text.replace(" ", "&nbsp;")
        if "°" in text and self.likely(0.4):
            text = text.replace("°", self.one("º", "<sup>o</sup>", "<sup>°</sup>"))
        if self.likely(0.1):
            at = text.find("&")
            text = text[:1] + self.one("\u200b", "\u00ad") + text[1:] if at != 0 else text
        if self.marked and self.likely(0.6):
            mark = self.one("* ", "(*) ", "<font color=red>*</font>&nbsp;", "• ")
            text = mark + text if self.likely(0.6) else text + self.one(" *", "<sup>(*)</sup>")
        if self.bold:
            text = f"<{self.bold}>{text}</{self.bold}>"
        if self.colons:
            text += self.one(":", " :", "&nbsp;:", ":&nbsp;")
        elif self.likely(0.05):
            text += self.one(" (Obligatorio)", ".-")
        if self.likely(0.15):
            text += (
                f'<span style="color:Red;{self.one(*HIDDEN[:2])}">Ingrese {escape(words)}</span>'
            )
        return text

    def words(self) -> str:
        return self.one(*(FIGURES if self.likely(0.4) else WORDS))

    def value(self) -> tuple[str, str | None, bool, dict[str, str]]:
        """Markup, what is read in it, whether it is a control, and its parts."""
        if not self.likely(self.controls):
            text = self.words() if self.likely(0.9) else ""
            if self.shown_in:
                return f"<span id={self.id()}>{escape(text)}</span>", text, False, {}
            return escape(text), text, False, {}
        kind = self.random.choice(
            (self._input, self._input, self._input, self._select, self._area, self._radios,
             self._box, self._boxes, self._listbox, self._several, self._twin)
        )  # fmt: skip
        html, text, parts = kind()
        return html, text, True, parts

    def _state(self) -> str:
        return self.one("", "", "", "readonly", "disabled")

    def _behind(self) -> str:
        """What may stand behind a control: a validator out of sight, a button, a hint."""
        hidden = f'<span style="color:Red;{self.one(*HIDDEN[:2])}">Dato inválido</span>'
        button = "<input type=button value=Buscar>"
        image = '&nbsp;<input type=image alt=Calendario width=16 height=16 src="data:,">'
        return self.one("", "", hidden, button, image, " <small>(11 dígitos)</small>")

    def _input(self) -> tuple[str, str | None, dict[str, str]]:
        text = self.one(*WORDS, *FIGURES, "")
        return f'<input value="{escape(text)}" {self._state()}>{self._behind()}', text, {}

    def _area(self) -> tuple[str, str | None, dict[str, str]]:
        text = self.words()
        return f"<textarea {self._state()}>{escape(text)}</textarea>", text, {}

    def _options(self, *, several: bool = False) -> tuple[str, list[str]]:
        texts = self.random.sample(WORDS, 4)
        chosen = self.random.sample(texts, 2) if several else [self.random.choice(texts)]
        options = [f"<option{' selected' * (t in chosen)}>{escape(t)}</option>" for t in texts]
        return "".join(options), [t for t in texts if t in chosen]

    def _select(self) -> tuple[str, str | None, dict[str, str]]:
        options, chosen = self._options()
        return f"<select {self.one('', 'disabled')}>{options}</select>", chosen[0], {}

    def _listbox(self) -> tuple[str, str | None, dict[str, str]]:
        options, chosen = self._options(several=True)
        return f"<select multiple size=4>{options}</select>", ", ".join(chosen), {}

    def _list(self, kind: str, checked: set[str], texts: list[str]) -> str:
        name, made = self.id(), []
        way = self.one("for", "around", "text")
        for text in texts:
            box = f"<input type={kind} name={name}{' checked' * (text in checked)}"
            id = self.id()
            made.append({
                "for": f"{box} id={id}><label for={id}>{escape(text)}</label>",
                "around": f"<label>{box}> {escape(text)}</label>",
                "text": f"{box}> {escape(text)} ",
            }[way])  # fmt: skip
        flow = self.one("table", "row", "span", "")
        if flow == "table":
            return "<table>" + "".join(f"<tr><td>{one}</td></tr>" for one in made) + "</table>"
        if flow == "row":
            return "<table><tr>" + "".join(f"<td>{one}</td>" for one in made) + "</tr></table>"
        joined = self.one("", "<br>").join(made)
        return f"<span>{joined}</span>" if flow else joined

    def _radios(self) -> tuple[str, str | None, dict[str, str]]:
        texts = ["Natural", "Jurídica", "Otra"][: self.random.choice((2, 3))]
        chosen = self.random.choice([*texts, ""])
        return self._list("radio", {chosen}, texts), chosen, {"radio": chosen}

    def _boxes(self) -> tuple[str, str | None, dict[str, str]]:
        texts = ["Voz", "Datos", "Roaming"]
        chosen = [text for text in texts if self.likely(0.5)]
        read = ", ".join(chosen)
        return self._list("checkbox", set(chosen), texts), read, {"checklist": read}

    def _box(self) -> tuple[str, str | None, dict[str, str]]:
        checked, id = self.likely(0.5), self.id()
        own = self.one("", f"<label for={id}>Sí</label>")
        text = "sí" if checked else "no"
        html = f"<input type=checkbox id={id}{' checked' * checked}>{own}"
        return html, text, {"checkbox": text}

    def _several(self) -> tuple[str, str | None, dict[str, str]]:
        options, chosen = self._options()
        text = self.words()
        html = f'<select>{options}</select>{self.one("", "&nbsp;")}<input value="{escape(text)}">'
        return html, None, {"choice": chosen[0], "field": text}

    def _twin(self) -> tuple[str, str | None, dict[str, str]]:
        text = self.words()
        hidden = self.one("<input type=hidden value=1>", f'<input style="{self.one(*HIDDEN)}">')
        return f'{hidden}<input value="{escape(text)}">', text, {}

    def pairs(self, count: int) -> list[Pair]:
        made = []
        for words in self.random.sample(LABELS, count):
            html, text, control, parts = self.value()
            asked = words.replace("°", self.one("°", "º")) + self.one("", "", ":")
            made.append(Pair(asked, self.label(words), html, text, control, parts))
        return made

    def cell(self, pair: Pair) -> str:
        css = f' class="{self.css}"' if self.css else ""
        return f"<td{css}>{pair.written}</td>"


def _table(rows: list[str]) -> str:
    return "<table border=0>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _around(typist: Typist, rows: list[str], columns: int) -> list[str]:
    """Rows that such tables have beside their pairs."""
    if typist.likely(0.2):
        rows = [f"<td colspan={columns}><b>Datos del cliente</b></td>", *rows]
    if typist.likely(0.2):
        rows = [*rows, f"<td colspan={columns}><input type=submit value=Buscar></td>"]
    return rows


def _left(typist: Typist, certain: bool = True) -> Layout:
    """Labels left of their values, one pair or several to a row."""
    wide = typist.random.choice((1, 1, 1, 2, 2, 3))
    pairs = typist.pairs(wide * typist.random.randint(1, 4))
    spacer = typist.one("", "", "", "", "<td>&nbsp;</td>", "<td></td>")
    between = typist.one("", "", "<td>&nbsp;</td>")
    colon = "" if spacer or typist.colons else typist.one("", "", "", "<td>:</td>")
    made = [f"{typist.cell(p)}{colon}{spacer}<td>{p.value}</td>" for p in pairs]
    rows = [between.join(made[at : at + wide]) for at in range(0, len(made), wide)]
    cells = wide * (2 + bool(spacer) + bool(colon)) + (wide - 1) * bool(between)
    sure = typist.styled or bool(colon) or (typist.shown_in and not typist.bold) or len(pairs) == 1
    blank = any(not p.control and not p.text for p in pairs)
    sure = sure and not (blank and (spacer or between or not typist.colons))
    return _told("left", _table(_around(typist, rows, cells)), pairs, bool(sure))


def _details(typist: Typist) -> Layout:
    """A DetailsView: plain words beside plain words, and a title and a command that span both."""
    typist.colons, typist.bold, typist.css, typist.controls = False, "", "", 0.0
    typist.shown_in, typist.marked = "", False
    pairs = typist.pairs(typist.random.randint(2, 6))
    rows = _around(typist, [f"<td>{p.written}</td><td>{p.value}</td>" for p in pairs], 2)
    called = {p.text for p in pairs} & {*LABELS}  # a value that may be a label
    return _told("details", _table(rows), pairs, not called)


def _header(typist: Typist) -> Layout:
    """Labels as row headers."""
    pairs = typist.pairs(typist.random.randint(1, 4))
    rows = [f"<th>{p.written}</th><td>{p.value}</td>" for p in pairs]
    return _told("row header", _table(rows), pairs)


def _above(typist: Typist) -> Layout:
    """Labels in the row above."""
    wide = typist.random.randint(1, 4)
    pairs = typist.pairs(wide * typist.random.choice((1, 1, 2)))
    rows = []
    for at in range(0, len(pairs), wide):
        part = pairs[at : at + wide]
        rows += ["".join(map(typist.cell, part)), "".join(f"<td>{p.value}</td>" for p in part)]
    sure = all(p.control for p in pairs)
    return _told("above", _table(rows), pairs, sure)


def _in_cells(typist: Typist) -> Layout:
    """A label and its value in one cell."""
    typist.colons, typist.shown_in, typist.bold = True, "span", typist.one("", "b")
    wide = typist.random.choice((1, 2))
    pairs = typist.pairs(wide * typist.random.randint(1, 3))
    made = [f"{p.written} {p.value}" for p in pairs]
    joint = typist.one("</td><td>", " &nbsp; ", "<br>")
    rows = [f"<td>{joint.join(made[at : at + wide])}</td>" for at in range(0, len(made), wide)]
    # "N<sup>o</sup> de SEC: " that is in no element of its own is not put together
    broken = any("<sup" in p.written and not p.written.startswith("<b>") for p in pairs)
    blank = any(p.text == "" and not p.control for p in pairs)
    sure = not broken and not blank and joint == "</td><td>"
    return _told("in cells", _table(rows), pairs, sure)


def _definitions(typist: Typist) -> Layout:
    pairs = typist.pairs(typist.random.randint(1, 5))
    html = "".join(f"<dt>{p.written}</dt><dd>{p.value}</dd>" for p in pairs)
    return _told("definitions", f"<dl>{html}</dl>", pairs)


def _lines(typist: Typist) -> Layout:
    """A line each: blocks, or floats."""
    pairs = typist.pairs(typist.random.randint(1, 4))
    style = typist.one("", ' style="float:left;width:140px"')
    if not typist.shown_in:
        typist.shown_in = "span"
    part = typist.one("span", "div") if style else "span"
    rows = [
        f"<div style='clear:both;height:60px'><{part}{style}>{p.written}</{part}> "
        f"<{part}>{p.value}</{part}></div>"
        for p in pairs
    ]
    sure = (typist.styled or all(p.control for p in pairs)) and not any(
        p.text == "" and not p.control for p in pairs
    )
    return _told("lines", "".join(rows), pairs, sure and not typist.css)


def _labelled(typist: Typist) -> Layout:
    """Label elements: with `for`, around their control, or beside it."""
    pairs, typist.bold = [], ""
    rows = []
    for pair in typist.pairs(typist.random.randint(1, 4)):
        id, text = typist.id(), typist.words()
        pair.text, pair.control, pair.parts = text, True, {"field": text}
        control = f'<input id={id} value="{escape(text)}">'
        way = typist.one("for", "around", "beside", "for in cells")
        if way == "for in cells":
            rows.append(
                f"<table><tr><td><label for={id}>{pair.written}</label></td><td>{control}</td></tr>"
                "</table>"
            )
        elif way == "around":
            rows.append(f"<p><label>{pair.written} {control}</label></p>")
        else:
            target = f" for={id}" if way == "for" else ""
            rows.append(f"<p><label{target}>{pair.written}</label> {control}</p>")
        pairs.append(pair)
    return _told("label elements", "".join(rows), pairs)


def _nested(typist: Typist) -> Layout:
    """Tables of pairs in the cells of another, and in framed groups."""
    inner = [_left(typist), _left(typist)]
    labels: set[str] = set()
    kept = []
    for one in inner:
        asked = {label.rstrip(":").replace("º", "°") for label in one.truth}
        if not asked & labels:
            kept.append(one)
            labels |= asked
    if typist.likely(0.5):
        html = "<table><tr>" + "".join(f"<td>{one.html}</td>" for one in kept) + "</tr></table>"
    else:
        html = "".join(f"<fieldset><legend>Datos</legend>{one.html}</fieldset>" for one in kept)
    made = Layout("nested", html, certain=all(one.certain for one in kept))
    for one in kept:
        made.truth |= one.truth
        made.parts |= one.parts
    return made


def _columns(typist: Typist) -> Layout:
    """Labels in one block and their values in another beside it, or a block for each pair."""
    typist.shown_in = "span"
    pairs = typist.pairs(typist.random.randint(2, 3))
    side = '<div style="float:left;width:160px">'
    if typist.likely(0.5):
        labels = "".join(f"<div>{p.written}</div>" for p in pairs)
        html = f"{side}{labels}</div>{side}{''.join(f'<div>{p.value}</div>' for p in pairs)}</div>"
    else:
        html = "".join(f"{side}<div>{p.written}</div><div>{p.value}</div></div>" for p in pairs)
    return _told("columns", f"<div style='height:200px'>{html}</div>", pairs, certain=False)


def _run_on(typist: Typist) -> Layout:
    """Pairs one behind the other in one element, or over each other with a break between."""
    typist.shown_in = "span"
    if not typist.bold:
        typist.bold = typist.one("b", "span")
    pairs = typist.pairs(typist.random.randint(1, 3))
    between = typist.one(" ", "<br>", "&nbsp;&nbsp;")
    joint = typist.one("<br>", " ") if between == "<br>" else between
    html = joint.join(f"{p.written}{between if joint == '<br>' else ' '}{p.value}" for p in pairs)
    return _told("run on", f"<div>{html}</div>", pairs, certain=False)


def _block_rows(typist: Typist) -> Layout:
    """A line of labels over a line of values, without a table."""
    typist.shown_in = "span"
    pairs = typist.pairs(typist.random.randint(2, 3))
    part = typist.one("span", "div style='float:left;width:150px'")
    end = part.split()[0]
    lines = [
        "".join(f"<{part}>{text}</{end}>" for text in texts)
        for texts in ([p.written for p in pairs], [p.value for p in pairs])
    ]
    html = "".join(f"<div style='clear:both;height:70px'>{line}</div>" for line in lines)
    return _told("block rows", html, pairs, certain=False)


def _pressed(typist: Typist) -> Layout:
    """Values with something to press beside them, in the cell or in one of its own."""
    typist.controls, typist.shown_in = 0.0, typist.one("", "span")
    pairs = typist.pairs(typist.random.randint(1, 3))
    rows = []
    for pair in pairs:
        press = typist.one(
            "<a href='#'>Ver</a>",
            "<input type=button value=Ver>",
            "<button>Ver</button>",
            "<a href='#'><img alt=Ver src='data:,'></a>",
        )
        apart = typist.likely(0.5)
        rows.append(f"{typist.cell(pair)}<td>{pair.value}{'</td><td>' * apart} {press}</td>")
    return _told("pressed", _table(rows), pairs, certain=False)


def _twins(typist: Typist) -> Layout:
    """The same pairs once more, out of sight, before or after."""
    seen, other = _left(typist), _left(typist)
    hidden = "".join(
        f"<tr><td>{escape(label)}</td><td>otro</td></tr>" for label in (*seen.truth, *other.truth)
    )
    style = typist.one(*HIDDEN)
    parts = [seen.html, f'<div style="{style}"><table>{hidden}</table></div>']
    seen.name, seen.html = "twins", "".join(parts if typist.likely(0.5) else parts[::-1])
    return seen


def _validated(typist: Typist) -> Layout:
    """A form that has been sent: validators in sight, beside the label or behind its control."""
    typist.controls, typist.colons = 1.0, True
    pairs = typist.pairs(typist.random.randint(1, 3))
    rows = []
    for pair in pairs:
        red = (
            f'<span style="color:Red">{typist.one("*", "Ingrese el dato", "Dato inválido")}</span>'
        )
        inside = typist.likely(0.3)
        label = f"<td>{pair.written}{red * inside}</td>"
        rows.append(f"{label}<td>{pair.value}{red * (not inside)}</td>")
    return _told("validated", _table(rows), pairs, certain=False)


def _beside_menu(typist: Typist) -> Layout:
    """Pairs in a cell of a table that lays out the page."""
    inner = _left(typist)
    menu = typist.one("<td>Menú<br><a href='#'>Consulta</a></td>", "<td><a href='#'>RUC</a></td>",
                      "<td>&nbsp;</td>", "<td>Bienvenido</td>")  # fmt: skip
    inner.html = f"<table><tr>{menu}<td>{inner.html}</td></tr></table>"
    inner.name, inner.certain = "beside a menu", False
    return inner


def _grid(typist: Typist) -> Layout:
    """A grid, whose columns' names label no single value, beside a pair."""
    names = typist.random.sample(LABELS, 3)
    tag = typist.one("th", "td")
    rows = ["".join(f"<{tag}>{name}</{tag}>" for name in names)]
    rows += [
        "".join(f"<td>{escape(typist.words())}</td>" for _ in names)
        for _ in range(typist.random.randint(2, 4))
    ]
    return Layout("grid", _table(rows), dict.fromkeys(names))


def _told(name: str, html: str, pairs: list[Pair], certain: bool = True) -> Layout:
    made = Layout(name, html, certain=certain)
    for pair in pairs:
        made.truth[pair.label] = pair.text
        for kind, text in pair.parts.items():
            made.parts[pair.label, kind] = text
    return made


KINDS: tuple[Callable[[Typist], Layout], ...] = (
    _left, _left, _left, _details, _header, _above, _above, _in_cells, _definitions, _lines,
    _labelled, _nested, _grid, _columns, _run_on, _block_rows, _pressed, _twins, _validated,
    _beside_menu,
)  # fmt: skip


def layouts(seed: int, count: int) -> Iterator[Layout]:
    """The same ones for the same seed."""
    source = random.Random(seed)
    for _ in range(count):
        yield source.choice(KINDS)(Typist(source))
