// A composer that is open: kept as one types, sent, and its proposed words compared with what stands there.

import { el } from "./dom";
import { clock, t } from "./i18n";
import type { Fields, KeptRemarks } from "./kept_remarks";

const PAUSE = 900; // ms without a keystroke before the server is asked to keep it
const COMPARE = 350;
const AGAIN = 3_000; // ms until the next try when the line is down

interface Answer {
  readonly seen?: number;
  readonly href?: string;
  readonly message?: string;
}

/** Post a comment's fields. Null when there is no line. */
export async function post(address: string, fields: Fields, csrf: string): Promise<{ ok: boolean; json: Answer } | null> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: "application/json", "X-CSRF": csrf },
    });
    return { ok: answer.ok, json: (await answer.json()) as Answer };
  } catch {
    return null;
  }
}

export class RemarkForm {
  readonly id: string;
  private readonly base: string;
  private timer: number | undefined;
  private comparing: number | undefined;
  private saving: Promise<void> | null = null;
  private typed = 0; // counts keystrokes: what was kept meanwhile is not the last
  private standing: string; // what stands in the box of proposed words as long as nobody has written there
  private told = "";

  constructor(
    readonly form: HTMLFormElement,
    private readonly kept: KeptRemarks,
    private readonly csrf: string,
  ) {
    this.id = form.dataset["id"] ?? "";
    this.base = form.dataset["base"] ?? "";
    this.standing = this.area("proposed")?.value ?? "";
    form.addEventListener("input", (event) => this.input(event.target));
    form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("online", this.online);
  }

  /** Where it is: the clause, or "" for the text. */
  get clause(): string {
    return this.form.dataset["clause"] ?? "";
  }

  /** Comment on these words of the clause. `near`: how much of its text is shown before them. */
  on(quote: string, near: number): void {
    const radio = this.form.querySelector<HTMLInputElement>("[name=spot][value=span]");
    if (!radio) return;
    radio.checked = true;
    this.set({ quote, near: String(near), start: "", end: "" });
    this.propose();
    this.changed();
    this.focus();
  }

  focus(): void {
    this.area("body")?.focus({ preventScroll: true });
    this.form.scrollIntoView({ block: "nearest" });
  }

  /** Put fields that this browser kept in the place of what the server had. */
  restore(fields: Fields): void {
    for (const [name, value] of Object.entries(fields)) this.put(name, value);
    for (const box of this.form.querySelectorAll<HTMLInputElement>("[type=checkbox]")) box.checked = fields[box.name] === box.value;
    this.changed();
  }

  /** Keep what is not kept yet, and listen no more. */
  async close(): Promise<void> {
    window.removeEventListener("online", this.online);
    if (this.timer !== undefined) await this.save();
    window.clearTimeout(this.timer);
    this.form.remove();
  }

  // ── keeping ──

  private readonly online = (): void => {
    if (this.timer !== undefined) void this.save();
  };

  private input(target: EventTarget | null): void {
    const name = target instanceof HTMLElement && "name" in target ? String(target.name) : "";
    if (name === "spot") this.spotChanged();
    if (name === "quote") this.set({ near: "", start: "", end: "" });
    this.changed();
  }

