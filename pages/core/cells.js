// What a person reads in a cell: its words, and of its controls what they hold. Words and controls
// that are not seen do not exist. TEXT is a constant around this (see scripts.py).
(() => {
  const fold = TEXT.folded;
  const blank = (text) => !fold(text);
  const BUTTONS = "button, input[type=button], input[type=submit], input[type=image], " +
    "input[type=reset], [role=button]";
  const BOXES = "input[type=checkbox], input[type=radio]";
  const PICTURES = "img, svg, canvas, iframe, object, embed, video, audio";
  const NOTHING = "script, style, template, noscript, datalist, input[type=hidden]";
  const rendered = (e) => e.checkVisibility({ opacityProperty: true });
  const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  // parked beside the window, or cut down to a dot for screen readers
  const parked = (e, style) => {
    if (!/absolute|fixed/.test(style.position)) return false;
    const box = e.getBoundingClientRect();
    return box.right + e.ownerDocument.defaultView.scrollX <= 0 ||
      (style.overflow !== "visible" && box.width <= 1 && box.height <= 1);
  };
  const caption = (e) =>
    (e.innerText || "").trim() || (e.matches("input[type=image]") ? "" : e.value || "") ||
    e.alt || e.getAttribute("aria-label") || e.title || alts(e);
  const alts = (e) =>
    Array.from(e.querySelectorAll("img")).map((i) => i.alt || i.title).join(" ").trim();
  const chosen = (e) => Array.from(e.selectedOptions, (o) => o.text.trim()).join(", ");
  const held = (e) => e.type === "password" ? "\u2022".repeat(e.value.length) : e.value;
  const cased = (text, style) =>
    style.textTransform === "uppercase" ? text.toUpperCase()
      : style.textTransform === "lowercase" ? text.toLowerCase() : text;

  // plain: words that are neither a link nor a list's choice; linked: words of links; vacant: empty
  // text boxes; edited: has lists or text boxes; name: its words without what controls hold;
  // box: what the only check box or radio button holds, where words stand beside it; text is null
  // where there is something to see that cannot be told in words.
  const read = (cell) => {
    const view = cell.ownerDocument.defaultView;
    if (!cell.firstElementChild) {
      const style = view.getComputedStyle(cell);
      const text = style.visibility === "visible" ? cased(cell.textContent, style) : "";
      return { text, plain: !blank(text) };
    }
    const boxes = Array.from(cell.querySelectorAll(BOXES)).filter(seen);
    const several = boxes.length > 1;
    const unnamed = boxes.some((e) => !e.labels.length);
    const unchecked = several ? boxes.filter((e) => !e.checked) : [];
    const off = new Set(unchecked.flatMap((e) => [...e.labels]));
    const captions = [], pictures = [], parts = [];
    const found = { plain: false, linked: false, vacant: 0, edited: false };
    let name = "";
    let doubt = boxes.some((e) => e.indeterminate), last = null, before = "", after = "";
    const say = (text, link) => {
      if (several && unnamed) {
        if (last) after += text; else before += text;
        if (last && !last.labels.length && !last.checked) return;
      }
      parts.push(text);
      if (!blank(text)) found[link ? "linked" : "plain"] = true;
    };
    const control = (e, link) => {
      if (!e.matches(BOXES)) found.edited = true;
      if (e.matches("select")) return parts.push(" ", chosen(e), " ");
      if (e.matches(BOXES)) {
        if (several && e.checked && parts.some((part) => !blank(part)) && !/:\s*$/.test(before)) {
          parts.push(", ");
        }
        [last, after] = [e, ""];
        return null;
      }
      if (e.type === "file") doubt = true;
      if (blank(held(e))) found.vacant += 1; else say(` ${held(e)} `, link);
      return null;
    };
    const walk = (node, link) => {
      if (node.nodeType === 3) {
        const style = view.getComputedStyle(node.parentElement);
        if (style.visibility !== "visible") return;
        name += node.data;
        say(cased(node.data, style), link);
        return;
      }
      if (node.nodeType !== 1 || node.matches(NOTHING) || off.has(node) || !rendered(node)) return;
      const style = view.getComputedStyle(node);
      if (parked(node, style)) return;
      if (node.matches(BUTTONS)) {
        if (seen(node)) captions.push(caption(node));
      } else if (node.matches(PICTURES)) {
        if (seen(node)) pictures.push(node);
      } else if (node.matches("input, select, textarea")) {
        if (seen(node)) control(node, link);
      } else {
        const apart = node.matches("br") || !/^(inline|contents)/.test(style.display) ? " " : "";
        parts.push(apart);
        name += apart;
        for (const child of node.childNodes) walk(child, link || node.matches("a"));
        parts.push(apart);
      }
    };
    for (const child of cell.childNodes) walk(child, false);
    let text = parts.join("");
    // Which words belong to which box? Those behind it, unless words begin and none end the cell.
    const isBehind = !blank(after) && (blank(before) || /:\s*$/.test(before));
    if (several && unnamed && !isBehind) doubt = true;
    if (boxes.length === 1) {
      if (blank(text)) text = boxes[0].checked ? "sí" : "no";
      else found.box = boxes[0].checked;
    } else if (!boxes.length && blank(text) && pictures.length) {
      text = pictures.map((e) => e.alt || e.title || e.getAttribute("aria-label") || "").join(" ");
      const sized = (e) => ((box) => box.width > 4 && box.height > 4)(e.getBoundingClientRect());
      if (blank(text) && pictures.some(sized)) doubt = true;
    }
    if (!boxes.length && blank(text) && !found.vacant) text = captions.join(" ");
    if (found.edited || boxes.length) found.name = name;
    return { ...found, text: doubt ? null : text };
  };
  return { fold, blank, caption, rendered, seen, read };
})()
