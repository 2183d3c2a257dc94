// The draft as its log says it is: drafts/state.py in the browser. Holds confirmed text only; nothing typed here and not yet
// confirmed ever gets in. Pure: no DOM.

import { ChangeSet } from "@codemirror/state";
import { addresses, asIssued, labels, type ClauseKind, type Issued } from "./numbering";
import { cut, fold, live, type Sections, type Segment } from "./redline";
import type { Act, ClauseData, Gone, Stamp } from "./wire";

/** Where a thread stands, UTF-16; null: on the clause as a whole; empty: its words are gone. */
export interface Anchor {
  readonly from: number | null;
  readonly to: number | null;
}

export interface Clause {
  readonly id: string;
  kind: ClauseKind;
  depth: number;
  lang: string;
  readonly born: Stamp;
  readonly source: string | null;
  number: number;
  segs: readonly Segment[];
  text: string;
  state: string;
  stateBy: number;
  stateAt: number;
  gone: Gone | null;
  moved: Stamp | null;
  readonly anchors: Map<string, Anchor>;
}

/** What of a draft an act touched, so that only that is painted again. */
export interface Touched {
  readonly clauses: readonly string[];
  readonly order: boolean; // clauses came, went or moved: labels may differ
}

export interface Start {
  readonly seq: number;
  readonly epoch: number;
  readonly authors: readonly (readonly [string, string])[];
  readonly clauses: readonly ClauseData[];
  readonly mode: string;
  readonly kept: readonly (readonly [clause: string, row: string, label: string])[];
  readonly stage: string;
}

export class Replica {
  seq: number;
  epoch: number;
  mode: string;
  private kept: Issued; // labels of the last version
  stage: string;
  readonly clauses: Clause[] = []; // document order, gone ones included
  readonly authors: (readonly [person: string, party: string])[];
  readonly owners: string[];
  private readonly byId = new Map<string, Clause>();

  constructor(start: Start) {
    this.seq = start.seq;
    this.epoch = start.epoch;
    this.mode = start.mode;
    this.kept = new Map(start.kept.map(([clause, row, label]) => [clause, [row, label]]));
    this.stage = start.stage;
    this.authors = [...start.authors];
    this.owners = start.authors.map(([, party]) => party);
    this.place(start.clauses.map(fromData), null);
  }

  clause(id: string): Clause | undefined {
    return this.byId.get(id);
  }

  /** The clauses that are there, in order. */
  standing(): Clause[] {
    return this.clauses.filter((c) => !c.gone);
  }

  /** The label of every standing clause. */
  labels(): Map<string, string> {
    const standing = this.standing();
    const names = labels(standing, this.kept);
    return new Map(standing.map((c, index) => [c.id, names[index] ?? ""]));
  }

  /** The full label of every standing clause, "" for one without a number. */
  addresses(): Map<string, string> {
    const standing = this.standing();
    const names = addresses(standing, this.kept);
    return new Map(standing.map((c, index) => [c.id, names[index] ?? ""]));
  }

  /** The index of an author, made when new. */
  author(person: string, party: string): number {
    const found = this.authors.findIndex(([one, other]) => one === person && other === party);
    if (found >= 0) return found;
    this.authors.push([person, party]);
    this.owners.push(party);
    return this.authors.length - 1;
  }

  /** The clause with the sub-clauses that belong to it, gone ones among them included (State.block). */
  block(clause: Clause): Clause[] {
    const out = [clause];
    if (clause.kind === "heading") return out;
    const depth = clause.kind === "sub" ? clause.depth : 0;
    for (const other of this.clauses.slice(this.clauses.indexOf(clause) + 1)) {
      if (other.kind !== "sub" || other.depth <= depth) break;
      out.push(other);
    }
    return out;
  }

  /** Let one act take effect. Acts come in order, though not all are for every ear (a private comment's mark): numbers may be
   * missing. Throws RangeError for one that cannot be next: then this replica is of no more use. */
  apply(act: Act): Touched {
    if (act.s <= this.seq) throw new RangeError(`act ${act.s} after act ${this.seq}`);
    const touched = this.take(act, this.author(act.by, act.p));
    this.seq = act.s;
    return touched;
  }

  private take(act: Act, author: number): Touched {
    const body = act.b ?? {};
    const stamp: Stamp = [this.epoch, author];
    switch (act.k) {
      case "edit":
      case "carry":
        return this.edit(act, author);
      case "insert":
        return this.insert(act, stamp);
      case "split":
        return this.split(act, stamp);
      case "join":
        return this.join(act, stamp);
      case "move":
        return this.move(act, stamp);
      case "delete":
        this.get(act.c).gone = [this.epoch, author, act.at, body.reason ?? "", null];
        return { clauses: [act.c ?? ""], order: true };
      case "restore":
        this.get(act.c).gone = null;
        return { clauses: [act.c ?? ""], order: true };
      case "shape":
        Object.assign(this.get(act.c), { kind: body.kind, depth: body.depth, lang: body.lang });
        return { clauses: [act.c ?? ""], order: true };
      case "lock":
        Object.assign(this.get(act.c), { state: body.state, stateBy: author, stateAt: act.at });
        return { clauses: [act.c ?? ""], order: false };
      case "set":
        this.mode = body.mode ?? this.mode;
        this.stage = body.stage ?? this.stage;
        return { clauses: [], order: false };
      case "issue":
        this.epoch = (body.version ?? this.epoch) + 1;
        this.kept = asIssued(this.standing());
        return { clauses: [], order: true };
      case "mark":
        return this.mark(act);
      case "silence":
      case "adopt":
      case "cancel":
        return { clauses: [], order: false }; // the stage changes with an act of its own
      default:
        throw new RangeError(`an act of kind ${act.k}`);
    }
  }

