// Labels of clauses: PP1, OP2, (a), (i), (A), by the rules of drafts/numbering.py. Pure: no DOM.

export type ClauseKind = "heading" | "preambular" | "operative" | "chapeau" | "sub";

export interface Numbered {
  readonly kind: ClauseKind;
  readonly depth: number;
}

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, "m"], [900, "cm"], [500, "d"], [400, "cd"], [100, "c"], [90, "xc"],
  [50, "l"], [40, "xl"], [10, "x"], [9, "ix"], [5, "v"], [4, "iv"], [1, "i"],
];

/** The label of every clause, in order; "" for headings and chapeaux. */
export function labels(clauses: Iterable<Numbered>): string[] {
  return paths(clauses).map((path) => path[path.length - 1] ?? "");
}

/** The full label of every clause, such as `OP3 (a)(i)`. */
export function addresses(clauses: Iterable<Numbered>): string[] {
  return paths(clauses).map((path) => {
    const [first, ...rest] = path;
    return first !== undefined && rest.length && !first.startsWith("(") ? `${first} ${rest.join("")}` : path.join("");
  });
}

/** The label of the `number`-th sub-clause (from 1) at `depth`; below the third level the styles repeat. */
export function subLabel(depth: number, number: number): string {
  const style = (Math.max(depth, 1) - 1) % 3;
  if (style === 1) return `(${roman(number)})`;
  const letters = alphabetic(number);
  return `(${style ? letters.toUpperCase() : letters})`;
}

/** The letters of a number from 1: a … z, aa, bb … zz, aaa …. */
export function alphabetic(number: number): string {
  const letter = (number - 1) % 26;
  return String.fromCharCode(97 + letter).repeat(Math.floor((number - 1) / 26) + 1);
}

/** The small roman numeral of a number from 1. */
export function roman(number: number): string {
  let numeral = "";
  for (const [value, letters] of ROMAN) {
    while (number >= value) {
      numeral += letters;
      number -= value;
    }
  }
  return numeral;
}

function paths(clauses: Iterable<Numbered>): string[][] {
  const counts = { preambular: 0, operative: 0 };
  const out: string[][] = [];
  let subs: number[] = []; // how many sub-clauses so far, by depth
  let above: (string | undefined)[] = []; // the labels that stand above, by depth; 0 is the clause of its own
  for (const clause of clauses) {
    if (clause.kind === "sub") {
      const depth = Math.max(clause.depth, 1);
      subs = subs.slice(0, depth + 1);
      subs[depth] = (subs[depth] ?? 0) + 1;
      above = above.slice(0, depth);
      above[depth] = subLabel(depth, subs[depth] ?? 1);
    } else {
      subs = [];
      above = [];
      if (clause.kind === "preambular") above[0] = `PP${++counts.preambular}`;
      if (clause.kind === "operative") above[0] = `OP${++counts.operative}`;
    }
    out.push(above.filter((label): label is string => label !== undefined));
  }
  return out;
}
