// Asks the simulator. All rules of Alexa and of the skill are there; none are here.

export class EngineError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status; // 0: nobody answered
  }
}

const NOBODY = "The simulator does not answer. Start it again with make run, then send this again: nothing is lost.";

async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new EngineError(0, NOBODY);
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new EngineError(answer.status, content.message ?? `The simulator answered ${answer.status}.`);
  return content;
}

const CONVERSATIONS = "/page/conversations";

export const choices = () => ask("GET", "/page/choices");
export const start = (choice) => ask("POST", CONVERSATIONS, choice);
export const find = (id) => ask("GET", `${CONVERSATIONS}/${id}`);
export const startOver = (id, choice) => ask("PUT", `${CONVERSATIONS}/${id}`, choice);
export const turn = (id, act) => ask("POST", `${CONVERSATIONS}/${id}/turns`, act);
export const everywhere = (id) => ask("GET", `${CONVERSATIONS}/${id}/everywhere`);
export const replayAddress = (id) => `${CONVERSATIONS}/${id}/replay`;
