"""Each part of an installation is tried for real: what is well is said, what is not is said with advice."""

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest

from monitor.digests.smtp import SmtpSettings
from monitor.doctor import Finding, examine
from monitor.facts.second.settings import SecondReaderSettings
from monitor.settings import Settings
from monitor.translation.machine.settings import TranslationSettings
from storage.engine.database import Database
from storage.evidence.store import EvidenceStore
from storage.runs import begin_run, end_run
from tests.monitor.documents.test_stage import keep_capture
from tests.servers.chat import Chat, reports
from tests.servers.smtp import TakesEverything

OFFLINE = TranslationSettings(provider="none")


def findings(settings: Settings) -> dict[str, Finding]:
    """What was found, by subject."""
    return {finding.subject: finding for finding in examine(settings)}


def test_fresh_installation_is_usable_and_says_what_to_do_next(tmp_path: Path) -> None:
    found = findings(Settings(home=tmp_path, translation=OFFLINE))
    assert found["database"].status == "ok"
    assert found["evidence store"].status == "ok"
    assert found["daily cycle"].status == "warning"
    assert "rulewatch run" in found["daily cycle"].advice
    assert found["SMTP"].status == "warning"
    assert str(tmp_path / "outbox") in found["SMTP"].found


def test_mail_server_is_asked(tmp_path: Path) -> None:
    with TakesEverything() as server:
        settings = Settings(home=tmp_path, translation=OFFLINE, smtp=SmtpSettings(url=server.url))
        assert findings(settings)["SMTP"].status == "ok"
    gone = findings(settings)["SMTP"]
    assert gone.status == "failed"
    assert gone.advice


def test_second_reader_is_off_on_or_out_of_order(tmp_path: Path) -> None:
    off = Settings(home=tmp_path, translation=OFFLINE)
    assert findings(off)["second reader"].found.startswith("off")
    with Chat(reports()) as server:
        on = Settings(home=tmp_path, translation=OFFLINE, second_reader=SecondReaderSettings(url=server.url, model="m"))
        assert findings(on)["second reader"] == Finding("second reader", "ok", "on: m answers")
    assert findings(on)["second reader"].status == "warning"


def test_altered_evidence_is_found(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, translation=OFFLINE)
    store = EvidenceStore(settings.evidence_folder)
    path = store.path(store.keep(b"true"))
    path.chmod(0o644)
    path.write_bytes(b"false")
    found = findings(settings)["evidence store"]
    assert found.status == "failed"
    assert "altered" in found.found


def test_evidence_that_the_database_names_and_the_disk_lacks_is_found(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, translation=OFFLINE)
    database, store = Database(settings.database), EvidenceStore(settings.evidence_folder)
    database.upgrade()
    keep_capture(database, store, b"one", url="http://x/1")
    keep_capture(database, store, b"two", url="http://x/2")
    stranger = store.keep(b"of no capture")
    found = findings(settings)
    assert found["evidence store"].status == "ok"
    assert found["evidence without capture"].found.endswith("1 files that no capture names")
    store.path(stranger).unlink()
    store.path(hashlib.sha256(b"two").hexdigest()).unlink()
    found = findings(settings)
    assert found["evidence of captures"].status == "failed"
    assert "captures 2" in found["evidence of captures"].found
    assert "evidence without capture" not in found
    shutil.rmtree(settings.evidence_folder)
    assert "2 captures are gone" in findings(settings)["evidence of captures"].found
    database.close()


@pytest.mark.parametrize(("status", "level"), [("ok", "ok"), ("degraded", "warning")])
def test_last_cycle_is_reported(tmp_path: Path, today: date, status: str, level: str) -> None:
    settings = Settings(home=tmp_path, translation=OFFLINE)
    database = Database(settings.database)
    database.upgrade()
    with database.session() as session:
        end_run(session, begin_run(session, today), status, {})
    database.close()
    assert findings(settings)["daily cycle"].status == level


def test_database_that_cannot_be_reached_is_said_without_a_trace(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, translation=OFFLINE, database_url="postgresql://nobody@127.0.0.1:1/none")
    found = findings(settings)["database"]
    assert found.status == "failed"
    assert found.advice
