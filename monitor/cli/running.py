"""Commands that make things happen: the cycle, its stages, the service, a look at the sites and at the installation."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from crawler.probe import probe as probe_sections
from monitor import doctor as installation
from monitor.cli.output import Exit, notes, print_json, print_table, say
from monitor.cycle import STAGES, CycleReport, Stage, run_cycle
from monitor.errors import BadInput
from monitor.settings import Settings, load_settings

CHINA = ZoneInfo("Asia/Shanghai")
WORDS = {
    "crawl": "Visiting the authorities' sites",
    "read": "Reading pages and files",
    "detect": "Looking for what changed",
    "summarise": "Saying it in English",
    "match": "Finding the certificates concerned",
    "compose": "Writing digests",
    "deliver": "Sending digests",
}

Today = Annotated[
    str | None,
    typer.Option("--today", metavar="YYYY-MM-DD", help="The day treated as now (default: China's today)."),
]
Authority = Annotated[str | None, typer.Option("--authority", metavar="NAME", help="Only this authority, e.g. cqc.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands; each stage of the cycle is one too."""
    app.command()(run)
    app.command()(serve)
    app.command()(probe)
    app.command()(doctor)
    for stage in STAGES:
        app.command(stage.__name__, help=f"Stage of the cycle: {stage.__doc__}")(_stage_command(stage))


def run(today: Today = None, authority: Authority = None, as_json: AsJson = False) -> None:
    """Run one full daily cycle: crawl, read, detect, summarise, match, compose, deliver. Safe to repeat."""
    _cycle(STAGES, today, authority, as_json)


def serve(
    port: Annotated[int | None, typer.Option(help="Port of the change log (default: settings, 8730).")] = None,
) -> None:
    """Run the scheduler and the change log in the browser, in one process, until stopped."""
    from monitor.service import HOST, serve_forever

    settings = load_settings()
    chosen = settings.serve.port if port is None else port
    notes.print(
        f"The change log is at http://{HOST}:{chosen}/ and the cycle runs daily at {settings.serve.run_at:%H:%M}"
    )
    notes.print("in China. Stop with Ctrl-C.")
    serve_forever(settings, chosen)


def probe(
    authority: Authority = None,
    save: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the pages in this folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Visit every section once, store nothing, and report what was understood."""
    settings = load_settings()
    with notes.status("Visiting sections …"):
        sections = probe_sections(settings.crawl, settings.authorities, authority, save, china_today())
    if as_json:
        print_json({"sections": list(sections)})
    else:
        _print_probe(list(sections))
    if any(section["status"] != "ok" for section in sections):
        raise typer.Exit(Exit.DEGRADED)


def doctor(as_json: AsJson = False) -> None:
    """Check configuration, database, evidence store, translator, SMTP and helper programs: each ok, or why not."""
    findings = installation.examine(load_settings())
    if as_json:
        print_json({"checks": [finding.to_json() for finding in findings]})
    else:
        print_table(
            ("check", "status", "what was found", "what to do"),
            [(finding.subject, finding.status, finding.found, finding.advice) for finding in findings],
        )
    if any(finding.status == "failed" for finding in findings):
        raise typer.Exit(Exit.FAILED)


def china_today() -> date:
    """Return today's date in China."""
    return datetime.now(CHINA).date()


def parse_day(text: str | None, option: str = "--today") -> date | None:
    """Return the day that an option names, None where it is not given. Raises BadInput with the option's name."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f'{option} "{text}" is not a date (expected something like 2026-03-02)') from None


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
        )
    content = report.to_json()
    if "detect" in report.tallies:
        say(f"{content['changes']} new changes (rulewatch changes shows them)")
    if "compose" in report.tallies:
        say(f"{content['alerts']} alerts, {content['digests']} digests, {content['held_for_review']} held for review")
    if "deliver" in report.tallies:
        say(f"{content['delivered']} digests delivered")
    say(f"Run {report.run_id} of {report.today}: {report.status}", "green" if report.status == "ok" else "yellow")


def _print_probe(sections: list[dict[str, Any]]) -> None:
    headers = ("authority", "section", "status", "family", "encoding", "rows", "newest", "files", "not understood")
    print_table(headers, map(_probe_row, sections))
    for section in sections:
        for line in [*section["unstable"], *section["advice"]]:
            say(f"{section['authority']}/{section['section']}: {line}")


def _probe_row(section: dict[str, Any]) -> tuple[Any, ...]:
    newest = max((row["date"] for row in section["rows"] if row["date"]), default="")
    files = len(section["sample"]["files"]) if section["sample"] else ""
    names = ("authority", "section", "status", "family", "encoding")
    return (*(section[name] for name in names), len(section["rows"]), newest, files, section["reason"])
