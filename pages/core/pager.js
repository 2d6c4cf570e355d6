// How an element turns the pages of a table, where all that it says is about pages. `cells` is a
// constant around this (see scripts.py).
(() => {
  const { fold, blank, caption, seen } = cells;
  const CONTROLS = "a, button, select, textarea, [role=button], [role=link], " +
    "input:not([type=hidden])";
  // What is said beside numbers and arrows.
  const ABOUT = new RegExp("\\b(?:paginas?|pags?|pgs?|page|de|del|of|ir|a|al|la|mostrar|" +
    "mostrando|ver|registros?|resultados?|filas?|elementos?|items?|por|per|total(?:es)?|un|se|" +
    "encontraron|encontrad[oa]s|tamano|actual|go|to|rows|records)\\b", "g");
  const RECORDS =
    "(?:registros?|resultados?|filas?|elementos?|coincidencias?|items?|records?|rows?)";
  const KINDS = [
    ["first", /^(?:primer[oa]?|inicio|principio|first)$/],
    ["previous", /^(?:anterior|ant|previ[oa]|prev|previous|atras)$/],
    ["next", /^(?:siguiente|sig|sgte|proxim[oa]|adelante|next)$/],
    ["last", /^(?:ultim[oa]|final|fin|last)$/],
  ];
  const ARROWS = [
    ["first", /^(?:<<|\u00ab|\|<|\u25c4\u25c4|\u25c0\u25c0|\u23ee)$/],
    ["previous", /^(?:<|\u2039|\u25c4|\u25c0|\u2190)$/],
    ["next", /^(?:>|\u203a|\u25ba|\u25b6|\u2192)$/],
    ["last", /^(?:>>|\u00bb|>\||\u25ba\u25ba|\u25b6\u25b6|\u23ed)$/],
  ];
  const asks = (e) =>
    `${e.getAttribute("href") || ""} ${e.getAttribute("onclick") || ""} ` +
    `${e.getAttribute("onchange") || ""}`;
  const marked = (e, words) => new RegExp(`(?:^|[\\s_-])(?:${words})(?:$|[\\s_-])`, "i")
    .test([e.className, e.closest("li") ? e.closest("li").className : ""].join(" "));
  const dead = (e) =>
    e.disabled || e.hasAttribute("disabled") || e.getAttribute("aria-disabled") === "true" ||
    marked(e, "disabled|aspNetDisabled|inactive") ||
    (e.matches("a") && !e.hasAttribute("href") && !e.onclick);
  const current = (e) =>
    (e.getAttribute("aria-current") || "false") !== "false" ||
    marked(e, "active|current|selected|actual");
  const kindOf = (e) => {
    const argument = /Page\$(First|Prev|Next|Last|\d+)/.exec(asks(e));
    if (argument) {
      const page = Number(argument[1]);
      return page ? { kind: "number", page } : {
        kind: { First: "first", Prev: "previous", Next: "next", Last: "last" }[argument[1]],
      };
    }
    const name = fold(caption(e) || (e.querySelector("img") ? "?" : ""));
    if (/^(?:\.{2,3}|\u2026)$/.test(name)) return { kind: "more" };
    const bare = name.replace(/[\[\]().]/g, "").trim();
    const arrow = ARROWS.find(([, form]) => form.test(bare.replace(/\s/g, "")));
    if (arrow) return { kind: arrow[0] };
    const word = name.replace(/\b(?:ir a|a|la|el|pagina|pag|page)\b/g, "")
      .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
    if (/^\d{1,6}$/.test(word)) return { kind: "number", page: Number(word) };
    const found = KINDS.find(([, form]) => form.test(word));
    return found ? { kind: found[0] } : null;
  };
  // Whole or in parts: what it does ends with an answer of the portal.
  const posts = (e) =>
    /_?doPostBack/i.test(asks(e)) || e.matches("input[type=submit], input[type=image]") ||
    (e.matches("button") && e.type === "submit" && !!e.form) ||
    (e.matches("a[href]") && !/^(?:#|javascript:)/i.test(e.getAttribute("href")));
  const pagesOf = (select) => {
    const numbers = Array.from(select.options, (o) =>
      /^(?:pagina |pag )?(\d+)(?: ?(?:de|\/) ?\d+)?$/.exec(fold(o.text.replace(/\./g, ""))));
    return numbers.length > 0 && numbers.every((found, at) => found && Number(found[1]) === at + 1);
  };

  const controlsOf = (root) => Array.from(root.querySelectorAll(CONTROLS));
  const signOf = (e) => `${e.tagName} ${caption(e)} ${asks(e)} ${e.name || ""}`;

  // root: where `at`, the place of a control, is counted from; null where it is about other things
  const read = (element, root) => {
    const all = controlsOf(root), outside = root.nodeType === 9;
    const pager = { shown: null, pages: null, total: null, range: null, items: [], unknown: 0 };
    let numbers = [], said = "";
    const control = (e) => {
      const item = { at: all.indexOf(e), sign: signOf(e), posts: posts(e), outside };
      if (e.matches("select")) {
        if (!pagesOf(e)) {
          const sizes = /^(?:\d+|tod[oa]s)\b/;
          if (!Array.from(e.options).every((o) => sizes.test(fold(o.text)))) pager.unknown += 1;
          return;
        }
        numbers.push(e.selectedIndex + 1);
        pager.pages = e.options.length;
        if (!e.disabled) for (let option = 0; option < e.options.length; option += 1) {
          const number = { ...item, kind: "number", page: option + 1, option };
          if (option !== e.selectedIndex) pager.items.push(number);
        }
        return;
      }
      if (e.matches("textarea, input[type=text], input[type=number], input:not([type])")) {
        said += ` ${e.value} `;
        return;
      }
      const kind = kindOf(e);
      if (!kind) {
        if (!dead(e) && !/^(?:ir|go|ok)$/.test(fold(caption(e)))) pager.unknown += 1;
        return;
      }
      const off = dead(e), on = current(e);
      if (kind.kind === "number" && (off || on)) numbers.push(kind.page);
      else pager.items.push({ ...item, ...kind, off, ahead: numbers.length > 0 || /\d/.test(said) ||
        pager.items.some((one) => one.kind === "number") });
    };
    const walk = (node) => {
      if (node.nodeType === 3) {
        if (!seen(node.parentElement)) return;
        said += node.data;
        // words that listen to clicks
        const points = () => getComputedStyle(node.parentElement).cursor === "pointer";
        if (!blank(node.data) && points()) pager.unknown += 1;
      } else if (node.nodeType === 1 && !node.matches("script, style, template, option, caption")) {
        if (node.matches(CONTROLS)) { if (seen(node)) control(node); said += " "; return; }
        if (node.matches("img") && seen(node) && node.alt) said += ` ${node.alt} `;
        node.childNodes.forEach(walk);
        if (!/^inline/.test(getComputedStyle(node).display)) said += " ";
      }
    };
    walk(element);
    let words = fold(said).replace(/(\d)[.,](?=\d{3}\b)/g, "$1").replace(/[\u2013\u2014]/g, "-");
    const take = (form, use) => {
      words = words.replace(form, (...found) => {
        use(...found.slice(1, -2).map(Number));
        return " ";
      });
    };
    const setTotal = (total) => { pager.total = total; };
    const RANGE = "(\\d+) ?(?:-|al?|hasta|to) ?(\\d+)";
    take(new RegExp(`\\b${RANGE} (?:de(?: un total de)?|of) (\\d+)(?: ${RECORDS})?`),
      (from, to, of) => { pager.range = [from, to]; pager.total = of; });
    take(new RegExp(`\\b(\\d+) ${RECORDS}\\b(?! por)`), setTotal);
    take(new RegExp(`\\b(?:total de )?${RECORDS}(?: encontrad[oa]s)?:? (\\d+)\\b`), setTotal);
    take(/\b(\d+) ?(?:de|of|\/) ?(\d+)\b/, (shown, pages) => {
      numbers.push(shown);
      pager.pages = pages;
    });
    numbers = numbers.concat(Array.from(words.matchAll(/\b\d+\b/g), Number));
    const ways = new RegExp("\\b(?:primer[oa]?|anterior|ant|siguiente|sig|sgte|ultim[oa]|first|" +
      "prev(?:ious)?|next|last)\\b", "g");
    pager.idle = ways.test(words);  // the ways from an only page are no links
    const rest = words.replace(/\b\d+\b/g, " ").replace(ABOUT, " ").replace(ways, " ");
    const inert = !pager.items.length && !pager.unknown && numbers.every((n, at) => n === at + 1);
    if (/[\p{L}\p{N}]/u.test(rest) || (new Set(numbers).size > 1 && !inert)) return null;
    pager.shown = numbers.length ? numbers[0] : null;
    // without single arrows double ones are the way on, not to the end
    if (!pager.items.some((one) => one.kind === "next" || one.kind === "previous")) {
      const numbered = pager.items.some((one) => one.kind === "number");
      for (const one of numbered ? [] : pager.items) {
        one.kind = { first: "previous", last: "next" }[one.kind] || one.kind;
      }
    }
    return pager;
  };
  const isWayOn = (e) =>
    ((kind) => !!kind && /next|previous|first|last/.test(kind.kind))(kindOf(e));
  const turns = (e) => e.matches("select") ? pagesOf(e) : !!kindOf(e);
  return { CONTROLS, read, turns, isWayOn, controlsOf, signOf };
})()
