// A conversation through virtual-alexa, an emulator that nobody of this project wrote: it reads the compiled model
// and sends requests of its own making. Arguments: the skill's URL, the model's file. Prints what was said, as JSON.
const { VirtualAlexa } = require("virtual-alexa");

const [url, model] = process.argv.slice(2);
const conversation = [
  "open cramp coach",
  "next",
  "i can't stand",
  "say that again",
  "it's gone",
  "does magnesium help",
  "my chest hurts",
  "stop",
];

async function main() {
  const alexa = VirtualAlexa.Builder().skillURL(url).interactionModelFile(model).create();
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
