// The drafting room: puts the parts together and is the page that the session talks to.

import { ChangeSet, type Transaction } from "@codemirror/state";
import { EditorView, type KeyBinding } from "@codemirror/view";
import { AsideBox } from "./aside";
import type { Cell } from "./cells";
import { Bracketing } from "./bracketing";
import { Composer } from "./composer";
import type { Look } from "./decorations";
import { byId, el } from "./dom";
import { Editor, type Desk } from "./editor";
import { speak, t } from "./i18n";
import { Keep } from "./keep";
import { listen, nextRegion, showKeys, type Key } from "./keys";
import type { Changes } from "./floor";
import { isNote } from "./notes";
import { Notices } from "./notices";
import { Outline } from "./outline";
import { Presence } from "./presence";
import { Saved } from "./saved";
import type { Aside, Page } from "./page";
import { Session } from "./session";
import { locks, Sheet } from "./sheet";
import { Structure } from "./structure";
import { Table } from "./table";
import { Threads } from "./threads";
import { reopener, tools } from "./tools";
import type { Touched } from "./replica";
import { walkClauses } from "./walk";
import { whyNot } from "./why";
import { Views } from "./views";
import type { Act, RoomData, ThreadView } from "./wire";

class Room implements Page, Desk {
  private readonly session: Session;
  private readonly sheet: Sheet;
  private readonly outline: Outline;
  private readonly editor: Editor;
  private readonly structure: Structure;
  private readonly presence: Presence;
  private readonly threads: Threads;
  private readonly composer: Composer;
  private readonly saved: Saved;
  private readonly asides: AsideBox;
  private readonly views: Views;
  private readonly table: Table;
  private readonly bracketing: Bracketing;
  private readonly notices = new Notices();
  private readonly dirty = new Set<string>();
  private reordered = false;
  private frame: number | undefined;
  private tally: number | undefined;

  constructor(data: RoomData) {
    const keep = new Keep(data.you.person, data.draft.id);
    this.session = new Session(data, keep, this);
    this.sheet = new Sheet(this.session, { view: data.view, since: data.since });
    this.outline = new Outline(this.session, this.sheet);
    this.editor = new Editor(this);
    this.structure = new Structure(this.session, this.editor, {
      open: (clause, at) => this.open(clause, at),
      notice: (text) => this.notices.say(text),
      keep: (clause, words) => this.keepAside(clause, words),
    });
    this.presence = new Presence(this.session, this.outline, (text) => this.notices.whisper(text));
    this.threads = new Threads(this.session, () => this.composer.mark());
    this.composer = new Composer(this.session, this.sheet, () => this.threads.values());
    this.saved = new Saved(this.session);
    this.asides = new AsideBox(data.you.person, data.draft.id, (aside) => this.putBack(aside));
    this.views = new Views(this.session, this.sheet, () => this.viewChanged());
    this.table = new Table(this.session, this.sheet, this.notices);
    this.bracketing = new Bracketing(this.session, this.sheet, this.editor, this.structure, (text) => this.notices.say(text));
    this.listen();
    this.composer.mark();
  }

  start(): Promise<void> {
    return this.session.start();
  }

  // ── what the session tells ──

  readonly make = (clause: string) => (text: Parameters<Editor["make"]>[1], number: number, client: string) =>
    this.editor.make(clause, text, number, client);

  follow(cell: Cell, transactions: readonly Transaction[]): void {
    if (this.editor.shows(cell)) this.editor.follow(transactions);
    else this.soon(cell.clause);
  }

  renewed(cell: Cell): void {
    if (this.editor.shows(cell)) {
      if (this.session.cells.get(cell.clause) === cell) this.editor.renew();
      else this.close();
    }
    this.soon(cell.clause);
  }

  acted(acts: readonly Act[], touched: readonly Touched[]): void {
    this.presence.acted(acts);
    for (const { clauses, order } of touched) {
      for (const id of clauses) this.soon(id);
      this.reordered ||= order;
    }
    for (const act of acts) this.views.acted(act);
    this.later();
  }

