/** The pictures of a camera, or of all of them: one large, its day as a strip. */

import { Days, fileOf, isKept, renamed } from "./days.js";
import { define, h, iconButton, navigate, relabel, STYLE } from "./dom.js";
import { Player } from "./player.js";
import { download, share, canShare } from "./share.js";
import "./stage.js";
import "./strip.js";

const ADDRESS_MILLISECONDS = 300;

const PICTURES_STYLE = `
  :host { display: flex; flex-direction: column; height: 100vh; height: 100dvh;
    background: var(--primary-background-color); }
  header { position: static; flex: none; }
  header select { flex: 1; min-width: 0; height: 44px; font-size: 18px; background: transparent; border: 0;
    color: inherit; text-overflow: ellipsis; }
  header option { color: var(--primary-text-color); background: var(--card-background-color); }
  main { flex: 1; min-height: 0; display: flex; flex-direction: column; }
  .view { flex: 1; min-height: 0; display: flex; flex-direction: column; position: relative;
    background: var(--card-background-color); }
  snapcam-stage { flex: 1; min-height: 120px; }
  .view > .icon { position: absolute; top: calc(50% - 50px); z-index: 2; color: #fff;
    background: rgb(0 0 0 / 45%); width: 48px; height: 48px; }
  .view > .icon:disabled { display: none; }
  .view > .earlier { inset-inline-start: 8px; }
  .view > .later { inset-inline-end: 8px; }
  .under { display: flex; flex-wrap: wrap; align-items: center; padding: 2px 8px 2px 16px; gap: 0 8px; }
  .caption { flex: 1 1 240px; margin: 6px 0; }
  .caption small { color: var(--secondary-text-color); font-size: 14px; }
  .tools { display: flex; flex-wrap: wrap; align-items: center; }
  .tools select { height: 44px; border-radius: 8px; border: 1px solid var(--divider-color);
    background: var(--card-background-color); }
  .days { display: flex; gap: 8px; padding: 8px 12px; overflow-x: auto; flex: none; scrollbar-width: none;
    background: var(--card-background-color); border-top: 1px solid var(--divider-color); }
  .days button { flex: none; min-height: 40px; padding: 0 14px; border-radius: 20px;
    border: 1px solid var(--outline-color, var(--divider-color)); }
  .days button[aria-current="true"] { background: var(--primary-text-color);
    color: var(--primary-background-color); border-color: transparent; }
  .split { width: 100%; margin: 0; height: 32px; accent-color: var(--primary-color); direction: ltr; }
  .hint { margin: 0; padding: 8px 16px; background: var(--secondary-background-color); }
  :host([narrow]) .under { padding-inline: 12px 4px; }
  :host([narrow]) .caption { flex-basis: 100%; }
  :host([narrow]) .tools { flex: 1; justify-content: space-between; }
  @media (max-height: 560px) { .days { display: none; } }
`;

class SnapcamPictures extends HTMLElement {
  constructor() {
    super();
    /** @type {any} */
    this.panel = null;
    /** @type {any} */
    this._days = null;
    /** @type {string | undefined} */
    this._name = undefined;
    /** @type {string | undefined} */
    this._other = undefined;
    this._onKey = (/** @type {KeyboardEvent} */ event) => this._press(event);
  }

  connectedCallback() {
    if (!this.shadowRoot) this._build();
    window.addEventListener("keydown", this._onKey);
  }

  disconnectedCallback() {
    window.removeEventListener("keydown", this._onKey);
    clearTimeout(this._address);
    this._player.stop();
  }

