"""``adref user`` and ``adref token``."""

import getpass
import sys
from typing import Annotated

import typer

from drafts.desk import people
from drafts.errors import Invalid
from drafts.model import Person, Token
from drafts.store import Store
from server import auth
from server.cli.frame import on_database, out, person, table

users = typer.Typer(help="People who can sign in.", no_args_is_help=True)
tokens = typer.Typer(help="Secrets for programs that act as a person.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
Piped = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@users.command("add")
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="The name that others see.")],
    language: Annotated[str, typer.Option(help="Language of the pages, such as en, ar, es, fr.")] = "en",
    *,
    piped: Piped = False,
) -> None:
    """Add a person, with a password. `adref forum member` puts them into a forum."""
    password = _password(piped=piped)

    async def work(store: Store) -> Person:
        return await people.create(store, name, email, await auth.hash_password(password), language)

    made = on_database(work, make=True)
    out.print(f"{made.name} <{made.email}> can sign in.", markup=False)


@users.command("list")
def every() -> None:
    """List everybody with their forums."""

    async def work(store: Store) -> list[tuple[Person, str]]:
        found = []
        async with store.read() as q:
            for one in await q.people.all():
                seats = await q.forums.of_person(one.id)
                found.append((one, ", ".join(f"{m.party.code} {m.role.value} ({f.name})" for f, m in seats)))
        return found

    shown = table("name", "address", "seats")
    for one, seats in on_database(work):
        shown.add_row(one.name, one.email, seats)
    out.print(shown)


@users.command("password")
def password(email: Email, *, piped: Piped = False) -> None:
    """Give a person another password, and end their sessions."""
    wanted = _password(piped=piped)

    async def work(store: Store) -> None:
        one = await person(store, email)
        await people.set_password_hash(store, one.id, await auth.hash_password(wanted))
        await people.close_all_sessions(store, one.id)

    on_database(work)
    out.print("Done. They are signed out everywhere.")


def _password(*, piped: bool) -> str:
    """A password that is long enough. Raises Invalid."""
    if piped:
        wanted = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        wanted = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != wanted:
            raise Invalid("password_differs", "The two passwords differ. Nothing was changed.")
    else:
        raise Invalid("no_password", "There is no terminal to ask for a password. Use --password-stdin.")
    if not auth.MIN_PASSWORD <= len(wanted) <= auth.MAX_PASSWORD:
        raise Invalid(
            "bad_password",
            "A password has {least} to {most} characters.",
            least=auth.MIN_PASSWORD,
            most=auth.MAX_PASSWORD,
        )
    return wanted


@tokens.command("make")
def make(
    email: Email,
    name: Annotated[str, typer.Argument(help="What it is for.")],
    days: Annotated[int | None, typer.Option(help="It ends after so many days; else when it is revoked.")] = None,
) -> None:
    """Make a token and print it, once. A program sends it in the header Authorization, after the word Bearer."""

    async def work(store: Store) -> str:
        return await people.make_token(store, (await person(store, email)).id, name, days)

    out.print(on_database(work), markup=False)


@tokens.command("list")
def list_tokens(email: Email) -> None:
    """List a person's tokens (not their secrets)."""

    async def work(store: Store) -> list[Token]:
        return await people.tokens(store, (await person(store, email)).id)

    shown = table("id", "name", "made", "used", "ends")
    for one in on_database(work):
        times = [f"{at:%Y-%m-%d}" if at else "-" for at in (one.created_at, one.used_at, one.expires_at)]
        shown.add_row(one.id, one.name, *times)
    out.print(shown)


@tokens.command("revoke")
def revoke(
    email: Email, token: Annotated[str, typer.Argument(help="The token's id, from `adref token list`.")]
) -> None:
    """End a token."""

    async def work(store: Store) -> None:
        await people.revoke_token(store, (await person(store, email)).id, token)

    on_database(work)
    out.print("Revoked.")
