// The tip of a bracket: whose it is, why it stands, and what can be done about it. Shown for the bracket under the pointer, round
// the caret, or gone to by keys; Esc closes it, the pointer may enter it, and on a phone it is a sheet above the tabs.

import type { EditorView } from "@codemirror/view";
import { pairAround, pairOf, pairs, type Pair } from "./brackets";
import { button, el } from "./dom";
import { t } from "./i18n";
import type { BracketView } from "./floor";
import { placeAt, positionOf, rangeOf } from "./places";
import type { Said } from "./wire";

/** What the tip needs of the room. Positions are those of the clause's text as it is shown here. */
export interface Desk {
  text(clause: string): string;
  called(clause: string): string;
  /** The number of brackets that open in the clauses before this one. */
  before(clause: string): number;
  notes(clause: string, glyph: number): BracketView[];
  reasons(): readonly (readonly [value: string, name: string])[];
  clauses(): readonly (readonly [id: string, name: string])[];
  mayLift(clause: string): boolean;
  maySay(): boolean;
  mine(): { readonly id: string; readonly name: string };
  lift(clause: string, glyph: number): Promise<void>;
  say(clause: string, glyph: number, said: Said): Promise<void>;
  /** The editor of the clause, when it is open. */
  editor(clause: string): EditorView | null;
  /** The focus goes back to the text. */
  leave(): void;
}

interface Place {
  readonly clause: string;
  readonly pair: Pair;
  readonly by: "pointer" | "caret" | "keys";
}

const DWELL = 180; // ms that the pointer rests before the tip comes
const LINGER = 320; // ms that it stays when the pointer has left
const NARROW = matchMedia("(max-width: 48rem)");

export class Tip {
  private readonly said = el("div", { "aria-live": "polite" });
  private readonly tools = el("div", { class: "row row-wrap" });
  private readonly box = el("div", { class: "tip bracket-tip", id: "bracket-tip", role: "group", "aria-label": t("Bracket") }, this.said, this.tools);
  private shown: Place | null = null;
  private dismissed = ""; // the bracket that was closed with Esc, until the caret is elsewhere
  private form: HTMLFormElement | null = null;
  private timer: number | undefined;
  private says = "";

  constructor(
    private readonly desk: Desk,
    doc: HTMLElement,
  ) {
    document.body.append(this.box);
    doc.addEventListener("pointermove", (event) => this.moved(event));
    doc.addEventListener("pointerleave", () => this.away());
    doc.addEventListener("click", (event) => this.clicked(event));
    this.box.addEventListener("pointerenter", () => window.clearTimeout(this.timer));
    this.box.addEventListener("pointerleave", () => this.away());
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
  }

  get open(): boolean {
    return this.shown !== null;
  }

  // ── what brings it ──

  /** The caret is at a place of the clause that is open; `at` null: somewhere else, or words are selected. */
  caret(clause: string, at: number | null): void {
    if (this.busy) return;
    const pair = at === null ? null : pairAround(this.desk.text(clause), at);
    if (!pair) {
      this.dismissed = "";
      if (this.shown?.by === "caret") this.hide();
      return;
    }
    if (this.dismissed !== name(clause, pair)) this.show({ clause, pair, by: "caret" });
  }

  /** A bracket was gone to. */
  walked(glyph: Element): void {
    const place = this.ofGlyph(glyph);
    if (place) this.show({ ...place, by: "keys" });
  }

  /** Go into the tip: its form, else its first button. */
  enter(): boolean {
    if (!this.shown) return false;
    this.box.querySelector<HTMLElement>("select, button, a")?.focus();
    return true;
  }

  /** The text or what is said of it changed: what is shown is to be true. */
  refresh(): void {
    if (!this.shown || this.busy) return;
    const { clause, pair, by } = this.shown;
    const now = pairs(this.desk.text(clause)).find((one) => one.from === pair.from && one.depth === pair.depth);
    if (now) this.show({ clause, pair: now, by });
    else this.hide();
  }

  private moved(event: PointerEvent): void {
    if (event.pointerType === "touch" || event.buttons) return;
    const { target } = event;
    const marked = target instanceof Element ? target.closest(".br, .bk") : null;
    if (!marked || marked.closest("del, .gone")) {
      this.away();
      return;
    }
    window.clearTimeout(this.timer);
    const { clientX, clientY } = event;
    this.timer = window.setTimeout(() => {
      const place = this.under(marked, clientX, clientY);
      if (place && !this.busy) this.show({ ...place, by: "pointer" });
    }, DWELL);
  }

