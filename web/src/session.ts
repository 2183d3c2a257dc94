// Between the wire and the page: the replica of the log, the cells with what is not yet confirmed, and what is asked of the
// server. Decides the order of things; knows no elements.

import type { Transaction } from "@codemirror/state";
import { Cell, insertedWords, type Kept } from "./cells";
import { opId } from "./dom";
import type { Keep } from "./keep";
import { Link } from "./link";
import { Floor } from "./floor";
import { t } from "./i18n";
import type { Page } from "./page";
import { fold, type Sections, type Segment } from "./redline";
import { Replica, type Touched } from "./replica";
import { NotDone, notOpen, offline, signedOut } from "./undone";
import type { Act, Command, Here, Incoming, Refused, RoomData, ThreadView, Tick, Welcome, Who } from "./wire";

/** What `shown` found last for a clause, so that a keystroke folds one change. */
interface Shown {
  readonly base: readonly Segment[];
  readonly me: number;
  readonly epoch: number;
  readonly upTo: readonly unknown[];
  readonly segs: readonly Segment[];
}

interface Asked {
  readonly acts: Act[];
  readonly done: (acts: Act[]) => void;
  readonly failed: (error: NotDone) => void;
}

const FROZEN = new Set(["silence", "adopted", "withdrawn"]); // stages in which nobody edits (drafts/access.py)

type Unnamed<C> = C extends { op: string } ? Omit<C, "op"> : never;

export class Session {
  readonly replica: Replica;
  readonly floor: Floor;
  readonly link: Link;
  readonly cells = new Map<string, Cell>();
  readonly here = new Map<string, Here>();
  readonly people: Record<string, Who>;
  watching: Record<string, number> = {};
  client = "";
  savedAt: number | null = null; // when the database had this person's last act, UTC ms
  backSince: number | null = null; // pending when the line came back; null once they are all in
  kept = true; // whether this device could keep what is unsent
  private strays: Cell[] = []; // adopted cells of clauses that have another cell; never shown
  private readonly asked = new Map<string, Asked>();
  private readonly mine = new Set<string>(); // client ids of this page
  private readonly shownCache = new Map<string, Shown>();

  constructor(
    readonly data: RoomData,
    private readonly keep: Keep,
    private readonly page: Page,
  ) {
    this.replica = new Replica({ ...data, mode: data.draft.mode, stage: data.draft.stage });
    this.floor = new Floor(data.floor);
    this.people = { ...data.people };
    for (const thread of data.threads) {
      if (thread.clause) this.replica.clause(thread.clause)?.anchors.set(thread.id, { from: thread.from, to: thread.to });
    }
    this.link = new Link(data.socket, {
      heard: (frame) => this.heard(frame),
      down: (code) => this.down(code),
      unreachable: () => void this.lookWhy(),
      seq: () => this.replica.seq,
    });
  }

  /** Take up what earlier pages left unsent, then connect. */
  async start(): Promise<void> {
    for (const kept of await this.keep.orphans()) this.adopt(kept);
    this.link.connect();
    this.page.status();
  }

  // ── what is here ──

  all(): Cell[] {
    return [...this.cells.values(), ...this.strays];
  }

  /** How many changes are not yet confirmed. */
  get pending(): number {
    return this.all().reduce((sum, cell) => sum + cell.pending.length, 0);
  }

  /** Whether the room is that of a proposal's own text: one clause, whose words alone can change. */
  get single(): boolean {
    return this.data.draft.parent !== "";
  }

  get mayEdit(): boolean {
    if (this.single) return this.data.you.may.edit;
    const { role } = this.data.you;
    const { mode, stage } = this.replica;
    if (role === "delegate") return mode === "open" && stage === "second_reading";
    return role !== "observer" && !FROZEN.has(stage);
  }

  /** The cell of a clause, made when there is none. Null before the server has given this page a client id. */
  cell(id: string): Cell | null {
    const found = this.cells.get(id);
    const clause = this.replica.clause(id);
    if (found || !clause || !this.client) return found ?? null;
    const cell = new Cell(id, this.client, this.page.make(id), clause);
    this.cells.set(id, cell);
    return cell;
  }

  /** This person's author index; one past the end until the log has it. */
  get me(): number {
    const { person, party } = this.data.you;
    const found = this.replica.authors.findIndex(([one, other]) => one === person && other === party);
    return found < 0 ? this.replica.authors.length : found;
  }

