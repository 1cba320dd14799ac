/** A day: its hours on a line, and below them a strip of all pictures in order. */

/** @import { Days } from "./days.js" */

import { isKept } from "./days.js";
import { define, h, iconButton, relabel, STYLE } from "./dom.js";

const CELL = 108;
const EMPTY_HOUR = 48;
const MARGIN = 600;
const CHANGE_SECONDS = 300;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

const STRIP_STYLE = `
  :host { display: block; background: var(--card-background-color); }
  .axis { display: flex; align-items: center; margin-inline: 12px; }
  .hours { flex: 1; position: relative; display: flex; height: 44px; cursor: pointer;
    touch-action: none; align-items: end; padding-bottom: 18px; }
  .hour { flex: 1; height: 14px; margin-inline-end: 1px; border-radius: 2px; background: var(--divider-color);
    position: relative; }
  .hour i { position: absolute; inset: 0; border-radius: 2px; background: var(--primary-color); }
  .hour span { position: absolute; top: 16px; inset-inline-start: 0; font-size: 11px; line-height: 14px;
    color: var(--secondary-text-color); }
  .change { position: absolute; bottom: 33px; width: 3px; margin-inline-start: -1px; border-radius: 1px 1px 0 0;
    background: var(--accent-color); pointer-events: none; }
  .head { position: absolute; top: 6px; width: 4px; height: 24px; margin-inline-start: -2px; border-radius: 2px;
    background: var(--primary-text-color); pointer-events: none; }
  .scroller { position: relative; overflow-x: auto; overflow-y: hidden; height: 96px; scrollbar-width: thin; }
  .track { position: relative; height: 84px; }
  .mark { position: absolute; top: 0; height: 84px; border-inline-start: 1px solid var(--divider-color);
    padding-inline-start: 4px; font-size: 11px; line-height: 18px; color: var(--secondary-text-color);
    white-space: nowrap; }
  .cell { position: absolute; top: 18px; width: 104px; height: 62px; border-radius: 4px; overflow: hidden;
    background: var(--secondary-background-color); }
  .cell img { width: 100%; height: 100%; object-fit: contain; display: block; }
  .cell img:not([src]) { visibility: hidden; }
  .cell[aria-current="true"] { outline: 3px solid var(--primary-color); outline-offset: 0; }
  .cell[data-new]::before { content: ""; position: absolute; inset-inline-start: 4px; top: 4px; width: 10px; height: 10px;
    border-radius: 50%; background: var(--accent-color); border: 2px solid #fff; }
  .cell .star { position: absolute; top: 0; inset-inline-end: 3px; font-size: 14px; color: #ffd54f;
    text-shadow: 0 0 3px #000; }
`;

class SnapcamStrip extends HTMLElement {
  /** @type {any} */
  panel;
  /** @type {string[]} */
  names = [];
  /** @type {string | undefined} */
  current;
  /** @type {Days | undefined} */
  _days;
  /** @type {number[]} Where each picture is, in pixels. */
  _places = [];
  /** @type {[number, number][]} Where each hour begins. */
  _marks = [];
  /** @type {number[]} */
  _counts = [];

