// A list of what the script makes of what the way leads to; empty where it is in doubt. `tools`,
// `DOUBT` and `pause` are constants around this (see scripts.py).
async (script, roots, way, argument, patience) => {
  const until = performance.now() + patience;
  for (;;) {
    const from = roots !== document ? roots : [document.documentElement].filter(Boolean);
    let told;
    try {
      told = await script(tools, tools.along(from, way), argument);
    } catch (error) {
      if (error === DOUBT) return [];
      throw error;
    }
    if ((told !== null && told !== undefined) || performance.now() >= until) return [told];
    await pause(20);
  }
}
