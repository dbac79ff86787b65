// Makes elements. Text only ever becomes text: nothing here, or anywhere on this page, parses markup.

/** An element with properties and children; a child is an element or a text, null is none. */
export function make(tag, { data = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, data);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** A button that copies what `text()` gives, and says so. */
export function copier(label, text) {
  const button = make("button", { type: "button", className: "quiet", textContent: label });
  button.onclick = async () => {
    const copied = await navigator.clipboard.writeText(text()).then(() => true, () => false);
    button.textContent = copied ? "Copied" : "The browser would not copy";
    setTimeout(() => { button.textContent = label; }, 2000);
  };
  return button;
}

const SVG = "http://www.w3.org/2000/svg";

/** An Alexa Vector Graphic of plain paths, as a picture of this page. */
export function picture({ width, height, items }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${Number(width)} ${Number(height)}`);
  svg.setAttribute("aria-hidden", "true");
  for (const { pathData, fill = "none", stroke = "none", strokeWidth = 0 } of items) {
    const path = document.createElementNS(SVG, "path");
    const look = { d: pathData, fill, stroke, "stroke-width": strokeWidth };
    Object.assign(look, { "stroke-linecap": "round", "stroke-linejoin": "round" });
    for (const [name, value] of Object.entries(look)) path.setAttribute(name, String(value));
    svg.append(path);
  }
  return svg;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON for reading: indented, with keys, texts and other values told apart. */
export function json(value) {
  const text = JSON.stringify(value, null, 2);
  const code = make("code");
  let end = 0;
  for (const found of text.matchAll(TOKEN)) {
    const kind = found[2] ? "key" : found[1] ? "text" : "value";
    const token = make("span", { className: kind, textContent: found[1] ?? found[0] });
    code.append(text.slice(end, found.index), token, found[2] ?? "");
    end = found.index + found[0].length;
  }
  code.append(text.slice(end));
  return make("pre", {}, code);
}
