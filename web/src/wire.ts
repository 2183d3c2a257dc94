// The frames of /ws/drafts/{id} and the data block of the page, as types (docs/protocol.md says what each means).

import type { FloorData, FloorFrame } from "./floor";
import type { ClauseKind } from "./numbering";
import type { Sections, Segment } from "./redline";

/** One act of the log: seq, UTC ms, person, party, kind, clause, text number, client or operation, counter, body. */
export interface Act {
  readonly s: number;
  readonly at: number;
  readonly by: string;
  readonly p: string;
  readonly k: ActKind;
  readonly c?: string;
  readonly n?: number;
  readonly i?: string;
  readonly u?: number;
  readonly b?: Body;
}

export type ActKind =
  | "begin" | "edit" | "carry" | "insert" | "split" | "join" | "move"
  | "delete" | "restore" | "shape" | "lock" | "set" | "issue" | "mark" | "silence" | "adopt" | "cancel";

/** Which of these an act has depends on its kind (drafts/acts.py). */
export interface Body {
  readonly change?: Sections;
  readonly after?: string | null;
  readonly kind?: ClauseKind;
  readonly depth?: number;
  readonly lang?: string;
  readonly text?: string;
  readonly at?: number;
  readonly into?: string;
  readonly of?: string;
  readonly with?: readonly string[];
  readonly reason?: string;
  readonly state?: string;
  readonly version?: number;
  readonly label?: string;
  readonly thread?: string;
  readonly from?: number | null;
  readonly to?: number | null;
  readonly title?: string;
  readonly symbol?: string;
  readonly mode?: string;
  readonly stage?: string;
}

export interface Who {
  readonly name: string;
  readonly party: string;
  readonly code: string;
  readonly group: string;
  readonly party_name: string;
}

/** Where a connection's caret is; without `clause` it is reading. */
export interface Here {
  readonly id: string;
  readonly by: string;
  readonly clause?: string;
  readonly n?: number;
  readonly a?: number;
  readonly h?: number;
}

export interface Welcome {
  readonly t: "welcome";
  readonly seq: number;
  readonly client: string;
  readonly you: string;
  readonly may_edit: boolean;
  readonly people: Record<string, Who>;
  readonly here: readonly Here[];
  readonly watching: Record<string, number>;
  /** The clause that the chair shows to the room. */
  readonly shown?: string | null;
}

export interface Tick {
  readonly t: "tick";
  readonly seq: number;
  readonly acts?: readonly Act[];
  readonly people?: Record<string, Who>;
  readonly here?: readonly Here[];
  readonly gone?: readonly string[];
  readonly watching?: Record<string, number>;
  readonly shown?: string;
}

export interface Fetched {
  readonly t: "fetched";
  readonly clause: string;
  readonly since: number;
  readonly seq: number;
  readonly acts: readonly Act[];
}

export interface Carried {
  readonly t: "carried";
  readonly clause: string;
  readonly client: string;
  readonly counter: number;
  readonly into: string;
}

export interface Refused {
  readonly t: "refused";
  readonly key: string;
  readonly message: string;
  readonly op?: string;
  readonly clause?: string;
  readonly client?: string;
  readonly counter?: number;
}

export interface ThreadFrame { readonly t: "thread"; readonly thread: ThreadView }
/** A command was done of whose acts no tick tells. */
export interface Done { readonly t: "done"; readonly op: string; readonly seq: number }
export interface Again { readonly t: "again"; readonly reason: string }
export interface Pong { readonly t: "pong"; readonly at: number }

export type Incoming = Welcome | Tick | Fetched | Carried | Refused | ThreadFrame | FloorFrame | Done | Again | Pong;

export interface Push {
  readonly t: "push";
  readonly clause: string;
  readonly client: string;
  readonly base: number;
  readonly counter: number;
  readonly updates: readonly Sections[];
}

