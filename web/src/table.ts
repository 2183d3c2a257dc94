// Everything about the negotiation table on the page of a draft, put together: cards, positions, what can be done with a clause, the
// stage in the bars.

import { Arrivals } from "./arrivals";
import { byId } from "./dom";
import type { Changes } from "./floor";
import { t } from "./i18n";
import type { Key } from "./keys";
import { Marks } from "./marks";
import type { Notices } from "./notices";
import { Proposals } from "./proposals";
import type { Session } from "./session";
import type { Sheet } from "./sheet";
import { StageBar } from "./stage";
import { Stances } from "./stance";

export class Table {
  private readonly proposals: Proposals;
  private readonly stances: Stances;
  private readonly marks: Marks;
  private readonly stage: StageBar;

  constructor(
    private readonly session: Session,
    sheet: Sheet,
    private readonly notices: Notices,
  ) {
    const { floor } = session;
    const notice = (text: string): void => notices.say(text);
    this.proposals = new Proposals(session, floor, sheet, new Arrivals(byId("text")));
    this.stances = new Stances(session, floor, sheet, this.proposals, notice);
    this.marks = new Marks(session, floor, sheet, this.proposals, notice);
    this.stage = new StageBar(session, floor, notice);
  }

  /** Something on the table is another. Gives whether the clauses look different for it. */
  take({ places, fresh, draft, rights }: Changes): boolean {
    this.proposals.soon(places);
    if (draft) {
      this.session.replica.stage = this.session.floor.draft.stage;
      this.stage.show();
    }
    const [first] = fresh;
    if (first) this.notices.whisper(t("Proposal {number} of {party} is on the table.", { number: first.number, party: first.party.name }));
    return rights;
  }

  /** The clauses stand in another order, or have other names. */
  arranged(): void {
    this.proposals.arranged();
  }

  keys(current: () => string | null): Key[] {
    return [
      { keys: ["p"], shown: "P", says: t("propose on the clause"), run: () => this.marks.propose(current()) },
      {
        keys: ["1", "2", "3", "4"],
        shown: "1 2 3 4",
        says: t("on a proposal: support, can accept, reserve, oppose"),
        run: (event) => this.stances.key(Number(event.key)),
      },
    ];
  }
}
