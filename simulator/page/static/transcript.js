// The conversation, to read: what was said by whom, how it was taken, and where Alexa is just now.

import { byId, make } from "./dom.js";

// Alexa's own words where a skill's response can't be used
const PROBLEM = "There was a problem with the requested skill's response.";

const ENDINGS = {
  EXCEEDED_MAX_REPROMPTS: "Nobody spoke, so Alexa closed the session.",
  USER_INITIATED: "The session was left.",
  SKILL_CLOSED: "The skill closed the session.",
  ERROR: "Alexa closed the session because of the error.",
};

const list = byId("transcript");
let passages = []; // the elements of the turn that is being said

/** Show a turn; `onInspect()` is called when someone wants to look into it, `onBack()` to go on from there. */
export function add(turn, onInspect, onBack) {
  const said = turn.speech.map(({ text, pause }) =>
    make("span", { className: "passage" }, `${text} `, pause ? pauseOf(pause) : null, " "));
  const item = make("li", { data: { kind: turn.kind } },
    make("div", { className: "you" }, who("You"), yours(turn),
      make("div", { className: "about" }, back(turn, onBack), taken(turn, onInspect))),
    said.length ? make("p", { className: "alexa" }, who("Alexa"), ...said) : null,
    turn.refused.length ? problem(turn) : null,
    turn.ended || !turn.open ? make("p", { className: "ending", textContent: endingOf(turn) }) : null);
  list.append(item);
  byId("welcome").hidden = true;
  follow();
  passages = said;
}

const who = (textContent) => make("span", { className: "who", textContent });

const endingOf = ({ ended }) => (ended ? ENDINGS[ended] : "No session is open.");

/** Which passage of the last turn is being said; null when all have been. */
export function saying(index) {
  for (const [place, passage] of passages.entries()) {
    passage.classList.toggle("now", place === index);
    passage.classList.toggle("later", index !== null && place > index);
  }
}

export function inspected(number) {
  for (const button of list.querySelectorAll(".taken")) {
    button.setAttribute("aria-current", button.dataset.turn === String(number));
  }
}

export function clear() {
  list.replaceChildren();
  passages = [];
  byId("welcome").hidden = false;
}

export const follow = () => byId("scroll").scrollTo({ top: byId("scroll").scrollHeight });

export function touched(turn) {
  const sent = turn.request?.request.arguments ?? [];
  return sent.map((argument) => (typeof argument === "string" ? argument : JSON.stringify(argument))).join(" ");
}

function yours(turn) {
  if (turn.kind === "said") return make("q", { textContent: turn.utterance });
  const did = { silent: "said nothing", resent: "resent a request", touched: `touched the screen: ${touched(turn)}` };
  return make("em", { textContent: did[turn.kind] });
}

function back(turn, onBack) {
  const ariaLabel = `Go back here, to turn ${turn.number}`;
  return make("button", { type: "button", className: "back", textContent: "Go back here", ariaLabel, onclick: onBack });
}

function taken(turn, onInspect) {
  const request = turn.request?.request.type ?? "the reprompt, no request";
  const filled = turn.slots.map((slot) => `${slot.name} ${slot.id ?? slot.heard}`);
  const name = turn.intent ?? request.replace("Alexa.Presentation.APL.", "");
  const button = make("button", { type: "button", className: "taken", data: { turn: turn.number }, onclick: onInspect },
    make("span", { className: "unseen", textContent: `Inspect turn ${turn.number}: ` }),
    [name, ...filled].join(" · "));
  if (turn.intent) button.append(make("span", { className: "sure", data: { how: turn.how }, textContent: sure(turn) }));
  return button;
}

/** How sure the match was, in a word or a number. */
export const sure = ({ how, score }) =>
  (how === "exact" ? "exact" : how === "none" ? "no match" : `${Math.round(score)} %`);

function pauseOf(seconds) {
  const unseen = make("span", { className: "unseen", textContent: " pause" });
  return make("span", { className: "pause" }, `${seconds} s`, unseen);
}

function problem(turn) {
  return make("div", { className: "problem" },
    make("p", { textContent: PROBLEM }),
    make("ul", {}, ...turn.refused.map((reason) => make("li", { textContent: reason }))));
}
