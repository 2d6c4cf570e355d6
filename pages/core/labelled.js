// Selector engine `labelled=`: the value that stands in or beside a visible label, as a person
// would find it. Labels are compared without case, accents, invisible characters and a colon or
// asterisk at their end. Controls and labels that are not visible do not exist; a value without
// text does, so that an empty value is read as empty and not as its neighbour. INVISIBLE is a
// constant around this (see elements.py): what `text.clean` leaves out is left out here.
(() => {
  const unseen = new RegExp(`[\u0300-\u036f${INVISIBLE}]`, "g");
  const fold = (text) =>
    text.normalize("NFKD").replace(unseen, "")
      .replace(/\s+/g, " ").replace(/(?: |:|\*|\(\*\))+$/, "").trim().toLowerCase();
  const rendered = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return rendered(element) && box.width > 0 && box.height > 0 &&
      box.right + element.ownerDocument.defaultView.scrollX > 0;  // parked off-screen otherwise
  };
  const CONTROLS = "input:not([type=hidden], [type=button], [type=submit], [type=reset], " +
    "[type=image]), select, textarea";
  // What may carry the same words and labels nothing: a tab, a menu, the title of a table.
  const NO_LABEL = "script, style, template, option, button, caption, [role=tab], [role=button], " +
    "[role=menuitem], [role=columnheader], " + CONTROLS;
  const NO_VALUE = "br, wbr, hr, img, svg, script, style, template, input[type=hidden]";
  const control = (element) =>
    [element, ...element.querySelectorAll("*")].find((e) => e.matches(CONTROLS) && visible(e));
  // An element's words without those in lists and boxes: "Estado <select>…" is labelled "Estado".
  const UNSPOKEN = "script, style, template, select, textarea";
  const spoken = (element) => {
    const text = element.textContent;
    if (text.length > 1000) return text;
    if (!element.querySelector(UNSPOKEN)) return fold(text);
    const bare = element.cloneNode(true);
    bare.querySelectorAll(UNSPOKEN).forEach((e) => e.remove());
    return fold(bare.textContent);
  };
  const words = (element) => element.innerText || "";
  const blank = (element) => !fold(words(element));
  // The control or element that stands next to this one; null where bare text does.
  const beside = (label) => {
    let empty = null;
    for (let node = label.nextSibling; node; node = node.nextSibling) {
      if (node.nodeType === Node.TEXT_NODE && fold(node.nodeValue)) return empty;
      if (node.nodeType !== Node.ELEMENT_NODE || node.matches(NO_VALUE)) continue;
      const found = control(node);
      if (found) return found;
      if (!rendered(node)) continue;
      if (blank(node)) {
        // a colon in a cell of its own, a mark or a spacer before the control, or an empty value
        if (!words(node).includes(":")) empty = empty || node;
      } else {
        return empty || (visible(node) ? node : null);
      }
    }
    return empty;
  };
  const value = (label, name, root) => {
    const owner = label.closest("label");
    if (owner && (owner.control || owner.htmlFor)) {
      const target = owner.control || root.querySelector("#" + CSS.escape(owner.htmlFor));
      if (target) return target.matches(CONTROLS) ? (visible(target) ? target : null) : target;
    }
    const cell = label.closest("td, th, dt");
    if (cell && spoken(cell) === name && !control(cell)) {
      for (let part = label; part !== cell; part = part.parentElement) {
        if (beside(part)) return null;  // an empty value in this cell, or a mark? Not to be guessed
      }
      const next = cell.nextElementSibling;
      // the header of a column, not of a row, labels no single value
      if (cell.matches("th") && (!next || (next.matches("th") && !control(next)))) return null;
      return beside(cell);
    }
    // What wraps nothing but the label is the label, so far as nothing stands beside it in there.
    for (let whole = label; whole; whole = whole.parentElement) {
      const found = control(whole) || beside(whole);
      if (found) return found;
      const around = whole.parentElement;
      if (whole === root || !around || around.matches("body, li") || spoken(around) !== name) break;
    }
    return null;
  };
  return {
    queryAll(root, wanted) {
      const name = fold(wanted);
      const doc = root.ownerDocument || root;
      const found = new Set();
      const seen = new Set();
      const walker = doc.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const own = fold(node.nodeValue);
        if (!own || !name.includes(own)) continue;  // in no label of this name
        // The smallest element around this text whose whole text is the label: a label may be
        // broken into several elements ("N<sup>o</sup> de SEC").
        for (let element = node.parentElement; element; element = element.parentElement) {
          if (seen.has(element) || element.matches(NO_LABEL)) break;
          const text = spoken(element);
          if (text === name) {
            seen.add(element);
            const target = visible(element) && !element.closest(NO_LABEL) &&
              value(element, name, root === doc ? doc.documentElement : root);
            if (target) found.add(target);
            break;
          }
          if (text.length > name.length) break;
        }
      }
      return Array.from(found);
    },
    query(root, wanted) { return this.queryAll(root, wanted)[0] || null; },
  };
})()
