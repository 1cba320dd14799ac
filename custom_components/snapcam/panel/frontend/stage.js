/** The big picture: zoomed by pinching, tapping and the wheel; moved on by swiping. */

import { define, h, icon } from "./dom.js";

const MAX_SCALE = 8;
const TAP_SCALE = 2.5;
const TAP_MILLISECONDS = 300;
const SWIPE_PIXELS = 50;

const STAGE_STYLE = `
  :host { display: block; position: relative; overflow: hidden; background: #111; color: #fff;
    touch-action: none; user-select: none; outline-offset: -4px !important; }
  .layer { position: absolute; inset: 0; display: grid; place-items: center; }
  img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; transform-origin: 0 0;
    -webkit-user-drag: none; }
  [hidden] { display: none; }
  .other { clip-path: inset(0 calc(100% - var(--split, 50%)) 0 0); background: #111; }
  .line { position: absolute; inset-block: 0; left: var(--split, 50%); width: 4px; margin-left: -2px;
    background: #fff; box-shadow: 0 0 6px #000; pointer-events: none; }
  .message { display: flex; gap: 12px; align-items: center; padding: 16px; text-align: center; }
  svg { width: 32px; height: 32px; fill: currentColor; }
`;

class SnapcamStage extends HTMLElement {
  _scale = 1;
  _x = 0;
  _y = 0;
  _moved = false;
  /** @type {[number, number] | undefined} */
  _tapped;

  constructor() {
    super();
    this._image = h("img", { alt: "", draggable: false });
    this._other = h("img", { alt: "", draggable: false });
    this._layer = h("div", { className: "layer other", hidden: true }, this._other);
    this._line = h("div", { className: "line", hidden: true });
    this._message = h("div", { className: "layer", hidden: true });
    this.attachShadow({ mode: "open" }).append(
      h("style", { textContent: STAGE_STYLE }),
      h("div", { className: "layer" }, this._image),
      this._layer,
      this._line,
      this._message,
    );
    /** @type {Map<number, PointerEvent>} */
    this._pointers = new Map();
    this._last = 0;
    this.comparing = false;
    this.reset();
    this.addEventListener("pointerdown", (event) => this._down(event));
    this.addEventListener("pointermove", (event) => this._move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.addEventListener(end, (event) => this._up(/** @type {PointerEvent} */ (event)));
    }
    this.addEventListener("wheel", (event) => this._wheel(event), { passive: false });
  }

  /** Return how many times as large as the window the picture is. */
  get scale() {
    return this._scale;
  }

  /**
   * Show a picture that is loaded.
   * @param {string} url
   * @param {string} alt
   */
  async show(url, alt) {
    // Without this, the former picture would be gone before the new one is there.
    const next = new Image();
    next.src = url;
    await next.decode();
    this._image.src = url;
    this._image.alt = alt;
    this._image.hidden = false;
    this._message.hidden = true;
  }

  /**
   * Say why there is no picture.
   * @param {string} text
   */
  say(text) {
    this._image.hidden = true;
    this._message.hidden = false;
    this._message.replaceChildren(h("div", { className: "message", role: "status" }, icon("broken"), text));
  }

  /**
   * Compare with another picture, or with none.
   * @param {string | null} url
   * @param {string} alt
   */
  compare(url, alt = "") {
    this.comparing = url !== null;
    this._layer.hidden = this._line.hidden = !this.comparing;
    if (url !== null) {
      this._other.src = url;
      this._other.alt = alt;
    }
    this.reset();
  }

  /**
   * Say where the two pictures meet.
   * @param {number} share Of the width, from the left.
   */
  split(share) {
    this.style.setProperty("--split", `${share * 100}%`);
  }

  /** Show the whole picture. */
  reset() {
    this._scale = 1;
    this._x = this._y = 0;
    this._draw();
  }

  /**
   * Zoom, and leave in its place what is at a point.
   * @param {number} scale
   * @param {number} x
   * @param {number} y
   */
  zoom(scale, x, y) {
    const wanted = Math.min(MAX_SCALE, Math.max(1, scale));
    const ratio = wanted / this._scale;
    this._x = x - (x - this._x) * ratio;
    this._y = y - (y - this._y) * ratio;
    this._scale = wanted;
    this._draw();
  }

