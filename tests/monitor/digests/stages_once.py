"""Composes and delivers once in a process of its own, to be killed: python -m … DATABASE_URL SMTP_URL TODAY STAGE…"""

import sys
from datetime import date
from pathlib import Path

from monitor.digests.release import ReleaseSettings
from monitor.digests.smtp import SmtpSettings, make_mailer
from monitor.digests.stage import compose_digests, deliver_digests
from storage.engine.database import Database

SENDER = "China Certification Watch <alerts@example.org>"


def once(database: Database, smtp: str, today: date, *stages: str) -> None:
    """Do the named stages of a day."""
    mailer = make_mailer(SmtpSettings.model_validate({"url": smtp, "timeout_seconds": 1}), Path("unused"))
    if "compose" in stages:
        compose_digests(database, today, ReleaseSettings(), SENDER)
    if "deliver" in stages:
        deliver_digests(database, mailer, SENDER, today)


if __name__ == "__main__":
    url, server, day, *names = sys.argv[1:]
    once(Database(url), server, date.fromisoformat(day), *names)
