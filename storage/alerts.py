"""Alerts: who is to be told of which change, once; and who is owed them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from storage.certificates import CertificateRow, HolderContactRow, MatchedRow, MatchRow
from storage.changes import ChangeRow
from storage.digests import AlertRow, DigestAlertRow
from storage.engine.database import insert_ignore, insert_missing


class Untold(NamedTuple):
    """A match that no alert tells."""

    change_id: int
    holder_id: int
    match_id: int
    certainty: str
    severity: str


def untold_matches(session: Session) -> Sequence[Untold]:
    """Return the matches that no alert tells, by change and holder; those of dismissed changes are left out."""
    query = (
        select(MatchRow.change_id, CertificateRow.holder_id, MatchRow.id, MatchRow.certainty, MatchRow.severity)
        .join(CertificateRow, CertificateRow.id == MatchRow.certificate_id)
        .join(ChangeRow, ChangeRow.id == MatchRow.change_id)
        .where(MatchRow.alert_id.is_(None), ChangeRow.decision.is_distinct_from("dismissed"))
        .order_by(MatchRow.change_id, CertificateRow.holder_id, MatchRow.id)
    )
    return [Untold(*row) for row in session.execute(query)]


class Telling(NamedTuple):
    """What one new alert is to tell a holder: the matches, and the severest of them."""

    holder_id: int
    severity: str
    match_ids: Sequence[int]


def keep_alerts(session: Session, change_id: int, tellings: Iterable[Telling], today: date) -> int:
    """Keep the alerts that tell some matches of one change; return how many were new.

    A further alert for a holder is a further part. The matches are taken, and the holders' contacts owed the alerts, in
    the same transaction; what another process took meanwhile is left to it.
    """
    newest = select(AlertRow.holder_id, func.max(AlertRow.part)).where(AlertRow.change_id == change_id)
    parts: dict[int, int] = dict(session.execute(newest.group_by(AlertRow.holder_id)).all())
    values, tells = [], {}
    for holder_id, severity, match_ids in tellings:
        part = parts[holder_id] = parts.get(holder_id, 0) + 1
        pair = {"change_id": change_id, "holder_id": holder_id, "part": part}
        values.append({**pair, "severity": severity, "made_on": today})
        tells[holder_id, part] = match_ids
    statement = insert_ignore(session, AlertRow).returning(AlertRow.id, AlertRow.holder_id, AlertRow.part)
    kept = session.connection().execute(statement, values).all()
    taken = [{"match": match, "alert": row.id} for row in kept for match in tells[row.holder_id, row.part]]
    if taken:
        session.connection().execute(_TAKE, taken)
    ids = [row.id for row in kept]
    is_empty = ~exists().where(MatchRow.alert_id == AlertRow.id)
    nobody = delete(AlertRow).where(AlertRow.id.in_(ids), is_empty).execution_options(synchronize_session=False)
    empty = session.execute(nobody.returning(AlertRow.id)).all()
    owe_alerts(session, AlertRow.id.in_(ids))
    return len(ids) - len(empty)


def revised_alerts(session: Session) -> Sequence[tuple[AlertRow, ChangeRow, int]]:
    """Return the alerts that went before their change was revised, with the change and the newest revision told.

    Left out are updates, and changes whose present revision has not been held against the certificates yet; dismissed
    ones are held against none.
    """
    update_row = aliased(AlertRow)
    newest = select(func.max(update_row.revision)).where(update_row.update_of == AlertRow.id).scalar_subquery()
    told = func.coalesce(newest, AlertRow.revision)
    is_matched = exists().where(MatchedRow.change_id == ChangeRow.id, MatchedRow.change_revision == ChangeRow.revision)
    query = (
        select(AlertRow, ChangeRow, told)
        .join(ChangeRow, ChangeRow.id == AlertRow.change_id)
        .where(AlertRow.update_of.is_(None), AlertRow.released_on.is_not(None))
        .where(told < ChangeRow.revision, or_(is_matched, ChangeRow.decision == "dismissed"))
        .order_by(AlertRow.id)
    )
    return [(alert, change, revision) for alert, change, revision in session.execute(query)]


def keep_update(session: Session, alert: AlertRow, revision: int, severity: str, today: date) -> int:
    """Keep the alert that tells an alert's certificates what a revision altered; return how many were new (0 or 1).

    The holder's contacts are owed it in the same commit.
    """
    value = {
        "change_id": alert.change_id,
        "holder_id": alert.holder_id,
        "part": _next_part(session, alert.change_id, alert.holder_id),
        "severity": severity,
        "made_on": today,
        "revision": revision,
        "update_of": alert.id,
    }
    if not insert_missing(session, AlertRow, [value]):
        return 0
    owe_alerts(session, and_(AlertRow.update_of == alert.id, AlertRow.revision == revision))
    return 1


def changes_with_alerts(session: Session) -> Sequence[ChangeRow]:
    """Return the changes that alerts tell of."""
    query = select(ChangeRow).where(ChangeRow.id.in_(select(AlertRow.change_id)))
    return session.scalars(query.order_by(ChangeRow.id)).all()


def changes_told(session: Session, ids: Iterable[int]) -> dict[int, ChangeRow]:
    """Return some changes by id, each with the capture that it was seen on."""
    query = select(ChangeRow).where(ChangeRow.id.in_(list(ids))).options(joinedload(ChangeRow.capture))
    return {row.id: row for row in session.scalars(query)}


def owe_alerts(session: Session, which: ColumnElement[bool]) -> None:
    """Keep that every contact of the holder of some alerts is owed them, once."""
    owed = (
        select(HolderContactRow.contact_id, AlertRow.id, literal(0))
        .join(AlertRow, AlertRow.holder_id == HolderContactRow.holder_id)
        .where(which)
    )
    columns = ["contact_id", "alert_id", "position"]
    session.execute(insert_ignore(session, DigestAlertRow).from_select(columns, owed))


def forget_owed(session: Session, holder_id: int, contact_ids: Iterable[int]) -> None:
    """Keep that contacts are no longer owed what no digest carries yet of a holder's alerts."""
    alerts = select(AlertRow.id).where(AlertRow.holder_id == holder_id)
    owed_rows = delete(DigestAlertRow).where(DigestAlertRow.contact_id.in_(list(contact_ids)))
    session.execute(owed_rows.where(DigestAlertRow.alert_id.in_(alerts), DigestAlertRow.digest_id.is_(None)))


