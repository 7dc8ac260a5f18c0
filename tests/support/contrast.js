// All text that can be read, with its contrast to what is behind it by WCAG 2.2: { checked, low: [...] }.
(() => {
  const parse = (color) => {
    const parts = color.match(/[\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts[3] ?? 1 };
  };
  const over = (top, bottom) => top.rgb.map((value, i) => value * top.alpha + bottom[i] * (1 - top.alpha));
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  // of a page the canvas is what the theme makes it
  const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), canvas);
  };
  // of a text in a drawing it is the filled shape that lies under it
  const drawn = (text, range) => {
    text.scrollIntoView({ block: "center" });
    const box = range.getBoundingClientRect();
    const under = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const filled = (shape) => shape instanceof SVGRectElement && getComputedStyle(shape).fill.startsWith("rgb");
    const shape = under.find(filled);
    const below = ground(text.closest("div, figure, section"));
    return shape ? over(parse(getComputedStyle(shape).fill), below) : below;
  };
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const low = [];
  let checked = 0;
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    const element = node.parentElement;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (!node.data.trim() || !box.width || !element.checkVisibility() || element.closest("title, desc")) continue;
    const style = getComputedStyle(element);
    const inDrawing = element instanceof SVGElement;
    const behind = inDrawing ? drawn(element, range) : ground(element);
    const color = over(parse(inDrawing ? style.fill : style.color), behind);
    const ratio = contrast(color, behind);
    checked += 1;
    if (ratio < 4.5) low.push(`${ratio.toFixed(2)}: ${node.data.trim().slice(0, 60)} (${element.tagName} ${element.getAttribute("class")})`);
  }
  return { checked, low };
})()
