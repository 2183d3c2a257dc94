// What a person does with brackets in the room: put them round words, go from one to the next, lift one, say whose it is. The tip
// shows it (tip.ts), the server decides it (drafts/bracketing.py).

import type { EditorView } from "@codemirror/view";
import type { Cell } from "./cells";
import type { Editor } from "./editor";
import type { BracketView } from "./floor";
import { t } from "./i18n";
import { Notes } from "./notes";
import { live } from "./redline";
import type { Session } from "./session";
import type { Sheet } from "./sheet";
import type { Structure } from "./structure";
import { Tip, type Desk } from "./tip";
import { NotDone } from "./undone";
import { walkBrackets } from "./walk";
import { whyNot } from "./why";
import type { Said } from "./wire";

interface Spot {
  readonly number: number;
  readonly at: number;
}

export class Bracketing implements Desk {
  private readonly notesHeld: Notes;
  private readonly tip: Tip;

  constructor(
    private readonly session: Session,
    private readonly sheet: Sheet,
    private readonly editorOf: Editor,
    private readonly structure: Structure,
    private readonly notice: (text: string) => void,
  ) {
    this.notesHeld = new Notes(session);
    this.tip = new Tip(this, sheet.doc);
  }

  // ── what the room tells ──

  /** The server said something of these clauses. */
  told(clauses: Iterable<string>): void {
    this.notesHeld.take(clauses);
    this.tip.refresh();
  }

  /** The caret or the focus went somewhere in the clause that is open. */
  caret(cell: Cell | null): void {
    const { view } = this.editorOf;
    const selection = cell?.state.selection.main;
    const there = cell !== null && view?.hasFocus === true && selection?.empty === true;
    this.tip.caret(cell?.clause ?? "", there ? selection.head : null);
  }

  refresh(): void {
    this.tip.refresh();
  }

  walk(direction: 1 | -1): boolean {
    return walkBrackets(direction, (glyph) => this.tip.walked(glyph));
  }

  /** Into the tip that is shown. */
  enter(): boolean {
    return this.tip.enter();
  }

  // ── putting ──

  /** The selection in brackets: by command, or plainly typed where nothing is selected and without the line. */
  put(): boolean {
    const { view } = this.editorOf;
    if (!view || view.state.selection.main.empty || !this.session.link.up) return this.wrap("[", "]");
    this.structure.bracket();
    return true;
  }

  /** Type something round the selection. */
  wrap(open: string, close: string): boolean {
    const { view } = this.editorOf;
    if (!view) return false;
    const { from, to, empty } = view.state.selection.main;
    view.dispatch({
      changes: [{ from, insert: open }, { from: to, insert: close }],
      selection: empty ? { anchor: from + open.length } : { anchor: from + open.length, head: to + open.length },
      userEvent: "input",
    });
    view.focus();
    return true;
  }

  // ── what the tip asks ──

  text(clause: string): string {
    const cell = this.session.cells.get(clause);
    return this.editor(clause)?.state.doc.toString() ?? (cell && !cell.waiting ? cell.state.doc.toString() : live(this.session.shown(clause)));
  }

  called(clause: string): string {
    const gone = this.session.replica.clause(clause)?.gone !== null;
    return gone ? t("a clause that is gone") : this.sheet.called(clause);
  }

  before(clause: string): number {
    let count = 0;
    for (const one of this.session.replica.standing()) {
      if (one.id === clause) break;
      count += one.text.split("[").length - 1;
    }
    return count;
  }

  notes(clause: string, glyph: number): BracketView[] {
    return this.notesHeld.at(clause, glyph);
  }

  clauses(): [id: string, name: string][] {
    return this.session.replica.standing().map(({ id, text }) => [id, `${this.sheet.label(id)} ${text.replace(/[*[\]]/g, "").slice(0, 42)}`.trim()]);
  }

  /** Why a bracket can stand, by value and name. */
  reasons(): [value: string, name: string][] {
    return Object.entries(this.session.data.words["reason"] ?? {});
  }

  mayLift(clause: string): boolean {
    return whyNot(this.session, clause) === null;
  }

  maySay(): boolean {
    return this.session.data.you.may.note;
  }

  mine(): { id: string; name: string } {
    const { party, party_name } = this.session.data.you;
    return { id: party, name: party_name };
  }

  editor(clause: string): EditorView | null {
    return this.editorOf.cell?.clause === clause ? this.editorOf.view : null;
  }

  leave(): void {
    if (this.editorOf.view) this.editorOf.view.focus();
    else if (document.activeElement?.closest("#bracket-tip")) (document.activeElement as HTMLElement).blur();
  }

  lift(clause: string, glyph: number): Promise<void> {
    return this.plainly(async () => {
      const { number, at } = await this.spot(clause, glyph);
      await this.session.ask({ t: "lift", clause, number, at, with_text: false });
    });
  }

  say(clause: string, glyph: number, said: Said): Promise<void> {
    return this.plainly(async () => {
      const { number, at } = await this.spot(clause, glyph);
      await this.session.ask({ t: "bracket", clause, number, start: at, end: at, ...said });
    });
  }

  /** Where a glyph that is shown here stands in a text that the server knows. One that was just typed has to arrive first. */
  private async spot(clause: string, glyph: number): Promise<Spot> {
    const cell = this.session.cells.get(clause);
    const pending = cell?.composed();
    if (!cell || !pending) return { number: cell?.number ?? this.session.replica.clause(clause)?.number ?? 0, at: glyph };
    const at = pending.invertedDesc.mapPos(glyph, 1);
    const known = pending.mapPos(at, 1) === glyph && cell.base.sliceString(at, at + 1) === this.text(clause)[glyph];
    if (known) return { number: cell.number, at };
    await this.session.confirmed(cell);
    return { number: cell.number, at: glyph };
  }

  private async plainly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof NotDone)) throw error;
      if (error.message) this.notice(error.message);
    }
  }
}
