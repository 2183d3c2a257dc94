// How the clause that is being edited looks: redline, emphasis, brackets, comments and other people's carets as decorations of
// the CodeMirror view. The same runs and tokens as paint.ts, so that a clause does not change its face when it is opened.

import type { Range, Text } from "@codemirror/state";
import { Decoration, WidgetType, type DecorationSet } from "@codemirror/view";
import { spans } from "./brackets";
import { el } from "./dom";
import { remover, struck, tint, type Names } from "./paint";
import type { Run } from "./redline";

/** Somebody else's caret, in positions of the text as it is shown here. */
export interface Caret {
  readonly id: string; // of the connection
  readonly code: string;
  readonly anchor: number;
  readonly head: number;
  readonly moved: number; // changes when the person moves, not when the text does
}

/** Where a comment stands. */
export interface Span {
  readonly thread: string;
  readonly from: number;
  readonly to: number;
  readonly now: boolean; // the one being looked at
}

export interface Look {
  readonly runs: readonly Run[];
  readonly names: Names;
  readonly mine: (author: number) => boolean;
  readonly carets: readonly Caret[];
  readonly spans: readonly Span[];
}

/** All decorations of a text. */
export function decorate(doc: Text, look: Look): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  redline(look, ranges);
  tokens(doc.toString(), ranges);
  for (const { thread, from, to, now } of look.spans) {
    if (from < to && to <= doc.length) {
      const mark = Decoration.mark({ class: now ? "cspan now" : "cspan", attributes: { "data-thread": thread } });
      ranges.push(mark.range(from, to));
    }
  }
  carets(doc, look.carets, ranges);
  return Decoration.set(ranges, true);
}

function redline({ runs, names, mine }: Look, ranges: Range<Decoration>[]): void {
  let at = 0;
  // What stands behind one's own fresh words comes after the caret there (typing goes on with them), all else before it.
  let side = -1;
  for (const run of runs) {
    if (run.mark === "kept" || run.mark === "ins") {
      const end = at + run.text.length;
      side = -1;
      if (run.mark === "ins") {
        ranges.push(INS.range(at, end));
        if (mine(run.by)) side = 1;
        ranges.push(Decoration.widget({ widget: new By(names.code(run.by), names.name(run.by)), side }).range(end));
      }
      at = end;
    } else {
      const { said, codes } = remover(run, names);
      const widget = new Struck(run.text, said, codes, run.mark === "insdel");
      ranges.push(Decoration.widget({ widget, side }).range(at));
    }
  }
}

const INS = Decoration.mark({ tagName: "ins" });
const EM = Decoration.mark({ tagName: "em" });
const STAR = Decoration.mark({ class: "star" });

function tokens(text: string, ranges: Range<Decoration>[]): void {
  let at = 0;
  let around = 0; // the depth of the tint that is open
  let from = 0;
  const close = (): void => {
    if (around && from < at) ranges.push(Decoration.mark({ class: "br", attributes: { "data-d": String(tint(around)) } }).range(from, at));
  };
  for (const token of spans(text)) {
    const end = at + token.text.length;
    if (token.depth !== around) {
      close();
      around = token.depth;
      from = at;
    }
    if (token.kind === "mark") ranges.push(STAR.range(at, end));
    else if (token.kind !== "text") ranges.push(glyph(token.kind === "open", token.balanced ? token.depth : 0).range(at, end));
    else if (token.emphasis) ranges.push(EM.range(at, end));
    at = end;
  }
  close();
}

function glyph(opens: boolean, depth: number): Decoration {
  if (!depth) return Decoration.mark({ class: "bk lone" });
  const attributes: Record<string, string> = { "data-d": String(tint(depth)) };
  if (opens && depth > 1) attributes["data-n"] = String(depth);
  return Decoration.mark({ class: "bk", attributes });
}

function carets(doc: Text, list: readonly Caret[], ranges: Range<Decoration>[]): void {
  for (const caret of list) {
    const head = Math.min(caret.head, doc.length);
    const anchor = Math.min(caret.anchor, doc.length);
    if (anchor !== head) {
      ranges.push(Decoration.mark({ class: "sel-other" }).range(Math.min(anchor, head), Math.max(anchor, head)));
    }
    ranges.push(Decoration.widget({ widget: new Other(caret.id, caret.code, caret.moved), side: 2 }).range(head));
  }
}

/** Who inserted the words before it. */
class By extends WidgetType {
  constructor(
    readonly code: string,
    readonly name: string,
  ) {
    super();
  }

  override eq(other: By): boolean {
    return other.code === this.code && other.name === this.name;
  }

  override toDOM(): HTMLElement {
    return el("span", { class: "by i-ins", title: this.name, dir: "auto", "aria-hidden": "true" }, this.code);
  }
}

/** Words that were taken out, with who took them out. */
class Struck extends WidgetType {
  constructor(
    readonly text: string,
    readonly said: string,
    readonly codes: string,
    readonly both: boolean,
  ) {
    super();
  }

  override eq(other: Struck): boolean {
    return other.text === this.text && other.said === this.said && other.codes === this.codes && other.both === this.both;
  }

  override toDOM(): HTMLElement {
    const del = el("del", { class: this.both ? "both" : null, dir: "auto" }, el("span", { class: "sr", dir: "auto" }, `${this.said} `));
    del.insertAdjacentHTML("beforeend", struck(this.text));
    const by = el("span", { class: "by i-del", dir: "auto", "aria-hidden": "true" }, this.codes);
    return el("span", { class: "struck", dir: "auto" }, del, by);
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

/** Somebody else's caret with a flag that fades (CSS). */
class Other extends WidgetType {
  constructor(
    readonly id: string,
    readonly code: string,
    readonly moved: number,
  ) {
    super();
  }

  override eq(other: Other): boolean {
    return other.id === this.id && other.moved === this.moved && other.code === this.code;
  }

  override toDOM(): HTMLElement {
    return el("span", { class: "caret other", "aria-hidden": "true" }, el("b", { dir: "auto" }, this.code));
  }
}
