// Makes elements. Text only ever becomes text: nothing here, or anywhere on this page, parses markup.

/** An element with properties and children; a child is an element or a text. */
export function make(tag, { data = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, data);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON for reading: indented, with keys, texts and other values told apart. */
export function json(value) {
  const text = JSON.stringify(value, null, 2);
  const code = make("code");
  let end = 0;
  for (const found of text.matchAll(TOKEN)) {
    const kind = found[2] ? "key" : found[1] ? "text" : "value";
    code.append(text.slice(end, found.index), make("span", { className: kind, textContent: found[1] ?? found[0] }), found[2] ?? "");
    end = found.index + found[0].length;
  }
  code.append(text.slice(end));
  return make("pre", {}, code);
}
