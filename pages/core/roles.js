// Engines `role` and `words`: what Playwright finds by its role and name, or by its words, where
// that can be told without doubt; anything that could make it another is thrown as DOUBT, a constant
// around this, and Playwright itself is asked. What is asked for: the role, if any, and a regular
// expression.
(() => {
  const SELECTORS = {
    button: "button, summary, input[type=button], input[type=submit], input[type=reset], " +
      "input[type=image]",
    link: "a[href], area[href]",
    heading: "h1, h2, h3, h4, h5, h6",
    status: "output",
  };
  // what has a name that is not just the words in it
  const ODD = "[aria-labelledby], [aria-owns], svg, select, textarea, object, slot, summary, area, " +
    "input:not([type=hidden], [type=button], [type=submit], [type=reset], [type=image])";
  const UNSPOKEN = "script, style, noscript, template";
  const isThere = (e) =>
    e.checkVisibility({ visibilityProperty: true }) && !e.closest("[aria-hidden=true i]");
  const spaced = (text) => text.replace(/\s+/g, " ").trim();
  const decorated = (e) => ["::before", "::after"].some((part) => {
    const { content } = getComputedStyle(e, part);
    return content !== "none" && content !== "normal" && content !== '""';
  });
  const CAPTIONS = { submit: "Submit", reset: "Reset", image: "Submit" };
  const said = (node) => {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType !== 1 || node.matches(UNSPOKEN) || !isThere(node)) return "";
    if (node.matches("br")) return " ";
    const own = (node.getAttribute("aria-label") || "").trim() ||
      (node.matches("img, input[type=image]") ? node.alt : "");
    if (own) return own;
    if (node.matches("input")) return node.value;
    const apart = /^inline/.test(getComputedStyle(node).display) ? "" : " ";
    return apart + Array.from(node.childNodes, said).join("") + apart;
  };
  const nameOf = (e) => {
    const told = (e.getAttribute("aria-label") || "").trim() ||
      (e.matches("input") ? (e.type === "image" ? e.alt : e.value) : said(e));
    return spaced(told) || spaced(e.title || "") || CAPTIONS[e.type] || "";
  };
  const isOdd = (e) => e.matches(ODD) || !!e.querySelector(ODD) ||
    (e.labels && e.labels.length > 0) || [e, ...e.querySelectorAll("*")].some(decorated);
  const sure = (root) => {
    const all = [root, ...root.querySelectorAll("*")];
    if (all.some((e) => e.shadowRoot)) throw DOUBT;
    return all;
  };
  const role = {
    queryAll(root, body) {
      const { role: wanted, words } = JSON.parse(body);
      const name = new RegExp(words, "i");
      sure(root);
      const native = SELECTORS[wanted], selector = `[role], ${native || "[role]"}`;
      return Array.from(root.querySelectorAll(selector)).filter((e) => {
        const [told = ""] = (e.getAttribute("role") || "").toLowerCase().split(/\s+/);
        if (told ? told !== wanted : !native || !e.matches(native)) {
          // one that is to have no role has it all the same where it can be focused
          if (!/^(none|presentation)$/.test(told) || !native || !e.matches(native)) return false;
          throw DOUBT;
        }
        if (!isThere(e)) return false;
        if (words && isOdd(e)) throw DOUBT;
        return !words || name.test(nameOf(e));
      });
    },
  };
  // the words of elements, whether or not they are to be seen
  const reader = (root) => {
    const { head } = root.ownerDocument, texts = new Map();
    const textOf = (e) => {
      if (!texts.has(e)) {
        const unspoken = e.matches("script, noscript, style") || (head && head.contains(e));
        texts.set(e, unspoken ? "" : e.matches("input[type=button], input[type=submit]") ? e.value
          : Array.from(e.childNodes, (node) => node.nodeType === 3 ? node.nodeValue
            : node.nodeType === 1 ? textOf(node) : "").join(""));
      }
      return texts.get(e);
    };
    return textOf;
  };
  const words = {
    queryAll(root, body) {
      const wanted = new RegExp(JSON.parse(body).words, "i"), textOf = reader(root);
      return sure(root).filter((e) => e !== root && wanted.test(textOf(e)) &&
        !Array.from(e.children).some((child) => wanted.test(textOf(child))));
    },
  };
  const listening = {
    queryAll(root, body) {
      const wanted = new RegExp(JSON.parse(body).words, "i"), textOf = reader(root);
      sure(root);
      return Array.from(root.querySelectorAll("a:not([href]), [onclick]:not(tr, td)")).filter((e) =>
        wanted.test(textOf(e)) || ["alt", "title"].some((name) =>
          e.hasAttribute(name) && wanted.test(e.getAttribute(name))));
    },
  };
  return { role, words, listening };
})()
