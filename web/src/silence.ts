// The page of a draft's silence procedures: follows what happens to them. The countdown is site.ts's.

import { countDown, OVER } from "./countdown";
import { keepFresh } from "./fresh";

const WORDS = new Set<string>(["edit", "carry"]); // acts that change nothing here

const main = document.querySelector<HTMLElement>("#silence");
if (main) {
  const renew = keepFresh(
    main.dataset["socket"] ?? "",
    Number(main.dataset["seq"]),
    (frame) => (frame.t === "tick" ? (frame.acts ?? []).some((act) => !WORDS.has(act.k)) : (frame.t as string) === "floor"),
    countDown,
  );
  // The adoption is written down a moment after the deadline; the socket tells of it, unless the line is down just then.
  main.addEventListener(OVER, () => window.setTimeout(renew, 3000));
}

export {};
