/** The pictures of a camera, or of all, day by day, as far as they were asked for. */

/** @import { Day } from "./types.js" */

export class Days {
  /**
   * Initialize with nothing known.
   * @param {any} panel
   * @param {string} sn A camera's, or "all".
   */
  constructor(panel, sn) {
    this.panel = panel;
    this.sn = sn;
    /** @type {Day[]} */
    this.days = [];
    /** @type {string[]} All of the day, the earliest first. */
    this.all = [];
    /** @type {string[]} Those that are to be seen. */
    this.names = [];
    /** @type {string | undefined} */
    this.day = undefined;
    /** @type {Map<string, number>} How much is new, by what stays the same of a name. */
    this.news = new Map();
    this.onlyNews = false;
  }

  /** Find out which pictures are to be seen. */
  choose() {
    this.names = this.onlyNews ? this.all.filter((name) => this.isNew(name)) : this.all;
  }

  /**
   * Tell whether a picture is known to show something new.
   * @param {string} name
   * @returns {boolean}
   */
  isNew(name) {
    return this.news.has(timeOf(name));
  }

  /**
   * Ask what is new in the pictures of the day, a few at a time.
   * @param {() => void} onNews Called whenever more is known.
   */
  async look(onNews) {
    const { day } = this;
    for (let [more, before] = [true, -1]; more && this.day === day; ) {
      const { news, looked, more: left } = await this._ask("changes", { day });
      if (this.day !== day) return;
      // What cannot be compared with any before it may show anything.
      this.news = new Map(Object.entries(news).map(([name, change]) => [timeOf(name), change ?? 100]));
      this.choose();
      onNews();
      more = left && looked > before;
      before = looked;
    }
  }

  /** Ask which days there are. */
  async load() {
    const { days } = await this._ask("days", {});
    this.days = days;
  }

  /**
   * Ask for the pictures of a day, the latest first, page by page.
   * @param {string} day
   * @param {() => void} onPage Called whenever there are more.
   */
  async open(day, onPage) {
    this.day = day;
    this.all = [];
    this.news = new Map();
    this.choose();
    /** @type {string | undefined} */
    let before;
    for (let more = true; more && this.day === day; ) {
      const page = await this._ask("pictures", { day, ...(before ? { before } : {}) });
      if (this.day !== day) return;
      this.panel.images.url = page.url;
      this.all = [...page.pictures.toReversed(), ...this.all];
      this.choose();
      before = this.all[0];
      more = page.more;
      onPage();
    }
  }

  /**
   * Take in a new picture, and tell whether it belongs to the day that is shown.
   * @param {string} name
   * @returns {boolean}
   */
  add(name) {
    const [sn, day] = name.split("/");
    if (this.sn !== "all" && this.sn !== sn) return false;
    const known = this.days.find((other) => other.day === day);
    if (day !== this.day) {
      if (!known) this.days = [{ day, count: 1 }, ...this.days].sort((a, b) => (a.day < b.day ? 1 : -1));
      return !known;
    }
    if (this.all.some((other) => timeOf(other) === timeOf(name))) return false;
    this.all = [...this.all, name].sort((a, b) => (fileOf(a) < fileOf(b) ? -1 : 1));
    this.choose();
    if (known) known.count = Math.max(known.count, this.all.length);
    return true;
  }

  /**
   * Take in that a picture is called otherwise now, or is gone.
   * @param {string} name
   * @param {string} [renamed]
   */
  change(name, renamed) {
    this.all = this.all.flatMap((other) => (other !== name ? other : (renamed ?? [])));
    this.choose();
    const known = this.days.find(({ day }) => day === this.day);
    if (known) known.count = this.all.length;
    this.days = this.days.filter(({ count }) => count > 0);
  }

  /**
   * Return the picture of a link, or the one that is nearest to it in time.
   * @param {string} time The beginning of a file's name.
   * @returns {string | undefined}
   */
  find(time) {
    const before = this.names.findLast((name) => fileOf(name) < time);
    return this.names.find((name) => fileOf(name).startsWith(time)) ?? before ?? this.names[0];
  }

  /**
   * Return the day before or after one that has pictures.
   * @param {number} step 1 for the later one, -1 for the earlier one.
   * @returns {string | undefined}
   */
  neighbour(step) {
    const at = this.days.findIndex(({ day }) => day === this.day);
    return at < 0 ? undefined : this.days[at - step]?.day;
  }

  /**
   * Ask Home Assistant.
   * @param {string} command
   * @param {object} more
   * @returns {Promise<any>}
   */
  _ask(command, more) {
    const sn = this.sn === "all" ? {} : { sn: this.sn };
    return this.panel.hass.callWS({ type: `snapcam/${command}`, ...sn, ...more });
  }
}

/**
 * Return the file of a picture.
 * @param {string} name
 * @returns {string}
 */
export function fileOf(name) {
  return name.slice(name.lastIndexOf("/") + 1);
}

/**
 * Return what of a picture's name stays the same, kept or not.
 * @param {string} name
 * @returns {string}
 */
function timeOf(name) {
  // A serial number may have dots, too.
  return name.slice(0, name.indexOf(".", name.lastIndexOf("/")));
}

/**
 * Tell whether a picture survives all limits.
 * @param {string} name
 * @returns {boolean}
 */
export function isKept(name) {
  return fileOf(name).includes(".kept.");
}

/**
 * Return the name of a picture once it is kept, or is not any more.
 * @param {string} name
 * @param {boolean} kept
 * @returns {string}
 */
export function renamed(name, kept) {
  return name.replace(/(\.kept)?(\.\w+)$/, kept ? ".kept$2" : "$2");
}
