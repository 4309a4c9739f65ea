"""Commands that look: at the authorities' sections, and at the installation."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.discover import discover as look_around
from crawler.probe import probe as probe_sections
from monitor import doctor as installation
from monitor.cli.options import AsJson, Authority, china_today, new_app, open_database
from monitor.cli.output import Exit, listed, notes, print_json, print_table, say
from monitor.cli.views import discovered, probed
from monitor.incidents import commands as section_commands
from monitor.settings import load_settings

app = new_app()


@app.command()
def probe(
    authority: Authority = None,
    save: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the pages in this folder.")] = None,
    noise: Annotated[
        bool, typer.Option("--noise", help="Also what differs by itself, and every link set aside.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Visit every section once, store nothing, and say in a sentence each what was understood; then the details."""
    settings = load_settings()
    with notes.status("Visiting sections …"):
        sections = probe_sections(settings.crawl, settings.authorities, authority, save, china_today())
    if as_json:
        print_json({"sections": list(sections)})
    else:
        _print_probe(list(sections), noise)
    if any(section["status"] != "ok" for section in sections):
        raise typer.Exit(Exit.DEGRADED)


@app.command()
def discover(
    url: Annotated[str, typer.Argument(metavar="URL", help="The authority's home page.")],
    name: Annotated[str, typer.Option("--name", help="What the authority is to be called.")] = "new",
    as_json: AsJson = False,
) -> None:
    """Look around a site, at most 60 requests, and print settings for the lists that are worth watching."""
    settings = load_settings()
    with notes.status("Looking around …"):
        found = look_around(settings.crawl, url, china_today())
    if as_json:
        print_json(found)
    else:
        for line in (*discovered.toml_lines(found, name), "", *discovered.left_out_lines(found)):
            say(line)
    if not found["sections"]:
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
            "Nothing was checked.",
        )
    if any(finding.status == "failed" for finding in findings):
        raise typer.Exit(Exit.FAILED)


sections_app = new_app()
app.add_typer(sections_app, name="sections", help="What visits taught of each section, and which are confirmed.")


@sections_app.callback(invoke_without_command=True)
def sections(context: typer.Context, as_json: AsJson = False) -> None:
    """List every section as it was read last, what was learned of its addresses, and whether it is confirmed."""
    if context.invoked_subcommand is not None:
        return
    database = open_database(load_settings())
    try:
        with database.session() as session:
            rows = section_commands.known_sections(session)
    finally:
        database.close()
    if as_json:
        print_json({"sections": rows})
        return
    for row in listed(rows, "No section was visited yet. `rulewatch run` visits every one."):
        say(section_commands.sentence(row))


@sections_app.command()
def confirm(
    name: Annotated[str, typer.Argument(metavar="AUTHORITY/SECTION", help="For example ccap/notices.")],
) -> None:
    """Confirm that a section is read rightly: it counts as known until its pages are built in another way."""
    database = open_database(load_settings())
    try:
        with database.session() as session:
            shape = section_commands.confirm(session, name, china_today())
            session.commit()
    finally:
        database.close()
    say(f"{name} is confirmed as it is read now ({shape}); while it stays so, its reading is no doubt")


def _print_probe(sections: list[dict[str, Any]], noise: bool) -> None:
    for section in sections:
        say(probed.sentence(section))
    for section in sections:
        say(f"\n{section['authority']}/{section['section']}")
        for line in probed.details(section, noise):
            say(f"  {line}")
