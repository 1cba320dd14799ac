/** Pictures and their small versions, fetched as somebody who has logged in. */

/** @import { Hass } from "./types.js" */

/** Keep the last few of what was fetched, and forget the rest. */
class Shelf {
  /**
   * Initialize empty.
   * @param {number} size How many are kept.
   */
  constructor(size) {
    this.size = size;
    /** @type {Map<string, Promise<string>>} */
    this.kept = new Map();
  }

  /**
   * Return the address of an image in this window.
   * @param {string} key
   * @param {() => Promise<string>} fetch
   * @returns {Promise<string>}
   */
  get(key, fetch) {
    let found = this.kept.get(key);
    if (found) {
      this.kept.delete(key);
    } else {
      found = fetch();
      found.catch(() => this.kept.delete(key));
    }
    this.kept.set(key, found);
    for (const [oldest, url] of this.kept) {
      if (this.kept.size <= this.size) break;
      this.kept.delete(oldest);
      release(url);
    }
    return found;
  }

  /** Forget all. */
  clear() {
    for (const url of this.kept.values()) release(url);
    this.kept.clear();
  }
}

export class Images {
  /**
   * Initialize with nothing fetched.
   * @param {() => Hass} hass Returns Home Assistant as it is now.
   */
  constructor(hass) {
    this.hass = hass;
    this.url = "/media/local/snapcam";
    this.full = new Shelf(24);
    this.thumbnails = new Shelf(400);
  }

  /**
   * Return the address of a picture in this window.
   * @param {string} name
   * @returns {Promise<string>}
   */
  picture(name) {
    return this.full.get(name, () => this.fetch(`${this.url}/${name}`));
  }

  /**
   * Return the address of a small version in this window.
   * @param {string} name
   * @param {number} width
   * @returns {Promise<string>}
   */
  thumbnail(name, width = 320) {
    const path = `/api/snapcam/thumbnail/${name}?width=${width}`;
    return this.thumbnails.get(path, () => this.fetch(path));
  }

  /**
   * Fetch an image.
   * @param {string} path
   * @returns {Promise<string>}
   */
  async fetch(path) {
    const response = await this.hass().fetchWithAuth(path);
    if (!response.ok) throw new ImageError(response.status);
    return URL.createObjectURL(await response.blob());
  }

  /** Let go of all memory. */
  clear() {
    this.full.clear();
    this.thumbnails.clear();
  }
}

/** An image could not be fetched. */
export class ImageError extends Error {
  /**
   * Initialize with why.
   * @param {number} status
   */
  constructor(status) {
    super(`status ${status}`);
    this.gone = status === 404;
  }
}

/**
 * Let go of the memory of an image.
 * @param {Promise<string>} url
 */
function release(url) {
  url.then(URL.revokeObjectURL, () => undefined);
}
