// A table as it is shown now: what its rows hold and how they are made, for table_reader.py to
// understand; and its selector engines. `cells` and `pagers` are constants around this (see
// scripts.py).
(() => {
  const { fold, blank, rendered, seen } = cells;
  const rowsOf = (table) => Array.from(table.rows).filter((row) => row.getClientRects().length);
  const cellsOf = (row) => Array.from(row.cells).filter((cell) => cell.getClientRects().length);
  const squeezed = (text) => (text === null ? "" : text.replace(/\s+/g, " ").trim());
  const cellOf = (cell) => {
    const found = cells.read(cell);
    found.text = found.text === null ? null : squeezed(found.text);
    if (cell.colSpan > 1) found.across = cell.colSpan;
    if (cell.rowSpan !== 1) found.down = cell.rowSpan || 1000;
    if (cell.hasAttribute("colspan")) found.spans = true;
    if (cell.matches("th")) {
      found.head = /^row/.test(cell.scope) || cell.matches("[role=rowheader]") ? "row" : "column";
    } else if (cell.matches("[role=columnheader]")) found.head = "column";
    return found;
  };
  const rowOf = (table, row) => {
    const style = getComputedStyle(row.cells[0] || row);
    const own = cellsOf(row);
    const controls = row.querySelector(pagers.CONTROLS);
    const fact = {
      part: row.parentElement.tagName,
      seen: seen(row) && row.getBoundingClientRect().height > 0,
      bold: Number(style.fontWeight) >= 600,
      style: [row.className, row.getAttribute("style"), own[0] && own[0].className].join(" "),
      cells: own.map(cellOf),
    };
    const nested = Array.from(row.querySelectorAll("table")).filter(seen);
    if (nested.length) {
      const hasRows = nested.some((one) => one.rows.length > 1 || one.querySelector("th"));
      fact.nested = hasRows ? "rows" : "line";
    }
    const listening = controls ? Array.from(row.querySelectorAll(pagers.CONTROLS)) : [];
    if (own.length === 1 || listening.some(pagers.isWayOn)) {
      fact.pager = pagers.read(row, table);
    }
    if (controls) fact.posts = /_?doPostBack/i.test(row.innerHTML);
    return fact;
  };
  const BUSY = '[aria-busy="true"]';
  const grids = (root) => Array.from(root.querySelectorAll("table")).filter(seen);
  // The table of an element around it: the one that has no other in it.
  const tableOf = (element) => {
    if (element.matches("table")) return element;
    const inner = grids(element).filter((table) => !table.querySelector("th, td table"));
    const headed = grids(element).filter((table) =>
      Array.from(table.rows).some((row) => row.querySelector(":scope > th")));
    const all = headed.length ? headed : inner;
    return all.length === 1 ? all[0] : null;
  };
  // What turns pages above or below the table, up to the next one: numbers anywhere, arrows and
  // words alone right beside it, for elsewhere they may be about something else.
  const pagersBeside = (table) => {
    const doc = table.ownerDocument;
    const isGrid = (e) => [e, ...e.querySelectorAll("table")].some((one) => one.matches("table") &&
      seen(one) && (one.rows.length > 1 || one.querySelector("th")));
    const within = (part) => {
      for (const control of pagers.controlsOf(part).filter(pagers.turns)) {
        let found = null;
        for (let e = control; e !== part.parentElement; e = e.parentElement) {
          const pager = pagers.read(e.matches(pagers.CONTROLS) ? e.parentElement : e, doc);
          if (pager && pager.items.length) found = pager; else if (found) break;
        }
        if (found) return found;
      }
      return null;
    };
    for (const side of ["nextElementSibling", "previousElementSibling"]) {
      let near = true;
      climb: for (let node = table; node && !node.matches("body"); node = node.parentElement) {
        for (let part = node[side]; part; part = part[side]) {
          if (!seen(part) || part.matches("script, style, template")) continue;
          if (isGrid(part)) break climb;
          const pager = within(part);
          const told = pager && (pager.shown !== null || pager.total !== null);
          if (told || (pager && near && !pager.unknown)) return [pager];
          if (!blank(part.innerText || "") || part.querySelector(pagers.CONTROLS)) near = false;
        }
      }
    }
    return [];
  };
  // A header in a table of its own, with its rows in the next one, so that they scroll below it.
  const isHalf = (table) => {
    if (rowsOf(table).length !== 1) return false;
    const all = grids(table.ownerDocument);
    const next = all[all.indexOf(table) + 1];
    if (!next || table.contains(next) || next.querySelector("th, caption")) return false;
    const [header] = rowsOf(table), rows = rowsOf(next);
    const [above, below] = [table, next].map((e) => e.getBoundingClientRect());
    return rows.length > 0 && cellsOf(rows[0]).length === cellsOf(header).length &&
      Math.abs(above.left - below.left) < 4 && below.top - above.bottom < 12;
  };

  const shown = (e) => {
    const box = e.getBoundingClientRect();
    return seen(e) && box.width > 0 && box.height > 0;
  };
  // An element that is to hold a table, and is empty without one, has no size.
  const hollow = (e) =>
    rendered(e) && !e.matches("table") && !grids(e).length && blank(e.innerText || "");
  const theOne = (elements) => {
    const found = elements.filter(shown);
    return found.length ? found : elements.filter(hollow);
  };

  const read = (elements, what) => {
    const found = theOne(elements);
    if (found.length !== 1) return found.length ? JSON.stringify({ many: true }) : null;
    const [element] = found;
    const doc = element.ownerDocument, view = doc.defaultView;
    const table = tableOf(element);
    const tables = grids(element).length;
    if (!table && tables) return null;
    const manager = view.Sys && view.Sys.WebForms && view.Sys.WebForms.PageRequestManager &&
      view.Sys.WebForms.PageRequestManager.getInstance();
    const facts = {
      many: false,
      filling: !!element.closest(BUSY) || !!element.querySelector(BUSY),
      filled: !!table && table.getAttribute("aria-busy") === "false",
      loading: doc.readyState === "loading" || !!(manager && manager.get_isInAsyncPostBack()),
      tables: table ? 1 : 0,
      words: table ? "" : squeezed(element.innerText || ""),
      half: !!table && isHalf(table),
      rows: table ? rowsOf(table).map((row) => rowOf(table, row)) : [],
    };
    if ("signed" in what) facts.signed = what.signed;
    if (what.beside && table) facts.beside = pagersBeside(table);
    if (what.answer) {
      facts.answered = view.performance.getEntriesByType("resource")
        .filter((e) => e.name.includes(what.answer) && e.responseEnd > 0).length;
    }
    return JSON.stringify(facts);
  };
  const readPager = (elements) =>
    JSON.stringify(elements.filter(seen).map((e) => pagers.read(e, e.ownerDocument)));
  // A control of a pager that was read, where it is still what it was.
  const pick = (element, item) => {
    const root = item.outside ? element.ownerDocument : tableOf(element);
    const found = root && pagers.controlsOf(root)[item.at];
    return found && pagers.signOf(found) === item.sign ? found : null;
  };

  // Innermost visible tables by how many of these headers one row or two of them have.
  const byHeaders = (root, headers) => {
    const wanted = headers.map(fold);
    const arrow = /[\u25b2\u25bc\u25b3\u25bd\u2191\u2193\u21c5\u25b4\u25be\u25b5\u25bf]/g;
    const nameOf = (cell) => squeezed("name" in cell ? cell.name : cell.text);
    const scored = grids(root).map((table) => {
      const rows = rowsOf(table).slice(0, 6).map((row) =>
        cellsOf(row).map((cell) => fold(nameOf(cells.read(cell)).replace(arrow, ""))));
      const has = (names) => wanted.filter((header) => names.includes(header)).length;
      const lines = rows.map((names, at) =>
        Math.max(has(names), has(names.concat(rows[at - 1] || []))));
      return { table, count: Math.max(0, ...lines) };
    });
    return scored;
  };
  const headed = {
    queryAll(root, body) {
      const { headers, near } = JSON.parse(body);
      const scored = byHeaders(root, headers);
      const most = near ? Math.max(headers.length / 2, ...scored.map((one) => one.count)) : headers.length;
      const best = scored.filter((one) => one.count === most).map((one) => one.table);
      const called = best.filter((one) => one.caption && fold(one.caption.textContent) === fold(near));
      const found = called.length ? called : best;
      return found.filter((one) => !found.some((other) => other !== one && one.contains(other)));
    },
    query(root, body) { return this.queryAll(root, body)[0] || null; },
  };
  const rowed = {
    queryAll(root, body) {
      const clean = (text) => fold(squeezed(text));
      const table = tableOf(root), wanted = clean(JSON.parse(body));
      const says = (cell) =>
        ((text) => squeezed(text) !== "" && clean(text) === wanted)(cells.read(cell).text);
      return !table ? [] : rowsOf(table).filter((row) => seen(row) && cellsOf(row).some(says));
    },
    query(root, body) { return this.queryAll(root, body)[0] || null; },
  };
  return { read, readPager, pick, headed, rowed };
})()
