"""The daily cycle on a schedule: the job outlives the process, follows the settings, never runs beside another."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from monitor.notation.china import CHINA
from monitor.service import JOB, run_daily, start_scheduler
from monitor.settings import ServeSettings, Settings
from storage.engine.database import Database
from storage.engine.locks import cycle_lock


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Database]:
    """The database that several services use one after another."""
    database = Database(f"sqlite:///{tmp_path / 'rulewatch.db'}")
    database.upgrade()
    yield database
    database.close()


def settings_at(home: Path, run_at: time) -> Settings:
    """Settings with a time of day for the cycle."""
    return Settings(home=home, serve=ServeSettings(run_at=run_at))


def test_job_runs_daily_in_china_and_is_kept(kept: Database, tmp_path: Path) -> None:
    scheduler = start_scheduler(settings_at(tmp_path, time(2, 30)), kept)
    job = scheduler.get_job(JOB)
    scheduler.shutdown()
    assert job is not None
    assert job.next_run_time.astimezone(CHINA).time() == time(2, 30)
    assert job.max_instances == 1
    assert job.coalesce


def test_missed_cycle_is_remembered_across_a_restart(kept: Database, tmp_path: Path) -> None:
    settings = settings_at(tmp_path, time(2, 30))
    first = start_scheduler(settings, kept)
    soon = datetime.now(CHINA) + timedelta(hours=1)
    first.modify_job(JOB, next_run_time=soon)
    first.shutdown()
    second = start_scheduler(settings, kept)
    job = second.get_job(JOB)
    second.shutdown()
    assert job is not None
    assert job.next_run_time == soon


def test_another_time_of_day_moves_the_job(kept: Database, tmp_path: Path) -> None:
    start_scheduler(settings_at(tmp_path, time(2, 30)), kept).shutdown()
    scheduler = start_scheduler(settings_at(tmp_path, time(4, 15)), kept)
    jobs = scheduler.get_jobs()
    scheduler.shutdown()
    assert [job.next_run_time.astimezone(CHINA).time() for job in jobs] == [time(4, 15)]


def test_cycle_is_left_out_while_another_is_at_work(kept: Database, tmp_path: Path) -> None:
    config = tmp_path / "rulewatch.toml"
    config.write_text(f'home = "{tmp_path}"\n', encoding="utf-8")
    with cycle_lock(kept):
        assert run_daily(str(config)) is None
