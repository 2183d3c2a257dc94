// The comparison: from change to change by key or button with the map following, links to rows, and the wait for a
// long one. All of it stands in the page already; without this script the links and forms do the same.

import { inField } from "./keys";

const counter = document.getElementById("change-count");
let now: HTMLElement | null = null;

/** What the filter leaves, in reading order. */
function changes(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("section.pair[data-change]")];
}

function go(direction: 1 | -1): void {
  const all = changes();
  if (!all.length) return;
  const at = now ? all.indexOf(now) + direction : first(all, direction);
  const next = all[(at + all.length) % all.length];
  if (next) show(next);
}

/** From what is in sight: the first change below the bars, or the one above. */
function first(all: readonly HTMLElement[], direction: 1 | -1): number {
  const below = all.findIndex((one) => one.getBoundingClientRect().bottom > 160);
  if (direction > 0) return Math.max(0, below);
  return (below < 0 ? all.length : below) - 1;
}

function show(pair: HTMLElement): void {
  mark(pair);
  pair.focus({ preventScroll: true });
  pair.scrollIntoView({ block: "center" });
}

function mark(pair: HTMLElement): void {
  now = pair;
  for (const old of document.querySelectorAll(".pair.now")) {
    old.classList.remove("now");
    old.removeAttribute("aria-current");
  }
  pair.classList.add("now");
  pair.setAttribute("aria-current", "true");
  const strong = document.createElement("b");
  strong.textContent = String(changes().indexOf(pair) + 1);
  counter?.replaceChildren(strong, ` / ${counter.dataset["total"] ?? ""}`);
  for (const one of document.querySelectorAll(".mini [data-change]")) {
    one.classList.toggle("mm-now", one.getAttribute("data-change") === pair.dataset["change"]);
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
  const pair = change ? document.querySelector<HTMLElement>(`section.pair[data-change="${Number(change)}"]`) : null;
  if (pair) show(pair);
});

/** A link that leads to a row: it may stand in a fold, or be a part of a clause that was split. */
function follow(): void {
  const name = decodeURIComponent(location.hash.slice(1));
  const target = name.startsWith("r-") ? document.getElementById(name) : null;
  if (!target) return;
  const fold = target.closest("details");
  if (fold) fold.open = true;
  const pair = target.closest<HTMLElement>("section.pair");
  if (pair?.dataset["change"]) mark(pair);
  target.scrollIntoView({ block: "center" });
}

window.addEventListener("hashchange", follow);
follow();

// ── the link of what one looks at ──

document.getElementById("copy-link")?.addEventListener("click", (event) => {
  if (event.currentTarget instanceof HTMLElement) void copy(event.currentTarget);
});

async function copy(button: HTMLElement): Promise<void> {
  const link = now?.querySelector<HTMLAnchorElement>("a.perma")?.href ?? location.href;
  let said = button.dataset["live"] ?? button.dataset["said"] ?? "";
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    history.replaceState(null, "", link); // no clipboard here
    said = button.dataset["lies"] ?? "";
  }
  const line = document.getElementById("link-said");
  if (!line) return;
  line.textContent = said;
  line.hidden = false;
}

// ── waiting for a long one ──

const wait = document.querySelector<HTMLProgressElement>("progress[data-ask]");

async function look(progress: HTMLProgressElement): Promise<void> {
  const answer = await fetch(progress.dataset["ask"] ?? "", { headers: { Accept: "application/json" } });
  const told = (await answer.json()) as { done?: boolean; percent?: number; says?: string };
  if (!answer.ok || told.done) {
    location.reload(); // the page tells the result, or what is wrong
    return;
  }
  progress.value = told.percent ?? 0;
  const percent = document.getElementById("wait-percent");
  if (percent) percent.textContent = told.says ?? "";
}

if (wait) {
  const again = (): void => {
    look(wait).then(
      () => setTimeout(again, 500),
      () => setTimeout(again, 3000), // the network is away; it comes back
    );
  };
  setTimeout(again, 500);
}
