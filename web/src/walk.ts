// From bracket to bracket through the text.

import { t } from "./i18n";

let at: Element | null = null;

/** Go to the next (1) or previous (-1) opening bracket, from the one last shown or from what is in sight. */
export function walkBrackets(direction: 1 | -1, went: (glyph: Element) => void = () => undefined): boolean {
  const glyphs = [...document.querySelectorAll("#doc .clause:not(.gone) .bk")].filter(
    (glyph) => glyph.textContent.includes("[") && !glyph.closest("del, [hidden]"),
  );
  if (!glyphs.length) return false;
  at?.closest(".br")?.classList.remove("at");
  const index = at?.isConnected ? glyphs.indexOf(at) + direction : inSight(glyphs, direction);
  const next = glyphs[(index + glyphs.length) % glyphs.length];
  if (!next) return false;
  at = next;
  next.closest(".br")?.classList.add("at");
  next.scrollIntoView({ block: "center" });
  const said = document.getElementById("bracket-count");
  if (said) said.textContent = t("{k} of {n} brackets", { k: glyphs.indexOf(next) + 1, n: glyphs.length });
  went(next);
  return true;
}

function inSight(glyphs: readonly Element[], direction: 1 | -1): number {
  const below = glyphs.findIndex((glyph) => glyph.getBoundingClientRect().top > 120);
  if (direction > 0) return below < 0 ? 0 : below;
  return (below < 0 ? glyphs.length : below) - 1;
}

/** To the next or previous clause; from nowhere, to the first that can be seen. */
export function walkClauses(doc: Element, direction: 1 | -1): HTMLElement | undefined {
  const sections = [...doc.querySelectorAll<HTMLElement>(".clause")];
  const now = sections.findIndex((section) => section.contains(document.activeElement));
  const seen = sections.findIndex((section) => section.getBoundingClientRect().bottom > 140);
  const next = sections[now < 0 ? Math.max(0, seen) : now + direction];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
  return next;
}
