/** The wall: the newest picture of each camera, the silent ones first. */

import { define, h, icon, iconButton, navigate, STYLE } from "./dom.js";
import { RemovedCameras } from "./removed.js";
import { RollOut } from "./rollout.js";
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
    const { silent, area = "", label = "" } = Object.fromEntries(new URLSearchParams(location.search));
    this._filter = { silent: silent !== undefined, area, label };
    if (!this.shadowRoot) this._build();
    this._rollOut?.start();
    this._clock = setInterval(() => this.update(), CLOCK_MILLISECONDS);
    this.update();
  }

  disconnectedCallback() {
    clearInterval(this._clock);
    this._rollOut?.stop();
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
    this._rollOut = new RollOut(this.panel);
    this.attachShadow({ mode: "open" }).append(
      h("style", { textContent: STYLE + WALL_STYLE + Tile.STYLE + RemovedCameras.STYLE + RollOut.STYLE }),
      h("header", {}, this._menu, h("h1", {}, "SnapCam"), this._stream, this._all),
      this._warning,
      h("main", {}, this._rollOut.element, this._bar, this._grid, this._notice, this._removed.element),
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
    this._remember();
    this.update();
  }

  /** Keep in the address what is shown, so that it can be shared, and come back to. */
  _remember() {
    const chosen = Object.entries(this._filter).filter(([, value]) => value);
    const query = new URLSearchParams(chosen.map(([name, value]) => [name, String(value)]));
    this.panel.wall = `/snapcam${chosen.length ? `?${query}` : ""}`;
    history.replaceState(history.state, "", this.panel.wall);
  }

  /** Show how all cameras are now. */
  update() {
    if (!this.shadowRoot || !this.isConnected) return;
    const { texts, hass } = this.panel;
    /** @type {Camera[]} */
    const cameras = [...this.panel.cameras.values()];
    this._offer(this._areas, "area", cameras);
    this._offer(this._labels, "label", cameras);
    const there = cameras.filter((camera) => this._isThere(camera));
    const silent = there.filter(isSilent).length;
    this._summary.textContent = this._count(silent ? "wall.silent_count" : "wall.none_silent", there);
    this._summary.classList.toggle("bad", silent > 0);
    this._bar.hidden = cameras.length === 0;
    this._menu.hidden = !this.hasAttribute("narrow") && hass.dockedSidebar !== "always_hidden";
    this._silent.hidden = silent === 0 && !this._filter.silent;
    this._silent.setAttribute("aria-pressed", String(this._filter.silent));
    const shown = there.filter((camera) => !this._filter.silent || isSilent(camera)).sort(byUrgency);
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
   * Say how many of some cameras are silent.
   * @param {"wall.silent_count" | "wall.none_silent"} key
   * @param {Camera[]} cameras
   * @returns {string}
   */
  _count(key, cameras) {
    const { texts } = this.panel;
    return texts.get(key, {
      silent: texts.count(cameras.filter(isSilent).length),
      total: texts.count(cameras.length),
    });
  }

  /**
   * Offer the areas or labels there are, with how many of their cameras are silent.
   * @param {HTMLSelectElement} select
   * @param {"area" | "label"} name
   * @param {Camera[]} cameras
   */
  _offer(select, name, cameras) {
    const { texts } = this.panel;
    const found = new Map(cameras.flatMap((camera) => groups(camera, name)));
    const choices = [...found].sort(([, a], [, b]) => a.localeCompare(b, texts.language));
    select.hidden = choices.length === 0;
    const wanted = JSON.stringify(choices);
    if (select.dataset.choices !== wanted) {
      select.dataset.choices = wanted;
      select.replaceChildren(
        h("option", { value: "" }, texts.get(name === "area" ? "wall.all_areas" : "wall.all_labels")),
        ...choices.map(([value]) => h("option", { value })),
      );
      if (!found.has(this._filter[name])) this._filter[name] = "";
      select.value = this._filter[name];
    }
    // An open list stays as it is but for what has changed.
    for (const option of [...select.options].slice(1)) {
      const there = cameras.filter((camera) => isIn(camera, name, option.value));
      const counted = there.some(isSilent) ? ` · ${this._count("wall.silent_count", there)}` : "";
      const text = `${found.get(option.value)}${counted}`;
      if (option.textContent !== text) option.textContent = text;
    }
  }

  /**
   * Tell whether a camera is in the area and has the label that are chosen.
   * @param {Camera} camera
   * @returns {boolean}
   */
  _isThere(camera) {
    const { area, label } = this._filter;
    return (!area || isIn(camera, "area", area)) && (!label || isIn(camera, "label", label));
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
    this._remember();
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
 * Return the area of a camera, or its labels, with their names.
 * @param {Camera} camera
 * @param {"area" | "label"} name
 * @returns {[string, string][]}
 */
function groups(camera, name) {
  if (name === "label") return camera.labels.map(({ label_id, name }) => [label_id, name]);
  return camera.area_id ? [[camera.area_id, camera.area ?? ""]] : [];
}

/**
 * Tell whether a camera is in an area, or has a label.
 * @param {Camera} camera
 * @param {"area" | "label"} name
 * @param {string} wanted
 * @returns {boolean}
 */
function isIn(camera, name, wanted) {
  return groups(camera, name).some(([id]) => id === wanted);
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