  /** Build what is always there. */
  _build() {
    const { texts } = this.panel;
    const text = (/** @type {string} */ key) => texts.get(`pictures.${key}`);
    this._stage = /** @type {any} */ (h("snapcam-stage"));
    this._stage.addEventListener("step", (/** @type {any} */ event) => this._step(event.detail));
    this._stage.addEventListener("split", (/** @type {any} */ { detail }) => (this._split.value = detail));
    this._strip = /** @type {any} */ (h("snapcam-strip"));
    this._strip.panel = this.panel;
    this._strip.addEventListener("choose", (/** @type {any} */ event) => this._choose(event.detail));
    this._player = new Player(() => this._step(1, true));
    this._which = h("select", { "aria-label": text("camera") });
    this._which.onchange = () => navigate(`/snapcam/${encodeURIComponent(this._which.value)}`, true);
    this._earlier = iconButton("earlier", text("earlier"), () => this._step(-1));
    this._later = iconButton("later", text("later"), () => this._step(1));
    for (const button of [this._earlier, this._later]) button.classList.add("directed");
    this._caption = h("p", { className: "caption", role: "status" });
    this._split = h("input", { type: "range", className: "split", min: "0", max: "1", step: "0.01", hidden: true,
      "aria-label": text("split") });
    this._split.oninput = () => this._stage.split(Number(this._split.value));
    this._hint = h("p", { className: "hint", role: "status", hidden: true });
    this._chips = h("nav", { className: "days", "aria-label": text("days") });
    this._view = h("div", { className: "view" }, this._stage, this._earlier, this._later, this._split, this._hint,
      h("div", { className: "under" }, this._caption, this._buildTools(text)));
    this._view.onfullscreenchange = () => {
      const full = document.fullscreenElement !== null;
      relabel(this._full, text(full ? "leave_full_screen" : "full_screen"), full ? "small" : "full");
      this._stage.reset();
    };
    this.attachShadow({ mode: "open" }).append(
      h("style", { textContent: STYLE + PICTURES_STYLE }),
      this._buildHeader(text),
      h("main", {}, this._view, this._chips, this._strip),
    );
  }

  /**
   * Build what is above the picture.
   * @param {(key: string) => string} text
   * @returns {HTMLElement}
   */
  _buildHeader(text) {
    const back = iconButton("back", text("back"), () => navigate("/snapcam"));
    back.classList.add("directed");
    return h("header", {}, back, this._which);
  }

  /**
   * Build the buttons below the picture.
   * @param {(key: string) => string} text
   * @returns {HTMLElement}
   */
  _buildTools(text) {
    this._play = iconButton("play", text("play"), () => this._togglePlay());
    this._speed = h("select", { "aria-label": text("speed"), hidden: true },
      ...Player.SPEEDS.map((speed) => h("option", { value: String(speed) }, `${speed}/s`)));
    this._speed.value = String(this._player.speed);
    this._speed.onchange = () => (this._player.speed = Number(this._speed.value));
    this._compare = iconButton("compare", text("compare"), () => this._toggleCompare());
    this._download = iconButton("download", text("download"), () => this._try(download));
    this._share = iconButton("share", text("share"), () => this._try(share));
    this._share.hidden = !canShare();
    this._full = iconButton("full", text("full_screen"), () => this._toggleFull());
    this._full.hidden = !document.fullscreenEnabled;
    this._keep = iconButton("keep", text("keep"), () => this._toggleKept());
    this._delete = iconButton("delete", text("delete"), () => this._remove());
    return h("div", { className: "tools" }, this._play, this._speed, this._compare, this._keep, this._download,
      this._share, this._delete, this._full);
  }

  /**
   * Show what an address says.
   * @param {string} sn
   * @param {string} [day]
   * @param {string} [time]
   */
  async open(sn, day, time) {
    const here = this._name?.split("/");
    if (this._sn === sn && here && (!day || here[1] === day) && (!time || here[2].startsWith(time))) return;
    if (this._sn !== sn) {
      this._sn = sn;
      this._name = undefined;
      this._days = new Days(this.panel, sn);
      this.update();
    }
    const days = this._days;
    try {
      await days.load();
      const wanted = day ?? days.days[0]?.day;
      if (days !== this._days) return;
      this._drawDays();
      if (wanted === undefined) return this._say("none");
      await this._openDay(wanted, time ?? "~");
    } catch (error) {
      this._stage.say(this.panel.texts.error(error));
    }
  }

