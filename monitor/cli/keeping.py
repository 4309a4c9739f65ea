"""Commands that keep an installation: backup, restore, verify."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import AsJson, new_app, open_database
from monitor.cli.output import Exit, print_json, progress_bar, say
from monitor.settings import load_settings
from storage.backup.archive import Kept, back_up
from storage.backup.archive import restore as put_back
from storage.backup.verify import verify as look_at_all
from storage.evidence.store import EvidenceStore

app = new_app()


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A new file, e.g. rulewatch-2026-03-02.tar.")], as_json: AsJson = False
) -> None:
    """Write database and evidence to one file that `sha256sum -c` verifies; a cycle may run meanwhile."""
    settings = load_settings()
    with progress_bar("Backing up") as progress:
        kept = back_up(open_database(settings), EvidenceStore(settings.evidence_folder), file, progress)
    _tell(kept, f"{file}: the database and {kept.files} files of evidence, {kept.bytes / 1e6:.1f} MB", as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup that `rulewatch backup` wrote.")], as_json: AsJson = False
) -> None:
    """Restore a backup into an empty home, every byte verified; the database appears last."""
    settings = load_settings()
    with progress_bar("Restoring") as progress:
        kept = put_back(file, settings.database, EvidenceStore(settings.evidence_folder), progress)
    _tell(kept, f"{settings.folder}: the database and {kept.files} files of evidence are back", as_json)


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Read every file of evidence, and see that database and evidence agree."""
    settings = load_settings()
    with progress_bar("Verifying") as progress:
        verdict = look_at_all(open_database(settings), EvidenceStore(settings.evidence_folder), progress)
    if as_json:
        print_json(verdict.to_json())
    else:
        say(f"{verdict.kept} files kept, {verdict.named} named by captures, {len(verdict.unnamed)} named by none")
        for sha256, capture in verdict.missing.items():
            say(f"missing: {sha256} (capture {capture})")
        for altered in verdict.altered:
            say(f"altered: {altered}")
        say("all is sound" if verdict.is_sound else "restore what is missing or altered from a backup")
    raise typer.Exit(Exit.DONE if verdict.is_sound else Exit.DEGRADED)


def _tell(kept: Kept, said: str, as_json: bool) -> None:
    if as_json:
        print_json(kept.to_json())
    else:
        say(said)
        for sha256 in kept.damaged:
            say(f"left out, because it is gone or altered: {sha256}")
    raise typer.Exit(Exit.DEGRADED if kept.damaged else Exit.DONE)
