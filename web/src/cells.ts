// One collaborative EditorState per clause that somebody here has opened, kept after blur: what is typed and not yet confirmed
// lives in it. Decides what to push and what an act of the log does to a state. No DOM: a view, where there is one, is fed the
// transactions that `receive` gives.
//
// Rules (docs/architecture.md, "change engine"): remote updates are received one at a time; a push is always the whole list of
// unconfirmed updates on the text number that the state has seen, so that the server can drop what it knows; at most one push
// of a clause is under way, except before a cut.

import { getSyncedVersion, receiveUpdates, sendableUpdates } from "@codemirror/collab";
import { ChangeSet, StateEffect, type EditorState, type Text, type Transaction } from "@codemirror/state";
import type { Sections } from "./redline";
import type { Act, Push } from "./wire";

export const MAX_UPDATES = 400; // of one push; the server takes 500
const MAX_BYTES = 120_000;

export type MakeState = (text: string | Text, number: number, client: string) => EditorState;

const counts = StateEffect.define<null>();

/** The collab extension leaves out updates that change nothing, but those of ours that came to nothing meanwhile have their
 * number too: for its `sharedEffects`. */
export function alsoEmpty(transaction: Transaction): StateEffect<null>[] {
  return transaction.effects.filter((effect): effect is StateEffect<null> => effect.is(counts));
}

/** Unsent changes as they are kept on the device: what was typed on text `number` of a clause. */
export interface Kept {
  readonly clause: string;
  readonly client: string;
  readonly counter: number;
  readonly number: number;
  readonly text: string;
  readonly updates: readonly Sections[];
  readonly cuts: readonly Push[];
}

export class Cell {
  state: EditorState;
  base: Text; // the confirmed text that the state has seen
  counter: number; // updates of this client on this clause confirmed so far
  inFlight = 0; // of the unconfirmed ones, how many are on their way on this connection
  sent = 0; // of the unconfirmed ones, how many were ever sent
  waiting: Act[] | null = null; // not null: older acts are being fetched, newer ones wait here
  resets = 0; // how often what was pending was given up
  cuts: readonly Push[] = []; // made before a cut and not yet confirmed; see beforeCut
  private last: Push | null = null; // the newest push made
  refusedFrom: number | null = null; // the server refused from this counter on; the ones before are still to come back

  constructor(
    readonly clause: string,
    readonly client: string,
    private readonly make: MakeState,
    start: { text: string; number: number; counter?: number },
  ) {
    this.state = make(start.text, start.number, client);
    this.base = this.state.doc;
    this.counter = start.counter ?? 0;
  }

  get number(): number {
    return getSyncedVersion(this.state);
  }

  get pending(): readonly { changes: ChangeSet }[] {
    return sendableUpdates(this.state);
  }

  /** All that is pending as one change of `base`; null when nothing is. */
  composed(): ChangeSet | null {
    const [first, ...rest] = this.pending;
    return first ? rest.reduce((all, update) => all.compose(update.changes), first.changes) : null;
  }

  /** Take in an act of this clause's text. Gives what the view has to follow, and whether it confirmed one of ours. */
  receive(act: Act): { transaction: Transaction | null; own: boolean } {
    if (this.waiting) {
      this.waiting.push(act);
      return { transaction: null, own: false };
    }
    if (act.n === undefined || act.n <= this.number) return { transaction: null, own: false };
    if (act.n !== this.number + 1) throw new RangeError(`text ${act.n} of ${this.clause} after text ${this.number}`);
    const changes = ChangeSet.fromJSON(act.b?.change ?? []);
    const own = act.k === "edit" && act.i === this.client && act.u === this.counter && this.pending.length > 0;
    const transaction = receiveUpdates(this.state, [{ changes, clientID: own ? this.client : "" }]);
    this.state = transaction.state;
    this.base = changes.apply(this.base);
    if (own) {
      this.counter += 1;
      this.inFlight = Math.max(0, this.inFlight - 1);
      this.sent = Math.max(0, this.sent - 1);
      this.cuts = this.cuts.filter((push) => push.counter + push.updates.length > this.counter);
    }
    return { transaction, own };
  }

