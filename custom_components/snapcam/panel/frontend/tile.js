/** One camera on the wall. */

import { h, icon, iconButton, navigate, relabel } from "./dom.js";

/** @import { Camera } from "./types.js" */

const WIDTH = 640;

export class Tile {
  static STYLE = `
  .tile { position: relative; display: flex; flex-direction: column; overflow: hidden;
    border-radius: var(--ha-card-border-radius, 12px); background: var(--card-background-color);
    border: 1px solid var(--divider-color); }
  .tile a { display: block; flex: 1; }
  .tile a:focus-visible { outline-offset: -3px; }
  .frame { position: relative; aspect-ratio: 16 / 9; background: var(--secondary-background-color);
    display: grid; place-items: center; color: var(--secondary-text-color); overflow: hidden; }
  .frame img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
  .frame svg { width: 40px; height: 40px; opacity: 0.6; }
  .text { line-height: 1.35; padding: 10px 14px 12px; padding-inline-end: 56px; min-height: 62px; }
  .name { font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .state { color: var(--secondary-text-color); font-size: 14px; }
  .state.wrong { color: var(--primary-text-color); }
  .tile .icon.camera { position: absolute; inset-inline-end: 6px; bottom: 8px; }
  .tile.silent img { filter: grayscale(1); opacity: 0.55; }
  .tile.silent .frame { background: var(--divider-color); }
  .tile.silent .state { color: var(--primary-text-color); font-weight: 500; }
  .tile.busy .camera svg { animation: turn 1.2s linear infinite; }
  @keyframes turn { to { transform: rotate(1turn); } }
  @media (prefers-reduced-motion: reduce) { .tile.busy .camera svg { animation: none; } }
  `;

  /** @type {Camera | undefined} */
  camera;
  /** @type {string | undefined} */
  _wanted;

  /**
   * Initialize empty.
   * @param {any} panel
   */
  constructor(panel) {
    this.panel = panel;
    this._error = "";
    this._busy = false;
    this._image = h("img", { alt: "", hidden: true, decoding: "async" });
    this._image.onerror = () => this._showBroken();
    this._frame = h("div", { className: "frame" }, this._image);
    this._name = h("div", { className: "name" });
    this._state = h("div", { className: "state", "aria-live": "polite" });
    this._link = h("a", {}, this._frame, h("div", { className: "text" }, this._name, this._state));
    this._link.onclick = (/** @type {MouseEvent} */ event) => this._open(event);
    this._take = iconButton("camera", "", () => this.take());
    this.element = h("li", { className: "tile" }, this._link, this._take);
  }

  /**
   * Show how the camera is now.
   * @param {Camera} camera
   * @param {boolean} silent
   */
  update(camera, silent) {
    const { texts } = this.panel;
    this.camera = camera;
    this._link.href = `/snapcam/${encodeURIComponent(camera.sn)}`;
    setText(this._name, camera.name);
    this.element.classList.toggle("silent", silent);
    relabel(this._take, texts.get("wall.take_of", { name: camera.name }));
    this._take.hidden = !camera.entities.camera;
    setText(this._state, this._describe(silent));
    this._state.classList.toggle("wrong", Boolean(this._error));
    this.element.classList.toggle("busy", this._busy);
    this._take.disabled = this._busy;
    this._image.alt = this._alt();
    this._load();
  }

  /** Have the camera take a picture, and say on the tile how that goes. */
  async take() {
    const { hass, texts } = this.panel;
    if (this._busy) return;
    this._busy = true;
    this._error = "";
    this._refresh();
    const entity_id = this.camera?.entities.camera;
    try {
      await hass.callService("snapcam", "take_snapshot", {}, { entity_id }, false, true);
    } catch (error) {
      this._error = texts.error(error);
    }
    this._busy = false;
    this._refresh();
  }

  /** Show again what is known. */
  _refresh() {
    if (this.camera) this.update(this.camera, this.element.classList.contains("silent"));
  }

  /**
   * Say how the camera is.
   * @param {boolean} silent
   * @returns {string}
   */
  _describe(silent) {
    const { texts } = this.panel;
    const { newest, last_seen: seen } = /** @type {Camera} */ (this.camera);
    if (this._busy) return texts.get("wall.taking");
    if (this._error) return this._error;
    if (silent) return seen ? texts.get("wall.silent_for", { time: texts.lasting(seen) }) : texts.get("wall.silent");
    return newest ? texts.ago(newest.time) : texts.get("wall.no_picture");
  }

  /**
   * Describe the picture to whoever does not see it.
   * @returns {string}
   */
  _alt() {
    const { texts } = this.panel;
    const { name, newest } = /** @type {Camera} */ (this.camera);
    if (!newest) return "";
    const time = newest.name ? texts.when(newest.name) : texts.ago(newest.time);
    return texts.get("pictures.alt", { name, time });
  }

  /** Load the newest picture, unless it is already there. */
  async _load() {
    const { hass, images } = this.panel;
    const { newest, entities } = /** @type {Camera} */ (this.camera);
    const wanted = newest?.name ?? newest?.time ?? "";
    if (this._wanted === wanted && (wanted || this._frame.children.length > 1)) return;
    this._wanted = wanted;
    if (!newest) return this._showIcon("camera");
    try {
      // One that could not be stored is in memory alone, where the image entity has it.
      const kept = hass.states[entities.image ?? ""]?.attributes.entity_picture ?? "";
      const url = newest.name ? await images.thumbnail(newest.name, WIDTH) : kept;
      if (this._wanted === wanted) this._showImage(url);
    } catch {
      if (this._wanted === wanted) this._showBroken();
    }
  }

  /**
   * Show a picture.
   * @param {string} url
   */
  _showImage(url) {
    this._image.src = url;
    this._image.hidden = false;
    this._frame.replaceChildren(this._image);
  }

  /** Show that there is a picture that cannot be shown. */
  _showBroken() {
    this._showIcon("broken");
    this._frame.append(h("span", { className: "quiet" }, this.panel.texts.get("pictures.broken")));
  }

  /**
   * Show an icon in place of a picture.
   * @param {import("./dom.js").IconName} name
   */
  _showIcon(name) {
    this._image.hidden = true;
    this._frame.replaceChildren(this._image, icon(name));
  }

  /**
   * Open the pictures, unless they are wanted in another window.
   * @param {MouseEvent} event
   */
  _open(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    navigate(this._link.getAttribute("href"));
  }
}

/**
 * Change a text, which a screen reader reads out, only if it is another one.
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
