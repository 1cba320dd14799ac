/** Looking at pictures by the keyboard. */

/**
 * Do what a key is for.
 * @param {any} view The pictures, with their days, stage and tools.
 * @param {KeyboardEvent} event
 */
export function press(view, event) {
  const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches?.("input, select, textarea, video")) return;
  const forwards = view.matches(":dir(rtl)") ? "ArrowLeft" : "ArrowRight";
  const backwards = view.matches(":dir(rtl)") ? "ArrowRight" : "ArrowLeft";
  const { names } = view.days;
  /** @type {Record<string, () => void>} */
  const keys = {
    [forwards]: () => view.go(1),
    [backwards]: () => view.go(-1),
    Home: () => view.choose(names[0]),
    End: () => view.choose(names[names.length - 1]),
    f: () => view.tools.toggleFull(),
    Escape: () => view.stage.reset(),
  };
  if (event.key === " " && !target.matches?.("button, a")) keys[" "] = () => view.tools.togglePlay();
  if (!(event.key in keys) || !names.length) return;
  event.preventDefault();
  keys[event.key]();
}
