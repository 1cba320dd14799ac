/** The wall: the newest picture of each camera, the silent ones first. */

import { define, h, icon, iconButton, navigate, STYLE } from "./dom.js";
import { RemovedCameras } from "./removed.js";
import { Tile } from "./tile.js";

/** @import { Camera } from "./types.js" */

const CLOCK_MILLISECONDS = 20000;
const AT_ONCE = 8;

const WALL_STYLE = `
  :host { min-height: 100vh; min-height: 100dvh; background: var(--primary-background-color); }
  .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 12px 16px 0; min-height: 52px; }
  .bar p { margin: 0; flex: 1 1 auto; font-weight: 500; }
  .bar p.bad { color: var(--primary-text-color); }
  .bar p.bad::before { content: ""; display: inline-block; width: 10px; height: 10px;
    border-radius: 50%; margin-inline-end: 8px; background: var(--error-color); }
  .chip, .bar select { min-height: 40px; padding: 0 14px; border-radius: 20px; max-width: 46vw;
    border: 1px solid var(--outline-color, var(--divider-color)); background: var(--card-background-color);
    color: var(--primary-text-color); }
  .chip { display: inline-flex; align-items: center; gap: 8px; }
  .chip[aria-pressed="true"] { background: var(--primary-text-color); color: var(--primary-background-color);
    border-color: transparent; }
  .grid { display: grid; gap: 16px; padding: 16px; list-style: none; margin: 0;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); }
  :host([narrow]) .grid { gap: 10px; padding: 12px; }
  :host([narrow]) .grid.many { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  :host([narrow]) .bar { padding: 12px 12px 0; }
  .warning { display: flex; gap: 12px; align-items: center; margin: 12px 16px 0; padding: 12px 16px;
    border-radius: 12px; background: var(--card-background-color);
    border-inline-start: 4px solid var(--warning-color); }
  .button { display: inline-block; padding: 10px 20px; border-radius: 20px; margin-top: 8px;
    background: var(--primary-color); color: var(--text-primary-color); font-weight: 500; }
`;

class SnapcamWall extends HTMLElement {
  /** @type {any} */
  panel;
  /** @type {HTMLSelectElement} */
  _areas;
  /** @type {HTMLSelectElement} */
  _labels;
  /** @type {HTMLButtonElement} */
  _all;
  /** @type {HTMLButtonElement} */
  _menu;
  /** @type {HTMLButtonElement} */
  _stream;

  constructor() {
    super();
    /** @type {Map<string, Tile>} */
    this._tiles = new Map();
    this._filter = { silent: false, area: "", label: "" };
  }

  connectedCallback() {
    if (!this.shadowRoot) this._build();
    this._clock = setInterval(() => this.update(), CLOCK_MILLISECONDS);
    this.update();
  }

  disconnectedCallback() {
    clearInterval(this._clock);
  }

  /** Build what is always there. */
  _build() {
    const { texts } = this.panel;
    this._menu = iconButton("menu", texts.get("wall.menu"), () =>
      this.dispatchEvent(new Event("hass-toggle-menu", { bubbles: true, composed: true })),
    );
    this._all = iconButton("camera", texts.get("wall.take_all"), () => this._takeAll());
    this._stream = iconButton("stream", texts.get("wall.all_cameras"), () =>
      navigate("/snapcam/all"),
    );
    this._summary = h("p", { role: "status" });
    this._silent = h(
      "button",
      { type: "button", className: "chip", onclick: () => this._choose("silent", !this._filter.silent) },
      texts.get("wall.only_silent"),
    );
    this._areas = this._select("area");
    this._labels = this._select("label");
    this._bar = h("div", { className: "bar" }, this._summary, this._silent, this._areas, this._labels);
    this._warning = h("p", { className: "warning", role: "alert", hidden: true }, icon("alert"), h("span"));
    this._grid = h("ul", { className: "grid", "aria-label": texts.get("wall.all_cameras") });
    this._notice = h("div", { className: "notice", hidden: true });
    this._removed = new RemovedCameras(this.panel);
    this.attachShadow({ mode: "open" }).append(
      h("style", { textContent: STYLE + WALL_STYLE + Tile.STYLE + RemovedCameras.STYLE }),
      h("header", {}, this._menu, h("h1", {}, "SnapCam"), this._stream, this._all),
      this._warning,
      h("main", {}, this._bar, this._grid, this._notice, this._removed.element),
    );
  }

  /**
   * Build a choice of areas or labels.
   * @param {"area" | "label"} name
   * @returns {HTMLSelectElement}
   */
  _select(name) {
    const select = h("select", { "aria-label": this.panel.texts.get(name === "area" ? "wall.area" : "wall.label") });
    select.onchange = () => this._choose(name, select.value);
    return select;
  }

  /**
   * Show some cameras only.
   * @param {"silent" | "area" | "label"} name
   * @param {any} value
   */
  _choose(name, value) {
    this._filter = { ...this._filter, [name]: value };
    this.update();
  }

