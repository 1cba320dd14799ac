/** The firmware that is rolled out: how far it is, and what can be done about it. */

import { h } from "./dom.js";

/** @import { RollingOut } from "./types.js" */

const STATUS = {
  running: "roll_out.running",
  paused: "roll_out.paused",
  stopped: "roll_out.stopped",
  aborted: "roll_out.aborted",
  finished: "roll_out.finished",
};

export class RollOut {
  static STYLE = `
  .rollout { margin: 12px 16px 0; padding: 12px 16px; border-radius: 12px;
    background: var(--card-background-color); border: 1px solid var(--divider-color); }
  .rollout.stopped { border-inline-start: 4px solid var(--error-color); }
  .rollout h2 { margin: 0; font-size: 16px; font-weight: 500; }
  .rollout progress { width: 100%; margin: 8px 0; }
  .rollout p { margin: 4px 0; }
  .rollout ul { margin: 8px 0; padding-inline-start: 20px; }
  .rollout .ways { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
  `;

  /**
   * Initialize with nothing to show.
   * @param {any} panel
   */
  constructor(panel) {
    const { texts } = panel;
    this.panel = panel;
    this._seen = false;
    this._title = h("h2");
    this._bar = h("progress", { "aria-label": texts.get("roll_out.progress") });
    this._counts = h("p", { role: "status" });
    this._failures = h("ul");
    this._error = h("p", { role: "alert", hidden: true });
    this._pause = this._way("pause_roll_out", texts.get("roll_out.pause"));
    this._resume = this._way("resume_roll_out", texts.get("roll_out.resume"));
    this._abort = this._way("abort_roll_out", texts.get("roll_out.abort"));
    this._ways = h("div", { className: "ways" }, this._pause, this._resume, this._abort);
    this.element = h("section", { className: "rollout", hidden: true },
      this._title, this._bar, this._counts, this._failures, this._error, this._ways);
  }

  /** Follow it; only administrators are told. */
  async start() {
    const { hass } = this.panel;
    if (this._stop || !hass.user.is_admin) return;
    let wanted = true;
    let stop = () => {};
    this._stop = () => {
      wanted = false;
      stop();
    };
    stop = await hass.connection.subscribeMessage(
      (/** @type {RollingOut | null} */ told) => this._show(told), { type: "snapcam/roll_out" });
    if (!wanted) stop();
  }

  /** Follow it no longer. */
  stop() {
    this._stop?.();
    this._stop = undefined;
  }

  /**
   * Show how far it is; one that had ended before is no news.
   * @param {RollingOut | null} told
   */
  _show(told) {
    const { texts } = this.panel;
    const isActive = told !== null && ["running", "paused", "stopped"].includes(told.status);
    this._seen ||= isActive;
    this.element.hidden = told === null || !this._seen;
    if (told === null) return;
    const { status, version, done, failed, skipped, installing, waiting, left } = told;
    this.element.classList.toggle("stopped", status === "stopped");
    this._title.textContent = texts.get(STATUS[status], { version });
    this._bar.max = done + failed + skipped + installing + waiting + left;
    this._bar.value = done + failed + skipped;
    this._counts.textContent = [
      texts.get("roll_out.done", { count: texts.count(done) }),
      texts.get("roll_out.failed", { count: texts.count(failed) }),
      texts.get("roll_out.installing", { count: texts.count(installing) }),
      texts.get("roll_out.waiting", { count: texts.count(waiting) }),
      texts.get("roll_out.left", { count: texts.count(left) }),
      ...(skipped ? [texts.get("roll_out.skipped", { count: texts.count(skipped) })] : []),
    ].join(" · ");
    this._failures.replaceChildren(...told.failures.map((failure) => h("li", {}, texts.error(failure))));
    this._failures.hidden = told.failures.length === 0;
    this._pause.hidden = status !== "running";
    this._resume.hidden = status === "running";
    this._ways.hidden = !isActive;
  }

  /**
   * Build a button that performs an action.
   * @param {string} action
   * @param {string} label
   * @returns {HTMLButtonElement}
   */
  _way(action, label) {
    const button = h("button", { type: "button", className: "chip" }, label);
    button.onclick = () => this._act(action, button);
    return button;
  }

  /**
   * Perform an action; to end it, only once somebody has confirmed that.
   * @param {string} action
   * @param {HTMLButtonElement} button
   */
  async _act(action, button) {
    const { hass, texts } = this.panel;
    if (button === this._abort && !window.confirm(texts.get("roll_out.abort_confirm"))) return;
    button.disabled = true;
    this._error.hidden = true;
    try {
      await hass.callWS({ type: "call_service", domain: "snapcam", service: action });
    } catch (caught) {
      this._error.textContent = texts.error(caught);
      this._error.hidden = false;
    }
    button.disabled = false;
  }
}
