// The clauses on the page, with the markup of server/sheet.py. The server painted them first; here only what acts touched is
// painted again, and the order follows the replica.

import { el } from "./dom";
import { moment, t } from "./i18n";
import { escape, plainHtml, textHtml, type Names } from "./paint";
import { live, runs, type Run } from "./redline";
import type { Clause } from "./replica";
import type { Session } from "./session";

const RING = '<circle cx="8" cy="8" r="6"/>';
const DISCS: Readonly<Record<string, readonly [style: string, shape: string]>> = {
  open: ["st-open", RING],
  under_discussion: ["st-talk", `${RING}<path class="f" d="M8 8V3.5a4.5 4.5 0 010 9z"/>`],
  converging: ["st-conv", `${RING}<path class="f" d="M8 8V3.5A4.5 4.5 0 113.5 8z"/>`],
  agreed_ad_ref: ["st-adref", `${RING}<circle class="f" cx="8" cy="8" r="4"/>`],
  agreed: ["st-agreed", '<circle class="f" cx="8" cy="8" r="6.8"/><path class="k" d="M5 8.3l2.2 2.2L11 6"/>'],
  placement_tbd: ["st-place", `${RING}<path d="M8 4.5v7M5.5 7L8 4.5 10.5 7M5.5 9L8 11.5 10.5 9"/>`],
  deferred: ["st-def", '<circle cx="8" cy="8" r="6" stroke-dasharray="2.4 2.3"/>'],
};

export interface Look {
  view: "redline" | "clean";
  since: number;
}

export class Sheet {
  readonly doc: HTMLElement;
  labels: Map<string, string>;
  private readonly sections = new Map<string, HTMLElement>();

  constructor(
    private readonly session: Session,
    readonly look: Look,
  ) {
    this.doc = document.getElementById("doc") ?? el("div");
    this.labels = session.replica.labels();
    for (const section of this.doc.querySelectorAll<HTMLElement>(".clause")) {
      this.sections.set(section.dataset["clause"] ?? "", section);
      section.tabIndex = -1;
    }
  }

  section(id: string): HTMLElement | undefined {
    const section = this.sections.get(id);
    return section?.isConnected ? section : undefined;
  }

  label(id: string): string {
    return this.labels.get(id) ?? "";
  }

  /** The name of a clause in a sentence: its label, or what it is. */
  called(id: string): string {
    const clause = this.session.replica.clause(id);
    return this.label(id) || (clause?.kind === "heading" ? t("the heading") : t("the clause"));
  }

  readonly names: Names = {
    code: (author) => this.party(author).code,
    name: (author) => this.party(author).name,
  };

  private party(author: number): { code: string; name: string } {
    return this.session.party(this.session.owners[author] ?? "");
  }

  /** The runs of a clause as they are shown now, what is typed here included. */
  runs(clause: Clause): Run[] {
    const { owners } = this.session;
    const found = runs(this.session.shown(clause.id), this.look.since, owners);
    return clause.gone ? struckOut(found, clause.gone[1], owners) : found;
  }

  /** Paint a clause again. One that is being edited keeps its editor. */
  paint(id: string): void {
    const clause = this.session.replica.clause(id);
    const section = this.sections.get(id);
    if (!clause || !section) return;
    section.classList.toggle("locked", locks(clause.state));
    section.classList.toggle("gone", clause.gone !== null);
    section.dataset["kind"] = clause.kind;
    section.dataset["depth"] = String(clause.depth);
    put(section.querySelector(".lab"), this.lab(clause));
    put(section.querySelector(".side"), this.side(clause));
    const body = section.querySelector(".body");
    let text = body?.querySelector<HTMLElement>(".t");
    if (!body || !text) return;
    const tag = clause.kind === "heading" ? "h2" : "p";
    if (text.localName !== tag) {
      const other = el(tag, { class: "t", dir: "auto", hidden: text.hidden });
      text.replaceWith(other);
      text = other;
    }
    text.lang = clause.lang || this.session.data.draft.language;
    if (!text.hidden) put(text, this.textHtml(clause));
    this.foot(clause, body, text);
  }

  textHtml(clause: Clause): string {
    if (this.look.view === "clean") return plainHtml(live(this.session.shown(clause.id)));
    return textHtml(this.runs(clause), this.names);
  }

  /** Bring the sections into the order of the text: new ones come, those that are not shown go. */
  arrange(): void {
    const before = this.labels;
    this.labels = this.session.replica.labels();
    const wanted: HTMLElement[] = [];
    for (const clause of this.session.replica.clauses) {
      if (!this.shown(clause)) continue;
      let section = this.sections.get(clause.id);
      if (section && before.get(clause.id) !== this.label(clause.id)) put(section.querySelector(".lab"), this.lab(clause));
      if (!section) {
        section = this.fresh(clause);
        this.sections.set(clause.id, section);
      }
      wanted.push(section);
    }
    arrange(this.doc, wanted);
  }

  /** Paint everything again, for another view. */
  repaint(): void {
    this.doc.dataset["view"] = this.look.view;
    this.arrange();
    for (const id of this.sections.keys()) if (this.section(id)) this.paint(id);
  }

  private shown(clause: Clause): boolean {
    if (!clause.gone) return true;
    const [epoch, , , , into] = clause.gone;
    if (this.look.view === "clean" || into !== null || epoch < this.look.since) return false;
    return this.runs(clause).length > 0 || clause.born[0] < this.look.since;
  }

