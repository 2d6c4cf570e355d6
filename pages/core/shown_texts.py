"""The texts that a portal's pages show, for the words that its map does not name."""

from __future__ import annotations

from playwright.async_api import Error as PlaywrightError

from pages.contract.text import folded
from pages.core.asking import ask, frame_with
from pages.core.elements import OpenPage
from pages.core.inspection import Inspection

#: each text by itself, as a cell, an option or a field has it
_TEXTS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest('script, style')) {
      found.push(walker.currentNode.data);
    }
  }
  for (const e of document.querySelectorAll('input:not([type=password])')) found.push(e.value);
  return found;
}"""


class ShownTexts(Inspection):
    """An inspection that keeps, in memory alone, which texts its pages show."""

    def __init__(self, patience: float = 3.0) -> None:
        super().__init__(patience=patience)
        self._texts: set[str] = set()

    async def look(self, page: OpenPage, *names: str) -> None:
        await super().look(page, *names)
        try:
            shown = await ask(await frame_with(page.scope), _TEXTS)
        except PlaywrightError:  # a page that goes as it is looked at
            return
        for text in shown or ():
            # a value stands behind its label in one text, too
            self._texts |= {folded(text), folded(text.rpartition(":")[2])}

    def shows(self, word: str) -> bool:
        """Whether it stood somewhere by itself."""
        return folded(word) in self._texts
