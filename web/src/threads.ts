// The comments beside the text: live threads with the markup of web/templates/threads.html, filters, and the forms, which post to
// the same doors as without scripts.

import { el } from "./dom";
import { day, moment, t } from "./i18n";
import { beginning } from "./outline";
import type { Session } from "./session";
import type { CommentView, ThreadView } from "./wire";

const SAYS: Readonly<Record<string, string>> = { delegations: "delegations only", party: "your own party only" };

export class Threads {
  private readonly rail = document.getElementById("comments");
  private readonly list = document.getElementById("threads");
  private readonly all = new Map<string, ThreadView>();
  private readonly nodes = new Map<string, { node: HTMLElement; json: string }>();
  private group: string;
  private resolved: boolean;
  private readonly seen: () => void;

  constructor(
    private readonly session: Session,
    changed: () => void,
  ) {
    this.seen = changed;
    const query = new URLSearchParams(location.search);
    this.group = query.get("group") ?? "";
    this.resolved = query.get("all") === "1";
    for (const thread of session.data.threads) {
      this.all.set(thread.id, thread);
      const node = document.getElementById(`t-${thread.id}`);
      if (node) this.nodes.set(thread.id, { node, json: this.key(thread) });
    }
    this.rail?.addEventListener("submit", (event) => void this.submitted(event));
    this.rail?.addEventListener("click", (event) => this.clicked(event));
  }

  values(): ThreadView[] {
    return [...this.all.values()];
  }

  /** A thread is new or has changed. */
  take(thread: ThreadView): void {
    this.all.set(thread.id, thread);
    this.draw();
  }

  /** Where the threads stand may have another name now. */
  draw(): void {
    if (!this.list) return;
    const named = this.labels();
    const shown = this.values().filter(
      (thread) => (this.resolved || !thread.resolved) && (!this.group || thread.comments[0]?.party.group === this.group),
    );
    const nodes = shown.map((thread) => this.node(thread, named));
    if (!nodes.length) nodes.push(el("p", { class: "mute small", id: "no-threads" }, t("No comments yet.")));
    for (const child of [...this.list.children]) if (!nodes.includes(child as HTMLElement)) child.remove();
    nodes.forEach((node, index) => {
      const there = this.list?.children[index];
      if (there !== node) this.list?.insertBefore(node, there ?? null);
    });
    this.counts();
    this.seen();
  }

  private labels(): Map<string, string> {
    const standing = this.session.replica.standing();
    const full = this.session.replica.addresses();
    return new Map(standing.map((clause) => [clause.id, full.get(clause.id) || `“${beginning(clause.text, 28)}”`]));
  }

  private key(thread: ThreadView): string {
    return JSON.stringify(thread);
  }

  private node(thread: ThreadView, named: ReadonlyMap<string, string>): HTMLElement {
    const json = this.key(thread);
    const known = this.nodes.get(thread.id);
    if (known?.json === json) {
      const link = known.node.querySelector(".on a");
      const on = this.on(thread, named);
      if (link && link.textContent !== on) link.textContent = on;
      return known.node;
    }
    const node = this.fresh(thread, named);
    if (known) carryOver(known.node, node);
    this.nodes.set(thread.id, { node, json });
    return node;
  }

  private on(thread: ThreadView, named: ReadonlyMap<string, string>): string {
    const clause = thread.clause ? named.get(thread.clause) ?? t("a deleted clause") : "";
    if (thread.place === "missing") return clause ? `${t("What is missing")}, ${clause}` : t("What is missing");
    return clause || t("The whole draft");
  }

  private fresh(thread: ThreadView, named: ReadonlyMap<string, string>): HTMLElement {
    const { resolved } = thread;
    return el(
      "article",
      {
        class: resolved ? "thread resolved" : "thread",
        id: `t-${thread.id}`,
        "data-thread": thread.id,
        "data-clause": thread.clause ?? "",
        "data-group": thread.comments[0]?.party.group ?? "",
      },
      el(
        "p",
        { class: "on" },
        el("a", { href: thread.clause ? `#c-${thread.clause}` : "#text" }, this.on(thread, named)),
        resolved ? el("span", { class: "tag ok" }, t("resolved")) : null,
      ),
      ...thread.comments.map((comment, index) => this.comment(thread, comment, index === 0)),
      resolved
        ? el("p", { class: "small mute resolved-by" }, t("Resolved by {name}, {date}", { name: resolved.by, date: moment(resolved.at) }))
        : null,
      el("div", { class: "act" }, thread.may.reply ? this.replyForm(thread) : null, thread.may.resolve ? this.resolveForm(thread) : null),
    );
  }

  private comment(thread: ThreadView, said: CommentView, first: boolean): HTMLElement {
    const head = el(
      "div",
      { class: "hd" },
      badge(said.party.group, !first),
      el("span", { class: "org", dir: "auto" }, said.party.name),
      first && thread.audience !== "everyone" ? el("span", { class: "tag" }, t(SAYS[thread.audience] ?? "")) : null,
      el("a", { class: "when", href: `#t-${thread.id}`, title: said.name }, el("time", { datetime: new Date(said.at).toISOString() }, day(said.at))),
    );
    const node = el("div", { class: first ? "said" : "reply", id: `m-${said.id}`, "data-comment": said.id }, head);
    if (first && thread.quote) {
      node.append(el("p", { class: thread.gone ? "quote gone" : "quote", dir: "auto" }, thread.quote));
      if (thread.gone) node.append(el("p", { class: "small mute" }, t("The words it stood on are gone.")));
    }
    node.append(el("p", { class: "body-c", dir: "auto" }, said.body));
    if (said.edited_at) node.append(el("p", { class: "small mute" }, t("edited {date}", { date: moment(said.edited_at) })));
    if (thread.may.edit.includes(said.id)) node.append(this.editForm(said));
    return node;
  }

