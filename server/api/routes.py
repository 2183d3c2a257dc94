"""Every door of the API, in one table. ``ROUTES`` is what the application takes."""

from typing import Final

from starlette.routing import Route

from drafts.outside import Report
from server import exports
from server.api import brackets, drafts, edits, floor, forums, openapi, record, threads, versions
from server.api import schema as s
from server.api import schema_brackets as b
from server.api import schema_floor as sf
from server.api.door import Door, Query, endpoint, nowhere

V1: Final = "/api/v1"
_OLD_AND_NEW = (Query("old", "Number of a version, or live.", "1"), Query("new", "Likewise.", "live"))
_SINCE = Query("since", "Number of a version; 0: the text as brought in; left out: the last version.")

DOORS: Final[tuple[Door, ...]] = (
    Door("GET", "/me", forums.me, "Who you are", s.Person),
    Door("GET", "/forums", forums.mine, "Your forums", list[s.Forum]),
    Door("GET", "/forums/{forum}", forums.one, "A forum", s.Forum),
    Door("GET", "/forums/{forum}/people", forums.people, "Parties and members of a forum", s.ForumPeople),
    Door("POST", "/forums/{forum}/parties", forums.add_party, "Add a party", s.Party, s.PartyIn, 201,
         example={"name": "Meridonia", "code": "MRD", "group": "government"}),
    Door("PUT", "/forums/{forum}/rules", forums.set_rules, "Set a forum's rules", s.Forum, s.RulesIn,
         example={"silence_minimum": 1800, "breaks": "delegations"}),
    Door("PUT", "/forums/{forum}/parties/{party}/speaks-for", forums.set_group, "Say for which parties a party speaks",
         s.ForumPeople, s.SpeaksForIn, example={"parties": []}),
    Door("PUT", "/forums/{forum}/members/{person}", forums.set_member, "Give a member another party or role",
         s.Member, s.SeatIn, example={"party": "{party}", "role": "delegate"}),
    Door("DELETE", "/forums/{forum}/members/{person}", forums.remove_member, "Take a member out of a forum", None,
         status=204),
    Door("GET", "/forums/{forum}/invitations", forums.open_invitations, "Open invitations", list[s.Invitation]),
    Door("POST", "/forums/{forum}/invitations", forums.invite, "Invite somebody by a link", s.NewInvitation,
         s.InvitationIn, 201, example={"party": "{party}", "role": "delegate", "days": 7}),
    Door("DELETE", "/forums/{forum}/invitations/{invitation}", forums.revoke_invitation, "Revoke an invitation", None,
         status=204),
    Door("GET", "/forums/{forum}/drafts", drafts.of_forum, "Drafts of a forum", list[s.Draft]),
    Door("POST", "/forums/{forum}/drafts", drafts.create, "Bring a text", s.DraftText, s.DraftIn, 201,
         example={
             "title": "Answers within a day",
             "symbol": "SIM/L.9",
             "text": "*Recalling* earlier meetings,\n\n1. *Invites* States to answer within [one day] [two days].",
         }),
    Door("GET", "/drafts/{draft}", drafts.one, "A draft with its clauses", s.DraftText),
    Door("PATCH", "/drafts/{draft}", drafts.set_facts, "Set title, symbol, mode, stage, or who reads what", s.Done,
         s.DraftSet, example={"mode": "open", "observers": True}),
    Door("PUT", "/drafts/{draft}/clauses/{clause}", drafts.edit_clause, "Edit the text of a clause", s.Done, s.TextIn,
         example={"number": 0, "text": "Good neighbours", "op": "rename-heading-1"}),
    Door("POST", "/drafts/{draft}/edits", edits.bring, "Merge a text made from an earlier one", Report, s.EditsIn,
         example={
             "op": "my-first-edits",
             "base": {"seq": 1},
             "clauses": [{"id": "{clause}", "text": "Preamble of good neighbours"}],
         }),
    Door("GET", "/drafts/{draft}/edits/{edits}", edits.report, "What a merge came to", Report),
    Door("POST", "/drafts/{draft}/commands", drafts.command,
         "Insert, split, join, move, delete, mark clauses; take a position", s.Done, drafts.COMMAND,
         example={"t": "insert", "op": "my-first-insert", "after": None, "kind": "chapeau", "texts": ["We have met,"]}),
    Door("GET", "/drafts/{draft}/acts", drafts.acts, "The log: who did what, in order", s.Acts,
         queries=(Query("after", "Acts with a greater number.", "0"), Query("limit", "At most so many.", "200"))),
    Door("GET", "/drafts/{draft}/redline", drafts.redline, "Who inserted and deleted which words", s.Redline,
         queries=(_SINCE,)),
    Door("GET", "/drafts/{draft}/floor", floor.whole, "What lies on the table: proposals, positions, states, stage",
         sf.FloorOf),
    Door("GET", "/drafts/{draft}/brackets", brackets.every, "Brackets: where, of what kind, whose and why", b.Brackets),
    Door("POST", "/drafts/{draft}/brackets", brackets.put, "Put words in brackets, or say whose a bracket is", s.Done,
         b.BracketIn, 201,
         example={"clause": "{bracketed}", "number": 0, "start": 0, "end": 4, "reason": "awaiting_instructions"}),
    Door("POST", "/drafts/{draft}/brackets/lift", brackets.lift, "Lift a bracket", s.Done, b.LiftIn,
         example={"clause": "{bracketed}", "number": 1, "at": 0}),
    Door("GET", "/drafts/{draft}/brackets/burndown", brackets.burndown, "Open brackets by version and by day",
         b.Burndown),
    Door("GET", "/drafts/{draft}/versions", versions.every, "Issued versions", list[s.Version]),
    Door("POST", "/drafts/{draft}/versions", versions.issue, "Issue the live text as a version", s.Done, s.IssueIn, 201,
         example={"label": "Rev.9", "symbol": "SIM/L.9/Rev.9", "note": "After the second reading."}),
    Door("GET", "/drafts/{draft}/versions/{number}", versions.one, "A version and its canonical JSON", s.VersionText),
    Door("GET", "/drafts/{draft}/compare", record.compare, "The same as comparison, by its older name",
         s.AttributedComparison, queries=_OLD_AND_NEW),
    Door("GET", "/drafts/{draft}/comparison", record.comparison, "Two texts side by side, with who changed what",
         s.AttributedComparison, queries=_OLD_AND_NEW),
    Door("GET", "/drafts/{draft}/concordance", record.concordance, "Old and new label of every clause",
         list[s.ConcordanceEntry], queries=_OLD_AND_NEW),
    Door("GET", "/drafts/{draft}/removed", record.removed, "Every removal between two texts, with who did it",
         list[s.Removal], queries=_OLD_AND_NEW),
    Door("GET", "/drafts/{draft}/export", versions.export, "A text as a file", bytes,
         queries=(Query("version", "Number of a version, or live.", "live"),
                  Query("format", "md, html, json, docx or pdf.", "md"),
                  Query("since", "docx, pdf, html: number of an earlier version; the changes since are tracked."),
                  Query("comments", "docx, pdf: 1 for the comments that you may see.", "0"),
                  Query("lines", "docx, pdf: 1 for line numbers.", "0"),
                  Query("brackets", "lifted or struck: as if all brackets, or all bracketed text, were gone.")),
         media_types=tuple(one.media_type.partition(";")[0] for one in exports.FORMATS)),
    Door("GET", "/drafts/{draft}/threads", threads.every, "Comment threads that you may see", list[s.Thread]),
    Door("POST", "/drafts/{draft}/threads", threads.open_one, "Open a comment thread", s.Thread, s.ThreadIn, 201,
         example={"place": "clause", "clause": "{clause}", "body": "Could this be shorter?"}),
    Door("GET", "/threads/{thread}", threads.one, "A comment thread", s.Thread),
    Door("POST", "/threads/{thread}/comments", threads.reply, "Reply in a thread", s.Thread, s.CommentIn, 201,
         example={"body": "We can live with that."}),
    Door("POST", "/threads/{thread}/resolve", threads.resolve, "Mark a thread resolved", s.Thread),
    Door("POST", "/threads/{thread}/reopen", threads.reopen, "Mark a thread open again", s.Thread),
    Door("PUT", "/comments/{comment}", threads.edit, "Change your own comment", s.Thread, s.CommentIn,
         example={"body": "We could live with that."}),
)  # fmt: skip

ROUTES: Final[tuple[Route, ...]] = (
    Route("/api/openapi.json", openapi.endpoint(DOORS, V1), methods=["GET"]),
    *(Route(V1 + door.path, endpoint(door), methods=[door.method]) for door in DOORS),
    Route("/api/{rest:path}", nowhere, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
)
