// Answers each line of standard input, a case of tests/engine/test_change_npm.py, with what the real ChangeSet gives.
import { ChangeSet, Text } from "@codemirror/state";
import { createInterface } from "node:readline";

const json = (change) => change.toJSON();

for await (const line of createInterface({ input: process.stdin })) {
  const { text, a, then, beside, positions } = JSON.parse(line);
  const first = ChangeSet.fromJSON(a);
  const second = ChangeSet.fromJSON(then);
  const other = ChangeSet.fromJSON(beside);
  const doc = Text.of([text]);
  const after = first.apply(doc);
  process.stdout.write(
    JSON.stringify({
      json: json(first),
      apply: after.toString(),
      compose: json(first.compose(second)),
      map: json(first.map(other)),
      before: json(first.map(other, true)),
      back: json(other.map(first)),
      invert: json(first.invert(doc)),
      undone: first.invert(doc).apply(after).toString(),
      ends: positions.map((position) => [first.mapPos(position, -1), first.mapPos(position, 1)]),
    }) + "\n",
  );
}
