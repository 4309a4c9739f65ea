"""Rows in bulk: thousands of one table at once, past what SQLAlchemy does for each row by itself."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from storage.engine.database import Base, insert_ignore

Column = Collection[Any]


def insert_rows(session: Session, row: type[Base], names: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Insert rows that are not there yet, by the table's own constraints; each gives a value for each of the columns.

    As `insert_missing`, without its count. Columns that Python would fill in by itself have to be among `names`.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return
    session.flush()  # what the rows refer to may only have been added
    table, dialect = Base.metadata.tables[row.__tablename__], session.get_bind().dialect
    statement = insert_ignore(session, row).compile(dialect=dialect, column_keys=list(names))
    assert not statement.insert_prefetch, f"{row.__tablename__}: {statement.insert_prefetch} are not given"
    kept = {
        name: _as_kept(column, table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name, column in zip(names, columns, strict=True)
    }
    values: list[Any] = list(zip(*(kept[name] for name in statement.positiontup or names), strict=True))
    if not statement.positional:
        values = [dict(zip(names, value, strict=True)) for value in values]
    session.connection().exec_driver_sql(str(statement), values)


def _as_kept(column: Column, process: Callable[[Any], Any] | None) -> Iterable[Any]:
    """Return a column as the database takes it; what comes again and again, as days do, is made ready once."""
    if process is None:
        return column
    return map({value: process(value) for value in set(column)}.__getitem__, column)