  parted(clause: string, into: string, at: number): void {
    if (this.editor.cell?.clause === clause) this.open(into, at);
  }

  joined(clause: string, into: string, at: number): void {
    if (this.editor.cell?.clause === clause) this.open(into, at);
  }

  status(): void {
    this.saved.show();
  }

  presenceChanged(): void {
    this.presence.changed(this.editor.cell?.clause ?? null);
    this.editor.repaint();
  }

  welcomed(): void {
    this.presence.forget();
    if (this.editor.cell) this.presence.mine(this.editor.cell);
  }

  thread(thread: ThreadView): void {
    this.threads.take(thread);
    this.editor.repaint();
  }

  tabled(changes: Changes): void {
    if (this.table.take(changes)) this.viewChanged();
    this.bracketing.told(changes.places);
  }

  aside(aside: Aside): void {
    this.asides.add(aside);
    this.notices.say(`${t("Not saved.")} ${aside.reason} ${t("Your words are kept aside.")}`);
  }

  /** The page is to be loaded afresh; what is unsent is on the device. Not again and again, though. */
  again(reason: string): void {
    this.session.link.stop(t("Not connected. Load the page again."));
    const key = "adref:reloads";
    const recent = (JSON.parse(sessionStorage.getItem(key) ?? "[]") as number[]).filter((at) => Date.now() - at < 60_000);
    if (recent.length >= 3) {
      this.notices.say(t("This page and the server do not agree ({reason}). What you typed is kept on this device.", { reason }));
      return;
    }
    sessionStorage.setItem(key, JSON.stringify([...recent, Date.now()]));
    location.reload();
  }

  // ── what the editor asks ──

  look(clause: string): Look {
    const cell = this.session.cells.get(clause);
    const found = this.session.replica.clause(clause);
    const pending = cell?.composed();
    const spans = [...(found?.anchors ?? [])].flatMap(([thread, { from, to }]) => {
      if (from === null || to === null || from >= to || isNote(thread)) return [];
      const range = pending ? { from: pending.mapPos(from, 1), to: pending.mapPos(to, -1) } : { from, to };
      return [{ thread, ...range, now: thread === this.composer.looking }];
    });
    const { party } = this.session.data.you;
    const { owners } = this.session;
    return {
      runs: found && this.sheet.look.view === "redline" ? this.sheet.runs(found) : [],
      names: this.sheet.names,
      mine: (author) => owners[author] === party,
      carets: this.presence.carets(cell),
      spans,
    };
  }

  label(clause: string): string {
    return t("Text of {label}", { label: this.sheet.called(clause) });
  }

  typed(cell: Cell): void {
    this.session.typed(cell);
    if (!this.editor.shows(cell)) this.soon(cell.clause);
  }

  moved(cell: Cell): void {
    this.presence.mine(cell);
    this.bracketing.caret(cell);
  }

  held(text: string): boolean {
    return this.structure.held(text);
  }

  pasted(parts: string[]): boolean {
    return this.structure.paste(parts);
  }

  readonly keys: readonly KeyBinding[] = [
    { key: "Enter", run: () => this.structure.enter() },
    { key: "Shift-Enter", run: () => true },
    { key: "Backspace", run: (view) => this.back(view) },
    { key: "Delete", run: (view) => this.forward(view) },
    { key: "Alt-ArrowUp", run: () => this.move(-1) },
    { key: "Alt-ArrowDown", run: () => this.move(1) },
    { key: "Tab", run: () => this.structure.indent(1), shift: () => this.structure.indent(-1) },
    { key: "ArrowDown", run: (view) => this.onward(view, 1) },
    { key: "ArrowUp", run: (view) => this.onward(view, -1) },
    { key: "Escape", run: () => this.leave() },
    { key: "Mod-[", run: () => this.bracketing.put() },
    { key: "Ctrl-Alt-b", run: () => this.bracketing.enter() },
    { key: "Mod-i", run: () => this.bracketing.wrap("*", "*") },
    { key: "Ctrl-Alt-m", run: () => this.comment() },
  ];

