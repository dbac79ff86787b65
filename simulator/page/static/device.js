// A device: its shape, its light, and its screen, drawn by Amazon's renderer where there is one.

import { make, picture } from "./dom.js";

const BEZEL = 40; // px around a screen, both sides together
const NIGHT = "3:07"; // it is always three in the morning in this room
const HOW_TO_DRAW = "A sketch of the screen. For Amazon’s own drawing run make screens, then load this page again.";

export class DevicePreview {
  /** Fills `room`, an element that has a size of its own. `onTouch(arguments)`: a touch on the screen sends these. */
  constructor(room, onTouch) {
    Object.assign(this, { room, onTouch, device: null, frame: null, shown: null });
    Object.assign(this, { renderer: false, ready: false, asked: 0 });
    this.idle = make("div", { className: "idle", ariaHidden: "true" }, make("time", { textContent: NIGHT }));
    this.sketch = make("div", { className: "sketch", hidden: true });
    this.glass = make("div", { className: "glass" }, this.idle, this.sketch);
    this.body = make("div", { className: "body" }, this.glass);
    this.note = make("p", { className: "note", textContent: HOW_TO_DRAW, hidden: true });
    room.replaceChildren(this.body, this.note);
    new ResizeObserver(() => this.#fit()).observe(room);
    addEventListener("message", (event) => this.#heard(event));
  }

  /** Be this device; `renderer`: whether the screens can be drawn. */
  become(device, renderer) {
    Object.assign(this, { device, renderer });
    this.room.dataset.device = device.name;
    this.room.dataset.shape = device.screen?.shape ?? "NONE";
    // long before there is anything to draw: the renderer takes a second to wake up
    if (device.screen && renderer && !this.frame) this.#addFrame();
    this.show(null);
    this.#fit();
  }

  /** Show a document with its data; null for the device's own home. */
  show(screen) {
    if (!this.device.screen) screen = null;
    this.shown = screen;
    this.idle.hidden = Boolean(screen);
    this.#sketch(screen && !this.renderer);
    // never display: none, for the renderer measures texts, and there is no layout to measure then
    if (this.frame) this.frame.style.visibility = screen && this.renderer ? "visible" : "hidden";
    if (screen && this.renderer) this.#draw();
  }

  #addFrame() {
    this.frame = make("iframe", { src: "/screen", title: "The device’s screen", data: { state: "loading" } });
    this.frame.setAttribute("sandbox", "allow-scripts");
    this.frame.style.visibility = "hidden";
    this.glass.append(this.frame);
  }

  #draw() {
    if (!this.ready || !this.shown) return;
    const { document, datasources } = this.shown;
    this.frame.dataset.state = "drawing";
    const asked = { number: ++this.asked, document, datasources, screen: this.device.screen };
    this.frame.contentWindow.postMessage(asked, "*");
  }

  #heard({ source, data }) {
    if (!this.frame || source !== this.frame.contentWindow) return;
    if (data.ready) {
      this.ready = true;
      this.#draw();
    } else if (data.touch) {
      if (this.device.screen.touch) this.onTouch(data.touch);
    } else if (data.number === this.asked || !this.ready) {
      this.frame.dataset.state = data.failed ? "failed" : "drawn";
      if (data.failed) this.#failed(data.failed);
    }
  }

  #failed(why) {
    console.warn(`The screen could not be drawn: ${why}`);
    this.frame.style.visibility = "hidden";
    if (this.shown) this.#sketch(true);
  }

  /** What the screen means, without the renderer: the step large, its pictogram, its buttons. */
  #sketch(wanted) {
    this.sketch.hidden = !wanted;
    this.note.hidden = !wanted || this.renderer;
    if (!wanted) return this.sketch.replaceChildren();
    const { headline, texts, buttons, pictogram } = this.shown.sketch;
    this.sketch.replaceChildren(
      make("div", { className: "meaning" },
        pictogram ? picture(pictogram) : null,
        make("div", {},
          headline ? make("p", { className: "headline", textContent: headline }) : null,
          ...texts.map((textContent) => make("p", { textContent })))),
      make("div", { className: "touches" }, ...(this.device.screen.touch ? buttons : []).map(({ label, touch }) =>
        make("button", { type: "button", textContent: label, onclick: () => this.onTouch(touch) }))));
  }

  #fit() {
    const screen = this.device?.screen;
    if (!screen) return this.glass.removeAttribute("style");
    const { width, height } = screen;
    const across = (this.room.clientWidth - BEZEL) / width;
    const scale = Math.max(0.05, Math.min(across, (this.room.clientHeight - BEZEL - 24) / height));
    Object.assign(this.glass.style, { width: `${width * scale}px`, height: `${height * scale}px` });
    if (!this.frame) return;
    const pixels = screen.dpi / 160;
    Object.assign(this.frame.style, {
      width: `${width * pixels}px`,
      height: `${height * pixels}px`,
      transform: `scale(${scale / pixels})`,
    });
  }
}
