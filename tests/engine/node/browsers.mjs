// Several browsers in one process, without pages: each is the real Session of web/src with the real @codemirror/collab under
// it. The network is on the other side of the pipe (tests/engine/test_convergence.py): one order per line in, one answer out.
import { build } from "esbuild";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

const src = fileURLToPath(new URL("../../../web/src", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "adref-browsers-"));
const bundle = join(folder, "session.mjs");
await build({
  stdin: {
    contents: `export { Session } from "./session"; export { Keep } from "./keep"; export { alsoEmpty } from "./cells";
      export { EditorState } from "@codemirror/state"; export { collab } from "@codemirror/collab";`,
    resolveDir: src,
  },
  bundle: true, format: "esm", outfile: bundle, legalComments: "none",
});
let now = null; // the browser that the present order is for

const storage = new Map(); // what their devices keep; keys name the person
const timer = (callback) => ((now.retry = callback), 1);
globalThis.window = { addEventListener() {}, setInterval() {}, clearTimeout() {}, setTimeout: timer };
globalThis.location = { protocol: "http:", host: "adref" };
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
globalThis.localStorage = new Proxy(storage, {
  get: (kept, name) =>
    ({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    })[name],
  ownKeys: (kept) => [...kept.keys()],
  getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
});
globalThis.WebSocket = class {
  constructor(url) {
    this.listeners = {};
    this.since = Number(new URL(url).searchParams.get("since"));
    now.socket = this;
    now.dialled = this.since;
  }
  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }
  send(text) {
    now.sent.push(JSON.parse(text));
  }
  close() {}
};

const { Session, Keep, EditorState, collab, alsoEmpty } = await import(pathToFileURL(bundle));
rmSync(folder, { recursive: true });

const make = () => (doc, startVersion, clientID) => EditorState.create({ doc, extensions: [collab({ startVersion, clientID, sharedEffects: alsoEmpty })] });
const browsers = new Map();

/** The words of a text with where they stand; between them are single spaces. */
function words(text) {
  return [...text.matchAll(/[^ ]+/g)].map((match) => ({ word: match[0], from: match.index, to: match.index + match[0].length }));
}

function cellFor(session, clause, random) {
  const open = session.replica.standing();
  const found = clause ?? open[Math.floor(random * open.length)]?.id;
  return found ? session.cell(found) : null;
}

function dispatch(session, cell, change) {
  cell.state = cell.state.update({ changes: change }).state;
  session.typed(cell);
}