  private clicked(event: MouseEvent): void {
    const { target } = event;
    const marked = target instanceof Element ? target.closest(".br, .bk") : null;
    if (!marked || marked.closest("del, .gone, .edit")) return;
    const place = this.under(marked, event.clientX, event.clientY);
    if (place && !this.busy) this.show({ ...place, by: "pointer" });
  }

  private away(): void {
    window.clearTimeout(this.timer);
    if (this.shown?.by !== "pointer" || this.busy) return;
    this.timer = window.setTimeout(() => {
      if (this.shown?.by === "pointer" && !this.busy) this.hide();
    }, LINGER);
  }

  /** Whether somebody is writing in it, or has gone into it. */
  private get busy(): boolean {
    return this.form !== null || (this.shown !== null && this.box.contains(document.activeElement));
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.shown || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    const inside = this.box.contains(document.activeElement);
    this.dismissed = name(this.shown.clause, this.shown.pair);
    this.hide();
    if (inside) this.desk.leave();
  }

  // ── which bracket ──

  private under(marked: Element, x: number, y: number): Omit<Place, "by"> | null {
    if (marked.matches(".bk")) {
      const found = this.ofGlyph(marked);
      if (found) return found;
    }
    const clause = marked.closest<HTMLElement>(".clause")?.dataset["clause"];
    if (clause === undefined) return null;
    const text = this.desk.text(clause);
    const root = marked.closest<HTMLElement>(".t");
    const place = root ? placeAt(x, y) : null;
    const inText = root && place && root.contains(place.node) ? positionOf(root, text, place.node, place.offset) : null;
    const at = inText ?? this.desk.editor(clause)?.posAtCoords({ x, y });
    const pair = at === undefined || at === null ? null : pairAround(text, at);
    return pair && { clause, pair };
  }

  private ofGlyph(glyph: Element): Omit<Place, "by"> | null {
    const clause = glyph.closest<HTMLElement>(".clause")?.dataset["clause"];
    const root = glyph.closest<HTMLElement>(".t, .cm-content");
    if (clause === undefined || !root) return null;
    const glyphs = [...root.querySelectorAll(".bk")].filter((one) => !one.closest("del"));
    const text = this.desk.text(clause);
    const at = [...text.matchAll(/[[\]]/g)][glyphs.indexOf(glyph)]?.index;
    const pair = at === undefined ? null : pairOf(text, at);
    return pair && { clause, pair };
  }

  // ── showing ──

  private show(place: Place): void {
    window.clearTimeout(this.timer);
    this.shown = place;
    this.form = null;
    const [words, buttons] = [this.words(place), this.buttons(place)];
    const says = [...words, ...buttons].map((node) => node.outerHTML).join("");
    if (says !== this.says || !this.box.classList.contains("open")) {
      this.says = says; // nothing is announced twice while somebody types
      this.said.replaceChildren(...words);
    }
    this.tools.replaceChildren(...buttons); // they act on the place of now
    this.box.classList.add("open");
    this.put(place);
  }

  private hide(): void {
    window.clearTimeout(this.timer);
    this.shown = null;
    this.form = null;
    this.box.classList.remove("open");
  }

  private words({ clause, pair }: Place): HTMLElement[] {
    if (!pair.depth) {
      const said = this.desk.notes(clause, pair.from).map((note) => this.note(note));
      return [el("b", {}, t("This bracket has no partner in the clause.")), ...said];
    }
    const opening = this.desk.text(clause).slice(0, pair.from).split("[").length;
    const head = t("Bracket {n} · depth {depth}", { n: this.desk.before(clause) + opening, depth: pair.depth });
    const said = this.desk.notes(clause, pair.from).map((note) => this.note(note));
    return [el("b", {}, head), ...(said.length ? said : [el("span", { class: "mute" }, t("Nobody said whose it is."))])];
  }

