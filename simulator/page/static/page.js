// Puts the page together: what a person does goes to the engine, what comes back is shown and said.

import { addressOf, AddressError, stateAt } from "./address.js";
import { DevicePreview } from "./device.js";
import { byId, copier, make } from "./dom.js";
import * as engine from "./engine.js";
import { editing, inspect, onResend } from "./inspector.js";
import { Pacer, WINDOW } from "./pacer.js";
import * as transcript from "./transcript.js";
import { canListen, Ear } from "./voice.js";

const PHASES = {
  idle: ["Asleep", "No session is open: open the skill, or ask it something."],
  speaking: ["Speaking", "Say something at any time to interrupt."],
  holding: ["Holding", "A pause in what Alexa says."],
  listening: ["Listening", "Then the reprompt, if nobody speaks."],
  "listening again": ["Listening once more", "Then Alexa closes the session."],
  hearing: ["Listening to you", "The microphone is open: say it."],
  thinking: ["Thinking", ""],
  lost: ["No answer", "The simulator is not running."],
};
// where time is left out nothing comes by itself
const UNTIMED = {
  listening: "No time passes: speak, or press Stay silent for the reprompt.",
  "listening again": "No time passes: speak, or press Stay silent and Alexa closes the session.",
};
const KEPT = ["time", "voice"]; // choices that this browser remembers
const ROOMY = matchMedia("(min-width: 62.01rem)"); // the whole page is seen at once

const words = byId("words");
let conversation; // what this tab talks to: {id, locale, device}
let turns = []; // its turns so far
let queue = Promise.resolve(); // one question at a time
let coming = 0; // states in the queue that somebody wants to see
let reprompted = false;
let open = false; // whether a session is
let handsFree = false; // whether the microphone opens with the window

const pacer = new Pacer({
  onPhase: showPhase,
  onPassage: transcript.saying,
  onSilence: () => act({ silent: true }),
  held: () => words.value.trim() !== "" || ear.hearing || editing(),
});
const ear = new Ear({
  onWords: heard,
  onTrouble: (message) => { talkNoMore(); warn(message); },
  onTick: (left, whole) => showPhase("hearing", left, whole),
  onTimeUp: () => { // nobody spoke
    talkNoMore();
    pacer.listen(open);
  },
});
const preview = new DevicePreview(byId("room"), (touch) => act({ touch }));

function showPhase(phase, left, whole) {
  const name = phase === "listening" && reprompted ? "listening again" : phase;
  const clock = byId("clock");
  if (clock.dataset.phase !== name || clock.dataset.real !== String(pacer.real)) {
    const [label, hint] = PHASES[name];
    Object.assign(clock.dataset, { phase: name, real: pacer.real });
    document.body.dataset.phase = phase;
    byId("phase").textContent = label;
    byId("hint").textContent = (!pacer.real && UNTIMED[name]) || hint;
    byId("silent").disabled = !open || phase === "thinking";
    attend(phase);
  }
  const share = whole ? Math.max(left, 0) / whole : phase === "idle" ? 0 : 1;
  byId("ring").style.strokeDashoffset = String(100 * (1 - share));
  byId("room").style.setProperty("--left", share.toFixed(3));
  byId("seconds").textContent = whole ? String(Math.ceil(left)) : "";
}

/** One turn, after those that were asked for before. */
function act(what) {
  pacer.hush();
  queue = queue.then(async () => {
    showPhase("thinking");
    try {
      play(await send(what));
    } catch (error) {
      complain(error);
      if (what.say && !words.value) words.value = what.say;
    }
  });
  return queue;
}

/** Ask something about the conversation; a simulator that was restarted is first told what came before. */
async function asked(question) {
  try {
    return await question(conversation.id);
  } catch (error) {
    if (error.status !== 404) throw error;
    await goTo({ ...choice(), acts: acts() });
    return question(conversation.id);
  }
}

const send = (what) => asked((id) => engine.turn(id, what));

function play(turn) {
  show(turn);
  keepAddress();
  if (!editing()) look(turn);
  pacer.play(turn, conversation.locale);
}

function show(turn) {
  open = turn.open;
  reprompted = turn.kind === "silent" && open;
  turns.push(turn);
  transcript.add(turn, () => look(turn), () => goBack(turn));
  preview.show(turn.screen);
  byId("replay").hidden = byId("link").hidden = false;
}

function look(turn) {
  inspect(turn, turns.slice(0, turns.indexOf(turn) + 1));
  transcript.inspected(turn.number);
}

function warn(message) {
  byId("alarm-text").textContent = message;
  byId("alarm").hidden = false;
}

const forgive = () => { byId("alarm").hidden = true; };

