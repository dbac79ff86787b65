// What the renderer has drawn, as numbers: every text, picture and button with its box, what it may
// fill, and its colors. Boxes are [left, top, right, bottom] in pixels of the screen.
// eslint-disable-next-line no-unused-vars -- layout.py calls it
function measure() {
  const box = (rect) => [rect.left, rect.top, rect.right, rect.bottom];
  const found = [];

  function within(element) {
    const most = [0, 0, innerWidth, innerHeight];
    for (let up = element.parentElement; up && up.id !== "view"; up = up.parentElement) {
      if (getComputedStyle(up).overflow !== "hidden") continue;
      const [left, top, right, bottom] = box(up.getBoundingClientRect());
      most[0] = Math.max(most[0], left);
      most[1] = Math.max(most[1], top);
      most[2] = Math.min(most[2], right);
      most[3] = Math.min(most[3], bottom);
    }
    return most;
  }

  function ground(element) {
    for (let up = element; up; up = up.parentElement) {
      const color = getComputedStyle(up).backgroundColor;
      if (!/, 0\)$/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  }

  // a font's own box is often higher than the line that it stands in, and empty there
  function line(rect, height) {
    const [left, top, right, bottom] = box(rect);
    const empty = Math.max(0, (rect.height - height) / 2);
    return [left, top + empty, right, bottom - empty];
  }

  // a step that is shown later stands there already, unseen
  const unseen = (element) => element.closest('[style*="opacity: 0;"]') !== null;

  for (const text of document.querySelectorAll("#view p")) {
    if (!text.textContent.trim() || unseen(text)) continue;
    const style = getComputedStyle(text);
    const size = parseFloat(style.fontSize);
    const height = parseFloat(style.lineHeight) || Infinity;
    const lines = [];
    let [before, broken] = ["", false]; // each line is a node: whether one ends within a word
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const range = document.createRange();
      range.setStart(node, 0);
      range.setEnd(node, node.data.trimEnd().length); // a space at the end of a line may hang over
      lines.push(...[...range.getClientRects()].filter((rect) => rect.width > 0).map((rect) => line(rect, height)));
      if (/[^\s-]$/.test(before) && /^\S/.test(node.data)) broken = true;
      before = node.data || before;
    }
    const colors = { color: style.color, ground: ground(text) };
    found.push({ kind: "text", what: text.textContent, lines, broken, within: within(text), ...colors, size });
  }
  for (const picture of document.querySelectorAll("#view svg")) {
    if (unseen(picture)) continue;
    const sheet = box(picture.getBoundingClientRect());
    const most = within(picture).map((side, n) => (n < 2 ? Math.max(side, sheet[n]) : Math.min(side, sheet[n])));
    const inside = ([left, top, right, bottom]) => [
      Math.max(left, most[0]), Math.max(top, most[1]), Math.min(right, most[2]), Math.min(bottom, most[3]),
    ];
    const lines = [...picture.querySelectorAll("path")].map((path) => inside(box(path.getBoundingClientRect())));
    found.push({ kind: "picture", what: "picture", lines, within: most });
  }
  for (const button of document.querySelectorAll("#view .apl-c")) {
    const lines = [box(button.getBoundingClientRect())];
    found.push({ kind: "button", what: "button", lines, within: within(button) });
  }
  return found;
}
