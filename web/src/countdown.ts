// Moments in the reader's time zone, and how long it is until a deadline. Without scripts the page says them in UTC.
//
//   <span data-local="MS" data-say="{time} your time">       filled in, unless the reader's zone is UTC
//   <p data-deadline="MS" data-now="MS" data-hours="…" data-minutes="…" data-over="…">
//     <span class="clock"></span> <span></span> <span class="sr" aria-live="polite"></span>
//
// The clock ticks by the minute, by the second in the last hour. Screen readers are told four times only.

const SAID = [24 * 3600, 3600, 600, 60]; // seconds that are left when it is said aloud
const HOUR = 3600;

export const OVER = "adref:over"; // sent by an element whose deadline has come

/** Fill in what is marked below `root`, and keep it going. */
export function countDown(root: ParentNode): void {
  for (const place of root.querySelectorAll<HTMLElement>("[data-local]")) local(place);
  for (const place of root.querySelectorAll<HTMLElement>("[data-deadline]")) tick(place);
}

function local(place: HTMLElement): void {
  const at = Number(place.dataset["local"]);
  const language = document.documentElement.lang;
  const format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : `${language}-u-nu-latn`, {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
  });
  const zone = format.resolvedOptions().timeZone;
  if (zone === "UTC" || zone === "Etc/UTC") return;
  place.textContent = (place.dataset["say"] ?? "{time}").replace("{time}", format.format(at));
}

function tick(place: HTMLElement): void {
  const deadline = Number(place.dataset["deadline"]);
  const ahead = Number(place.dataset["now"]) - Date.now(); // of this machine's clock
  const [digits, words, aloud] = place.children;
  let before = Infinity;
  const show = (): void => {
    const left = Math.ceil((deadline - ahead - Date.now()) / 1000);
    if (!place.isConnected) window.clearInterval(timer);
    if (left <= 0) {
      window.clearInterval(timer);
      write(digits, "");
      write(words, place.dataset["over"] ?? "");
      place.dispatchEvent(new CustomEvent(OVER, { bubbles: true }));
      return;
    }
    const fine = left < HOUR;
    write(digits, fine ? pair(left) : pair(Math.ceil(left / 60)));
    write(words, (fine ? place.dataset["minutes"] : place.dataset["hours"]) ?? "");
    if (SAID.some((limit) => left <= limit && before > limit && before !== Infinity)) {
      write(aloud, `${digits?.textContent ?? ""} ${words?.textContent ?? ""}`);
    }
    before = left;
  };
  const timer = window.setInterval(show, 1000);
  show();
}

/** Of a count of minutes or seconds: 27:56. */
function pair(count: number): string {
  return `${Math.floor(count / 60)}:${String(count % 60).padStart(2, "0")}`;
}

function write(place: Element | undefined, text: string): void {
  if (place && place.textContent !== text) place.textContent = text;
}
