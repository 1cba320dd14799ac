/**
 * What the panel is told, and what of Home Assistant it uses.
 *
 * @typedef {object} Newest
 * @property {string | null} name Below the folder of all pictures; null if not stored.
 * @property {string} time
 * @property {"uploaded" | "captured" | null} origin
 *
 * @typedef {object} Camera
 * @property {string} sn
 * @property {string[]} former The serial numbers of those whose place it has taken.
 * @property {string} name
 * @property {string | null} area
 * @property {string | null} area_id
 * @property {{ label_id: string, name: string }[]} labels
 * @property {Record<"camera" | "image" | "event" | "button", string | null>} entities
 * @property {boolean | null} online
 * @property {boolean | null} connected
 * @property {string | null} last_seen
 * @property {Newest | null} newest
 *
 * @typedef {object} Removed
 * @property {string} sn
 * @property {number} count Of its pictures.
 * @property {number} size Of all of them together, in bytes.
 *
 * @typedef {object} Day
 * @property {string} day
 * @property {number} count
 *
 * @typedef {object} Film
 * @property {string} title
 * @property {string} url
 *
 * @typedef {object} FilmNews
 * @property {number | null} percent Of the video that is being made; below 0 if it waits.
 * @property {string | null} made The name of the one that was made last.
 * @property {any} error
 * @property {boolean} [may_make] Whether the user may make one.
 * @property {Film[]} [films] All of the day, if they may be others now.
 *
 * @typedef {object} Connection
 * @property {(callback: (message: any) => void, message: object) => Promise<() => void>} subscribeMessage
 *
 * @typedef {object} Hass
 * @property {Connection} connection
 * @property {boolean} connected
 * @property {Record<string, { state: string, attributes: Record<string, any> }>} states
 * @property {{ time_zone: string }} config
 * @property {{ is_admin: boolean }} user
 * @property {string} language
 * @property {any} locale
 * @property {any} localize
 * @property {<T>(message: object) => Promise<T>} callWS
 * @property {(domain: string, service: string, data: object, target: object, notify: boolean, response: boolean) => Promise<any>} callService
 * @property {(path: string, init?: RequestInit) => Promise<Response>} fetchWithAuth
 * @property {(category: string, integration: string) => Promise<any>} loadBackendTranslation
 */
/**
 * A firmware that is rolled out, with how many cameras are how far.
 * @typedef {object} RollingOut
 * @property {"running" | "paused" | "stopped" | "aborted" | "finished"} status
 * @property {string} version
 * @property {number} done
 * @property {number} failed
 * @property {number} skipped
 * @property {number} installing
 * @property {number} waiting
 * @property {number} left
 * @property {object[]} failures Errors, each with its key and what its text names.
 */

export {};