  /** Draw both pictures where they are now. */
  _draw() {
    const { clientWidth: width, clientHeight: height } = this;
    if (this._scale > 1) {
      this._x = Math.min(0, Math.max(width * (1 - this._scale), this._x));
      this._y = Math.min(0, Math.max(height * (1 - this._scale), this._y));
    } else this._y = 0;
    const transform = `translate(${this._x}px, ${this._y}px) scale(${this._scale})`;
    this._image.style.transform = this._other.style.transform = transform;
  }

  /**
   * Return where on the stage something is.
   * @param {{ clientX: number, clientY: number }} event
   * @returns {[number, number]}
   */
  _at(event) {
    const box = this.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** @param {PointerEvent} event */
  _down(event) {
    if (event.button) return;
    this._pointers.set(event.pointerId, event);
    this.setPointerCapture(event.pointerId);
    this._moved = this._pointers.size > 1;
    if (this.comparing && this._scale === 1) this._moveSplit(event);
  }

  /** @param {PointerEvent} event */
  _move(event) {
    const former = this._pointers.get(event.pointerId);
    if (!former) return;
    const others = [...this._pointers.values()].filter(({ pointerId }) => pointerId !== event.pointerId);
    this._pointers.set(event.pointerId, event);
    if (others.length) this._pinch(former, event, others[0]);
    else if (this.comparing && this._scale === 1) this._moveSplit(event);
    else {
      this._x += event.clientX - former.clientX;
      if (this._scale > 1) this._y += event.clientY - former.clientY;
      this._draw();
    }
    this._moved ||= Math.abs(this._x) > 4 || this._scale > 1;
  }

  /**
   * Zoom as two fingers do.
   * @param {PointerEvent} former
   * @param {PointerEvent} event
   * @param {PointerEvent} other
   */
  _pinch(former, event, other) {
    const distance = (/** @type {PointerEvent} */ a) =>
      Math.hypot(a.clientX - other.clientX, a.clientY - other.clientY);
    const [x, y] = this._at({
      clientX: (event.clientX + other.clientX) / 2,
      clientY: (event.clientY + other.clientY) / 2,
    });
    this.zoom((this._scale * distance(event)) / Math.max(1, distance(former)), x, y);
  }

  /** @param {PointerEvent} event */
  _up(event) {
    if (!this._pointers.delete(event.pointerId) || this._pointers.size) return;
    const moved = this._x;
    if (this._scale === 1) {
      this._x = 0;
      this._draw();
      if (event.type === "pointerup" && Math.abs(moved) > SWIPE_PIXELS) return this._swipe(moved);
    }
    if (event.type === "pointerup" && Math.abs(moved) < 4 + (this._scale > 1 ? Infinity : 0)) this._tap(event);
  }

  /**
   * Go on in the direction somebody has swiped.
   * @param {number} pixels
   */
  _swipe(pixels) {
    const forwards = pixels < 0 !== this.matches(":dir(rtl)");
    this.dispatchEvent(new CustomEvent("step", { detail: forwards ? 1 : -1 }));
  }

  /**
   * Zoom in or out by the second of two taps.
   * @param {PointerEvent} event
   */
  _tap(event) {
    const [x, y] = this._at(event);
    const near = this._tapped && Math.hypot(x - this._tapped[0], y - this._tapped[1]) < 30;
    const again = near && event.timeStamp - this._last < TAP_MILLISECONDS;
    this._last = again ? 0 : event.timeStamp;
    this._tapped = [x, y];
    if (again) this.zoom(this._scale > 1 ? 1 : TAP_SCALE, x, y);
  }

  /** @param {WheelEvent} event */
  _wheel(event) {
    event.preventDefault();
    const [x, y] = this._at(event);
    this.zoom(this._scale * Math.exp(-event.deltaY / 300), x, y);
    if (this._scale === 1) this.reset();
  }

  /** @param {PointerEvent} event */
  _moveSplit(event) {
    const share = Math.min(1, Math.max(0, this._at(event)[0] / this.clientWidth));
    this.split(share);
    this.dispatchEvent(new CustomEvent("split", { detail: share }));
  }
}

define("snapcam-stage", SnapcamStage);
