"""The watch over the watch: a run's verdicts open and close incidents, and the operator is told once of each."""

from datetime import date

from monitor.digests.replies import Outcome
from monitor.digests.smtp import Mailer
from monitor.incidents.incident import Incident, SetAside, operator_message
from storage.engine.database import Database, insert_missing
from storage.runs import HEALTHY, TROUBLED, VisitRow, now, visits_of
from storage.trouble.fence import SetAsideRow, mark_unit_told, untold_units
from storage.trouble.incidents import IncidentRow, open_incidents, untold_incidents

TELL_FOR_DAYS = 14
"""An incident older than this is history: an operator named later does not hear of it."""


def follow_incidents(database: Database, run_id: int, today: date) -> dict[str, int]:
    """Open an incident for each section that a run could not trust, and close those of sections it could. Safe to
    repeat."""
    with database.session() as session:
        visits = visits_of(session, run_id)
        troubled = [_opened(visit, today) for visit in visits if visit.status in TROUBLED]
        opened = insert_missing(session, IncidentRow, troubled)
        healthy = {(visit.authority, visit.section) for visit in visits if visit.status in HEALTHY}
        closed = [row for row in open_incidents(session) if (row.authority, row.section) in healthy]
        for row in closed:
            row.closed_on = today
        session.commit()
    return {"opened": opened, "closed": len(closed)}


def tell_operator(database: Database, mailer: Mailer, sender: str, operator: str | None, today: date) -> dict[str, int]:
    """Mail the operator what began and what is over, once; what the mail server did not take goes again next time."""
    if operator is None:
        return {"told": 0}
    with database.session() as session:
        rows = [row for row in untold_incidents(session) if (today - row.opened_on).days <= TELL_FOR_DAYS]
        units = untold_units(session)
    if not rows and not units:
        return {"told": 0}
    incidents, set_aside = [_incident(row) for row in rows], [_unit(row) for row in units]
    message = operator_message(incidents, sender, operator, now(), set_aside)
    if mailer.send(message, operator)[0] is not Outcome.SENT:
        return {"told": 0}
    with database.session() as session:
        for incident in incidents:
            _mark_told(session.get_one(IncidentRow, incident.id), is_over=incident.closed_on is not None)
        for unit in set_aside:
            mark_unit_told(session, unit.id, is_over=unit.is_over)
        session.commit()
    return {"told": len(incidents) + len(set_aside)}


def _opened(visit: VisitRow, today: date) -> dict[str, object]:
    return {
        "authority": visit.authority,
        "section": visit.section,
        "visit_id": visit.id,
        "status": visit.status,
        "reason": visit.reason,
        "advice": visit.advice,
        "opened_on": today,
    }


def _incident(row: IncidentRow) -> Incident:
    return Incident(
        row.id, row.authority, row.section, row.status, row.reason, row.advice, row.opened_on, row.closed_on
    )


def _unit(row: SetAsideRow) -> SetAside:
    return SetAside(row.id, row.stage, row.unit, row.about, row.reason, row.since, row.ended_at is not None)


def _mark_told(row: IncidentRow, is_over: bool) -> None:
    row.told_opened_at = row.told_opened_at or now()
    if is_over:
        row.told_closed_at = now()
