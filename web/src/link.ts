// The live socket of a draft: connects, notices a dead line, comes back. Knows frames, not what they mean.

import type { Incoming, Outgoing } from "./wire";

const BEAT = 15_000; // a ping after this long without sending one
const DEAD = 20_000; // no frame at all for this long: the line is dead
const FIRST = 500;
const LONGEST = 15_000;
const LOOK = 4; // after so many tries in vain, see whether it is the line or the right to come in

export interface Hearer {
  /** Frames in the order they came. */
  heard(frame: Incoming): void;
  /** The line went down; `code` is the close code. */
  down(code: number): void;
  /** The server cannot be reached, or does not let this person in. */
  unreachable(): void;
  /** The acts known so far, for the next connection. */
  seq(): number;
}

export class Link {
  private socket: WebSocket | null = null;
  private open = false;
  private tries = 0;
  private retry: number | undefined;
  private lastHeard = 0;
  closed: string | null = null; // why there will be no other connection

  constructor(
    private readonly path: string,
    private readonly hearer: Hearer,
  ) {
    window.addEventListener("online", () => this.again(0));
    window.addEventListener("offline", () => this.drop(4000));
    window.addEventListener("pagehide", () => this.socket?.close());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.again(0);
    });
    window.setInterval(() => this.beat(), 5_000);
  }

  /** Whether frames can be sent: the server has welcomed this connection. */
  get up(): boolean {
    return this.open;
  }

  /** Connections tried in vain since the last one that worked. */
  get failures(): number {
    return this.tries;
  }

  connect(): void {
    window.clearTimeout(this.retry);
    if (this.socket || this.closed !== null) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.path}?since=${this.hearer.seq()}`);
    this.socket = socket;
    this.lastHeard = Date.now();
    socket.addEventListener("message", (event) => {
      if (socket === this.socket) this.take(String(event.data));
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.socket) this.drop(event.code);
    });
  }

  /** Send a frame; false when there is no connection. */
  send(frame: Outgoing): boolean {
    if (!this.open || !this.socket) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Never connect again (the page is to be loaded afresh, or its person is signed out); `why` is for the person. */
  stop(why: string): void {
    this.closed = why;
    this.drop(1000);
  }

  private take(text: string): void {
    this.lastHeard = Date.now();
    const frame = JSON.parse(text) as Incoming;
    if (frame.t === "welcome") {
      this.open = true;
      this.tries = 0;
    }
    this.hearer.heard(frame);
  }

  private drop(code: number): void {
    const socket = this.socket;
    this.socket = null;
    this.open = false;
    socket?.close();
    if (socket) this.hearer.down(code);
    if (this.closed !== null) return;
    this.tries += 1;
    if (this.tries % LOOK === 0) this.hearer.unreachable();
    const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(this.tries, 6));
    this.again(FIRST + Math.random() * (longest - FIRST));
  }

  private again(after: number): void {
    window.clearTimeout(this.retry);
    this.retry = window.setTimeout(() => this.connect(), after);
  }

  private beat(): void {
    const silence = Date.now() - this.lastHeard;
    if (this.socket && silence > DEAD) this.drop(4001);
    else if (this.open && silence > BEAT - 5_000) this.send({ t: "ping" });
  }
}