  /**
   * Show a day, and a picture of it as soon as it is known.
   * @param {string} day
   * @param {string} time The beginning of a file's name; before all others, or after.
   */
  async _openDay(day, time) {
    const days = this._days;
    let shown = false;
    const show = () => {
      this._strip.fill(days.names);
      const found = days.find(time);
      // The earlier pages may have it, if it is not on this one.
      const early = found === days.names[0] && time !== "~";
      if (found && !shown && !early) {
        shown = true;
        this._choose(found);
      } else this._strip.select(this._name);
    };
    try {
      await days.open(day, show);
    } catch (error) {
      return this._stage.say(this.panel.texts.error(error));
    }
    if (days.day !== day || days !== this._days) return;
    this._drawDays();
    if (!days.names.length) this._say("none_day");
    else if (!shown) this._choose(days.find(time));
  }

  /**
   * Follow what is new of the cameras.
   * @param {any[]} [changed]
   */
  update(changed) {
    const { cameras, texts } = this.panel;
    if (!this._sn) return;
    const known = [...cameras.values()].sort((a, b) => a.name.localeCompare(b.name));
    const choices = [["all", texts.get("wall.all_cameras")], ...known.map(({ sn, name }) => [sn, name])];
    if (this._sn !== "all" && !cameras.has(this._sn)) choices.push([this._sn, this._sn]);
    this._which.replaceChildren(...choices.map(([value, name]) => h("option", { value }, name)));
    this._which.value = this._sn;
    for (const { newest } of changed ?? []) {
      if (!newest?.name || !this._days?.add(newest.name)) continue;
      if (newest.name.split("/")[1] === this._days.day) this._strip.fill(this._days.names);
      this._strip.select(this._name);
      this._drawDays();
    }
    this._describe();
  }

  /**
   * Show a picture.
   * @param {string} name
   */
  async _choose(name) {
    const { images, texts } = this.panel;
    this._name = name;
    this._describe();
    this._strip.select(name);
    this._remember();
    try {
      const url = await images.picture(name);
      if (this._name === name) await this._stage.show(url, this._alt(name));
    } catch (/** @type {any} */ error) {
      if (this._name !== name) return;
      this._stage.say(error.gone ? texts.error(GONE) : texts.get("pictures.broken"));
    }
    if (this._name === name) this._fetchAhead();
  }

  /** Fetch what is likely to be looked at next. */
  _fetchAhead() {
    const at = this._days.names.indexOf(this._name);
    const ahead = this._player.playing ? 8 : 2;
    const names = this._days.names.slice(Math.max(0, at - 1), at + 1 + ahead);
    for (const name of names) this.panel.images.picture(name).catch(() => undefined);
  }

  /**
   * Go on to the next picture, which may be of another day.
   * @param {number} step 1 for a later one, -1 for an earlier one.
   * @param {boolean} playing
   * @returns {Promise<boolean>} Whether there was one.
   */
  async _step(step, playing = false) {
    const { names } = this._days;
    if (!playing) this._stop();
    const next = names[names.indexOf(this._name) + step];
    if (this._name !== undefined && next !== undefined) {
      if (this._stage.scale > 1) this._stage.reset();
      await this._choose(next);
      return true;
    }
    const day = this._days.neighbour(step);
    if (playing || day === undefined) return false;
    await this._openDay(day, step > 0 ? "" : "~");
    return true;
  }

