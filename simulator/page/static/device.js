// The device: its shape, its light, and its screen, drawn by Amazon's renderer where there is one.

import { byId, make } from "./dom.js";

const room = byId("room");
const body = byId("body");
const glass = byId("glass");
const BEZEL = 28; // px around a screen, both sides together

export class DevicePreview {
  constructor(onTouch) {
    this.onTouch = onTouch;
    this.device = null;
    this.frame = null;
    this.shown = null;
    this.renderer = false;
    new ResizeObserver(() => this.#fit()).observe(room);
    addEventListener("message", (event) => this.#heard(event));
    this.#tellTime();
  }

  /** Be this device; `renderer`: whether the screens can be drawn. */
  become(device, renderer) {
    Object.assign(this, { device, renderer });
    room.dataset.device = device.name;
    room.dataset.shape = device.screen?.shape ?? "NONE";
    this.show(null);
    this.#fit();
  }

  /** Show a document with its data; null for the device's own home. */
  show(screen) {
    if (!this.device.screen) screen = null;
    this.shown = screen;
    byId("idle").hidden = Boolean(screen);
    this.#asText(screen && !this.renderer);
    if (this.frame) this.frame.hidden = !screen;
    if (!screen || !this.renderer) return;
    if (this.frame) return this.#draw();
    this.ready = false;
    this.frame = make("iframe", { src: "/screen", title: "The device's screen", data: { state: "loading" } });
    this.frame.setAttribute("sandbox", "allow-scripts");
    glass.append(this.frame);
    this.#fit();
  }

  #draw() {
    if (!this.ready || !this.shown) return;
    const { document, datasources } = this.shown;
    this.frame.dataset.state = "drawing";
    this.frame.contentWindow.postMessage({ document, datasources, screen: this.device.screen }, "*");
  }

  #heard({ source, data }) {
    if (!this.frame || source !== this.frame.contentWindow) return;
    if (data.ready) {
      this.ready = true;
      this.#draw();
    } else if (data.touch && this.device.screen.touch) this.onTouch(data.touch);
    else if (data.drawn) this.frame.dataset.state = "drawn";
    else if (data.failed) {
      this.frame.dataset.state = "failed";
      this.frame.hidden = true;
      console.warn(`The screen could not be drawn: ${data.failed}`);
      this.#asText(true);
    }
  }

  #asText(wanted) {
    const words = byId("screen-text");
    words.hidden = !wanted;
    words.replaceChildren(...(wanted ? this.shown.text.map((text) => make("p", { textContent: text })) : []));
    byId("renderer-note").hidden = !wanted || this.renderer;
  }

  #fit() {
    const screen = this.device?.screen;
    if (!screen) return body.removeAttribute("style");
    const [width, height] = [screen.width, screen.height];
    const scale = Math.min((room.clientWidth - BEZEL) / width, (room.clientHeight - BEZEL - 24) / height);
    Object.assign(glass.style, { width: `${width * scale}px`, height: `${height * scale}px` });
    if (!this.frame) return;
    const pixels = screen.dpi / 160;
    Object.assign(this.frame.style, {
      width: `${width * pixels}px`,
      height: `${height * pixels}px`,
      transform: `scale(${scale / pixels})`,
    });
  }

  #tellTime() {
    const now = new Date();
    byId("now").textContent = now.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
    setTimeout(() => this.#tellTime(), 60_000 - (now % 60_000));
  }
}
