// Puts the page together: what a person does goes to the engine, what comes back is shown and said.

import { DevicePreview } from "./device.js";
import { byId } from "./dom.js";
import * as engine from "./engine.js";
import { inspect } from "./inspector.js";
import { Pacer, WINDOW } from "./pacer.js";
import * as transcript from "./transcript.js";
import { canListen, listen } from "./voice.js";

const PHASES = {
  idle: ["Asleep", "No session is open. Say “open cramp coach”."],
  speaking: ["Speaking", "Say something at any time to interrupt."],
  holding: ["Holding", "A pause in what Alexa says."],
  listening: ["Listening", "Then the reprompt, if nobody speaks."],
  "listening again": ["Listening once more", "Then Alexa closes the session."],
  thinking: ["Thinking", ""],
};
const KEPT = ["time", "voice"]; // choices that this browser remembers

const words = byId("words");
let about; // what there is to choose from
let conversation; // what this tab talks to: {id, locale, device}
let queue = Promise.resolve(); // one question at a time
let reprompted = false;
let open = false; // whether a session is

const pacer = new Pacer({
  onPhase: showPhase,
  onPassage: transcript.saying,
  onSilence: () => act({ silent: true }),
  held: () => words.value.trim() !== "" || stopListening !== null,
});
const preview = new DevicePreview((touch) => act({ touch }));

function showPhase(phase, left, whole) {
  const name = phase === "listening" && reprompted ? "listening again" : phase;
  const [label, hint] = PHASES[name];
  const clock = byId("clock");
  if (clock.dataset.phase !== name) {
    clock.dataset.phase = name;
    document.body.dataset.phase = phase;
    byId("phase").textContent = label;
    byId("hint").textContent = hint;
    byId("silent").disabled = !open || phase === "thinking";
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
      play(await engine.turn(conversation.id, what));
    } catch (error) {
      await complain(error);
    }
  });
  return queue;
}

function play(turn) {
  show(turn);
  pacer.play(turn, conversation.locale);
}

function show(turn) {
  open = turn.open;
  reprompted = turn.kind === "silent" && open;
  transcript.add(turn, () => look(turn));
  preview.show(turn.screen);
  byId("replay").hidden = false;
  look(turn);
}

function look(turn) {
  inspect(turn);
  transcript.inspected(turn.number);
}

async function complain(error) {
  showPhase("idle");
  if (!(error instanceof engine.EngineError)) throw error;
  byId("alarm").textContent = error.message;
  byId("alarm").hidden = false;
  if (error.status === 404) await begin(() => engine.start(choice())); // the simulator was started anew meanwhile
}

/** Take up a conversation, new or found again. */
async function begin(how) {
  pacer.hush();
  const found = await how();
  conversation = found;
  sessionStorage.setItem("conversation", found.id);
  byId("locale").value = found.locale;
  byId("device").value = found.device;
  byId("replay").href = engine.replayAddress(found.id);
  byId("replay").hidden = !found.turns.length;
  transcript.clear();
  inspect(null);
  open = reprompted = false;
  preview.become(about.devices.find((device) => device.name === found.device), about.renderer);
  for (const turn of found.turns) show(turn);
  open = found.listening;
  pacer.listen(open);
}

const choice = () => ({ locale: byId("locale").value, device: byId("device").value });

async function restart() {
  queue = queue.then(() => begin(() => engine.startOver(conversation.id, choice())).catch(complain));
  await queue;
  words.focus();
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
  byId("alarm").hidden = true;
  const said = words.value.trim();
  words.value = "";
  if (said) act({ say: said });
  else if (open) act({ silent: true });
});

byId("silent").addEventListener("click", () => act({ silent: true }));
byId("over").addEventListener("click", restart);
byId("locale").addEventListener("change", restart);
byId("device").addEventListener("change", restart);

for (const button of document.querySelectorAll(".try")) {
  button.addEventListener("click", () => {
    act({ say: button.textContent });
    words.focus();
  });
}

for (const radio of document.querySelectorAll("#choices input")) {
  radio.addEventListener("change", () => {
    adjust();
    if (radio.name === "time" && byId("clock").dataset.phase !== "idle") hush();
  });
}

/** Cut the voice short, and listen. */
function hush() {
  if (document.body.dataset.phase === "idle" || document.body.dataset.phase === "thinking") return;
  pacer.hush();
  pacer.listen(open);
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape") hush();
});

// the microphone

let stopListening = null;

if (canListen) {
  byId("mic").hidden = byId("mic-help").hidden = false;
  byId("mic").addEventListener("click", () => {
    if (stopListening) return stopListening();
    pacer.hush();
    byId("mic").setAttribute("aria-pressed", "true");
    stopListening = listen(
      conversation.locale,
      (text, final) => {
        words.value = text;
        if (final) byId("say").requestSubmit();
      },
      () => {
        stopListening = null;
        byId("mic").setAttribute("aria-pressed", "false");
      },
    );
  });
}

// and off it goes

settle();
about = await engine.choices();
setOptions(byId("locale"), about.locales.map((locale) => [locale, locale]), about.usual.locale);
setOptions(byId("device"), about.devices.map(({ name, label }) => [name, label]), about.usual.device);
const known = sessionStorage.getItem("conversation");
await begin(() => (known ? engine.find(known).catch(() => engine.start(choice())) : engine.start(choice())));
document.body.dataset.ready = String(WINDOW);
