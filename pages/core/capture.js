// A document as it is, as HTML that runs nothing and holds nobody's data. What is kept is what the
// portal itself says: texts that are known, labels, and texts all of whose words are a form's;
// anything else becomes a text of the same shape, and the same one whatever stood there. The live
// document stays as it is.
({ labelled, plain: { clean, folded } }, [part], { known, words, frames, mark }) => {
  const doc = part.ownerDocument, root = doc.documentElement;
  const PART = "\u001f";
  const DROPPED = "script, noscript, template, link, meta, base, object, embed, canvas, video, audio";
  const VOID = /^(area|br|col|frame|hr|img|input|wbr)$/;
  const BUTTONS = "input[type=submit], input[type=button], input[type=reset]";
  // what a page is laid out and found by; of anything else nothing is known
  const KEPT = new Set(["class", "id", "for", "name", "type", "role", "colspan", "rowspan", "scope",
    "headers", "arname", "disabled", "readonly", "required", "multiple", "hidden", "cols",
    "rows", "size", "maxlength", "width", "height", "align", "valign", "border", "cellpadding", "cellspacing",
    "tabindex", "contenteditable", "data-controlname", "dir", "lang"]);
  const SAID = new Set(["title", "alt", "summary", "placeholder", "aria-label", "label"]);
  const ARIA = /^aria-(labelledby|describedby|controls|owns|selected|expanded|required|busy|hidden|current|modal|sort|invalid|checked|disabled|level)$/;

  const bare = (text) => folded(text).replace(/^[ :*]+/, "");
  const knownTexts = new Set(known), knownWords = new Set(words);
  const beginnings = new Set(
    words.flatMap((word) => Array.from(word, (_, at) => word.slice(0, at + 1))));
  const isKnown = (text) => knownTexts.has(bare(text));
  const isWord = (word, isCut) =>
    knownWords.has(word) || knownWords.has(word.replace(/s$/, "")) ||
    knownWords.has(word.replace(/es$/, "")) || (isCut && beginnings.has(word));
  // whether it holds a number or an address, which may be anybody's
  const isData = (text) => /\d{4}|\d[.,:\/-]\d|@/.test(text) || text.length > 120;
  // whether all of its words are such as forms have
  const isCommon = (text) => {
    const found = Array.from(folded(text).matchAll(/(\p{L}+)(\.?)/gu));
    return found.some(([, word]) => word.length > 2) &&
      found.every(([, word, cut]) => isWord(word, !!cut));
  };

  // a text of the same shape
  const number = (digits) =>
    digits.length === 9 ? "900000000" : digits.length === 11 ? "20000000001"
      : digits.length < 2 ? "1" : "1" + "0".repeat(digits.length - 1);
  // words of what is not kept, which the markup may repeat
  const gone = new Set();
  const isTainted = (markup) => {
    const written = folded(markup);
    return Array.from(gone).some((word) => written.includes(word));
  };
  const shaped = (text) => {
    const said = clean(text);
    for (const [word] of folded(text).matchAll(/\p{L}{4,}|\d{5,}/gu)) if (!isWord(word)) gone.add(word);
    const when = said.match(/^\d{1,2}\/\d{1,2}\/\d{4}( \d{1,2}:\d{2}(:\d{2})?)?$/);
    if (!said) return "";
    if (when) return "01/01/2020" + (when[1] ? (when[2] ? " 10:00:00" : " 10:00") : "");
    if (/^\d{1,2}\/\d{4}$/.test(said)) return "01/2020";
    const amount = said.match(/^(S\/\.? ?|US\$ ?)?\d[\d,. ]*[.,]\d{2}$/);
    if (amount) return (amount[1] || "") + "100.00";
    if (/^\d+([\s,;\/-]+\d+)*$/.test(said)) return text.trim().replace(/\d+/g, number);
    if (said.includes("@")) return "persona@ejemplo.pe";
    if (/^[\p{L}\d]+([-_.\/][\p{L}\d]+)*$/u.test(said) && /\d/.test(said)) {
      return said.replace(/\p{L}/gu, "A").replace(/\d/g, "0");
    }
    return "Texto de ejemplo";
  };

  // labels, and the values beside them
  const NEVER = "script, style, option, textarea, select";
  const isTold = (e) => {
    const text = clean(e.innerText);
    return text && text.length <= 60 && !isData(text) && !e.matches(NEVER) &&
      (!e.children.length || e.matches("label, td, th, dt"));
  };
  const leaves = Array.from(root.querySelectorAll("*")).filter((e) => e.innerText && isTold(e));
  const texts = [...new Set(leaves.map((e) => clean(e.innerText)))];
  const beside = labelled.each(root, texts.map((text) => [text, "", "0"].join(PART)));
  const labels = new Set(texts.filter((text, at) => beside[at].length === 1));
  const labelling = leaves.filter((e) => labels.has(clean(e.innerText)));
  // what holds other labels is no value, but a part of the page
  const values = new Set(beside.flatMap((found) => (found.length === 1 ? found : []))
    .filter((e) => !labelling.some((other) => other !== e && e.contains(other))));
  const valueTexts = new Set([...values].map((e) => bare("value" in e ? e.value : e.innerText)));
  const isValue = (e) => {
    for (let one = e; one; one = one.parentElement) if (values.has(one)) return true;
    return false;
  };
  const inRecord = (e) => {
    const cell = e.closest("td, [role=cell], [role=gridcell]");
    return cell && !cell.querySelector("input, select, textarea, table");
  };
  // whether it stands where only the portal speaks
  const isLabel = (e, text) => {
    if (isData(text) || text.length > 60 || valueTexts.has(bare(text))) return false;
    const label = e.closest("label");
    if (label) return !label.control || !/checkbox|radio/.test(label.control.type);
    const head = e.closest("th");
    if (head) return head.parentElement.rowIndex < 2 && head.scope !== "row";
    if (e.closest("button, [role=tab], " + BUTTONS)) return !inRecord(e) && text.length <= 40;
    if (e.closest("dt")) return true;
    return labels.has(clean(text)) && /:\s*$/.test(text) && !isValue(e);
  };
  const isKept = (text, e) => {
    if (!clean(text) || isKnown(text)) return true;
    if (isData(text)) return false;
    // a row of tabs may be laid out as labels and values are
    if (isValue(e)) return !!e.closest("a, button, [onclick]") && isCommon(text);
    if (isLabel(e, text)) return true;
    return isCommon(text) && (!inRecord(e) || labels.has(clean(text)) || e.matches("a, button"));
  };
  const said = (text, e) => (isKept(text, e) ? text : shaped(text));
  const typed = (text) => (isKnown(text) ? text : shaped(text));

  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
  const token = (text) => text.replace(/\d{5,}/g, (digits) => "0".repeat(digits.length));
  const styled = (text) => text.replace(/url\([^)]*\)|@import[^;]*;?/gi, "none");

  const attributesOf = (e) => {
    const found = [];
    const add = (name, value, isOurs) => {
      if (isOurs || !isTainted(value)) found.push(` ${name}="${escaped(value)}"`);
    };
    for (const { name, value } of Array.from(e.attributes)) {
      if (name === "arid") add(name, value, true);  // the product's own number for the field
      else if (KEPT.has(name) || ARIA.test(name)) add(name, token(value));
      else if (SAID.has(name)) add(name, said(value, e), true);
      else if (name === "style") add(name, styled(value));
      else if (name === "href") add(name, "#");
      else if (name === "onclick") add(name, "");
    }
    if (e.matches(":hover")) add("data-sobre", "");  // a menu that is open for it
    if (e === part && mark) add("data-captura", mark);
    if (e.matches("input")) {
      if (e.matches("[type=checkbox], [type=radio]")) {
        if (e.checked) add("checked", "");
      } else if (e.matches(BUTTONS)) add("value", said(e.value, e), true);
      else if (!/^(hidden|password|file|image)$/.test(e.type)) add("value", typed(e.value), true);
    }
    if (e.matches("option") && e.selected) add("selected", "");
    if (e.matches("frame, iframe")) {
      const at = Array.from(doc.querySelectorAll("iframe, frame")).indexOf(e);
      if (at in frames) add("src", frames[at]);
    }
    return found.join("");
  };
  // what is read as one text, however it is set: all of it is kept, or none
  const INLINE = ":is(abbr, acronym, b, bdo, big, br, em, font, i, nobr, small, span, strong, sub, " +
    "sup, tt, u, wbr):not([onclick], [role])";
  const isOneText = (e) => !e.matches("head, title, select") && clean(e.textContent) &&
    Array.from(e.querySelectorAll("*")).every((part) => part.matches(INLINE));
  const asOne = (e) => {
    if (isKept(e.textContent, e)) return { kept: true };
    const parts = doc.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    let apart = true;
    while (parts.nextNode()) apart &&= isKept(parts.currentNode.data, parts.currentNode.parentElement);
    return apart ? null : { left: shaped(e.textContent) };
  };
  const write = (node, one) => {
    if (node.nodeType === 3) {
      if (!one) return escaped(said(node.data, node.parentElement));
      if (one.kept) return escaped(node.data);
      const text = clean(node.data) ? one.left : "";
      if (text) one.left = "";
      return escaped(text);
    }
    if (node.nodeType !== 1 || node.matches(DROPPED)) return "";
    const name = node.localName;
    if (name === "style" || name === "svg") return "";
    if (name === "head") return head();
    const open = `<${name}${attributesOf(node)}>`;
    if (VOID.test(name)) return open;
    if (name === "iframe") return `${open}</iframe>`;
    // a text area's first line break is not its own
    if (name === "textarea") return `${open}\n${escaped(typed(node.value))}</textarea>`;
    const of = one || (isOneText(node) ? asOne(node) : null);
    return `${open}${Array.from(node.childNodes, (part) => write(part, of)).join("")}</${name}>`;
  };
  function head() {
    const rules = Array.from(doc.styleSheets).flatMap((sheet) => {
      try { return Array.from(sheet.cssRules, (rule) => rule.cssText); } catch (another) { return []; }
    });
    const css = styled(rules.filter((rule) => !isTainted(rule)).join("\n").replace(/@font-face\s*{[^}]*}/g, "")).replace(/<\//g, "")
      .replace(/:hover/g, "[data-sobre]");
    const title = escaped(said(doc.title, doc.documentElement));
    return `<head><meta charset="utf-8"><title>${title}</title><style>${css}</style></head>`;
  }
  const kind = doc.compatMode === "CSS1Compat" ? "<!DOCTYPE html>\n" : "";
  write(root);
  return kind + write(root);
}
