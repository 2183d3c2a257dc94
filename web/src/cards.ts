// A proposal's card as HTML, in parts, the same as the macros of web/templates/floor.html make it. Pure: no DOM, it gives strings.

import type { Party, Piece, Positions, ProposalView, Said } from "./floor";
import { day, moment, t } from "./i18n";
import { escape } from "./paint";

const ORDER = ["support", "can_accept", "conditional", "reserve", "oppose"] as const;
const WIDTH = 200; // units of the bar
const NEAR = 60; // characters of unchanged text that are shown beside a change

/** What a card needs to know besides its proposal. */
export interface Desk {
  readonly draft: string; // id
  readonly party: string; // this person's
  readonly csrf: string;
  readonly language: string; // of the clause
  readonly may: { own: boolean; sponsor: boolean; position: boolean; decide: boolean };
  readonly word: (kind: string, value: string) => string;
}

/** The parts of a card by the class of their element. */
export function parts(view: ProposalView, desk: Desk): Readonly<Record<string, string>> {
  const { counts = null } = view.positions ?? {};
  return {
    head: head(view, desk),
    says: says(view, desk),
    notes: notes(view, desk),
    barred: counts ? bar(counts, desk.word) : "",
    pks: counts ? countsHtml(counts, desk.word) : "",
    you: you(view.id, view.wording, view.positions, desk),
    act: act(view, desk),
  };
}

function head(view: ProposalView, { word }: Desk): string {
  const tags = [`<span class="tag">${escape(word("proposal", view.kind))}</span>`];
  if (view.closing) {
    const into = view.closing.into === null ? "" : ` ${t("into {number}", { number: `P ${view.closing.into}` })}`;
    tags.push(`<span class="tag">${escape(word("state", view.state) + into)}</span>`);
  }
  if (view.stale) tags.push(`<span class="tag warn">${escape(t("stale"))}</span>`);
  if (view.done) tags.push(`<span class="tag ok">${escape(t("reads so already"))}</span>`);
  if (view.equal.length) {
    const numbers = view.equal.map((number) => `P ${number}`).join(", ");
    tags.push(`<span class="tag">${escape(t("same as {numbers}", { numbers }))}</span>`);
  }
  if (view.wording > 1) tags.push(`<span class="mute">${escape(t("wording {n}", { n: view.wording }))}</span>`);
  const when = `<time datetime="${iso(view.worded_at)}">${escape(day(view.worded_at))}</time>`;
  return `<span class="pno"><bdi>P ${view.number}</bdi></span>${backers(view)}${tags.join("")}<span class="push mute">${when}</span>`;
}

function backers({ party, sponsors }: ProposalView): string {
  const first = `<span class="strong" dir="auto">${escape(party.name)}</span>`;
  if (!sponsors.length) return first;
  const more = sponsors.length > 6 ? `<span class="seat more">+${sponsors.length - 6}</span>` : "";
  return `${first}<span class="mute">${escape(t("with"))}</span>${sponsors.slice(0, 6).map(seat).join("")}${more}`;
}

function seat({ code, name }: Party): string {
  return `<span class="seat" title="${quoted(name)}"><span class="sr" dir="auto">${escape(name)}</span><span aria-hidden="true">${escape(code)}</span></span>`;
}

function says(view: ProposalView, { language }: Desk): string {
  const whats: Readonly<Record<string, string>> = {
    add: t("A new clause here."),
    move: t("Moves the clause to another place."),
    no_change: t("Keeps the clause as it is."),
    delete: t("Takes the clause out."),
  };
  const what = whats[view.kind];
  const shown = view.pieces.length && view.kind !== "move" && view.kind !== "no_change";
  return (
    (what ? `<p class="what">${escape(what)}</p>` : "") +
    (shown ? `<p class="txt" lang="${quoted(language)}" dir="auto">${pieces(view.pieces)}</p>` : "") +
    (view.reason ? `<p class="why" dir="auto">${escape(view.reason)}</p>` : "")
  );
}

