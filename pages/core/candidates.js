// What a person sees on a page that may be what is looked for: labels with what they label, what is
// pressed, titles, tables and their columns; and the two products' fields. Each with its box, in
// pixels from the document's corner: left, top, right, bottom.
({ labelled, reading, boxes }, [root]) => {
  if (!root) return [];
  const PART = "\u001f", LONGEST = 60;
  const DATA = /\d{3}|@/;  // a number or an address is somebody's
  const words = (text) => (text || "").replace(/\s+/g, " ").trim();
  const visible = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length;
  const all = Array.from(root.querySelectorAll("*")).filter(visible);
  const found = [];
  const add = (element, kind, name, more) => {
    if (words(name)) found.push({ element, kind, name: words(name), ...more });
  };
  // Labels: short words that label something, for each kind of thing; numbers and addresses label
  // nothing, and are somebody's.
  const leaves = all.filter((e) => !e.children.length || e.matches("label, td, th, dt"))
    .filter((e) => !e.matches("script, style, option, input, select, textarea, button, a"));
  const texts = new Map();
  for (const leaf of leaves) {
    const text = words(leaf.innerText);
    if (text && text.length <= LONGEST && !DATA.test(text) && !texts.has(text)) {
      texts.set(text, leaf);
    }
  }
  const names = [...texts.keys()], values = new Set();
  for (const kind of ["", "field", "choice", "checkbox", "radio", "checklist", "upload"]) {
    const beside = labelled.each(root, names.map((name) => [name, kind, "0"].join(PART)));
    beside.forEach((elements, at) => {
      if (elements.length !== 1) return;
      const value = reading.value(elements[0]);
      if (!kind) values.add(words(value));
      const more = { value, parts: [texts.get(names[at]), elements[0]] };
      add(texts.get(names[at]), kind || "value", names[at].replace(/[\s:*]+$/, ""), more);
    });
  }
  const pressed = "a[href], a[onclick], button, [role=button], [role=link], [role=tab], " +
    "[role=menuitem], [role=treeitem], input[type=submit], input[type=button], input[type=image]";
  for (const e of all.filter((one) => one.matches(pressed))) {
    const name = e.getAttribute("aria-label") || e.innerText || e.value || e.alt || e.title;
    add(e, "pressed", name);
    if (e.title) add(e, "titled", e.title);
  }
  // A row of headers without th: the one above that looks like none of the others.
  const look = (row) => [row, row.cells[0], row.cells[0].querySelector("b, strong") || row.cells[0]]
    .map((e) => getComputedStyle(e)).map((style) => style.backgroundColor + style.fontWeight).join();
  const isHead = (row, rows) => {
    const others = rows.filter((one) => one !== row && one.cells.length === row.cells.length);
    return row.cells.length > 1 && others.length && others.every((one) => look(one) !== look(row)) &&
      Array.from(row.cells).every((cell) => words(cell.innerText) && !DATA.test(cell.innerText));
  };
  for (const e of all) {
    if (e.matches("h1, h2, h3, h4, h5, h6, [role=heading]")) add(e, "words", e.innerText);
    if (e.matches("fieldset")) add(e, "words", (e.querySelector("legend") || e).innerText);
    if (e.matches("[role=group][aria-label]")) add(e, "words", e.getAttribute("aria-label"));
    if (e.matches("input[title], textarea[title]")) add(e, "titled", e.title);
    if (e.matches("table")) {
      const rows = Array.from(e.rows).filter(visible);
      const head = rows.find((row) => row.querySelector("th")) || rows[0];
      const columns = head ? Array.from(head.cells, (cell) => words(cell.innerText)) : [];
      const caption = e.caption ? e.caption.innerText : e.getAttribute("aria-label") || e.summary;
      // without a title or headers it is a layout, and its first row may be somebody's data
      const isTold = caption || (head && (head.querySelector("th") || isHead(head, rows)));
      if (isTold) add(e, "table", caption || columns.join(", "), { columns });
      const first = rows[rows.indexOf(head) + 1];
      columns.forEach((column, at) => {
        const below = rows.map((row) => row.cells[at]).filter((cell) => cell);
        const value = first && first.cells[at] ? reading.value(first.cells[at]) : null;
        if (isTold) add(head.cells[at], "column", column, { value, parts: below });
      });
    }
    if (e.matches("div[arid]")) {
      const label = e.querySelector("label"), box = e.querySelector("textarea, input");
      if (label) {
        const number = e.getAttribute("arid"), value = box ? reading.value(box) : null;
        add(e, "arid", label.innerText.replace(/[\s:*+]+$/, ""), { number, value });
      }
    }
    if (e.matches(".nf-filler-control[data-controlname]") && !e.closest(".nf-repeater-row")) {
      const around = e.closest(".nf-filler-control-border");
      const label = around && around.querySelector("label");
      add(e, "control", e.dataset.controlname, { label: words(label && label.innerText) });
    }
  }
  // how many rows there are, by the words before the figures
  for (const leaf of leaves) {
    const counted = words(leaf.innerText).match(/^(\D{3,30}?) ?\d+ de \d+\D{0,20}$/);
    if (counted && !values.has(words(leaf.innerText))) add(leaf, "words", counted[1]);
  }
  const order = new Map(Array.from(root.querySelectorAll("*"), (e, at) => [e, at]));
  // a value may stand where a label could: it is what somebody wrote
  return found.filter((one) => one.kind !== "value" || !values.has(one.name))
    .map(({ element, parts, ...one }) =>
      ({ ...one, at: order.get(element), box: boxes.around(parts || [element]) }));
}
