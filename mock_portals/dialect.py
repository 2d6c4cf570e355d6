"""A portal that is worded otherwise from end to end, as another company would have it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from mock_portals.world import WorldError, file_error, read_json

#: what people do not see between the letters of a label
INVISIBLE = "\u200b\u200c\ufeff\u00ad"
NBSP = "\u00a0"

#: tags that stand within words
_WITHIN = r"</?(?:font|sup)\b[^>]*>"
_TAG = r"""<(?:"[^"]*"|'[^']*'|[^>"'])*>"""
_PART = re.compile(
    rf"(?P<script><script\b[^>]*>.*?</script>)|(?P<style><style\b.*?</style>)"
    rf"|(?P<text>(?:[^<]+|{_WITHIN})+)|(?P<tag>{_TAG})",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([\w-]+)=("[^"]*"|'[^']*')""")
_CLOSED = re.compile(r"""(?<=[(=\s])'([^'\n]*)'""")
_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_SLOT = re.compile(r"\{\w+\}")
#: attributes that people read, and those that hold the markup's own names
_READ = "value|title|aria-label|data-message|data-loading|data-label|placeholder|summary"
_OWN = "name|target|data-controlname"
_AROUND = re.compile(r"^(\s*)(.*?)([\s:+]*)$", re.DOTALL)


class Dialect(BaseModel):
    """One portal's words for those of the mock. ``texts`` are what people see, each from its
    beginning to its end, with what changes in it in braces, in the same order in both; ``names``
    are the markup's own: a control's, a frame's, the number of a field. What comes out of it is
    never what it would change, and no two things are called alike: what is posted is understood."""

    model_config = ConfigDict(extra="forbid")

    texts: dict[str, str] = {}
    names: dict[str, str] = {}

    @model_validator(mode="after")
    def _is_told_apart(self) -> Dialect:
        for table in (self.texts, self.names):
            twice = [now for now in table.values() if list(table.values()).count(now) > 1]
            if wrong := [*twice, *(set(table) & set(table.values()))]:
                raise ValueError(f"{wrong[0]!r} would stand for two things")
        return self

    # what is said

    def page(self, text: str) -> str:
        """A page, or a part of one, in these words."""
        return _PART.sub(self._part, text) if self.texts or self.names else text

    def script(self, text: str) -> str:
        """A script whose literals are in these words."""
        return self._numbers(_LITERAL.sub(self._literal, text))

    def said(self, data: Any) -> Any:
        """Texts, or data for a script, in these words."""
        match data:
            case str():
                return self._numbers(self._literally(data))
            case list() | tuple():
                return [self.said(one) for one in data]
            case dict():
                return {self.said(key): self.said(value) for key, value in data.items()}
        return data

    def heard(self, data: Any) -> Any:
        """Data that was posted, as the mock calls it."""
        return self._other_way.said(data)

    @cached_property
    def _other_way(self) -> Dialect:
        return Dialect(
            texts={now: before for before, now in self.texts.items()},
            names={now: before for before, now in self.names.items()},
        )

    # how

    def _part(self, found: re.Match[str]) -> str:
        part = found[0]
        match found.lastgroup:
            case "script":
                return self.script(part)
            case "tag":
                return self._numbers(_ATTRIBUTE.sub(self._attributes(part), part))
            case "text":
                words = html.unescape(re.sub(_WITHIN, "", part))
                told = self._words(words)
                return part if told == words else html.escape(told, quote=False)
        return part

    def _attributes(self, tag: str) -> Any:
        is_posted = re.match(r"<option\b|<[^>]*type=.hidden", tag, re.IGNORECASE)

        def put(found: re.Match[str]) -> str:
            name, value, quote = found[1].lower(), found[2][1:-1], found[2][0]
            words = html.unescape(value)
            if re.fullmatch(_OWN, name):
                told = self.names.get(words, words)
            elif re.fullmatch(_READ, name) and not (name == "value" and is_posted):
                told = self._words(words)
            elif name.startswith("on") or words.startswith("javascript:"):
                told = _CLOSED.sub(lambda one: f"'{self._words(one[1])}'", words)
            else:
                return found[0]
            return found[0] if told == words else f"{found[1]}={quote}{html.escape(told)}{quote}"

        return put

    def _literal(self, found: re.Match[str]) -> str:
        try:
            words = str(json.loads(found[0]))
        except ValueError:
            return found[0]
        told = self.page(words) if "<" in words else self._literally(words)
        return found[0] if told == words else json.dumps(told, ensure_ascii=False)

    def _literally(self, words: str) -> str:
        return self.names.get(words) or self._words(words)

    def _words(self, text: str) -> str:
        """These words for a whole text, as it stands among spaces and behind it a colon."""
        seen = re.sub(rf"[{INVISIBLE}]", "", text).replace(NBSP, " ")
        before, words, after = _AROUND.fullmatch(seen).groups()  # type: ignore[union-attr]
        words = " ".join(words.split())
        told = self._whole(words + after.rstrip()) if after.strip() else None
        if told is not None:
            after = ""
        elif (told := self._whole(words)) is None:
            return text
        told = told.replace(" ", NBSP) if NBSP in text.strip() else told
        return f"{before}{told}{after}"

    def _whole(self, words: str) -> str | None:
        if words in self.texts or not words:
            return self.texts.get(words)
        for pattern, now in self._with_slots:
            if found := pattern.fullmatch(words):
                return _filled(now, map(self._words, found.groups()))
        return None

    @cached_property
    def _with_slots(self) -> list[tuple[re.Pattern[str], str]]:
        return [(_pattern(before), now) for before, now in self.texts.items() if "{" in before]

    @cached_property
    def _number(self) -> re.Pattern[str] | None:
        numbers = "|".join(name for name in self.names if name.isdigit())
        return re.compile(rf"(?<!\d)(?:{numbers})(?!\d)") if numbers else None

    def _numbers(self, text: str) -> str:
        return self._number.sub(lambda one: self.names[one[0]], text) if self._number else text


def _filled(words: str, parts: Iterator[str]) -> str:
    return _SLOT.sub(lambda _: next(parts), words)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, _SLOT.split(words))), re.DOTALL)


def read_dialects(file: Path) -> Mapping[str, Dialect]:
    """Each portal's by its name, from JSON; raises `WorldError`, in Spanish."""
    data = read_json(file)
    if not isinstance(data, dict) or set(data) - {"sisact", "siac", "nintex", "remedy"}:
        raise WorldError(f"{file} no es un objeto con las palabras de cada portal.")
    try:
        return {portal: Dialect.model_validate(words) for portal, words in data.items()}
    except ValidationError as error:
        raise file_error(file, error) from None