  private changed(): void {
    this.typed += 1;
    this.compareSoon();
    if (!this.written()) return;
    const here = this.kept.put(this.id, this.fields());
    if (!here) this.say(t("This browser has no room to keep your words: leave the page open."), true);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), PAUSE);
  }

  private async save(): Promise<void> {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.written()) return;
    while (this.saving) await this.saving;
    this.saving = this.keep();
    await this.saving;
    this.saving = null;
  }

  private async keep(): Promise<void> {
    const typed = this.typed;
    const answer = await post(`${this.base}/remarks`, { ...this.fields(), act: "save" }, this.csrf);
    if (!answer) {
      this.say(t("Offline: your words are kept in this browser."), true);
      this.timer ??= window.setTimeout(() => void this.save(), AGAIN);
    } else if (answer.ok) {
      this.isKept(answer.json.seen ?? Date.now(), typed);
    } else {
      this.say(t("Not kept: {why}", { why: answer.json.message ?? "" }), true);
    }
  }

  private isKept(seen: number, typed: number): void {
    this.set({ seen: String(seen) });
    if (typed === this.typed) this.kept.drop(this.id);
    this.say(t("Draft kept {time}", { time: clock(seen) }), false);
    history.replaceState(null, "", `${this.base}?draft=${this.id}#compose`); // a page that is loaded again has it
  }

  /** Whether there is anything to keep. */
  private written(): boolean {
    const proposed = this.area("proposed")?.value ?? "";
    return Boolean(this.area("body")?.value.trim() || (this.proposes() && proposed.trim() && proposed !== this.standing));
  }

  // ── sending ──

  private submitted(event: SubmitEvent): void {
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    const act = button?.value ?? "save";
    window.clearTimeout(this.timer);
    this.timer = undefined;
    if (act === "discard") this.kept.drop(this.id);
    if (act === "save") {
      event.preventDefault();
      void this.save();
    } else if (act === "send") {
      event.preventDefault();
      void this.send(button);
    }
  }

  private async send(button: HTMLButtonElement | null): Promise<void> {
    if (button) button.disabled = true;
    while (this.saving) await this.saving;
    const answer = await post(`${this.base}/remarks`, { ...this.fields(), act: "send" }, this.csrf);
    if (answer?.ok && answer.json.href) {
      this.kept.drop(this.id);
      location.assign(answer.json.href);
      return;
    }
    if (button) button.disabled = false;
    const offline = t("Not sent, there is no connection. Your words are kept in this browser.");
    this.alert(answer ? answer.json.message ?? t("This was not done. Please try again.") : offline);
    await this.save(); // what was refused may still be kept
  }

  private alert(why: string): void {
    this.form.querySelector(":scope > .note.bad")?.remove();
    const note = el("p", { class: "note bad", role: "alert" }, why);
    this.form.querySelector(":scope > .row")?.before(note);
    note.scrollIntoView({ block: "nearest" });
  }

  // ── proposed words ──

  private proposes(): boolean {
    return this.form.querySelector<HTMLInputElement>("[name=kind]")?.checked ?? false;
  }

  private spot(): string {
    return this.form.querySelector<HTMLInputElement>("[name=spot]:checked")?.value ?? "";
  }

  private spotChanged(): void {
    this.propose();
    const quote = this.form.querySelector<HTMLInputElement>("[name=quote]");
    if (this.spot() === "span" && quote && !quote.value) quote.focus();
  }

  /** Begin the proposed words with those that stand there, unless somebody has written some. */
  private propose(): void {
    const box = this.area("proposed");
    if (!box || (box.value && box.value !== this.standing)) return;
    const quote = this.form.querySelector<HTMLInputElement>("[name=quote]")?.value ?? "";
    this.standing = { span: quote, clause: box.dataset["clauseText"] ?? "" }[this.spot()] ?? "";
    box.value = this.standing;
  }

  private compareSoon(): void {
    window.clearTimeout(this.comparing);
    this.comparing = window.setTimeout(() => void this.compare(), COMPARE);
  }

  private async compare(): Promise<void> {
    const shown = this.form.querySelector<HTMLElement>("[data-difference]");
    const { clause = "", spot = "", quote = "", proposed = "" } = this.fields();
    if (!shown) return;
    if (!this.proposes() || !proposed.trim() || proposed === this.standing) {
      shown.hidden = true;
      return;
    }
    const answer = await post(`${this.base}/difference`, { clause, spot, quote, proposed }, this.csrf);
    const html = (answer?.json as { html?: string } | undefined)?.html;
    if (!answer?.ok || html === undefined || proposed !== this.area("proposed")?.value) return;
    shown.innerHTML = html; // the server has escaped it
    shown.hidden = false;
  }

  // ── fields ──

  private area(name: string): HTMLTextAreaElement | null {
    return this.form.querySelector<HTMLTextAreaElement>(`textarea[name=${name}]`);
  }

  private fields(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string" && name !== "csrf") found[name] = value;
    return found;
  }

  private set(values: Fields): void {
    for (const [name, value] of Object.entries(values)) {
      const input = this.form.querySelector<HTMLInputElement>(`input[name=${name}]`);
      if (input) input.value = value;
    }
  }

  private put(name: string, value: string): void {
    if (name === "id" || name === "seen") return;
    const found = this.form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(`[name="${CSS.escape(name)}"]`);
    for (const field of found) {
      if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox")) field.checked = field.value === value;
      else if (!(field instanceof HTMLButtonElement)) field.value = value;
    }
  }

  /** Say how things stand; aloud only when that is another thing than before. */
  private say(text: string, bad: boolean): void {
    const shown = this.form.querySelector<HTMLElement>("[data-kept]");
    const aloud = this.form.querySelector<HTMLElement>("[data-told]");
    if (shown) {
      shown.textContent = text;
      shown.classList.toggle("bad", bad);
    }
    const kind = bad ? text : "kept";
    if (aloud && kind !== this.told) aloud.textContent = text;
    this.told = kind;
  }
}
