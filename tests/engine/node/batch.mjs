// Plays random schedules of three @codemirror/collab clients twice: with the package's own batches (rebaseUpdates, and
// receiveUpdates of many) and one update at a time. Prints how many of them ended with different texts. Arguments: seed, count.
import { collab, getSyncedVersion, rebaseUpdates, receiveUpdates, sendableUpdates } from "@codemirror/collab";
import { ChangeSet, EditorState, Text } from "@codemirror/state";

const [seed, count] = process.argv.slice(2).map(Number);

function generator(state) {
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function oneByOne(updates, over) {
  let mine = updates;
  for (const other of over) {
    if (mine.length && mine[0].clientID === other.clientID) {
      mine = mine.slice(1);
      continue;
    }
    let walking = other.changes;
    mine = mine.map(({ changes, clientID }) => {
      const moved = { changes: changes.map(walking), clientID };
      walking = walking.map(changes, true);
      return moved;
    });
  }
  return mine;
}

function drifts(start, batch) {
  const random = generator(start);
  const log = [];
  const clients = ["a", "b", "c"].map((clientID) =>
    EditorState.create({ doc: "0123456789", extensions: [collab({ clientID })] }),
  );
  const pull = (who) => {
    const fresh = log.slice(getSyncedVersion(clients[who]));
    for (const part of batch ? [fresh] : fresh.map((update) => [update])) clients[who] = receiveUpdates(clients[who], part).state;
  };
  const underWay = [null, null, null]; // a push that was sent; broadcasts may cross it
  const send = (who) => {
    const updates = sendableUpdates(clients[who]).map(({ changes, clientID }) => ({ changes, clientID }));
    underWay[who] ??= { updates, version: getSyncedVersion(clients[who]) };
  };
  const arrive = (who) => {
    if (!underWay[who]) return;
    const { updates, version } = underWay[who];
    underWay[who] = null;
    const over = log.slice(version);
    log.push(...(batch ? rebaseUpdates(updates, over) : oneByOne(updates, over)));
  };
  const type = (who) => {
    const { length } = clients[who].doc;
    const from = random(length + 1);
    const to = Math.min(length, from + random(4));
    const insert = random(3) ? String.fromCharCode(97 + random(26)).repeat(1 + random(2)) : "";
    clients[who] = clients[who].update({ changes: { from, to, insert } }).state;
  };
  for (let step = 0; step < 25; step++) [type, type, send, arrive, pull][random(5)](random(3));
  for (let round = 0; round < 2; round++) for (const who of [0, 1, 2]) arrive(who), pull(who), send(who), arrive(who), pull(who);
  for (const who of [0, 1, 2]) pull(who);
  const text = log.reduce((doc, { changes }) => changes.apply(doc), Text.of(["0123456789"])).toString();
  return clients.some((state) => state.doc.toString() !== text);
}

const found = { batch: 0, one: 0 };
for (let index = 0; index < count; index++) {
  for (const way of ["batch", "one"]) {
    try {
      found[way] += drifts(seed + index * 7919, way === "batch");
    } catch (error) {
      if (!(error instanceof RangeError || /length|range/i.test(error.message))) throw error;
      found[way] += 1; // so far apart that a change does not even fit
    }
  }
}
process.stdout.write(JSON.stringify(found));
