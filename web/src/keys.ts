// Keys outside text fields, and the list of them.

import { el } from "./dom";
import { t } from "./i18n";

/** What a key does, and how the list says it. */
export interface Key {
  readonly keys: readonly string[]; // KeyboardEvent.key
  readonly shown: string;
  readonly says: string;
  readonly run: ((event: KeyboardEvent) => boolean) | null; // true: dealt with; null: only listed
}

/** Hear the keys. Those that go into a field or an editor are not ours, but for F6. */
export function listen(keys: readonly Key[]): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key !== "F6" && inField(event.target)) return;
    const key = keys.find((one) => one.run && one.keys.includes(event.key));
    if (key?.run?.(event)) event.preventDefault();
  });
}

export function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select, dialog *"));
}

/** Show the list of keys. */
export function showKeys(keys: readonly Key[]): void {
  document.querySelector("dialog.keys-list")?.remove();
  const close = el("button", { type: "button", class: "btn" }, t("Close"));
  const list = el("dl", { class: "keys-dl" });
  for (const { shown, says } of keys) list.append(el("div", {}, el("dt", {}, el("kbd", {}, shown)), el("dd", {}, says)));
  const dialog = el("dialog", { class: "keys-list", "aria-labelledby": "keys-h" }, el("h2", { id: "keys-h", class: "h3" }, t("Keys")), list, close);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** F6 and Shift+F6: outline, text, comments. */
export function nextRegion(back: boolean): boolean {
  const regions = ["outline-rail", "text", "comments"].map((id) => document.getElementById(id));
  const there = regions.filter((node): node is HTMLElement => node !== null && node.offsetParent !== null);
  const now = there.findIndex((node) => node.contains(document.activeElement));
  const next = there[(now + (back ? -1 : 1) + there.length) % there.length] ?? there[0];
  next?.focus();
  return next !== undefined;
}
