/** The videos of a day: to make one, to play them and to save them. */

import { define, h, iconButton, STYLE } from "./dom.js";

/** @import { Film, FilmNews } from "./types.js" */

const SIGNED_SECONDS = 86400;

const FILM_STYLE = `
  :host { padding: 8px 16px 12px; background: var(--card-background-color); overflow-y: auto;
    border-top: 1px solid var(--divider-color); flex: 0 1 auto; max-height: 60%; }
  ul { list-style: none; margin: 0; padding: 0; }
  li { display: flex; align-items: center; gap: 8px; }
  li .title { flex: 1; min-height: 44px; text-align: start; text-decoration: underline; }
  li[aria-current="true"] .title { font-weight: 500; text-decoration: none; }
  p { margin: 8px 0; }
  .error { color: var(--error-color); }
  .row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
  .row progress { flex: 1 1 160px; }
  .row button { min-height: 44px; padding: 0 18px; border-radius: 22px; font-weight: 500;
    border: 1px solid var(--outline-color, var(--divider-color)); }
  :host([playing]) { display: flex; flex-direction: column; padding-top: 0; border-top: 0; }
  video { display: block; flex: 1; min-height: 120px; margin: 0 -16px 8px; background: #000; }
`;

class SnapcamFilm extends HTMLElement {
  /** @type {any} */
  panel;
  /** @type {Film[]} */
  _films = [];
  /** @type {string | undefined} */
  _key;
  /** @type {Promise<() => void> | undefined} */
  _following;
  /** Whether somebody here waits for the one that is being made. */
  _waits = false;

  connectedCallback() {
    if (!this.shadowRoot) this._build();
  }

  disconnectedCallback() {
    this._leave();
  }

  /** Build what is always there. */
  _build() {
    const text = (/** @type {string} */ key) => this.panel.texts.get(`film.${key}`);
    this._video = h("video", { controls: true, playsInline: true, hidden: true });
    this._video.onerror = () => this._video.hasAttribute("src") && this._fail(text("broken"));
    this._list = h("ul", { "aria-label": text("open") });
    this._none = h("p", {}, text("none"));
    this._make = h("button", { type: "button", onclick: () => this._order("make_film") }, text("make"));
    this._cancel = h("button", { type: "button", onclick: () => this._order("cancel_film") }, text("cancel"));
    this._bar = h("progress", { max: 100 });
    this._says = h("span", { id: "says" });
    this._bar.setAttribute("aria-labelledby", "says");
    this._making = h("div", { className: "row", hidden: true }, this._says, this._bar, this._cancel);
    this._ready = h("p", { className: "quiet", role: "status" });
    this._error = h("p", { className: "error", role: "alert", hidden: true });
    this.attachShadow({ mode: "open" }).append(
      h("style", { textContent: STYLE + FILM_STYLE }),
      this._video, this._list, this._none, this._error, h("div", { className: "row" }, this._make), this._making, this._ready,
    );
  }

  /**
   * Follow the videos of a day, as long as they are to be seen.
   * @param {string} sn
   * @param {string} [day]
   */
  follow(sn, day) {
    const key = this.hidden || sn === "all" || !day ? undefined : `${sn}/${day}`;
    if (key === this._key) return;
    this._leave();
    this._key = key;
    if (key === undefined) return;
    this._of = { sn, day };
    this._fail("");
    this._make.hidden = this._none.hidden = this._making.hidden = true;
    const { connection } = this.panel.hass;
    const told = (/** @type {FilmNews} */ news) => this._key === key && this._take(news);
    this._following = connection.subscribeMessage(told, { type: "snapcam/films", ...this._of });
    this._following?.catch((error) => this._key === key && this._fail(this.panel.texts.error(error)));
  }

  /** Show no video, but what there is. */
  rest() {
    if (!this._video?.hidden) this._show(undefined);
  }

  /** Follow nothing any more. */
  _leave() {
    // A connection that is lost has nothing to be told.
    this._following?.then((stop) => stop()).catch(() => undefined);
    this._key = this._following = undefined;
    this._waits = false;
    this._films = [];
    this._list?.replaceChildren();
    this._show(undefined);
  }

