// Draws one document with Amazon's renderer, in a frame that can reach neither the page nor the network.
// The page posts {document, datasources, screen}; what comes back is {ready}, {drawn}, {failed} or {touch}.
"use strict";

const engine = AplRenderer.initEngine();
let renderer = null;
let queue = engine; // one document after the other

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
      () => tell({ drawn: true }),
      (error) => tell({ failed: String(error?.message ?? error) }),
    );
});
engine.then(
  () => tell({ ready: true }),
  (error) => tell({ failed: String(error) }),
);
