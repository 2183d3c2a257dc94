// What the scripts say, in the reader's language. A message's id is its English text; what a catalogue lacks stays English.

let catalogue: Readonly<Record<string, string>> = {};
let tag = "en";

/** Take the messages that came with the page. */
export function speak(messages: Readonly<Record<string, string>>, locale: string): void {
  catalogue = messages;
  tag = locale;
}

/** The message in the reader's language, its `{name}` places filled. */
export function t(message: string, params: Readonly<Record<string, string | number>> = {}): string {
  const text = catalogue[message] ?? message;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(params[name] ?? place));
}

/** Local time of day with seconds, such as 12:04:31. */
export function clock(ms: number): string {
  const format = new Intl.DateTimeFormat(`${tag}-u-nu-latn`, {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  return format.format(ms);
}

/** A date and time such as 24 Nov 2026, 12:04 UTC, as the server writes them. */
export function moment(ms: number): string {
  const day = new Intl.DateTimeFormat(dates(), { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });
  return `${day.format(ms)}, ${time.format(ms)} UTC`;
}

/** A date such as 24 Nov 2026. */
export function day(ms: number): string {
  return new Intl.DateTimeFormat(dates(), { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(ms);
}

function dates(): string {
  return tag === "en" ? "en-GB" : `${tag}-u-nu-latn`;
}

/** The moment to the second with its time zone, for titles. */
export function exact(ms: number): string {
  const format = new Intl.DateTimeFormat(`${tag}-u-nu-latn`, { dateStyle: "medium", timeStyle: "long", hourCycle: "h23" });
  return format.format(ms);
}