function notes(view: ProposalView, desk: Desk): string {
  const why = (text: string): string => (text ? `<p class="why" dir="auto">${escape(text)}</p>` : "");
  let out = "";
  if (view.stale) {
    const readings = view.conflicts.map(({ base, theirs, live }) => {
      const one = (name: string, text: string): string =>
        `<div><dt>${escape(name)}</dt><dd class="txt" lang="${quoted(desk.language)}" dir="auto">${escape(text || "–")}</dd></div>`;
      return `<dl class="readings">${one(t("It was"), base)}${one(t("Proposed"), theirs)}${one(t("It is now"), live)}</dl>`;
    });
    out += `<div class="note warn"><div><p>${escape(staleSays(view))}</p>${readings.join("")}</div></div>`;
  }
  if (view.offered && !view.closing) {
    const { accepts, note, answer } = view.offered;
    const params = { party: view.party.name };
    const said = accepts ? t("accepted by {party}", params) : t("declined by {party}", params);
    const answered = accepts === null ? "" : ` <b>${escape(said)}</b>`;
    const words = `<p class="txt" lang="${quoted(desk.language)}" dir="auto">${pieces(view.offered.pieces)}</p>`;
    out += `<div class="note"><div><p>${escape(t("The chair offers:"))}${answered}</p>${words}${why(note)}${why(answer)}</div></div>`;
  }
  if (view.closing?.reason) out += why(`${view.closing.party.name}: ${view.closing.reason}`);
  return out;
}

function staleSays({ stale, party: { name: party } }: ProposalView): string {
  if (stale === "gone") return t("The clause is gone. {party} says what becomes of the proposal.", { party });
  if (stale === "joined") return t("The clause was joined into another. {party} says what becomes of the proposal.", { party });
  if (stale === "split") return t("The clause was split. {party} says what becomes of the proposal.", { party });
  return t("The same words were changed since. {party} says what becomes of the proposal.", { party });
}

/** The words of a proposal: what comes and goes, and of what stays as much as stands near (server/cards.py). */
export function pieces(found: readonly Piece[]): string {
  const last = found.length - 1;
  return found
    .map(([sign, text], at) => {
      const inner = escape((sign === "=" ? near(text, at > 0, at < last) : text).replaceAll("*", ""));
      if (sign === "+") return `<ins><span class="sr" dir="auto">${escape(t("inserted:"))} </span>${inner}</ins>`;
      if (sign === "-") return `<del><span class="sr" dir="auto">${escape(t("deleted:"))} </span>${inner}</del>`;
      return inner;
    })
    .join("");
}

function near(text: string, after: boolean, before: boolean): string {
  const behind = after || !before;
  if (text.length <= NEAR * (behind && before ? 2 : 1) + 10) return text;
  const cut = text.slice(0, NEAR);
  const end = text.slice(-NEAR);
  const head = behind ? cut.slice(0, Math.max(0, cut.lastIndexOf(" "))) : "";
  const tail = before && end.includes(" ") ? end.slice(end.indexOf(" ") + 1) : "";
  if (head && tail) return `${head} … ${tail}`;
  return head ? `${head} …` : `… ${tail}`;
}

function bar(counts: Readonly<Record<string, number>>, word: Desk["word"]): string {
  const total = ORDER.reduce((sum, one) => sum + (counts[one] ?? 0), 0);
  if (!total) return "";
  const said = ORDER.filter((one) => counts[one]).map((one) => `${counts[one]} ${word("stance", one)}`);
  let at = 0;
  let out = "";
  for (const one of ORDER) {
    const width = (WIDTH * (counts[one] ?? 0)) / total;
    if (width) out += `<rect class="pos-${one}" x="${at.toFixed(2)}" y="0" width="${Math.max(width - 1, 0.5).toFixed(2)}" height="6"/>`;
    at += width;
  }
  return `<svg class="posbar" viewBox="0 0 ${WIDTH} 6" preserveAspectRatio="none" role="img" aria-label="${quoted(said.join(", "))}">${out}</svg>`;
}

function countsHtml(counts: Readonly<Record<string, number>>, word: Desk["word"]): string {
  const shown = ORDER.filter((one) => counts[one] || one !== "conditional");
  return shown.map((one) => `<span class="pk">${sign(one)}<b>${counts[one] ?? 0}</b> ${escape(word("stance", one))}</span>`).join("");
}