  /** Say what is shown. */
  _describe() {
    const { texts, cameras } = this.panel;
    const name = this._name;
    if (!name) return;
    const [sn, , file] = name.split("/");
    const { newest } = cameras.get(sn) ?? {};
    const at = this._days.names.indexOf(name);
    const parts = [this._nameOf(sn), texts.when(name)];
    if (newest?.name === name && newest.origin) {
      parts.push(texts.get(newest.origin === "captured" ? "pictures.captured" : "pictures.uploaded"));
    }
    const position = texts.get("pictures.position", {
      position: texts.count(at + 1),
      total: texts.count(this._days.names.length),
    });
    const caption = parts.join(" · ");
    if (this._caption.dataset.of !== `${caption}${position}`) {
      this._caption.replaceChildren(caption, " ", h("small", {}, position));
      this._caption.dataset.of = `${caption}${position}`;
    }
    this._earlier.disabled = at <= 0 && this._days.neighbour(-1) === undefined;
    this._later.disabled = at === this._days.names.length - 1 && this._days.neighbour(1) === undefined;
    this._download.disabled = this._share.disabled = this._compare.disabled = !file;
    const kept = isKept(name);
    relabel(this._keep, texts.get(kept ? "pictures.let_go" : "pictures.keep"), kept ? "kept" : "keep");
    // An action needs an entity, which a camera that was removed does not have.
    this._keep.hidden = !cameras.get(sn)?.entities.camera;
    this._delete.hidden = this._keep.hidden || !this.panel.hass.user.is_admin;
  }

  /**
   * Return what a camera is called.
   * @param {string} sn
   * @returns {string}
   */
  _nameOf(sn) {
    return this.panel.cameras.get(sn)?.name ?? sn;
  }

  /**
   * Describe a picture to whoever does not see it.
   * @param {string} name
   * @returns {string}
   */
  _alt(name) {
    const { texts } = this.panel;
    return texts.get("pictures.alt", { name: this._nameOf(name.split("/")[0]), time: texts.when(name) });
  }

  /**
   * Say why there is no picture.
   * @param {string} key
   */
  _say(key) {
    this._name = undefined;
    this._caption.replaceChildren();
    this._strip.fill([]);
    this._strip.select(undefined);
    this._earlier.disabled = this._later.disabled = true;
    const removed = this._sn !== "all" && !this.panel.cameras.has(this._sn);
    this._stage.say(this.panel.texts.get(removed ? "pictures.no_camera" : `pictures.${key}`));
  }