  private back(view: EditorView): boolean {
    if (this.structure.holding) {
      this.structure.unhold();
      return true;
    }
    const { head, empty } = view.state.selection.main;
    return empty && head === 0 && this.structure.joinBack();
  }

  private forward(view: EditorView): boolean {
    if (this.structure.holding) return true;
    const { head, empty } = view.state.selection.main;
    return empty && head === view.state.doc.length && this.structure.joinNext();
  }

  private move(direction: 1 | -1): boolean {
    return this.editor.cell !== null && this.structure.move(this.editor.cell.clause, direction);
  }

  /** Arrow keys at the first or last line go on to the neighbour that can be edited, in the same column. */
  private onward(view: EditorView, direction: 1 | -1): boolean {
    const { main } = view.state.selection;
    const here = view.coordsAtPos(main.head);
    const edge = view.coordsAtPos(direction > 0 ? view.state.doc.length : 0);
    if (!main.empty || !here || !edge || Math.abs(here.top - edge.top) > (here.bottom - here.top) / 2) return false;
    let next = this.structure.neighbour(this.editor.cell?.clause ?? "", direction);
    while (next && whyNot(this.session, next.id)) next = this.structure.neighbour(next.id, direction);
    if (!next) return false;
    this.open(next.id, direction > 0 ? 0 : next.text.length);
    const opened = this.editor.view;
    const line = opened?.coordsAtPos(direction > 0 ? 0 : opened.state.doc.length);
    const at = line && opened?.posAtCoords({ x: here.left, y: (line.top + line.bottom) / 2 }, false);
    if (opened && at !== undefined && at !== null) opened.dispatch({ selection: { anchor: at } });
    return true;
  }

  private leave(): boolean {
    const id = this.editor.cell?.clause;
    this.close();
    if (id) this.sheet.section(id)?.focus();
    return true;
  }

  private comment(): boolean {
    const { view, cell } = this.editor;
    const { from, to, empty } = view?.state.selection.main ?? { from: 0, to: 0, empty: true };
    if (view && cell) {
      this.composer.start(cell.clause, empty ? null : this.composer.words(cell.clause, from, to, view.state.sliceDoc(from, to)));
      return true;
    }
    const words = this.composer.selected();
    this.composer.start(words?.clause ?? this.currentId(), words);
    return true;
  }

  // ── opening and closing ──

  private open(id: string, at: number, y?: number): void {
    this.flush();
    const why = whyNot(this.session, id);
    const section = this.sheet.section(id);
    const clause = this.session.replica.clause(id);
    if (!section || !clause) return;
    if (why) {
      this.explain(section, id, why);
      return;
    }
    const cell = this.session.cell(id);
    if (!cell || cell.waiting) {
      this.notices.say(t("One moment: the connection is being made."));
      return;
    }
    if (this.editor.shows(cell)) {
      this.editor.place(at);
      return;
    }
    const top = section.getBoundingClientRect().top;
    this.close();
    const text = section.querySelector<HTMLElement>(".t");
    if (!text) return;
    const parent = el("div", { class: "edit" });
    text.before(tools(clause, this.sheet.called(id), this.session, this.structure, { bracket: () => void this.bracketing.put(), comment: () => this.comment() }), parent);
    text.hidden = true;
    section.classList.add("focus");
    this.editor.open(cell, parent, clause.lang || this.session.data.draft.language, at);
    // The line that was clicked stays under the pointer, the clause otherwise where it was.
    const line = this.editor.view?.coordsAtPos(this.editor.view.state.selection.main.head);
    const shift = y !== undefined && line ? (line.top + line.bottom) / 2 - y : section.getBoundingClientRect().top - top;
    if (Math.abs(shift) > 1) window.scrollBy({ top: shift, behavior: "instant" });
    if (y === undefined) this.editor.reveal();
    this.outline.current(id);
    this.presence.changed(id);
    this.editor.repaint();
  }

