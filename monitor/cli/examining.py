"""Commands that look: at the authorities' sections, and at the installation."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.probe import probe as probe_sections
from monitor import doctor as installation
from monitor.cli.options import AsJson, Authority, china_today, new_app
from monitor.cli.output import Exit, notes, print_json, print_table, say
from monitor.settings import load_settings

app = new_app()


@app.command()
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


@app.command()
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