  /** Offer the days there are. */
  _drawDays() {
    const { texts } = this.panel;
    const { days, day: current } = this._days;
    this._chips.replaceChildren(
      ...days.map((/** @type {any} */ { day, count }) =>
        h(
          "button",
          {
            type: "button",
            "aria-current": String(day === current),
            onclick: () => this._openDay(day, "~"),
          },
          `${texts.day(day)} · ${texts.count(count)}`,
        ),
      ),
    );
    const chosen = this._chips.querySelector('[aria-current="true"]');
    chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Have the address lead here, once somebody stays here. */
  _remember() {
    clearTimeout(this._address);
    this._address = setTimeout(() => {
      if (!this._name || this._player.playing) return;
      const [, day, file] = this._name.split("/");
      const path = [this._sn, day, file.split(".")[0]].map((part) => encodeURIComponent(part ?? ""));
      history.replaceState(history.state, "", `/snapcam/${path.join("/")}`);
    }, ADDRESS_MILLISECONDS);
  }

  /** Show one picture after another, or stop. */
  _togglePlay() {
    if (this._player.playing) return this._stop();
    const { names } = this._days;
    const { texts } = this.panel;
    relabel(this._play, texts.get("pictures.pause"), "pause");
    this._speed.hidden = false;
    // At the end of a day there is nothing left but to begin again.
    if (this._name === names[names.length - 1]) this._choose(names[0]);
    this._player.play().then(() => this._stop());
  }

  /** Stop showing one picture after another. */
  _stop() {
    this._player.stop();
    relabel(this._play, this.panel.texts.get("pictures.play"), "play");
    this._speed.hidden = true;
    this._remember();
  }

  /** Compare the picture with another one that is chosen from now on, or stop that. */
  async _toggleCompare() {
    const { images, texts } = this.panel;
    const on = !this._stage.comparing && this._name !== undefined;
    this._compare.setAttribute("aria-pressed", String(on));
    this._split.hidden = this._hint.hidden = !on;
    if (!on) return this._stage.compare(null);
    const name = /** @type {string} */ (this._name);
    this._split.value = "0.5";
    this._stage.split(0.5);
    this._hint.textContent = texts.get("pictures.compare_hint", { time: texts.when(name) });
    this._stage.compare(await images.picture(name), this._alt(name));
  }

  /** Have the picture survive all limits, or no longer. */
  async _toggleKept() {
    const name = /** @type {string} */ (this._name);
    const keep = !isKept(name);
    await this._try(async () => {
      await this._act("keep_pictures", name, { keep });
      this._change(name, renamed(name, keep));
    });
  }

  /** Delete the picture, once somebody has confirmed it. */
  async _remove() {
    const name = /** @type {string} */ (this._name);
    const question = this.panel.texts.get("pictures.delete_confirm", { name: this._alt(name) });
    if (!window.confirm(question)) return;
    await this._try(async () => {
      await this._act("delete_pictures", name, {});
      this._change(name);
    });
  }

  /**
   * Perform an action on a picture.
   * @param {string} action
   * @param {string} name
   * @param {object} more
   */
  async _act(action, name, more) {
    const { hass, cameras } = this.panel;
    const entity_id = cameras.get(name.split("/")[0])?.entities.camera;
    const data = { ...more, media_content_id: `media-source://snapcam/${name}` };
    await hass.callService("snapcam", action, data, { entity_id }, false, true);
  }

  /**
   * Show that a picture is called otherwise now, or the one after it if it is gone.
   * @param {string} name
   * @param {string} [now]
   */
  _change(name, now) {
    const at = this._days.names.indexOf(name);
    this._days.change(name, now);
    this._strip.fill(this._days.names);
    this._drawDays();
    const { names } = this._days;
    const next = now ?? names[at] ?? names[at - 1];
    if (next) return this._choose(next);
    this._name = undefined;
    return this.open(/** @type {string} */ (this._sn));
  }

  /** Fill the screen with the picture, or do so no longer. */
  _toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this._view.requestFullscreen();
  }

  /**
   * Do something with the picture that may not work.
   * @param {(panel: any, name: string, title: string) => Promise<void>} work
   */
  async _try(work) {
    if (!this._name) return;
    this._stop();
    const title = `${this._nameOf(this._name.split("/")[0])} ${this._name.split("/")[1]} ${fileOf(this._name).slice(0, 6)}`;
    try {
      await work(this.panel, this._name, title);
    } catch (/** @type {any} */ error) {
      if (error.name !== "AbortError") this._hint.textContent = this.panel.texts.error(error);
      this._hint.hidden = error.name === "AbortError";
    }
  }

  /**
   * Go on by the keyboard.
   * @param {KeyboardEvent} event
   */
  _press(event) {
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches?.("input, select, textarea")) return;
    const forwards = this.matches(":dir(rtl)") ? "ArrowLeft" : "ArrowRight";
    const backwards = this.matches(":dir(rtl)") ? "ArrowRight" : "ArrowLeft";
    const { names } = this._days;
    /** @type {Record<string, () => void>} */
    const keys = {
      [forwards]: () => this._step(1),
      [backwards]: () => this._step(-1),
      Home: () => this._choose(names[0]),
      End: () => this._choose(names[names.length - 1]),
      f: () => this._toggleFull(),
      Escape: () => this._stage.reset(),
    };
    if (event.key === " " && !target.matches?.("button, a")) keys[" "] = () => this._togglePlay();
    if (!(event.key in keys) || !names.length) return;
    event.preventDefault();
    keys[event.key]();
  }
}

const GONE = { translation_domain: "snapcam", translation_key: "picture_not_found" };

define("snapcam-pictures", SnapcamPictures);
