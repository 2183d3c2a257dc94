// CodeMirror's style rules under `style-src 'self'`: style-mod adopts a constructed sheet only inside shadow roots and writes a
// <style> element, which the policy forbids, into a document. Sharing a shadow root's set with the document before the first
// view makes it adopt the sheet there too. (A browser test fails on any violation of the policy.)

import { StyleModule } from "style-mod";

export function adoptStyles(): void {
  const shadow = document.createElement("div").attachShadow({ mode: "open" });
  StyleModule.mount(shadow, []);
  for (const key of Object.getOwnPropertySymbols(shadow)) {
    const set: unknown = Reflect.get(shadow, key);
    if (key.description === "styleSet") Reflect.set(document, key, set);
  }
}
