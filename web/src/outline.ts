// The outline beside the text: a line per clause with its label, first words, brackets, state, and who is there.

import { count } from "./brackets";
import { el } from "./dom";
import { t } from "./i18n";
import { escape } from "./paint";
import type { Clause } from "./replica";
import type { Session } from "./session";
import { arrange, discHtml, locks, put, type Sheet } from "./sheet";

export class Outline {
  private readonly list: HTMLElement | null = document.getElementById("outline");
  private readonly items = new Map<string, HTMLElement>();
  private labels: ReadonlyMap<string, string>; // as they are written in the lines

  constructor(
    private readonly session: Session,
    private readonly sheet: Sheet,
  ) {
    this.labels = sheet.labels;
    for (const link of this.list?.querySelectorAll<HTMLElement>("a[data-clause]") ?? []) {
      const item = link.closest("li");
      if (item) this.items.set(link.dataset["clause"] ?? "", item);
    }
  }

  /** Write the line of a clause again; its seats stay. */
  paint(id: string): void {
    const clause = this.session.replica.clause(id);
    const item = this.items.get(id);
    if (!clause || !item) return;
    item.className = clause.kind === "heading" ? "part" : "";
    if (clause.kind === "sub") item.dataset["depth"] = String(clause.depth);
    else delete item.dataset["depth"];
    const who = item.querySelector(".who") ?? el("span", { class: "who" });
    const link = item.querySelector("a");
    put(link, this.html(clause));
    link?.append(who);
  }

  /** Lines in the order of the text, with their labels. */
  arrange(): void {
    const standing = this.session.replica.standing();
    for (const clause of standing) {
      const known = this.items.has(clause.id);
      if (!known) this.items.set(clause.id, line(clause.id));
      if (!known || this.labels.get(clause.id) !== this.sheet.label(clause.id)) this.paint(clause.id);
    }
    this.labels = this.sheet.labels;
    if (this.list) arrange(this.list, standing.map((clause) => this.items.get(clause.id) ?? line(clause.id)));
  }

  /** The counts in the bars. */
  tally(): void {
    const standing = this.session.replica.standing();
    const { pairs, spanning, unbalanced } = count(standing.map((clause) => clause.text));
    const numbered = standing.filter((clause) => clause.kind !== "heading");
    const agreed = numbered.filter((clause) => locks(clause.state));
    say("tally-agreed", `${agreed.length}/${numbered.length}`);
    const brackets = pairs + spanning + unbalanced;
    say("tally-brackets", String(brackets));
    say("bracket-count", brackets === 1 ? t("1 bracket") : t("{n} brackets", { n: brackets }));
  }

  /** Who is at which clause: the seats of each line. */
  seats(at: ReadonlyMap<string, readonly { code: string; name: string; me: boolean }[]>): void {
    for (const [id, item] of this.items) {
      const who = item.querySelector(".who");
      const seats = at.get(id) ?? [];
      if (who && (seats.length || who.childElementCount)) {
        who.replaceChildren(...seats.map(({ code, name, me }) => el("span", { class: me ? "seat me" : "seat", title: name, dir: "auto" }, code)));
      }
    }
  }

  /** Mark the clause the person is at. */
  current(id: string | null): void {
    for (const link of this.list?.querySelectorAll("a[aria-current]") ?? []) link.removeAttribute("aria-current");
    if (id) this.items.get(id)?.querySelector("a")?.setAttribute("aria-current", "true");
  }

  private html(clause: Clause): string {
    const what = `<span class="what" dir="auto">${escape(beginning(clause.text))}</span>`;
    if (clause.kind === "heading") return what;
    const n = clause.text.split("[").length - 1;
    const said = n === 1 ? t("1 open bracket") : t("{n} open brackets", { n });
    const brackets = n ? `<span class="bc" title="${escape(said)}">[${n}]</span>` : "";
    const label = escape(this.sheet.label(clause.id));
    return `${discHtml(clause.state, this.session)}<span class="no" dir="ltr">${label}</span>${what}${brackets}`;
  }
}

function line(id: string): HTMLElement {
  return el("li", {}, el("a", { href: `#c-${id}`, "data-clause": id }, el("span", { class: "who" })));
}

function say(id: string, text: string): void {
  const node = document.getElementById(id);
  if (node && node.textContent !== text) node.textContent = text;
}

/** The first words of a text, without its marks (server/sheet.py, beginning). */
export function beginning(text: string, most = 42): string {
  const words = text.slice(0, most * 3).replace(/[*[\]]/g, "").split(/\s+/).filter((word) => word !== "");
  let out = "";
  for (const word of words) {
    if (out && out.length + 1 + word.length > most) return `${out} …`;
    out = out ? `${out} ${word}` : word.slice(0, most);
  }
  return out;
}
