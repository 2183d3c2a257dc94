"""The certificate of how a silence procedure ended, as a file for print, in the reader's language."""

import re

from drafts.desk.floor import View
from drafts.desk.silence import Certificate
from drafts.exchange import certificate
from drafts.exchange.certificate import Sheet
from drafts.exchange.pdf import NOTE_PAGE
from server.i18n import Tongue
from server.words import word


def filename(found: Certificate) -> str:
    """A name without an ending that every file system and header takes."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{found.symbol or found.title}-{found.procedure['label']}-certificate")
    return name.strip("-.") or "certificate"


def printed(found: Certificate, tongue: Tongue) -> bytes:
    """As a PDF. Raises Invalid ``print_script`` for a text in a script that the fonts lack."""
    _, told = tongue._, found.procedure
    facts = [
        (_("Outcome"), _(word(told["outcome"], "outcome"))),
        (_("Text"), " · ".join(part for part in (found.title, found.symbol, told["label"]) if part)),
        ("SHA-256", told["hash"]),
        (_("Started"), f"{tongue.minute(told['started_at'])}, {told['party']['name']}"),
        (_("Deadline"), tongue.minute(told["deadline"])),
        (
            _("Recorded"),
            tongue.minute(told["ended_at"]) + (f" ({_('the server was not running')})" if found.late else ""),
        ),
        (_("Reason"), told["reason"]),
        (_("Act in the record"), f"{found.act} · {found.proof}" if found.act else ""),
        (_("Parties"), ", ".join(party.name for party in found.parties)),
    ]
    parts = []
    if told["breaks"]:
        parts.append((_("The silence was broken by"), [_broken(one, found, tongue) for one in told["breaks"]]))
    if found.explanations:
        said = [(one["party"]["name"], tongue.minute(one["at"]), one["text"]) for one in found.explanations]
        parts.append((_("Explanations of position"), said))
    heading = _("Certificate of a silence procedure")
    known = [fact for fact in facts if fact[1]]
    return certificate.write(Sheet(tongue.language, heading, found.forum.name, known, parts, _(NOTE_PAGE)))


def _broken(one: View, found: Certificate, tongue: Tongue) -> tuple[str, str, str]:
    party, clauses = one["party"], one["clauses"]
    names = ", ".join(found.labels.get(clause, "–") for clause in clauses)
    return party["name"], " · ".join(part for part in (tongue.minute(one["at"]), names) if part), one["reason"]
