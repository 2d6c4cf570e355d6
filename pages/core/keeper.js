// Keeps what a page is read with, and gives it when called. `make` makes that; `early` says that no
// script of the page has run yet.
//
// A page's libraries put functions of their own in the place of the language's: measured, with
// Prototype 1.6 `reduce` gives its array back and `Array.from` of a set is empty, and old pages call
// a list of theirs `Map`. Where anything is not the browser's own, it is made again in a realm that
// no script has touched, an empty frame's that is gone at once.
((make, early) => {
  // What the browser calls back has to be of the page's realm: it calls nothing of a frame that has
  // gone. And a page may put another clock in the place of the browser's.
  const clock = globalThis.setTimeout;
  const here = (call) => (...given) => call(...given);
  const later = (call, milliseconds) => clock.call(window, here(call), milliseconds);
  const said = Function.prototype.toString, kept = [];
  const keep = (holder, key, value) => { kept[kept.length] = [holder, key, value]; };
  let isSound = true;
  for (const name of ["Array", "Function", "JSON", "Map", "Number", "Object", "Promise", "RegExp",
    "Set", "String", "Symbol"]) {
    const native = globalThis[name];
    keep(globalThis, name, native);
    for (const holder of [native, native.prototype]) {
      if (!holder) continue;
      keep(holder, "toJSON", undefined);
      for (const key of Object.getOwnPropertyNames(holder)) {
        const { value } = Object.getOwnPropertyDescriptor(holder, key);
        if (typeof value !== "function" || key === "constructor") continue;
        keep(holder, key, value);
        if (!early && !/\[native code\]\s*}$/.test(said.call(value))) isSound = false;
      }
    }
  }
  const isUntouched = () => {
    for (let at = 0; at < kept.length; at += 1) {
      const [holder, key, value] = kept[at];
      if (holder[key] !== value) return false;
    }
    return true;
  };
  const apart = () => {
    const frame = document.createElement("iframe");
    frame.style.display = "none";
    document.documentElement.appendChild(frame);
    // what it has of these it has no more once it is gone
    const run = frame.contentWindow.eval(
      "(({ CSS, Event, Node, NodeFilter }) => (text) => eval(text))(globalThis)");
    frame.parentNode.removeChild(frame);
    // there, too, these are the page's
    const within = (script) => run(`((window) => {
      const { document, location, performance } = window;
      const getComputedStyle = (e) => window.getComputedStyle(e);
      return (${script});
    })`)(window);
    const made = within(make)(later, here);
    return { ...made, ask: (script, ...given) => made.ask(within(script), ...given) };
  };
  let tools = make(later, here), isApart = false;
  return () => {
    if (!isApart && !(isSound && isUntouched()) && document.documentElement) {
      isApart = true;
      // without a frame of its own, as a policy of the page may want it, it does what it can
      try { tools = apart(); } catch (forbidden) {}
    }
    return tools;
  };
})
