// What stands in a line, as lines.js reads it: the cells of a row, or what one element holds.
// ``fold``, ``spoken``, ``rendered`` and ``controls`` are those of labelled.js.
({ fold, spoken, rendered, visible, controls }) => {
  const BOXES = "input[type=checkbox], input[type=radio]";
  const PRESSED = "a, button, input, [role=button], [role=link]";
  const SET = "table, ul, ol, fieldset, form";
  const LABEL = "label[for], label:not([id])";  // with an id of its own it may show a value
  const BLOCK = "td, div, p, section, article";
  const BREAK = "br, hr, h1, h2, h3, h4, h5, h6, legend, caption";
  const NOTHING = "script, style, template, wbr, input[type=hidden], option, colgroup";
  const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
  const isCell = (node) => node.matches("td, th");
  const endsInColon = (text) => /:[\s*\u00a0]*(\(\*\))?[\s\u00a0]*$/.test(text);
  // An amount, a date, a number, an address, yes and no: what no label says.
  const isFigure = (text) =>
    /^\W*(S\/\.?)?[\d\W]*\d[\d\W]*$|\w@\w|^\s*(s[ií]|no)\s*$/i.test(text);
  const isBoxLabel = (node) => node.matches("label") && node.control && node.control.matches(BOXES);

  // The words before a control in its element, but for those of boxes: a label of its own, or a unit.
  const wordsBefore = (node, control) => {
    const walker = node.ownerDocument.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    let text = "";
    for (let next = walker.nextNode(); next; next = walker.nextNode()) {
      if (control.compareDocumentPosition(next) & Node.DOCUMENT_POSITION_FOLLOWING) break;
      const label = next.parentElement.closest("label");
      if (rendered(next.parentElement) && !(label && isBoxLabel(label))) text += next.nodeValue;
    }
    return fold(text) ? text : "";
  };
  const ofControls = (node, held) => {
    const boxes = held.every((control) => control.matches(BOXES));
    const before = node === held[0] ? "" : wordsBefore(node, held[0]);
    const own = node !== held[0] && node.matches("label") && node.control === held[0] && !boxes;
    const kind = own || endsInColon(before) ? "pair" : "control";
    // one box behind words that are no label of its own: neither may be the value
    const murky = boxes && held.length === 1 && !!before;
    return { node, kind, held, boxes, murky, either: !!before, cell: isCell(node) };
  };
  const withoutWords = (node, text) => {
    if (text.includes(":")) return { kind: "colon" };
    if (/[^\s\u00a0]/.test(text)) return { kind: "mark" };
    const pressedOnly = !!node.querySelector("button, input:not([type=hidden])");
    const place = isCell(node) ? node.querySelector("span, label, b, strong, div, p, font") : null;
    const empty = node.matches("dd") || (place && !place.textContent);
    return { node, kind: empty && !pressedOnly ? "empty" : "gap", pressedOnly };
  };
  const ofWords = (node, text) => {
    const parts = Array.from(node.childNodes).filter((part) =>
      isElement(part) ? rendered(part) && fold(spoken(part)) : fold(part.nodeValue || ""));
    const labels = [node, ...node.querySelectorAll("label")];
    const several = parts.length > 1 && parts.every((part) => isElement(part)) &&
      node.matches(BLOCK);
    const inside = parts.slice(0, -1).some((part) => endsInColon(part.nodeValue || spoken(part)) ||
      (several && part.matches("label, th, dt")));
    const set = node.matches(SET) || inside || (several && !!node.querySelector(SET));
    if (set) return { node, kind: "pair" };
    return {
      node, kind: "words", text, cell: isCell(node), figure: isFigure(text), header: node.matches("th"), value: node.matches("dd"),
      label: endsInColon(text) || node.matches("th, dt") || !isFigure(text) && labels.some((e) => e.matches(LABEL) &&
        fold(spoken(e)) === fold(text)),
      either: several && !endsInColon(text), loose: node.matches(PRESSED) ||
        (node.querySelector(PRESSED) && !fold(spoken(node, PRESSED))),
    };
  };
  const token = (node) => {
    if (!isElement(node)) {
      const text = node.nodeValue || "";
      if (node.nodeType !== Node.TEXT_NODE) return null;
      if (!fold(text)) return text.includes(":") ? { kind: "colon" } : null;
      const figure = isFigure(text);
      return { node, kind: "words", text, figure, bare: true, label: endsInColon(text) };
    }
    if (node.matches(NOTHING)) return null;
    if (node.matches(BREAK)) return { kind: "break" };
    const held = controls(node);
    if (held.length) return ofControls(node, held);
    if (isBoxLabel(node) || (!isCell(node) && !rendered(node))) return null;
    const text = spoken(node);
    if (!fold(text)) return node.matches("img, svg, input") ? null : withoutWords(node, text);
    return isCell(node) || visible(node) ? ofWords(node, text) : null;
  };
  // The tokens of some nodes, set apart by line; a colon of its own makes its neighbour a label, and
  // a list of boxes goes on in the next line.
  const linesOf = (nodes) => {
    const found = [[]];
    let broken = false;
    for (const node of nodes) {
      const next = token(node), line = found[found.length - 1], last = line[line.length - 1];
      if (!next || next.kind === "mark") continue;
      if (next.kind === "colon") {
        if (last && last.kind === "words") last.label = last.colon = true;
      } else if (next.kind === "break") {
        broken = line.length > 0;
      } else {
        const list = next.boxes && line.slice(-2).some((before) => before.boxes);
        if (broken && !list) found.push([next]);
        else line.push(next);
        broken = false;
      }
    }
    return found.filter((line) => line.length);
  };
  // What its first words look like.
  const style = (token) => {
    if (token.style) return token.style;
    const around = isElement(token.node) ? token.node : token.node.parentElement;
    const walker = around.ownerDocument.createTreeWalker(token.node, NodeFilter.SHOW_TEXT);
    let text = token.bare ? token.node : walker.nextNode();
    while (!fold(text.nodeValue) || !rendered(text.parentElement)) text = walker.nextNode();
    const path = [];
    for (let e = text.parentElement; e !== around; e = e.parentElement) path.push(e.localName);
    const view = around.ownerDocument.defaultView;
    const look = view.getComputedStyle(text.parentElement), box = view.getComputedStyle(around);
    token.style = [token.bare ? "bare" : around.localName + "." + around.className, ...path,
      look.color, look.fontWeight, look.fontStyle, look.fontSize, look.textDecorationLine,
      box.backgroundColor, box.textAlign].join("|");
    return token.style;
  };
  return { linesOf, token, style, isElement, isCell };
}
