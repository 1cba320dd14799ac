/** What people read: texts of Home Assistant's translations, times, names of days. */

/** @import { Hass } from "./types.js" */

const UNITS = /** @type {const} */ ([
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
]);

export class Texts {
  /**
   * Initialize for one language.
   * @param {Hass} hass
   * @param {(key: string, values?: Record<string, string | number>) => string} localize
   */
  constructor(hass, localize) {
    const language = hass.locale?.language ?? hass.language;
    this.localize = localize;
    this.language = language;
    this.zone = hass.config.time_zone;
    const format = hass.locale?.time_format;
    const hour12 = format === "12" ? true : format === "24" ? false : undefined;
    const utc = { timeZone: "UTC" };
    this._time = new Intl.DateTimeFormat(format === "system" ? undefined : language, {
      ...utc,
      hour: "numeric",
      minute: "2-digit",
      second: "2-digit",
      ...(hour12 === undefined ? {} : { hour12 }),
    });
    this._hour = new Intl.DateTimeFormat(language, {
      ...utc,
      hour: "numeric",
      ...(hour12 === undefined ? {} : { hour12 }),
      ...(hour12 === false ? { minute: "2-digit" } : {}),
    });
    this._weekday = new Intl.DateTimeFormat(language, { ...utc, weekday: "short", day: "numeric" });
    this._date = new Intl.DateTimeFormat(language, { ...utc, day: "numeric", month: "short", year: "numeric" });
    this._relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    this._count = new Intl.NumberFormat(language);
    this._today = new Intl.DateTimeFormat("en-CA", {
      timeZone: this.zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
  }

  /**
   * Return a text of the panel.
   * @param {string} key
   * @param {Record<string, string | number>} values
   * @returns {string}
   */
  get(key, values = {}) {
    return this.localize(`component.snapcam.config_panel.${key}`, values);
  }

  /**
   * Return what an error says in words.
   * @param {any} error
   * @returns {string}
   */
  error(error) {
    const { translation_domain: domain, translation_key: key } = error ?? {};
    const values = error?.translation_placeholders ?? {};
    const text = key && this.localize(`component.${domain}.exceptions.${key}.message`, values);
    return text || error?.message || String(error);
  }

  /**
   * Return today's date where Home Assistant is.
   * @returns {string}
   */
  today() {
    return this._today.format(new Date());
  }

  /**
   * Return a number of things.
   * @param {number} number
   * @returns {string}
   */
  count(number) {
    return this._count.format(number);
  }

  /**
   * Return a share of the whole.
   * @param {number} percent
   * @returns {string}
   */
  percent(percent) {
    return new Intl.NumberFormat(this.language, { style: "percent" }).format(percent / 100);
  }

  /**
   * Return how large something is.
   * @param {number} bytes
   * @returns {string}
   */
  size(bytes) {
    const [unit, number] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
    const format = { style: /** @type {const} */ ("unit"), unit, maximumFractionDigits: number < 10 ? 1 : 0 };
    return new Intl.NumberFormat(this.language, format).format(number);
  }

  /**
   * Return what a day is called.
   * @param {string} day
   * @returns {string}
   */
  day(day) {
    const date = new Date(`${day}T00:00:00Z`);
    const ago = Math.round((Date.parse(`${this.today()}T00:00:00Z`) - date.getTime()) / 86400000);
    if (ago === 0 || ago === 1) return this._begin(this._relative.format(-ago, "day"));
    return (ago > 1 && ago < 28 ? this._weekday : this._date).format(date);
  }

  /**
   * Return the time in the name of a picture, by Home Assistant's clock.
   * @param {string} file
   * @returns {string}
   */
  time(file) {
    const [hours, minutes, seconds] = [0, 2, 4].map((at) => Number(file.slice(at, at + 2)));
    return this._time.format(Date.UTC(2000, 0, 1, hours, minutes, seconds));
  }

  /**
   * Return what an hour of the day is called.
   * @param {number} hour
   * @returns {string}
   */
  hour(hour) {
    return this._hour.format(Date.UTC(2000, 0, 1, hour));
  }

  /**
   * Return when a picture was taken.
   * @param {string} name
   * @returns {string}
   */
  when(name) {
    const [, day, file] = name.split("/");
    return `${this.day(day)} ${this.time(file)}`;
  }

  /**
   * Return how long ago something was.
   * @param {string} time
   * @returns {string}
   */
  ago(time) {
    const [unit, number] = split(time);
    return this._begin(this._relative.format(unit === "second" ? 0 : -number, unit));
  }

  /**
   * Return a text as it is at the beginning of a line.
   * @param {string} text
   * @returns {string}
   */
  _begin(text) {
    return text.charAt(0).toLocaleUpperCase(this.language) + text.slice(1);
  }

  /**
   * Return how long something has lasted.
   * @param {string} since
   * @returns {string}
   */
  lasting(since) {
    const [unit, number] = split(since);
    return new Intl.NumberFormat(this.language, { style: "unit", unit, unitDisplay: "short" }).format(number);
  }
}

/**
 * Return the largest unit of the time since something, and how many of it.
 * @param {string} since
 * @returns {[(typeof UNITS)[number][0], number]}
 */
function split(since) {
  // A clock that is wrong has nothing to say of the future.
  const seconds = Math.max(0, (Date.now() - Date.parse(since)) / 1000);
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return [unit, Math.floor(seconds / size)];
  }
  return ["second", 0];
}
