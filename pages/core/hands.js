// What a person does to an element that stands there ready for it, with the events that come of it.
// Nothing is done, and false is given, where anything is in its way: whoever asks then leaves it to
// Playwright, which waits. Nothing here waits: a page that is replaced before the answer was not
// touched. TEXT is a constant around this (see scripts.py).
(() => {
  const TYPED = "textarea, input:not([type]), input[type=text], input[type=search], " +
    "input[type=tel], input[type=email], input[type=url]";
  const NOT_PRESSED = "select, option, area, input:not([type=button], [type=submit], " +
    "[type=reset], [type=image])";
  const FOCUSED = "a[href], button, input, select, textarea, [tabindex]";
  const ready = (e) => e.ownerDocument.readyState === "complete" && !e.matches(":disabled") &&
    !e.closest("[aria-disabled=true i]");
  // Whether a mouse would meet it there, through all frames around it; they are one server's.
  const meets = (e, x, y) => {
    const view = e.ownerDocument.defaultView;
    const hit = e.ownerDocument.elementFromPoint(x, y);
    if (!hit || !(e === hit || e.contains(hit))) return false;
    if (view.parent === view) return true;
    const around = view.frameElement;
    if (!around) return false;
    const box = around.getBoundingClientRect();
    return meets(around, box.left + around.clientLeft + x, box.top + around.clientTop + y);
  };
  const press = (e) => {
    if (e.matches(NOT_PRESSED) || !ready(e)) return false;
    e.scrollIntoViewIfNeeded();
    const [box] = Array.from(e.getClientRects()).filter((one) => one.width > 0 && one.height > 0);
    if (!box) return false;
    const view = e.ownerDocument.defaultView;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (!meets(e, x, y)) return false;
    const target = e.ownerDocument.elementFromPoint(x, y);
    const tell = (kind, name, buttons) => target.dispatchEvent(new view[kind](name, {
      bubbles: true, cancelable: true, composed: true, view, detail: 1, clientX: x, clientY: y,
      button: 0, buttons, ...(kind === "PointerEvent" && { pointerId: 1, pointerType: "mouse",
        isPrimary: true }),
    }));
    for (const name of ["over", "move"]) {
      tell("PointerEvent", `pointer${name}`, 0);
      tell("MouseEvent", `mouse${name}`, 0);
    }
    tell("PointerEvent", "pointerdown", 1);
    if (tell("MouseEvent", "mousedown", 1)) {
      const focused = target.closest(FOCUSED);
      if (focused) focused.focus({ preventScroll: true });
      else if (e.ownerDocument.activeElement) e.ownerDocument.activeElement.blur();
    }
    tell("PointerEvent", "pointerup", 0);
    tell("MouseEvent", "mouseup", 0);
    // what listens may have taken it away meanwhile: a person's click would not come about either
    if (e.isConnected) tell("MouseEvent", "click", 0);
    return true;
  };
  // Whether it has the focus then: the field that loses it may take it back.
  const focus = (e) => {
    e.focus();
    return e.ownerDocument.activeElement === e;
  };
  // The events are the browser's own, as from a keyboard; leaving the field announces its change.
  const type = (e, { text, stay }) => {
    if (!e.matches(TYPED) || e.readOnly || !ready(e)) return false;
    const doc = e.ownerDocument;
    if (!focus(e)) return false;
    e.select();
    if (text) doc.execCommand("insertText", false, text);
    else if (e.value) doc.execCommand("delete");
    if (!stay) e.blur();
    return true;
  };
  const choose = (e, at) => {
    if (!e.matches("select") || !ready(e)) return false;
    e.selectedIndex = at;
    e.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    e.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  // the first option that says this to a reader (`text.folded`); false as long as there is none
  const pick = (e, words) => {
    const at = Array.from(e.options || []).findIndex((option) => TEXT.folded(option.text) === words);
    return at >= 0 && choose(e, at);
  };
  return { press, focus, type, choose, pick };
})()
