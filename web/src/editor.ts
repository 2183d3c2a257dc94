// The clause that has the focus, as a CodeMirror view with the typography of the document. One at a time; the state goes back to
// its cell when the view closes. What keys do to the structure is told from outside (structure.ts).

import { collab } from "@codemirror/collab";
import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { EditorSelection, EditorState, Prec, StateEffect, Transaction, type Extension, type Text } from "@codemirror/state";
import { EditorView, keymap, ViewPlugin, type DecorationSet, type KeyBinding, type ViewUpdate } from "@codemirror/view";
import { adoptStyles } from "./adopt";
import { alsoEmpty, type Cell } from "./cells";
import { decorate, type Look } from "./decorations";

/** What the room does for the editor. */
export interface Desk {
  look(clause: string): Look;
  label(clause: string): string;
  typed(cell: Cell): void; // the person changed the text
  moved(cell: Cell): void; // the caret or the focus went somewhere
  held(text: string): boolean; // a structure command is under way: the words wait
  pasted(paragraphs: string[]): boolean; // several paragraphs came in; true when dealt with
  readonly keys: readonly KeyBinding[];
}

const repaint = StateEffect.define<null>();

const theme = EditorView.theme({
  "&": { color: "inherit", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "inherit", overflow: "visible", display: "block !important" },
  ".cm-content": { padding: "0", caretColor: "var(--ink)", minHeight: "1.6em", fontFamily: "inherit" },
  ".cm-line": { padding: "0" },
});

/** The paragraphs of a pasted text: trimmed, without empty ones. */
export function paragraphs(text: string): string[] {
  const parts = text.split(/[\r\n\u2028\u2029\u0085]+/).map((part) => part.replace(/[\p{Cc}]+/gu, " ").trim());
  return parts.filter((part) => part !== "");
}

/** A clause is one paragraph: breaks and controls that come in with a change become spaces, and text is NFC. */
const oneParagraph = EditorState.transactionFilter.of((tr) => {
  if (!tr.docChanged || tr.annotation(Transaction.remote)) return tr;
  let wrong = tr.newDoc.lines > 1;
  tr.changes.iterChanges((_a, _b, _c, _d, inserted) => {
    const text = inserted.toString();
    if (/[\p{Cc}\u2028\u2029]/u.test(text) || text.normalize("NFC") !== text) wrong = true;
  });
  if (!wrong) return tr;
  const changes: { from: number; to: number; insert: string }[] = [];
  tr.changes.iterChanges((from, to, _c, _d, inserted) => {
    changes.push({ from, to, insert: inserted.toString().normalize("NFC").replace(/[\p{Cc}\u2028\u2029]+/gu, " ") });
  });
  const set = tr.startState.changes(changes);
  const at = set.mapPos(tr.startState.selection.main.head, 1);
  return [{ changes: set, selection: { anchor: at }, userEvent: "input", scrollIntoView: true }];
});

export class Editor {
  view: EditorView | null = null;
  cell: Cell | null = null;

  constructor(private readonly desk: Desk) {
    adoptStyles();
  }

  /** A state for a clause's cell; all of them share these extensions. */
  readonly make = (clause: string, text: string | Text, number: number, client: string): EditorState =>
    EditorState.create({
      doc: text,
      extensions: [collab({ startVersion: number, clientID: client, sharedEffects: alsoEmpty }), this.extensions(clause)],
    });