  private close(): void {
    const id = this.editor.cell?.clause;
    if (id === undefined) return;
    this.editor.close();
    const section = this.sheet.section(id);
    section?.classList.remove("focus");
    for (const node of section?.querySelectorAll(".tools-box, .edit") ?? []) node.remove();
    const text = section?.querySelector<HTMLElement>(".t");
    if (text) text.hidden = false;
    this.sheet.paint(id);
    this.presence.mine(null);
    this.bracketing.caret(null);
    this.composer.mark();
  }

  /** Say at the clause why it cannot be edited, with what can be done about it. */
  private explain(section: HTMLElement, id: string, why: string): void {
    this.close();
    for (const old of document.querySelectorAll(".foot.says")) old.remove();
    const said = el("div", { class: "foot says", role: "status" }, el("span", {}, why));
    const clause = this.session.replica.clause(id);
    const { may } = this.session.data.you;
    if (clause && !clause.gone && locks(clause.state) && may.lock) {
      const label = t("Re-open {label}", { label: this.sheet.called(id) });
      said.append(reopener(said, label, (reason) => this.structure.lock(id, "open", reason)));
    } else if (clause?.gone && clause.gone[4] === null && this.session.mayEdit) {
      const back = el("button", { type: "button", class: "link" }, t("Bring it back"));
      back.addEventListener("click", () => this.structure.restore(id));
      said.append(back);
    }
    section.querySelector(".body")?.append(said);
  }

  private keepAside(clause: string, words: string): void {
    const at = Date.now();
    this.asides.add({ clause, label: this.sheet.label(clause), reason: "", words, text: words, base: "", change: [], at });
  }

  /** Put words kept aside into their clause again: as they were when the text is the same, else at its end. */
  private async putBack(aside: Aside): Promise<boolean> {
    if (whyNot(this.session, aside.clause)) return false;
    const cell = this.session.cell(aside.clause);
    if (!cell || cell.waiting) return false;
    this.open(aside.clause, cell.state.doc.length);
    const { view } = this.editor;
    if (!view) return false;
    if (aside.change.length && view.state.doc.toString() === aside.base) {
      view.dispatch({ changes: ChangeSet.fromJSON(aside.change), userEvent: "input" });
    } else {
      const end = view.state.doc.length;
      const space = end && !/\s$/.test(view.state.sliceDoc(end - 1)) ? " " : "";
      view.dispatch({ changes: { from: end, insert: space + aside.words }, userEvent: "input" });
    }
    return true;
  }

  // ── painting ──

  private soon(id: string): void {
    this.dirty.add(id);
    this.later();
  }

  private later(): void {
    this.frame ??= requestAnimationFrame(() => this.flush());
    this.tally ??= window.setTimeout(() => {
      this.tally = undefined;
      this.outline.tally();
    }, 400);
  }

  /** Paint what changed since the last frame. */
  private flush(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    const { view } = this.editor;
    const focused = view?.hasFocus ?? false;
    if (this.reordered) {
      this.reordered = false;
      this.sheet.arrange();
      this.outline.arrange();
      this.table.arranged();
      this.threads.draw();
    }
    for (const id of this.dirty) {
      this.sheet.paint(id);
      this.outline.paint(id);
    }
    if (this.dirty.size) this.composer.mark();
    this.dirty.clear();
    this.bracketing.refresh();
    if (focused && view && !view.hasFocus && view.dom.isConnected) view.focus();
    const open = this.editor.cell?.clause;
    const why = open === undefined ? null : whyNot(this.session, open);
    const section = open === undefined ? undefined : this.sheet.section(open);
    if (why !== null && section && open !== undefined) this.explain(section, open, why);
    else if (open !== undefined && !section) this.close();
  }

