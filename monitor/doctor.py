"""Is this installation well? Each part is tried for real: ok, or why not and what to do."""

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from monitor.digests.smtp import SmtpMailer
from monitor.errors import BadSettings
from monitor.facts.second.service import SecondReader
from monitor.settings import Settings, config_path
from monitor.translation.machine.providers import make_translator
from monitor.translation.machine.settings import BEST_EFFORT
from storage.captures import named_hashes
from storage.engine.database import Database
from storage.errors import DRIVER_ERRORS, StorageError
from storage.evidence.store import EvidenceStore
from storage.runs import latest_runs, now

Status = Literal["ok", "warning", "failed"]
SAMPLED = 200
"""Evidence files whose hash is computed again at each examination."""
LOW_DISK_GB = 2
STALE_AFTER = timedelta(hours=36)
"""A daily cycle that has not ended for longer than this has stopped."""
PROGRAMS = (
    ("soffice", "Word 97 files (.doc, .wps) are read by a simpler reader", "apt-get install libreoffice-writer"),
    ("unar", "RAR archives stay unread", "apt-get install unar"),
    ("chromium", "sections with render = true cannot be visited", "apt-get install chromium"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part of the installation, and what a person should do about it."""

    subject: str
    status: Status
    found: str
    advice: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the finding as `rulewatch doctor --json` prints it."""
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Try each part of the installation and return what was found; nothing is changed but an empty schema made."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _configuration,
        _database,
        _evidence,
        _disk,
        _translator,
        _second_reader,
        _smtp,
        _alarm,
        _programs,
    )
    return [finding for check in checks for finding in check(settings)]


def _configuration(settings: Settings) -> Iterator[Finding]:
    path = config_path()
    found = f"read from {path}" if path else "no rulewatch.toml here: built-in settings"
    if not settings.crawl.contact.endswith("@localhost"):
        yield Finding("configuration", "ok", found)
        return
    yield Finding("configuration", "warning", found, "set contact in [crawl], so that an authority can write to you")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        database = Database(settings.database)
        database.upgrade()
        database.check_schema()
        with database.session() as session:
            runs = latest_runs(session, 1)
    except StorageError as reason:
        yield Finding(
            "database", "failed", str(reason), "install the version of Rulewatch that made it, or a newer one"
        )
        return
    except DRIVER_ERRORS as reason:
        yield Finding("database", "failed", f"{type(reason).__name__}: {_first_line(reason)}", "check database_url")
        return
    yield Finding("database", "ok", f"{database.engine.dialect.name}, schema up to date")
    yield _last_run(runs[0].finished_at if runs else None, runs[0].status if runs else None)


def _last_run(finished_at: datetime | None, status: str | None) -> Finding:
    if status is None:
        return Finding("daily cycle", "warning", "never ran", "start `rulewatch serve`, or `rulewatch run` once")
    if finished_at is None:
        return Finding("daily cycle", "warning", "a cycle is running, or was killed", "the next one picks up its work")
    if now() - finished_at > STALE_AFTER:
        advice = "the cycle has stopped: is `rulewatch serve` running?"
        return Finding("daily cycle", "failed", f"last ended {finished_at:%Y-%m-%d %H:%M} UTC", advice)
    level: Status = "ok" if status == "ok" else "warning"
    return Finding("daily cycle", level, f"last ended {finished_at:%Y-%m-%d %H:%M} UTC: {status}")


def _evidence(settings: Settings) -> Iterator[Finding]:
    folder = settings.evidence_folder
    store = EvidenceStore(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            kept = set(store.hashes())
        named = _named(settings)
        yield from _missing(folder, kept, named)
        yield _sound(store, kept, named)
        yield from _unnamed(folder, kept, named)
    except OSError as reason:
        yield Finding("evidence store", "failed", f"{folder}: {reason.strerror}", "make the folder writable")


def _named(settings: Settings) -> dict[str, int]:
    """What the database names; nothing where it cannot be asked, which is a finding of its own."""
    try:
        with Database(settings.database).session() as session:
            return named_hashes(session)
    except (*DRIVER_ERRORS, StorageError):
        return {}


def _missing(folder: Path, kept: set[str], named: dict[str, int]) -> Iterator[Finding]:
    """From the database to the evidence: every file that a capture names is there."""
    gone = sorted(named[sha256] for sha256 in named.keys() - kept)
    if gone:
        which = ", ".join(map(str, gone[:5])) + (" …" if len(gone) > 5 else "")
        found = f"{folder}: the files of {len(gone)} captures are gone (captures {which})"
        yield Finding("evidence of captures", "failed", found, "restore the folder from a backup")


def _sound(store: EvidenceStore, kept: set[str], named: dict[str, int]) -> Finding:
    """A sample of what lies there, what captures name first, is what its name says; another sample each time."""
    there = sorted(kept & named.keys())
    sample = random.sample(there, min(SAMPLED, len(there)))
    sample += list(islice(sorted(kept - named.keys()), SAMPLED - len(sample)))
    try:
        for sha256 in sample:
            store.read(sha256)
    except StorageError as reason:
        return Finding("evidence store", "failed", str(reason), "restore the folder from a backup")
    return Finding("evidence store", "ok", f"{store.folder}: {len(sample)} of {len(kept)} files verified")


def _unnamed(folder: Path, kept: set[str], named: dict[str, int]) -> Iterator[Finding]:
    """From the evidence to the database: files that no capture names."""
    strangers = kept - named.keys()
    if strangers:
        found = f"{folder}: {len(strangers)} files that no capture names"
        advice = "a few are left by crashes and harm nothing; many: is the database older than the folder?"
        yield Finding("evidence without capture", "warning", found, advice)


def _disk(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(settings.folder)).free / 1e9
    if free < LOW_DISK_GB:
        yield Finding("disk", "warning", f"{free:.1f} GB free", "evidence is never deleted: give it room")
    else:
        yield Finding("disk", "ok", f"{free:.0f} GB free")


def _translator(settings: Settings) -> Iterator[Finding]:
    chain = settings.translation.chain
    if not chain:
        found = "none chosen: summaries come from facts, other text stays Chinese"
        advice = "name providers in [translation]: one with a key, LibreTranslate of your own, or a language model"
        yield Finding("translator", "ok", found, advice)
    for provider in chain:
        alone = settings.translation.model_copy(update={"providers": (provider,)})
        trouble = make_translator(alone).check_service()
        advice = "summaries still come from facts; other text waits in Chinese until the service answers"
        if trouble:
            yield Finding("translator", "warning", f"{provider}: {trouble}", advice)
        elif provider in BEST_EFFORT:
            yield Finding(
                "translator", "warning", f"{provider} answers, best effort only", "its free page may refuse any day"
            )
        else:
            yield Finding("translator", "ok", f"{provider} answers")


def _second_reader(settings: Settings) -> Iterator[Finding]:
    if settings.second_reader.url is None:
        yield Finding("second reader", "ok", "off: facts are read by Rulewatch alone")
    elif trouble := SecondReader(settings.second_reader).check_service():
        advice = "facts stand as Rulewatch reads them until it answers; check [second_reader]"
        yield Finding("second reader", "warning", trouble, advice)
    else:
        yield Finding("second reader", "ok", f"on: {settings.second_reader.model} answers")


def _smtp(settings: Settings) -> Iterator[Finding]:
    if settings.smtp.url is None:
        yield Finding("SMTP", "warning", f"no server: messages go to {settings.outbox_folder}", "set url in [smtp]")
        return
    try:
        server = SmtpMailer(settings.smtp).check()
    except (OSError, BadSettings) as reason:  # SMTPException is an OSError
        yield Finding(
            "SMTP", "failed", _first_line(reason), "check url in [smtp]; digests wait until the server answers"
        )
    else:
        yield Finding("SMTP", "ok", f"{server} answers and accepts the login")


def _alarm(settings: Settings) -> Iterator[Finding]:
    """Who notices when this machine stops; nothing is sent, so that a look is no sign of life."""
    ways = [way for way, is_set in (("mail", settings.operator.email), ("ping", settings.operator.ping_url)) if is_set]
    if settings.operator.ping_url is None:
        advice = "a machine that is off can tell nobody: name a monitoring service in [operator] ping_url"
        yield Finding("alarm", "warning", f"by {' and '.join(ways)} only" if ways else "nobody is told", advice)
    else:
        yield Finding("alarm", "ok", f"by {' and '.join(ways)}")


def _programs(_settings: Settings) -> Iterator[Finding]:
    for program, without, how in PROGRAMS:
        if shutil.which(program):
            yield Finding(program, "ok", "installed")
        else:
            yield Finding(program, "warning", f"not installed: {without}", how)


def _existing(folder: Path) -> Path:
    return folder if folder.exists() or folder.parent == folder else _existing(folder.parent)


def _first_line(reason: Exception) -> str:
    return (str(reason).splitlines() or [""])[0]
