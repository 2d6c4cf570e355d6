// A list of what the script makes of what the way leads to, as JSON; an empty one where it is in
// doubt. What is `given` is JSON, too: a page that has a `Map` of its own lets nothing else through,
// either way. `tools`, `DOUBT` and `pause` are constants around this (see scripts.py).
async (script, roots, given) => {
  const [way, argument, patience] = JSON.parse(given);
  const until = performance.now() + patience;
  for (;;) {
    const from = roots === document ? [document.documentElement].filter(Boolean) : Array.from(roots);
    let told;
    try {
      told = await script(tools, tools.along(from, way), argument);
    } catch (error) {
      if (error === DOUBT) return "[]";
      throw error;
    }
    if ((told !== null && told !== undefined) || performance.now() >= until) {
      return JSON.stringify([told], (key, value) => (value === undefined ? null : value));
    }
    await pause(20);
  }
}
