"""COMPOSE and DELIVER: matches → alerts → digests → messages sent, each exactly once as far as SMTP can tell.

Composing keeps, in small commits: the alert that tells a match together with whom it is owed to, and the digest that
carries it. Delivering (deliver.py) takes it from there.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from monitor.certificates.certificate import Frequency, Status
from monitor.certificates.impact import Action, Severity, is_open
from monitor.certificates.matching import Certainty
from monitor.changes.change import ChangeKind
from monitor.changes.days import Day, Step
from monitor.changes.kept import change_of
from monitor.digests.compose import Pending, compose, is_due, period_of, week_of
from monitor.digests.deadlines import Told, calendar_of
from monitor.digests.digest import Alert, Concern, Digest, Gone, Source, Teller
from monitor.digests.message import message_id_of
from monitor.digests.release import ReleaseSettings, held_because
from monitor.digests.reminders import DISTANCES, Reminder
from monitor.digests.render import render_html, render_text
from monitor.digests.stage.deliver import deliver_digests as deliver_digests
from monitor.digests.stage.feeds import make_feeds
from monitor.digests.stage.feeds import write_feeds as write_feeds
from monitor.digests.stage.remind import reminders_of
from monitor.digests.update import newest_material, update_since
from monitor.facts.fact import StandardChange
from monitor.translation.summary import Summary
from storage import alerts
from storage import digests as storage
from storage.alerts import Telling, Untold
from storage.certificates import ContactRow, MatchRow
from storage.changes import ChangeRow, columns_of
from storage.digests import AlertRow
from storage.engine.database import Database
from storage.runs import now
from storage.telling import reminders as telling
from storage.translation import SummaryRow, summaries_of
from storage.trouble.fence import Fence, fenced

CONTACTS_AT_ONCE = 200
"""Contacts whose certificates are looked at together: most have nothing that falls due today."""


def compose_digests(
    database: Database,
    today: date,
    release: ReleaseSettings,
    sender: str,
    distances: Sequence[int] = DISTANCES,
) -> dict[str, int]:
    """Make alerts of what is matched and digests of what may go; return how many were made, and how many wait.

    What falls due on certificates is reminded of in the same digests, and stands in each contact's calendar feed.
    """
    digests = 0
    with fenced(database, "compose") as fence:
        _watch(database, today)
        alerts = _make_alerts(database, today, fence) + _make_updates(database, today, fence)
        _owe(database, today, fence)
        held = _release(database, today, release, fence)
        contacts = _contacts(database, today, distances, fence)
        for contact, unit in fence.units(contacts, lambda contact: f"contact {contact[0]}", lambda contact: contact[1]):
            with unit:
                digests += _compose_for(database, contact[0], today, sender, distances, fence)
        make_feeds(database, today, sender, distances, fence)
    return {"alerts": alerts, "digests": digests, "held": held} | fence.tally


def _watch(database: Database, today: date) -> None:
    with database.session() as session:
        telling.watch_certificates(session, today)
        session.commit()


def _make_alerts(database: Database, today: date, fence: Fence) -> int:
    """Keep an alert for each change and holder; certain and doubtful certificates apart, so that neither waits for
    the other."""
    with database.session() as session:
        untold = sorted(alerts.untold_matches(session), key=_alert_of)
    made = 0
    changes = [(change_id, [*found]) for change_id, found in groupby(untold, key=lambda match: match.change_id)]
    for (change_id, of_change), unit in fence.units(changes, lambda change: f"change {change[0]}"):
        with unit, database.session() as session:
            tellings = [_telling(list(group)) for _, group in groupby(of_change, key=_alert_of)]
            new = alerts.keep_alerts(session, change_id, tellings, today)
            session.commit()
            made += new
    return made


def _telling(matches: Sequence[Untold]) -> Telling:
    severity = min((match.severity for match in matches), key=[*Severity].index)
    return Telling(matches[0].holder_id, severity, [match.match_id for match in matches])


def _alert_of(match: Untold) -> tuple[int, int, bool]:
    return match.change_id, match.holder_id, match.certainty != Certainty.CERTAIN


def _make_updates(database: Database, today: date, fence: Fence) -> int:
    """Keep an alert, once a revision, for what a holder was told and what later evidence altered materially."""
    made = 0
    with database.session() as session:
        revised = alerts.revised_alerts(session)
    for (alert, change, told), unit in fence.units(revised, lambda each: f"alert {each[0].id}"):
        with unit, database.session() as session:
            revision = _revision_to_tell(session, alert, change, told)
            if revision > told:
                matches = alerts.matches_of_alert(session, alert, revision)
                severity = min((match.severity for match in matches), key=[*Severity].index, default=Severity.KNOW)
                new = alerts.keep_update(session, alert, revision, severity, today)
                session.commit()
                made += new
    return made


def _revision_to_tell(session: Any, alert: AlertRow, change: ChangeRow, told: int) -> int:
    """The newest revision that must be told: one that alters what matters, or that a told certificate falls out of."""
    if change.decision == "dismissed":
        return change.revision if change.updates and change.updates[-1].get("ended") else 0
    if alerts.are_gone(session, alert, told, change.revision):
        return change.revision
    return newest_material(change.updates)


def _owe(database: Database, today: date, fence: Fence) -> None:
    """Keep that alerts of changes which are still open are owed to contacts that came after they were made, too."""
    open_changes = []
    with database.session() as session:
        for row in alerts.changes_with_alerts(session):
            with fence.unit(f"change {row.id}", keep_later=True):
                if is_open(change_of(columns_of(row), ()), today):
                    open_changes.append(row.id)
        alerts.owe_alerts(session, AlertRow.change_id.in_(open_changes))
        session.commit()


def _release(database: Database, today: date, release: ReleaseSettings, fence: Fence) -> int:
    """Keep which alerts may go and which wait, and why; return how many wait."""
    held = last = 0
    while True:
        with database.session() as session:
            rows = alerts.undelivered_alerts(session, after=last)
            if not rows:
                return held
            held += _release_some(session, rows, today, release, fence)
            session.commit()
            last = rows[-1].id


def _release_some(session: Any, rows: Sequence[AlertRow], today: date, release: ReleaseSettings, fence: Fence) -> int:
    held = 0
    told = alerts.matches_told(session, [row.id for row in rows])
    gone = alerts.matches_gone(session, [row.id for row in rows])
    changes, summaries = _changes_of(session, rows)
    for row in rows:
        with fence.unit(f"alert {row.id}", keep_later=True):
            change, summary = changes[row.change_id], summaries.get(row.change_id)
            is_summarised = summary is not None and (row.update_of is None or summary.revision >= row.revision)
            concerned = [*told.get(row.id, []), *gone.get(row.id, [])]
            row.held_because = None if _ends(row, change) else _why_held(change, concerned, release, is_summarised)
            if row.held_because is None and row.released_on is None:
                row.released_on = today
                row.revision = row.revision if row.update_of else change.revision
            held += row.held_because is not None and change.decision != "dismissed"
    return held


def _ends(row: AlertRow, change: ChangeRow) -> bool:
    """Whether an update tells that a consultant found the change not to hold: it goes, for its doubt is decided."""
    return row.update_of is not None and change.decision == "dismissed" and row.revision == change.revision


def _changes_of(session: Any, rows: Sequence[AlertRow]) -> tuple[dict[int, ChangeRow], dict[int, SummaryRow]]:
    """Return the changes that alerts tell of, and their newest summaries, by the change's id."""
    ids = {row.change_id for row in rows}
    return alerts.changes_told(session, ids), summaries_of(session, ids)