  private fresh(clause: Clause): HTMLElement {
    const section = el(
      "section",
      { class: "clause", id: `c-${clause.id}`, "data-clause": clause.id, tabindex: "-1" },
      el("a", { class: "lab", href: `#c-${clause.id}`, dir: "ltr" }),
      el("div", { class: "body" }, el(clause.kind === "heading" ? "h2" : "p", { class: "t", dir: "auto" })),
      el("div", { class: "side" }),
    );
    this.sections.set(clause.id, section);
    this.paint(clause.id);
    return section;
  }

  private lab(clause: Clause): string {
    const disc = clause.kind === "heading" || clause.gone ? "" : discHtml(clause.state, this.session);
    const label = this.label(clause.id);
    if (label) return disc + label;
    return `${disc}<span class="sr">${escape(clause.kind === "heading" ? t("Heading") : t("Clause without a number"))}</span>`;
  }

  private side(clause: Clause): string {
    const { since, view } = this.look;
    let tag = "";
    if (view === "redline") {
      if (clause.gone) tag = tagHtml("del", t("deleted"));
      else if (clause.born[0] >= since) tag = clause.source ? tagHtml("mov", t("split off")) : tagHtml("ins", t("new"));
      else if (clause.moved && clause.moved[0] >= since) tag = tagHtml("mov", t("moved"));
    }
    const locked = locks(clause.state) && !clause.gone ? '<svg class="i" aria-hidden="true"><use href="#i-lock"/></svg>' : "";
    return tag + locked + this.doorHtml(clause);
  }

  /** The way to what can be done with a clause besides editing it. */
  private doorHtml(clause: Clause): string {
    if (clause.gone || this.session.floor.draft.may["propose"] !== true) return "";
    const said = escape(t("Propose on {label}", { label: this.called(clause.id) })).replaceAll('"', "&quot;");
    const to = `/drafts/${this.session.data.draft.id}/proposals/new?clause=${clause.id}&amp;kind=modify`;
    return `<a class="cm" href="${to}" title="${said}"><svg class="i" aria-hidden="true"><use href="#i-dots"/></svg><span class="sr">${said}</span></a>`;
  }

  private foot(clause: Clause, body: Element, text: Element): void {
    const html = this.footHtml(clause);
    let foot = body.querySelector(".foot");
    if (!html) {
      foot?.remove();
      return;
    }
    if (!foot) {
      foot = el("p", { class: "foot" });
      text.after(foot);
    }
    put(foot, html);
  }

  private footHtml(clause: Clause): string {
    if (clause.gone) {
      const [, author, at, reason] = clause.gone;
      const said = escape(t("removed by {name},", { name: this.names.name(author) }));
      const why = reason ? `<span class="why" dir="auto">${escape(reason)}</span>` : "";
      return `<span>${said} ${timeHtml(at)}</span>${why}`;
    }
    if (clause.state === "open" || clause.kind === "heading") return "";
    return `<span>${escape(stateSays(clause.state))} ${timeHtml(clause.stateAt)}</span>`;
  }
}

/** The disc that shows a clause's state, with its word. */
export function discHtml(state: string, session: Session): string {
  const [style, shape] = DISCS[state] ?? ["st-open", RING];
  const said = session.data.words["status"]?.[state] ?? state;
  return `<svg class="st ${style}" viewBox="0 0 16 16" role="img" aria-label="${escape(said)}">${shape}</svg>`;
}

/** Whether nobody edits a clause in this state. */
export function locks(state: string): boolean {
  return state === "agreed_ad_ref" || state === "agreed";
}

function stateSays(state: string): string {
  switch (state) {
    case "under_discussion":
      return t("Under discussion,");
    case "converging":
      return t("Converging,");
    case "agreed_ad_ref":
      return t("Agreed ad ref,");
    case "agreed":
      return t("Agreed,");
    case "placement_tbd":
      return t("Placement to be decided,");
    default:
      return t("Deferred,");
  }
}

/** Put children into an order; those not wanted go. A child that stays in its place is not touched, and keeps its focus. */
export function arrange(parent: Element, wanted: readonly Element[]): void {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const child of wanted) {
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
}

const painted = new WeakMap<Element, string>();

/** Set an element's HTML when it is another than what was last put there. */
export function put(node: Element | null, html: string): void {
  if (!node || painted.get(node) === html) return;
  painted.set(node, html);
  node.innerHTML = html;
}

/** Of a clause that is gone, whatever stood is struck out by who deleted it (server/sheet.py, shown_runs). */
function struckOut(found: readonly Run[], by: number, owners: readonly string[]): Run[] {
  const out: Run[] = [];
  for (const run of found) {
    if (run.mark === "kept") out.push({ text: run.text, mark: "del", by: -1, delBy: by });
    else if (run.mark !== "ins") out.push(run);
    else if (owners[run.by] !== owners[by]) out.push({ text: run.text, mark: "insdel", by: run.by, delBy: by });
  }
  return out;
}

function tagHtml(kind: string, said: string): string {
  return `<span class="tag ${kind}">${escape(said)}</span>`;
}

function timeHtml(ms: number): string {
  return `<time datetime="${new Date(ms).toISOString().slice(0, 19)}Z">${escape(moment(ms))}</time>`;
}

