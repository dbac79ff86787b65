// Looks into one turn: how it was understood, what was sent, what came back, what is new since the turn before.

import { differences } from "./difference.js";
import { byId, copier, json, make } from "./dom.js";
import { dialogOf, utteranceOf } from "./keep.js";
import { find, findNext } from "./search.js";
import { sure, touched } from "./transcript.js";

const tabs = [...document.querySelectorAll("[role=tab]")];
const panel = (tab) => byId(tab.getAttribute("aria-controls"));
const text = (value) => JSON.stringify(value, null, 2);
const none = (textContent) => make("p", { className: "none", textContent });

let resend; // sends an edited envelope; rejects with an error whose message says why not

/** `how(envelope)` sends an edited request; it rejects with an Error that says why not. */
export const onResend = (how) => { resend = how; };

/** Whether somebody is editing a request, which nothing may take away. */
export const editing = () => Boolean(document.querySelector("#request textarea"));

/** Show a turn and how it differs from the one before it; null for none. `turns`: all up to this one. */
export function inspect(turn, turns = []) {
  const before = turns.slice(0, -1).reverse().find((earlier) => earlier.request);
  byId("inspector-name").textContent = turn ? `Turn ${turn.number}` : "Inspector";
  const nothing = [none("Say something, and see here how it was taken.")];
  byId("taken").replaceChildren(...(turn ? understood(turn, turns) : nothing));
  byId("request").replaceChildren(...request(turn?.request));
  byId("response").replaceChildren(...response(turn?.response));
  byId("changes").replaceChildren(...changes(turn, before));
  look();
}

function understood(turn, turns) {
  const facts = [];
  const fact = (name, ...value) =>
    facts.push(make("div", {}, make("dt", { textContent: name }), make("dd", {}, ...value)));
  if (turn.utterance) fact("Heard", make("q", { textContent: turn.utterance }));
  if (turn.request) fact("Request", make("code", { textContent: turn.request.request.type }));
  if (turn.intent) {
    fact("Intent", make("code", { textContent: turn.intent }));
    const score = Math.round(turn.score);
    fact("How sure", make("meter", { min: 0, max: 100, value: score, ariaLabel: "How sure" }), ` ${sure(turn)}`);
  }
  if (turn.kind === "touched") fact("Touched", make("code", { textContent: touched(turn) }));
  for (const slot of turn.slots) {
    const code = make("code", { textContent: slot.id ?? slot.heard });
    const type = make("small", { textContent: ` ${slot.type}` });
    fact(`Slot ${slot.name}`, ...(slot.id ? [`“${slot.heard}” is `, code] : [code]), type);
  }
  if (!turn.request) fact("Request", "none: Alexa speaks the reprompt by herself");
  fact("Session", turn.open ? "open" : turn.ended || "not open");
  if (turn.refused.length) fact("Refused", turn.refused.join("; "));
  const utterance = utteranceOf(turn);
  return [make("dl", {}, ...facts), make("div", { className: "copies" },
    copier("Copy as a dialog test", () => dialogOf(turns)),
    utterance ? copier("Copy as a test utterance", () => utterance) : null,
    turn.request ? copier("Copy for invoke-skill", () => text(turn.request)) : null)];
}

function request(envelope) {
  if (!envelope) return [none("Nothing was sent to the skill.")];
  const edit = make("button", { type: "button", className: "quiet", textContent: "Edit and resend" });
  const shown = [make("div", { className: "copies" }, copier("Copy", () => text(envelope)), edit), json(envelope)];
  edit.onclick = () => byId("request").replaceChildren(...editor(envelope, shown));
  return shown;
}

function editor(envelope, shown) {
  const area = make("textarea", { value: text(envelope), spellcheck: false, ariaLabel: "The request to send" });
  const wrong = make("p", { className: "wrong", hidden: true });
  wrong.setAttribute("role", "alert");
  const say = (message) => { wrong.hidden = !message; wrong.textContent = message ?? ""; };
  const send = make("button", { type: "button", className: "quiet strong", textContent: "Send it" });
  const cancel = make("button", { type: "button", className: "quiet", textContent: "Don’t" });
  cancel.onclick = () => byId("request").replaceChildren(...shown);
  send.onclick = async () => {
    let edited;
    try {
      edited = JSON.parse(area.value);
    } catch (error) {
      return say(`This is not JSON: ${error.message}`);
    }
    send.disabled = true;
    const failed = await resend(edited).then(() => null, (error) => error.message);
    send.disabled = false;
    say(failed);
  };
  queueMicrotask(() => area.focus());
  return [make("div", { className: "copies" }, send, cancel), wrong, area];
}

function response(envelope) {
  if (!envelope) return [none("Nothing came back from the skill.")];
  return [make("div", { className: "copies" }, copier("Copy", () => text(envelope))), json(envelope)];
}

function changes(turn, before) {
  if (!turn?.request) return [none("Nothing was sent, so nothing has changed.")];
  if (!before) return [none("There is no turn before this one to compare it with.")];
  const both = ({ request: sent, response: answer }) => ({ request: sent, response: answer });
  const rows = differences(both(before), both(turn));
  return [none(`Since turn ${before.number}:`), make("ul", { className: "changes" }, ...rows.map(({ path, was, is }) =>
    make("li", {}, make("code", { className: "path", textContent: path }),
      was === undefined ? null : make("del", { textContent: was }),
      is === undefined ? null : make("ins", { textContent: is }))))];
}

export function select(tab) {
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

const wanted = byId("find");

function look() {
  const count = find(wanted.value, tabs.map(panel));
  byId("found").textContent = wanted.value ? `${count} found` : "";
}

wanted.addEventListener("input", look);
wanted.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  findNext((inside) => select(tabs.find((tab) => panel(tab) === inside)));
});
