// What comes in from others never moves the line under the reader: above it the page is scrolled along, and a line tells how many
// places changed there.

import { button, el } from "./dom";
import { t } from "./i18n";

export class Arrivals {
  private readonly above = new Set<Element>();
  private readonly line: HTMLElement;

  constructor(private readonly text: HTMLElement) {
    this.line = document.body.appendChild(el("div", { class: "above-says", hidden: true }));
    document.addEventListener("scroll", () => this.seen(), { passive: true });
  }

  /** Do what changes the page, and keep what is being read where it is. */
  still(work: () => void): void {
    const mark = this.read();
    const before = mark?.getBoundingClientRect().top ?? 0;
    work();
    if (!mark?.isConnected) return;
    const shift = mark.getBoundingClientRect().top - before;
    if (Math.abs(shift) > 1) window.scrollBy({ top: shift, behavior: "instant" });
  }

  /** These have changed: tell of those that are above what can be seen. */
  came(nodes: readonly Element[]): void {
    for (const node of nodes) if (isAbove(node)) this.above.add(node);
    this.show();
  }

  /** What the reader is at: the open editor, or the first line that can be seen. */
  private read(): Element | undefined {
    const editor = this.text.querySelector(".cm-editor");
    if (editor && !isAbove(editor) && editor.getBoundingClientRect().top < window.innerHeight) return editor;
    return [...this.text.querySelectorAll(".clause > .body > .t:not([hidden]), .prop")].find((node) => !isAbove(node));
  }

  private seen(): void {
    if (!this.above.size) return;
    for (const node of this.above) if (!node.isConnected || !isAbove(node)) this.above.delete(node);
    this.show();
  }

  private show(): void {
    const n = this.above.size;
    this.line.hidden = n === 0;
    if (!n) return;
    const said = n === 1 ? t("1 change above") : t("{n} changes above", { n });
    const go = (): void => [...this.above].pop()?.scrollIntoView({ block: "center" });
    if (this.line.textContent !== said) this.line.replaceChildren(button(said, go, { icon: "up", class: "btn" }));
  }
}

function isAbove(node: Element): boolean {
  const bars = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
  return node.getBoundingClientRect().bottom < bars;
}
