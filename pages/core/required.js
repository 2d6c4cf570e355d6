// Labels of what a form asks for and nobody has given: visible controls that are empty and said to
// be required, by their markup, an asterisk at their label, ASP.NET's validators, or the mark of the
// two products; without those that are known, by their label, control name or field number.
({ labelled, visible }, [root], known) => {
  if (!root) return [];
  const view = root.ownerDocument.defaultView;
  const PART = "\u001f";
  const CONTROLS = "input:not([type=hidden], [type=button], [type=submit], [type=reset], " +
    "[type=image], [type=checkbox], [type=radio]), select, textarea";
  const squeezed = (text) => (text || "").replace(/\p{Cf}/gu, "").replace(/\s+/g, " ").trim();
  const fold = (text) => squeezed(text).replace(/°/g, "º").normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[\s:*+]+$/, "");
  const names = new Set(known.map(fold));
  const labelOf = (e) => {
    const around = e.closest(".nf-filler-control-border, div[arid]");
    const label = (e.labels && e.labels[0]) || (around && around.querySelector("label"));
    return squeezed(label && label.innerText) || squeezed(e.getAttribute("aria-label") || e.title);
  };
  const isEmpty = (e) => {
    if (e.closest(".sp-peoplepicker-topLevel")) {
      return !e.closest(".sp-peoplepicker-topLevel").querySelector(".sp-peoplepicker-userSpan");
    }
    if (!e.matches("select")) return !squeezed(e.value);
    const [chosen] = e.selectedOptions;
    return !chosen || !e.value || !squeezed(chosen.text) || /^\W*(seleccion|elija|elegir)/i.test(chosen.text);
  };

  const asked = new Map();
  const ask = (e, label) => {
    if (e && root.contains(e) && !asked.has(e)) asked.set(e, squeezed(label) || labelOf(e));
  };
  for (const e of root.querySelectorAll(CONTROLS)) {
    const product = e.closest("div[arid].req, .nf-filler-control-border");
    const starred = product && product.matches(".nf-filler-control-border") &&
      /[*]\s*$/.test(squeezed((product.querySelector("label") || {}).innerText));
    const marked = product && (product.matches(".req") || starred);
    if (e.required || e.getAttribute("aria-required") === "true" || marked) ask(e);
  }
  for (const validator of view.Page_Validators || []) {
    if ("initialvalue" in validator && validator.enabled !== false) {
      ask(root.ownerDocument.getElementById(validator.controltovalidate));
    }
  }
  const starred = Array.from(root.querySelectorAll("label, td, th, dt, span, div"))
    .map((e) => squeezed(e.innerText)).filter((text) => text.length < 80 && /[*]\s*:?$/.test(text));
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
  return Array.from(asked).filter(([e, label]) => visible(e) && isEmpty(e) && !isKnown(e, label))
    .map(([, label]) => label.replace(/[\s:*+]+$/, "") || "sin etiqueta");
}
