"""``adref forum``: setting up a forum and its first chair."""

from typing import Annotated

import typer

from drafts.desk import forums, invitations
from drafts.errors import NotFound
from drafts.model import Forum, Group, Level, Member, Openness, Party, Role
from drafts.store import Store
from server.cli.frame import forum, on_database, out, person, settings, table
from server.cli.serve import address

app = typer.Typer(help="Forums, their parties and members.", no_args_is_help=True)
Named = Annotated[str, typer.Argument(help="The forum's id or its whole name.")]
By = Annotated[str, typer.Option("--as", help="E-mail address of the chair or secretariat who says so.")]
Code = Annotated[str, typer.Option("--party", help="The party's code, such as NVL.")]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What the body is called.")],
    level: Annotated[Level, typer.Option(help="How far it reaches.")] = Level.REGIONAL,
) -> None:
    """Add a forum. Then: adref forum party, adref forum invite."""

    async def work(store: Store) -> Forum:
        return await forums.create(store, name, level.value)

    made = on_database(work, make=True)
    out.print(f"{made.id}  {made.name}", markup=False)


@app.command("list")
def every() -> None:
    """List all forums."""

    async def work(store: Store) -> list[tuple[Forum, list[Member]]]:
        return await forums.every(store)

    shown = table("id", "name", "level", "members")
    for one, members in on_database(work):
        shown.add_row(one.id, one.name, one.level.value, str(len(members)))
    out.print(shown)


@app.command("party")
def party(
    named: Named,
    name: Annotated[str, typer.Argument(help="The party's name.")],
    code: Annotated[str, typer.Option(help="Its seat code, 2 to 6 letters.")],
    group: Annotated[Group, typer.Option(help="Its stakeholder group.")] = Group.GOVERNMENT,
) -> None:
    """Add a party to a forum."""

    async def work(store: Store) -> Party:
        return await forums.found_party(store, (await forum(store, named)).id, name, code, group.value)

    made = on_database(work)
    out.print(f"{made.code}  {made.name}", markup=False)


@app.command("invite")
def invite(
    named: Named,
    code: Code,
    role: Annotated[Role, typer.Option(help="What the person will be.")] = Role.CHAIR,
    days: Annotated[int, typer.Option(help="For how many days the link may be used.")] = 14,
) -> None:
    """Print a link that makes one person a member, once. The chair invites the others from the forum's page."""

    async def work(store: Store) -> str:
        where = await forum(store, named)
        return (await invitations.issue(store, where.id, (await _party(store, where, code)).id, role.value, days))[1]

    out.print(f"{address(settings())}/join/{on_database(work)}", markup=False)


@app.command("member")
def member(
    named: Named,
    email: Annotated[str, typer.Argument(help="The person's e-mail address.")],
    code: Code,
    role: Annotated[Role, typer.Option(help="What the person does there.")] = Role.DELEGATE,
) -> None:
    """Put a person who has an account into a forum."""

    async def work(store: Store) -> Member:
        where, one = await forum(store, named), await person(store, email)
        seat = await _party(store, where, code)
        return await forums.seat(
            store, where.id, one.id, party=seat.name, code=seat.code, group=seat.group.value, role=role.value
        )

    made = on_database(work)
    out.print(f"{made.person_name}: {made.role.value} for {made.party.name}", markup=False)


@app.command("group")
def group(
    named: Named,
    code: Code,
    by: By,
    others: Annotated[list[str] | None, typer.Option("--for", help="Code of a party that it speaks for.")] = None,
) -> None:
    """Say for which parties a party speaks; without --for: for itself alone."""

    async def work(store: Store) -> tuple[Party, list[Party]]:
        where, one = await forum(store, named), await person(store, by)
        speaker = await _party(store, where, code)
        for_them = [await _party(store, where, other) for other in others or ()]
        await forums.align(store, one.id, where.id, speaker.id, [party.id for party in for_them])
        return speaker, for_them

    speaker, for_them = on_database(work)
    told = ", ".join(sorted(party.code for party in for_them)) or "itself alone"
    out.print(f"{speaker.code} speaks for {told}", markup=False)


@app.command("rules")
def rules(
    named: Named,
    by: By,
    minimum: Annotated[int, typer.Option("--silence", help="Minutes that a silence procedure takes at least.")],
    breaks: Annotated[
        Openness | None, typer.Option(help="Who sees which party broke a silence; else as it is.")
    ] = None,
) -> None:
    """Set how long a silence procedure takes at least, and who sees who broke one."""

    async def work(store: Store) -> Forum:
        where, one = await forum(store, named), await person(store, by)
        return await forums.set_rules(store, one.id, where.id, forums.Rules(minimum * 60, breaks and breaks.value))

    made = on_database(work)
    out.print(f"{made.name}: {made.silence_minimum // 60} minutes, {made.breaks.value}", markup=False)


@app.command("consulting")
def consulting(
    named: Named,
    by: By,
    public: Annotated[bool | None, typer.Option(help="Consultations can be read without an account.")] = None,
    accredits: Annotated[bool | None, typer.Option(help="Organisations can apply to be heard.")] = None,
    non_objection: Annotated[
        int | None, typer.Option(help="Hours in which delegations may object to an admission; 0: none.")
    ] = None,
    pseudonyms: Annotated[bool | None, typer.Option(help="Comments can be made under another name.")] = None,
    retention: Annotated[
        int | None, typer.Option(help="Days after which contacts and unsent comments are forgotten; 0: kept.")
    ] = None,
) -> None:
    """Set how a forum consults; what is not named stays as it is."""
    rules = forums.Rules(
        public=public,
        accredits=accredits,
        non_objection=None if non_objection is None else non_objection * 3600,
        pseudonyms=pseudonyms,
        retention=retention,
    )

    async def work(store: Store) -> Forum:
        where, one = await forum(store, named), await person(store, by)
        return await forums.set_rules(store, one.id, where.id, rules)

    made = on_database(work)
    shown = table("rule", "value")
    shown.add_row("public", _yes(made.public))
    shown.add_row("accredits", _yes(made.accredits))
    shown.add_row("non-objection", f"{made.non_objection // 3600} hours" if made.non_objection else "none")
    shown.add_row("pseudonyms", _yes(made.pseudonyms))
    shown.add_row("retention", f"{made.retention} days" if made.retention else "kept")
    out.print(shown)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


async def _party(store: Store, where: Forum, code: str) -> Party:
    async with store.read() as q:
        found = await q.forums.party(where.id, code=code.upper())
    if found is None:
        raise NotFound("no_party", "The forum has no party {code}. Add it: adref forum party", code=code)
    return found
