/** What is new in the pictures of a day: marks on the line of its hours, and a way to see only these. */

export class News {
  /**
   * Follow the day that a view shows.
   * @param {any} view
   * @param {any} strip
   */
  constructor(view, strip) {
    this.view = view;
    this.strip = strip;
    this._only = false;
    strip.addEventListener("only", (/** @type {CustomEvent<boolean>} */ event) => this._toggle(event.detail));
  }

  /**
   * Have the days of a camera seen as those before them; all cameras together are too many to look at.
   * @param {import("./days.js").Days} days
   */
  begin(days) {
    this.strip.mayChoose = days.sn !== "all";
    days.onlyNews = this._only && this.strip.mayChoose;
  }

  /** Look at the pictures of the day, and show what is found; without it all else can be seen. */
  async look() {
    const { days } = this.view;
    this.strip.mark(days);
    if (!this.strip.mayChoose) return;
    await days.look(() => this._show(days)).catch(() => undefined);
  }

  /** Take in a new picture of the day. */
  add() {
    this.strip.fill(this.view.days.names);
    this.look();
  }

  /**
   * Show the picture that is nearest to a time, or say that there is none.
   * @param {string} time The beginning of a file's name.
   */
  choose(time) {
    const { days } = this.view;
    const name = days.find(time);
    if (name) this.view.choose(name);
    else this.view.say(days.all.length ? "none_changed" : "none_day");
  }

  /**
   * Show what is known by now.
   * @param {import("./days.js").Days} days
   */
  _show(days) {
    if (days !== this.view.days) return;
    this.strip.mark(days);
    if (!days.onlyNews) return;
    this.strip.fill(days.names);
    this.strip.select(this.view.name);
  }

  /**
   * Show only what is new, or all again, and stay as close to the picture that is shown as possible.
   * @param {boolean} on
   */
  _toggle(on) {
    const { view } = this;
    const { days } = view;
    this._only = days.onlyNews = on;
    days.choose();
    this.strip.fill(days.names);
    this.choose(view.name?.split("/")[2] ?? "~");
  }
}
