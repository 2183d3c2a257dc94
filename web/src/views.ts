// What of the draft is shown and how: redline or clean, since which version, and the facts in the bars that acts change.

import { t } from "./i18n";
import type { Session } from "./session";
import type { Sheet } from "./sheet";
import type { Act } from "./wire";

export class Views {
  private readonly since = document.querySelector<HTMLSelectElement>("#since");

  constructor(
    private readonly session: Session,
    private readonly sheet: Sheet,
    private readonly changed: () => void,
  ) {
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-view]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.show(link.dataset["view"] === "clean" ? "clean" : "redline", this.sheet.look.since);
      });
    }
    // In the capturing phase: without scripts the form sends itself, here it must not.
    this.since?.form?.addEventListener("change", (event) => {
      event.stopPropagation();
      this.show("redline", Number(this.since?.value ?? this.sheet.look.since));
    }, { capture: true });
  }

  /** An act that changes a fact of the draft itself. */
  acted(act: Act): void {
    const body = act.b ?? {};
    if (act.k === "issue" && this.since && body.version !== undefined) {
      const option = new Option(body.label ?? "", String(body.version + 1));
      this.since.prepend(option);
    }
    if (act.k !== "set") return;
    if (body.title !== undefined) for (const id of ["title", "bar-title"]) say(id, body.title);
    if (body.symbol !== undefined) say("symbol", body.symbol);
    if (body.mode !== undefined || body.stage !== undefined) this.mode(body.mode ?? this.session.replica.mode);
  }

  private show(view: "redline" | "clean", since: number): void {
    this.sheet.look.view = view;
    this.sheet.look.since = since;
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-view]")) {
      const mine = link.dataset["view"] ?? "";
      link.search = `?view=${mine}&since=${since}`;
      if (mine === view) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const label = this.session.data.baselines.find((base) => base.b === since)?.label ?? this.since?.selectedOptions[0]?.text ?? "";
    say("doc-sub", view === "redline" ? t("Changes are shown since {label}.", { label }) : t("The text as it stands, without its changes."));
    history.replaceState(history.state, "", `?view=${view}&since=${since}${location.hash}`);
    this.changed();
  }

  private mode(mode: string): void {
    say("mode", mode === "pen" ? t("Chair’s pen") : t("Open drafting"));
    const party = this.session.data.you.party_name;
    if (this.session.data.you.role === "observer") return;
    const pen = this.session.replica.stage === "second_reading" ? t("The chair has the pen") : t("Reading and commenting as {party}", { party });
    say("acting", this.session.mayEdit ? t("Editing as {party}", { party }) : pen);
  }
}

function say(id: string, text: string): void {
  const node = document.getElementById(id);
  if (node && node.textContent !== text) node.textContent = text;
}
