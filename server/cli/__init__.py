"""The command ``adref``: running the server, and what its operator does on the database.

Whoever runs it has the database in hand, so most commands act as the operator and ask nobody. Where one acts for a
person (``--as EMAIL``) it goes through the desk and asks the access table as every other door does.

Exit codes: 0 done; 1 the texts differ (``compare``), something is left for a person (``merge``) or a fault was found
(``verify``); 2 not understood or refused, and nothing was changed.
"""

import sys

import typer

from drafts.errors import Refusal
from server.cli import (
    between,
    brackets,
    comments,
    compilation,
    database,
    forums,
    merge,
    people,
    positions,
    proposals,
    serve,
    silence,
    texts,
)
from server.cli.frame import complain

app = typer.Typer(
    name="adref",
    help="Drafts of norms and confidence-building measures, edited together.",
    epilog="Exit codes: 0 done; 1 different (compare), left open (merge) or faulty (verify); 2 refused.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve.serve)
app.command("demo")(serve.demo)
app.command("import")(texts.bring)
app.command("export")(texts.export)
app.command("compare")(texts.compare)
app.command("concordance")(between.concordance)
app.command("removed")(between.removed)
app.command("compendium")(comments.compendium)
app.command("compilation")(compilation.compilation)
app.command("merge")(merge.merge)
app.command("verify")(database.verify)
app.command("stage")(positions.stage)
app.add_typer(brackets.app, name="brackets")
app.add_typer(comments.app, name="comments")
app.add_typer(positions.app, name="positions")
app.add_typer(proposals.app, name="proposals")
app.add_typer(people.users, name="user")
app.add_typer(forums.app, name="forum")
app.add_typer(people.tokens, name="token")
app.add_typer(silence.app, name="silence")
app.add_typer(database.app, name="db")


def main() -> None:
    """Run the command line. Refusals and mistakes become one sentence on stderr, never a traceback."""
    try:
        app()  # ends with SystemExit; of wrong usage typer tells itself, with 2
    except Refusal as refusal:
        complain(str(refusal))
        sys.exit(2)
