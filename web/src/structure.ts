// What keys and tools do to the structure: adding, splitting, joining, moving, shaping clauses. These are commands to the server,
// asked for when the clause's text is confirmed; what is typed meanwhile waits and goes where it was meant to go.

import type { Cell } from "./cells";
import type { Editor } from "./editor";
import { t } from "./i18n";
import type { ClauseKind } from "./numbering";
import type { Clause } from "./replica";
import type { Session } from "./session";
import { NotDone } from "./undone";

/** What structure needs of the room. */
export interface Floor {
  open(clause: string, at: number): void;
  notice(text: string): void;
  keep(clause: string, words: string): void; // into the box of words kept aside
}

interface Place {
  readonly clause: string;
  readonly at: number;
}

export class Structure {
  private hold: string | null = null; // typed while a command is under way; a line break is Enter

  constructor(
    private readonly session: Session,
    private readonly editor: Editor,
    private readonly floor: Floor,
  ) {}

  get holding(): boolean {
    return this.hold !== null;
  }

  /** Words typed while a command is under way wait. True when they do. */
  held(text: string): boolean {
    if (this.hold === null) return false;
    this.hold += text.replace(/\s*\n\s*/g, " ");
    return true;
  }

  /** Backspace while a command is under way takes back what waits. */
  unhold(): void {
    if (this.hold !== null) this.hold = [...this.hold].slice(0, -1).join("");
  }

  /** Enter: a new clause at the end, a cut in the middle. */
  enter(): boolean {
    if (this.whole()) return true;
    if (this.hold !== null) {
      this.hold += "\n";
      return true;
    }
    const { view, cell } = this.editor;
    if (!view || !cell) return false;
    const { from, to, empty } = view.state.selection.main;
    if (!empty) this.editor.change(cell, from, to, "", from);
    void this.during(cell, () => this.cutOrAdd(cell));
    return true;
  }

  /** A proposal's own text is one clause and stays it. Says so, and whether it is one. */
  private whole(): boolean {
    if (this.session.single) this.floor.notice(t("A proposal is one clause: its words can change, nothing else."));
    return this.session.single;
  }

  private async cutOrAdd(cell: Cell): Promise<Place> {
    await this.session.confirmed(cell);
    const at = cell.state.selection.main.head;
    if (at < cell.state.doc.length) {
      const [act] = await this.session.ask({ t: "split", clause: cell.clause, number: cell.number, at });
      return { clause: act?.b?.into ?? cell.clause, at: 0 };
    }
    return { clause: await this.insert(cell.clause, [""]), at: 0 };
  }

  /** A new clause behind the one being edited, wherever the caret is. */
  add(): void {
    const { cell } = this.editor;
    if (cell) void this.during(cell, async () => ({ clause: await this.insert(cell.clause, [""]), at: 0 }));
  }

  /** New clauses behind one, of its kind. Gives the id of the last. */
  private async insert(after: string, texts: string[]): Promise<string> {
    const clause = this.session.replica.clause(after);
    const { kind, depth } = this.following(clause);
    const acts = await this.session.ask({ t: "insert", after, kind, depth, lang: clause?.lang ?? "", texts });
    return acts[acts.length - 1]?.c ?? after;
  }

  /** What a clause added behind this one is: the same, but behind a heading what stands there. */
  private following(clause: Clause | undefined): { kind: ClauseKind; depth: number } {
    if (!clause) return { kind: "operative", depth: 0 };
    if (clause.kind !== "heading") return clause;
    const standing = this.session.replica.standing();
    const next = standing[standing.indexOf(clause) + 1];
    return next && next.kind !== "heading" && next.kind !== "sub" ? { kind: next.kind, depth: 0 } : { kind: "operative", depth: 0 };
  }

  /** Backspace at the very start: the clause goes on the end of the one before. */
  joinBack(): boolean {
    const { cell } = this.editor;
    if (!cell) return false;
    const before = this.neighbour(cell.clause, -1);
    if (!before) return false;
    void this.during(cell, () => this.join(cell.clause, before.id));
    return true;
  }

  /** Delete at the very end: the next clause comes up. */
  joinNext(): boolean {
    const { cell } = this.editor;
    if (!cell) return false;
    const next = this.neighbour(cell.clause, 1);
    if (!next) return false;
    void this.during(cell, () => this.join(next.id, cell.clause));
    return true;
  }

  /** The selected words in brackets, by command: it is logged as what it is, and the bracket is one's party's. */
  bracket(): void {
    const { cell } = this.editor;
    if (cell) void this.during(cell, () => this.putBracket(cell));
  }

  private async putBracket(cell: Cell): Promise<Place> {
    await this.session.confirmed(cell);
    const { clause, number } = cell;
    const { from: start, to: end } = cell.state.selection.main;
    const words = cell.state.sliceDoc(start, end);
    await this.session.ask({
      t: "bracket", clause, number, start, end, reason: "contentious", link: null, words: "", private: false,
    });
    return { clause, at: end + 1 - (words.length - words.trimEnd().length) };
  }

  private async join(clause: string, before: string): Promise<Place> {
    for (const id of [clause, before]) {
      const cell = this.session.cells.get(id);
      if (cell) await this.session.confirmed(cell);
    }
    const [act] = await this.session.ask({ t: "join", clause });
    return { clause: act?.c ?? before, at: act?.b?.at ?? 0 };
  }

