// The line that says whether what was typed is safe. "Saved" only for what the database has on disk.

import { el, icon } from "./dom";
import { clock, exact, t } from "./i18n";
import type { Session } from "./session";

const PATIENCE = 1_000; // "Saving…" only after this long

export class Saved {
  private readonly node = document.getElementById("saved");
  private shown = "";
  private slow: number | undefined;
  private since = 0; // when something began to wait

  constructor(private readonly session: Session) {}

  /** Say how things stand. */
  show(): void {
    const { pending, link, savedAt, backSince } = this.session;
    window.clearTimeout(this.slow);
    if (!link.up) {
      this.since = 0;
      this.say("offline", "alert", this.offline(pending), null);
    } else if (pending) {
      this.wait();
    } else {
      this.since = 0;
      if (backSince !== null) this.back(backSince);
      else if (savedAt !== null) this.say("", "check", t("Saved {time}", { time: clock(savedAt) }), savedAt);
      else this.say("", "check", t("Connected"), null);
    }
  }

  private wait(): void {
    this.since ||= Date.now();
    const left = this.since + PATIENCE - Date.now();
    if (left <= 0) this.say("pending", null, t("Saving…"), null);
    else this.slow = window.setTimeout(() => this.show(), left);
  }

  private back(n: number): void {
    const at = this.session.savedAt ?? Date.now();
    const time = clock(at);
    this.say("", "check", n === 1 ? t("Back: the change was sent {time}", { time }) : t("Back: all {n} changes sent {time}", { n, time }), at);
  }

  private offline(pending: number): string {
    if (this.session.link.closed !== null) return this.session.link.closed;
    if (!pending) return t("Offline. You can go on writing.");
    if (!this.session.kept) return t("Offline, and this device has no room to keep changes: leave this page open.");
    return pending === 1 ? t("Offline, 1 change kept on this device") : t("Offline, {n} changes kept on this device", { n: pending });
  }

  private say(state: string, picture: string | null, text: string, at: number | null): void {
    if (!this.node || this.shown === text) return;
    this.shown = text;
    this.node.className = `saved ${state}`.trim();
    if (at === null) this.node.removeAttribute("title");
    else this.node.title = exact(at);
    this.node.replaceChildren(...(picture ? [icon(picture)] : []), el("span", {}, text));
  }
}