  /** The party of each author, this person's included. */
  get owners(): readonly string[] {
    const { owners } = this.replica;
    return this.me < owners.length ? owners : [...owners, this.data.you.party];
  }

  /** A clause's words with what is typed here and not yet confirmed. */
  shown(id: string): readonly Segment[] {
    const clause = this.replica.clause(id);
    const base = clause?.segs ?? [];
    const cell = this.cells.get(id);
    // What is pending on a clause that is gone waits for word of where it went.
    if (!cell || cell.waiting || !cell.pending.length || clause?.gone) return base;
    const { epoch } = this.replica;
    const me = this.me;
    const cached = this.shownCache.get(id);
    const pending = cell.pending;
    const same = cached && cached.base === base && cached.me === me && cached.epoch === epoch;
    const good = same && cached.upTo.every((update, index) => update === pending[index]);
    let segs = good ? cached.segs : base;
    for (const update of pending.slice(good ? cached.upTo.length : 0)) {
      segs = fold(segs, update.changes.toJSON() as Sections, epoch, me, this.owners);
    }
    this.shownCache.set(id, { base, me, epoch, upTo: pending, segs });
    return segs;
  }

  /** The party with this id, as far as it is known here. */
  party(id: string): { code: string; name: string } {
    const known = this.data.parties[id];
    if (known) return known;
    const who = Object.values(this.people).find((one) => one.party === id);
    return who ? { code: who.code, name: who.party_name } : { code: "–", name: "–" };
  }

  // ── what is done here ──

  /** The person changed a clause's text: keep it, send it. */
  typed(cell: Cell): void {
    if (this.link.up) this.backSince = null;
    this.store(cell);
    this.push(cell);
    this.page.status();
  }

  /** Ask for a command; gives the acts it made. Rejects with NotDone. */
  ask(command: Unnamed<Command>): Promise<Act[]> {
    const op = opId();
    return new Promise((done, failed) => {
      if (!this.link.send({ ...command, op } as Command)) {
        failed(offline());
        return;
      }
      this.asked.set(op, { acts: [], done, failed });
    });
  }

  /** Resolves when nothing of the cell is unconfirmed; rejects when the line goes or the server refuses. */
  async confirmed(cell: Cell): Promise<void> {
    while (cell.pending.length || cell.waiting) {
      if (!this.link.up) throw offline();
      const { resets } = cell;
      await new Promise<void>((resolve) => this.waiters.push(resolve));
      if (this.cells.get(cell.clause) !== cell || cell.resets !== resets) throw new NotDone("reset", "");
    }
  }

  private waiters: (() => void)[] = [];