  constructor() {
    super();
    /** @type {Map<string, HTMLElement>} */
    this._cells = new Map();
    this._head = h("div", { className: "head", hidden: true });
    this._hours = h(
      "div",
      { className: "hours", role: "slider", tabIndex: 0, "aria-valuemin": "0", "aria-valuemax": "86399" },
      ...HOURS.map((hour) =>
        h("div", { className: "hour" }, h("i"), hour % 6 ? null : h("span", {}, String(hour))),
      ),
      this._head,
    );
    this._only = iconButton("changes", "", () => this._toggle());
    this._only.setAttribute("aria-pressed", "false");
    this._track = h("div", { className: "track", role: "group" });
    this._scroller = h("div", { className: "scroller" }, this._track);
    this.attachShadow({ mode: "open" }).append(
      h("style", { textContent: STYLE + STRIP_STYLE }),
      h("div", { className: "axis" }, this._only, this._hours),
      this._scroller,
    );
    this._scroller.addEventListener("scroll", () => this._draw(), { passive: true });
    this._hours.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      this._hours.setPointerCapture(event.pointerId);
      this._scrub(event);
    });
    this._hours.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (event.buttons & 1) this._scrub(event);
    });
    this._resize = new ResizeObserver(() => this._draw());
  }

  connectedCallback() {
    const { texts } = this.panel;
    this._hours.setAttribute("aria-label", texts.get("pictures.hours"));
    this._track.setAttribute("aria-label", texts.get("pictures.strip"));
    relabel(this._only, texts.get("pictures.only_changed"));
    this._resize.observe(this._scroller);
  }

  disconnectedCallback() {
    this._resize.disconnect();
  }

  /**
   * Show the pictures of a day, the earliest first.
   * @param {string[]} names
   */
  fill(names) {
    this.names = names;
    this._lay();
    for (const cell of this._cells.values()) cell.remove();
    this._cells.clear();
    this._drawHours();
    this._drawMarks();
    this._draw();
  }

  /**
   * Mark the picture that is shown, and bring it into view.
   * @param {string | undefined} name
   */
  select(name) {
    this.current = name;
    const at = name === undefined ? -1 : this.names.indexOf(name);
    for (const [key, cell] of this._cells) cell.setAttribute("aria-current", String(key === name));
    this._head.hidden = at < 0;
    if (at < 0 || name === undefined) return;
    const seconds = secondsOf(name);
    this._head.style.insetInlineStart = `${(seconds / 86400) * 100}%`;
    this._hours.setAttribute("aria-valuenow", String(seconds));
    this._hours.setAttribute("aria-valuetext", this.panel.texts.time(name.split("/")[2]));
    const middle = this._places[at] + CELL / 2 - this._scroller.clientWidth / 2;
    const direction = this.matches(":dir(rtl)") ? -1 : 1;
    this._scroller.scrollLeft = direction * Math.max(0, middle);
    this._draw();
  }

  /**
   * Show on the line which pictures of the day show something new.
   * @param {Days} days
   */
  mark(days) {
    this._days = days;
    for (const mark of this._hours.querySelectorAll(".change")) mark.remove();
    /** @type {Map<number, number>} The most in each of some minutes: lines have so much room. */
    const changes = new Map();
    for (const [name, change] of days.news) {
      const at = Math.floor(secondsOf(name) / CHANGE_SECONDS);
      changes.set(at, Math.max(changes.get(at) ?? 0, change));
    }
    for (const [at, change] of changes) {
      const mark = h("span", { className: "change" });
      mark.style.insetInlineStart = `${((at + 0.5) * CHANGE_SECONDS * 100) / 86400}%`;
      mark.style.height = `${2 + Math.round(change / 12)}px`;
      this._hours.append(mark);
    }
    for (const [name, cell] of this._cells) this._tell(name, cell);
  }

  /**
   * Say of a picture when it was taken, and whether it shows something new.
   * @param {string} name
   * @param {HTMLElement} cell
   */
  _tell(name, cell) {
    const { texts } = this.panel;
    const camera = this.panel.cameraOf(name)?.name ?? name.split("/")[0];
    const label = texts.get("pictures.alt", { name: camera, time: texts.time(name.split("/")[2]) });
    const isNew = this._days?.isNew(name) ?? false;
    cell.toggleAttribute("data-new", isNew);
    cell.title = isNew ? `${label} · ${texts.get("pictures.changed")}` : label;
    cell.setAttribute("aria-label", cell.title);
  }

  /** Offer to show only what is new, or do not. */
  set mayChoose(/** @type {boolean} */ may) {
    this._only.hidden = !may;
  }

  get mayChoose() {
    return !this._only.hidden;
  }

  /** Show only what is new, or all again. */
  _toggle() {
    const on = this._only.getAttribute("aria-pressed") !== "true";
    this._only.setAttribute("aria-pressed", String(on));
    this.dispatchEvent(new CustomEvent("only", { detail: on }));
  }

  /** Find out where each picture and each hour is. */
  _lay() {
    this._places = [];
    this._marks = [];
    this._counts = HOURS.map(() => 0);
    let at = 0;
    let left = 4;
    for (const hour of HOURS) {
      this._marks.push([hour, left]);
      const start = left;
      while (at < this.names.length && hourOf(this.names[at]) <= hour) {
        this._places.push(left + 4);
        this._counts[hour] += 1;
        left += CELL;
        at += 1;
      }
      left += left === start ? EMPTY_HOUR : 8;
    }
    this._track.style.width = `${left + 8}px`;
  }

  /** Show in which hours there are pictures. */
  _drawHours() {
    const most = Math.max(1, ...this._counts);
    [...this._hours.querySelectorAll("i")].forEach((bar, hour) => {
      const count = this._counts[hour];
      bar.style.opacity = count ? String(0.35 + (0.65 * count) / most) : "0";
    });
  }

  /** Show what is in view, and let go of the rest. */
  _draw() {
    const start = Math.abs(this._scroller.scrollLeft) - MARGIN;
    const end = start + this._scroller.clientWidth + 2 * MARGIN;
    const first = lowerBound(this._places, start - CELL);
    const last = lowerBound(this._places, end);
    const wanted = new Set(this.names.slice(first, last));
    for (const [name, cell] of this._cells) {
      if (wanted.has(name)) continue;
      cell.remove();
      this._cells.delete(name);
    }
    for (let at = first; at < last; at += 1) {
      const name = this.names[at];
      if (!this._cells.has(name)) this._addCell(name, this._places[at]);
    }
  }

  /**
   * Add a picture to the strip.
   * @param {string} name
   * @param {number} left
   */
  _addCell(name, left) {
    const { images } = this.panel;
    const image = h("img", { alt: "", decoding: "async" });
    const cell = h("button", {
      type: "button",
      className: "cell",
      "aria-current": String(name === this.current),
      onclick: () => this.dispatchEvent(new CustomEvent("choose", { detail: name })),
    }, image, isKept(name) ? h("span", { className: "star" }, "★") : null);
    cell.style.insetInlineStart = `${left}px`;
    this._tell(name, cell);
    this._cells.set(name, cell);
    this._track.append(cell);
    // What is only scrolled by is not worth fetching.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (!cell.isConnected) return;
      images.thumbnail(name).then(
        (/** @type {string} */ url) => (image.src = url),
        () => cell.classList.add("broken"),
      );
    }));
  }

  /** Show where each hour begins. */
  _drawMarks() {
    for (const mark of this._track.querySelectorAll(".mark")) mark.remove();
    for (const [hour, left] of this._marks) {
      const mark = h("div", { className: "mark", "aria-hidden": "true" }, this.panel.texts.hour(hour));
      mark.style.insetInlineStart = `${left}px`;
      this._track.append(mark);
    }
  }

  /**
   * Choose the picture that is nearest to where somebody points.
   * @param {PointerEvent} event
   */
  _scrub(event) {
    const box = this._hours.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const seconds = 86400 * (this.matches(":dir(rtl)") ? 1 - share : share);
    const name = nearest(this.names, seconds);
    if (name && name !== this.current) this.dispatchEvent(new CustomEvent("choose", { detail: name }));
  }
}

/**
 * Return the second of the day a picture was taken in.
 * @param {string} name
 * @returns {number}
 */
export function secondsOf(name) {
  const file = name.slice(name.lastIndexOf("/") + 1);
  return Number(file.slice(0, 2)) * 3600 + Number(file.slice(2, 4)) * 60 + Number(file.slice(4, 6));
}

/**
 * Return the picture that is nearest to a second of the day.
 * @param {string[]} names The earliest first.
 * @param {number} seconds
 * @returns {string | undefined}
 */
export function nearest(names, seconds) {
  const at = lowerBound(names.map(secondsOf), seconds);
  const [before, after] = [names[at - 1], names[at]];
  if (before === undefined || after === undefined) return before ?? after;
  return seconds - secondsOf(before) <= secondsOf(after) - seconds ? before : after;
}

/**
 * Return the hour a picture was taken in.
 * @param {string} name
 * @returns {number}
 */
function hourOf(name) {
  return Math.floor(secondsOf(name) / 3600);
}

/**
 * Return the first place whose number is not less than a number.
 * @param {number[]} numbers In order.
 * @param {number} number
 * @returns {number}
 */
function lowerBound(numbers, number) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

define("snapcam-strip", SnapcamStrip);
