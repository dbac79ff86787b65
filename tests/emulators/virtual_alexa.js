// A conversation through virtual-alexa: it reads the compiled model, at SKILL_MODEL, and sends requests of its own
// making to SKILL_URL. Prints what was said, as JSON.
const { VirtualAlexa } = require("virtual-alexa");

const { SKILL_URL, SKILL_MODEL } = process.env;
const conversation = [
  "open cramp coach",
  "next",
  "i can't stand",
  "say that again",
  "not yet",
  "it's gone",
  "yes",
  "does magnesium help",
  "my chest hurts",
  "stop",
];

async function main() {
  const alexa = VirtualAlexa.Builder().skillURL(SKILL_URL).interactionModelFile(SKILL_MODEL).create();
  const heard = [await alexa.launch()];
  for (const line of conversation.slice(1)) {
    heard.push(await alexa.utter(line));
  }
  heard.push(await alexa.intend("CrampNowIntent", { muscle: "toes" }));
  heard.push(await alexa.endSession());
  console.log(JSON.stringify(heard.map((response) => response.response ?? response)));
}

main().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
