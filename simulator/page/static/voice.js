// Says passages with the browser's voice, and listens with its recognition, where it has them.

const WORDS_A_SECOND = 2.6; // how fast a voice speaks, where only its time is wanted
const TICK = 100; // ms
const BREATH = 250; // ms until the browser is asked to listen again after it has stopped by itself

const synthesis = globalThis.speechSynthesis;
const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

const TROUBLE = {
  "not-allowed": "The browser may not use the microphone: allow it, most often beside the page’s address.",
  "service-not-allowed": "The browser’s speech recognition is switched off in its settings.",
  "audio-capture": "There is no microphone, or another program has it.",
  network: "The browser’s speech recognition works over the network, and that was not to be reached.",
  "language-not-supported": "The browser does not recognise this language.",
};

export const canListen = Boolean(Recognition);

export const secondsToSay = ({ text, rate }) => text.split(/\s+/).length / WORDS_A_SECOND / rate;

export const hasVoice = () => Boolean(synthesis?.getVoices().length);

/** Say one passage; resolves when it has been said, or `signal` has cut it short. */
export function say(passage, locale, signal) {
  return new Promise((resolve) => {
    const utterance = new SpeechSynthesisUtterance(passage.text);
    Object.assign(utterance, { lang: locale, rate: passage.rate, volume: passage.volume });
    // some engines forget to say that they have ended
    const overdue = setTimeout(done, (secondsToSay(passage) * 3 + 3) * 1000);
    function done() {
      clearTimeout(overdue);
      signal.removeEventListener("abort", stop);
      resolve();
    }
    function stop() {
      synthesis.cancel();
      done();
    }
    utterance.onend = utterance.onerror = done;
    signal.addEventListener("abort", stop);
    synthesis.speak(utterance);
  });
}

/** A microphone that stays open, although the browser stops to listen after each breath. */
export class Ear {
  /**
   * onWords(text, final): what was heard so far. onTrouble(message): it can't be used; it is closed then.
   * onTick(left, whole): seconds, where it has been opened for a time. onTimeUp(): they have passed, and it is closed.
   */
  constructor({ onWords, onTrouble, onTick, onTimeUp }) {
    Object.assign(this, { onWords, onTrouble, onTick, onTimeUp, isOpen: false, hearing: false });
  }

  /** Open it; `seconds`: for how long, while nobody speaks. Without, until it is closed. */
  open(locale, seconds = null) {
    if (this.isOpen) return;
    this.isOpen = true;
    if (seconds !== null) this.#count(seconds);
    this.#listen(locale);
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = this.hearing = false;
    clearInterval(this.timer);
    clearTimeout(this.pause);
    this.recognition?.abort?.();
  }

  #listen(locale) {
    const recognition = new Recognition();
    this.recognition = recognition;
    const mine = () => this.isOpen && this.recognition === recognition;
    Object.assign(recognition, { lang: locale, interimResults: true, maxAlternatives: 1 });
    recognition.onspeechstart = () => { this.hearing = mine(); };
    recognition.onspeechend = () => { this.hearing = false; };
    recognition.onresult = ({ results }) => {
      if (!mine()) return;
      const text = [...results].map((result) => result[0].transcript).join("");
      const final = results[results.length - 1].isFinal;
      if (final) this.close();
      this.onWords(text, final);
    };
    recognition.onerror = ({ error }) => {
      if (!mine() || error === "no-speech" || error === "aborted") return;
      this.close();
      this.onTrouble(TROUBLE[error] ?? `The microphone failed: ${error}.`);
    };
    recognition.onend = () => {
      if (mine()) this.pause = setTimeout(() => { if (mine()) this.#listen(locale); }, BREATH);
    };
    try {
      recognition.start();
    } catch (error) {
      this.close();
      this.onTrouble(`The microphone failed: ${error.message}`);
    }
  }

  #count(seconds) {
    let left = seconds;
    let before = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      left = this.hearing ? seconds : left - (now - before) / 1000;
      before = now;
      if (left > 0) return this.onTick(left, seconds);
      this.close();
      this.onTimeUp();
    }, TICK);
    this.onTick(seconds, seconds);
  }
}
