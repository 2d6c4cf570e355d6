// Where elements stand in their document, in pixels from its corner: left, top, right, bottom.
(() => {
  const around = (elements) => {
    const { left, top } = elements[0].ownerDocument.documentElement.getBoundingClientRect();
    const all = elements.map((e) => e.getBoundingClientRect()).filter((b) => b.width && b.height);
    if (!all.length) return [];
    return [
      Math.min(...all.map((b) => b.left)) - left, Math.min(...all.map((b) => b.top)) - top,
      Math.max(...all.map((b) => b.right)) - left, Math.max(...all.map((b) => b.bottom)) - top,
    ];
  };
  return { around };
})()
