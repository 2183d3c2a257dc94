// The chair's desk: made anew by the server whenever something on it changed.

import { keepFresh } from "./fresh";

const main = document.querySelector<HTMLElement>("main[data-socket]");
if (main) {
  const concerns = (frame: { t: string; acts?: readonly unknown[] }): boolean =>
    frame.t === "floor" || (frame.t === "tick" && (frame.acts?.length ?? 0) > 0);
  keepFresh(main.dataset["socket"] ?? "", Number(main.dataset["seq"]), concerns, () => undefined);
}