def _why_held(change: ChangeRow, matches: Sequence[MatchRow], release: ReleaseSettings, summarised: bool) -> str | None:
    if not matches:
        return "no certificate is concerned any more"
    if not summarised:
        return "the change has no summary yet"
    return held_because(
        release.policy,
        decision=change.decision,
        reasons=change.reasons,
        needs_review=change.needs_review,
        certainties=[Certainty(match.certainty) for match in matches],
    )


def _contacts(database: Database, today: date, distances: Sequence[int], fence: Fence) -> list[tuple[int, str]]:
    """Return whom a digest may be for: who is owed an alert, or has something to be reminded of today."""
    with database.session() as session:
        found = {row.id: row.email for row in storage.contacts_owed(session)}
        others = telling.contacts_with_certificates(session) if distances else {}

    def look(some: Sequence[int]) -> None:
        with database.session() as session:
            for contact_id, looked in telling.looked_at(session, some).items():
                if reminders_of(looked, distances, today):
                    found[contact_id] = others[contact_id]

    waiting = sorted(others.keys() - found.keys())
    for start in range(0, len(waiting), CONTACTS_AT_ONCE):
        fence.each(waiting[start : start + CONTACTS_AT_ONCE], lambda number: f"contact {number}", look)
    return sorted(found.items(), key=lambda item: item[1])


