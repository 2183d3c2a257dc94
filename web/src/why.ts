// The rule that stands in the way of editing a clause, in words.

import { t } from "./i18n";
import type { Session } from "./session";
import { locks } from "./sheet";

/** Why a clause cannot be edited by this person now; null when it can. */
export function whyNot(session: Session, id: string): string | null {
  const clause = session.replica.clause(id);
  if (!clause || clause.gone) return t("This clause was deleted.");
  if (locks(clause.state)) return t("The clause was agreed ad ref; it has to be re-opened before it can change.");
  if (session.mayEdit) return null;
  if (session.single) return t("These words are not yours to change here; you can comment on them.");
  if (session.data.you.role === "observer") return t("Observers read and comment; delegations edit the text.");
  return frozenSays(session.replica.stage) ?? t("The chair has the pen: only the chair and the secretariat edit the text now.");
}

/** What the stage says against edits, for everybody (drafts/access.py); null where it says nothing. */
function frozenSays(stage: string): string | null {
  if (stage === "preparation") return t("The text is being prepared by the chair and the secretariat.");
  if (stage === "consultation") return t("The text is open for comments; the chair and the secretariat edit it.");
  if (stage === "first_reading") return t("The first reading is for general comments; edits come in the second.");
  if (stage === "silence") return t("The text is frozen: a silence procedure runs.");
  if (stage === "adopted") return t("The text is adopted and does not change any more.");
  if (stage === "withdrawn") return t("The text was withdrawn and does not change any more.");
  return null;
}
