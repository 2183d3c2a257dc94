// What the session tells the page.

import type { Transaction } from "@codemirror/state";
import type { Cell, MakeState } from "./cells";
import type { Changes } from "./floor";
import type { Sections } from "./redline";
import type { Touched } from "./replica";
import type { Act, ThreadView } from "./wire";

/** Words that the server did not take, with why. */
export interface Aside {
  readonly clause: string;
  readonly label: string;
  readonly reason: string;
  readonly words: string;
  readonly text: string; // the whole clause as the person had it
  readonly base: string; // the confirmed text that `change` stands on
  readonly change: Sections;
  readonly at: number;
}

/** What the page does when something happens. */
export interface Page {
  /** A cell's state moved on by these; its view, if any, follows. */
  follow(cell: Cell, transactions: readonly Transaction[]): void;
  renewed(cell: Cell): void;
  /** The acts of a tick have taken effect in the replica; states and views follow after this. */
  acted(acts: readonly Act[], touched: readonly Touched[]): void;
  /** A clause that may be open here was cut, or joined into another: the caret goes with its words. */
  parted(clause: string, into: string, at: number): void;
  joined(clause: string, into: string, at: number): void;
  status(): void;
  presenceChanged(): void;
  welcomed(): void;
  thread(thread: ThreadView): void;
  /** What lies on the table has changed. */
  tabled(changes: Changes): void;
  aside(aside: Aside): void;
  again(reason: string): void;
  make: (clause: string) => MakeState;
}
