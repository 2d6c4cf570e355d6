// A form as it stands. `asked`: labels of what it asks for and nobody has given: visible controls
// that are empty and said to be required, by their markup, an asterisk at their label, ASP.NET's
// validators, or the mark of the two products; without those that are known, by their label, control
// name or field number. `fields`: all that have a label, with it, and what a list offers; `sure` where
// the words beside it are one for certain; null where that could not be told.
({ labelled, plain: { clean, folded }, visible }, [root], known) => {
  if (!root) return null;
  const view = root.ownerDocument.defaultView;
  const PART = "\u001f";
  const CONTROLS = "input:not([type=hidden], [type=button], [type=submit], [type=reset], " +
    "[type=image], [type=checkbox], [type=radio]), select, textarea";
  const fold = (text) => folded(text).replace(/[ :*+]+$/, "");
  const names = new Set(known.map(fold));
  const labelOf = (e) => {
    const around = e.closest(".nf-filler-control-border, div[arid]");
    const label = (e.labels && e.labels[0]) || (around && around.querySelector("label"));
    return clean(label && label.innerText) || clean(e.getAttribute("aria-label") || e.title);
  };
  const isEmpty = (e) => {
    if (e.closest(".sp-peoplepicker-topLevel")) {
      return !e.closest(".sp-peoplepicker-topLevel").querySelector(".sp-peoplepicker-userSpan");
    }
    if (!e.matches("select")) return !clean(e.value);
    const [chosen] = e.selectedOptions;
    return !chosen || !e.value || !clean(chosen.text) || /^\W*(seleccion|elija|elegir)/i.test(chosen.text);
  };

  const asked = new Map();
  const ask = (e, label) => {
    if (e && root.contains(e) && !asked.has(e)) asked.set(e, clean(label) || labelOf(e));
  };
  for (const e of root.querySelectorAll(CONTROLS)) {
    const product = e.closest("div[arid].req, .nf-filler-control-border");
    const starred = product && product.matches(".nf-filler-control-border") &&
      /[*]\s*$/.test(clean((product.querySelector("label") || {}).innerText));
    const marked = product && (product.matches(".req") || starred);
    if (e.required || e.getAttribute("aria-required") === "true" || marked) ask(e);
  }
  for (const validator of view.Page_Validators || []) {
    if ("initialvalue" in validator && validator.enabled !== false) {
      ask(root.ownerDocument.getElementById(validator.controltovalidate));
    }
  }
  const starred = Array.from(root.querySelectorAll("label, td, th, dt, span, div"))
    .map((e) => clean(e.innerText)).filter((text) => text.length < 80 && /[*]\s*:?$/.test(text));
  const texts = [...new Set(starred)];
  for (const kind of ["field", "choice"]) {
    labelled.each(root, texts.map((text) => [text, kind, "0"].join(PART)))
      .forEach((found, at) => { if (found.length === 1) ask(found[0], texts[at]); });
  }
  const isKnown = (e, label) => {
    const control = e.closest("[data-controlname]"), field = e.closest("[arid]");
    return names.has(fold(label)) || (control && names.has(fold(control.dataset.controlname))) ||
      (field && names.has(fold(field.getAttribute("arid"))));
  };
  const missing = Array.from(asked).filter(([e, label]) => visible(e) && isEmpty(e) && !isKnown(e, label))
    .map(([, label]) => label.replace(/[\s:*+]+$/, "") || "sin etiqueta");

  // The two products' fields by what stays when their label changes; a row's and a twin's are none.
  const PRODUCT = ".nf-filler-control[data-controlname], div[arid]";
  const ROWS = ".nf-repeater-row, .sp-peoplepicker-topLevel";
  const isRow = (e) => {
    const table = e.closest("table"), head = table && table.rows[0];
    return !!head && head.cells.length > 1 && Array.from(head.cells).every((cell) => cell.tagName === "TH");
  };
  const isLabel = (text) => text && text.length < 80 && !/\d{3}|@/.test(text);
  const kindOf = (e) => (e.matches("select") ? "choice" : e.type === "file" ? "upload" : "field");
  // the nearest words before it, as far as its place in a table or a line
  const before = (e) => {
    for (let at = e, up = 0; at !== root && up < 4; at = at.parentElement, up += 1) {
      for (let one = at.previousSibling; one; one = one.previousSibling) {
        if (one.nodeType === Node.COMMENT_NODE) continue;
        const text = clean(one.innerText === undefined ? one.nodeValue : one.innerText);
        if (text) return text;
      }
    }
    return "";
  };
  const shownIn = (field) => Array.from(field.querySelectorAll(CONTROLS)).filter(visible);
  const fields = () => {
    const found = [];
    for (const field of root.querySelectorAll(PRODUCT)) {
      const held = field.closest(".nf-repeater-row") ? [] : shownIn(field);
      const around = field.closest(".nf-filler-control-border, div[arid]");
      const label = around && around.querySelector("label");
      const key = field.dataset.controlname || field.getAttribute("arid");
      if (held.length) found.push([key, clean(label && label.innerText), held, true]);
    }
    const plain = Array.from(root.querySelectorAll(CONTROLS))
      .filter((e) => visible(e) && !e.closest(`${PRODUCT}, ${ROWS}`) && !isRow(e));
    plain.filter(labelOf).forEach((e) => found.push([fold(labelOf(e)), labelOf(e), [e], true]));
    const bare = plain.filter((e) => !labelOf(e)), texts = bare.map(before);
    labelled.each(root, bare.map((e, at) => [texts[at], kindOf(e), "0"].join(PART)))
      .forEach((beside, at) => {
        const text = texts[at], isPair = /:\s*\S/.test(text);
        if (isPair || !beside.includes(bare[at])) return;
        found.push([fold(text), text, [bare[at]], /[:*]$/.test(text)]);
      });
    return found.filter(([, label]) => isLabel(label)).map(([key, label, held, sure]) => {
      const list = held.find((e) => e.matches("select")), known = isKnown(held[0], label);
      return { key, label, known, sure: sure || known,
        required: held.some((e) => asked.has(e)),
        options: list ? Array.from(list.options, (option) => clean(option.text)) : [] };
    });
  };
  let told = null;
  try { told = fields(); } catch { /* what it asks for counts for more */ }
  return { asked: missing, fields: told };
}
