// The work on the response matrix by keyboard. The page is a plain form: rows with boxes, and a panel that says what becomes
// of what is ticked. Here the row that one is at is answered when none is ticked, saving goes on to the next row without
// loading the page again, and keys do what the pointer does. What there is to be said comes with the page, in its language.

import { byId, el } from "./dom";

/** What the server says of an answer that it has kept; `says` is for the reader. */
interface Kept {
  readonly says: string;
  readonly link: string;
  readonly href: string;
}

/** What stands in the panel. */
interface Said {
  readonly disposition: string;
  readonly rationale: string;
  readonly link: string;
}

class Work {
  private readonly rows: readonly HTMLElement[];
  private readonly radios: readonly HTMLInputElement[];
  private readonly reason: HTMLTextAreaElement;
  private readonly link: HTMLInputElement;
  private readonly earlier: HTMLSelectElement | null;
  private readonly status: HTMLElement;
  private last: Said | null = null;
  private saving = false;

  constructor(private readonly form: HTMLFormElement) {
    this.rows = [...form.querySelectorAll<HTMLElement>(".todo")];
    this.radios = [...form.querySelectorAll<HTMLInputElement>('input[name="disposition"]')];
    this.reason = one(form, "textarea[name=rationale]");
    this.link = one(form, "input[name=link]");
    this.earlier = form.querySelector("select[name=again]");
    this.status = byId("said");
    document.addEventListener("keydown", (event) => this.pressed(event));
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("change", () => this.count());
    form.addEventListener("focusin", (event) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>(".todo") : null;
      if (row) this.mark(row);
    });
    this.earlier?.addEventListener("change", () => this.repeat(this.chosenEarlier()));
    const first = this.rows.find((row) => !isAnswered(row)) ?? this.rows[0];
    if (first) this.mark(first);
    this.count();
  }

  private get here(): HTMLElement | null {
    return this.rows.find((row) => row.hasAttribute("aria-current")) ?? null;
  }

  private get ticked(): HTMLElement[] {
    return this.rows.filter((row) => box(row).checked);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.save();
      return;
    }
    if (event.key === "Escape" && event.target instanceof Node && byId("panel").contains(event.target)) this.here?.focus();
    if (event.ctrlKey || event.metaKey || typing(event.target)) return;
    if (this.act(event.key)) event.preventDefault();
  }

  private act(key: string): boolean {
    if (key === "j" || key === "k") return this.step(key === "j" ? 1 : -1);
    if (key === "x" && this.here) {
      box(this.here).checked = !box(this.here).checked;
      this.count();
      return true;
    }
    const radio = /^[1-5]$/.test(key) ? this.radios[Number(key) - 1] : undefined;
    if (radio) {
      radio.checked = true;
      return true;
    }
    if (key === "r") {
      this.reason.focus();
      return true;
    }
    return key === "." && this.repeat(this.last ?? this.latest());
  }

  private step(by: 1 | -1): boolean {
    const at = this.here ? this.rows.indexOf(this.here) + by : 0;
    const row = this.rows[at];
    if (row) this.go(row);
    else document.querySelector<HTMLAnchorElement>(by > 0 ? "a[rel=next]" : "a[rel=prev]")?.focus();
    return true;
  }

  private go(row: HTMLElement): void {
    this.mark(row);
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  private mark(row: HTMLElement): void {
    for (const other of this.rows) if (other !== row) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    this.count();
  }

  /** Say over the panel what will be answered. */
  private count(): void {
    const rows = this.ticked;
    const comments = rows.reduce((sum, row) => sum + Number(box(row).dataset["count"] ?? 1), 0);
    const name = this.here?.getAttribute("aria-label") ?? "";
    const { many = "", heading = "" } = this.form.dataset;
    byId("panel-h").textContent = rows.length > 0 ? many.replace("{n}", String(comments)) : name || heading;
  }

  private repeat(said: Said | null): boolean {
    if (!said) return false;
    for (const radio of this.radios) radio.checked = radio.value === said.disposition;
    this.reason.value = said.rationale;
    this.link.value = said.link;
    return true;
  }

  private chosenEarlier(): Said | null {
    const option = this.earlier?.selectedOptions[0];
    if (!option?.value) return null;
    if (this.earlier) this.earlier.value = "";
    return saidBy(option);
  }

  private latest(): Said | null {
    const option = this.earlier?.options[1];
    return option ? saidBy(option) : null;
  }

  private submitted(event: SubmitEvent): void {
    const button = event.submitter;
    if (button?.hasAttribute("formaction")) {
      const here = this.here;
      if (this.ticked.length === 0 && here) box(here).checked = true; // the page that comes next is loaded: boxes may stay
      return;
    }
    event.preventDefault();
    void this.save();
  }

  /** Give what stands in the panel to the ticked rows, or to the one that one is at, and go on. */
  private async save(): Promise<void> {
    const rows = this.ticked.length > 0 ? this.ticked : this.here ? [this.here] : [];
    if (this.saving || rows.length === 0) return;
    this.saving = true;
    this.form.setAttribute("aria-busy", "true");
    const sent = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") sent.append(name, value);
    for (const row of rows) sent.set(box(row).name, "1");
    const said: Said = { disposition: sent.get("disposition") ?? "", rationale: this.reason.value, link: this.link.value };
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      const told: unknown = await answer.json();
      if (answer.ok) this.kept(rows, said, told as Kept);
      else this.refused((told as { message: string }).message);
    } catch {
      this.refused(this.form.dataset["unreached"] ?? "");
    } finally {
      this.saving = false;
      this.form.removeAttribute("aria-busy");
    }
  }

  private refused(message: string): void {
    this.status.textContent = message;
    this.status.classList.add("bad-t");
  }

  private kept(rows: readonly HTMLElement[], said: Said, told: Kept): void {
    this.status.textContent = told.says;
    this.status.classList.remove("bad-t");
    this.last = said;
    for (const row of rows) {
      this.show(row, said, told);
      box(row).checked = false;
    }
    for (const radio of this.radios) radio.checked = false;
    this.reason.value = "";
    this.link.value = "";
    const from = this.rows.indexOf(rows[rows.length - 1] as HTMLElement);
    const next = this.rows.slice(from + 1).find((row) => !isAnswered(row)) ?? this.rows.find((row) => !isAnswered(row));
    this.count();
    if (next) this.go(next);
    else this.further();
  }

  /** The page is done: on to the next one. What was answered is not in it any more. */
  private further(): void {
    const next = document.querySelector<HTMLAnchorElement>("#next-page");
    const unanswered = this.form.dataset["open"] === "1";
    if (next) location.assign(next.href);
    else if (unanswered) location.reload();
  }

  private show(row: HTMLElement, said: Said, told: Kept): void {
    row.dataset["answered"] = "";
    row.querySelector(".answered")?.remove();
    const radio = this.radios.find((one) => one.value === said.disposition);
    const tag = radio?.closest("label")?.querySelector(".tag")?.cloneNode(true) ?? null;
    const unpublished = el("span", { class: "tag" }, this.form.dataset["unpublished"] ?? "");
    const link = told.href ? el("a", { href: told.href }, told.link) : told.link || null;
    const what = el("p", { class: "row row-wrap" }, tag, unpublished, link);
    const why = said.rationale ? el("p", { class: "small", dir: "auto" }, said.rationale) : null;
    row.querySelector(".remark")?.append(el("div", { class: "answered" }, what, why));
  }
}

function one<T extends HTMLElement>(root: ParentNode, selector: string): T {
  const node = root.querySelector<T>(selector);
  if (!node) throw new Error(`no ${selector} in the page`);
  return node;
}

function box(row: HTMLElement): HTMLInputElement {
  return one(row, "input[type=checkbox]");
}

function isAnswered(row: HTMLElement): boolean {
  return row.dataset["answered"] !== undefined;
}

function saidBy(option: HTMLOptionElement): Said {
  const { disposition = "", rationale = "", link = "" } = option.dataset;
  return { disposition, rationale, link };
}

/** Whether keys go into a field there. */
function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("textarea, select, input:not([type=radio], [type=checkbox]), dialog *");
}

const form = document.querySelector<HTMLFormElement>("form#work");
if (form) new Work(form);

export {};