  private get(id: string | null | undefined): Clause {
    const clause = this.byId.get(id ?? "");
    if (!clause) throw new RangeError(`no clause ${id}`);
    return clause;
  }

  private place(clauses: Clause[], after: string | null): void {
    const index = after === null ? 0 : this.clauses.indexOf(this.get(after)) + 1;
    this.clauses.splice(index, 0, ...clauses);
    for (const clause of clauses) this.byId.set(clause.id, clause);
  }

  private edit(act: Act, author: number): Touched {
    const clause = this.get(act.c);
    if (act.n !== clause.number + 1) throw new RangeError(`text ${act.n} of ${clause.id} after text ${clause.number}`);
    const change = act.b?.change ?? [];
    clause.segs = fold(clause.segs, change, this.epoch, author, this.owners);
    clause.text = live(clause.segs);
    clause.number += 1;
    mapAnchors(clause, change);
    return { clauses: [clause.id], order: false };
  }

  private insert(act: Act, [epoch, author]: Stamp): Touched {
    const { after = null, kind = "operative", depth = 0, lang = "", text = "" } = act.b ?? {};
    const clause = fresh(act.c ?? "", kind, depth, lang, [epoch, author], null);
    clause.segs = text ? [[text, epoch, author, -1, -1]] : [];
    clause.text = text;
    this.place([clause], after);
    return { clauses: [clause.id], order: true };
  }

  private split(act: Act, stamp: Stamp): Touched {
    const clause = this.get(act.c);
    const { at = 0, into = "", change = [] } = act.b ?? {};
    const [head, tail] = cut(clause.segs, at);
    const made = fresh(into, clause.kind, clause.depth, clause.lang, stamp, clause.id);
    made.segs = tail;
    made.text = live(tail);
    for (const [thread, { from, to }] of [...clause.anchors]) {
      if (from === null || to === null || from < at || from >= to) continue;
      made.anchors.set(thread, { from: from - at, to: to - at });
      clause.anchors.delete(thread);
    }
    clause.segs = head;
    clause.text = live(head);
    clause.number += 1;
    mapAnchors(clause, change);
    this.place([made], clause.id);
    return { clauses: [clause.id, made.id], order: true };
  }

  private join(act: Act, [epoch, author]: Stamp): Touched {
    const clause = this.get(act.c);
    const { at = 0, of } = act.b ?? {};
    const other = this.get(of);
    const space = at - clause.text.length;
    const bridge: Segment[] = space > 0 ? [[" ".repeat(space), epoch, author, -1, -1]] : [];
    clause.segs = [...clause.segs, ...bridge, ...other.segs];
    clause.text = live(clause.segs);
    clause.number += 1;
    for (const [thread, { from, to }] of other.anchors) {
      clause.anchors.set(thread, { from: from === null ? null : from + at, to: to === null ? null : to + at });
    }
    other.gone = [epoch, author, act.at, "", clause.id];
    other.segs = [];
    other.text = "";
    other.anchors.clear();
    return { clauses: [clause.id, other.id], order: true };
  }

  private move(act: Act, stamp: Stamp): Touched {
    const clause = this.get(act.c);
    const block = [clause, ...(act.b?.with ?? []).map((id) => this.get(id))];
    for (const one of block) this.clauses.splice(this.clauses.indexOf(one), 1);
    this.place(block, act.b?.after ?? null);
    clause.moved = stamp;
    return { clauses: block.map((c) => c.id), order: true };
  }

  private mark(act: Act): Touched {
    const { thread, from = null, to = null } = act.b ?? {};
    if (act.c === undefined || !thread) return { clauses: [], order: false };
    this.get(act.c).anchors.set(thread, { from, to });
    return { clauses: [act.c], order: false };
  }
}

function fromData(data: ClauseData): Clause {
  const clause = fresh(data.id, data.kind, data.depth, data.lang, data.born, data.source);
  return Object.assign(clause, {
    number: data.number,
    segs: data.segs,
    text: live(data.segs),
    state: data.state,
    stateBy: data.state_by,
    stateAt: data.state_at,
    gone: data.gone,
    moved: data.moved,
  });
}

function fresh(id: string, kind: ClauseKind, depth: number, lang: string, born: Stamp, source: string | null): Clause {
  return {
    id, kind, depth, lang, born, source,
    number: 0, segs: [], text: "", state: "open", stateBy: -1, stateAt: 0, gone: null, moved: null, anchors: new Map(),
  };
}

function mapAnchors(clause: Clause, change: Sections): void {
  if (!clause.anchors.size) return;
  const set = ChangeSet.fromJSON(change);
  for (const [thread, { from, to }] of clause.anchors) {
    if (from === null || to === null) continue;
    const start = set.mapPos(from, 1);
    clause.anchors.set(thread, { from: start, to: Math.max(start, set.mapPos(to, -1)) });
  }
}
