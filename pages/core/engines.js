// Engines that only the page is asked by (see engines.py). `roles`, `visible` and `engines` are
// constants around this (see scripts.py).
{
  role: roles.role,
  words: roles.words,
  listening: roles.listening,
  css: {
    queryAll(root, body) {
      try {
        return Array.from(root.querySelectorAll(JSON.parse(body).selector));
      } catch (error) {
        throw DOUBT;  // no CSS: Playwright knows more than that
      }
    },
  },
  titled: {
    queryAll(root, body) {
      const wanted = new RegExp(JSON.parse(body).words, "i");
      return Array.from(root.querySelectorAll("[title]")).filter((e) => wanted.test(e.title));
    },
  },
  seen: {
    queryAll(root, body) {
      const [name, query] = JSON.parse(body).way;
      return engines[name].queryAll(root, query).filter(visible);
    },
  },
  nth: {
    queryAll(root, body) {
      const { way: [name, query], number } = JSON.parse(body);
      return engines[name].queryAll(root, query).slice(number, number + 1);
    },
  },
  either: {
    queryAll(root, body) {
      return JSON.parse(body).ways.flatMap(([name, query]) => engines[name].queryAll(root, query));
    },
  },
  first: {
    queryAll(root, body) {
      for (const [name, query] of JSON.parse(body).ways) {
        const found = engines[name].queryAll(root, query).filter(visible);
        if (found.length) return found;
      }
      return [];
    },
  },
  sole: {
    queryAll(root, body) {
      const [name, query] = JSON.parse(body).way;
      const found = engines[name].queryAll(root, query).filter(visible);
      return found.length === 1 ? found : [];
    },
  },
  both: {
    queryAll(root, body) {
      const [one, other] = JSON.parse(body).ways.map(([name, query]) =>
        engines[name].queryAll(root, query));
      return one.filter((e) => other.includes(e));
    },
  },
  within: {
    queryAll(root, body) {
      const [[name, query], [inner, body_]] = JSON.parse(body).ways;
      return engines[name].queryAll(root, query).filter(visible)
        .flatMap((e) => engines[inner].queryAll(e, body_));
    },
  },
}
