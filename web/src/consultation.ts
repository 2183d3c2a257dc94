// The text of a consultation: a comment is begun under a clause or on words that are selected, and kept as one types. All of it
// works by addresses and forms too; the script only saves the way.

import { button, el } from "./dom";
import { speak, t } from "./i18n";
import { KeptRemarks, type Fields } from "./kept_remarks";
import { shownBefore, shownText } from "./places";
import { post, RemarkForm } from "./remark_form";

const EVERY = 15_000; // ms between two looks at the counts

/** Words of a clause as they are shown. */
interface Words {
  readonly clause: string;
  readonly quote: string;
  readonly near: number;
  readonly range: Range;
}

class Talk {
  private readonly base: string;
  private readonly csrf: string;
  private readonly kept: KeptRemarks;
  private readonly offer: HTMLButtonElement;
  private open: RemarkForm | null = null;

  constructor(private readonly main: HTMLElement) {
    this.base = main.dataset["base"] ?? "";
    this.csrf = main.dataset["csrf"] ?? "";
    this.kept = new KeptRemarks(main.dataset["person"] ?? "", this.base);
    this.offer = button(t("Comment on these words"), () => this.onWords(), { icon: "talk", class: "btn sel-comment" });
    this.offer.hidden = true;
    this.offer.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    document.body.append(this.offer);
    document.addEventListener("selectionchange", () => this.offerHere());
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.key(event));
    this.adopt();
    void this.takeUp();
  }

  /** Take over the composer that came with the page or was fetched. */
  private adopt(): void {
    const form = this.main.querySelector<HTMLFormElement>("form.composer");
    this.open = form ? new RemarkForm(form, this.kept, this.csrf) : null;
    const fields = this.open && this.kept.all().get(this.open.id);
    if (this.open && fields) this.open.restore(fields);
  }

  /** Bring to the server what this browser kept when an earlier page could not. */
  private async takeUp(): Promise<void> {
    for (const [id, fields] of this.kept.all()) {
      if (id === this.open?.id) continue;
      const answer = await post(`${this.base}/remarks`, { ...fields, act: "save" }, this.csrf);
      if (answer?.ok) this.kept.drop(id);
      this.tell(id, fields, answer?.ok ?? false, answer?.json.message ?? t("There is no connection."));
    }
  }

  private tell(id: string, fields: Fields, saved: boolean, why: string): void {
    const href = `${this.base}?draft=${id}#compose`;
    const said = saved
      ? [el("p", {}, t("A comment that this browser had kept is now a draft."), " ", el("a", { href }, t("Write on")))]
      : [el("p", {}, t("This browser keeps words of a comment that could not be saved: {why}", { why })), this.words(fields), this.away(id)];
    this.main.before(el("div", { class: `note ${saved ? "ok" : "warn"}`, role: "status" }, el("div", { class: "stack-s" }, ...said)));
  }

  private words(fields: Fields): HTMLElement {
    return el("p", { class: "body-c", dir: "auto" }, [fields["body"], fields["proposed"]].filter(Boolean).join("\n"));
  }

  private away(id: string): HTMLButtonElement {
    const gone = button(t("Forget these words"), () => {
      this.kept.drop(id);
      gone.closest(".note")?.remove();
    });
    return gone;
  }

  // ── opening ──

  private clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const way = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-compose]") : null;
    if (!way) return;
    event.preventDefault();
    void this.begin(way.dataset["compose"] ?? "-", way.dataset["about"] ?? "", way.dataset["question"] ?? "").then((begun) => {
      if (begun) this.open?.focus();
      else location.assign(way.href);
    });
  }

  /** Open a composer at a clause, or at the text. False when it could not be fetched. */
  private async begin(on: string, about: string, question = ""): Promise<boolean> {
    const asked = new URLSearchParams({ on, about, question });
    const answer = await fetch(`${this.base}/composer?${asked.toString()}`).catch(() => null);
    if (!answer?.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector("form.composer");
    const place = this.place(on, about);
    if (!form || !place) return false;
    await this.open?.close();
    place.append(document.importNode(form, true));
    this.adopt();
    return true;
  }

  private place(on: string, about: string): HTMLElement | null {
    if (on !== "-") return document.getElementById(`c-${on}`);
    return this.main.querySelector<HTMLElement>(about === "missing" ? "[data-at=missing]" : "[data-at='-']");
  }

  // ── selected words ──

  private selected(): Words | null {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const node = range.commonAncestorContainer;
    const root = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>(".doc .t");
    const clause = root?.closest<HTMLElement>(".clause")?.dataset["clause"];
    if (!root || !clause) return null;
    const near = shownBefore(root, range.startContainer, range.startOffset);
    const quote = shownText(root).slice(near, shownBefore(root, range.endContainer, range.endOffset));
    const blank = quote.length - quote.trimStart().length;
    return quote.trim() ? { clause, quote: quote.trim(), near: near + blank, range: range.cloneRange() } : null;
  }

  private offerHere(): void {
    const words = this.main.dataset["lines"] ? this.selected() : null;
    this.offer.hidden = words === null;
    const box = words?.range.getBoundingClientRect();
    if (!box) return;
    this.offer.style.left = `${Math.max(8, Math.min(box.right, innerWidth - 220)) + scrollX}px`;
    this.offer.style.top = `${box.bottom + scrollY + 6}px`;
  }

  private onWords(): void {
    const words = this.selected();
    if (words) void this.beginOn(words);
  }

  private async beginOn(words: Words): Promise<void> {
    const here = this.open?.clause === words.clause;
    if (!here && !(await this.begin(words.clause, "span"))) return;
    this.open?.on(words.quote, words.near);
    this.offer.hidden = true;
    getSelection()?.removeAllRanges();
    if ("highlights" in CSS) CSS.highlights.set("comment-now", new Highlight(words.range));
  }

  /** C comments on the words that are selected. */
  private key(event: KeyboardEvent): void {
    const typing = event.target instanceof Element && event.target.closest("input,textarea,select,[contenteditable]");
    if (event.key.toLowerCase() !== "c" || typing || event.ctrlKey || event.metaKey || event.altKey || this.offer.hidden) return;
    event.preventDefault();
    this.onWords();
  }
}

/** Say how many comments came since the page was opened, without moving what is read. */
function follow(base: string): void {
  const line = document.getElementById("fresh-count");
  const before = Number(line?.dataset["total"] ?? 0);
  let tag = "";
  const look = async (): Promise<void> => {
    if (document.hidden) return;
    const headers: Record<string, string> = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(`${base}/counts`, { headers, cache: "no-store" }).catch(() => null);
    if (!answer?.ok || !line) return;
    tag = answer.headers.get("ETag") ?? "";
    const counts = (await answer.json()) as { total: number; groups: Record<string, number> };
    for (const place of document.querySelectorAll<HTMLElement>("[data-group-count]")) {
      place.textContent = String(counts.groups[place.dataset["groupCount"] ?? ""] ?? 0);
    }
    const more = counts.total - before;
    if (more <= 0) return;
    const said = more === 1 ? t("1 comment came since you opened this page.") : t("{n} comments came since you opened this page.", { n: more });
    line.replaceChildren(said, " ", el("a", { href: location.pathname + location.search }, t("Show")));
  };
  window.setInterval(() => void look(), EVERY);
}

const main = document.getElementById("consultation");
const data = document.getElementById("consultation-data")?.textContent;
if (main && data) {
  const { messages, locale } = JSON.parse(data) as { messages: Record<string, string>; locale: string };
  speak(messages, locale);
  if (main.dataset["person"]) new Talk(main);
  follow(main.dataset["base"] ?? "");
}
