"""The dead-man's switch, against a server on loopback: what it hears of a cycle, and that its troubles stay its own."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from monitor.cycle import STAGES, run_cycle
from monitor.doctor import examine
from monitor.errors import BadSettings
from monitor.incidents.failure import CycleFailure
from monitor.incidents.heartbeat import LONGEST_BODY, Heartbeat
from monitor.settings import Settings, load_settings
from storage.errors import DRIVER_ERRORS
from tests.servers.monitoring import Monitoring

TODAY = date(2026, 3, 2)
CLOSED = "http://127.0.0.1:9"
AWAY = {"base_url": CLOSED, "sections": [{"name": "rules", "role": "rules", "family": "general"}]}


def settings_at(home: Path, url: str) -> Settings:
    """An installation whose two sites are out of reach, with a check at an address."""
    crawl = {"delay_seconds": 0, "retries": 0}
    return Settings(home=home, operator={"ping_url": url}, authorities={"cqc": AWAY, "ccap": AWAY}, crawl=crawl)


def test_a_cycle_tells_that_it_begins_and_how_it_ended(tmp_path: Path) -> None:
    with Monitoring() as check:
        run_cycle(settings_at(tmp_path, check.url), TODAY)
    begun, ended = check.pings
    assert (begun.step, ended.step) == ("/start", "")
    assert begun.query["rid"] == ended.query["rid"]
    assert ended.said.startswith("degraded, 2026-03-02\nchanges 0, ")
    assert "cqc/rules: unreachable" in ended.said


def test_a_part_of_a_cycle_is_no_sign_of_life_and_neither_is_a_look(tmp_path: Path) -> None:
    with Monitoring() as check:
        settings = settings_at(tmp_path, check.url)
        run_cycle(settings, TODAY, stages=STAGES[1:])
        run_cycle(settings, TODAY, only="cqc")
        alarm = next(finding for finding in examine(settings) if finding.subject == "alarm")
    assert check.pings == []
    assert (alarm.status, alarm.found) == ("ok", "by ping")


def test_a_cycle_that_fails_outright_says_why(tmp_path: Path) -> None:
    (tmp_path / "rulewatch.db").write_bytes(b"this is no database" * 100)
    with Monitoring() as check:
        settings = settings_at(tmp_path, check.url)
        with pytest.raises(DRIVER_ERRORS):
            run_cycle(settings, TODAY)
    assert [ping.step for ping in check.pings] == ["/fail"]
    assert "database" in check.pings[0].said


def test_one_that_was_not_heard_is_told_once_more_and_nothing_is_raised() -> None:
    with Monitoring(503) as check:
        beat = Heartbeat.of_a_run(f"{check.url}/?token=x")
        assert beat.begun()
    assert [(ping.step, ping.query["token"]) for ping in check.pings] == [("/start", ["x"])] * 2
    assert {UUID(ping.query["rid"][0]) for ping in check.pings} == {beat.rid}
    with Monitoring(500, 500) as check:
        assert not Heartbeat.of_a_run(check.url).failed(CycleFailure(TODAY, "the disk is full"))
    assert check.pings[1].said == "the disk is full"
    assert not Heartbeat.of_a_run(CLOSED).begun()


def test_a_long_report_is_cut_and_no_address_tells_nobody() -> None:
    with Monitoring() as check:
        assert Heartbeat.of_a_run(check.url).ended("x" * 50_000)
    assert len(check.pings[0].said) == LONGEST_BODY
    assert not Heartbeat.of_a_run(None).begun()


@pytest.mark.parametrize("url", ["ftp://x.example/geheim", "x.example/geheim", "https://?geheim", "http://[geheim"])
def test_what_is_no_address_is_refused_without_being_said(tmp_path: Path, url: str) -> None:
    path = tmp_path / "rulewatch.toml"
    path.write_text(f'[operator]\nping_url = "{url}"\n')
    with pytest.raises(BadSettings, match=r"operator.ping_url: must be an http or https address") as raised:
        load_settings(path)
    assert "geheim" not in str(raised.value)
