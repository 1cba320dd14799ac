/** The cameras that are not set up any more, as long as there are pictures of them. */

import { h, navigate } from "./dom.js";

/** @import { Removed } from "./types.js" */

export class RemovedCameras {
  static STYLE = `
  .removed { padding: 8px 16px 24px; }
  .removed h2 { margin: 8px 0; font-size: 16px; font-weight: 500; }
  .removed ul { list-style: none; margin: 0; padding: 0; border-radius: 12px;
    background: var(--card-background-color); border: 1px solid var(--divider-color); }
  .removed li { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; padding: 4px 16px;
    min-height: 52px; }
  .removed li + li { border-top: 1px solid var(--divider-color); }
  .removed a { flex: 1 1 auto; padding: 10px 0; text-decoration: underline; }
  .removed small { color: var(--secondary-text-color); font-size: 14px; }
  .removed p { margin: 0; flex-basis: 100%; }
  :host([narrow]) .removed { padding-inline: 12px; }
  `;

  /**
   * Initialize with nothing to show.
   * @param {any} panel
   */
  constructor(panel) {
    this.panel = panel;
    /** @type {string | undefined} */
    this._known = undefined;
    this._list = h("ul");
    this.element = h("section", { className: "removed", hidden: true },
      h("h2", {}, panel.texts.get("wall.removed")), this._list);
  }

  /**
   * Ask again which there are, if other cameras are set up now.
   * @param {Iterable<string>} sns
   */
  async update(sns) {
    const known = [...sns].sort().join();
    if (this._known === known) return;
    this._known = known;
    await this.load();
  }

  /** Ask which there are, and show them. */
  async load() {
    const { hass } = this.panel;
    try {
      const { cameras } = await hass.callWS({ type: "snapcam/removed" });
      this._list.replaceChildren(...cameras.map((/** @type {Removed} */ camera) => this._row(camera)));
    } catch {
      // A folder that does not answer is told of where its pictures are looked at.
      this._list.replaceChildren();
    }
    this.element.hidden = this._list.children.length === 0;
  }

  /**
   * Build what is shown of a camera.
   * @param {Removed} camera
   * @returns {HTMLElement}
   */
  _row({ sn, count, size }) {
    const { hass, texts } = this.panel;
    const path = `/snapcam/${encodeURIComponent(sn)}`;
    const holds = texts.get("wall.removed_holds", { count: texts.count(count), size: texts.size(size) });
    const error = h("p", { role: "alert", hidden: true });
    const remove = h("button", { type: "button", className: "chip", hidden: !hass.user.is_admin,
      "aria-label": `${texts.get("wall.delete_all")}: ${sn}` }, texts.get("wall.delete_all"));
    remove.onclick = () => this._delete(sn, holds, remove, error);
    const link = h("a", { href: path }, sn);
    link.onclick = (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      navigate(path);
    };
    return h("li", {}, link, h("small", {}, holds), remove, error);
  }

  /**
   * Delete all there is of a camera, once somebody has confirmed it.
   * @param {string} sn
   * @param {string} holds
   * @param {HTMLButtonElement} button
   * @param {HTMLElement} error
   */
  async _delete(sn, holds, button, error) {
    const { hass, texts } = this.panel;
    if (!window.confirm(texts.get("wall.delete_all_confirm", { sn, holds }))) return;
    button.disabled = true;
    try {
      await hass.callWS({ type: "snapcam/delete_removed", sn });
      await this.load();
    } catch (caught) {
      error.textContent = texts.error(caught);
      error.hidden = button.disabled = false;
    }
  }
}