/** A command; the server answers with its act or with `refused`, both naming `op`. */
export type Command =
  | { t: "insert"; op: string; after: string | null; kind: ClauseKind; depth: number; lang: string; texts: string[] }
  | { t: "split"; op: string; clause: string; number: number; at: number }
  | { t: "join"; op: string; clause: string }
  | { t: "move"; op: string; clause: string; after: string | null }
  | { t: "delete"; op: string; clause: string; reason: string }
  | { t: "restore"; op: string; clause: string }
  | { t: "shape"; op: string; clause: string; kind: ClauseKind; depth: number; lang: string }
  | { t: "lock"; op: string; clause: string; state: string; reason?: string }
  | { t: "position"; op: string; on: string; stance: string | null; note: string; condition: string | null; wording: number }
  | { t: "sponsor"; op: string; proposal: string; joins: boolean }
  | { t: "object"; op: string; clause: string; reason: string }
  | { t: "bracket"; op: string; clause: string; number: number; start: number; end: number } & Said
  | { t: "lift"; op: string; clause: string; number: number; at: number; with_text: boolean };

/** Whose a bracket is to be from now on: always one's own party's. */
export interface Said {
  readonly reason: string;
  readonly link: string | null;
  readonly words: string;
  readonly private: boolean;
}

export type Outgoing =
  | Push
  | Command
  | { t: "cursor"; clause: string | null; number: number; anchor: number; head: number }
  | { t: "fetch"; clause: string; since: number }
  | { t: "ping" };

export interface CommentView {
  readonly id: string;
  readonly by: string;
  readonly name: string;
  readonly party: { readonly id: string; readonly code: string; readonly name: string; readonly group: string };
  readonly body: string;
  readonly at: number;
  readonly edited_at: number | null;
  readonly mine: boolean;
}

/** A thread as this person may see it; `from`/`to` are UTF-16 positions, null on a whole clause or when the words are gone. */
export interface ThreadView {
  readonly id: string;
  readonly place: "span" | "clause" | "draft" | "missing";
  readonly clause: string | null;
  readonly quote: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly gone: boolean;
  readonly audience: "everyone" | "delegations" | "party";
  readonly created_at: number;
  readonly resolved: null | { readonly at: number; readonly by: string; readonly party: string };
  readonly comments: readonly CommentView[];
  readonly may: { readonly reply: boolean; readonly resolve: boolean; readonly edit: readonly string[] };
}

export type Stamp = readonly [epoch: number, author: number];
export type Gone = readonly [epoch: number, author: number, at: number, reason: string, into: string | null];

export interface ClauseData {
  readonly id: string;
  readonly kind: ClauseKind;
  readonly depth: number;
  readonly lang: string;
  readonly number: number;
  readonly segs: readonly Segment[];
  readonly state: string;
  readonly state_by: number;
  readonly state_at: number;
  readonly born: Stamp;
  readonly source: string | null;
  readonly gone: Gone | null;
  readonly moved: Stamp | null;
}

/** The JSON in `#room-data`: the draft as the server painted it, and who is looking. */
export interface RoomData {
  readonly draft: { id: string; title: string; symbol: string; mode: string; language: string; observers: boolean; parent: string; stage: string };
  readonly forum: { readonly id: string; readonly name: string };
  readonly seq: number;
  readonly epoch: number;
  readonly kept: readonly (readonly [clause: string, row: string, label: string])[];
  readonly baselines: readonly { readonly b: number; readonly label: string; readonly date: string }[];
  readonly view: "redline" | "clean";
  readonly since: number;
  readonly you: {
    readonly person: string;
    readonly name: string;
    readonly party: string;
    readonly code: string;
    readonly party_name: string;
    readonly group: string;
    readonly role: string;
    readonly may: {
      readonly edit: boolean;
      readonly lock: boolean;
      readonly set: boolean;
      readonly issue: boolean;
      readonly comment: boolean;
      readonly comment_delegations: boolean;
      readonly note: boolean; // say whose a bracket is
    };
  };
  readonly authors: readonly (readonly [person: string, party: string])[];
  readonly people: Record<string, Who>;
  readonly parties: Record<string, { readonly code: string; readonly name: string; readonly group: string }>;
  readonly clauses: readonly ClauseData[];
  readonly threads: readonly ThreadView[];
  readonly floor: FloorData;
  readonly words: Readonly<Record<string, Readonly<Record<string, string>>>>; // names of states and kinds, by kind and value
  readonly csrf: string;
  readonly messages: Record<string, string>;
  readonly locale: string;
  readonly socket: string;
  readonly limits: Record<string, number>;
}
