// Which of the things that stand in a line are labels, and which are their values. A line is read
// as pairs of a label and a value, in every way that its tokens allow: what all of them agree on is
// certain. A token's ``kind``: words; control; pair (a label with its own value); gap (no words);
// empty (no words, and the place of a value). ``label`` and ``value``: it can be nothing else.
// ``loose``: it may belong to no pair; ``either``: a pair, or a value with words of its own.
(() => {
  const STEPS = 3000;
  const blank = (token) => token && (token.kind === "gap" || token.kind === "empty");
  const isValue = (token) => token.kind === "control" || (token.kind === "words" && !token.label);
  const boxes = (token) => token && token.kind === "control" && token.boxes;

  // Where a value that begins here may end: behind more controls, and behind the boxes that words
  // are set between. Those of one name, or with bare words between, are one list for sure.
  const endsOf = (line, from, label) => {
    let to = from + 1;
    if (line[from].kind !== "control") return [to];
    while (line[to] && line[to].kind === "control" && !line[to].either) to++;
    const ends = [to];
    while (boxes(line[to - 1]) && line[to] && isValue(line[to]) && !line[to].cell &&
        boxes(line[to + 1])) {
      const [{ name }, other] = [line[to - 1].held[0], line[to + 1].held[0]];
      const sure = (name && name === other.name) || (line[to].bare && !label.bare);
      to += 2;
      if (sure) ends.pop();
      ends.push(to);
    }
    return ends;
  };

  // All readings, each a Map from a label's token to its value's; null where they are too many.
  const readings = (line, lastMayLack) => {
    const found = [];
    let steps = 0;
    const read = (at, pairs, gaps) => {
      if (++steps > STEPS) return;
      const here = line[at];
      if (!here) {
        found.push(pairs);
        return;
      }
      if (blank(here) || here.kind === "pair" || here.either || here.loose) {
        read(at + 1, pairs, gaps);
      }
      if (here.kind !== "words" || here.value || (here.figure && !here.label)) return;
      if (lastMayLack && at === line.length - 1 && at && line[at - 1].kind === "empty") {
        read(at + 1, pairs, gaps);
      }
      const pair = (from, way) => {
        if (gaps && way && gaps !== way) return;  // spacers are spacers in all of a line
        for (const to of endsOf(line, from, here)) {
          const held = line.slice(from, to).filter((one) => one.kind === line[from].kind);
          const more = new Map(pairs).set(here, held);
          read(to, more, gaps || way);
          // behind a control, words may be a hint
          const hint = line[to];
          if (line[from].kind === "control" && hint && isValue(hint) && hint.kind === "words") {
            read(to + 1, more, gaps || way);
          }
        }
      };
      const next = line[at + 1];
      if (!next) return;
      if (isValue(next)) pair(at + 1, "");
      if (!blank(next)) return;
      if (!next.spacer) pair(at + 1, next.kind === "gap" ? "value" : "");
      let to = at + 1;
      while (line[to] && line[to].kind === "gap" && !line[to].valued) to++;
      if (to > at + 2) pair(at + 2, "spacer");
      const behind = line[to];
      if (behind && to > at + 1 && (blank(behind) || isValue(behind)) &&
          behind.kind !== "control") pair(to, "spacer");
      while (blank(line[to])) to++;
      if (line[to] && line[to].kind === "control") pair(to, "");
    };
    read(0, new Map(), "");
    return steps > STEPS ? null : found;
  };

  // Those in which all labels look alike, and no value as they do; all where all words look alike.
  const looks = (tokens, style) => new Set(tokens.filter((token) => token.kind === "words")
    .map((token) => `${style(token)} ${/:\s*$/.test(token.text) || !!token.colon}`));
  const likely = (all, line, style) => {
    if (all.length < 2 || looks(line, style).size < 2) return all;
    return all.filter((pairs) => {
      const labels = looks(Array.from(pairs.keys()), style);
      const values = looks(Array.from(pairs.values()).flat(), style);
      return labels.size === 1 && !Array.from(labels).some((look) => values.has(look));
    });
  };
  // What all readings give this label: its value's tokens; null where they differ or it has none.
  const shared = (all, label) => {
    const [first, ...others] = all.map((pairs) => pairs.get(label));
    const same = (tokens) => tokens && first && tokens.length === first.length &&
      tokens.every((token, at) => token === first[at] || (blank(token) && blank(first[at])));
    return first && others.every(same) ? first : null;
  };
  // Those that take no label for a pair of its own words, nor for a control's hint (behind a box, it
  // may be the box's own). ``named`` is in labelled.js.
  const labelling = (all, line, named) => {
    const hints = (at) => at && line[at - 1].kind === "control" && !line[at - 1].boxes;
    const labels = line.filter((token, at) =>
      token.kind === "words" && (token.either || hints(at)) && named(token));
    return all.filter((pairs) => labels.every((token) => pairs.has(token)));
  };
  // Those that give no label another label as its value.
  const possible = (all, named) =>
    all.filter((pairs) => !Array.from(pairs.values()).flat().some(named));
  const agreed = (line, label, lastMayLack, style, named) => {
    let all = readings(line, false);
    if (all && !all.length && lastMayLack) all = readings(line, true);
    if (!all) return null;
    all = labelling(all, line, named);
    const fit = likely(all, line, style);
    // what labels look like comes first: a value may be called as a label is
    const plain = looks(line, style).size < 2;
    return (!plain && shared(fit, label)) || shared(possible(fit, named), label);
  };
  return { readings, labelling, possible, agreed, blank };
})()