  private extensions(clause: string): Extension {
    const desk = this.desk;
    const painted = ViewPlugin.fromClass(
      class {
        decorations: DecorationSet;
        constructor(view: EditorView) {
          this.decorations = decorate(view.state.doc, desk.look(clause));
        }
        update(update: ViewUpdate): void {
          const asked = update.transactions.some((tr) => tr.effects.some((effect) => effect.is(repaint)));
          if (update.docChanged || asked) this.decorations = decorate(update.state.doc, desk.look(clause));
        }
      },
      { decorations: (plugin) => plugin.decorations },
    );
    return [
      history(),
      oneParagraph,
      theme,
      EditorView.lineWrapping,
      EditorView.scrollMargins.of(() => ({ top: 150, bottom: 72 })), // the bars and tools over the text, the tabs under it
      EditorView.perLineTextDirection.of(true),
      EditorView.contentAttributes.of(() => ({ "aria-label": desk.label(clause), dir: "auto", spellcheck: "true" })),
      EditorView.inputHandler.of((_view, _from, _to, text) => desk.held(text)),
      EditorView.domEventHandlers({ paste: (event) => this.paste(event) }),
      EditorView.updateListener.of((update) => this.updated(update)),
      Prec.high(keymap.of([...desk.keys])),
      keymap.of([...historyKeymap, ...standardKeymap.filter((key) => key.key !== "Enter")]),
      painted,
    ];
  }

  /** Put a view of the cell into `parent`, the caret at `at`. */
  open(cell: Cell, parent: HTMLElement, lang: string, at: number): void {
    this.close();
    const head = Math.max(0, Math.min(at, cell.state.doc.length));
    cell.state = cell.state.update({ selection: EditorSelection.cursor(head) }).state;
    this.cell = cell;
    this.view = new EditorView({
      state: cell.state,
      parent,
      // The cell has the new state before anything is drawn from it.
      dispatchTransactions: (transactions, view) => {
        cell.state = transactions[transactions.length - 1]?.state ?? cell.state;
        view.update(transactions);
      },
    });
    if (lang) this.view.contentDOM.lang = lang;
    this.view.focus();
  }

  /** Take the view away; the cell has kept pace with its state. */
  close(): void {
    const { view } = this;
    this.view = null;
    this.cell = null;
    view?.destroy();
  }

  /** Put the caret somewhere in the text that is open. */
  place(at: number): void {
    this.view?.dispatch({ selection: { anchor: Math.max(0, Math.min(at, this.view.state.doc.length)) }, scrollIntoView: true });
    this.view?.focus();
  }

  /** Bring the caret into sight. */
  reveal(): void {
    const { view } = this;
    view?.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head, { y: "nearest", yMargin: 24 }) });
  }

  /** Whether the view shows this cell. */
  shows(cell: Cell): boolean {
    return this.view !== null && this.cell === cell;
  }

  /** Let the view follow what its cell has taken in. */
  follow(transactions: readonly Transaction[]): void {
    if (this.view && transactions.length) this.view.update(transactions);
  }

  /** The cell's state was made anew (refused, compacted): show it. */
  renew(): void {
    if (this.view && this.cell) this.view.setState(this.cell.state);
  }

  /** Something besides the text changed: others' carets, the view, a comment. */
  repaint(): void {
    this.view?.dispatch({ effects: repaint.of(null) });
  }

  /** Change the text of a cell, through its view when it has one, as the person's own change. */
  change(cell: Cell, from: number, to: number, insert: string, caret?: number): void {
    const spec = {
      changes: { from, to, insert },
      ...(caret === undefined ? {} : { selection: { anchor: caret }, scrollIntoView: true }),
      userEvent: "input",
    };
    if (this.view && this.shows(cell)) {
      this.view.dispatch(spec);
    } else {
      cell.state = cell.state.update(spec).state;
      this.desk.typed(cell);
    }
  }

  private updated(update: ViewUpdate): void {
    const cell = this.cell;
    if (!cell || update.view !== this.view) return;
    const local = update.transactions.some((tr) => tr.docChanged && !tr.annotation(Transaction.remote));
    if (local) this.desk.typed(cell);
    // One's own change coming back changes nothing here, but the number of the text that the caret is told in.
    const confirmed = update.transactions.some((tr) => !tr.docChanged && !tr.effects.length && !tr.selection);
    if (local || confirmed || update.selectionSet || update.focusChanged) this.desk.moved(cell);
  }

  private paste(event: ClipboardEvent): boolean {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const parts = paragraphs(text);
    if (parts.length < 2 || !this.desk.pasted(parts)) return false;
    event.preventDefault();
    return true;
  }
}
