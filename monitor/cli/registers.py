"""Commands on registers: certificates, whom changes concern, what was sent, and evidence."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.certificates.commands import (
    export_certificates,
    history_of_certificate,
    import_certificates,
    list_certificates,
    list_contacts,
    list_matches,
    make_template,
    set_contact_state,
    show_certificate,
)
from monitor.cli.options import AnswerLines, AsJson, china_today, new_app, open_database, parse_day
from monitor.cli.output import Exit, answer_lines, print_json, print_table, progress_bar, say
from monitor.digests.commands import list_digests, send_again
from monitor.errors import BadInput
from monitor.settings import load_settings
from storage.captures import CaptureRow
from storage.engine.database import Session
from storage.evidence.store import EvidenceStore
from storage.evidence.warc import captures_of_change, captures_of_period, write_warc

certificates = typer.Typer(no_args_is_help=True, help="The register of certificates.", rich_markup_mode=None)
contacts = typer.Typer(no_args_is_help=True, help="Who is written to.", rich_markup_mode=None)
evidence = typer.Typer(no_args_is_help=True, help="Captured bytes, for an auditor.", rich_markup_mode=None)


NO_CERTIFICATES = (
    "The register has no certificates yet. `rulewatch certificates template my.xlsx` writes an empty list to fill in, "
    "`rulewatch certificates import my.xlsx` takes it in."
)

Force = Annotated[bool, typer.Option("--force", help="Replace the file where it is there already.")]

app = new_app()
app.add_typer(certificates, name="certificates")
app.add_typer(contacts, name="contacts")
app.add_typer(evidence, name="evidence")


@certificates.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx file, one certificate a row.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, keep nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import certificates from every sheet that lists them.

    Rows that cannot be used are named, and written to NAME.refused.csv beside the file; the others are kept. Status:
    0 all rows went in, 1 some were refused, 2 nothing could be read.
    """
    if not file.exists():
        raise BadInput(f"{file} does not exist")
    with progress_bar(f"reading {file.name}") as progress:
        report = import_certificates(open_database(load_settings()), file, dry_run, china_today(), progress)
    if as_json:
        print_json(report.to_json())
    else:
        verb = "would be " if dry_run else ""
        say(f"{report.added} {verb}added, {report.changed} {verb}changed, {report.unchanged} unchanged")
        for line in (*report.said, *report.absent, *report.unread, *report.problems):
            say(str(line), "yellow")
        if report.unlisted:
            say(f"{report.unlisted} more problems are not listed", "yellow")
        if report.refused_file:
            say(f"{report.rejected} refused rows are in {report.refused_file}, each with the reason", "yellow")
    if report.rejected:
        raise typer.Exit(Exit.DEGRADED if report.read else Exit.WRONG_USE)


@certificates.command("template")
def template(
    file: Annotated[Path, typer.Argument(help="The .xlsx or .csv file to write.")], force: Force = False
) -> None:
    """Write an empty list of certificates to fill in: every column, explained in the workbook."""
    make_template(file, force)
    say(f"{file} is ready to be filled in, one certificate a row; then: rulewatch certificates import {file} --dry-run")


@certificates.command("export")
def export_register(
    file: Annotated[Path, typer.Argument(help="The .xlsx or .csv file to write.")], force: Force = False
) -> None:
    """Write every certificate into a file that can be edited and imported again."""
    count = export_certificates(open_database(load_settings()), file, force)
    say(f"{count} certificates written to {file}")


@certificates.command("list")
def list_every_one(as_json: AsJson = False) -> None:
    """Show every certificate, by number."""
    entries = list_certificates(open_database(load_settings()))
    if as_json:
        print_json(entries)
        return
    columns = ("certificate_no", "holder", "rule", "expires", "next_surveillance", "status")
    print_table(columns, [[entry[column] for column in columns] for entry in entries], NO_CERTIFICATES)


@certificates.command("show")
def show_one(number: Annotated[str, typer.Argument(help="The certificate's number.")], as_json: AsJson = False) -> None:
    """Show everything that is known of a certificate, and what imports changed in it."""
    entry = show_certificate(open_database(load_settings()), number)
    if as_json:
        print_json(entry)
        return
    history = entry.pop("history")
    print_table(("field", "says"), [(field, _said(value)) for field, value in entry.items()], "It says nothing.")
    columns = ("field", "old", "new", "file", "at")
    rows = [[item[column] for column in columns] for item in history]
    print_table(columns, rows, "No import has changed it since it was added.")


