// Labels of clauses: PP1, OP2, (a), (i), (A), by the rules of drafts/numbering.py. Pure: no DOM.

export type ClauseKind = "heading" | "preambular" | "operative" | "chapeau" | "sub";

export interface Numbered {
  readonly kind: ClauseKind;
  readonly depth: number;
  readonly id?: string;
}

/** The labels of the last version, by clause in its order: the row in which each counts, and the label. */
export type Issued = ReadonlyMap<string, readonly [row: string, label: string]>;

const NONE: Issued = new Map();

const PREFIX: Partial<Record<ClauseKind, string>> = { preambular: "PP", operative: "OP" };
const TIMES = [
  "bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies", "undecies", "duodecies",
  "terdecies", "quaterdecies", "quindecies", "sexdecies", "septdecies", "octodecies", "novodecies", "vicies",
];
const AGAIN = new RegExp(`^(.+) (?:${TIMES.join("|")}|\\(\\d+\\))$`);

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, "m"], [900, "cm"], [500, "d"], [400, "cd"], [100, "c"], [90, "xc"],
  [50, "l"], [40, "xl"], [10, "x"], [9, "ix"], [5, "v"], [4, "iv"], [1, "i"],
];

/** The label of every clause, in order; "" for headings and chapeaux. What was issued keeps its label. */
export function labels(clauses: Iterable<Numbered>, issued: Issued = NONE): string[] {
  return paths([...clauses], issued).map((path) => path[path.length - 1] ?? "");
}

/** The full label of every clause, such as `OP3 (a)(i)`. */
export function addresses(clauses: Iterable<Numbered>, issued: Issued = NONE): string[] {
  return paths([...clauses], issued).map((path) => {
    const [first, ...rest] = path;
    return first !== undefined && rest.length && !first.startsWith("(") ? `${first} ${rest.join("")}` : path.join("");
  });
}

/** What the clauses keep of the labels that they are issued with. */
export function asIssued(clauses: readonly (Numbered & { readonly id: string })[]): Issued {
  const names = labels(clauses);
  const kept = new Map<string, readonly [string, string]>();
  rows(clauses).forEach(([row], at) => {
    const [clause, name] = [clauses[at], names[at]];
    if (clause && name) kept.set(clause.id, [row, name]);
  });
  return kept;
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

function paths(clauses: readonly Numbered[], issued: Issued): string[][] {
  const found = rows(clauses);
  const names = named(clauses, found, issued);
  const out: string[][] = [];
  found.forEach(([, above], at) => {
    const name = names.get(at);
    out.push([...(above === null ? [] : (out[above] ?? [])), ...(name === undefined ? [] : [name])]);
  });
  return out;
}

/** For each clause the row in which it counts ("" for none), and of a sub-clause which clause stands above it. */
function rows(clauses: readonly Numbered[]): [row: string, above: number | null][] {
  const out: [string, number | null][] = [];
  let above: (number | undefined)[] = []; // the clauses that stand above, by depth; 0 is the one of its own
  clauses.forEach((clause, at) => {
    if (clause.kind === "sub") {
      const depth = Math.max(clause.depth, 1);
      above = above.slice(0, depth);
      const parent = above.reduce((last, place) => place ?? last, undefined) ?? null;
      above[depth] = at;
      const name = parent === null ? "" : clauses[parent]?.id || `#${parent}`;
      out.push([`${name}:${depth}`, parent]);
    } else {
      above = [at];
      out.push([PREFIX[clause.kind] ?? "", null]);
    }
  });
  return out;
}

/** The own label of every clause that has one, by its place. */
function named(clauses: readonly Numbered[], found: readonly [string, number | null][], issued: Issued): Map<number, string> {
  const members = new Map<string, number[]>();
  found.forEach(([row], at) => {
    if (row) members.set(row, [...(members.get(row) ?? []), at]);
  });
  const first = new Map<string, string>(); // the first label of each row that was issued
  for (const [row, label] of issued.values()) if (!first.has(row)) first.set(row, label);
  const names = new Map<number, string>();
  for (const [row, places] of members) {
    const begins = first.get(row);
    if (begins === undefined) {
      places.forEach((at, index) => names.set(at, counted(clauses[at], index + 1)));
      continue;
    }
    const kept = new Map<number, string>();
    for (const at of places) {
      const old = issued.get(clauses[at]?.id ?? "");
      if (old?.[0] === row) kept.set(at, old[1]);
    }
    between(places, kept, begins).forEach((label, at) => names.set(at, label));
  }
  return names;
}

function counted(clause: Numbered | undefined, number: number): string {
  if (!clause || clause.kind === "sub") return subLabel(clause?.depth ?? 1, number);
  return `${PREFIX[clause.kind] ?? ""}${number}`;
}

/** The labels of a row in which some are kept: the others are called after the one before them. */
function between(places: readonly number[], kept: ReadonlyMap<number, string>, first: string): Map<number, string> {
  const names = new Map(kept);
  const taken = new Set(kept.values());
  let before = "";
  for (const at of places) {
    let name = kept.get(at);
    if (name === undefined) {
      if (before) {
        const stem = AGAIN.exec(before)?.[1] ?? before;
        let time = 2;
        do name = again(stem, time++);
        while (taken.has(name));
      } else {
        const following = places.find((other) => kept.has(other));
        name = `${(following === undefined ? undefined : kept.get(following)) ?? first} ante`;
      }
      taken.add(name);
      names.set(at, name);
    }
    before = name;
  }
  return names;
}

/** The label of the `time`-th clause (from 2) behind the one called `label`. */
export function again(label: string, time: number): string {
  return `${label} ${TIMES[time - 2] ?? `(${time})`}`;
}
