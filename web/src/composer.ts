// Commenting on words: a selection in a clause, being edited or not, becomes the place of a new comment; and the words that
// comments stand on are marked in the text (with CSS highlights, which leave the markup alone).

import { button, el } from "./dom";
import { t } from "./i18n";
import { placeAt, positionOf, rangeOf } from "./places";
import { live } from "./redline";
import type { Session } from "./session";
import type { Sheet } from "./sheet";
import type { ThreadView } from "./wire";

/** Words of a clause, UTF-16 positions of its confirmed text. */
export interface Words {
  readonly clause: string;
  readonly from: number;
  readonly to: number;
  readonly quote: string;
}

export class Composer {
  private readonly form = document.querySelector<HTMLFormElement>("#new-thread");
  private readonly quote = document.getElementById("new-quote");
  private readonly offer: HTMLButtonElement;
  private now: string | null = null; // the thread being looked at
  private due = 0;

  constructor(
    private readonly session: Session,
    private readonly sheet: Sheet,
    private readonly threads: () => readonly ThreadView[],
  ) {
    this.offer = button(t("Comment"), () => this.onSelection(), { icon: "talk", class: "btn sel-comment" });
    this.offer.hidden = true;
    this.offer.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    document.body.append(this.offer);
    document.addEventListener("selectionchange", () => this.offerHere());
    this.form?.addEventListener("posted", () => this.clear());
    this.form?.querySelector("select[name=clause]")?.addEventListener("change", () => this.clear(false));
    const rail = document.getElementById("comments");
    for (const type of ["mouseover", "focusin"]) rail?.addEventListener(type, (event) => this.look(event.target));
    rail?.addEventListener("mouseleave", () => this.look(null));
  }

  /** The thread being looked at, for the editor's marks. */
  get looking(): string | null {
    return this.now;
  }

  /** Begin a comment on words, or on a clause as a whole. */
  start(clause: string | null, words: Words | null): void {
    if (!this.form) return;
    this.clear(false);
    this.offer.hidden = true;
    const select = this.form.querySelector<HTMLSelectElement>("select[name=clause]");
    if (select && clause) {
      if (![...select.options].some((one) => one.value === clause)) select.append(el("option", { value: clause }, this.sheet.called(clause)));
      select.value = clause;
    }
    if (words) {
      this.set({ place: "span", from: String(words.from), to: String(words.to), number: String(this.session.replica.clause(words.clause)?.number ?? 0) });
      if (this.quote) {
        const drop = button(t("Comment on the whole clause"), () => this.clear(false), { class: "link" });
        this.quote.replaceChildren(el("span", { dir: "auto" }, words.quote), " ", drop);
        this.quote.hidden = false;
      }
    }
    this.form.scrollIntoView({ block: "nearest" });
    this.form.querySelector("textarea")?.focus();
  }

  /** The selected words of a clause that is not being edited. */
  selected(): Words | null {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const root = parentText(range.commonAncestorContainer);
    const clause = root?.closest<HTMLElement>(".clause:not(.gone)")?.dataset["clause"];
    if (!root || !clause) return null;
    const text = live(this.session.shown(clause));
    const from = positionOf(root, text, range.startContainer, range.startOffset);
    const to = positionOf(root, text, range.endContainer, range.endOffset);
    return from < to ? this.words(clause, from, to, text.slice(from, to)) : null;
  }

  /** Words at positions of what is shown here, with what is not yet confirmed. */
  words(clause: string, from: number, to: number, quote: string): Words {
    const back = this.session.cells.get(clause)?.composed()?.invertedDesc;
    return { clause, from: back ? back.mapPos(from, 1) : from, to: back ? back.mapPos(to, -1) : to, quote };
  }

  /** The position in a clause's text under the pointer. */
  positionAt(root: Element, clause: string, x: number, y: number): number {
    const place = placeAt(x, y);
    const text = live(this.session.shown(clause));
    return place && root.contains(place.node) ? positionOf(root, text, place.node, place.offset) : text.length;
  }

  /** Mark the words that comments stand on, some time soon. */
  mark(): void {
    this.due ||= window.setTimeout(() => {
      this.due = 0;
      this.highlight();
    }, 120);
  }

  private highlight(): void {
    if (!("highlights" in CSS)) return;
    const all: StaticRange[] = [];
    const now: StaticRange[] = [];
    for (const thread of this.threads()) {
      if (thread.resolved || !thread.clause) continue;
      for (const range of this.ranges(thread)) (thread.id === this.now ? now : all).push(range);
    }
    CSS.highlights.set("comment", new Highlight(...all));
    CSS.highlights.set("comment-now", new Highlight(...now));
  }

  private ranges(thread: ThreadView): StaticRange[] {
    const clause = this.session.replica.clauses.find((one) => one.anchors.has(thread.id));
    const { from = null, to = null } = clause?.anchors.get(thread.id) ?? {};
    const root = clause && this.sheet.section(clause.id)?.querySelector<HTMLElement>(".t:not([hidden])");
    if (!clause || !root || from === null || to === null || from >= to) return [];
    const range = rangeOf(root, live(this.session.shown(clause.id)), from, to);
    return range ? [new StaticRange(range)] : [];
  }

  private look(target: EventTarget | null): void {
    const thread = target instanceof Element ? target.closest<HTMLElement>(".thread")?.dataset["thread"] ?? null : null;
    if (thread === this.now) return;
    this.now = thread;
    this.mark();
    document.dispatchEvent(new CustomEvent("adref:looking"));
  }

  private onSelection(): void {
    const words = this.selected();
    if (words) this.start(words.clause, words);
  }

  private offerHere(): void {
    const words = this.session.data.you.may.comment ? this.selected() : null;
    this.offer.hidden = words === null;
    const box = words ? getSelection()?.getRangeAt(0).getBoundingClientRect() : null;
    if (!box) return;
    this.offer.style.left = `${box.right + scrollX}px`;
    this.offer.style.top = `${box.bottom + scrollY + 6}px`;
  }

  private clear(all = true): void {
    this.set({ place: "", from: "", to: "", number: "" });
    if (this.quote) this.quote.hidden = true;
    if (all) this.form?.reset();
  }

  private set(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) {
      const input = this.form?.querySelector<HTMLInputElement>(`input[name=${name}]`);
      if (input) input.value = value;
    }
  }
}

function parentText(node: Node): HTMLElement | null {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest<HTMLElement>("#doc .t") ?? null;
}