def _compose_for(
    database: Database, contact_id: int, today: date, sender: str, distances: Sequence[int], fence: Fence
) -> bool:
    """Compose a contact's digest where one is due; return whether it was made here."""
    with database.session() as session:
        contact = session.get_one(ContactRow, contact_id)
        frequency = Frequency(contact.frequency)
        rows = storage.owed(session, contact_id)
        before = storage.told_before(session, contact_id)
        pending = _pending(session, rows, before, fence)
        near = _reminders(session, contact_id, pending, distances, today)
        if not pending and not near:
            return False
        taken = storage.periods_of(session, contact_id)
        wrote = any(week_of(made_on) == week_of(today) for _, made_on in taken)
        if not is_due(frequency, pending, today, wrote_this_week=wrote, reminders=near):
            return False
        digest = compose(contact.email, pending, period_of(frequency, today, [period for period, _ in taken]), near)
        value = {
            "contact_id": contact_id,
            "period": digest.period.key,
            "message_id": message_id_of(contact.email, digest.period.key, sender),
            "subject": digest.subject,
            "html": render_html(digest, sender),
            "text": render_text(digest, sender),
            "calendar": calendar_of(digest, sender, _told(session, contact_id, digest, before)),
            "status": "waiting",
            "made_on": today,
            "made_at": now(),
        }
        told = [alert_id for alert in digest.alerts for alert_id in alert.ids]
        return storage.keep_digest(session, value, told, [_reminded(reminder) for reminder in near])


def _reminders(
    session: Any, contact_id: int, pending: Sequence[Pending], distances: Sequence[int], today: date
) -> tuple[Reminder, ...]:
    """Return what a contact is to be reminded of; what its digest tells as a change needs no reminder beside it."""
    told = tuple(f"change {item.alert.change_id} " for item in pending)
    found = reminders_of(telling.looked_at(session, [contact_id])[contact_id], distances, today)
    return tuple(reminder for reminder in found if not (told and reminder.day.about.startswith(told)))


def _reminded(reminder: Reminder) -> dict[str, Any]:
    certificate_id, about, on, distance = reminder.key
    return {"certificate_id": certificate_id, "about": about, "on": on, "distance": distance}


def _told(session: Any, contact_id: int, digest: Digest, before: Container[int]) -> Told:
    """Return what the contact was told before of the changes in a digest, as far as it still concerns them."""
    changes = [alert.change_id for alert in digest.alerts if alert.change_id in before]
    if not changes:
        return Told({}, ())
    standing = [alert.change_id for alert in digest.alerts if not (alert.update and alert.update.ended)]
    concerns: dict[int, list[Concern]] = {}
    for match in storage.told_matches(session, contact_id, standing):
        concerns.setdefault(match.change_id, []).append(_concern(match))
    feed = telling.feed_of(session, contact_id)
    files = storage.told_calendars(session, contact_id, changes)
    return Told(concerns, [*files, *([feed.content] if feed else [])])


