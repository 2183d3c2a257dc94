"""The server: one table of addresses, and what every request passes on its way there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route, WebSocketRoute

from drafts.errors import Refusal
from drafts.store import Store
from server import pace
from server.api.routes import ROUTES as API
from server.auth import Failures
from server.bundling import Bundling
from server.comparisons import Comparisons
from server.hub import Hub
from server.live import Live
from server.pages import (
    account,
    answers,
    applications,
    brackets,
    bring,
    bundles,
    chair,
    comment_text,
    comments,
    compare,
    compare_export,
    compendium,
    compilation,
    composing,
    contributions,
    entry,
    feeds,
    forums,
    home,
    importing,
    join,
    matrix,
    merges,
    moderation,
    notices,
    own,
    placed,
    positions,
    projector,
    proposals,
    proposals_own,
    proposals_tabled,
    record,
    removed,
    room,
    round_settings,
    rounds,
    sending,
    silence,
    summary,
    threads,
    versions,
    view,
)
from server.pages.forms import anyone, asked, told, told_by_anyone
from server.placements import Placements
from server.security import Guard, Headers, Squeeze
from server.settings import Settings
from server.static import Static
from server.workers import Workers


def routes(static: Static) -> list[BaseRoute]:
    """Every door. ``asked`` and ``told`` are for signed-in people, the desk asks what each may."""
    get, post = ["GET"], ["POST"]
    return [
        Route("/", asked(home.page), methods=get),
        Route("/sign-in", anyone(entry.sign_in_page), methods=get),
        Route("/sign-in", told_by_anyone(entry.sign_in), methods=post),
        Route("/sign-out", told(entry.sign_out), methods=post),
        Route("/sign-out-everywhere", told(entry.sign_out_everywhere), methods=post),
        Route("/demo/enter", told_by_anyone(entry.demo_enter), methods=post),
        Route("/language", told_by_anyone(entry.language), methods=post),
        Route("/join/{secret}", anyone(join.page), methods=get),
        Route("/join/{secret}", told_by_anyone(join.accept), methods=post),
        Route("/notices", asked(notices.page), methods=get),
        Route("/notices", told(notices.seen), methods=post),
        Route("/notices/{notice_id}", asked(notices.follow), methods=get),
        Route("/account", asked(account.page), methods=get),
        Route("/account/password", told(account.password), methods=post),
        Route("/account/digest", told(own.digest), methods=post),
        Route("/account/calendar", told(own.calendar), methods=post),
        Route("/account/export", asked(own.export), methods=get),
        Route("/account/erase", asked(own.erase_page), methods=get),
        Route("/account/erase", told(own.erase), methods=post),
        Route("/digest/stop/{key}", anyone(own.stop_page), methods=get),
        Route("/digest/stop/{key}", own.stop, methods=post),
        Route("/account/tokens", told(account.make_token), methods=post),
        Route("/account/tokens/{token_id}/revoke", told(account.revoke_token), methods=post),
        Route("/forums/{forum_id}", asked(forums.forum), methods=get),
        Route("/forums/{forum_id}/people", asked(forums.people_page), methods=get),
        Route("/forums/{forum_id}/people", told(forums.set_member), methods=post),
        Route("/forums/{forum_id}/parties", told(forums.add_party), methods=post),
        Route("/forums/{forum_id}/groups", told(forums.set_group), methods=post),
        Route("/forums/{forum_id}/rules", told(forums.set_rules), methods=post),
        Route("/forums/{forum_id}/invitations", told(forums.invite), methods=post),
        Route("/forums/{forum_id}/invitations/{invitation_id}/revoke", told(forums.revoke), methods=post),
        Route("/forums/{forum_id}/apply", anyone(applications.apply_page), methods=get),
        Route("/forums/{forum_id}/apply", told_by_anyone(applications.apply), methods=post),
        Route("/forums/{forum_id}/applications", asked(applications.listed), methods=get),
        Route("/forums/{forum_id}/applications/{application_id}/admit", told(applications.admit), methods=post),
        Route("/forums/{forum_id}/applications/{application_id}/refuse", told(applications.refuse), methods=post),
        Route("/forums/{forum_id}/applications/{application_id}/propose", told(applications.propose), methods=post),
        Route("/forums/{forum_id}/applications/{application_id}/object", told(applications.object_), methods=post),
        Route("/applications/{application_key}", anyone(applications.status), methods=get),
        Route("/applications/{application_key}/withdraw", told_by_anyone(applications.withdraw), methods=post),
        Route("/forums/{forum_id}/drafts/new", asked(bring.new), methods=get),
        Route("/forums/{forum_id}/drafts/preview", told(bring.preview), methods=post),
        Route("/forums/{forum_id}/drafts", told(bring.create), methods=post),
        Route("/drafts/{draft_id}", asked(room.page), methods=get),
        Route("/drafts/{draft_id}/settings", told(room.settings), methods=post),
        Route("/drafts/{draft_id}/lock", told(room.lock), methods=post),
        Route("/drafts/{draft_id}/brackets", asked(brackets.page), methods=get),
        Route("/drafts/{draft_id}/brackets", told(brackets.change), methods=post),
        Route("/drafts/{draft_id}/as-if", asked(brackets.as_if_page), methods=get),
        Route("/drafts/{draft_id}/positions", asked(positions.page), methods=get),
        Route("/drafts/{draft_id}/positions", told(positions.take), methods=post),
        Route("/drafts/{draft_id}/clauses/{clause_id}/status", told(positions.status), methods=post),
        Route("/drafts/{draft_id}/clauses/{clause_id}/object", told(positions.object_), methods=post),
        Route("/drafts/{draft_id}/versions", asked(versions.page), methods=get),
        Route("/drafts/{draft_id}/versions", told(versions.issue), methods=post),
        Route("/drafts/{draft_id}/versions/{number}", asked(versions.one), methods=get),
        Route("/drafts/{draft_id}/export", asked(versions.export), methods=get),
        Route("/drafts/{draft_id}/compare", asked(compare.page), methods=get),
        Route("/drafts/{draft_id}/compare/export", asked(compare_export.page), methods=get),
        Route("/drafts/{draft_id}/compare/progress", asked(compare.progress), methods=get),
        Route("/drafts/{draft_id}/compare/file", told(compare.bring), methods=post),
        Route("/drafts/{draft_id}/record", asked(record.page), methods=get),
        Route("/drafts/{draft_id}/removed", asked(removed.removed), methods=get),
        Route("/drafts/{draft_id}/concordance", asked(removed.concordance), methods=get),
        Route("/drafts/{draft_id}/merges/new", asked(merges.new), methods=get),
        Route("/drafts/{draft_id}/merges", told(merges.bring), methods=post),
        Route("/drafts/{draft_id}/merges/{brought_id}", asked(merges.page), methods=get),
        Route("/drafts/{draft_id}/merges/{brought_id}/base", told(merges.base), methods=post),
        Route("/drafts/{draft_id}/merges/{brought_id}/apply", told(merges.apply), methods=post),
        Route("/drafts/{draft_id}/merges/{brought_id}/settle", told(merges.settle), methods=post),
        Route("/drafts/{draft_id}/merges/{brought_id}/table", told(merges.table), methods=post),
        Route("/drafts/{draft_id}/merges/{brought_id}/discard", told(merges.discard), methods=post),
        Route("/drafts/{draft_id}/compilation", asked(compilation.page), methods=get),
        Route("/drafts/{draft_id}/compilation/export", asked(compilation.export), methods=get),
        Route("/drafts/{draft_id}/proposals", asked(proposals.page), methods=get),
        Route("/drafts/{draft_id}/proposals", told(proposals.begin), methods=post),
        Route("/drafts/{draft_id}/proposals/new", asked(proposals.new), methods=get),
        Route("/drafts/{draft_id}/proposals/{proposal_id}", asked(proposals.one), methods=get),
        Route("/drafts/{draft_id}/proposals/{proposal_id}/accept", told(proposals_tabled.accept), methods=post),
        Route("/drafts/{draft_id}/proposals/{proposal_id}/offer", told(proposals_tabled.offer), methods=post),
        Route("/drafts/{draft_id}/proposals/{proposal_id}/answer", told(proposals_tabled.answer), methods=post),
        Route("/drafts/{draft_id}/proposals/{proposal_id}/not-retain", told(proposals_tabled.not_retain), methods=post),
        Route("/drafts/{draft_id}/proposals/{proposal_id}/sponsor", told(proposals_tabled.sponsor), methods=post),
        Route("/drafts/{draft_id}/proposals/{proposal_id}/review", told(proposals_tabled.review), methods=post),
        Route("/drafts/{draft_id}/proposals/{proposal_id}/withdraw", told(proposals_tabled.withdraw), methods=post),
        Route("/proposals/{proposal_id}", asked(proposals_own.page), methods=get),
        Route("/proposals/{proposal_id}/share", told(proposals_own.share), methods=post),
        Route("/proposals/{proposal_id}/reason", told(proposals_own.describe), methods=post),
        Route("/proposals/{proposal_id}/table", told(proposals_own.table), methods=post),
        Route("/proposals/{proposal_id}/reword", told(proposals_own.reword), methods=post),
        Route("/proposals/{proposal_id}/take-in", told(proposals_own.take_in), methods=post),
        Route("/proposals/{proposal_id}/pledge", told(proposals_own.pledge), methods=post),
        Route("/proposals/{proposal_id}/discard", told(proposals_own.discard), methods=post),
        Route("/proposals/{proposal_id}/withdraw", told(proposals_own.withdraw), methods=post),
        Route("/drafts/{draft_id}/desk", asked(chair.page), methods=get),
        Route("/drafts/{draft_id}/projector", asked(projector.page), methods=get),
        Route("/drafts/{draft_id}/projector", told(projector.show), methods=post),
        Route("/drafts/{draft_id}/threads", told(threads.start), methods=post),
        Route("/threads/{thread_id}/reply", told(threads.reply), methods=post),
        Route("/threads/{thread_id}/resolve", told(threads.resolve), methods=post),
        Route("/threads/{thread_id}/reopen", told(threads.reopen), methods=post),
        Route("/comments/{comment_id}/edit", told(threads.edit), methods=post),
        Route("/drafts/{draft_id}/silence", asked(silence.page), methods=get),
        Route("/drafts/{draft_id}/silence/start", told(silence.start), methods=post),
        Route("/drafts/{draft_id}/silence/break", told(silence.break_it), methods=post),
        Route("/drafts/{draft_id}/silence/cancel", told(silence.cancel), methods=post),
        Route("/drafts/{draft_id}/silence/explain", told(silence.explain), methods=post),
        Route("/drafts/{draft_id}/silence/{procedure_id}/certificate", asked(silence.certificate), methods=get),
        Route("/consultations", anyone(rounds.listed), methods=get),
        Route("/consultations/{round_id}", anyone(comment_text.page), methods=get),
        Route("/consultations/{round_id}/composer", asked(composing.fragment), methods=get),
        Route("/consultations/{round_id}/remarks", told(sending.send), methods=post),
        Route("/consultations/{round_id}/drafts", told(sending.handed), methods=post),
        Route("/consultations/{round_id}/together", told(sending.told_together), methods=post),
        Route("/consultations/{round_id}/difference", told(sending.compared), methods=post),
        Route("/consultations/{round_id}/mine", asked(comments.mine), methods=get),
        Route("/consultations/{round_id}/comments", anyone(comments.listed), methods=get),
        Route("/consultations/{round_id}/comments/{number:int}", anyone(comments.one), methods=get),
        Route("/consultations/{round_id}/comments/{number:int}/change", told(comments.change), methods=post),
        Route("/consultations/{round_id}/comments/{number:int}/withdraw", told(comments.withdraw), methods=post),
        Route("/consultations/{round_id}/comments/{number:int}/replies", told(comments.reply), methods=post),
        Route("/consultations/{round_id}/settings", asked(round_settings.settings), methods=get),
        Route("/consultations/{round_id}/settings", told(round_settings.change), methods=post),
        Route("/consultations/{round_id}/announce", told(round_settings.announce), methods=post),
        Route("/consultations/{round_id}/extend", told(round_settings.extend), methods=post),
        Route("/consultations/{round_id}/close", told(round_settings.close), methods=post),
        Route("/consultations/{round_id}/late", told(round_settings.late), methods=post),
        Route("/drafts/{draft_id}/consultations", asked(rounds.of_draft), methods=get),
        Route("/drafts/{draft_id}/consultations", told(round_settings.create), methods=post),
        Route("/drafts/{draft_id}/consultations/new", asked(round_settings.new), methods=get),
        Route("/consultations/{round_id}/versions/{number:int}", anyone(placed.page), methods=get),
        Route("/consultations/{round_id}/versions/{number:int}/place", told(placed.place), methods=post),
        Route("/consultations/{round_id}/versions/{number:int}/undo", told(placed.undo), methods=post),
        Route("/consultations/{round_id}/versions/{number:int}/again", told(placed.again), methods=post),
        Route("/consultations/{round_id}/summary", anyone(summary.page), methods=get),
        Route("/consultations/{round_id}/matrix", anyone(matrix.page), methods=get),
        Route("/consultations/{round_id}/matrix", told(answers.answer), methods=post),
        Route("/consultations/{round_id}/matrix/take-back", told(answers.take_back), methods=post),
        Route("/consultations/{round_id}/matrix/publish", asked(answers.preview), methods=get),
        Route("/consultations/{round_id}/matrix/publish", told(answers.publish), methods=post),
        Route("/consultations/{round_id}/matrix/progress", anyone(matrix.progress), methods=get),
        Route("/consultations/{round_id}/counts", anyone(summary.counts), methods=get),
        Route("/consultations/{round_id}/deadlines.ics", anyone(feeds.of_round), methods=get),
        Route("/calendar/{secret}.ics", feeds.of_person, methods=get),
        Route("/drafts/{draft_id}/feed.atom", anyone(feeds.atom), methods=get),
        Route("/consultations/{round_id}/bundles", anyone(bundles.listed), methods=get),
        Route("/consultations/{round_id}/bundles", told(bundles.look), methods=post),
        Route("/consultations/{round_id}/bundles/together", told(bundles.together), methods=post),
        Route("/consultations/{round_id}/bundles/{bundle_id}", anyone(bundles.one), methods=get),
        Route("/consultations/{round_id}/bundles/{bundle_id}", told(bundles.change), methods=post),
        Route("/consultations/{round_id}/moderation", asked(moderation.page), methods=get),
        Route("/consultations/{round_id}/moderation", told(moderation.act), methods=post),
        Route("/consultations/{round_id}/comments/{number:int}/report", told(moderation.report), methods=post),
        Route("/consultations/{round_id}/contributions", asked(contributions.page), methods=get),
        Route("/consultations/{round_id}/contributions", told(contributions.send), methods=post),
        Route("/consultations/{round_id}/contributions/{contribution_id}", asked(contributions.one), methods=get),
        Route("/consultations/{round_id}/contributions/{contribution_id}", told(contributions.split), methods=post),
        Route("/consultations/{round_id}/contributions/{contribution_id}/file", asked(contributions.file), methods=get),
        Route("/consultations/{round_id}/import", asked(importing.new), methods=get),
        Route("/consultations/{round_id}/import", told(importing.bring), methods=post),
        Route("/consultations/{round_id}/compendium", anyone(compendium.page), methods=get),
        Route("/consultations/{round_id}/compendium.{form}", anyone(compendium.file), methods=get),
        WebSocketRoute("/ws/drafts/{draft_id}", Live()),
        Route("/static/{hash}/{path:path}", static.answer, methods=get),
        *API,
    ]


def create(settings: Settings) -> Starlette:
    """The application. Its lifespan opens the store, the hub, the workers and what they compare
    (``app.state.store``, ``.hub``, ``.workers``, ``.comparisons``)."""
    static = Static()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with (
            Workers() as workers,
            Comparisons(workers) as comparisons,
            Store.open(settings.database_url, paced=settings.rate_limits) as store,
            Hub(store, smtp=settings.smtp, site=settings.site) as hub,
            Placements(store, workers) as placements,
            Bundling(store, settings.database_url, workers) as app.state.bundling,
        ):
            app.state.store, app.state.hub, app.state.placements = store, hub, placements
            app.state.workers, app.state.comparisons = workers, comparisons
            yield

    app = Starlette(
        routes=routes(static),
        middleware=[
            Middleware(Headers),
            Middleware(Squeeze),
            Middleware(Guard, settings=settings, answer=view.answer),
        ],
        exception_handlers={Refusal: view.on_refusal, HTTPException: view.on_http, Exception: view.on_error},
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.static = static
    app.state.failures = Failures()
    app.state.sending = pace.make()
    return app
