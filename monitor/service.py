"""rulewatch serve: the daily cycle on a schedule and the change log in the browser, in one process.

The job is kept in the database (APScheduler's SQLAlchemy job store), so that a cycle missed while the machine was
off is caught up with when it comes back. The lock of the cycle, not the scheduler, sees to it that two services on
one database never work at the same time.
"""

import errno
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog
import uvicorn
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from monitor.cycle import CycleReport, failure_of, run_cycle
from monitor.errors import RulewatchError
from monitor.notation.china import CHINA
from monitor.settings import Settings, config_path, load_settings
from monitor.web.app import create_app
from storage.engine.database import Database
from storage.errors import AnotherCycleRuns

HOST = "127.0.0.1"
"""The only address on which the change log listens: there are no accounts yet."""
JOB = "daily-cycle"
CATCH_UP_SECONDS = 20 * 3600
"""A cycle missed by less than this is run late; one missed by more waits for the next day's."""

_WHY_NOT = {
    errno.EADDRINUSE: "another program uses it (another `rulewatch serve`?)",
    errno.EACCES: "the system lets only root use it",
}

log = structlog.get_logger()


class PortTaken(RulewatchError):
    """Raised when the change log cannot listen where it should."""


def serve_forever(settings: Settings, port: int | None, ready: Callable[[int], None]) -> None:
    """Serve the change log on this machine and run the daily cycle until the process is told to stop.

    `ready` is told the port as soon as a browser can connect to it. Raises PortTaken where another program has it.
    """
    with bound(settings.serve.port if port is None else port) as listening:
        database = Database(settings.database)
        try:
            database.upgrade()
            app = create_app(settings, database)
            scheduler = start_scheduler(settings, database)
            try:
                ready(listening.getsockname()[1])
                config = uvicorn.Config(app, log_level="warning", server_header=False)
                uvicorn.Server(config).run(sockets=[listening])
            finally:
                scheduler.shutdown(wait=False)
        finally:
            database.close()


def bound(port: int) -> socket.socket:
    """Return a socket that listens on a port of this machine (0: any free one). Raises PortTaken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError as reason:
        listening.close()
        why = _WHY_NOT.get(reason.errno or 0, reason.strerror)
        raise PortTaken(
            f"the change log cannot be served on {HOST}:{port}: {why}; name another port: rulewatch serve --port 8731"
        ) from None
    return listening


def start_scheduler(settings: Settings, database: Database) -> BackgroundScheduler:
    """Return a running scheduler with its one job: the cycle, daily at `run_at` in China, kept in the database.

    A job that is kept already with the same time is left alone: adding it anew would forget a missed cycle.
    """
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=database.engine)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": CATCH_UP_SECONDS},
        timezone=CHINA,
    )
    scheduler.start(paused=True)
    at, config = settings.serve.run_at, config_path()
    trigger = CronTrigger(hour=at.hour, minute=at.minute, timezone=CHINA)
    arguments = (str(config.resolve()) if config else None,)
    kept = scheduler.get_job(JOB)
    if kept is None or str(kept.trigger) != str(trigger) or tuple(kept.args) != arguments:
        scheduler.add_job(run_daily, trigger, id=JOB, args=arguments, replace_existing=True)
    scheduler.resume()
    return scheduler


def run_daily(config: str | None) -> CycleReport | None:
    """Run today's cycle (the day in China) with the settings of now; None where it failed or another is at work."""
    settings = load_settings(Path(config) if config else None)
    today = datetime.now(CHINA).date()
    try:
        report = run_cycle(settings, today)
    except AnotherCycleRuns:
        log.warning("daily cycle skipped", reason="another one is at work")
        return None
    except Exception as reason:  # last resort: the operator was told; the schedule goes on
        log.error("daily cycle failed", today=today.isoformat(), reason=failure_of(settings, today, reason).sentence)
        return None
    log.info("daily cycle ended", run=report.run_id, status=report.status)
    return report
