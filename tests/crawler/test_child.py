"""The process in which a crawl runs: how it ends, and what is said of it."""

from dataclasses import dataclass

from crawler.run import run_child


@dataclass(frozen=True)
class Quiet:
    """A job that does nothing."""

    def run(self) -> None:
        """Do it."""


@dataclass(frozen=True)
class Failing:
    """A job that fails."""

    def run(self) -> None:
        """Fail with a word that can be found."""
        raise ValueError("the disk is full")


def test_a_child_that_did_its_job_ends_by_itself_with_status_0() -> None:
    assert run_child(Quiet(), 60) == "the crawl ended without a verdict"


def test_a_child_that_fails_says_why() -> None:
    assert run_child(Failing(), 60) == "the crawl ended with status 1: ValueError: the disk is full"
