// The bars and the counts, as far as the stage of the draft and what lies on the table decide them.

import { timeHtml } from "./cards";
import type { Floor } from "./floor";
import { t } from "./i18n";
import { escape } from "./paint";
import type { Session } from "./session";
import { put } from "./sheet";

export class StageBar {
  private said: string;

  constructor(
    private readonly session: Session,
    private readonly floor: Floor,
    private readonly notice: (text: string) => void,
  ) {
    this.said = floor.draft.stage;
  }

  /** Something of the draft itself is another: the stage, a right, how many proposals are open. */
  show(): void {
    const { stage, open, silence } = this.floor.draft;
    const node = document.getElementById("stage");
    const name = this.session.data.words["stage"]?.[stage] ?? stage;
    if (node instanceof HTMLAnchorElement) {
      node.dataset["stage"] = stage;
      node.pathname = `/drafts/${this.session.data.draft.id}/${silence ? "silence" : "record"}`;
    }
    say("stage-name", name);
    for (const id of ["open-count", "tally-proposals", "tab-proposals"]) say(id, String(open));
    put(document.getElementById("silence-says"), this.note());
    if (stage === this.said) return;
    this.said = stage;
    this.notice(t("Stage: {stage}", { stage: name }));
  }

  private note(): string {
    const { stage, silence } = this.floor.draft;
    if (stage !== "silence" || !silence) return "";
    const text = t("Silence procedure on {label}: the text is frozen. It is adopted on {time} unless a party breaks the silence.", {
      label: silence.label,
      time: "\0",
    });
    const [before = "", after = ""] = escape(text).split("\0");
    const open = `<a class="link" href="/drafts/${this.session.data.draft.id}/silence">${escape(t("Open"))}</a>`;
    const clock = '<svg class="i" aria-hidden="true"><use href="#i-clock"/></svg>';
    return `<p class="note warn silence-note">${clock}<span>${before}${timeHtml(silence.deadline)}${after} ${open}</span></p>`;
  }
}

function say(id: string, text: string): void {
  const node = document.getElementById(id);
  if (node && node.textContent !== text) node.textContent = text;
}
