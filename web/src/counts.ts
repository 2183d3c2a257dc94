// Keeps the counts of a consultation fresh while its page is open: the server is asked for the sums alone, with the mark of the
// last ones, and only when they differ the page is fetched again and its parts marked `data-fresh` put in place.

import { renew } from "./fresh";

const EVERY = 15_000; // ms between two looks, of a page that is looked at

/** Follow the counts at `address` (the page's own filter in it); `renewed` is told of each part that was put in place. */
export function keepCounted(address: string, renewed: (place: HTMLElement) => void = () => {}): void {
  let tag = "";
  const look = async (): Promise<void> => {
    if (document.hidden) return;
    const headers: Record<string, string> = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(address, { headers, cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return;
    const found = answer.headers.get("ETag") ?? "";
    if (tag && found !== tag) await renew(renewed);
    tag = found;
  };
  void look();
  window.setInterval(() => void look(), EVERY);
  document.addEventListener("visibilitychange", () => void look());
}
