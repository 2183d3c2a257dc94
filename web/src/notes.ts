// Whose brackets are and why they stand, as far as this person may know it. The server tells it with the clauses' views; here it
// goes with its opening glyph, as an anchor of the clause (drafts/bracketing.py), through what is typed meanwhile.

import type { BracketView, ClauseView } from "./floor";
import type { Session } from "./session";

const MARK = "b:"; // anchors of notes; threads' ids have no colon

/** Whether an anchor is that of a note to a bracket, not of a comment. */
export function isNote(anchor: string): boolean {
  return anchor.startsWith(MARK);
}

export class Notes {
  private readonly views = new Map<string, BracketView>();
  private readonly taken = new Map<string, ClauseView | undefined>();

  constructor(private readonly session: Session) {
    this.take(session.floor.clauses.keys());
  }

  /** What the server told last of these clauses. */
  take(clauses: Iterable<string>): void {
    const { floor, replica } = this.session;
    for (const id of clauses) {
      const clause = replica.clause(id);
      const told = floor.clauses.get(id);
      if (!clause || told === this.taken.get(id)) continue; // its places are of then; the anchors are of now
      this.taken.set(id, told);
      for (const key of [...clause.anchors.keys()]) if (isNote(key)) clause.anchors.delete(key);
      for (const view of told?.brackets ?? []) {
        this.views.set(MARK + view.note, view);
        clause.anchors.set(MARK + view.note, { from: view.from, to: view.from + 1 });
      }
    }
  }

  /** The notes to the bracket that opens at a position of the clause as it is shown here; the public one first. */
  at(clause: string, glyph: number): BracketView[] {
    const pending = this.session.cells.get(clause)?.composed();
    const found: BracketView[] = [];
    for (const [key, { from, to }] of this.session.replica.clause(clause)?.anchors ?? []) {
      const view = this.views.get(key);
      if (!view || from === null || to === null || from >= to) continue;
      const here = pending ? pending.mapPos(from, 1) : from;
      if (here === glyph) found.push(view);
    }
    return found.sort((one, other) => Number(one.private) - Number(other.private));
  }
}
