// The table of the draft as this person may see it: proposals, what parties say to them, states of clauses, the stage. Holds what
// the server told last (drafts/desk/floor.py makes it); decides nothing. Pure: no DOM.

export interface Party {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly group: string;
}

export interface Mine {
  readonly stance: string;
  readonly note: string;
  readonly condition: string | null;
  readonly earlier: boolean;
  readonly sponsor: boolean;
  readonly by: Party | null;
}

export interface Said extends Mine {
  readonly party: Party;
  readonly for: readonly Party[];
  readonly at: number | null;
}

/** `counts` and `list` are null where others' positions are not open to this person. */
export interface Positions {
  readonly counts: Readonly<Record<string, number>> | null;
  readonly mine: Mine | null;
  readonly list: readonly Said[] | null;
}

/** `=` stays, `+` comes, `-` goes. */
export type Piece = readonly [sign: "=" | "+" | "-", text: string];

export interface ProposalView {
  readonly id: string;
  readonly number: number;
  readonly kind: string;
  readonly clause: string | null;
  readonly place: string | null;
  readonly state: string;
  readonly party: Party;
  readonly reason: string;
  readonly wording: number;
  readonly worded_at: number;
  readonly sponsors: readonly Party[];
  readonly pieces: readonly Piece[];
  readonly stale: string;
  readonly conflicts: readonly { readonly base: string; readonly theirs: string; readonly live: string }[];
  readonly done: boolean;
  readonly equal: readonly number[];
  readonly offered: null | {
    readonly pieces: readonly Piece[];
    readonly note: string;
    readonly accepts: boolean | null;
    readonly answer: string;
  };
  readonly closing: null | { readonly party: Party; readonly reason: string; readonly into: number | null };
  readonly positions: Positions | null;
}

/** Whose a bracket is and why it stands; `from` is its opening glyph in the clause's text. */
export interface BracketView {
  readonly note: string;
  readonly from: number;
  readonly to: number;
  readonly owner: Party;
  readonly reason: string;
  readonly link: string | null;
  readonly words: string;
  readonly private: boolean;
}

export interface ClauseView {
  readonly id: string;
  readonly status: string;
  readonly by: Party | null;
  readonly at: number;
  readonly reason: string;
  readonly objections: readonly { readonly party: Party; readonly reason: string; readonly at: number }[];
  readonly positions: Positions | null;
  readonly brackets: readonly BracketView[];
}

export interface DraftView {
  readonly stage: string;
  readonly mode: string;
  readonly open: number;
  readonly silence: null | { readonly label: string; readonly deadline: number; readonly outcome: string };
  readonly may: Readonly<Record<string, boolean>>;
}

export interface FloorFrame {
  readonly t: "floor";
  readonly seq: number;
  readonly proposals: readonly ProposalView[];
  readonly clauses: readonly ClauseView[];
  readonly draft: DraftView | null;
  readonly whole: boolean;
}

export interface FloorData {
  readonly proposals: readonly ProposalView[];
  readonly clauses: readonly ClauseView[];
  readonly draft: DraftView;
}

/** What a frame changed: the places where cards stand, proposals that were not known before, and whether a fact of the draft, or
 * what this person may do, is another. */
export interface Changes {
  readonly places: ReadonlySet<string>;
  readonly fresh: readonly ProposalView[];
  readonly draft: boolean;
  readonly rights: boolean;
}

/** The place of cards that stand before the first clause. */
export const FRONT = "front";

export class Floor {
  readonly proposals = new Map<string, ProposalView>();
  readonly clauses = new Map<string, ClauseView>();
  draft: DraftView;

  constructor(start: FloorData) {
    this.draft = start.draft;
    for (const proposal of start.proposals) this.proposals.set(proposal.id, proposal);
    for (const clause of start.clauses) this.clauses.set(clause.id, clause);
  }

  take(frame: FloorFrame): Changes {
    const places = new Set<string>();
    if (frame.whole) {
      for (const place of this.places()) places.add(place);
      const kept = new Set(frame.proposals.map((proposal) => proposal.id));
      for (const id of this.proposals.keys()) if (!kept.has(id)) this.proposals.delete(id);
      this.clauses.clear();
    }
    const fresh: ProposalView[] = [];
    for (const proposal of frame.proposals) {
      const before = this.proposals.get(proposal.id);
      if (before) places.add(placeOf(before));
      else if (isOpen(proposal)) fresh.push(proposal);
      this.proposals.set(proposal.id, proposal);
      places.add(placeOf(proposal));
    }
    for (const clause of frame.clauses) {
      this.clauses.set(clause.id, clause);
      places.add(clause.id);
    }
    const draft = frame.draft !== null && JSON.stringify(frame.draft) !== JSON.stringify(this.draft);
    const rights = frame.draft !== null && JSON.stringify(frame.draft.may) !== JSON.stringify(this.draft.may);
    this.draft = frame.draft ?? this.draft;
    if (rights) for (const place of this.places()) places.add(place);
    return { places, fresh, draft, rights };
  }

  /** Every place where something stands. */
  places(): Set<string> {
    return new Set([...[...this.proposals.values()].map(placeOf), ...this.clauses.keys()]);
  }

  /** The proposals at a place, those on the table and those that are closed, by number. */
  at(place: string): { open: ProposalView[]; closed: ProposalView[] } {
    const here = [...this.proposals.values()].filter((one) => placeOf(one) === place).sort((a, b) => a.number - b.number);
    return { open: here.filter(isOpen), closed: here.filter((one) => !isOpen(one)) };
  }

  /** What this person's party may do with a proposal now: it follows from the stage and from whose it is. */
  may(proposal: ProposalView, party: string): { own: boolean; sponsor: boolean; position: boolean; decide: boolean } {
    const may = isOpen(proposal) ? this.draft.may : {};
    const own = proposal.party.id === party;
    return {
      own: isOpen(proposal) && own,
      sponsor: may["table"] === true && !own,
      position: may["position"] === true,
      decide: may["decide"] === true,
    };
  }
}

export function isOpen(proposal: ProposalView): boolean {
  return proposal.state === "tabled";
}

/** The clause under which a proposal is shown: a new one under the clause that it goes behind (server/pages/table.py). */
export function placeOf(proposal: ProposalView): string {
  return (proposal.kind === "add" ? proposal.place : proposal.clause) ?? FRONT;
}
