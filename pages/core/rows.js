// Whether the words of a row are labels of what stands right of them or below them. A person tells
// by meaning; here by what labels and values look like, and where neither is excluded, by nothing.
// ``rows``: the tokens of the row, of the one above it, and of the two below, where they have the
// same columns, each with null where there is no cell; ``lines`` is lines.js.
(lines, style) => {
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
  // What stands right of it, where nothing says that the row is one of labels, or of values.
  const beside = ({ row, above, below, cells }, label) => {
    if (over(row, below) || over(above, row) || bound(row, below)) return null;
    return lines.agreed(solid(row), label, cells, style);
  };
  // What stands below it, where something says that the row is one of labels.
  const under = ({ row, above, below, last }, label) => {
    const sure = bound(row, below);
    if (!sure && (!over(row, below) || over(above, row))) return null;
    if (!sure && readable(row) && readable(below) && !differ(row, below)) return null;
    // words over words over words: a grid
    const like = (other) => other && pure(other) && style(ofWords(other)[0]) === style(label);
    if (like(above) || (pure(below) && like(below) && last)) return null;
    const again = last && over(last, below) && like(last);
    if (last && !again) return null;
    const value = below[row.indexOf(label)];
    if (!value || (value.kind !== "control" && (label.header || solid(below).every(bare)))) {
      return null;  // the header of a column
    }
    const alone = solid(row).length === 1 && value.kind !== "control" && !colon(label);
    return alone ? null : [value];  // a title
  };
  return (rows, label) => beside(rows, label) || under(rows, label);
}
