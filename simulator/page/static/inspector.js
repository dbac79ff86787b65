// Looks into one turn: how it was understood, what was sent, what came back.

import { byId, json, make } from "./dom.js";
import { sure, touched } from "./transcript.js";

const tabs = [...document.querySelectorAll("[role=tab]")];
const panel = (tab) => byId(tab.getAttribute("aria-controls"));

export function inspect(turn) {
  byId("inspector-name").textContent = turn ? `Turn ${turn.number}` : "Inspector";
  byId("taken").replaceChildren(turn ? understood(turn) : make("p", { className: "none", textContent: "Say something, and see here how it was taken." }));
  byId("request").replaceChildren(envelope(turn?.request, "Nothing was sent to the skill."));
  byId("response").replaceChildren(envelope(turn?.response, "Nothing came back from the skill."));
}

function envelope(value, otherwise) {
  if (!value) return make("p", { className: "none", textContent: otherwise });
  const copy = make("button", { type: "button", className: "quiet copy", textContent: "Copy" });
  copy.onclick = async () => {
    await navigator.clipboard.writeText(JSON.stringify(value, null, 2));
    copy.textContent = "Copied";
  };
  return make("div", { className: "envelope" }, copy, json(value));
}

function understood(turn) {
  const facts = [];
  const fact = (name, ...value) => facts.push(make("div", {}, make("dt", { textContent: name }), make("dd", {}, ...value)));
  if (turn.utterance) fact("Heard", make("q", { textContent: turn.utterance }));
  if (turn.request) fact("Request", make("code", { textContent: turn.request.request.type }));
  if (turn.intent) {
    fact("Intent", make("code", { textContent: turn.intent }));
    const score = Math.round(turn.score);
    fact("How sure", make("meter", { min: 0, max: 100, value: score, ariaLabel: "How sure" }), ` ${sure(turn)}`);
  }
  if (turn.kind === "touched") fact("Touched", make("code", { textContent: touched(turn) }));
  for (const slot of turn.slots) {
    const value = slot.id ? ["“" + slot.heard + "” is ", make("code", { textContent: slot.id })] : [make("code", { textContent: slot.heard })];
    fact(`Slot ${slot.name}`, ...value, make("small", { textContent: ` ${slot.type}` }));
  }
  if (!turn.request) fact("Request", "none: Alexa speaks the reprompt by herself");
  fact("Session", turn.open ? "open" : turn.ended || "not open");
  if (turn.refused.length) fact("Refused", turn.refused.join("; "));
  return make("dl", {}, ...facts);
}

function select(tab) {
  for (const other of tabs) {
    other.setAttribute("aria-selected", other === tab);
    other.tabIndex = other === tab ? 0 : -1;
    panel(other).hidden = other !== tab;
  }
}

for (const [place, tab] of tabs.entries()) {
  tab.onclick = () => select(tab);
  tab.onkeydown = ({ key }) => {
    const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: tabs.length - 1 }[key];
    if (to === undefined) return;
    const next = tabs[(to + tabs.length) % tabs.length];
    select(next);
    next.focus();
  };
}
