// From a place in a painted clause to a position in its text, and back. What is painted and is no live text (struck-out words,
// authors, words for screen readers, figures) is passed over; asterisks of emphasis are text and not painted.

import { spans } from "./brackets";

const NOT_TEXT = "del, .sr, .by, sup";

/** The text nodes of a painted text that hold live text. */
function* liveNodes(root: Element): Generator<Text> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text && !node.parentElement?.closest(NOT_TEXT)) yield node;
  }
}

/** The position in `text` of a place (node and offset) in its painted element. */
export function positionOf(root: Element, text: string, node: Node, offset: number): number {
  return unpainted(text, shownBefore(root, node, offset));
}

/** How much of the text is shown before a place in its painted element. */
export function shownBefore(root: Element, node: Node, offset: number): number {
  const target = document.createRange();
  target.setStart(node, offset);
  let seen = 0;
  for (const one of liveNodes(root)) {
    if (one === node) return seen + offset;
    if (target.comparePoint(one, 0) > 0) return seen;
    seen += one.length;
  }
  return seen;
}

/** The text that a painted element shows. */
export function shownText(root: Element): string {
  return [...liveNodes(root)].map((node) => node.data).join("");
}

/** The range of a painted element that shows `[from, to)` of `text`; null when nothing of it is painted. */
export function rangeOf(root: Element, text: string, from: number, to: number): Range | null {
  const start = paintedPlace(text, from);
  const end = paintedPlace(text, to);
  if (end <= start) return null;
  const range = document.createRange();
  let seen = 0;
  let begun = false;
  for (const node of liveNodes(root)) {
    const next = seen + node.length;
    if (!begun && start < next) {
      range.setStart(node, start - seen);
      begun = true;
    }
    if (begun && end <= next) {
      range.setEnd(node, end - seen);
      return range;
    }
    seen = next;
  }
  return null;
}

/** Where the pointer is in a document, as node and offset. */
export function placeAt(x: number, y: number): { node: Node; offset: number } | null {
  if ("caretPositionFromPoint" in document) {
    const place = document.caretPositionFromPoint(x, y);
    return place ? { node: place.offsetNode, offset: place.offset } : null;
  }
  const range = (document as unknown as { caretRangeFromPoint(x: number, y: number): Range | null }).caretRangeFromPoint(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

/** From an offset among the painted characters to one in the text. */
function unpainted(text: string, painted: number): number {
  let at = 0;
  let seen = 0;
  for (const token of spans(text)) {
    if (token.kind !== "mark") {
      if (seen + token.text.length >= painted) return at + painted - seen;
      seen += token.text.length;
    }
    at += token.text.length;
  }
  return at;
}

function paintedPlace(text: string, position: number): number {
  let at = 0;
  let seen = 0;
  for (const token of spans(text)) {
    if (at + token.text.length > position) return seen + (token.kind === "mark" ? 0 : position - at);
    at += token.text.length;
    if (token.kind !== "mark") seen += token.text.length;
  }
  return seen;
}
