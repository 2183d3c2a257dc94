// One line that tells something that matters now, for a while; a screen reader hears it at once.

import { el } from "./dom";

const SHOWN = 8_000; // ms that a notice stays

export class Notices {
  private readonly line = document.body.appendChild(el("p", { class: "notice", role: "status" }));
  private quiet: number | undefined;

  /** Tell everybody. */
  say(text: string): void {
    this.line.textContent = text;
    this.line.classList.add("shown");
    window.clearTimeout(this.quiet);
    this.quiet = window.setTimeout(() => this.line.classList.remove("shown"), SHOWN);
  }

  /** Tell a screen reader, quietly. */
  whisper(text: string): void {
    if (!this.line.classList.contains("shown")) this.line.textContent = text;
  }
}