def undelivered_alerts(session: Session, after: int = 0, most: int = 500) -> Sequence[AlertRow]:
    """Return alerts that nobody was sent yet, or that somebody is still owed, from an id on, oldest first."""
    owed = select(DigestAlertRow.alert_id).where(DigestAlertRow.digest_id.is_(None))
    composed = select(DigestAlertRow.alert_id).where(DigestAlertRow.digest_id.is_not(None))
    query = select(AlertRow).where(or_(AlertRow.id.in_(owed), AlertRow.id.not_in(composed)), AlertRow.id > after)
    return session.scalars(query.order_by(AlertRow.id).limit(most)).all()


def matches_told(session: Session, alert_ids: Sequence[int]) -> dict[int, list[MatchRow]]:
    """Return the matches of each alert, with certificate and holder.

    An update tells those of the alert that it updates, as far as its revision still concerns them.
    """
    is_concerned = or_(AlertRow.update_of.is_(None), MatchRow.change_revision >= AlertRow.revision)
    query = (
        select(AlertRow.id, MatchRow)
        .join(MatchRow, MatchRow.alert_id == func.coalesce(AlertRow.update_of, AlertRow.id))
        .where(AlertRow.id.in_(alert_ids), is_concerned)
        .options(joinedload(MatchRow.certificate).joinedload(CertificateRow.holder))
        .order_by(MatchRow.id)
    )
    found: dict[int, list[MatchRow]] = {}
    for alert_id, row in session.execute(query):
        found.setdefault(alert_id, []).append(row)
    return found


def matches_of_alert(session: Session, alert: AlertRow, revision: int) -> Sequence[MatchRow]:
    """Return the matches that an alert tells, as far as a later revision of the change still concerns them."""
    query = select(MatchRow).where(MatchRow.alert_id == alert.id, MatchRow.change_revision >= revision)
    return session.scalars(query).all()


def matches_gone(session: Session, alert_ids: Sequence[int]) -> dict[int, list[MatchRow]]:
    """Return of each update the matches that were told before, and that its revision of the change concerns no more.

    Each is gone once: a match that an earlier update told as gone stands under no later one.
    """
    earlier = aliased(AlertRow)
    told = (
        select(func.max(earlier.revision))
        .where(or_(earlier.id == AlertRow.update_of, earlier.update_of == AlertRow.update_of))
        .where(earlier.revision < AlertRow.revision)
        .scalar_subquery()
    )
    query = (
        select(AlertRow.id, MatchRow)
        .join(MatchRow, MatchRow.alert_id == AlertRow.update_of)
        .where(AlertRow.id.in_(alert_ids))
        .where(MatchRow.change_revision < AlertRow.revision, MatchRow.change_revision >= told)
        .options(joinedload(MatchRow.certificate).joinedload(CertificateRow.holder))
        .order_by(MatchRow.id)
    )
    found: dict[int, list[MatchRow]] = {}
    for alert_id, row in session.execute(query):
        found.setdefault(alert_id, []).append(row)
    return found


def are_gone(session: Session, alert: AlertRow, told: int, revision: int) -> bool:
    """Return whether a revision concerns a certificate no more that an alert told when the change was at `told`."""
    gone = exists().where(MatchRow.alert_id == alert.id, MatchRow.change_revision >= told)
    return bool(session.scalar(select(gone.where(MatchRow.change_revision < revision))))


def reasons_left_out(session: Session, change_id: int) -> dict[str, str]:
    """Return why certificates are not concerned by a change as it stands, by number, as far as that was kept."""
    query = select(MatchedRow.details).where(MatchedRow.change_id == change_id)
    details = session.scalar(query.order_by(MatchedRow.change_revision.desc()).limit(1))
    return dict((details or {}).get("reasons", {}))


def is_told(session: Session, change_id: int) -> bool:
    """Return whether a digest, sent or not, carries a change to anybody."""
    carried = exists().where(AlertRow.change_id == change_id, DigestAlertRow.alert_id == AlertRow.id)
    return bool(session.scalar(select(carried.where(DigestAlertRow.digest_id.is_not(None)))))


def _next_part(session: Session, change_id: int, holder_id: int) -> int:
    newest = select(func.max(AlertRow.part)).where(AlertRow.change_id == change_id, AlertRow.holder_id == holder_id)
    return (session.scalar(newest) or 0) + 1


_TAKE = (
    update(MatchRow.__table__)  # type: ignore[arg-type]
    .where(MatchRow.id == bindparam("match"), MatchRow.alert_id.is_(None))
    .values(alert_id=bindparam("alert"))
)
"""Let an alert tell a match that none tells."""