  private note(note: BracketView): HTMLElement {
    const line = el("p", { class: "bracket-note" }, el("span", { class: "seat", title: note.owner.name }, note.owner.code), " ");
    line.append(this.desk.reasons().find(([value]) => value === note.reason)?.[1] ?? note.reason);
    if (note.link) line.append(": ", el("a", { href: `#c-${note.link}` }, el("bdi", {}, this.desk.called(note.link))));
    if (note.private) line.append(" ", el("span", { class: "tag" }, t("your party only")));
    if (note.words) line.append(el("span", { class: "mute", dir: "auto" }, note.words));
    return line;
  }

  private buttons(place: Place): HTMLElement[] {
    const { clause, pair } = place;
    const out: HTMLElement[] = [];
    if (this.desk.mayLift(clause)) out.push(button(t("Lift this bracket"), () => void this.lift(place), { class: "link" }));
    if (this.desk.maySay() && this.desk.text(clause)[pair.from] === "[") {
      out.push(button(t("Whose is it, why"), () => this.ask(place), { class: "link" }));
    }
    return out;
  }

  private async lift({ clause, pair }: Place): Promise<void> {
    this.hide();
    this.desk.leave();
    await this.desk.lift(clause, pair.from);
  }

  // ── saying whose ──

  private ask(place: Place): void {
    const party = this.desk.mine();
    const mine = this.desk.notes(place.clause, place.pair.from).find((note) => note.owner.id === party.id);
    const reason = select("reason", this.desk.reasons(), mine?.reason ?? "contentious");
    const link = select("link", [["", "–"], ...this.desk.clauses()], mine?.link ?? "");
    const words = el("input", { class: "input", name: "words", maxlength: "500", dir: "auto", value: mine?.words ?? "" });
    const own = el("input", { type: "checkbox", name: "private", value: "1", checked: mine?.private ?? false });
    const linked = el("label", { class: "field" }, t("Clause it is linked to"), link);
    const follow = (): void => void (linked.hidden = reason.value !== "linked");
    reason.addEventListener("change", follow);
    follow();
    const form = el(
      "form",
      { class: "stack-s" },
      el("label", { class: "field" }, t("Reason"), reason),
      linked,
      el("label", { class: "field" }, t("In words"), words),
      el("label", { class: "row" }, own, t("Reason and words for {party} only", { party: party.name })),
      el("div", { class: "row" }, el("button", { type: "submit", class: "btn" }, t("Say so")), button(t("Cancel"), () => this.show(place), { class: "link" })),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const told = { reason: reason.value, link: reason.value === "linked" ? link.value || null : null, words: words.value.trim(), private: own.checked };
      void this.tell(place, told);
    });
    this.form = form;
    this.tools.replaceChildren(form);
    this.put(place);
    reason.focus();
  }

  private async tell(place: Place, said: Said): Promise<void> {
    const { clause, pair } = place;
    await this.desk.say(clause, pair.from, said);
    this.form = null;
    this.desk.leave();
    this.refresh();
  }

  // ── where ──

  /** Under the bracket; under the whole clause while that is open, so that it covers nothing that is being written. */
  private put({ clause, pair }: Place): void {
    const { style } = this.box;
    if (NARROW.matches) {
      style.removeProperty("left");
      style.removeProperty("top");
      return;
    }
    const editor = this.desk.editor(clause);
    const glyph = editor ? editor.coordsAtPos(pair.from) : this.glyph(clause, pair);
    const bottom = editor ? editor.dom.getBoundingClientRect().bottom : (glyph?.bottom ?? 0);
    const most = document.documentElement.clientWidth - this.box.offsetWidth - 12;
    style.left = `${Math.max(12, Math.min(glyph?.left ?? 12, most)) + scrollX}px`;
    style.top = `${bottom + scrollY + 6}px`;
  }

  private glyph(clause: string, pair: Pair): DOMRect | null {
    const root = document.getElementById(`c-${clause}`)?.querySelector<HTMLElement>(".t");
    return (root && rangeOf(root, this.desk.text(clause), pair.from, pair.from + 1)?.getBoundingClientRect()) ?? null;
  }
}

function name(clause: string, pair: Pair): string {
  return `${clause} ${pair.from}`;
}

function select(called: string, options: readonly (readonly [string, string])[], chosen: string): HTMLSelectElement {
  const node = el("select", { class: "select tall", name: called, autocomplete: "off" });
  for (const [value, label] of options) node.append(el("option", { value, selected: value === chosen }, label));
  return node;
}
