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
  // how far down anything is that a person sees
  const end = (root) => {
    const shown = (e) => e.matches("img, input, select, textarea, button, hr") ||
      Array.from(e.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const all = Array.from(root.querySelectorAll("body *"))
      .filter((e) => shown(e) && e.checkVisibility({ visibilityProperty: true }));
    return Math.max(0, ...all.map((e) => around([e])[3] || 0));
  };
  return { around, end };
})()