  private viewChanged(): void {
    this.sheet.repaint();
    this.table.arranged();
    this.editor.repaint();
    this.composer.mark();
  }

  // ── pointer and keys outside the editor ──

  private listen(): void {
    this.sheet.doc.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("mousedown", (event) => this.pressed(event));
    document.addEventListener("adref:looking", () => this.editor.repaint());
    document.getElementById("bracket-next")?.addEventListener("click", () => this.bracketing.walk(1));
    document.getElementById("bracket-prev")?.addEventListener("click", () => this.bracketing.walk(-1));
    document.body.append(byId("aside")); // in sight on every screen
    const keys = this.pageKeys();
    listen(keys);
  }

  private pageKeys(): Key[] {
    const keys: Key[] = [
      { keys: ["j"], shown: "J", says: t("next clause"), run: () => this.step(1) },
      { keys: ["k"], shown: "K", says: t("previous clause"), run: () => this.step(-1) },
      { keys: ["Enter"], shown: "Enter", says: t("edit the clause; while editing: split it, or add one behind"), run: (event) => this.enter(event) },
      { keys: ["Escape"], shown: "Esc", says: t("leave the clause"), run: null },
      { keys: ["["], shown: "[", says: t("previous bracket"), run: () => this.bracketing.walk(-1) },
      { keys: ["]"], shown: "]", says: t("next bracket"), run: () => this.bracketing.walk(1) },
      { keys: ["w"], shown: "W", says: t("whose is this bracket, and why"), run: () => this.bracketing.enter() },
      { keys: ["c"], shown: "C", says: t("comment on the clause or the selected words"), run: () => this.comment() },
      ...this.table.keys(() => this.currentId()),
      { keys: ["F6"], shown: "F6", says: t("outline, text, comments"), run: (event) => nextRegion(event.shiftKey) },
      { keys: [], shown: "Alt+↑ ↓", says: t("while editing: move the clause"), run: null },
      { keys: [], shown: "Tab", says: t("at the start of a sub-clause: deeper; Shift+Tab: less deep"), run: null },
      { keys: [], shown: "Ctrl+[", says: t("while editing: bracket the selection"), run: null },
      { keys: [], shown: "Ctrl+Alt+B", says: t("while editing: whose is this bracket, and why"), run: null },
      { keys: [], shown: "Ctrl+I", says: t("while editing: emphasis"), run: null },
      { keys: [], shown: "Ctrl+Alt+M", says: t("while editing: comment"), run: null },
      { keys: ["?"], shown: "?", says: t("this list"), run: () => (showKeys(keys), true) },
    ];
    return keys;
  }

  private clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || event.button !== 0 || target.closest("a, button, input, select, .edit, .tools-box, .foot")) return;
    if (getSelection()?.isCollapsed === false) return;
    const section = target.closest<HTMLElement>(".clause");
    const text = section?.querySelector<HTMLElement>(".t:not([hidden])");
    const id = section?.dataset["clause"];
    if (!section || !text || id === undefined || !target.closest(".body")) return;
    this.open(id, this.composer.positionAt(text, id, event.clientX, event.clientY), event.clientY);
  }

  /** A press in the text outside the clause leaves it. */
  private pressed(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    if (!this.editor.cell || !target?.closest("#text") || target.closest(".clause")) return;
    this.close();
  }

  private currentId(): string | null {
    const section = document.activeElement?.closest<HTMLElement>(".clause");
    return section?.dataset["clause"] ?? null;
  }

  private step(direction: 1 | -1): boolean {
    const next = walkClauses(this.sheet.doc, direction);
    if (next) this.outline.current(next.dataset["clause"] ?? null);
    return true;
  }

  private enter(event: KeyboardEvent): boolean {
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (!target?.matches(".clause, .lab")) return false;
    const id = this.currentId();
    if (id) this.open(id, 0);
    return id !== null;
  }
}

const data = JSON.parse(byId("room-data").textContent) as RoomData;
speak(data.messages, data.locale);
void new Room(data).start();
