// Turns as the repository keeps them: a dialog for tests/dialogs/, a line for tests/utterances/.

const quoted = (text) => JSON.stringify(text); // a text of JSON is one of TOML

const beginning = (text) => text.match(/^.*?[.?!](?=\s|$)/)?.[0] ?? text;

/** The conversation up to the last of `turns` as a dialog test. Touches have no place in one, and are a comment. */
export function dialogOf(turns) {
  const said = turns.map((turn) => turn.utterance).filter(Boolean);
  const lines = turns.map((turn) => {
    if (turn.kind !== "said" && turn.kind !== "silent") return `  # ${turn.kind}, which a dialog can't repeat`;
    const fields = [turn.kind === "silent" ? "silence = true" : `you = ${quoted(turn.utterance)}`];
    const first = turn.speech.find(({ text }) => text);
    if (first) fields.push(`alexa = [${quoted(`^${beginning(first.text)}`)}]`);
    if (turn.intent) fields.push(`intent = ${quoted(turn.intent)}`);
    if (!turn.open) fields.push("ends = true");
    return `  { ${fields.join(", ")} },`;
  });
  return ["[[dialog]]", `name = ${quoted(said.join(", "))}`, "turn = [", ...lines, "]", ""].join("\n");
}

/** One turn as a line of tests/utterances/, under its intent; null where nothing was said to the skill's model. */
export function utteranceOf(turn) {
  if (!turn.intent) return null;
  const slots = turn.slots.map((slot) => `${slot.name} = ${quoted(slot.id ?? slot.heard)}`);
  return `[${turn.intent}]\n${quoted(turn.utterance)} = ${slots.length ? `{ ${slots.join(", ")} }` : "{}"}\n`;
}
