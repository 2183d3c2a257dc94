// Unsent changes on this device: written at every keystroke that is not yet confirmed, taken up again by the next page when the
// one that wrote them is gone. One record per person, draft, clause and editor.

import type { Kept } from "./cells";

const PREFIX = "adref:unsent:";
const ALIVE = "adref:alive:";
const STALE = 8_000; // only where the browser has no locks: a page that has not signed for this long is gone

export class Keep {
  private readonly prefix: string;
  private readonly mine = new Set<string>(); // client ids this page holds

  constructor(person: string, draft: string) {
    this.prefix = `${PREFIX}${person}:${draft}:`;
  }

  /** Write, or forget when there is nothing to keep. False when the device has no room. */
  put(clause: string, client: string, kept: Kept | null): boolean {
    const key = `${this.prefix}${clause}:${client}`;
    try {
      if (kept) localStorage.setItem(key, JSON.stringify(kept));
      else localStorage.removeItem(key);
      return true;
    } catch {
      return false;
    }
  }

  /** Everything kept by pages that are gone. Their client ids are held by this page from now on. */
  async orphans(): Promise<Kept[]> {
    const found = this.records().filter((kept) => !this.mine.has(kept.client));
    const free = new Map<string, boolean>();
    for (const { client } of found) if (!free.has(client)) free.set(client, await this.hold(client));
    return found.filter(({ client }) => free.get(client));
  }

  /** Hold a client id for the life of this page. False when another page has it. */
  async hold(client: string): Promise<boolean> {
    if (this.mine.has(client)) return true;
    const held = "locks" in navigator ? await locked(client) : signed(client);
    if (held) this.mine.add(client);
    return held;
  }

  private records(): Kept[] {
    const out: Kept[] = [];
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(this.prefix)) continue;
      try {
        out.push(JSON.parse(localStorage.getItem(key) ?? "") as Kept);
      } catch {
        localStorage.removeItem(key);
      }
    }
    return out;
  }
}

function locked(client: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(`adref:${client}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<void>(() => undefined); // until the page goes
    });
  });
}

/** Without locks (plain http in a local network) a page signs every few seconds that it is there. */
function signed(client: string): boolean {
  const key = ALIVE + client;
  if (Date.now() - Number(localStorage.getItem(key) ?? 0) < STALE) return false;
  const sign = (): void => localStorage.setItem(key, String(Date.now()));
  sign();
  window.setInterval(sign, STALE / 4);
  window.addEventListener("pagehide", () => localStorage.removeItem(key));
  return true;
}