function complain(error) {
  if (!(error instanceof engine.EngineError || error instanceof AddressError)) throw error;
  warn(error.message);
  if (error.status === 0) showPhase("lost");
  else pacer.listen(open);
}

/** Take up a conversation, new or found again. */
function begin(found) {
  pacer.hush();
  conversation = found;
  sessionStorage.setItem("conversation", found.id);
  setChoice();
  byId("transcript").lang = found.locale;
  byId("jump").hidden = languageOf(found.locale) !== languageOf(about.usual.locale); // all of one
  const examples = about.examples[found.locale] ?? [];
  byId("examples").lang = found.locale;
  byId("examples").replaceChildren(...examples.map((line) => make("li", {}, example(line))));
  byId("replay").href = engine.replayAddress(found.id);
  byId("replay").hidden = byId("link").hidden = true;
  transcript.clear();
  turns = [];
  inspect(null);
  open = reprompted = false;
  preview.become(deviceCalled(found.device), about.renderer);
  for (const turn of found.turns) show(turn);
  if (turns.length) look(turns.at(-1));
  open = found.listening;
}

const languageOf = (locale) => locale.split("-")[0];
const deviceCalled = (name) => about.devices.find((device) => device.name === name);
const choice = () => ({ locale: byId("locale").value, device: byId("device").value });
const acts = () => turns.map((turn) => turn.act);
const here = () => addressOf({ ...conversation, acts: acts() });

function keepAddress() {
  history.replaceState(null, "", here() || location.pathname);
}

/** Come to a state by doing again what led to it; what is taken for something else now is said. */
async function goTo(state) {
  const before = turns;
  try {
    begin(await engine.startOver(conversation.id, state));
  } catch (error) {
    if (error.status !== 404) throw error;
    begin(await engine.start(state));
    warn("The simulator was restarted, so the conversation was played again.");
  }
  const same = (one, another) => JSON.stringify(one.act) === JSON.stringify(another.act);
  const other = turns.findIndex((turn, n) => before[n] && same(turn, before[n]) && turn.intent !== before[n].intent);
  if (other < 0) return;
  const [now, then] = [turns[other].intent, before[other].intent];
  warn(`Turn ${other + 1} is taken for ${now} now, and was for ${then}: the model has changed.`);
}

/** Go to a state because somebody wants to see it; `spoken`: Alexa says its last turn. */
function visit(state, { spoken, remembered }) {
  forgive();
  const wanted = { ...choice(), ...state }; // as it is now: whoever waits in the queue before may choose otherwise
  coming += 1;
  queue = queue.then(async () => {
    coming -= 1;
    try {
      await goTo(wanted);
      if (remembered) history.pushState(null, "", here() || location.pathname);
      else keepAddress();
      if (spoken && turns.length) pacer.play(turns.at(-1), conversation.locale);
      else pacer.listen(open);
    } catch (error) {
      complain(error);
      setChoice();
      keepAddress();
    }
    ready();
  });
  return queue;
}

const goBack = (turn) => visit({ acts: acts().slice(0, turns.indexOf(turn) + 1) }, { remembered: true });
const restart = () => visit({ acts: [] }, { remembered: true });

/** Show what the conversation is on, unless another choice is on its way. */
function setChoice() {
  if (coming) return;
  byId("locale").value = conversation.locale;
  byId("device").value = conversation.device;
}

/** Ready to type, where that doesn't push the device out of sight or a keyboard over it. */
function ready() {
  if (ROOMY.matches) words.focus({ preventScroll: true });
}

/** A button that says a line. */
function example(line) {
  const button = make("button", { type: "button", className: "try", textContent: line });
  button.addEventListener("click", () => {
    act({ say: line });
    ready();
  });
  return button;
}

function setOptions(select, options, chosen) {
  select.replaceChildren(...options.map(([value, label]) => new Option(label, value, false, value === chosen)));
}

function settle() {
  for (const name of KEPT) {
    const kept = localStorage.getItem(name);
    const radio = kept && document.querySelector(`input[name="${name}"][value="${CSS.escape(kept)}"]`);
    if (radio) radio.checked = true;
  }
  adjust();
}

function adjust() {
  const form = new FormData(byId("choices"));
  for (const name of KEPT) localStorage.setItem(name, form.get(name));
  pacer.real = form.get("time") === "real";
  pacer.voice = form.get("voice") === "on";
}

// what a person does

byId("say").addEventListener("submit", (event) => {
  event.preventDefault();
  forgive();
  const said = words.value.trim();
  words.value = "";
  if (said) act({ say: said });
  else if (open) act({ silent: true });
});

