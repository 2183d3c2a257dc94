// Who inserted and who deleted which words: the fold of drafts/redline.py, step for step. A test holds the two together.
// Pure: no DOM. All lengths are UTF-16 units, which is what JavaScript strings count.

/** `[text, inserted in epoch, by author, deleted in epoch or -1, deleted by author or -1]` */
export type Segment = readonly [text: string, ins: number, by: number, dele: number, delBy: number];

/** The JSON of a CodeMirror ChangeSet: `n` keep, `[n]` delete, `[n, "text"]` replace. */
export type Sections = readonly (number | readonly [number] | readonly [number, string])[];

export type Mark = "kept" | "ins" | "del" | "insdel";

/** A run of words as a redline shows it; `by` inserted it, `delBy` deleted it (-1: neither since the baseline). */
export interface Run {
  readonly text: string;
  readonly mark: Mark;
  readonly by: number;
  readonly delBy: number;
}

/** The text as it stands. */
export function live(segments: readonly Segment[]): string {
  let text = "";
  for (const s of segments) if (s[3] < 0) text += s[0];
  return text;
}

/** The segments after `author` made `change` in `epoch`; `owners` gives the party of each author. */
export function fold(
  segments: readonly Segment[],
  change: Sections,
  epoch: number,
  author: number,
  owners: readonly string[],
): Segment[] {
  const walk = new Fold(segments, epoch, author, owners);
  for (const part of change) {
    if (typeof part === "number") {
      walk.keep(part);
    } else {
      walk.delete(part[0]);
      if (part[1]) walk.insert(part[1], part[0] === 0);
    }
  }
  walk.rest();
  return walk.out;
}

/** The segments before and from live position `at`; struck-out words at the cut stay with the head. */
export function cut(segments: readonly Segment[], at: number): [head: Segment[], tail: Segment[]] {
  const head: Segment[] = [];
  let left = at;
  for (const [index, segment] of segments.entries()) {
    const [text, ins, by, dele, delBy] = segment;
    if (dele >= 0 || (left > 0 && text.length <= left)) {
      head.push(segment);
      if (dele < 0) left -= text.length;
    } else if (left > 0) {
      head.push([text.slice(0, left), ins, by, dele, delBy]);
      return [head, [[text.slice(left), ins, by, dele, delBy], ...segments.slice(index + 1)]];
    } else {
      return [head, segments.slice(index)];
    }
  }
  return [head, []];
}

/** What a reader sees of the text since `baseline`. Runs of one mark and the same parties are joined. */
export function runs(segments: readonly Segment[], baseline: number, owners: readonly string[]): Run[] {
  const out: Run[] = [];
  for (const segment of segments) {
    const run = asRun(segment, baseline, owners);
    if (!run) continue;
    const last = out[out.length - 1];
    if (last && last.mark === run.mark && same(last.by, run.by, owners) && same(last.delBy, run.delBy, owners)) {
      out[out.length - 1] = { ...last, text: last.text + run.text };
    } else {
      out.push(run);
    }
  }
  return out;
}

function asRun([text, ins, by, dele, delBy]: Segment, baseline: number, owners: readonly string[]): Run | null {
  const fresh = ins >= baseline;
  if (dele < 0) return fresh ? { text, mark: "ins", by, delBy: -1 } : { text, mark: "kept", by: -1, delBy: -1 };
  if (dele < baseline || (fresh && owners[by] === owners[delBy])) return null;
  return fresh ? { text, mark: "insdel", by, delBy } : { text, mark: "del", by: -1, delBy };
}

function same(one: number, other: number, owners: readonly string[]): boolean {
  return one === other || (one >= 0 && other >= 0 && owners[one] === owners[other]);
}

function alike(one: Segment, other: Segment): boolean {
  return one[1] === other[1] && one[2] === other[2] && one[3] === other[3] && one[4] === other[4];
}

/** Walks the old segments once, writing the new ones. */
class Fold {
  readonly out: Segment[] = [];
  private index = 0;
  private offset = 0; // units of segments[index] already taken

  constructor(
    private readonly segments: readonly Segment[],
    private readonly epoch: number,
    private readonly author: number,
    private readonly owners: readonly string[],
  ) {}

  keep(length: number): void {
    while (length > 0) {
      const piece = this.need(length);
      if (piece[3] < 0) length -= piece[0].length;
      this.push(piece);
    }
  }

  delete(length: number): void {
    while (length > 0) {
      const piece = this.need(length);
      if (piece[3] >= 0) {
        this.push(piece);
        continue;
      }
      length -= piece[0].length;
      const own = piece[1] === this.epoch && this.owners[piece[2]] === this.owners[this.author];
      if (!own) this.push([piece[0], piece[1], piece[2], this.epoch, this.author]);
    }
  }

  /** Plain typing goes on with one's own fresh words when it touches them, else behind what is struck out there. */
  insert(text: string, behindDeleted: boolean): void {
    const fresh: Segment = [text, this.epoch, this.author, -1, -1];
    const last = this.out[this.out.length - 1];
    if (behindDeleted && !(last && alike(last, fresh))) {
      for (let piece = this.take(0); piece; piece = this.take(0)) this.push(piece);
    }
    this.push(fresh);
  }

  rest(): void {
    for (let piece = this.take(1 << 30); piece; piece = this.take(1 << 30)) this.push(piece);
  }

  private push(segment: Segment): void {
    if (!segment[0]) return;
    const last = this.out[this.out.length - 1];
    if (last && alike(last, segment)) {
      this.out[this.out.length - 1] = [last[0] + segment[0], segment[1], segment[2], segment[3], segment[4]];
    } else {
      this.out.push(segment);
    }
  }

  /** The next piece: a whole struck-out segment, or at most `limit` live units; null when `limit` is 0 and the next is live,
   * or at the end. */
  private take(limit: number): Segment | null {
    const segment = this.segments[this.index];
    if (!segment) return null;
    if (segment[3] >= 0) {
      this.index += 1;
      return segment;
    }
    if (!limit) return null;
    const text = segment[0].slice(this.offset, this.offset + limit);
    this.offset += text.length;
    if (this.offset === segment[0].length) {
      this.index += 1;
      this.offset = 0;
    }
    return [text, segment[1], segment[2], segment[3], segment[4]];
  }

  private need(limit: number): Segment {
    const piece = this.take(limit);
    if (!piece) throw new RangeError("the change does not fit the segments");
    return piece;
  }
}
