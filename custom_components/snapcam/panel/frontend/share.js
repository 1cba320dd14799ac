/** Ways of a picture out of the panel. */

/**
 * Save a picture as a file; the apps of Home Assistant need an address that is signed.
 * @param {any} panel
 * @param {string} name
 * @param {string} title
 */
export async function download(panel, name, title) {
  const { path } = await panel.hass.callWS({
    type: "auth/sign_path",
    path: `${panel.images.url}/${name}`,
    expires: 60,
  });
  const link = document.createElement("a");
  link.href = path;
  link.download = `${title}${name.slice(name.lastIndexOf("."))}`;
  link.click();
}

/**
 * Hand a picture to another app.
 * @param {any} panel
 * @param {string} name
 * @param {string} title
 */
export async function share(panel, name, title) {
  const blob = await (await fetch(await panel.images.picture(name))).blob();
  const file = new File([blob], `${title}${name.slice(name.lastIndexOf("."))}`, { type: blob.type });
  await navigator.share({ title, files: [file] });
}

/**
 * Tell whether this browser can hand pictures to other apps.
 * @returns {boolean}
 */
export function canShare() {
  const file = new File([""], "picture.jpg", { type: "image/jpeg" });
  return navigator.canShare?.({ files: [file] }) ?? false;
}
