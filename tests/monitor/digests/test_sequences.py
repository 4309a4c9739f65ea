"""One event, one history: sequences of notices (tests/corpus/sequences.yaml), and who is told old → new when."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from icalendar import Calendar

from monitor.certificates.commands import import_certificates
from monitor.changes.commands import correct_date, dismiss
from monitor.digests.smtp import SmtpMailer
from monitor.translation.machine.providers import make_translator
from monitor.translation.machine.settings import TranslationSettings
from monitor.translation.stage import summarise_changes
from storage.changes import ChangeRow
from storage.engine.database import Database
from storage.telling.reminders import all_feeds
from tests.monitor.changes.days import Days, corpus
from tests.monitor.digests.examples import CERTIFICATE_COLUMNS
from tests.monitor.digests.test_stage import cycle, mailer_for
from tests.servers.smtp import TakesEverything

SEQUENCES = yaml.safe_load((Path(__file__).parents[2] / "corpus" / "sequences.yaml").read_text("utf-8"))
CASES = SEQUENCES["sequences"]
FIRST = date(2026, 3, 1)


class Told:
    """A world with people in it, and the mails that they get."""

    def __init__(self, database: Database, folder: Path, server: TakesEverything) -> None:
        self.database, self.folder, self.server = database, folder, server
        self.people: dict[str, list[str]] = dict(SEQUENCES["people"])
        self.translator = make_translator(TranslationSettings(provider="none"))
        self.days = Days(database, FIRST)
        self.days.stand(corpus()["world"])
        self.days.crawl()
        self.register()
        self.day({"events": []})

    def register(self) -> None:
        """Import everybody's certificate as it is now."""
        path = self.folder / "certificates.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(CERTIFICATE_COLUMNS)
            for number, (name, (rule, standards, expires)) in enumerate(self.people.items()):
                writer.writerow(
                    [f"CERT-{number:04}", name, f"{name}@x.example", rule, name, standards, "", expires, "", ""]
                )
        report = import_certificates(self.database, path)
        assert not [problem for problem in report.problems if problem.rejected], report.problems

    def day(self, day: Mapping[str, Any]) -> dict[str, str]:
        """Play a day; return what each contact was mailed, subject and text."""
        sent = len(self.server.messages)
        self.days.day(day["events"])
        summarise_changes(self.database, self.translator, self.days.today)
        self._cycle("review" if day.get("held") else "auto")
        mailed = {str(m["To"]).partition("@")[0]: said(m) for m in self.server.messages[sent:]}
        self._decide(day)
        return mailed

    def _cycle(self, policy: str) -> None:
        mailer: SmtpMailer = mailer_for(self.server)
        for _ in range(2):
            cycle(self.database, mailer, self.days.today, policy)

    def _decide(self, day: Mapping[str, Any]) -> None:
        for what, value in day.get("person", {}).items():
            with self.database.session() as session:
                newest = max(row.id for row in session.query(ChangeRow))
            if what == "dismiss":
                dismiss(self.database, newest, "Anna Keller", value)
            else:
                correct_date(self.database, newest, "Anna Keller", what, value)
        if "renewed" in day:
            self.people |= day["renewed"]
            self.register()

    def standing(self, name: str) -> list[str]:
        """What stands in a contact's calendar after every file was imported in order."""
        held: dict[str, Any] = {}
        for message in self.server.messages:
            if str(message["To"]).startswith(f"{name}@"):
                for part in message.walk():
                    if part.get_content_type() == "text/calendar":
                        held |= {str(e["UID"]): e for e in Calendar.from_ical(part.get_content()).walk("VEVENT")}
        return sorted(str(e["DTSTART"].dt) for e in held.values() if e.get("STATUS") != "CANCELLED")

    def feed(self, name: str) -> list[str]:
        """The days of changes that stand in a contact's calendar feed."""
        with self.database.session() as session:
            feeds = dict(all_feeds(session))
        events = Calendar.from_ical(feeds[f"{name}@x.example"]).walk("VEVENT")
        standing = (event for event in events if str(event["UID"]).startswith("change-"))
        return sorted(str(event["DTSTART"].dt) for event in standing if event.get("STATUS") != "CANCELLED")


def said(message: Any) -> str:
    """A message's subject and its text."""
    body = message.get_body(("plain",))
    return f"{message['Subject']}\n{body.get_content()}".replace("\r\n", "\n")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_whoever_was_told_the_old_is_told_old_and_new(
    case: dict[str, Any], sqlite_database: Database, tmp_path: Path
) -> None:
    with TakesEverything() as server:
        told = Told(sqlite_database, tmp_path, server)
        for number, day in enumerate(case["days"], 1):
            mailed = told.day(day)
            assert set(mailed) == set(day["told"]), f"day {number}: {mailed}"
            for name, words in day["told"].items():
                for word in words:
                    assert word in mailed[name], f"day {number}, {name}"
            for name, words in day.get("not", {}).items():
                assert not [word for word in words if word in mailed[name]]
        for name, days in case.get("standing", {}).items():
            assert told.standing(name) == days
            assert told.feed(name) == days


def test_there_are_thirty_sequences() -> None:
    assert len(CASES) >= 30