const orders = {
  forget() {
    browsers.clear();
    storage.clear();
  },
  async page({ data }) {
    // What a page leaves behind when it goes is what it kept; that it is alive it does not say any more.
    for (const key of storage.keys()) if (key.startsWith("adref:alive:")) storage.delete(key);
    const asides = now.asides ?? [];
    Object.assign(now, { asides, again: null, cut: new Set() });
    const nothing = () => {};
    now.session = new Session(data, new Keep(data.you.person, data.draft.id), {
      follow: nothing, renewed: nothing, acted: nothing, parted: nothing, joined: nothing, status: nothing,
      presenceChanged: nothing, welcomed: nothing, thread: nothing, make,
      aside: ({ words: said, reason }) => now.asides.push({ words: said, reason }),
      again: (reason) => void (now.again = reason),
    });
    await now.session.start();
  },
  hear({ frames }) {
    for (const frame of frames) {
      const { session } = now;
      for (const act of frame.acts ?? []) {
        if (act.k !== "split" && act.k !== "join") continue;
        if (session.cells.get(act.c)?.pending.length) now.cut.add(act.c);
      }
      now.socket.listeners.message({ data: JSON.stringify(frame) });
      if (now.again) return;
      for (const clause of now.cut) if (!session.cells.get(clause)?.pending.length) now.cut.delete(clause);
    }
  },
  line_lost() {
    const { socket } = now;
    now.socket = null;
    socket?.listeners.close({ code: 1006 });
  },
  dial() {
    now.session.link.connect();
  },
  // Put words in, one update for each, beside a word that is there or into an empty clause.
  type({ clause, random, where, tokens, behind }) {
    const cell = cellFor(now.session, clause, random);
    if (!cell || cell.waiting) return null;
    let at = null;
    let left = null;
    let right = null;
    const out = [];
    for (const token of tokens) {
      const text = cell.state.doc.toString();
      const there = words(text);
      if (at === null) {
        const index = Math.floor(where * there.length);
        const beside = there[index];
        left = (behind ? beside : there[index - 1])?.word ?? null;
        right = (behind ? there[index + 1] : beside)?.word ?? null;
        at = beside ? (behind ? beside.to : beside.from) : 0;
      }
      const spaced = !text.length ? token : behind ? ` ${token}` : `${token} `;
      dispatch(now.session, cell, { from: at, insert: spaced });
      out.push({ token, left, right, vague: now.cut.has(cell.clause) });
      at = behind || !text.length ? at + spaced.length : at;
      if (behind || !text.length) left = token;
      else right = token;
      if (!text.length) behind = true;
    }
    return { clause: cell.clause, words: out };
  },
  // Take out some words with the space behind or before them.
  erase({ clause, random, where, count }) {
    const cell = cellFor(now.session, clause, random);
    if (!cell || cell.waiting) return null;
    const text = cell.state.doc.toString();
    const there = words(text);
    if (!there.length) return null;
    const index = Math.floor(where * there.length);
    const gone = there.slice(index, index + count);
    const last = gone[gone.length - 1];
    const from = gone[0].from;
    const to = last.to < text.length ? last.to + 1 : last.to;
    dispatch(now.session, cell, { from, to });
    return { clause: cell.clause, words: gone.map(({ word }) => word) };
  },
  // Cut where two words meet, in the confirmed text.
  split({ random, where }) {
    const cell = cellFor(now.session, null, random);
    const clause = cell && now.session.replica.clause(cell.clause);
    if (!clause || !now.session.link.up) return null;
    const there = words(clause.text);
    const at = there[Math.floor(where * there.length)]?.from ?? 0;
    now.session.ask({ t: "split", clause: clause.id, number: clause.number, at }).catch(() => {});
    return { clause: clause.id };
  },
  ask({ command, random }) {
    const { session } = now;
    const open = session.replica.clauses;
    const clause = open[Math.floor(random * open.length)]?.id;
    if (!clause || !session.link.up) return null;
    if (command.t === "move") command.after = session.replica.standing()[0]?.id ?? null;
    session.ask({ ...command, clause }).catch(() => {});
    return { clause };
  },
  look() {
    const { session } = now;
    const { replica } = session;
    return {
      seq: replica.seq,
      epoch: replica.epoch,
      labels: [...replica.labels().values()],
      pending: session.pending,
      up: session.link.up,
      clauses: replica.clauses.map((c) => ({
        id: c.id, text: c.text, number: c.number, segs: c.segs, gone: c.gone && c.gone.slice(0, 5), state: c.state, source: c.source,
      })),
      cells: session.all().map((cell) => ({
        clause: cell.clause, text: cell.state.doc.toString(), number: cell.number, pending: cell.pending.length,
        waiting: cell.waiting !== null,
      })),
      asides: now.asides,
      kept: [...storage.keys()].filter((key) => key.startsWith(`adref:unsent:${session.data.you.person}:`)),
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.browser !== undefined && !browsers.has(order.browser)) browsers.set(order.browser, {});
  now = browsers.get(order.browser) ?? {};
  Object.assign(now, { sent: [], dialled: null });
  const answer = await orders[order.do](order);
  const { sent, dialled, again } = now;
  process.stdout.write(`${JSON.stringify({ answer: answer ?? null, sent, dialled, again })}\n`);
}
