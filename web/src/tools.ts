// The row of tools over the clause that is being edited.

import { button, el } from "./dom";
import { t } from "./i18n";
import type { ClauseKind } from "./numbering";
import type { Clause } from "./replica";
import type { Session } from "./session";
import type { Structure } from "./structure";

/** What the tools do besides structure. */
export interface Bench {
  bracket(): void;
  comment(): void;
}

const KINDS: readonly ClauseKind[] = ["heading", "preambular", "operative", "chapeau", "sub"];

/** The tools for a clause. */
export function tools(clause: Clause, called: string, session: Session, structure: Structure, bench: Bench): HTMLElement {
  const { may, party_name } = session.data.you;
  const bar = el("div", { class: "tools", role: "toolbar", "aria-label": t("Drafting") });
  const confirm = el("div", { class: "tools-confirm", hidden: true });
  const bracket = button(t("Bracket"), () => bench.bracket(), { icon: "bracket" });
  const comment = button(t("Comment"), () => bench.comment(), { icon: "talk" });
  if (session.single) {
    bar.append(bracket, comment);
  } else {
    bar.append(
      bracket,
      button(t("Paragraph"), () => structure.add(), { icon: "plus" }),
      iconButton("up", t("Move up"), () => structure.move(clause.id, -1)),
      iconButton("down", t("Move down"), () => structure.move(clause.id, 1)),
      comment,
      kindSelect(clause, structure),
      iconButton("x", t("Delete"), () => ask(confirm, deletion(clause, called, structure, confirm))),
    );
  }
  if (may.lock) {
    const agree = (): void => ask(confirm, agreement(clause, called, structure, confirm));
    bar.append(iconButton("lock", t("Mark as agreed ad ref"), agree));
  }
  bar.append(el("span", { class: "who hide-s", dir: "auto" }, t("Editing as {party}", { party: party_name })));
  return el("div", { class: "tools-box" }, bar, confirm);
}

function iconButton(icon: string, label: string, run: () => void): HTMLButtonElement {
  const node = button("", run, { icon, class: "btn plain icon" });
  node.append(el("span", { class: "sr" }, label));
  node.title = label;
  return node;
}

function kindSelect(clause: Clause, structure: Structure): HTMLElement {
  const select = el("select", { class: "select bare", "aria-label": t("Kind of clause"), autocomplete: "off" });
  for (const kind of KINDS) {
    if (kind !== "sub") select.append(option(kind, kindName(kind), clause.kind === kind));
    else for (const depth of [1, 2, 3]) {
      const name = `${kindName(kind)} ${["(a)", "(i)", "(A)"][depth - 1]}`;
      select.append(option(`sub${depth}`, name, clause.kind === "sub" && clause.depth === depth));
    }
  }
  select.addEventListener("change", () => {
    const sub = /^sub(\d)$/.exec(select.value);
    structure.shape(clause.id, sub ? "sub" : (select.value as ClauseKind), sub ? Number(sub[1]) : 0);
  });
  return select;
}

function option(value: string, name: string, selected: boolean): HTMLOptionElement {
  return el("option", { value, selected }, name);
}

function kindName(kind: ClauseKind): string {
  switch (kind) {
    case "heading":
      return t("Heading");
    case "preambular":
      return t("Preambular (PP)");
    case "operative":
      return t("Operative (OP)");
    case "chapeau":
      return t("Chapeau, not numbered");
    default:
      return t("Sub-clause");
  }
}

/** Show what is about to happen, with a second button that says it. */
function ask(box: HTMLElement, content: HTMLElement): void {
  box.hidden = false;
  box.replaceChildren(content);
  box.querySelector<HTMLElement>("input, button")?.focus();
}

function deletion(clause: Clause, called: string, structure: Structure, box: HTMLElement): HTMLElement {
  const reason = el("input", { class: "input", name: "reason", maxlength: "500", dir: "auto" });
  const done = (): void => void structure.remove(clause.id, reason.value.trim());
  return question(
    box,
    t("{label} stays in the redline with your delegation’s name and the reason you give.", { label: called }),
    el("label", { class: "field grow" }, t("Reason"), reason),
    button(t("Delete {label}", { label: called }), done, { class: "btn danger" }),
  );
}

function agreement(clause: Clause, called: string, structure: Structure, box: HTMLElement): HTMLElement {
  const done = (): void => structure.lock(clause.id, "agreed_ad_ref");
  return question(
    box,
    t("Nobody can edit {label} until it is re-opened.", { label: called }),
    button(t("Mark {label} as agreed ad ref", { label: called }), done, { class: "btn" }),
  );
}

/** A sentence, what it needs, and a way out. */
export function question(box: HTMLElement, said: string, ...parts: HTMLElement[]): HTMLElement {
  const cancel = button(t("Cancel"), () => {
    box.hidden = true;
    box.replaceChildren();
  }, { class: "link" });
  return el("div", { class: "stack-s" }, el("p", { class: "small" }, said), el("div", { class: "row row-wrap low" }, ...parts, cancel));
}

/** A button that asks for a reason before it re-opens an agreed clause. */
export function reopener(said: HTMLElement, label: string, run: (reason: string) => void): HTMLElement {
  const button = el("button", { type: "button", class: "link" }, label);
  button.addEventListener("click", () => {
    const sure = el("button", { type: "button", class: "btn" }, label);
    const reason = el("input", { class: "input", name: "reason", maxlength: "1000", dir: "auto", required: true });
    sure.addEventListener("click", () => {
      if (reason.reportValidity()) run(reason.value.trim());
    });
    const box = el("div", { class: "tools-confirm" });
    box.append(question(box, t("Everybody can edit it again, and sees that you re-opened it, and why."), el("label", { class: "field grow" }, t("Reason"), reason), sure));
    button.replaceWith(box);
    reason.focus();
  });
  said.classList.add("asks");
  return button;
}
