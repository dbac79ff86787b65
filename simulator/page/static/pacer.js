// Time: says a turn passage by passage, waits out its pauses, then keeps the listening window.

import { hasVoice, say, secondsToSay } from "./voice.js";

export const WINDOW = 8; // seconds that Alexa listens, before the reprompt and again after it
const TICK = 100; // ms

const CUT = Symbol("cut short");

export class Pacer {
  /**
   * onPhase(phase, left, whole): "speaking", "holding", "listening" or "idle"; seconds, where they are counted.
   * onPassage(index): which passage is being said; null when all have been.
   * onSilence(): the window has passed. held(): whether it should wait, because someone is typing.
   */
  constructor({ onPhase, onPassage, onSilence, held }) {
    Object.assign(this, { onPhase, onPassage, onSilence, held, real: true, voice: true, cut: new AbortController() });
  }

  /** Play a turn from its first word to the end of the window, unless something cuts it short. */
  async play(turn, locale) {
    const signal = this.#begin();
    try {
      for (const [index, passage] of turn.speech.entries()) {
        this.onPassage(index);
        if (passage.text) await this.#say(passage, locale, signal);
        if (passage.pause) await this.#wait("holding", passage.pause, signal);
      }
      this.onPassage(null);
      await this.#listen(turn.open, signal);
    } catch (reason) {
      if (reason !== CUT) throw reason;
    }
  }

  /** Keep the listening window of a conversation that was found in the middle. */
  async listen(open) {
    try {
      await this.#listen(open, this.#begin());
    } catch (reason) {
      if (reason !== CUT) throw reason;
    }
  }

  /** Say no more; what was being said counts as heard. */
  hush() {
    this.cut.abort();
    this.onPassage(null);
  }

  #begin() {
    this.cut.abort();
    this.cut = new AbortController();
    return this.cut.signal;
  }

  async #say(passage, locale, signal) {
    this.onPhase("speaking");
    if (this.voice && hasVoice()) await say(passage, locale, signal);
    else if (this.real) await this.#wait("speaking", secondsToSay(passage), signal);
    if (signal.aborted) throw CUT;
  }

  async #listen(open, signal) {
    if (!open) return this.onPhase("idle");
    if (!this.real) return this.onPhase("listening"); // for as long as it takes
    await this.#wait("listening", WINDOW, signal);
    this.onSilence();
  }

  #wait(phase, seconds, signal) {
    if (!this.real) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const listening = phase === "listening";
      let left = seconds;
      let before = performance.now();
      const counted = phase !== "speaking";
      const show = () => (counted ? this.onPhase(phase, left, seconds) : this.onPhase(phase));
      const timer = setInterval(() => {
        const now = performance.now();
        left = listening && this.held() ? seconds : left - (now - before) / 1000;
        before = now;
        if (left > 0) return show();
        clearInterval(timer);
        resolve();
      }, TICK);
      signal.addEventListener("abort", () => {
        clearInterval(timer);
        reject(CUT);
      });
      show();
    });
  }
}
