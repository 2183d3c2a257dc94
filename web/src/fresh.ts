// Keeps a page fresh without writing it twice: when the draft's socket tells of something that concerns the page, the page is
// fetched again, and what is marked `data-fresh` (with an id) is put in the place of the old. Where somebody fills in a form
// the old stays.

import { Link } from "./link";
import type { Incoming } from "./wire";

const GATHER = 150; // ms in which several frames make one fetch

/** Follow a draft's socket from act `seq` on; `concerns` says of which frames the page tells. Returns what fetches now. */
export function keepFresh(
  path: string, seq: number, concerns: (frame: Incoming) => boolean, renewed: (place: HTMLElement) => void,
): () => void {
  let timer: number | undefined;
  const soon = (): void => {
    timer ??= window.setTimeout(() => {
      timer = undefined; // not put off by what comes meanwhile: somebody may type for minutes
      void renew(renewed);
    }, GATHER);
  };
  const link = new Link(path, {
    heard(frame) {
      if ("seq" in frame && frame.t !== "fetched") seq = frame.seq;
      if (frame.t === "again") link.stop("again");
      if (frame.t === "again" || concerns(frame)) soon();
    },
    down(code) {
      if (code === 4401 || code === 4403 || code === 4404) link.stop("closed");
    },
    unreachable() {},
    seq: () => seq,
  });
  link.connect();
  return soon;
}


async function renew(renewed: (place: HTMLElement) => void): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll<HTMLElement>("[data-fresh]")) {
    const fresh = page.getElementById(old.id);
    if (!fresh || old.outerHTML === fresh.outerHTML || inUse(old)) continue;
    const place = document.importNode(fresh, true);
    old.replaceWith(place);
    renewed(place);
  }
}

/** Whether somebody is at work in a form there. */
function inUse(place: HTMLElement): boolean {
  if (place.querySelector("details[open] form")) return true;
  if (place.contains(document.activeElement) && document.activeElement?.closest("form")) return true;
  const fields = place.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>("input,textarea,select");
  return [...fields].some((field) => {
    if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected);
    return field.type !== "hidden" && (field.value !== field.defaultValue || isTicked(field));
  });
}

function isTicked(field: HTMLInputElement | HTMLTextAreaElement): boolean {
  return field instanceof HTMLInputElement && field.checked !== field.defaultChecked;
}