byId("silent").addEventListener("click", () => act({ silent: true }));
byId("over").addEventListener("click", restart);
byId("locale").addEventListener("change", restart);
byId("device").addEventListener("change", restart);
byId("alarm-close").addEventListener("click", () => { forgive(); ready(); });
byId("link").replaceWith(Object.assign(copier("Copy link", () => location.href), { id: "link", hidden: true }));

for (const radio of document.querySelectorAll("#choices input")) {
  radio.addEventListener("change", () => {
    adjust();
    if (radio.name === "time" && byId("clock").dataset.phase !== "idle") hush();
  });
}

/** Cut the voice short, and listen. */
function hush() {
  if (["idle", "thinking", "lost"].includes(document.body.dataset.phase)) return;
  pacer.hush();
  pacer.listen(open);
}

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  byId("jump").open = false;
  if (handsFree) talkNoMore();
  hush();
});

onResend(async (request) => {
  const turn = await send({ request });
  play(turn);
  look(turn);
});

// states with an address

function fillMenu() {
  byId("states").replaceChildren(...Object.entries(about.states).map(([group, states]) =>
    make("section", {}, make("h2", { textContent: group }), make("ul", {}, ...Object.entries(states).map(
      ([name, said]) => make("li", {}, make("a", { textContent: name, href: linkTo(said) })))))));
}

const linkTo = (said) => `#${new URLSearchParams(said.map((line) => ["say", line]))}`;

/** The state that an address asks for; null, and a word about it, if there is none such. */
function wantedState() {
  try {
    return stateAt(location.hash);
  } catch (error) {
    complain(error);
    return null;
  }
}

addEventListener("hashchange", () => {
  byId("jump").open = false;
  if (location.hash === here()) return;
  const wanted = wantedState();
  if (wanted) visit(wanted, { spoken: true });
  else keepAddress();
});

addEventListener("click", ({ target }) => {
  if (!byId("jump").contains(target)) byId("jump").open = false;
});

// every device at once

const everywhere = byId("everywhere");
let previews = null; // by name, once they have been asked for

async function showEverywhere() {
  previews ??= new Map(about.devices.filter((device) => device.screen).map((device) => {
    const room = make("div", { className: "room" });
    byId("devices").append(make("figure", {}, room, make("figcaption", { textContent: device.label })));
    const made = new DevicePreview(room, (touch) => act({ touch }).then(showEverywhere));
    made.become(device, about.renderer);
    return [device.name, made];
  }));
  try {
    for (const { device, screen } of await asked(engine.everywhere)) previews.get(device).show(screen);
  } catch (error) {
    everywhere.close();
    complain(error);
  }
}

byId("all").addEventListener("click", () => {
  everywhere.showModal();
  showEverywhere();
});
byId("everywhere-close").addEventListener("click", () => everywhere.close());

// the microphone

/** Open and close the microphone with the window. */
function attend(phase) {
  if (phase === "listening" && handsFree) ear.open(conversation.locale, open && pacer.real ? null : WINDOW);
  else if (phase !== "hearing" && phase !== "listening") ear.close();
  if (phase === "idle") talkNoMore();
}

function talk() {
  handsFree = true;
  byId("mic").setAttribute("aria-pressed", "true");
  forgive();
  pacer.hush();
  if (open) pacer.listen(open);
  attend("listening");
}

function talkNoMore() {
  handsFree = false;
  byId("mic").setAttribute("aria-pressed", "false");
  ear.close();
}

function heard(text, final) {
  words.value = text;
  if (final) byId("say").requestSubmit();
}

byId("mic").hidden = byId("mic-help").hidden = !canListen;
byId("no-mic").hidden = canListen;
byId("mic").addEventListener("click", () => (handsFree ? talkNoMore() : talk()));

// and off it goes

settle();
const about = await engine.choices(); // what there is to choose from
setOptions(byId("locale"), about.locales.map((locale) => [locale, locale]), about.usual.locale);
setOptions(byId("device"), about.devices.map(({ name, label }) => [name, label]), about.usual.device);
fillMenu();

/** What this tab talked to, if that is where its address leads; else the state of the address. */
async function firstConversation() {
  const known = sessionStorage.getItem("conversation");
  const found = known && (await engine.find(known).catch(() => null));
  try {
    const wanted = location.hash ? stateAt(location.hash) : null;
    const there = found && addressOf({ ...found, acts: found.turns.map((turn) => turn.act) });
    if (found && (!wanted || there === addressOf({ ...found, ...wanted }))) return [found];
    return [await engine.start({ ...choice(), ...wanted })];
  } catch (error) {
    return [found || (await engine.start(choice())), error];
  }
}

const [first, wrong] = await firstConversation();
begin(first);
keepAddress();
if (wrong) complain(wrong);
else pacer.listen(open);
ready();
document.body.dataset.ready = String(WINDOW);
