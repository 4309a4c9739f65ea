"""Commands that make things happen: the cycle, its stages alone, the service."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from monitor.cli.options import AsJson, Authority, Today, china_today, new_app, parse_day
from monitor.cli.output import Exit, notes, print_json, print_table, say
from monitor.cycle import STAGES, CycleReport, Stage, run_cycle
from monitor.settings import Settings, load_settings

WORDS = {
    "crawl": "Visiting the authorities' sites",
    "read": "Reading pages and files",
    "detect": "Looking for what changed",
    "summarise": "Saying it in English",
    "match": "Finding the certificates concerned",
    "compose": "Writing digests",
    "deliver": "Sending digests",
}

app = new_app()


@app.command()
def run(today: Today = None, authority: Authority = None, as_json: AsJson = False) -> None:
    """Run one full daily cycle: crawl, read, detect, summarise, match, compose, deliver. Safe to repeat."""
    _cycle(STAGES, today, authority, as_json)


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Port of the change log (default: settings, 8730).")] = None,
) -> None:
    """Run the scheduler and the change log in the browser, in one process, until stopped."""
    from monitor.service import HOST, serve_forever

    settings = load_settings()

    def say_where(chosen: int) -> None:
        at = f"{settings.serve.run_at:%H:%M}"
        notes.print(f"The change log is at http://{HOST}:{chosen}/ and the cycle runs daily at {at}")
        notes.print("in China. Stop with Ctrl-C.")

    serve_forever(settings, port, say_where)


def _stage_command(stage: Stage) -> Callable[..., None]:
    def command(today: Today = None, authority: Authority = None, as_json: AsJson = False) -> None:
        _cycle((stage,), today, authority, as_json)

    return command


def _cycle(stages: tuple[Stage, ...], today: str | None, authority: str | None, as_json: bool) -> None:
    settings = load_settings()
    day = parse_day(today) or china_today()
    report = _with_progress(settings, day, authority, stages)
    if as_json:
        print_json(report.to_json())
    else:
        _print_report(report)
    if report.status != "ok":
        raise typer.Exit(Exit.DEGRADED)


def _with_progress(settings: Settings, day: date, authority: str | None, stages: tuple[Stage, ...]) -> CycleReport:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=notes, transient=True) as progress:
        task = progress.add_task("Opening")
        return run_cycle(
            settings, day, authority, stages, begun=lambda name: progress.update(task, description=f"{WORDS[name]} …")
        )


def _print_report(report: CycleReport) -> None:
    if report.sections:
        print_table(
            ("authority", "section", "status", "rows", "fetched", "why"),
            [
                (row["authority"], row["section"], row["status"], row["listed"], row["fetched"], row["reason"])
                for row in report.sections
            ],
            "No section was visited.",
        )
    content = report.to_json()
    reading = report.tallies.get("read", {})
    if reading.get("failed"):
        say(f"{reading['failed']} documents not read for lack of time, memory or a program; the next run tries again")
    if reading.get("fallen"):
        say(f"{reading['unreadable']} documents could not be read, far more than usual: is the reader well?", "yellow")
    if "detect" in report.tallies:
        say(f"{content['changes']} new changes (rulewatch changes shows them)")
    if "compose" in report.tallies:
        say(f"{content['alerts']} alerts, {content['digests']} digests, {content['held_for_review']} held for review")
    if "deliver" in report.tallies:
        say(f"{content['delivered']} digests delivered")
    if content["set_aside"]:
        say(
            f"{content['set_aside']} pieces of work set aside; everything else went on (the page Health names them)",
            "yellow",
        )
    say(f"Run {report.run_id} of {report.today}: {report.status}", "green" if report.status == "ok" else "yellow")


for _stage in STAGES:
    app.command(_stage.__name__, help=f"Stage of the cycle: {_stage.__doc__}")(_stage_command(_stage))
