// What can be done with a clause besides editing it: propose, take a position, say how far it is, object. Opens under the clause, at
// the button beside it.

import { you } from "./cards";
import { button, el } from "./dom";
import type { Floor } from "./floor";
import { t } from "./i18n";
import type { Proposals } from "./proposals";
import type { Clause } from "./replica";
import type { Session } from "./session";
import { locks, type Sheet } from "./sheet";
import { NotDone } from "./undone";

const STATES = ["open", "under_discussion", "converging", "agreed_ad_ref", "agreed", "placement_tbd", "deferred"];

export class Marks {
  constructor(
    private readonly session: Session,
    private readonly floor: Floor,
    private readonly sheet: Sheet,
    private readonly proposals: Proposals,
    private readonly notice: (text: string) => void,
  ) {
    sheet.doc.addEventListener("click", (event) => this.clicked(event));
    sheet.doc.addEventListener("keydown", (event) => {
      const box = event.target instanceof Element ? event.target.closest<HTMLElement>(".cm-box") : null;
      if (event.key === "Escape" && box) this.close(box);
    });
  }

  /** Key P: propose on the clause. False where nobody can. */
  propose(id: string | null): boolean {
    if (!id || this.floor.draft.may["propose"] !== true) return false;
    location.assign(this.address(id, "modify"));
    return true;
  }

  address(id: string, kind: string): string {
    return `/drafts/${this.session.data.draft.id}/proposals/new?clause=${id}&kind=${kind}`;
  }

  private clicked(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a.cm") : null;
    const section = link?.closest<HTMLElement>(".clause");
    const clause = this.session.replica.clause(section?.dataset["clause"] ?? "");
    if (!link || !section || !clause || event.ctrlKey || event.metaKey || event.button !== 0) return;
    event.preventDefault();
    const there = section.querySelector<HTMLElement>(":scope > .cm-box");
    for (const box of document.querySelectorAll<HTMLElement>(".cm-box")) this.close(box);
    if (there) return;
    link.setAttribute("aria-expanded", "true");
    const box = this.box(clause);
    section.querySelector(":scope > .side")?.after(box);
    box.querySelector<HTMLElement>("a, select, button")?.focus({ preventScroll: true });
  }

  private close(box: HTMLElement): void {
    const link = box.closest(".clause")?.querySelector<HTMLElement>("a.cm");
    link?.setAttribute("aria-expanded", "false");
    if (box.contains(document.activeElement)) link?.focus({ preventScroll: true });
    box.remove();
  }

  private box(clause: Clause): HTMLElement {
    const { lang, dir } = document.documentElement;
    const label = this.sheet.called(clause.id);
    const box = el("div", { class: "cm-box", role: "group", "aria-label": t("What can be done with {label}", { label }), lang, dir });
    const { may } = this.floor.draft;
    if (may["propose"]) box.append(this.proposing(clause));
    if (may["position"] && clause.kind !== "heading") box.append(this.position(clause));
    if (may["status"] && clause.kind !== "heading") box.append(this.status(clause, box));
    if (may["object"] && locks(clause.state)) box.append(this.objecting(clause, box));
    return box;
  }

  private proposing(clause: Clause): HTMLElement {
    const kinds: readonly (readonly [string, string])[] = [
      ["modify", t("other words")],
      ["add", t("a new clause behind it")],
      ["delete", t("to take it out")],
      ["move", t("another place")],
      ["no_change", t("no change")],
    ];
    const row = el("p", { class: "row row-wrap" }, el("span", { class: "mute" }, t("Propose")));
    for (const [kind, said] of kinds) row.append(el("a", { class: "link", href: this.address(clause.id, kind) }, said));
    return row;
  }

  private position(clause: Clause): HTMLElement {
    const row = el("div", { class: "you row row-wrap" });
    row.innerHTML = you(clause.id, 0, this.floor.clauses.get(clause.id)?.positions ?? null, this.proposals.base(clause.id));
    const list = row.querySelector(".mute");
    if (list) list.textContent = t("Your position on the clause");
    return row;
  }

  private status(clause: Clause, box: HTMLElement): HTMLElement {
    const words = this.session.data.words["status"] ?? {};
    const list = el("select", { class: "select", name: "state", "aria-label": t("State of the clause"), autocomplete: "off" });
    for (const state of STATES) list.add(new Option(words[state] ?? state, state, false, state === clause.state));
    const reason = el("input", { class: "input", name: "reason", maxlength: "1000", dir: "auto", placeholder: t("Reason"), "aria-label": t("Reason") });
    const form = el(
      "form",
      { class: "row row-wrap" },
      el("label", { class: "row" }, el("span", { class: "mute" }, t("State")), list),
      reason,
      el("button", { class: "btn", type: "submit" }, t("Save")),
    );
    list.addEventListener("change", () => {
      reason.required = locks(clause.state) && !locks(list.value);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      void this.done(box, () => this.session.ask({ t: "lock", clause: clause.id, state: list.value, reason: reason.value.trim() }));
    });
    return form;
  }

  private objecting(clause: Clause, box: HTMLElement): HTMLElement {
    const reason = el("input", { class: "input", name: "reason", maxlength: "1000", dir: "auto", required: true, placeholder: t("Reason"), "aria-label": t("Reason") });
    const form = el(
      "form",
      { class: "row row-wrap" },
      reason,
      button(t("Object to the marking"), () => {
        if (!reason.reportValidity()) return;
        void this.done(box, () => this.session.ask({ t: "object", clause: clause.id, reason: reason.value.trim() }));
      }, { class: "btn" }),
      el("span", { class: "mute small" }, t("Everybody sees it, and the clause is under discussion again.")),
    );
    form.addEventListener("submit", (event) => event.preventDefault());
    return form;
  }

  private async done(box: HTMLElement, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.close(box);
    } catch (error) {
      if (!(error instanceof NotDone)) throw error;
      if (error.message) this.notice(error.message);
    }
  }
}
