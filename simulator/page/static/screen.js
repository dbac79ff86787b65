// Draws one document with Amazon's renderer, in a frame that can reach neither the page nor the network.
// The page posts {number, document, datasources, screen}; what comes back is {ready}, {number} once it is drawn,
// {number, failed} or {touch}.
"use strict";

// The renderer brings rules that fetch Amazon's typeface from the network, which its frame hasn't got. They come to
// nothing in an element that stands nowhere; fonts.css has a typeface under the same name.
const nowhere = document.createElement("div");
document.head.appendChild = (node) => {
  const parent = node.localName === "style" ? nowhere : document.head;
  return Node.prototype.appendChild.call(parent, node);
};

const WEIGHTS = [400, 500, 700]; // texts are measured before they are drawn
let renderer = null;
let queue; // one document after the other

const tell = (message) => parent.postMessage(message, "*");

async function draw({ document: source, datasources, screen }) {
  renderer?.destroy();
  document.getElementById("view")?.remove();
  const view = document.createElement("div");
  view.id = "view";
  const [width, height] = [screen.width, screen.height].map((dp) => (dp * screen.dpi) / 160);
  view.style.width = `${width}px`;
  view.style.height = `${height}px`;
  document.body.append(view);

  const content = AplRenderer.Content.create(JSON.stringify(source));
  // the parameter `payload` gets all the data, another the source of its name
  for (const parameter of source.mainTemplate?.parameters ?? []) {
    const name = parameter.name ?? parameter;
    content.addData(name, JSON.stringify(name === "payload" ? datasources : (datasources[name] ?? {})));
  }
  if (content.isError() || !content.isReady()) throw new Error("the document is not complete, or imports a package");
  renderer = AplRenderer.default.create({
    content,
    view,
    environment: { agentName: "offline simulator", agentVersion: "1.0", allowOpenUrl: false, disallowVideo: true },
    viewport: { width, height, dpi: screen.dpi, isRound: screen.shape === "ROUND", shape: screen.shape },
    theme: "dark",
    mode: screen.mode,
    notLoadFonts: true,
    utcTime: Date.now(),
    localTimeAdjustment: -new Date().getTimezoneOffset() * 60 * 1000,
    onSendEvent: (event) => tell({ touch: event.arguments ?? [] }),
  });
  await renderer.init();
}

addEventListener("message", (event) => {
  if (event.source !== parent) return;
  queue = queue
    .then(() => draw(event.data))
    .then(
      () => tell({ number: event.data.number }),
      (error) => tell({ number: event.data.number, failed: String(error?.message ?? error) }),
    );
});

// this file comes before the renderer's, and goes on after it
addEventListener("DOMContentLoaded", () => {
  const fonts = WEIGHTS.map((weight) => document.fonts.load(`${weight} 1em "amazon-ember-display"`));
  queue = Promise.all([AplRenderer.initEngine(), ...fonts]);
  queue.then(
    () => tell({ ready: true }),
    (error) => tell({ failed: String(error) }),
  );
});
