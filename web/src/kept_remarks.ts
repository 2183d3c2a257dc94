// Comments being written, kept in this browser at every keystroke until the server has them: a line that is down, or a page that
// is closed too soon, loses no word. One record per person, consultation and comment.

const PREFIX = "adref:remark:";

/** The fields of a composer, as its form would send them. */
export type Fields = Readonly<Record<string, string>>;

export class KeptRemarks {
  private readonly prefix: string;

  constructor(person: string, base: string) {
    this.prefix = `${PREFIX}${person}:${base}:`;
  }

  /** Write what a comment says now. False when the browser has no room. */
  put(id: string, fields: Fields): boolean {
    try {
      localStorage.setItem(this.prefix + id, JSON.stringify(fields));
      return true;
    } catch {
      return false;
    }
  }

  drop(id: string): void {
    localStorage.removeItem(this.prefix + id);
  }

  all(): Map<string, Fields> {
    const found = new Map<string, Fields>();
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(this.prefix)) continue;
      try {
        found.set(key.slice(this.prefix.length), JSON.parse(localStorage.getItem(key) ?? "") as Fields);
      } catch {
        localStorage.removeItem(key);
      }
    }
    return found;
  }
}