@certificates.command("history")
def history(number: Annotated[str, typer.Argument(help="The certificate's number.")], as_json: AsJson = False) -> None:
    """Show what each field of a certificate was, since when, and by which import."""
    entries = history_of_certificate(open_database(load_settings()), number)
    if as_json:
        print_json(entries)
        return
    columns = ("field", "says", "since", "file")
    print_table(columns, [[entry[column] for column in columns] for entry in entries], "It says nothing.")


def _said(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


@contacts.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Show who is written to, how often, and for which holders."""
    entries = list_contacts(open_database(load_settings()))
    if as_json:
        print_json(entries)
        return
    print_table(
        ("contact", "state", "frequency", "holders"),
        [(e["contact"], e["state"], e["frequency"], "; ".join(e["holders"])) for e in entries],
        "Nobody is written to yet. `rulewatch certificates import FILE` takes contacts in with their holders' "
        "certificates, from the column contact_email.",
    )


@contacts.command()
def pause(email: Annotated[str, typer.Argument(help="The contact's address.")]) -> None:
    """Write to a contact no more, until it is resumed."""
    set_contact_state(open_database(load_settings()), email, "paused")
    say(f"{email} is not written to until `rulewatch contacts resume`")


@contacts.command()
def resume(email: Annotated[str, typer.Argument(help="The contact's address.")]) -> None:
    """Write to a contact again that was paused or unreachable; what was refused goes with the next cycle."""
    again = send_again(open_database(load_settings()), email)
    say(f"{email} is written to again; {again} refused digests go with the next cycle")


@app.command()
def matches(as_json: AsJson = False, as_json_lines: AnswerLines = False) -> None:
    """Show which certificates each change concerns, and why; or try changes on a certificate, a line each."""
    if as_json_lines:
        from monitor.certificates.trial import tell  # it reads notices, which takes a second to load

        answer_lines(sys.stdin, tell, fields=("today",))
        return
    entries = list_matches(open_database(load_settings()))
    if as_json:
        print_json(entries)
        return
    print_table(
        ("change", "certificate", "holder", "certainty", "because", "severity", "action", "deadline"),
        [
            (e["change"], e["certificate"], e["holder"], e["certainty"], "; ".join(e["because"]), *_meaning(e))
            for e in entries
        ],
        "No change concerns a certificate yet. `rulewatch changes` lists what was found, `rulewatch certificates list` "
        "the certificates that it was held against.",
    )


@app.command()
def digests(as_json: AsJson = False) -> None:
    """Show what was sent to whom, and what waits."""
    entries = list_digests(open_database(load_settings()))
    if as_json:
        print_json(entries)
        return
    print_table(
        ("digest", "contact", "period", "changes", "status", "attempts"),
        [
            (e["id"], e["contact"], e["period"], ", ".join(map(str, e["alerts"])), e["status"], e["attempts"])
            for e in entries
        ],
        "Nothing was sent, and nothing waits to be sent. `rulewatch matches` lists which change concerns whom, "
        "`rulewatch contacts list` who would be written to.",
    )


@evidence.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="The WARC file to write, e.g. change-12.warc.gz.")],
    change: Annotated[int | None, typer.Option(help="The captures that show this change.")] = None,
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Captures from this day on …")] = None,
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="… up to and including this day.")] = None,
) -> None:
    """Write captures as a WARC file (ISO 28500) that replay tools open."""
    first, last = parse_day(since, "--since"), parse_day(until, "--until")
    if (change is None) == (first is None):
        raise BadInput("name either --change N, or --since YYYY-MM-DD")
    settings = load_settings()
    with open_database(settings).session() as session:
        captures = captures_of_change(session, change) if change else _of_period(session, first, last)
    if not captures:
        raise BadInput(f"there is no capture of change {change}" if change else f"nothing was captured since {first}")
    count = write_warc(captures, EvidenceStore(settings.evidence_folder), file)
    say(f"{count} captures written to {file}")


def _of_period(session: Session, first: date | None, last: date | None) -> Sequence[CaptureRow]:
    return captures_of_period(session, first or date.min, last or date.max)


def _meaning(match: dict[str, Any]) -> tuple[Any, ...]:
    return match["severity"], match["action"], match["deadline"]