  /**
   * Take in what is new.
   * @param {FilmNews} news
   */
  _take({ percent, made, error, films, may_make }) {
    const { texts } = this.panel;
    const focused = this.shadowRoot?.activeElement;
    if (may_make !== undefined) this._mayMake = may_make;
    const busy = percent !== null;
    this._making.hidden = !busy || !this._mayMake;
    this._make.hidden = busy || !this._mayMake;
    if (busy) this._progress(percent);
    this._fail(error ? texts.error(error) : "");
    if (films) this._draw(films);
    this._none.hidden = busy || this._films.length > 0;
    if (!busy && this._waits) this._finish(made, error);
    if (busy && focused === this._make) this._cancel.focus();
    if (!busy && focused === this._cancel) this._make.focus();
  }

  /**
   * Show how much is done.
   * @param {number} percent
   */
  _progress(percent) {
    const { texts } = this.panel;
    const waiting = percent < 0;
    if (waiting) this._bar.removeAttribute("value");
    else this._bar.value = percent;
    this._says.textContent = waiting ? texts.get("film.waiting") : texts.get("film.making", { percent: texts.percent(percent) });
    this._ready.textContent = "";
  }

  /**
   * Play the one that somebody here has waited for.
   * @param {string | null} made
   * @param {any} error
   */
  _finish(made, error) {
    this._waits = false;
    // Another browser has cancelled it, or this is another run of Home Assistant.
    if (!made && !error) this._fail(this.panel.texts.get("film.stopped"));
    const film = made && this._films.find(({ url }) => url.endsWith(`/${made}`));
    if (!film) return;
    this._ready.textContent = this.panel.texts.get("film.ready");
    this._play(film);
  }

  /**
   * List the videos there are.
   * @param {Film[]} films
   */
  _draw(films) {
    this._films = films;
    const { texts } = this.panel;
    this._list.replaceChildren(...films.map((film) => {
      const { title, url } = film;
      const play = h("button", { type: "button", className: "title", onclick: () => this._play(film) }, title);
      play.setAttribute("aria-label", texts.get("film.play", { title }));
      const save = iconButton("download", texts.get("film.download", { title }), () => this._save(film));
      return h("li", { "data-url": url }, play, save);
    }));
  }

  /**
   * Play a video.
   * @param {Film} film
   */
  async _play(film) {
    const key = this._key;
    try {
      const path = await this._sign(film);
      if (key !== this._key) return;
      this._show(path, film);
      await this._video.play();
    } catch (/** @type {any} */ error) {
      // A browser may want a tap first, and says itself what it cannot play.
      if (!(error instanceof DOMException)) this._fail(this.panel.texts.error(error));
    }
  }

  /**
   * Save a video as a file.
   * @param {Film} film
   */
  async _save(film) {
    try {
      const name = `${this.panel.cameraOf(this._of?.sn)?.name ?? this._of?.sn} ${film.title.replaceAll(":", "")}`;
      const download = name + film.url.slice(film.url.lastIndexOf("."));
      h("a", { href: await this._sign(film), download }).click();
    } catch (error) {
      this._fail(this.panel.texts.error(error));
    }
  }

  /**
   * Return an address of a video that needs no log-in.
   * @param {Film} film
   * @returns {Promise<string>}
   */
  async _sign({ url }) {
    const { path } = await this.panel.hass.callWS({ type: "auth/sign_path", path: url, expires: SIGNED_SECONDS });
    return path;
  }

  /**
   * Show a video, or none.
   * @param {string | undefined} path
   * @param {Film} [film]
   */
  _show(path, film) {
    if (!this._video) return;
    this._fail("");
    this._video.hidden = path === undefined;
    this.toggleAttribute("playing", path !== undefined);
    if (path === undefined) {
      this._video.removeAttribute("src");
      this._video.load();
    } else this._video.src = path;
    for (const row of this._list.children) row.setAttribute("aria-current", String(row.dataset.url === film?.url));
  }

  /**
   * Have a video made, or give it up.
   * @param {"make_film" | "cancel_film"} command
   */
  async _order(command) {
    this._fail("");
    this._waits = command === "make_film";
    try {
      await this.panel.hass.callWS({ type: `snapcam/${command}`, ...this._of });
    } catch (error) {
      this._fail(this.panel.texts.error(error));
    }
  }

  /**
   * Say what is wrong.
   * @param {string} text Empty if nothing is.
   */
  _fail(text) {
    if (!this._error) return;
    this._error.textContent = text;
    this._error.hidden = !text;
  }
}

define("snapcam-film", SnapcamFilm);
