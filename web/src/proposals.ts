// The cards under the clauses. The server laid them first; here those that a frame touched are drawn again, part by part, so that
// what somebody is doing in a card (a reason half written, a list that is open) stays.

import type { Arrivals } from "./arrivals";
import { parts, timeHtml, type Desk } from "./cards";
import { el } from "./dom";
import { FRONT, type ClauseView, type Floor, type ProposalView } from "./floor";
import { t } from "./i18n";
import { escape } from "./paint";
import type { Session } from "./session";
import { arrange, put, type Sheet } from "./sheet";

export class Proposals {
  private readonly nodes = new Map<string, HTMLElement>(); // by place
  private readonly dirty = new Set<string>();
  private frame: number | undefined;

  constructor(
    private readonly session: Session,
    private readonly floor: Floor,
    private readonly sheet: Sheet,
    private readonly arrivals: Arrivals,
  ) {
    for (const node of document.querySelectorAll<HTMLElement>("[data-props]")) this.nodes.set(node.dataset["props"] ?? "", node);
  }

  /** Draw these places before the next frame. */
  soon(places: Iterable<string>): void {
    for (const place of places) this.dirty.add(place);
    if (this.dirty.size) this.frame ??= requestAnimationFrame(() => this.draw());
  }

  /** The order, or the names, of the clauses are others now. */
  arranged(): void {
    for (const [place, node] of this.nodes) {
      this.settle(place, node);
      const title = node.querySelector(".props-h h3");
      const said = this.heading(place);
      if (title && title.textContent !== said) title.textContent = said;
    }
  }

  /** What a card shows, or is asked about. */
  desk(view: ProposalView): Desk {
    return { ...this.base(view.clause ?? view.place), may: this.floor.may(view, this.session.data.you.party) };
  }

  /** The same for what is not about a proposal. */
  base(clause: string | null): Desk {
    const { data, replica } = this.session;
    const position = this.floor.draft.may["position"] === true;
    return {
      draft: data.draft.id,
      party: data.you.party,
      csrf: data.csrf,
      language: (clause && replica.clause(clause)?.lang) || data.draft.language,
      may: { own: false, sponsor: false, position, decide: false },
      word: (kind, value) => data.words[kind]?.[value] ?? value,
    };
  }

  private draw(): void {
    this.frame = undefined;
    const places = [...this.dirty];
    this.dirty.clear();
    this.arrivals.still(() => {
      for (const place of places) this.drawPlace(place);
    });
    this.arrivals.came(places.flatMap((place) => this.nodes.get(place) ?? []));
  }

  private drawPlace(place: string): void {
    const { open, closed } = this.floor.at(place);
    const said = this.floor.clauses.get(place);
    const worth = open.length > 0 || closed.length > 0 || (said !== undefined && (said.reason !== "" || said.objections.length > 0));
    if (!worth && !this.nodes.has(place)) return;
    const node = this.nodes.get(place) ?? this.fresh(place);
    this.settle(place, node);
    put(node.querySelector(".marks"), said ? this.marks(said) : "");
    node.querySelector(".props-h")?.toggleAttribute("hidden", !open.length);
    this.cards(node.querySelector(":scope > .cards"), open);
    this.folded(node.querySelector(".folded"), closed);
  }

  private fresh(place: string): HTMLElement {
    const { documentElement } = document;
    const node = el(
      "div",
      { class: "props", "data-props": place, lang: documentElement.lang, dir: documentElement.dir },
      el("div", { class: "marks" }),
      el("div", { class: "props-h" }, el("h3", { class: "small strong" }, this.heading(place))),
      el("div", { class: "cards" }),
      el("div", { class: "folded" }),
    );
    this.nodes.set(place, node);
    return node;
  }

  /** Put the cards of a place where they belong now. */
  private settle(place: string, node: HTMLElement): void {
    const parent = place === FRONT ? document.getElementById("front") : (this.sheet.section(place) ?? document.getElementById("loose"));
    if (parent && node.parentElement !== parent) parent.append(node);
  }

  private heading(place: string): string {
    if (place === FRONT) return t("Proposals for the beginning");
    return t("Proposals on {label}", { label: this.sheet.called(place) });
  }

  private marks(said: ClauseView): string {
    const icons = '<svg class="i" aria-hidden="true"><use href="#i-alert"/></svg>';
    const why = (reason: string): string => ` <span class="why" dir="auto">${escape(reason)}</span>`;
    if (said.objections.length) {
      return said.objections
        .map(({ party, at, reason }) => {
          const words = escape(t("{party} objects to the marking,", { party: party.name }));
          return `<p class="mark-said warn-t">${icons}<span>${words}</span> ${timeHtml(at)}${why(reason)}</p>`;
        })
        .join("");
    }
    if (!said.reason) return "";
    const status = this.session.data.words["status"]?.[said.status] ?? said.status;
    return `<p class="mark-said"><span>${escape(`${said.by?.name ?? ""}: ${status},`)}</span> ${timeHtml(said.at)}${why(said.reason)}</p>`;
  }

  private cards(box: Element | null, views: readonly ProposalView[]): void {
    if (!box) return;
    arrange(box, views.map((view, index) => this.card(view, (index % 4) + 1)));
  }

  private folded(box: Element | null, closed: readonly ProposalView[]): void {
    if (!box) return;
    let fold = box.querySelector("details");
    if (!closed.length) {
      fold?.remove();
      return;
    }
    fold ??= box.appendChild(el("details", { class: "more" }, el("summary", { class: "link" }), el("div", { class: "cards" })));
    const summary = fold.querySelector("summary");
    const said = closed.length === 1 ? t("1 closed") : t("{n} closed", { n: closed.length });
    if (summary && summary.textContent !== said) summary.textContent = said;
    this.cards(fold.querySelector(".cards"), closed);
  }

  private card(view: ProposalView, style: number): HTMLElement {
    const card = document.getElementById(`p-${view.id}`) ?? this.blank(view);
    card.className = view.closing ? "prop closed" : "prop";
    card.dataset["p"] = String(style);
    for (const [name, html] of Object.entries(parts(view, this.desk(view)))) {
      const part = card.querySelector(`.${name}`);
      if (name === "you" && part?.querySelector(".asking")) continue; // somebody is saying why
      if (name === "act" && part) keepOpen(part, () => put(part, html));
      else put(part, html);
    }
    return card;
  }

  private blank(view: ProposalView): HTMLElement {
    const { number, party } = view;
    return el(
      "article",
      {
        class: "prop",
        id: `p-${view.id}`,
        "data-proposal": view.id,
        tabindex: "0",
        "aria-label": t("Proposal {number} of {party}", { number, party: party.name }),
      },
      el("header", { class: "head" }),
      el("div", { class: "says" }),
      el("div", { class: "notes" }),
      el("div", { class: "barred" }),
      el("div", { class: "pos" }, el("span", { class: "pks" }), el("span", { class: "you push" })),
      el("div", { class: "act" }),
    );
  }
}

/** What is unfolded, and has the focus, in a part stays so when it is written again. */
function keepOpen(part: Element, write: () => void): void {
  const open = part.querySelector("details")?.open ?? false;
  const focused = [...part.querySelectorAll<HTMLElement>("summary, button, a")].indexOf(document.activeElement as HTMLElement);
  write();
  part.querySelector("details")?.toggleAttribute("open", open);
  if (focused >= 0) part.querySelectorAll<HTMLElement>("summary, button, a")[focused]?.focus({ preventScroll: true });
}

