// Square brackets and emphasis in the text of a clause, by the three rules of drafts/brackets.py. Pure: no DOM.
// (That module counts code points and this one UTF-16 units; the pieces of text are the same.)

export interface Token {
  readonly text: string;
  /** `mark` is an asterisk that opens or closes emphasis. */
  readonly kind: "text" | "mark" | "open" | "close";
  readonly emphasis: boolean;
  /** Of a bracket its pair's depth, of other tokens the number of pairs around them. */
  readonly depth: number;
  /** False only for a bracket without a partner. */
  readonly balanced: boolean;
}

/** Pairs that close in their clause, pairs that close in a later one, and brackets that never do. */
export interface Counts {
  readonly pairs: number;
  readonly spanning: number;
  readonly unbalanced: number;
}

const SPACES = " \t\u00a0";

/** The text as a flat list of tokens; their texts joined give the text back. */
export function spans(text: string): Token[] {
  const partner = partners(text);
  const stars = new Map<number, "opens" | "closes">();
  for (const [start, end] of emphasis(text)) stars.set(start, "opens").set(end, "closes");
  const tokens: Token[] = [];
  let plain = 0; // where the pending plain text starts
  let depth = 0;
  let emphatic = false;
  const flush = (at: number): void => {
    if (plain < at) tokens.push({ text: text.slice(plain, at), kind: "text", emphasis: emphatic, depth, balanced: true });
    plain = at + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    const star = stars.get(at);
    if (star) {
      flush(at);
      tokens.push({ text: "*", kind: "mark", emphasis: true, depth, balanced: true });
      emphatic = star === "opens";
    } else if (char === "[" || char === "]") {
      flush(at);
      const balanced = partner.has(at);
      if (balanced && char === "[") depth += 1;
      tokens.push({ text: char, kind: char === "[" ? "open" : "close", emphasis: emphatic, depth, balanced });
      if (balanced && char === "]") depth -= 1;
    }
  }
  flush(text.length);
  return tokens;
}

/** The runs of emphasis as offsets of their two asterisks, in order, never overlapping. */
export function emphasis(text: string): [number, number][] {
  const stars: number[] = [];
  for (let at = text.indexOf("*"); at >= 0; at = text.indexOf("*", at + 1)) stars.push(at);
  const closing = stars.filter((at) => at > 0 && !(SPACES + "*").includes(text[at - 1] ?? ""));
  const runs: [number, number][] = [];
  let free = 0;
  let next = 0;
  for (const star of stars) {
    const following = text[star + 1];
    if (star < free || following === undefined || (SPACES + "*").includes(following)) continue;
    while (next < closing.length && (closing[next] ?? 0) < star + 2) next += 1;
    const end = closing[next];
    if (end === undefined) break;
    runs.push([star, end]);
    free = end + 1;
  }
  return runs;
}

/** The counts over the clauses of a draft, in reading order. */
export function count(texts: Iterable<string>): Counts {
  let pairs = 0;
  let spanning = 0;
  let singles = 0;
  let waiting = 0;
  for (const text of texts) {
    const partner = partners(text);
    pairs += partner.size / 2;
    for (let at = 0; at < text.length; at++) {
      const char = text[at];
      if ((char !== "[" && char !== "]") || partner.has(at)) continue;
      if (char === "[") {
        waiting += 1;
      } else if (waiting) {
        waiting -= 1;
        spanning += 1;
      } else {
        singles += 1;
      }
    }
  }
  return { pairs, spanning, unbalanced: singles + waiting };
}

function partners(text: string): Map<number, number> {
  const partner = new Map<number, number>();
  const waiting: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "[") {
      waiting.push(at);
    } else if (text[at] === "]") {
      const start = waiting.pop();
      if (start !== undefined) partner.set(start, at).set(at, start);
    }
  }
  return partner;
}

/** A bracket of a text: `[from, to)` with both glyphs and its depth, or (`depth` 0) a glyph without a partner. */
export interface Pair {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** All brackets of a text, in the order of their first glyphs. */
export function pairs(text: string): Pair[] {
  const partner = partners(text);
  const found: Pair[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const other = partner.get(at);
    if (other === undefined) {
      if (text[at] === "[" || text[at] === "]") found.push({ from: at, to: at + 1, depth: 0 });
    } else if (other > at) {
      depth += 1;
      found.push({ from: at, to: other + 1, depth });
    } else {
      depth -= 1;
    }
  }
  return found;
}

/** The innermost pair that a place between two characters is in. */
export function pairAround(text: string, at: number): Pair | null {
  let found: Pair | null = null;
  for (const pair of pairs(text)) {
    if (pair.from >= at) break;
    if (pair.depth && at < pair.to) found = pair;
  }
  return found;
}

/** The bracket that has a glyph at a position. */
export function pairOf(text: string, glyph: number): Pair | null {
  return pairs(text).find((pair) => pair.from === glyph || pair.to - 1 === glyph) ?? null;
}
