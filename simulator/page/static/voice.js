// Says passages with the browser's voice, and listens with its recognition, where it has them.

const WORDS_A_SECOND = 2.6; // how fast a voice speaks, where only its time is wanted

const synthesis = globalThis.speechSynthesis;
const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

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

/** Listen once. `onWords(text, final)` gets what was heard so far, `onEnd()` comes last; returns how to stop. */
export function listen(locale, onWords, onEnd) {
  const recognition = new Recognition();
  Object.assign(recognition, { lang: locale, interimResults: true, maxAlternatives: 1 });
  recognition.onresult = ({ results }) => {
    const text = [...results].map((result) => result[0].transcript).join("");
    onWords(text, results[results.length - 1].isFinal);
  };
  recognition.onend = onEnd;
  recognition.start();
  return () => recognition.abort();
}