  /** Show how all cameras are now. */
  update() {
    if (!this.shadowRoot || !this.isConnected) return;
    const { texts, hass } = this.panel;
    /** @type {Camera[]} */
    const cameras = [...this.panel.cameras.values()];
    const silent = cameras.filter(isSilent).length;
    this._summary.textContent = texts.get(silent ? "wall.silent_count" : "wall.none_silent", {
      silent: texts.count(silent),
      total: texts.count(cameras.length),
    });
    this._summary.classList.toggle("bad", silent > 0);
    this._bar.hidden = cameras.length === 0;
    this._menu.hidden = !this.hasAttribute("narrow") && hass.dockedSidebar !== "always_hidden";
    this._silent.hidden = silent === 0 && !this._filter.silent;
    this._silent.setAttribute("aria-pressed", String(this._filter.silent));
    this._offer(this._areas, "area", cameras.map(({ area_id, area }) => [area_id, area]));
    this._offer(
      this._labels,
      "label",
      cameras.flatMap(({ labels }) => labels.map(({ label_id, name }) => [label_id, name])),
    );
    const shown = cameras.filter((camera) => this._matches(camera)).sort(byUrgency);
    this._all.hidden = shown.length < 2;
    this._stream.hidden = cameras.length < 2;
    this._arrange(shown);
    const lost = !hass.connected
      ? "wall.connection_lost"
      : cameras.some(({ connected }) => connected === false) && "wall.broker_lost";
    this._warning.hidden = !lost;
    if (lost) this._warning.lastChild.textContent = texts.get(lost);
    this._say(cameras.length, shown.length);
    this._removed?.update(this.panel.cameras.keys());
  }

  /**
   * Offer the areas or labels there are.
   * @param {HTMLSelectElement} select
   * @param {"area" | "label"} name
   * @param {any[]} found
   */
  _offer(select, name, found) {
    const { texts } = this.panel;
    const choices = [...new Map(found.filter(([id]) => id))].sort(([, a], [, b]) =>
      a.localeCompare(b, texts.language),
    );
    select.hidden = choices.length === 0;
    const wanted = JSON.stringify(choices);
    if (select.dataset.choices === wanted) return;
    select.dataset.choices = wanted;
    if (!choices.some(([id]) => id === this._filter[name])) this._filter[name] = "";
    select.replaceChildren(
      h("option", { value: "" }, texts.get(name === "area" ? "wall.all_areas" : "wall.all_labels")),
      ...choices.map(([value, text]) => h("option", { value }, text)),
    );
    select.value = this._filter[name];
  }

  /**
   * Tell whether a camera is to be shown.
   * @param {Camera} camera
   * @returns {boolean}
   */
  _matches(camera) {
    const { silent, area, label } = this._filter;
    return (
      (!silent || isSilent(camera)) &&
      (!area || camera.area_id === area) &&
      (!label || camera.labels.some(({ label_id }) => label_id === label))
    );
  }

  /**
   * Put the tiles in order, and leave those alone that are in their place.
   * @param {Camera[]} shown
   */
  _arrange(shown) {
    const tiles = shown.map((camera) => {
      const tile = this._tiles.get(camera.sn) ?? new Tile(this.panel);
      this._tiles.set(camera.sn, tile);
      tile.update(camera, isSilent(camera));
      return tile;
    });
    for (const sn of this._tiles.keys()) if (!this.panel.cameras.has(sn)) this._tiles.delete(sn);
    const elements = tiles.map(({ element }) => element);
    const former = [...this._grid.children];
    if (elements.length !== former.length || elements.some((tile, at) => tile !== former[at])) {
      const focused = /** @type {ShadowRoot} */ (this.shadowRoot).activeElement;
      this._grid.replaceChildren(...elements);
      /** @type {any} */ (focused)?.focus({ preventScroll: true });
    }
    this._grid.classList.toggle("many", tiles.length > 3);
  }

  /**
   * Say why there is nothing to see.
   * @param {number} all
   * @param {number} shown
   */
  _say(all, shown) {
    const { texts } = this.panel;
    this._notice.hidden = shown > 0;
    if (shown) return;
    const address = "/config/integrations/dashboard/add?domain=snapcam";
    const way = all
      ? h("button", { type: "button", className: "button", onclick: () => this._showAll() }, texts.get("wall.show_all"))
      : h("button", { type: "button", className: "button", onclick: () => navigate(address) }, texts.get("wall.add_camera"));
    this._notice.replaceChildren(h("p", {}, texts.get(all ? "wall.none_match" : "wall.no_cameras")), way);
  }

  /** Show all cameras again. */
  _showAll() {
    this._filter = { silent: false, area: "", label: "" };
    this._areas.value = this._labels.value = "";
    this.update();
  }

  /** Have all cameras take a picture that are shown, a few at a time. */
  async _takeAll() {
    const waiting = [...this._tiles.values()].filter(({ element }) => element.isConnected);
    const work = async () => {
      for (let tile = waiting.shift(); tile; tile = waiting.shift()) await tile.take();
    };
    this._all.disabled = true;
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    this._all.disabled = false;
  }
}

/**
 * Tell whether a camera is silent.
 * @param {Camera} camera
 * @returns {boolean}
 */
function isSilent(camera) {
  return camera.online === false;
}

/**
 * Compare cameras: the silent ones first, the others by name.
 * @param {Camera} a
 * @param {Camera} b
 * @returns {number}
 */
function byUrgency(a, b) {
  return Number(isSilent(b)) - Number(isSilent(a)) || a.name.localeCompare(b.name);
}

define("snapcam-wall", SnapcamWall);
