// Selector engine `named=`: the tables or the groups of fields that are called so, as a screen
// reader calls them: by ARIA, by their caption or legend, or else by what is kept in an attribute.
// What is asked for: the role and, as a regular expression, the name.
(() => {
  const SELECTORS = { table: "table, [role=table]", group: "fieldset, [role=group]" };
  const TITLES = { TABLE: "caption", FIELDSET: "legend" };
  const isThere = (e) =>
    e.checkVisibility({ visibilityProperty: true }) && !e.closest("[aria-hidden=true]");
  const said = (node) => {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType !== 1 || node.matches("script, style, template") || !isThere(node)) return "";
    if (node.matches("br")) return " ";
    const own = node.getAttribute("aria-label") || node.alt;
    if (own) return own;
    const apart = /^inline/.test(getComputedStyle(node).display) ? "" : " ";
    return apart + Array.from(node.childNodes, said).join("") + apart;
  };
  const nameOf = (e) => {
    const others = (e.getAttribute("aria-labelledby") || "").split(/\s+/)
      .map((id) => id && e.ownerDocument.getElementById(id)).filter(Boolean);
    const told = others.map((other) => other.getAttribute("aria-label") || other.textContent)
      .join(" ").trim() || (e.getAttribute("aria-label") || "").trim();
    if (told) return told;
    const title = TITLES[e.tagName];
    const words = Array.from(e.children).filter((part) => title && part.matches(title)).map(said);
    return words.find((one) => one.trim()) || (e.matches("table") && e.getAttribute("summary")) ||
      e.title;
  };
  return {
    queryAll(root, body) {
      const { role, words } = JSON.parse(body);
      const wanted = new RegExp(words, "i");
      return Array.from(root.querySelectorAll(SELECTORS[role])).filter((e) =>
        (e.getAttribute("role") || role) === role && wanted.test(nameOf(e)) && isThere(e));
    },
    query(root, body) { return this.queryAll(root, body)[0] || null; },
  };
})()
