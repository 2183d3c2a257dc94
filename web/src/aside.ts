// The box of words kept aside: what the server did not take, with why, until the person has dealt with it. It outlives the page.

import { button, el } from "./dom";
import { clock, t } from "./i18n";
import type { Aside } from "./page";

export class AsideBox {
  private readonly node = document.getElementById("aside");
  private readonly key: string;
  private kept: Aside[];

  constructor(
    person: string,
    draft: string,
    private readonly putBack: (aside: Aside) => Promise<boolean>,
  ) {
    this.key = `adref:aside:${person}:${draft}`;
    this.kept = read(this.key);
    this.draw();
  }

  add(aside: Aside): void {
    this.kept.push(aside);
    this.write();
    this.draw();
    this.node?.scrollIntoView({ block: "nearest" });
  }

  private drop(aside: Aside): void {
    this.kept = this.kept.filter((other) => other !== aside);
    this.write();
    this.draw();
  }

  private write(): void {
    try {
      if (this.kept.length) localStorage.setItem(this.key, JSON.stringify(this.kept));
      else localStorage.removeItem(this.key);
    } catch {
      // No room on the device: the box on the page still has the words.
    }
  }

  private draw(): void {
    if (!this.node) return;
    this.node.hidden = this.kept.length === 0;
    this.node.setAttribute("role", "region");
    this.node.replaceChildren(el("h2", { class: "small strong" }, t("Kept aside")), ...this.kept.map((aside) => this.entry(aside)));
    document.body.classList.toggle("has-aside", this.kept.length > 0);
  }

  private entry(aside: Aside): HTMLElement {
    const words = aside.words || t("(only words taken out)");
    const said = el("p", { class: "small bad-t", role: "alert" });
    return el(
      "div",
      { class: "aside-entry" },
      el("p", { class: "small" }, el("b", {}, aside.label ? `${aside.label} · ` : ""), `${t("Not saved, {time}:", { time: clock(aside.at) })} ${aside.reason}`),
      el("p", { class: "quote", dir: "auto" }, words),
      said,
      el(
        "div",
        { class: "row row-wrap" },
        button(t("Copy"), () => void copy(aside, said), { class: "btn" }),
        button(t("Put back"), () => void this.back(aside, said), { class: "btn" }),
        button(t("Dismiss"), () => this.drop(aside), { class: "link" }),
      ),
    );
  }

  private async back(aside: Aside, said: HTMLElement): Promise<void> {
    if (await this.putBack(aside)) this.drop(aside);
    else said.textContent = t("The clause does not take them now. They stay here.");
  }
}

async function copy(aside: Aside, said: HTMLElement): Promise<void> {
  const text = aside.words || aside.text;
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = t("Copied.");
  } catch {
    const area = el("textarea", { class: "area", "aria-label": t("Words kept aside") }, text);
    said.replaceChildren(area); // no clipboard here: the words lie ready, selected
    area.select();
  }
}

function read(key: string): Aside[] {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "[]") as Aside[];
  } catch {
    return [];
  }
}
