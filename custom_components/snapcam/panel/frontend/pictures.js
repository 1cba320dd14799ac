/** The pictures of a camera, or of all of them: one large, its day as a strip. */

import { Days } from "./days.js";
import { define, h, iconButton, navigate, STYLE } from "./dom.js";
import { press } from "./keys.js";
import { News } from "./news.js";
import "./stage.js";
import "./strip.js";
import { Tools } from "./tools.js";

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
  .days { display: flex; gap: 8px; padding: 8px 12px; overflow-x: auto; flex: none; scrollbar-width: none;
    background: var(--card-background-color); border-top: 1px solid var(--divider-color); }
  .days button { flex: none; min-height: 40px; padding: 0 14px; border-radius: 20px;
    border: 1px solid var(--outline-color, var(--divider-color)); }
  .days button[aria-current="true"] { background: var(--primary-text-color);
    color: var(--primary-background-color); border-color: transparent; }
  :host([narrow]) .under { padding-inline: 12px 4px; }
  :host([narrow]) .caption { flex-basis: 100%; }
  @media (max-height: 560px) { .days { display: none; } }
`;

class SnapcamPictures extends HTMLElement {
  /** @type {any} */
  panel;
  /** @type {Days} */
  days;
  /** @type {string | undefined} */
  name;
  /** @type {any} */
  stage;
  /** @type {any} */
  frame;
  /** @type {Tools} */
  tools;
  /** @type {string | undefined} */
  _sn;
  /** @type {News} */
  news;
  /** @type {any} */
  _strip;
  /** @type {HTMLSelectElement} */
  _which;
  /** @type {HTMLElement} */
  _caption;
  /** @type {HTMLElement} */
  _chips;
  /** @type {HTMLButtonElement} */
  _earlier;
  /** @type {HTMLButtonElement} */
  _later;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  _address;

  constructor() {
    super();
    this._onKey = (/** @type {KeyboardEvent} */ event) => press(this, event);
  }

  connectedCallback() {
    if (!this.shadowRoot) this._build();
    window.addEventListener("keydown", this._onKey);
  }

  disconnectedCallback() {
    window.removeEventListener("keydown", this._onKey);
    clearTimeout(this._address);
    this.tools.stop();
  }

  /** Build what is always there. */
  _build() {
    const { texts } = this.panel;
    const text = (/** @type {string} */ key) => texts.get(`pictures.${key}`);
    this.stage = /** @type {any} */ (h("snapcam-stage"));
    this.stage.addEventListener("step", (/** @type {any} */ event) => this.go(event.detail));
    this.stage.addEventListener("split", (/** @type {any} */ { detail }) => (this.tools.split.value = detail));
    this._strip = /** @type {any} */ (h("snapcam-strip"));
    this._strip.panel = this.panel;
    this._strip.addEventListener("choose", (/** @type {any} */ event) => this.choose(event.detail));
    this.news = new News(this, this._strip);
    this.tools = new Tools(this);
    this._which = h("select", { "aria-label": text("camera") });
    this._which.onchange = () => navigate(`/snapcam/${encodeURIComponent(this._which.value)}`, true);
    this._earlier = iconButton("earlier", text("earlier"), () => this.go(-1));
    this._later = iconButton("later", text("later"), () => this.go(1));
    for (const button of [this._earlier, this._later]) button.classList.add("directed");
    this._caption = h("p", { className: "caption", role: "status" });
    this._chips = h("nav", { className: "days", "aria-label": text("days") });
    this.frame = h("div", { className: "view" }, this.stage, this._earlier, this._later, this.tools.split, this.tools.hint, this.tools.film,
      h("div", { className: "under" }, this._caption, this.tools.element));
    this.frame.onfullscreenchange = () => {
      this.tools.updateFull();
      this.stage.reset();
    };
    this.attachShadow({ mode: "open" }).append(
      h("style", { textContent: STYLE + PICTURES_STYLE + Tools.STYLE }),
      this._buildHeader(text),
      h("main", {}, this.frame, this._chips, this._strip),
    );
  }

  /**
   * Build what is above the picture.
   * @param {(key: string) => string} text
   * @returns {HTMLElement}
   */
  _buildHeader(text) {
    const back = iconButton("back", text("back"), () => navigate(this.panel.wall));
    back.classList.add("directed");
    return h("header", {}, back, this._which);
  }

  /**
   * Show what an address says.
   * @param {string} sn
   * @param {string} [day]
   * @param {string} [time]
   */
  async open(sn, day, time) {
    const here = this.name?.split("/");
    if (this._sn === sn && here && (!day || here[1] === day) && (!time || here[2].startsWith(time))) return;
    if (this._sn !== sn) {
      this._sn = sn;
      this.name = undefined;
      this.days = new Days(this.panel, sn);
      this.news.begin(this.days);
      this.update();
    }
    const days = this.days;
    try {
      await days.load();
      // Pictures of days to come are of a clock that was wrong.
      const today = this.panel.texts.today();
      const wanted = day ?? (days.days.find((known) => known.day <= today) ?? days.days[0])?.day;
      if (days !== this.days) return;
      this._drawDays();
      if (wanted === undefined) return this.say("none");
      await this._openDay(wanted, time ?? "~");
    } catch (error) {
      this.stage.say(this.panel.texts.error(error));
    }
  }

  /**
   * Show a day, and a picture of it as soon as it is known.
   * @param {string} day
   * @param {string} time The beginning of a file's name; before all others, or after.
   */
  async _openDay(day, time) {
    const days = this.days;
    let shown = false;
    const show = () => {
      this._strip.fill(days.names);
      const found = days.find(time);
      // The earlier pages may have it, if it is not on this one.
      const early = found === days.names[0] && time !== "~";
      if (found && !shown && !early) {
        shown = true;
        this.choose(found);
      } else this._strip.select(this.name);
    };
    try {
      await days.open(day, show);
    } catch (error) {
      return this.stage.say(this.panel.texts.error(error));
    }
    if (days.day !== day || days !== this.days) return;
    this._drawDays();
    const looked = this.news.look();
    if (days.onlyNews) await looked;
    if (days.day === day && days === this.days && !shown) this.news.choose(time);
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
      if (!newest?.name || !this.days?.add(newest.name)) continue;
      if (newest.name.split("/")[1] === this.days.day) this.news.add();
      this._strip.select(this.name);
      this._drawDays();
    }
    this._describe();
  }

  /**
   * Show a picture.
   * @param {string} name
   */
  async choose(name) {
    const { images, texts } = this.panel;
    this.name = name;
    this._describe();
    this._strip.select(name);
    this.remember();
    try {
      const url = await images.picture(name);
      if (this.name === name) await this.stage.show(url, this.alt(name));
    } catch (/** @type {any} */ error) {
      if (this.name !== name) return;
      this.stage.say(error.gone ? texts.error(GONE) : texts.get("pictures.broken"));
    }
    if (this.name === name) this._fetchAhead();
  }

  /** Fetch what is likely to be looked at next. */
  _fetchAhead() {
    const at = this.days.names.indexOf(this.name ?? "");
    const ahead = this.tools.playing ? 8 : 2;
    const names = this.days.names.slice(Math.max(0, at - 1), at + 1 + ahead);
    for (const name of names) this.panel.images.picture(name).catch(() => undefined);
  }

  /**
   * Go on to the next picture of the day.
   * @param {number} step 1 for a later one, -1 for an earlier one.
   * @returns {Promise<boolean>} Whether there was one.
   */
  async step(step) {
    const { names } = this.days;
    const next = this.name && names[names.indexOf(this.name) + step];
    if (!next) return false;
    if (this.stage.scale > 1) this.stage.reset();
    await this.choose(next);
    return true;
  }

  /**
   * Go on to the next picture, which may be of another day.
   * @param {number} step
   */
  async go(step) {
    this.tools.stop();
    if (await this.step(step)) return;
    const day = this.days.neighbour(step);
    if (day !== undefined) await this._openDay(day, step > 0 ? "" : "~");
  }

  /** Say what is shown. */
  _describe() {
    const { texts } = this.panel;
    const name = this.name;
    if (!name) return;
    const [sn] = name.split("/");
    const { newest } = this.panel.cameraOf(sn) ?? {};
    const at = this.days.names.indexOf(name);
    const parts = [this.nameOf(sn), texts.when(name)];
    if (newest?.name === name && newest.origin) {
      parts.push(texts.get(newest.origin === "captured" ? "pictures.captured" : "pictures.uploaded"));
    }
    const position = texts.get("pictures.position", {
      position: texts.count(at + 1),
      total: texts.count(this.days.names.length),
    });
    const caption = parts.join(" · ");
    if (this._caption.dataset.of !== `${caption}${position}`) {
      this._caption.replaceChildren(caption, " ", h("small", {}, position));
      this._caption.dataset.of = `${caption}${position}`;
    }
    this._earlier.disabled = at <= 0 && this.days.neighbour(-1) === undefined;
    this._later.disabled = at === this.days.names.length - 1 && this.days.neighbour(1) === undefined;
    this.tools.update();
  }

  /**
   * Return what a camera is called.
   * @param {string} sn
   * @returns {string}
   */
  nameOf(sn) {
    return this.panel.cameraOf(sn)?.name ?? sn;
  }

  /**
   * Describe a picture to whoever does not see it.
   * @param {string} name
   * @returns {string}
   */
  alt(name) {
    const { texts } = this.panel;
    return texts.get("pictures.alt", { name: this.nameOf(name.split("/")[0]), time: texts.when(name) });
  }

  /**
   * Say why there is no picture.
   * @param {string} key
   */
  say(key) {
    this.name = undefined;
    this._caption.replaceChildren();
    this._strip.fill([]);
    this._strip.select(undefined);
    this._earlier.disabled = this._later.disabled = true;
    const removed = this._sn !== "all" && !this.panel.cameras.has(this._sn);
    this.stage.say(this.panel.texts.get(removed ? "pictures.no_camera" : `pictures.${key}`));
  }

  /** Offer the days there are. */
  _drawDays() {
    const { texts } = this.panel;
    const { days, day: current } = this.days;
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
  remember() {
    clearTimeout(this._address);
    this._address = setTimeout(() => {
      if (!this.name || this.tools.playing) return;
      const [, day, file] = this.name.split("/");
      const path = [this._sn, day, file.split(".")[0]].map((part) => encodeURIComponent(part ?? ""));
      history.replaceState(history.state, "", `/snapcam/${path.join("/")}`);
    }, ADDRESS_MILLISECONDS);
  }

  /**
   * Show that a picture is called otherwise now, or the one after it if it is gone.
   * @param {string} name
   * @param {string} [now]
   */
  change(name, now) {
    const at = this.days.names.indexOf(name);
    this.days.change(name, now);
    this._strip.fill(this.days.names);
    this._drawDays();
    const { names } = this.days;
    const next = now ?? names[at] ?? names[at - 1];
    if (next) return this.choose(next);
    this.name = undefined;
    return this.open(/** @type {string} */ (this._sn));
  }
}

const GONE = { translation_domain: "snapcam", translation_key: "picture_not_found" };

define("snapcam-pictures", SnapcamPictures);
