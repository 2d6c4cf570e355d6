// Show all that a person could scroll to in this document, or in an element's; the answer undoes
// it. Only styles are touched: no value changes, and no form hears of it.
({ frame, lack }) => {
  const before = [], known = new WeakSet();
  const set = (element, name, value) => {
    if (!known.has(element)) {
      known.add(element);
      before.push([element, element.getAttribute("style"), element.scrollTop, element.scrollLeft]);
    }
    element.style.setProperty(name, value, "important");
  };
  // what scrolls with the window is for the window to show
  const lackOf = (e) => e === document.scrollingElement ? 0 : e.scrollHeight - e.clientHeight;
  const bottom = (element) => element.getBoundingClientRect().bottom;
  const isPlaced = (element) => /absolute|fixed/.test(getComputedStyle(element).position);

  // What has a place of its own below moves down, and what lies around grows with it.
  const taller = (element, by) => {
    const around = [];
    for (let e = element; e !== document.documentElement; e = e.parentElement) {
      const end = bottom(e);
      const below = Array.from(e.parentElement.children)
        .filter((other) => other !== e && isPlaced(other))
        .filter((other) => other.getBoundingClientRect().top >= end - 1);
      around.push({ e, end, below });
    }
    for (const { e, end, below } of around) {
      const more = e === element ? by : lackOf(e);
      if (more > 0 && e.clientHeight) set(e, "min-height", `${e.offsetHeight + more}px`);
      const moved = bottom(e) - end;
      for (const other of moved > 0 ? below : []) set(other, "top", `${other.offsetTop + moved}px`);
    }
  };

  if (frame) {
    taller(frame, lack);
  } else {
    for (const e of Array.from(document.querySelectorAll("body, body *")).reverse()) {
      if (!e.getClientRects().length) continue;
      if (e.matches("textarea")) {
        set(e, "white-space", "pre-wrap");
        set(e, "overflow-wrap", "anywhere");
      } else if (e.matches("input") && e.scrollWidth > e.clientWidth) {
        set(e, "min-width", `${e.offsetWidth + e.scrollWidth - e.clientWidth}px`);
      }
      const more = lackOf(e);
      const scrolls = e.matches("textarea") || /auto|scroll/.test(getComputedStyle(e).overflowY);
      if (more > 0 && scrolls) {
        taller(e, more);
      }
    }
    const root = document.documentElement;
    set(root, "min-height", `${Math.max(root.scrollHeight, document.body.scrollHeight)}px`);
    set(root, "min-width", `${Math.max(root.scrollWidth, document.body.scrollWidth)}px`);
  }
  return () => {
    for (const [element, style] of before) {
      // Measured: removed at once, what a script has set comes back as style="".
      element.setAttribute("style", style ?? "");
      if (style === null) element.removeAttribute("style");
    }
    for (const [element, , top, left] of before) element.scrollTo(left, top);
  };
}
