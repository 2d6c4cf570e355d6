// Selector engine `labelled=`: the value that stands beside, in or under a visible label, as a
// person would find it. Labels are compared without case, accents, invisible characters and a
// colon or asterisk at their end. Controls and labels that are not visible do not exist.
(() => {
  const fold = (text) =>
    text.normalize("NFKD").replace(/[\u0300-\u036f\u200b-\u200f\u2060\ufeff\u00ad]/g, "")
      .replace(/\s+/g, " ").trim().replace(/[ :*]+$/, "").toLowerCase();
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 &&
      getComputedStyle(element).visibility !== "hidden";
  };
  const CONTROLS = "input:not([type=hidden]), select, textarea";
  const control = (element) => {
    if (element.matches(CONTROLS)) return visible(element) ? element : null;
    return Array.from(element.querySelectorAll(CONTROLS)).find(visible) || null;
  };
  // What a label speaks of: its own control, or the next cell, definition or sibling.
  const value = (label) => {
    const owner = label.closest("label");
    if (owner) {
      const target = owner.control;
      if (target) return visible(target) ? target : null;
    }
    const cell = label.closest("td, th, dt");
    const from = cell || owner || label;
    for (let next = from.nextElementSibling; next; next = next.nextElementSibling) {
      if (visible(next)) return control(next) || next;
    }
    return null;
  };
  return {
    queryAll(root, wanted) {
      const name = fold(wanted);
      const found = new Set();
      const doc = root.ownerDocument || root;
      const walker = doc.createTreeWalker(root, NodeFilter.SHOW_TEXT, {
        acceptNode: (node) => node.nodeValue.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP,
      });
      const seen = new Set();
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        // The smallest element around this text whose whole text is the label: a label may be
        // broken into several elements ("N<sup>o</sup> de SEC").
        for (let element = node.parentElement, depth = 0; element && depth < 4; element = element.parentElement, depth++) {
          if (seen.has(element)) continue;
          if (element.matches("script, style, template, option, " + CONTROLS)) break;
          if (fold(element.textContent) === name) {
            seen.add(element);
            if (visible(element)) {
              const target = value(element);
              if (target) found.add(target);
            }
            break;
          }
          if (element.textContent.length > wanted.length * 3 + 20) break;
        }
      }
      return Array.from(found);
    },
    query(root, wanted) { return this.queryAll(root, wanted)[0] || null; },
  };
})()
