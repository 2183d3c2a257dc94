// What was not done, and why, in words for the person.

import { t } from "./i18n";

/** A command was not done. `message` is for the person. */
export class NotDone extends Error {
  constructor(
    readonly key: string,
    message: string,
  ) {
    super(message);
  }
}

export function signedOut(): string {
  return t("You are signed out. Sign in again; what you typed is kept on this device.");
}

export function notOpen(): string {
  return t("This draft is not open to you any more.");
}

export function offline(): NotDone {
  return new NotDone("offline", t("This needs the connection. Nothing is lost: try again when the line is back."));
}