  /** The next push, or null when there is none to make now. `whole`: although another is under way (before a cut). */
  push(whole = false): Push | null {
    if (!this.pending.length || this.refusedFrom !== null || (this.inFlight > 0 && !whole)) return null;
    if (this.inFlight >= this.pending.length) return null;
    const updates: Sections[] = [];
    let bytes = 0;
    for (const { changes } of this.pending) {
      const sections = changes.toJSON() as Sections;
      bytes += JSON.stringify(sections).length;
      if (updates.length && (updates.length >= MAX_UPDATES || bytes > MAX_BYTES)) break;
      updates.push(sections);
    }
    this.inFlight = updates.length;
    this.sent = Math.max(this.sent, updates.length);
    const { clause, client, number: base, counter } = this;
    this.last = { t: "push", clause, client, base, counter, updates };
    return this.last;
  }

  /** An act that cuts the clause or joins it is about to be taken in. The state will then hold words where they do not belong,
   * and only a push made before says where they were typed: it is kept until it is confirmed, and made again if need be. */
  beforeCut(): void {
    const { last } = this;
    if (!last || last.counter + last.updates.length <= this.counter || this.cuts.includes(last)) return;
    this.cuts = [...this.cuts, last];
  }

  /** The pushes from before cuts, to be made once more on a new connection. What came later waits for their answer. */
  again(): readonly Push[] {
    for (const { counter, updates } of this.cuts) this.inFlight = counter + updates.length - this.counter;
    return this.cuts;
  }

  /** The connection is gone: whether what was under way arrived is not known. */
  lost(): void {
    this.inFlight = 0;
  }

  /** Make a long list of updates that were never sent into one, so that one push holds all. True when the state is new. */
  compact(): boolean {
    if (this.pending.length <= MAX_UPDATES) return false;
    const kept = this.pending.slice(0, this.sent);
    const rest = this.pending.slice(this.sent);
    const [first, ...more] = rest;
    if (!first) return false;
    const one = more.reduce((all, update) => all.compose(update.changes), first.changes);
    const { anchor, head } = this.state.selection.main;
    this.state = this.make(this.base, this.number, this.client);
    for (const { changes } of kept) this.take(changes);
    this.state = this.state.update({ changes: one, selection: { anchor, head } }).state;
    return true;
  }

  /** Make an update that was made before once more; its number is the next. */
  private take(changes: ChangeSet): void {
    this.state = this.state.update({ changes, effects: changes.empty ? counts.of(null) : [] }).state;
  }

  /** Give up what is pending. Its numbers are not used again: a push of it may still be on its way. */
  giveUp(): void {
    this.counter += this.pending.length;
    this.cuts = [];
    this.reset();
  }

  /** Forget what is pending: the state is the confirmed text again. */
  reset(): void {
    this.state = this.make(this.base, this.number, this.client);
    this.inFlight = 0;
    this.sent = 0;
    this.refusedFrom = null;
    this.resets += 1;
  }

  /** What has to be kept on the device now; null when everything is confirmed. */
  kept(): Kept | null {
    if (!this.pending.length) return null;
    return {
      clause: this.clause,
      client: this.client,
      counter: this.counter,
      number: this.number,
      text: this.base.toString(),
      updates: this.pending.map(({ changes }) => changes.toJSON() as Sections),
      cuts: this.cuts,
    };
  }

  /** A cell as it was when its page went away. Everything in it may have been sent. */
  static adopt(kept: Kept, make: MakeState): Cell {
    const cell = new Cell(kept.clause, kept.client, make, kept);
    for (const update of kept.updates) cell.take(ChangeSet.fromJSON(update));
    cell.sent = kept.updates.length;
    cell.cuts = kept.cuts;
    return cell;
  }
}

/** The words that a change puts in, for a person to read: its insertions, apart by an ellipsis. */
export function insertedWords(change: ChangeSet): string {
  const parts: string[] = [];
  change.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => {
    if (inserted.length) parts.push(inserted.toString());
  });
  return parts.join(" … ");
}
