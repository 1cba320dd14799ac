/** What can be done with the picture that is shown: the buttons below it. */

import { fileOf, isKept, renamed } from "./days.js";
import { h, iconButton, relabel } from "./dom.js";
import "./film.js";
import { Player } from "./player.js";
import { canShare, download, share } from "./share.js";

export class Tools {
  static STYLE = `
  .tools { display: flex; flex-wrap: wrap; align-items: center; }
  .tools select { height: 44px; border-radius: 8px; border: 1px solid var(--divider-color);
    background: var(--card-background-color); }
  .split { width: 100%; margin: 0; height: 32px; accent-color: var(--primary-color); direction: ltr; }
  .hint { margin: 0; padding: 8px 16px; background: var(--secondary-background-color); }
  snapcam-film[playing] { flex: 1; max-height: none; }
  .view:has(snapcam-film[playing]) > :is(snapcam-stage, .icon) { display: none; }
  :host([narrow]) .tools { flex: 1; justify-content: space-between; }
  `;

  /**
   * Build all buttons.
   * @param {any} view
   */
  constructor(view) {
    this.view = view;
    const text = (/** @type {string} */ key) => view.panel.texts.get(`pictures.${key}`);
    this._player = new Player(() => view.step(1));
    this._play = iconButton("play", text("play"), () => this.togglePlay());
    this._speed = h("select", { "aria-label": text("speed"), hidden: true },
      ...Player.SPEEDS.map((speed) => h("option", { value: String(speed) }, `${speed}/s`)));
    this._speed.value = String(this._player.speed);
    this._speed.onchange = () => (this._player.speed = Number(this._speed.value));
    this._compare = iconButton("compare", text("compare"), () => this._toggleCompare());
    this._keep = iconButton("keep", text("keep"), () => this._toggleKept());
    this._download = iconButton("download", text("download"), () => this._try(download));
    this.film = h("snapcam-film", { panel: view.panel, hidden: true });
    this._film = iconButton("film", view.panel.texts.get("film.open"), () => this._toggleFilm());
    this._film.setAttribute("aria-expanded", "false");
    this._share = iconButton("share", text("share"), () => this._try(share));
    this._delete = iconButton("delete", text("delete"), () => this._remove());
    this._full = iconButton("full", text("full_screen"), () => this.toggleFull());
    this._share.hidden = !canShare();
    this._full.hidden = !document.fullscreenEnabled;
    this.element = h("div", { className: "tools" }, this._play, this._speed, this._compare, this._keep,
      this._download, this._share, this._delete, this._film, this._full);
    this.split = h("input", { type: "range", className: "split", min: "0", max: "1", step: "0.01", hidden: true,
      "aria-label": text("split") });
    this.split.oninput = () => view.stage.split(Number(this.split.value));
    this.hint = h("p", { className: "hint", role: "status", hidden: true });
  }

  /** @type {string | undefined} */
  _shown;

  /** Return whether one picture after another is shown. */
  get playing() {
    return this._player.playing;
  }

  /** Show what can be done with the picture there is now. */
  update() {
    const { view } = this;
    const { hass, texts } = view.panel;
    /** @type {string | undefined} */
    const name = view.name;
    for (const button of [this._play, this._compare, this._download, this._share]) button.disabled = !name;
    const kept = name !== undefined && isKept(name);
    relabel(this._keep, texts.get(kept ? "pictures.let_go" : "pictures.keep"), kept ? "kept" : "keep");
    // Whoever chooses a picture wants to see that.
    if (name !== this._shown) this.film.rest();
    this._shown = name;
    this._film.hidden = view.days.sn === "all";
    this.film.follow(view.days.sn, view.days.day);
    // An action needs an entity, which a camera that was removed does not have.
    this._keep.hidden = !name || !view.panel.cameraOf(name)?.entities.camera;
    this._delete.hidden = this._keep.hidden || !hass.user.is_admin;
  }

  /** Say that the screen is filled now, or is no longer. */
  updateFull() {
    const full = document.fullscreenElement !== null;
    const key = full ? "pictures.leave_full_screen" : "pictures.full_screen";
    relabel(this._full, this.view.panel.texts.get(key), full ? "small" : "full");
  }

  /** Show one picture after another, or stop. */
  togglePlay() {
    if (this._player.playing) return this.stop();
    const { names } = this.view.days;
    const { texts } = this.view.panel;
    relabel(this._play, texts.get("pictures.pause"), "pause");
    this._speed.hidden = false;
    // At the end of a day there is nothing left but to begin again.
    if (this.view.name === names[names.length - 1]) this.view.choose(names[0]);
    this._player.play().then(() => this.stop());
  }

  /** Stop showing one picture after another. */
  stop() {
    this._player.stop();
    relabel(this._play, this.view.panel.texts.get("pictures.play"), "play");
    this._speed.hidden = true;
    this.view.remember();
  }

  /** Compare the picture with another one that is chosen from now on, or stop that. */
  async _toggleCompare() {
    const { images, texts } = this.view.panel;
    const on = !this.view.stage.comparing && this.view.name !== undefined;
    this._compare.setAttribute("aria-pressed", String(on));
    this.split.hidden = this.hint.hidden = !on;
    if (!on) return this.view.stage.compare(null);
    const name = /** @type {string} */ (this.view.name);
    this.split.value = "0.5";
    this.view.stage.split(0.5);
    this.hint.textContent = texts.get("pictures.compare_hint", { time: texts.when(name) });
    this.view.stage.compare(await images.picture(name), this.view.alt(name));
  }

  /** Show the videos of the day, or no longer. */
  _toggleFilm() {
    this.film.hidden = !this.film.hidden;
    this._film.setAttribute("aria-expanded", String(!this.film.hidden));
    this.film.follow(this.view.days.sn, this.view.days.day);
  }

  /** Have the picture survive all limits, or no longer. */
  async _toggleKept() {
    const name = /** @type {string} */ (this.view.name);
    const keep = !isKept(name);
    await this._try(async () => {
      await this._act("keep_pictures", name, { keep });
      this.view.change(name, renamed(name, keep));
    });
  }

  /** Delete the picture, once somebody has confirmed it. */
  async _remove() {
    const name = /** @type {string} */ (this.view.name);
    const question = this.view.panel.texts.get("pictures.delete_confirm", { name: this.view.alt(name) });
    if (!window.confirm(question)) return;
    await this._try(async () => {
      await this._act("delete_pictures", name, {});
      this.view.change(name);
    });
  }

  /**
   * Perform an action on a picture.
   * @param {string} action
   * @param {string} name
   * @param {object} more
   */
  async _act(action, name, more) {
    const { hass } = this.view.panel;
    const entity_id = this.view.panel.cameraOf(name)?.entities.camera;
    const data = { ...more, media_content_id: `media-source://snapcam/${name}` };
    await hass.callService("snapcam", action, data, { entity_id }, false, true);
  }

  /** Fill the screen with the picture, or do so no longer. */
  toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.view.frame.requestFullscreen();
  }

  /**
   * Do something with the picture that may not work.
   * @param {(panel: any, name: string, title: string) => Promise<void>} work
   */
  async _try(work) {
    if (!this.view.name) return;
    this.stop();
    const title = `${this.view.nameOf(this.view.name.split("/")[0])} ${this.view.name.split("/")[1]} ${fileOf(this.view.name).slice(0, 6)}`;
    try {
      await work(this.view.panel, this.view.name, title);
    } catch (/** @type {any} */ error) {
      if (error.name !== "AbortError") this.hint.textContent = this.view.panel.texts.error(error);
      this.hint.hidden = error.name === "AbortError";
    }
  }
}
