// The comparison: from change to change by key or button, with the map following.

import { inField } from "./keys";

const total = Number(document.getElementById("change-count")?.dataset["total"] ?? 0);
let now = 0;

function changes(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("section.pair[data-change]")];
}

function go(direction: 1 | -1): void {
  const all = changes();
  if (!all.length) return;
  const index = now ? all.findIndex((one) => one.dataset["change"] === String(now)) + direction : first(all, direction);
  const next = all[(index + all.length) % all.length];
  if (next) show(next);
}

/** From what is in sight: the first change below the bars, or the one above. */
function first(all: readonly HTMLElement[], direction: 1 | -1): number {
  const below = all.findIndex((one) => one.getBoundingClientRect().bottom > 160);
  if (direction > 0) return Math.max(0, below);
  return (below < 0 ? all.length : below) - 1;
}

function show(pair: HTMLElement): void {
  now = Number(pair.dataset["change"]);
  for (const old of document.querySelectorAll(".pair.now")) {
    old.classList.remove("now");
    old.removeAttribute("aria-current");
  }
  pair.classList.add("now");
  pair.setAttribute("aria-current", "true");
  pair.focus({ preventScroll: true });
  pair.scrollIntoView({ block: "center" });
  const said = document.getElementById("change-count");
  const strong = document.createElement("b");
  strong.textContent = String(now);
  said?.replaceChildren(strong, ` / ${total}`);
  for (const mark of document.querySelectorAll(".mini [data-change]")) {
    mark.classList.toggle("mm-now", mark.getAttribute("data-change") === String(now));
  }
}

document.getElementById("change-next")?.addEventListener("click", () => go(1));
document.getElementById("change-prev")?.addEventListener("click", () => go(-1));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
});
document.querySelector(".mini")?.addEventListener("click", (event) => {
  const change = event.target instanceof Element ? event.target.getAttribute("data-change") : null;
  const pair = change ? document.getElementById(`r-${change}`) : null;
  if (pair) show(pair);
});
