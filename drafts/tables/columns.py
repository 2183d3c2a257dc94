"""The metadata that all tables belong to, and the columns that many have: ids, references, moments (UTC ms)."""

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, String

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def ident(name: str = "id", *, primary: bool = False) -> Column[str]:
    """An id, as ``model.new_id`` makes them."""
    return Column(name, String(32), primary_key=primary, nullable=False)


def ref(name: str, target: str, *, nullable: bool = False, primary: bool = False) -> Column[str]:
    """The id of a row of another table."""
    return Column(name, String(32), ForeignKey(target), nullable=nullable, primary_key=primary)


def ident_or_none(name: str) -> Column[str]:
    """An id that may be missing, and that no key is held to."""
    return Column(name, String(32), nullable=True)


def time(name: str, *, nullable: bool = False) -> Column[int]:
    """A moment: UTC milliseconds since 1970."""
    return Column(name, BigInteger, nullable=nullable)
