// Taking a position: one list, saved at once. A reservation, an objection and a condition ask for their reason first. Also joining
// and leaving a proposal's sponsors. All of it goes over the live line; without scripts the same forms post.

import { you } from "./cards";
import { button, el } from "./dom";
import type { Floor } from "./floor";
import { t } from "./i18n";
import { beginning } from "./outline";
import type { Proposals } from "./proposals";
import type { Session } from "./session";
import { put, type Sheet } from "./sheet";
import { NotDone } from "./undone";

const KEYS: readonly string[] = ["support", "can_accept", "reserve", "oppose"];
const ASKS = new Set(["reserve", "oppose", "conditional"]);

export class Stances {
  constructor(
    private readonly session: Session,
    private readonly floor: Floor,
    private readonly sheet: Sheet,
    private readonly proposals: Proposals,
    private readonly notice: (text: string) => void,
  ) {
    const text = document.getElementById("text");
    text?.addEventListener("focusin", (event) => this.offer(event.target));
    text?.addEventListener("change", (event) => this.changed(event.target));
    text?.addEventListener("submit", (event) => this.submitted(event));
    text?.addEventListener("click", (event) => this.clicked(event.target));
    text?.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** Keys 1 to 4: a position on the proposal that has the focus. */
  key(number: number): boolean {
    const card = document.activeElement?.closest<HTMLElement>(".prop");
    const select = card?.querySelector<HTMLSelectElement>("select[name=stance]");
    const stance = KEYS[number - 1];
    if (!select || !stance) return false;
    select.value = stance;
    this.choose(select);
    return true;
  }

  /** A list that the server wrote has no condition to choose: that needs the clauses. */
  private offer(target: EventTarget | null): void {
    if (!(target instanceof HTMLSelectElement) || target.name !== "stance") return;
    if ([...target.options].some((option) => option.value === "conditional")) return;
    target.add(new Option(`${this.session.data.words["stance"]?.["conditional"] ?? "conditional"} …`, "conditional"));
  }

  private changed(target: EventTarget | null): void {
    if (target instanceof HTMLSelectElement && target.name === "stance") this.choose(target);
  }

  private choose(select: HTMLSelectElement): void {
    const { form, value } = select;
    if (!form) return;
    this.close(form);
    if (!ASKS.has(value)) {
      void this.take(form, value || null);
      return;
    }
    this.ask(form, value);
  }

  private ask(form: HTMLFormElement, stance: string): void {
    const now = this.now(form);
    const box = el("span", { class: "ask row row-wrap" });
    if (stance === "conditional") box.append(this.condition(form, now?.condition ?? null));
    const note = el("input", { class: "input", name: "note", maxlength: "1000", dir: "auto", placeholder: t("Reason"), "aria-label": t("Reason") });
    note.required = stance !== "conditional";
    note.value = now?.note ?? "";
    const cancel = button(t("Cancel"), () => this.undo(form), { class: "link" });
    box.append(note, el("button", { type: "submit", class: "btn" }, t("Save")), cancel);
    form.append(box);
    form.classList.add("asking");
    (box.querySelector<HTMLElement>("select") ?? note).focus();
  }

  private condition(form: HTMLFormElement, chosen: string | null): HTMLElement {
    const own = form.closest<HTMLElement>(".clause")?.dataset["clause"];
    const list = el("select", { class: "select", name: "condition", required: true, "aria-label": t("Depends on") });
    list.add(new Option(t("Depends on …"), ""));
    for (const clause of this.session.replica.standing()) {
      if (clause.id === own || clause.kind === "heading") continue;
      const label = `${this.sheet.label(clause.id)} ${beginning(clause.text, 28)}`;
      list.add(new Option(label, clause.id, false, clause.id === chosen));
    }
    return list;
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.matches(".stance")) {
      event.preventDefault();
      const stance = form.querySelector<HTMLSelectElement>("select[name=stance]")?.value ?? "";
      void this.take(form, stance || null);
    } else if (form.action.endsWith("/sponsor")) {
      event.preventDefault();
      const proposal = form.closest<HTMLElement>(".prop")?.dataset["proposal"] ?? "";
      const joins = event.submitter instanceof HTMLButtonElement && event.submitter.value === "1";
      void this.tried(() => this.session.ask({ t: "sponsor", proposal, joins }));
    }
  }

  private clicked(target: EventTarget | null): void {
    const confirm = target instanceof Element ? target.closest<HTMLElement>("[data-do=confirm]") : null;
    const form = confirm?.closest<HTMLFormElement>("form.stance");
    const now = form ? this.now(form) : null;
    if (form && now) void this.take(form, now.stance, now.note, now.condition);
  }

  private pressed(event: KeyboardEvent): void {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form.asking") : null;
    if (event.key !== "Escape" || !form) return;
    event.stopPropagation();
    this.undo(form);
  }

  private async take(form: HTMLFormElement, stance: string | null, note?: string, condition?: string | null): Promise<void> {
    const on = value(form, "on");
    const depends = condition ?? (value(form, "condition") || null);
    const position = { t: "position" as const, on, stance, note: note ?? value(form, "note"), condition: depends, wording: Number(value(form, "wording")) };
    if (stance === null && !this.now(form)) return;
    if (!(await this.tried(() => this.session.ask(position)))) {
      if (!form.classList.contains("asking")) this.draw(form);
      return;
    }
    this.close(form);
    this.draw(form);
  }

  /** What this person's party says already, of its own. */
  private now(form: HTMLFormElement): { stance: string; note: string; condition: string | null } | null {
    const on = value(form, "on");
    const found = (this.floor.proposals.get(on) ?? this.floor.clauses.get(on))?.positions?.mine ?? null;
    return found && !found.sponsor && !found.by ? found : null;
  }

  private undo(form: HTMLFormElement): void {
    this.close(form);
    this.draw(form);
  }

  private close(form: HTMLFormElement): void {
    form.classList.remove("asking");
    form.querySelector(".ask")?.remove();
  }

  /** The list as it stands, whatever was chosen in it. */
  private draw(form: HTMLFormElement): void {
    const on = value(form, "on");
    const proposal = this.floor.proposals.get(on);
    const part = form.closest(".you");
    if (!part) return;
    const focused = part.contains(document.activeElement);
    const desk = proposal ? this.proposals.desk(proposal) : this.proposals.base(on);
    const found = (proposal ?? this.floor.clauses.get(on))?.positions ?? null;
    put(part, "");
    put(part, you(on, proposal?.wording ?? 0, found, desk));
    if (focused) part.querySelector<HTMLElement>("select")?.focus({ preventScroll: true });
  }

  private async tried(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof NotDone)) throw error;
      if (error.message) this.notice(error.message);
      return false;
    }
  }
}

function value(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field.value : "";
}