  private replyForm(thread: ThreadView): HTMLElement {
    const who = thread.audience === "everyone" ? t("everyone in the room") : t(SAYS[thread.audience] ?? "");
    return el(
      "details",
      { class: "more" },
      el("summary", {}, t("Reply")),
      this.form(
        `/threads/${thread.id}/reply`,
        area(t("Your reply"), ""),
        el("div", { class: "row" }, el("span", { class: "mute" }, t("Seen by: {who}", { who })), submit("btn push", t("Reply"))),
      ),
    );
  }

  private editForm(said: CommentView): HTMLElement {
    return el(
      "details",
      { class: "more edit-c" },
      el("summary", {}, t("Edit")),
      this.form(`/comments/${said.id}/edit`, area(t("Your comment"), said.body), submit("btn", t("Save"))),
    );
  }

  private resolveForm(thread: ThreadView): HTMLElement {
    const verb = thread.resolved ? "reopen" : "resolve";
    const form = this.form(`/threads/${thread.id}/${verb}`, submit("link", thread.resolved ? t("Re-open") : t("Resolve")));
    form.className = "";
    return form;
  }

  private form(action: string, ...children: HTMLElement[]): HTMLFormElement {
    const csrf = el("input", { type: "hidden", name: "csrf", value: this.session.data.csrf });
    return el("form", { class: "stack-s", method: "post", action }, csrf, ...children);
  }

  private async submitted(event: SubmitEvent): Promise<void> {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    event.preventDefault();
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    if (button) button.disabled = true;
    const problem = await this.post(form);
    if (button) button.disabled = false;
    let said = form.querySelector(".problem");
    if (!problem) {
      said?.remove();
      return;
    }
    said ??= form.appendChild(el("p", { class: "problem small bad-t", role: "alert" }));
    said.textContent = problem;
  }

  /** Post a form; gives what stood in the way, or null. */
  private async post(form: HTMLFormElement): Promise<string | null> {
    try {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      const answer = await fetch(form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRF": this.session.data.csrf },
      });
      const json = (await answer.json()) as ThreadView & { message?: string };
      if (!answer.ok) return json.message ?? t("This was not done. Please try again.");
      cleared(form);
      if (json.id) this.session.threadCame(json);
      return null;
    } catch {
      return t("No connection: your words are still here. Try again when the line is back.");
    }
  }

  private clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const filter = target?.closest<HTMLElement>(".gcounts [data-group]");
    const toggle = target?.closest<HTMLElement>("#show-resolved");
    if (filter) {
      event.preventDefault();
      const group = filter.dataset["group"] ?? "";
      this.group = this.group === group ? "" : group;
    } else if (toggle) {
      event.preventDefault();
      this.resolved = !this.resolved;
      toggle.textContent = this.resolved ? t("Hide resolved") : t("Show resolved");
    } else {
      return;
    }
    for (const link of this.rail?.querySelectorAll<HTMLElement>(".gcounts [data-group]") ?? []) {
      if (link.dataset["group"] === this.group) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    this.draw();
  }

  private counts(): void {
    const open = this.values().filter((thread) => !thread.resolved);
    say(document.getElementById("comments-count"), String(open.length));
    say(document.getElementById("tab-count"), String(open.length));
    for (const link of this.rail?.querySelectorAll<HTMLElement>(".gcounts [data-group]") ?? []) {
      const n = open.filter((thread) => thread.comments[0]?.party.group === link.dataset["group"]).length;
      say(link.querySelector(":scope > span"), String(n));
    }
  }
}

function badge(group: string, small: boolean): Node | null {
  const template = document.getElementById("tpl-badges");
  const name = small ? "data-group-small" : "data-group";
  const found = template instanceof HTMLTemplateElement ? template.content.querySelector(`[${name}="${group}"] svg`) : null;
  return found?.cloneNode(true) ?? null;
}

function area(label: string, value: string): HTMLElement {
  const field = el("textarea", { class: "area", name: "body", rows: "3", dir: "auto", required: true }, value);
  return el("label", {}, el("span", { class: "sr" }, label), field);
}

function submit(style: string, label: string): HTMLButtonElement {
  return el("button", { class: style, type: "submit" }, label);
}

function say(node: Element | null, text: string): void {
  if (node && node.textContent !== text) node.textContent = text;
}

/** After a post: an empty form, folded again. */
function cleared(form: HTMLFormElement): void {
  form.reset();
  form.closest("details")?.removeAttribute("open");
  form.dispatchEvent(new CustomEvent("posted", { bubbles: true }));
}

/** What somebody is writing in a thread stays when the thread is drawn again. */
function carryOver(from: HTMLElement, to: HTMLElement): void {
  for (const old of from.querySelectorAll("textarea")) {
    const action = old.form?.getAttribute("action");
    const fresh = to.querySelector<HTMLTextAreaElement>(`form[action="${action}"] textarea`);
    if (!fresh || (old.value === old.defaultValue && !old.closest("details")?.open)) continue;
    fresh.value = old.value;
    fresh.closest("details")?.setAttribute("open", "");
    if (document.activeElement === old) queueMicrotask(() => fresh.focus());
  }
}
