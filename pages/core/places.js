// The row in which a label stands, and those around it, as rows.js compares them: the cells of a
// table's rows by place, or the lines of what one element holds. ``lines`` is lines.js, ``tools``
// tokens.js; the others are those of labelled.js.
({ fold, spoken, rendered, controls, once, known }, tools, lines) => {
  // Rows of a table as its cells, by place; of other lines as tokens.
  const tableRow = (row) => once(known.rows, row, () => {
    const cells = Array.from(row.cells);
    const tokens = cells.map((cell) => tools.token(cell));
    tokens.forEach((token, at) => {
      if (!token || token.kind !== "colon") return;
      const label = tokens[at - 1];
      if (label && label.kind === "words") label.label = label.colon = true;
    });
    return tokens.map((token) =>
      token && token.kind !== "colon" && token.kind !== "mark" ? token : null);
  });
  const shape = (row) => row && Array.from(row.cells, (cell) => cell.colSpan).join();
  const tableRows = (row) => {
    const all = Array.from(row.closest("table").rows).filter(rendered);
    const at = all.indexOf(row);
    const like = (other) => (other && shape(other) === shape(row) ? tableRow(other) : null);
    const below = like(all[at + 1]);
    const rows = { row: tableRow(row), above: like(all[at - 1]), below,
      last: below && like(all[at + 2]), cells: true };
    // A column of nothing is a spacer; one that holds something elsewhere is none.
    if (rows.row.some((token) => token && token.kind === "gap")) {
      const others = all.filter((other) => other !== row && shape(other) === shape(row))
        .slice(0, 12).map(tableRow);
      const words = rows.row.filter((token) => token && token.kind === "words");
      const told = new Set(words.map(tools.style)).size > 1 ||
        rows.row.some((token) => token && (token.kind === "control" || token.figure));
      rows.row.forEach((token, place) => {
        if (!token || token.kind !== "gap" || !others.length) return;
        const gaps = others.filter((other) => !other[place] || lines.blank(other[place])).length;
        token.spacer = told && gaps === others.length;
        token.valued = gaps < others.length;
      });
    }
    // Controls of another shape below words belong to them in a way of their own.
    const next = all[at + 1];
    const strange = next && !below && rows.row.every((t) => !t || t.kind !== "control") &&
      lone(tableRow(next).filter(Boolean));
    return strange ? null : rows;
  };
  const lone = (line) => line.some((token) => token.kind === "control") &&
    (lines.readings(line, false) || []).length === 0;
  // Whether this one stands lower than that one.
  const stacked = (one, other) => {
    const [upper, lower] = [one, other].map((node) => {
      const range = node.ownerDocument.createRange();
      range.selectNode(node);
      return range.getBoundingClientRect();
    });
    return lower.top >= upper.bottom - 2;
  };
  const lineRows = (label) => {
    const around = label.parentElement;
    const found = tools.linesOf(around.childNodes);
    const at = found.findIndex((line) => line.some((token) => token.node === label));
    if (at < 0) return null;
    const next = (element, step) => {
      for (let e = element[step]; e; e = e[step]) {
        if (rendered(e) && (fold(spoken(e)) || controls(e).length)) {
          return tools.isCell(e) || e.matches("tr, tbody") ? null : tools.linesOf(e.childNodes)[0];
        }
      }
      return null;
    };
    const row = found[at];
    const above = found[at - 1] || next(around, "previousElementSibling");
    const below = found[at + 1] || next(around, "nextElementSibling");
    const flat = row.length === 1 || !stacked(row[0].node, row[row.length - 1].node);
    const like = (other) => (flat && other && other.length === row.length ? other : null);
    if (below && !like(below) && row.every((t) => t.kind !== "control") && lone(below)) return null;
    return { row, above: like(above), below: like(below), last: like(found[at + 2]), cells: false };
  };
  return { tableRow, tableRows, lineRows, stacked };
}
