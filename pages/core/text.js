// A text as it is compared: `clean` and `folded` of pages/contract/text.py, in the page. What has no
// width is given, for a character class.
((invisible) => {
  const unseen = new RegExp(`[${invisible}]`, "g");
  const clean = (text) => (text || "").replace(unseen, "").replace(/\s+/g, " ").trim();
  const folded = (text) => clean(text).replace(/°/g, "º").normalize("NFKD").replace(/\p{Mn}/gu, "")
    .replace(/[ :*]+$/, "").toLowerCase();
  return { clean, folded };
})