function sign(stance: string): string {
  return `<svg class="pi pi-${stance}" viewBox="0 0 16 16" aria-hidden="true"><use href="#p-${stance}"/></svg>`;
}

/** One's own position: a list that is saved at once. */
export function you(on: string, wording: number, found: Positions | null, desk: Desk): string {
  const now = found?.mine ?? null;
  const { word } = desk;
  if (!desk.may.position) {
    if (!now) return "";
    return `<span class="mute">${escape(t("You:"))}</span> ${sign(now.stance)}<span>${escape(word("stance", now.stance))}</span>`;
  }
  const none = now && !now.sponsor ? t("Take it back") : t("State a position");
  const options = ["support", "can_accept", "reserve", "oppose", "conditional"].map((stance) => {
    const more = stance === "conditional" && now?.stance !== stance ? " …" : "";
    return `<option value="${stance}"${now?.stance === stance ? " selected" : ""}>${escape(word("stance", stance))}${more}</option>`;
  });
  const hidden = (name: string, value: string | number): string => `<input type="hidden" name="${name}" value="${quoted(String(value))}">`;
  return (
    `<form class="row stance" method="post" action="/drafts/${desk.draft}/positions">${hidden("csrf", desk.csrf)}${hidden("on", on)}${hidden("wording", wording)}` +
    (now?.earlier ? `<span class="tag warn">${escape(t("for an earlier wording"))}</span><button type="button" class="link" data-do="confirm">${escape(t("Confirm"))}</button>` : "") +
    `<label class="row"><span class="mute">${escape(t("You:"))}</span><select class="select" name="stance" autocomplete="off">` +
    `<option value="">${escape(none)}</option>${options.join("")}</select></label></form>`
  );
}

function act(view: ProposalView, desk: Desk): string {
  let out = "";
  if (desk.may.sponsor) {
    const joined = view.sponsors.some((one) => one.id === desk.party);
    const said = joined ? t("Leave the sponsors") : t("Join as a sponsor");
    const form = `/drafts/${desk.draft}/proposals/${view.id}/sponsor`;
    out += `<form method="post" action="${form}"><input type="hidden" name="csrf" value="${quoted(desk.csrf)}">`;
    out += `<button class="link" name="joins" value="${joined ? 0 : 1}">${escape(said)}</button></form>`;
  }
  const list = view.positions?.list ?? [];
  if (list.length) {
    out += `<details class="more who-says"><summary class="link">${escape(t("Who says what"))}</summary><dl>${who(list, desk.word)}</dl></details>`;
  } else if (Object.values(view.positions?.counts ?? {}).some((count) => count > 0)) {
    out += `<a class="link" href="/drafts/${desk.draft}/positions?on=${view.id}">${escape(t("Who says what"))}</a>`;
  }
  const open = desk.may.decide ? t("Decide") : desk.may.own && view.stale ? t("Review") : t("Open");
  return `${out}<a class="link" href="/drafts/${desk.draft}/proposals/${view.id}">${escape(open)}</a>`;
}

function who(list: readonly Said[], word: Desk["word"]): string {
  return ORDER.map((stance) => {
    const those = list.filter((one) => one.stance === stance);
    const names = those.map((one) => {
      const through = one.by ? ` <span class="mute">${escape(t("through {party}", { party: one.by.name }))}</span>` : "";
      const earlier = one.earlier ? ` <span class="tag warn">${escape(t("for an earlier wording"))}</span>` : "";
      const note = one.note ? `: <span dir="auto">${escape(one.note)}</span>` : "";
      return `<span class="saying"><bdi>${escape(one.party.name)}</bdi>${through}${earlier}${note}</span>`;
    });
    return those.length ? `<div><dt>${sign(stance)}${escape(word("stance", stance))}</dt><dd>${names.join("")}</dd></div>` : "";
  }).join("");
}

/** For the inside of an attribute in double quotes. */
export function quoted(text: string): string {
  return escape(text).replaceAll('"', "&quot;");
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A moment as an element. */
export function timeHtml(ms: number): string {
  return `<time datetime="${iso(ms)}">${escape(moment(ms))}</time>`;
}
