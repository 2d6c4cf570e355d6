// What a person reads in an element: an input's value, the chosen options' texts, the words of the
// boxes that are checked, or its text. Null where that cannot be told for certain.
(() => {
  const BOXES = "input[type=checkbox], input[type=radio]";
  const CONTROLS = "input:not([type=hidden], [type=button], [type=submit], [type=reset], " +
    "[type=image]), select, textarea";
  // what a link does, and is not: Ver, Editar, Seleccionar
  const ACTION = /^\s*[a-záéíóú]*[aeiíu]r(\s|$)|^\s*(detalle|select|edit)/i;
  const seen = (e) => e.getClientRects().length > 0 &&
    e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const said = (node) =>
    node.nodeType === Node.TEXT_NODE ? node.nodeValue : node.innerText || "";
  // The words beside an unlabelled box, as far as the next one or the end of the line; null where
  // more than one thing stands there.
  const beside = (box, step) => {
    const words = [];
    for (let node = box[step]; node; node = node[step]) {
      const element = node.nodeType === Node.ELEMENT_NODE;
      if (element && (node.matches("br, " + CONTROLS) || node.querySelector(CONTROLS))) break;
      if (!element || seen(node)) words.push(said(node).trim());
    }
    const told = words.filter(Boolean);
    return told.length > 1 ? null : told[0] || "";
  };
  // The words of each box, or null where it cannot be told on which side of it they stand.
  const names = (boxes) => {
    if (boxes.every((box) => box.labels.length)) {
      return boxes.map((box) => Array.from(box.labels, said).join(" ").trim());
    }
    if (boxes.some((box) => box.labels.length)) return null;
    const after = boxes.map((box) => beside(box, "nextSibling"));
    const before = boxes.map((box) => beside(box, "previousSibling"));
    if (after.every(Boolean)) {
      return before.every(Boolean) && !before[0].endsWith(":") ? null : after;
    }
    return before.every(Boolean) && after[after.length - 1] === "" ? before : null;
  };
  const chosen = (boxes) => {
    const words = names(boxes);
    return words && words.every(Boolean)
      ? words.filter((_, at) => boxes[at].checked).join(", ") : null;
  };
  // Its words without those of buttons, and of links beside them; null where a link may be part of
  // what the bare words around it say.
  const text = (e) => {
    const pressed = [e, ...e.querySelectorAll("*")].filter((one) =>
      one.matches("a, button, [role=button]"))
      .filter((one) => seen(one) && one.innerText.trim());
    if (!pressed.length) return e.innerText;
    const walker = e.ownerDocument.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    const nodes = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const around = node.parentElement;
      if (/\S/.test(node.nodeValue) && seen(around) && !around.closest("script, style")) {
        nodes.push(node);
      }
    }
    const own = nodes.filter((node) => !pressed.some((one) => one.contains(node)));
    const links = pressed.filter((one) => one.matches("a"));
    if (!own.length) {
      const values = links.length === pressed.length && !links.some((a) => ACTION.test(said(a)));
      return values ? e.innerText : null;
    }
    if (links.length && own.some((node) => node.parentElement === e)) return null;
    return own.map((node) => node.nodeValue).join(" ");
  };
  const value = (e) => {
    if (e.matches("select")) return Array.from(e.selectedOptions, (o) => o.text).join(", ");
    if (e.matches(BOXES)) return e.indeterminate ? null : e.checked ? "sí" : "no";
    if (e.matches("input[type=file]")) return Array.from(e.files, (f) => f.name).join("/");
    if (e.matches("input, textarea")) return e.value;
    const controls = Array.from(e.querySelectorAll(CONTROLS)).filter(seen);
    if (!controls.length) return text(e);
    if (controls.length === 1) return value(controls[0]);
    return controls.every((control) => control.matches(BOXES)) ? chosen(controls) : null;
  };
  return { value, names, boxes: (e) => Array.from(e.querySelectorAll(BOXES)).filter(seen) };
})()
