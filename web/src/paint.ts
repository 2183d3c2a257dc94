// A clause's text as HTML: redline, brackets and emphasis, the same to the letter as server/render.py makes it (the plan is
// told there). Pure: no DOM, it gives a string.

import { spans, type Token } from "./brackets";
import { t } from "./i18n";
import type { Run } from "./redline";

/** The parties behind the author indexes, not escaped. */
export interface Names {
  code(author: number): string;
  name(author: number): string;
}

/** Text for the inside of an element. */
export function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** The runs of a clause as HTML. */
export function textHtml(runs: readonly Run[], names: Names): string {
  const tokens = new Tokens(runs.map((run) => (run.mark === "kept" || run.mark === "ins" ? run.text : "")).join(""));
  let out = "";
  for (const run of runs) {
    if (run.mark === "kept") out += painted(tokens.take(run.text.length));
    else if (run.mark === "ins") out += inserted(run, painted(tokens.take(run.text.length)), names);
    else out += deleted(run, struck(run.text), names);
  }
  return out;
}

/** A text without changes as HTML. */
export function plainHtml(text: string): string {
  return painted(new Tokens(text).take(text.length));
}

function inserted(run: Run, inner: string, names: Names): string {
  const said = escape(t("inserted by {name}:", { name: names.name(run.by) }));
  return (
    `<ins><span class="sr" dir="auto">${said} </span>${inner}</ins>` +
    `<span class="by i-ins" aria-hidden="true">${escape(names.code(run.by))}</span>`
  );
}

function deleted(run: Run, inner: string, names: Names): string {
  const { said, codes } = remover(run, names);
  return (
    `<del${run.mark === "insdel" ? ' class="both"' : ""}><span class="sr" dir="auto">${escape(said)} </span>${inner}</del>` +
    `<span class="by i-del" aria-hidden="true">${escape(codes)}</span>`
  );
}

/** Who took a run out, in words for screen readers and as codes. */
export function remover(run: Run, names: Names): { said: string; codes: string } {
  const other = names.name(run.delBy);
  if (run.mark !== "insdel") return { said: t("deleted by {name}:", { name: other }), codes: names.code(run.delBy) };
  return {
    said: t("inserted by {name}, deleted by {other}:", { name: names.name(run.by), other }),
    codes: `${names.code(run.by)}, ${names.code(run.delBy)}`,
  };
}

/** Deleted words as HTML: emphasis only, a struck bracket is no bracket any more. */
export function struck(text: string): string {
  if (!text.includes("*")) return escape(text);
  return spans(text)
    .filter((token) => token.kind !== "mark")
    .map((token) => (token.emphasis ? `<em>${escape(token.text)}</em>` : escape(token.text)))
    .join("");
}

function painted(tokens: Iterable<Token>): string {
  let out = "";
  let around = 0;
  for (const token of tokens) {
    if (token.kind === "mark") continue;
    if (token.depth !== around) {
      if (around) out += "</span>";
      around = token.depth;
      if (around) out += `<span class="br" data-d="${tint(around)}">`;
    }
    if (token.kind === "text") out += token.emphasis ? `<em>${escape(token.text)}</em>` : escape(token.text);
    else out += glyph(token.text, token.balanced ? token.depth : 0);
  }
  return around ? `${out}</span>` : out;
}

/** The colour of a depth: three of them, then the first again. */
export function tint(depth: number): number {
  return ((depth - 1) % 3) + 1;
}

function glyph(bracket: string, depth: number): string {
  if (!depth) {
    const said = escape(t("bracket without a partner"));
    return `<span class="bk lone"><span class="sr" dir="auto">${said} </span>${bracket}</span>`;
  }
  if (bracket === "]") return '<span class="bk">]</span>';
  const said = escape(t("bracket depth {n} opens", { n: depth }));
  const figure = depth > 1 ? `<sup aria-hidden="true">${depth}</sup>` : "";
  return `<span class="bk"><span class="sr" dir="auto">${said} </span>[${figure}</span>`;
}

/** The tokens of a text, handed out by lengths; only plain text is ever cut in two. */
class Tokens {
  private readonly rest: Token[];
  private next = 0;

  constructor(text: string) {
    this.rest = spans(text);
  }

  take(length: number): Token[] {
    const out: Token[] = [];
    while (length > 0) {
      const token = this.rest[this.next];
      if (!token) throw new RangeError("more text than tokens");
      if (token.text.length > length) {
        this.rest[this.next] = { ...token, text: token.text.slice(length) };
        out.push({ ...token, text: token.text.slice(0, length) });
        break;
      }
      out.push(token);
      length -= token.text.length;
      this.next += 1;
    }
    return out;
  }
}
