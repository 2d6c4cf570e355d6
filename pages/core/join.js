// Pictures one below the other, as one, each without what is blank at its end. They come as PNG in
// base64, a line each, and so does the answer. Nothing of the page is touched.
async (lines) => {
  const MARGIN = 12;
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const paper = (width, height) => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    return canvas.getContext("2d");
  };
  const end = (drawn) => {
    const { width, height } = drawn;
    const looked = paper(width, height);
    looked.drawImage(drawn, 0, 0);
    const dots = new Uint32Array(looked.getImageData(0, 0, width, height).data.buffer);
    const blank = dots[dots.length - 1];
    let last = dots.length - 1;
    while (last > 0 && dots[last] === blank) last -= 1;
    return Math.min(height, Math.ceil((last + 1) / width) + MARGIN);
  };

  const all = await Promise.all(lines.split("\n").map(async (text) => {
    const drawn = await createImageBitmap(new Blob([bytes(text)], { type: "image/png" }));
    return { drawn, height: end(drawn) };
  }));
  const widest = Math.max(...all.map(({ drawn }) => drawn.width));
  const sheet = paper(widest, all.reduce((sum, { height }) => sum + height, 0));
  let top = 0;
  for (const { drawn, height } of all) {
    sheet.drawImage(drawn, 0, 0, drawn.width, height, 0, top, drawn.width, height);
    top += height;
  }
  return sheet.canvas.toDataURL("image/png").split(",")[1];
}