def _pending(
    session: Any, rows: Sequence[AlertRow], before: Mapping[int, tuple[date, int]], fence: Fence
) -> list[Pending]:
    told = alerts.matches_told(session, [row.id for row in rows])
    gone = alerts.matches_gone(session, [row.id for row in rows])
    pending = []
    changes, summaries = _changes_of(session, rows)
    for row in rows:
        change, summary = changes[row.change_id], summaries.get(row.change_id)
        is_open = change.decision != "dismissed" or _ends(row, change)
        if summary is None or not (row.id in told or row.id in gone) or row.released_on is None or not is_open:
            continue
        with fence.unit(f"alert {row.id}", keep_later=True):
            alert = _alert(row, change, told.get(row.id, []), Summary.from_json(summary.content))
            if row.update_of and change.id in before:
                alert = _updated(session, alert, change, gone.get(row.id, []), before[change.id])
            pending.append(Pending(alert, row.released_on))
    return pending


def _updated(
    session: Any, alert: Alert, change: ChangeRow, gone: Sequence[MatchRow], before: tuple[date, int]
) -> Alert:
    """The alert with what became another since a contact was told, and whom it concerns no more."""
    why = alerts.reasons_left_out(session, change.id) if gone else {}
    update = update_since(change.updates, columns_of(change), *before, by=lambda entry: _teller(session, entry))
    left = (
        Gone(match.certificate.number, match.certificate.holder.name, match.certificate.product, why.get(number))
        for match in gone
        if (number := match.certificate.number)
    )
    concerns = alert.concerns if update else ()  # nothing is new for those that it still concerns
    return replace(alert, update=update, gone=tuple(left), concerns=concerns)


def _teller(session: Any, change_id: int) -> Teller | None:
    """The text that an entry of the log tells of, None while it is not summarised."""
    summary = summaries_of(session, {change_id}).get(change_id)
    if summary is None:
        return None
    row = session.get_one(ChangeRow, change_id)
    headline = Summary.from_json(summary.content).headline
    return Teller(headline, row.title_zh, row.source_url, row.kind == ChangeKind.CORRECTION)


def _alert(row: AlertRow, change: ChangeRow, matches: Sequence[MatchRow], summary: Summary) -> Alert:
    capture = change.capture
    return Alert(
        ids=(row.id,),
        change_id=change.id,
        kind=ChangeKind(change.kind),
        authority=change.authority,
        title_zh=change.title_zh,
        summary=summary,
        source=Source(change.source_url, capture.today, capture.sha256),
        concerns=tuple(_concern(match, moves_several=len(change.standards) > 1) for match in matches),
        family=change.family or None,
        old_edition=change.old_edition,
        new_edition=change.new_edition,
        published=change.published,
        effective=change.effective,
        deadline=change.deadline,
        standards=tuple(StandardChange(pair["old"], pair["new"]) for pair in change.standards),
        actions=tuple(change.actions),
        released_by="a consultant" if change.decision == "approved" else None,
    )


def _concern(match: MatchRow, moves_several: bool = False) -> Concern:
    certificate = match.certificate
    names = (standard.undated for standard in certificate.standards) if moves_several else ()
    return Concern(
        number=certificate.number,
        holder=certificate.holder.name,
        product=certificate.product,
        rule=certificate.edition or certificate.family,
        certainty=Certainty(match.certainty),
        because=tuple(match.because),
        severity=Severity(match.severity),
        action=Action(match.action),
        deadline=match.deadline,
        deadline_note=match.deadline_note,
        consequence=match.consequence,
        expires=certificate.expires,
        suspended=certificate.status == Status.SUSPENDED,
        step=Step(match.step) if match.step else None,
        reckoned=match.reckoned,
        names=frozenset(names),
        days=tuple(Day(date.fromisoformat(item["on"]), Step(item["step"])) for item in match.days),
    )
