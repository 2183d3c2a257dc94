// Answers each line of standard input, a case of tests/engine/test_browser_engine.py, with what the browser computes.
import { createInterface } from "node:readline";
import { brackets, numbering, paint, redline } from "../../../web/dist/engine.js";

const names = { code: (author) => ["NVL", "NVL", "C&T", "CHR"][author], name: (author) => ["Norvale", "Norvale", "C&T", "Chair"][author] };

for await (const line of createInterface({ input: process.stdin })) {
  const { segments, changes, owners, at, texts, clauses, issued } = JSON.parse(line);
  const folded = changes.reduce((segs, { change, epoch, author }) => redline.fold(segs, change, epoch, author, owners), segments);
  const { pairs, spanning, unbalanced } = brackets.count(texts);
  process.stdout.write(
    JSON.stringify({
      folded,
      live: redline.live(folded),
      runs: [1, 2, 3, 4].map((baseline) =>
        redline.runs(folded, baseline, owners).map(({ text, mark, by, delBy }) => [text, mark, by, delBy]),
      ),
      html: [1, 2, 3, 4].map((baseline) => paint.textHtml(redline.runs(folded, baseline, owners), names)),
      plain: texts.map((text) => paint.plainHtml(text)),
      cut: redline.cut(folded, at),
      tokens: texts.map((text) =>
        brackets.spans(text).map(({ text: piece, kind, emphasis, depth, balanced }) => [piece, kind, emphasis, depth, balanced]),
      ),
      emphasis: texts.map((text) => brackets.emphasis(text).map(([from, to]) => [text.slice(0, from), text.slice(0, to)])),
      counts: [pairs, spanning, unbalanced],
      pairs: texts.map((text) => brackets.pairs(text).map(({ from, to, depth }) => [text.slice(0, from), text.slice(0, to), depth])),
      labels: numbering.labels(clauses),
      addresses: numbering.addresses(clauses),
      between: numbering.addresses(clauses, numbering.asIssued(issued)),
    }) + "\n",
  );
}