  /** Several paragraphs at the caret: the first goes in there, the others become clauses, the last takes what stood behind. */
  paste(parts: readonly string[]): boolean {
    const { view, cell } = this.editor;
    const [first = "", ...rest] = parts;
    if (!view || !cell || this.hold !== null) return false;
    const { from, to } = view.state.selection.main;
    if (this.session.single || !this.session.link.up) {
      const text = parts.join(" ");
      this.editor.change(cell, from, to, text, from + text.length);
      if (!this.whole()) this.floor.notice(t("Pasted as one paragraph: new clauses need the connection."));
      return true;
    }
    const tail = view.state.sliceDoc(to);
    this.editor.change(cell, from, view.state.doc.length, first, from + first.length);
    void this.during(cell, () => this.pasteRest(cell, rest, tail));
    return true;
  }

  private async pasteRest(cell: Cell, rest: readonly string[], tail: string): Promise<Place> {
    const texts = rest.map((text, index) => (index === rest.length - 1 ? text + tail : text));
    try {
      await this.session.confirmed(cell);
      const last = await this.insert(cell.clause, texts);
      return { clause: last, at: (rest[rest.length - 1] ?? "").length };
    } catch (error) {
      // The words stay in the clause they were pasted into, or go where its other words went.
      const words = rest.join(" ");
      if (error instanceof NotDone && error.key === "reset") {
        this.floor.keep(cell.clause, words);
      } else {
        const end = cell.state.doc.length;
        this.editor.change(cell, end, end, ` ${words}${tail}`);
      }
      throw error;
    }
  }

  // ── without a change of the caret's place ──

  /** Alt+Up, Alt+Down: past the clause (with its sub-clauses) that stands before or behind. */
  move(id: string, direction: -1 | 1): boolean {
    if (this.whole()) return true;
    const { replica } = this.session;
    const clause = replica.clause(id);
    if (!clause) return false;
    const after = direction < 0 ? this.placeAbove(clause) : this.placeBelow(clause);
    if (after === undefined) return true;
    void this.plainly(() => this.session.ask({ t: "move", clause: id, after }));
    return true;
  }

  private placeAbove(clause: Clause): string | null | undefined {
    const standing = this.session.replica.standing();
    let index = standing.indexOf(clause) - 1;
    if (index < 0) return undefined;
    const depth = clause.kind === "sub" ? clause.depth : 0;
    while (index > 0 && standing[index]?.kind === "sub" && (standing[index]?.depth ?? 0) > depth) index -= 1;
    return standing[index - 1]?.id ?? null;
  }

  private placeBelow(clause: Clause): string | undefined {
    const { replica } = this.session;
    const block = replica.block(clause);
    const standing = replica.standing();
    const ids = new Set(block.map((one) => one.id));
    const next = standing.slice(standing.indexOf(clause) + 1).find((one) => !ids.has(one.id));
    return next ? replica.block(next).pop()?.id : undefined;
  }

  /** Tab and Shift+Tab at the start of a sub-clause. False leaves the key to the browser. */
  indent(direction: -1 | 1): boolean {
    const { view, cell } = this.editor;
    const clause = cell ? this.session.replica.clause(cell.clause) : undefined;
    const { head, empty } = view?.state.selection.main ?? { head: 1, empty: false };
    if (!clause || clause.kind !== "sub" || head !== 0 || !empty) return false;
    const depth = clause.depth + direction;
    if (depth < 1 || depth > 3 || this.session.single) return false;
    this.shape(clause.id, "sub", depth);
    return true;
  }

  shape(id: string, kind: ClauseKind, depth: number): void {
    const lang = this.session.replica.clause(id)?.lang ?? "";
    void this.plainly(() => this.session.ask({ t: "shape", clause: id, kind, depth, lang }));
  }

  /** Take a clause out. Resolves to the clause to go on with. */
  async remove(id: string, reason: string): Promise<void> {
    const next = this.neighbour(id, 1) ?? this.neighbour(id, -1);
    const done = await this.plainly(() => this.session.ask({ t: "delete", clause: id, reason }));
    if (done && next) document.getElementById(`c-${next.id}`)?.focus();
  }

  restore(id: string): void {
    void this.plainly(() => this.session.ask({ t: "restore", clause: id }));
  }

  lock(id: string, state: string, reason = ""): void {
    void this.plainly(() => this.session.ask({ t: "lock", clause: id, state, reason }));
  }

  neighbour(id: string, direction: -1 | 1): Clause | undefined {
    const standing = this.session.replica.standing();
    const index = standing.findIndex((clause) => clause.id === id);
    return index < 0 ? undefined : standing[index + direction];
  }

  private async plainly(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  /** Do `work` while what is typed waits; then go to the place it gives and type what waited. */
  private async during(cell: Cell, work: () => Promise<Place>): Promise<void> {
    if (this.hold !== null) return;
    if (!this.session.link.up) {
      this.failed(new NotDone("offline", t("This needs the connection. Nothing is lost: try again when the line is back.")));
      return;
    }
    this.hold = "";
    let place: Place | null = null;
    try {
      place = await work();
    } catch (error) {
      this.failed(error);
    }
    const words = this.hold;
    this.hold = null;
    if (place) this.floor.open(place.clause, place.at);
    this.play(words, cell);
  }

  private play(words: string, cell: Cell): void {
    const end = words.indexOf("\n");
    const first = end < 0 ? words : words.slice(0, end);
    const into = this.editor.cell ?? cell;
    if (first) {
      const { from, to } = into.state.selection.main;
      this.editor.change(into, from, to, first, from + first.length);
    }
    if (end < 0) return;
    const rest = words.slice(end + 1);
    if (this.session.link.up && this.editor.cell) {
      this.enter();
      this.hold = rest;
    } else if (rest) {
      this.play(` ${rest.replace(/\n/g, " ")}`, into);
    }
  }

  private failed(error: unknown): void {
    if (!(error instanceof NotDone)) throw error;
    if (error.message) this.floor.notice(error.message);
  }
}
