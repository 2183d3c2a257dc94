// Small helps on every page: forms that send themselves when a choice is made, times in the reader's zone, and the tabs of a
// narrow screen.

import { countDown } from "./countdown";

countDown(document);

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosubmit]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

for (const input of document.querySelectorAll<HTMLInputElement>("input[readonly][data-copy]")) {
  input.addEventListener("focus", () => input.select());
}

// Menus close when the focus or the pointer goes elsewhere.
for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu")) {
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

// One part of the room at a time, where only one fits (css/room.css).
const tabs = document.querySelectorAll<HTMLAnchorElement>(".tabs a[data-tab]");
for (const tab of tabs) {
  tab.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.dataset["tab"] = tab.dataset["tab"] ?? "";
    for (const other of tabs) other.removeAttribute("aria-current");
    tab.setAttribute("aria-current", "true");
    document.querySelector<HTMLElement>(tab.hash)?.focus();
  });
}
document.querySelector("#outline")?.addEventListener("click", () => {
  if (document.body.dataset["tab"] === "outline") document.querySelector<HTMLElement>('.tabs a[data-tab="text"]')?.click();
});

export {};
