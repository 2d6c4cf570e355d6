// Selector engine `labelled=`: the value that stands in or beside a visible label, or under it, as
// a person would find it. Labels are compared without case, accents, invisible characters, what is
// not in sight, and marks around them (`RUC:`, `* RUC`, `RUC (*)`). Controls and labels that are not
// visible do not exist; a value without text does, so that an empty value is read as empty and not
// as its neighbour. Where it cannot be told for certain, there is none. What is asked for: the label
// and, set apart by U+001F, the kind of control and its number among several behind one label.
// TEXT, TOKENS, PLACES, LINES and ROWS are constants around this, of the files of those names (see
// scripts.py).
(() => {
  const MARKS = "[\\s:*.•·▪\\-–—]|\\(\\*\\)";
  const before = new RegExp(`^(?:${MARKS})+`);
  const after = new RegExp(`(?:${MARKS}|\\((?:obligatori|requerid)[oa]\\))+$`);
  // What was worked out of a page that does not change meanwhile: forgotten at each question.
  const known = { folded: new Map(), spoken: new Map(), rows: new Map(), texts: new Map(),
    labels: new Map() };
  const forget = () => Object.values(known).forEach((map) => map.clear());
  const once = (map, key, make) => {
    if (!map.has(key)) map.set(key, make());
    return map.get(key);
  };
  const fold = (text) => once(known.folded, text, () =>
    TEXT.folded(text).replace(before, "").replace(after, ""));
  const rendered = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return rendered(element) && box.width > 0 && box.height > 0 &&
      box.right + element.ownerDocument.defaultView.scrollX > 0;  // parked off-screen otherwise
  };
  const CONTROLS = "input:not([type=hidden], [type=button], [type=submit], [type=reset], " +
    "[type=image]), select, textarea";
  const BOXES = "input[type=checkbox], input[type=radio]";
  const KINDS = {
    field: `textarea, ${CONTROLS.split(", select")[0]}:not([type=checkbox], [type=radio], [type=file])`,
    choice: "select",
    checkbox: "input[type=checkbox]",
    radio: "input[type=radio]",
    checklist: "input[type=checkbox]",
    upload: "input[type=file]",
  };
  // What may carry the same words and labels nothing: a tab, a menu, the title of a table.
  const NO_LABEL = "script, style, template, option, button, caption, legend, [role=tab], " +
    "[role=button], [role=menuitem], [role=columnheader], " + CONTROLS;
  // An element's words without those in lists and boxes: "Estado <select>…" is labelled "Estado".
  const UNSPOKEN = "script, style, template, select, textarea, option";
  const controls = (element) =>
    [element, ...element.querySelectorAll(CONTROLS)].filter((e) => e.matches(CONTROLS) && visible(e));
  // The words in sight, but for those in ``without``.
  const spoken = (element, without) => (without ? said(element, without)
    : once(known.spoken, element, () => said(element)));
  const said = (element, without) => {
    if (!element.firstElementChild) return element.textContent;
    const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let text = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const around = node.parentElement;
      if (!/\S/.test(node.nodeValue)) text += " ";
      else if (!around.closest(UNSPOKEN) && !(without && around.closest(without)) &&
          rendered(around)) text += node.nodeValue;
      if (text.length > 2000) break;
    }
    return text;
  };
  const tools = TOKENS({ fold, spoken, rendered, visible, controls });
  const { isElement, isCell } = tools;
  // Whether these words are another declared label, and no value: it stands on the page just once.
  // What stands there twice may be the one and the other: «Tipo de documento» RUC, «RUC» 2099.
  let asked = { root: null, declared: new Set() };
  const named = (token) => {
    const name = token.kind === "words" ? fold(token.text) : "";
    return asked.declared.has(name) &&
      labels(asked.root, name).filter((node) => !isColumn(boxOf(node))).length === 1;
  };
  const decide = ROWS(LINES, tools.style, named);

  const { tableRow, tableRows, lineRows, stacked } =
    PLACES({ fold, spoken, rendered, controls, once, known }, tools, LINES);

  // What stands for a label that is one of several things in a line.
  const inLine = (label) => {
    const rows = lineRows(label);
    const token = rows && rows.row.find((one) => one.node === label);
    if (!token || token.kind !== "words") return null;
    const found = decide(rows, token);
    if (!found || found.some((one) => one.bare)) return null;
    const [first] = found;
    if (first.kind === "words" && stacked(label, first.node) && !token.label &&
        tools.style(token) === tools.style(first) && !/\d.*\d/.test(first.text)) return null;
    return { label: token, found };
  };
  // What a cell holds beside its label and shows no words: an empty value, or nothing.
  const holeIn = (cell) => Array.from(cell.querySelectorAll("span, b, i, font, div, label"))
    .find((e) => !e.textContent && !e.firstElementChild && rendered(e));
  const inRow = (cell) => {
    const rows = tableRows(cell.parentElement);
    const token = rows && rows.row.find((one) => one && one.node === cell);
    return token && token.kind === "words" ? decide(rows, token) : null;
  };
  // Whether a cell that holds a label and its value is no label itself of what comes after it.
  const isPair = (cell, sure) => {
    const row = tableRow(cell.parentElement).filter(Boolean);
    const at = row.findIndex((token) => token.node === cell);
    if (at < 0) return true;
    const next = row.slice(at + 1).find((token) => !LINES.blank(token));
    row[at] = { node: cell, kind: "pair" };
    if (next && next.kind === "control" && !next.either) return false;
    return sure || (LINES.readings(row, false) || []).length > 0;
  };
  const tokensOf = (label, name) => {
    let whole = label, inner = null, sure = false;
    for (;;) {
      if (isElement(whole) && isCell(whole)) {
        const outer = whole.closest("table").parentElement.closest("td, th");
        const hole = holeIn(whole);
        if (hole) {
          const sole = /:\s*$/.test(spoken(whole)) && isPair(whole, true);
          return sole ? [{ kind: "empty", node: hole }] : null;
        }
        const found = inRow(whole);
        if (found) return inner ? null : found;
        if (!outer || fold(spoken(outer)) !== name || controls(outer).length) return inner;
        whole = outer;
        continue;
      }
      const line = inLine(whole), found = line && line.found;
      if (found) {
        sure = sure || line.label.label;
        if (inner && found.some((token) => token.either)) break;  // another pair
        if (inner) return null;
        inner = found;
        if (found.some((token) => !LINES.blank(token))) break;
      }
      const around = whole.parentElement;
      if (!around || around.matches("body, li") || fold(spoken(around)) !== name) break;
      if (controls(around).length) break;
      whole = around;
    }
    if (!inner) return null;
    const cell = whole.parentElement.closest("td, th");
    return !cell || isPair(cell, sure) ? inner : null;
  };
  // The box that is named by the words behind it, where a line is of nothing else.
  const boxBefore = (label) => {
    const line = tools.linesOf(label.parentElement.childNodes)
      .find((tokens) => tokens.some((token) => token.node === label)) || [];
    const at = line.findIndex((token) => token.node === label);
    const boxed = line.every((token, place) => (place % 2 ? token.kind === "words"
      : token.boxes && token.held.length === 1 && !token.held[0].labels.length));
    return boxed && at > 0 && at % 2 ? [line[at - 1]] : null;
  };
  const common = (elements) => {
    let around = elements[0];
    while (!elements.every((e) => around.contains(e))) around = around.parentElement;
    return controls(around).length === elements.length ? around : null;
  };
  // Of a value's parts what was asked for; several boxes are one value.
  const picked = (parts, kind, part) => {
    const fit = kind ? parts.filter((e) => e.matches(KINDS[kind])) : parts;
    if (part) return fit.slice(part - 1, part);
    const list = fit.length > 1 && kind !== "checkbox" && fit.every((e) => e.matches(BOXES));
    return list ? [common(fit)].filter(Boolean) : fit;
  };
  const parts = (tokens) => tokens.flatMap((token) => token.held || [token.node]);
  // Further controls beside one, as far as the next words.
  const run = (control) => {
    const line = tools.linesOf(control.parentElement.childNodes)
      .find((tokens) => tokens.some((token) => token.node === control)) || [];
    const at = line.findIndex((token) => token.node === control);
    const end = line.findIndex((token, place) => place > at && token.kind === "words");
    return parts(line.slice(at, end < 0 ? line.length : end).filter((token) => token.held));
  };
  const values = (label, name, root, kind, part) => {
    const owner = isElement(label) && label.closest("label");
    if (owner && (owner.control || owner.htmlFor)) {
      const target = owner.control || root.querySelector("#" + CSS.escape(owner.htmlFor));
      if (target) {
        const own = controls(target);
        if (target.matches(CONTROLS) && !own.length) return [];
        if (!own.length) return kind ? [] : [target];
        const more = kind && !own.some((e) => e.matches(KINDS[kind])) ? run(target) : own;
        return picked(part ? run(target) : more, kind, part);
      }
    }
    const held = isElement(label) ? controls(label) : [];
    if (held.length) return picked(held, kind, part);
    const found = tokensOf(label, name) || boxBefore(label);
    if (found && !kind && found.some((token) => token.murky)) return [];
    return found ? picked(parts(found), kind, part) : [];
  };
  // The texts below, each as it is compared.
  const texts = (root) => once(known.texts, root, () => {
    const walker = (root.ownerDocument || root).createTreeWalker(root, NodeFilter.SHOW_TEXT), found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const own = fold(node.nodeValue);
      if (own) found.push([node, own]);
    }
    return found;
  });
  const boxOf = (node) => (isElement(node) ? node : node.parentElement);
  // The header of a grid's column labels no single value.
  const isColumn = (element) => {
    const header = element.closest("th");
    return !!header && !header.parentElement.querySelector("td");
  };
  // Where this name stands in sight: the smallest element around a text whose whole text it is, as a
  // label may be broken into several elements ("N<sup>o</sup> de SEC"). Else the text itself.
  const labels = (root, name) => once(known.labels, name, () => {
    const found = [];
    const seen = new Set();
    const look = (node) => {
      if (seen.has(node)) return;
      seen.add(node);
      if (visible(boxOf(node)) && !boxOf(node).closest(NO_LABEL)) found.push(node);
    };
    for (const [node, own] of texts(root)) {
      if (!name.includes(own)) continue;  // in no label of this name
      for (let element = node.parentElement; element; element = element.parentElement) {
        if (seen.has(element) || element.matches(NO_LABEL)) break;
        const text = fold(spoken(element));
        if (text === name) look(element);
        else if (text.length > name.length && own === name) look(node);
        if (text === name || text.length > name.length) break;
      }
    }
    return found;
  });
  const find = (root, [label, kind, part]) => {
    const top = root.documentElement || root, name = fold(label);
    return Array.from(new Set(labels(root, name).flatMap((node) =>
      values(node, name, top, kind, Number(part || 0)))));
  };
  return {
    queryAll(root, wanted) { return this.each(root, [wanted])[0]; },
    query(root, wanted) { return this.queryAll(root, wanted)[0] || null; },
    // What is found for each of several, all of one moment.
    each(root, all) {
      forget();
      const wanted = all.map((one) => one.split("\x1f"));
      const declared = wanted.flatMap(([label, , , ...others]) => [label, ...others]);
      asked = { root, declared: new Set(declared.map(fold)) };
      return wanted.map((one) => find(root, one));
    },
    // What was just asked for as it is shown; null where it stands there more than once.
    shown(root, all) {
      return all.map((one) => {
        const nodes = labels(root, fold(one.split("\x1f")[0]));
        return nodes.length === 1 ? spoken(nodes[0]) : null;
      });
    },
  };
})()
