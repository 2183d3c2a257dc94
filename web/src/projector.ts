// The wall: follows the chair's clause, and is made anew by the server whenever something on it changed. Whoever stands at
// the machine may turn pages (J and K, the arrow keys); F goes back to following the chair.

import { keepFresh } from "./fresh";
import type { Incoming } from "./wire";

const first = document.querySelector<HTMLElement>("#hall");

function hall(): DOMStringMap {
  return document.querySelector<HTMLElement>("#hall")?.dataset ?? {};
}

/** The address says which clause is looked at; without one the server takes the chair's. */
function follows(): boolean {
  return !new URLSearchParams(location.search).has("clause");
}

function concerns(frame: Incoming): boolean {
  if (frame.t === "floor") return true;
  if (frame.t !== "tick" && frame.t !== "welcome") return false;
  if (frame.shown && follows() && !(hall()["clauses"] ?? "").split(" ").includes(frame.shown)) return true;
  return frame.t === "tick" && (frame.acts?.length ?? 0) > 0;
}

if (first) {
  const fetchNow = keepFresh(first.dataset["socket"] ?? "", Number(first.dataset["seq"]), concerns, () => undefined);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const step = key === "j" || key === "arrowdown" ? "after" : key === "k" || key === "arrowup" ? "before" : "";
    if (step === "" && key !== "f") return;
    event.preventDefault();
    const clause = step ? (hall()[step] ?? "") : "";
    if (step && !clause) return;
    history.replaceState(null, "", clause ? `?clause=${encodeURIComponent(clause)}` : location.pathname);
    fetchNow();
  });
}
