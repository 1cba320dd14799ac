/** The panel: follows the cameras, and shows the wall or the pictures of one. */

import { define, h, STYLE } from "./dom.js";
import { Images } from "./images.js";
import { Texts } from "./texts.js";

/** @import { Camera, Hass } from "./types.js" */

const AHEAD_MILLISECONDS = 1000;

const VIEWS = {
  "snapcam-wall": () => import("./wall.js"),
  "snapcam-pictures": () => import("./pictures.js"),
};

const OWN_ADDRESS = /^\/snapcam(\/|$)/;
const PATIENCE_SECONDS = 5;

/** How many panels are shown in this window. */
let shown = 0;

class SnapcamPanel extends HTMLElement {
  constructor() {
    super();
    /** @type {Map<string, Camera>} */
    this.cameras = new Map();
    this.images = new Images(() => /** @type {Hass} */ (this._hass));
    /** @type {any} */
    this._view = null;
    /** Where the wall is, as it was last shown. */
    this.wall = "/snapcam";
    this._loaded = false;
    this._error = h("p", { className: "notice", role: "alert", hidden: true });
    this._place = h("div");
    this.attachShadow({ mode: "open" }).append(
      h("style", { textContent: STYLE }),
      this._error,
      this._place,
    );
  }

  /** @param {Hass} hass */
  set hass(hass) {
    const former = this._hass;
    this._hass = hass;
    if (former?.locale !== hass.locale || former?.language !== hass.language) this._loadTexts();
    if (former?.connected !== hass.connected) this._view?.update?.();
  }

  get hass() {
    return /** @type {Hass} */ (this._hass);
  }

  /** @param {boolean} narrow */
  set narrow(narrow) {
    this._narrow = narrow;
    this.toggleAttribute("narrow", narrow);
    this._view?.toggleAttribute("narrow", narrow);
    this._view?.update();
  }

  /** @param {{ path: string }} route */
  set route(route) {
    this._path = route.path;
    this._show();
  }

  connectedCallback() {
    shown += 1;
    this._subscribe();
    this._show();
  }

  disconnectedCallback() {
    shown -= 1;
    if (OWN_ADDRESS.test(location.pathname)) comeBack();
    this._unsubscribe?.();
    this._unsubscribe = undefined;
    this._view?.remove();
    this._view = null;
    this._loaded = false;
    this.images.clear();
  }

  /** Read all texts in the user's language. */
  async _loadTexts() {
    const hass = this.hass;
    await hass.loadBackendTranslation("exceptions", "snapcam");
    const localize = await hass.loadBackendTranslation("config_panel", "snapcam");
    this.texts = new Texts(hass, localize);
    this._view?.remove();
    this._view = null;
    this._show();
  }

  /** Follow the cameras; after Home Assistant was away, it tells all of them again. */
  async _subscribe() {
    if (this._unsubscribe) return;
    let wanted = true;
    let stop = () => {};
    this._unsubscribe = () => {
      wanted = false;
      stop();
    };
    try {
      stop = await this.hass.connection.subscribeMessage((event) => this._told(event), {
        type: "snapcam/cameras",
      });
      if (!wanted) stop();
    } catch (error) {
      this._unsubscribe = undefined;
      this._error.hidden = false;
      this._error.textContent = this.texts?.error(error) ?? "";
    }
  }

  /**
   * Take in what is new of the cameras.
   * @param {any} event
   */
  _told(event) {
    if (event.cameras) this.cameras = new Map();
    for (const camera of event.cameras ?? event.changed) this.cameras.set(camera.sn, camera);
    for (const sn of event.removed ?? []) this.cameras.delete(sn);
    this._loaded = true;
    if (this._view) this._view.update(event.changed);
    else this._show();
  }

  /**
   * Return the camera that has a picture: perhaps one that has taken another one's place.
   * @param {string} name Of the picture, which begins with a serial number.
   * @returns {import("./types.js").Camera | undefined}
   */
  cameraOf(name) {
    const sn = name.split("/")[0];
    return this.cameras.get(sn) ?? [...this.cameras.values()].find(({ former }) => former.includes(sn));
  }

  /** Show what the address says, once all is there that it needs. */
  async _show() {
    if (!this.isConnected || !this.texts || !this._loaded) return;
    const [sn, day, time] = (this._path ?? "").split("/").filter(Boolean).map(decodeURIComponent);
    const tag = sn ? "snapcam-pictures" : "snapcam-wall";
    await VIEWS[tag]();
    if (!this.isConnected) return;
    if (this._view?.localName !== tag) {
      this._view?.remove();
      this._view = document.createElement(tag);
      this._view.panel = this;
      this._view.toggleAttribute("narrow", this._narrow ?? false);
      this._place.replaceChildren(this._view);
    }
    this._view.open?.(sn && (this.cameraOf(sn)?.sn ?? sn), day, time);
    // From the wall people mostly go on to the pictures of a camera.
    if (!sn) setTimeout(VIEWS["snapcam-pictures"], AHEAD_MILLISECONDS);
  }
}

/**
 * Load the page anew if it does not show the panel again once Home Assistant is back.
 *
 * While it starts, its page takes the panel away until the integration is set up. That it
 * often fails to bring it back is a fault of the page, and who has the wall on a tablet in
 * the hall would have to find out.
 */
function comeBack() {
  let seconds = 0;
  const timer = setInterval(() => {
    if (shown || !OWN_ADDRESS.test(location.pathname)) return clearInterval(timer);
    /** @type {any} */
    const home = document.querySelector("home-assistant");
    const { connected, config, panels } = home?.hass ?? {};
    // A window that nobody has looked at for minutes has no panel, either.
    const due = connected && config.state === "RUNNING" && panels.snapcam && !document.hidden;
    seconds = due ? seconds + 1 : 0;
    if (seconds >= PATIENCE_SECONDS) location.reload();
  }, 1000);
}

define("snapcam-panel", SnapcamPanel);