  private wake(): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const waiter of waiters) waiter();
  }

  private store(cell: Cell): void {
    this.kept = this.keep.put(cell.clause, cell.client, cell.kept());
  }

  private push(cell: Cell, whole = false): void {
    if (!this.link.up) return;
    const frame = cell.push(whole);
    if (frame && !this.link.send(frame)) cell.lost();
  }

  private adopt(kept: Kept): void {
    const cell = Cell.adopt(kept, this.page.make(kept.clause));
    const clause = this.replica.clause(kept.clause);
    if (!clause || clause.gone || clause.number !== kept.number) cell.waiting = [];
    this.mine.add(kept.client);
    if (this.cells.has(kept.clause)) {
      this.strays.push(cell);
    } else {
      this.cells.set(kept.clause, cell);
      this.page.renewed(cell);
    }
  }

  // ── what is heard ──

  private heard(frame: Incoming): void {
    switch (frame.t) {
      case "welcome":
        this.welcome(frame);
        break;
      case "tick":
        this.tick(frame);
        break;
      case "fetched":
        this.fetched(frame.clause, frame.since, frame.acts);
        break;
      case "carried":
        this.carried(frame.clause, frame.client, frame.counter);
        break;
      case "refused":
        this.refused(frame);
        break;
      case "thread":
        this.threadCame(frame.thread);
        break;
      case "floor":
        this.page.tabled(this.floor.take(frame));
        break;
      case "done":
        this.asked.get(frame.op)?.done([]);
        this.asked.delete(frame.op);
        break;
      case "again":
        this.page.again(frame.reason);
        break;
      case "pong":
        break;
    }
    this.wake();
  }

  /** A thread as the server tells it, with where it stands in the text as it is here. */
  threadCame(thread: ThreadView): void {
    for (const clause of this.replica.clauses) clause.anchors.delete(thread.id);
    if (thread.clause) this.replica.clause(thread.clause)?.anchors.set(thread.id, { from: thread.from, to: thread.to });
    this.page.thread(thread);
  }

  private welcome(frame: Welcome): void {
    this.client = frame.client;
    this.mine.add(frame.client);
    void this.keep.hold(frame.client);
    Object.assign(this.people, frame.people);
    this.here.clear();
    for (const here of frame.here) this.here.set(here.id, here);
    this.watching = { ...frame.watching };
    this.backSince = this.pending || null;
    // Before anything that happened meanwhile takes effect here, the server sees what was typed where it was typed.
    for (const cell of this.all()) {
      for (const push of cell.again()) this.link.send(push);
      if (cell.compact()) this.page.renewed(cell);
      this.push(cell);
      if (cell.waiting) this.link.send({ t: "fetch", clause: cell.clause, since: cell.number });
    }
    this.page.welcomed();
    this.page.status();
    this.page.presenceChanged();
  }

  private tick(frame: Tick): void {
    const acts = (frame.acts ?? []).filter((act) => act.s > this.replica.seq);
    if (acts.length) this.acts(acts);
    this.replica.seq = Math.max(this.replica.seq, frame.seq);
    if (frame.people) Object.assign(this.people, frame.people);
    for (const id of frame.gone ?? []) this.here.delete(id);
    for (const here of frame.here ?? []) this.here.set(here.id, here);
    if (frame.watching) this.watching = frame.watching;
    if (frame.here || frame.gone || frame.people || frame.watching) this.page.presenceChanged();
  }

  private acts(acts: readonly Act[]): void {
    this.beforeCuts(acts);
    const touched: Touched[] = [];
    const moves = new Map<Cell, Transaction[]>();
    const after: (() => void)[] = [];
    try {
      for (const act of acts) {
        const then = this.caretGoes(act);
        if (then) after.push(then);
        touched.push(this.replica.apply(act));
        for (const cell of this.all()) if (cell.clause === act.c) this.receive(cell, act, moves);
        this.noted(act);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.page.again(error.message);
      return;
    }
    this.page.acted(acts, touched);
    for (const [cell, transactions] of moves) this.page.follow(cell, transactions);
    for (const then of after) then();
    for (const cell of this.all()) this.settle(cell);
    this.answer();
    this.page.status();
  }

  /** What is typed in a clause that these acts cut, join or take out is sent on the text it was typed on. */
  private beforeCuts(acts: readonly Act[]): void {
    const cut = new Set<string>();
    for (const { k, c, b } of acts) {
      if ((k === "split" || k === "join") && c) cut.add(c);
      if (k === "join" && b?.of) cut.add(b.of);
      if (k === "delete" && c) cut.add(c);
    }
    for (const cell of this.all()) {
      if (!cut.has(cell.clause) || !cell.pending.length) continue;
      this.push(cell, true);
      cell.beforeCut();
      this.store(cell);
    }
  }

  /** The caret goes with its words when they come to be in another clause. To be asked before the act takes effect. */
  private caretGoes(act: Act): (() => void) | null {
    const { into = "", of = "", at = 0 } = act.b ?? {};
    const cell = this.cells.get(act.k === "join" ? of : (act.c ?? ""));
    if (!cell || (act.k !== "split" && act.k !== "join")) return null;
    const { head } = cell.state.selection.main;
    if (act.k === "join") return () => this.page.joined(of, act.c ?? "", at + head);
    const pending = cell.composed();
    const cut = pending && at <= pending.length ? pending.mapPos(at, -1) : at;
    return head > cut ? () => this.page.parted(cell.clause, into, head - cut) : null;
  }

  private receive(cell: Cell, act: Act, moves: Map<Cell, Transaction[]>): void {
    const { transaction, own } = cell.receive(act);
    if (transaction) moves.set(cell, [...(moves.get(cell) ?? []), transaction]);
    if (own) this.store(cell);
  }

  private noted(act: Act): void {
    const op = act.i ? this.asked.get(act.i) : undefined;
    op?.acts.push(act);
    if (act.by === this.data.you.person && act.i && (op || this.mine.has(act.i))) this.savedAt = act.at;
  }

  /** After acts: go on sending, forget what is done with. */
  private settle(cell: Cell): void {
    if (cell.refusedFrom !== null && cell.counter >= cell.refusedFrom) this.setAside(cell);
    this.push(cell);
    if (cell.pending.length || cell.waiting) return;
    this.strays = this.strays.filter((stray) => stray !== cell);
    if (this.replica.clause(cell.clause)?.gone && this.cells.get(cell.clause) === cell) this.cells.delete(cell.clause);
  }

  private answer(): void {
    for (const [op, asked] of this.asked) {
      if (!asked.acts.length) continue;
      this.asked.delete(op);
      asked.done(asked.acts);
    }
  }

  private fetched(clause: string, since: number, acts: readonly Act[]): void {
    for (const cell of this.all()) {
      if (cell.clause !== clause || !cell.waiting || cell.number !== since) continue;
      const later = cell.waiting;
      cell.waiting = null;
      try {
        for (const act of [...acts, ...later]) cell.receive(act);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.page.again(error.message);
        return;
      }
      this.store(cell);
      this.page.renewed(cell);
      this.settle(cell);
    }
    this.page.status();
  }

  private carried(clause: string, client: string, counter: number): void {
    for (const cell of this.all()) {
      if (cell.clause !== clause || cell.client !== client) continue;
      if (cell.counter + cell.pending.length <= counter + 1) {
        this.forget(cell);
      } else {
        cell.lost(); // more was typed meanwhile: it goes the same way, with what is there already
        this.push(cell);
      }
    }
    this.page.status();
  }

  private forget(cell: Cell): void {
    this.keep.put(cell.clause, cell.client, null);
    this.strays = this.strays.filter((stray) => stray !== cell);
    if (this.cells.get(cell.clause) === cell) this.cells.delete(cell.clause);
  }

  private refused(frame: Refused): void {
    if (frame.op) {
      this.asked.get(frame.op)?.failed(new NotDone(frame.key, t(frame.message)));
      this.asked.delete(frame.op);
      return;
    }
    for (const cell of this.all()) {
      if (cell.clause !== frame.clause || (frame.client !== undefined && cell.client !== frame.client)) continue;
      this.reasons.set(cell, t(frame.message));
      cell.waiting = null;
      cell.refusedFrom = frame.counter ?? cell.counter;
      if (cell.counter >= cell.refusedFrom) this.setAside(cell);
    }
    this.page.status();
  }

  private readonly reasons = new WeakMap<Cell, string>();

  /** The server does not take what is pending in the cell: the words go into the box, the clause is as confirmed. */
  private setAside(cell: Cell): void {
    const change = cell.composed();
    if (change) {
      this.page.aside({
        clause: cell.clause,
        label: this.replica.labels().get(cell.clause) ?? "",
        reason: this.reasons.get(cell) ?? "",
        words: insertedWords(change),
        text: cell.state.doc.toString(),
        base: cell.base.toString(),
        change: change.toJSON() as Sections,
        at: Date.now(),
      });
    }
    const clause = this.replica.clause(cell.clause);
    cell.giveUp();
    this.keep.put(cell.clause, cell.client, null);
    // An adopted cell that never caught up cannot go on from its old text.
    if (!clause || clause.number !== cell.number) this.forget(cell);
    this.page.renewed(cell);
  }

  /** A socket that is turned away looks like a line that is down: the page's own address tells which it is. */
  private async lookWhy(): Promise<void> {
    try {
      const answer = await fetch(location.pathname, { redirect: "manual" });
      if (answer.type === "opaqueredirect") this.link.stop(signedOut());
      else if (answer.status === 403 || answer.status === 404) this.link.stop(notOpen());
    } catch {
      // The line is down.
    }
    this.page.status();
  }

  private down(code: number): void {
    for (const cell of this.all()) cell.lost();
    for (const asked of this.asked.values()) asked.failed(offline());
    this.asked.clear();
    this.here.clear();
    this.watching = {};
    if (code === 4401) this.link.stop(signedOut());
    else if (code === 4403 || code === 4404) this.link.stop(notOpen());
    this.wake();
    this.page.status();
    this.page.presenceChanged();
  }
}
