// Whether the words of a row are labels of what stands right of them or below them. A person tells
// by meaning; here by what labels and values look like, and where neither is excluded, by nothing.
// ``rows``: the tokens of the row, of the one above it, and of the two below, where they have the
// same columns, each with null where there is no cell; ``lines`` is lines.js, and ``named`` tells a token
// that is a declared label.
(lines, style, named) => {
  const ofWords = (row) => row.filter((token) => token && token.kind === "words");
  const some = (row, kind) => row.some((token) => token && token.kind === kind);
  const solid = (row) => row.filter(Boolean);
  const colon = (token) => /:\s*$/.test(token.text) || token.colon;
  const uniform = (tokens) => tokens.every((token) => style(token) === style(tokens[0]));
  const pure = (row) => ofWords(row).length > 0 && !some(row, "control") && !some(row, "pair");

  const readable = (row) => (lines.readings(solid(row)) || [1]).length > 0;
  const bare = (token) => !token || lines.blank(token);

  // Whether this row can stand over that one as labels over values, whatever it looks like.
  const fits = (above, below) => above && below && pure(above) && !some(below, "pair") &&
    !below.some((token) => token && token.pressedOnly) &&
    !ofWords(below).some((token) => token.label) &&
    !above.some((token, at) => bare(token) && !bare(below[at]));
  // Controls without labels of their own: those are above.
  const bound = (above, below) => fits(above, below) && some(below, "control") && !readable(below);
  // Whether it looks like it, too: all labels alike, and none of them what no label says.
  const over = (above, below) => {
    if (!fits(above, below)) return false;
    const labels = ofWords(above);
    const colons = labels.filter(colon).length;
    return !labels.some((token) => token.figure) && (!colons || colons === labels.length) &&
      uniform(labels);
  };
  const differ = (above, below) => {
    const labels = ofWords(above), values = ofWords(below);
    return labels.length > 0 && values.length > 0 && uniform(labels) && uniform(values) &&
      style(labels[0]) !== style(values[0]);
  };
  // Plain words over plain words, two to a row, are pairs beside each other, pairs over each other or
  // a grid, and nothing that they look like tells which. Nor does the number of rows: an odd one has
  // no rows of labels each over its values, and may be a grid's header and two records. So what
  // follows asks for labels that are known to be labels; without them there is no value.

  // Whether the row can be pairs of which none has a label as its value.
  const paired = (row) => {
    const line = solid(row), all = lines.readings(line);
    return !!all && lines.possible(lines.labelling(all, line, named), named).length > 0;
  };
  const like = (one, other) => style(one) === style(other) && !colon(one) === !colon(other);
  // Whether there are labels below, which look like those above: no values of theirs.
  const apart = (above, below) => paired(above) && paired(below) &&
    ofWords(below).some((token) => like(token, ofWords(above)[0]) && named(token));
  const heads = (row) => pure(row) && !paired(row) && ofWords(row).filter(named).length > 1;
  const none = (row) => !row || !ofWords(row).some(named);
  // Whether the row is one of labels that are known, over values, and so are those around them.
  const known = ({ row, above, below, last }) =>
    heads(row) && none(below) && none(above) && (!last || heads(last));

  // What stands right of it, where nothing says that the row is one of labels, or of values.
  const beside = ({ row, above, below, cells }, label) => {
    const stacked = (upper, lower) => over(upper, lower) && !apart(upper, lower);
    if (stacked(row, below) || stacked(above, row) || bound(row, below)) return null;
    return lines.agreed(solid(row), label, cells, style, named);
  };
  // Words over words over words: a grid.
  const gridded = ({ above, below, last }, label) => {
    const alike = (other) => other && pure(other) && style(ofWords(other)[0]) === style(label);
    if (alike(above) || (pure(below) && alike(below) && last)) return true;
    return !!last && !(over(last, below) && alike(last));
  };
  // What stands below it, where something says that the row is one of labels.
  const under = (rows, label) => {
    const { row, above, below } = rows;
    const sure = bound(row, below);
    if (!sure && !over(row, below)) return null;
    if (sure || !known(rows)) {
      const either = readable(row) && readable(below) && !differ(row, below);
      if (!sure && (over(above, row) || either)) return null;
      if (gridded(rows, label)) return null;
    }
    const value = below[row.indexOf(label)];
    if (!value || (value.kind !== "control" && (label.header || solid(below).every(bare)))) {
      return null;  // the header of a column
    }
    const alone = solid(row).length === 1 && value.kind !== "control" && !colon(label);
    return alone ? null : [value];  // a title
  };
  return (rows, label) => beside(rows, label) || under(rows, label);
}
