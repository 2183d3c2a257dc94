// Who is in the room and where: the seats in the bar and the outline, other people's carets in the clause that is being edited,
// and this person's own caret for the others.

import { ChangeSet } from "@codemirror/state";
import type { Cell } from "./cells";
import type { Caret } from "./decorations";
import { el } from "./dom";
import { t } from "./i18n";
import type { Outline } from "./outline";
import type { Session } from "./session";
import type { Act, Here } from "./wire";

const PACE = 80; // ms between two frames about one's own caret
const RECENT = 200; // changes of texts, for carets that were told in an older one
const SEATS = 6; // in the bar; the rest is a figure

/** A change that made text `number` of a clause. */
interface Step {
  readonly clause: string;
  readonly number: number;
  readonly change: ChangeSet;
}

interface Place {
  readonly here: Here;
  readonly moved: number;
  number: number; // of the text that the positions count in
  anchor: number;
  head: number;
}

export class Presence {
  private readonly places = new Map<string, Place>();
  private readonly recent: Step[] = [];
  private moves = 0;
  private due: number | undefined;
  private told = ""; // the last frame about one's own caret

  constructor(
    private readonly session: Session,
    private readonly outline: Outline,
    private readonly announce: (text: string) => void,
  ) {}

  /** Somebody came, went or moved. `open`: the clause that is being edited here. */
  changed(open: string | null): void {
    for (const id of this.places.keys()) if (!this.session.here.has(id)) this.places.delete(id);
    for (const here of this.session.here.values()) {
      const known = this.places.get(here.id);
      if (known?.here === here) continue;
      if (open && here.clause === open && known?.here.clause !== open && this.other(here)) this.arrived(here, open);
      const place = { here, moved: ++this.moves, number: here.n ?? 0, anchor: here.a ?? 0, head: here.h ?? 0 };
      // It was told in an older text than the one that is here by now.
      for (const step of this.recent) if (step.clause === here.clause) forward(place, step);
      this.places.set(here.id, place);
    }
    this.seats();
  }

  /** Carets stand on the same words after others' changes. */
  acted(acts: readonly Act[]): void {
    for (const act of acts) {
      if (!act.b?.change || act.n === undefined || !act.c) continue;
      const step = { clause: act.c, number: act.n, change: ChangeSet.fromJSON(act.b.change) };
      for (const place of this.places.values()) if (place.here.clause === act.c) forward(place, step);
      this.recent.push(step);
    }
    this.recent.splice(0, this.recent.length - RECENT);
  }

  /** Other people's carets in a clause, in positions of what is shown here. */
  carets(cell: Cell | undefined): Caret[] {
    if (!cell) return [];
    const pending = cell.composed();
    const shown = (at: number): number => (pending ? pending.mapPos(Math.min(at, pending.length), -1) : at);
    const out: Caret[] = [];
    for (const { here, moved, anchor, head } of this.places.values()) {
      if (here.clause !== cell.clause || !this.other(here)) continue;
      out.push({ id: here.id, code: this.code(here), anchor: shown(anchor), head: shown(head), moved });
    }
    return out;
  }

  /** This person's caret is here; null: they only read. */
  mine(cell: Cell | null): void {
    window.clearTimeout(this.due);
    this.due = window.setTimeout(() => this.tell(cell), PACE);
  }

  private tell(cell: Cell | null): void {
    const frame = { t: "cursor" as const, clause: cell?.clause ?? null, number: cell?.number ?? 0, anchor: 0, head: 0 };
    if (cell) {
      const { anchor, head } = cell.state.selection.main;
      const back = cell.composed()?.invertedDesc;
      frame.anchor = back ? back.mapPos(anchor) : anchor;
      frame.head = back ? back.mapPos(head) : head;
    }
    const text = JSON.stringify(frame);
    if (text !== this.told && this.session.link.send(frame)) this.told = text;
  }

  /** A new connection knows nothing of this person's caret. */
  forget(): void {
    this.told = "";
  }

  private other(here: Here): boolean {
    return here.id !== this.session.client;
  }

  private code(here: Here): string {
    return this.session.people[here.by]?.code ?? "?";
  }

  private arrived(here: Here, open: string): void {
    const who = this.session.people[here.by];
    const label = this.session.replica.labels().get(open) || t("the clause");
    if (who) this.announce(t("{party} is editing {label}", { party: who.party_name, label }));
  }

  private seats(): void {
    const at = new Map<string, { code: string; name: string; me: boolean }[]>();
    for (const here of this.session.here.values()) {
      const who = this.session.people[here.by];
      if (!who || !here.clause) continue;
      const seats = at.get(here.clause) ?? [];
      const me = here.by === this.session.data.you.person;
      if (!seats.some((seat) => seat.code === who.code)) seats.push({ code: who.code, name: `${who.name}, ${who.party_name}`, me });
      at.set(here.clause, seats);
    }
    this.outline.seats(at);
    this.bar(Object.keys(this.session.watching).map((party) => this.session.party(party)));
  }

  private bar(parties: { code: string; name: string }[]): void {
    const bar = document.getElementById("seats");
    if (!bar) return;
    parties.sort((one, other) => (one.code < other.code ? -1 : 1));
    const rest = parties.length - SEATS;
    bar.replaceChildren(
      ...parties.slice(0, SEATS).map(({ code, name }) => el("span", { class: "seat", title: name, dir: "auto" }, code)),
      ...(rest > 0 ? [el("span", { class: "seat more" }, el("bdi", {}, `+${rest}`))] : []),
    );
    bar.setAttribute("aria-label", t("In the room: {n} parties", { n: parties.length }));
  }
}

function forward(place: Place, { number, change }: Step): void {
  if (place.number !== number - 1) return;
  place.anchor = change.mapPos(Math.min(place.anchor, change.length), 1);
  place.head = change.mapPos(Math.min(place.head, change.length), 1);
  place.number = number;
}
