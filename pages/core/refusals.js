// What a form says against what was typed: the words of its validators and their summary, of
// role=alert, and what stands there in red. A hint that some fields are required says nothing.
(root) => {
  const view = root.ownerDocument.defaultView;
  const LETTERS = /\p{L}{2,}/u;
  const HINT = /\(\*\)|campos? (con|marcad|obligatori)/i;
  const RED = new Set(["rgb(255, 0, 0)", "rgb(204, 0, 0)", "rgb(192, 0, 0)", "rgb(139, 0, 0)"]);
  const words = (e) => e.innerText.replace(/\s+/g, " ").trim();
  const seen = (e) => e.getClientRects().length > 0 &&
    e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const within = (e) => e && e.nodeType === Node.ELEMENT_NODE && root.contains(e);
  const certain = [
    ...root.querySelectorAll("[role=alert], [data-val-controltovalidate], " +
      "[data-valsummary], .validation-summary-errors, .field-validation-error"),
    ...[view.Page_Validators, view.Page_ValidationSummaries].flatMap((e) => Array.from(e || [])),
  ].filter(within);
  const red = Array.from(root.querySelectorAll("[style*=color i], font[color]")).filter((e) =>
    RED.has(view.getComputedStyle(e).color) && LETTERS.test(words(e)) && !HINT.test(words(e)) &&
    !e.closest("label, th, a, button"));
  const found = [...certain.filter((e) => words(e)), ...red].filter(seen);
  const outer = found.filter((e) => !found.some((other) => other !== e && other.contains(e)));
  const said = Array.from(new Set(outer.map(words)));
  // the summary repeats what its validators say, and they may say no more than `*`
  return said.filter((one) => !said.some((other) => other !== one && other.includes(one)) &&
    (LETTERS.test(one) || !said.some((other) => LETTERS.test(other))));
}
