// Finds text in panels and marks it there, across the elements that it is made of, without touching them.

const NAME = "found";
let ranges = []; // [range, panel]
let at = -1;

/** Mark every place of `text` in `panels`; returns how many there are. */
export function find(text, panels) {
  at = -1;
  ranges = text ? panels.flatMap((panel) => places(panel, text).map((range) => [range, panel])) : [];
  globalThis.CSS?.highlights?.set(NAME, new Highlight(...ranges.map(([range]) => range)));
  return ranges.length;
}

/** Go to the next place; `show(panel)` brings its panel to the front. */
export function findNext(show) {
  if (!ranges.length) return;
  at = (at + 1) % ranges.length;
  const [range, panel] = ranges[at];
  show(panel);
  const { top, height } = range.getBoundingClientRect();
  panel.scrollTop += top - panel.getBoundingClientRect().top - (panel.clientHeight - height) / 2;
  globalThis.CSS?.highlights?.set(`${NAME}-now`, new Highlight(range));
}

function places(panel, text) {
  const nodes = [];
  let all = "";
  const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    nodes.push([all.length, walker.currentNode]);
    all += walker.currentNode.data;
  }
  const inNode = (offset, before) => {
    const [start, node] = nodes.findLast(([from]) => (before ? from < offset : from <= offset));
    return [node, offset - start];
  };
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return [...all.matchAll(new RegExp(escaped, "gi"))].map(({ index }) => {
    const range = new Range();
    range.setStart(...inNode(index, false));
    range.setEnd(...inNode(index + text.length, true));
    return range;
  });
}
