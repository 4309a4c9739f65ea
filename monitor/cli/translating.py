"""Commands on translation: what a text is in English and who says so, what awaits, and the glossary."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import AsJson, china_today, new_app, open_database
from monitor.cli.output import Exit, print_json, print_table, say
from monitor.documents.worker import read_safely
from monitor.errors import BadInput
from monitor.facts.extract import facts_of
from monitor.settings import load_settings
from monitor.translation import commands, stage
from monitor.translation.english.glossary import faults_of, load_glossary, misnamed
from monitor.translation.machine.check import find_harm
from monitor.translation.machine.providers import make_translator
from monitor.translation.machine.tmx import read_tmx, write_tmx

app = new_app()
glossary = typer.Typer(no_args_is_help=True, help="The glossary: terms, and whether texts keep to them.")
app.add_typer(glossary, name="glossary")


@app.command()
def translate(
    what: Annotated[str | None, typer.Argument(metavar="FILE|TEXT|status|retry", help="What to translate.")] = None,
    export: Annotated[Path | None, typer.Option(metavar="FILE.tmx", help="Write the memory.")] = None,
    import_from: Annotated[Path | None, typer.Option("--import", metavar="FILE.tmx", help="Take corrections.")] = None,
    by: Annotated[str, typer.Option(help="Whose corrections these are.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say a text in English, with who says it and what each check said; or see and retry what awaits."""
    settings = load_settings()
    database = open_database(settings)
    if export:
        units = commands.remembered(database)
        export.write_bytes(write_tmx(units))
        say(f"{len(units)} translations written to {export}")
    elif import_from:
        units = list(read_tmx(import_from.read_bytes()))
        for zh, en, _ in units:
            commands.correct_translation(database, zh, en, by)
        say(f"{len(units)} translations taken as {by}'s corrections")
    elif what == "status":
        _print_status(commands.status(database, make_translator(settings.translation)), as_json)
    elif what == "retry":
        tally = stage.summarise_changes(database, make_translator(settings.translation), china_today())
        say(", ".join(f"{name}: {count}" for name, count in tally.items()))
    elif what:
        translator = make_translator(settings.translation)
        translator.begin(commands.spent_today(database, translator, china_today()))
        memory = stage.StoredMemory(database, translator.glossary.version, china_today())
        sentences = commands.explain(translator, memory, _text(what), _facts(what))
        _print_sentences(sentences, as_json)
    else:
        raise BadInput("name a FILE, a TEXT, status or retry (or --export, --import)")


@glossary.command("check")
def check(file: Annotated[Path, typer.Argument(help="A glossary (CSV) or translations (TMX).")]) -> None:
    """Report clashes and forbidden names in a glossary, or wrong terms and harm in translations."""
    if not file.exists():
        raise BadInput(f"{file} does not exist")
    faults = _faults_of_tmx(file) if file.suffix.lower() == ".tmx" else faults_of(file.read_text(encoding="utf-8-sig"))
    for fault in faults:
        say(fault)
    say(f"{len(faults)} faults" if faults else "no fault")
    if faults:
        raise typer.Exit(Exit.DEGRADED)


def _faults_of_tmx(file: Path) -> list[str]:
    terms = load_glossary().terms
    return [
        f"{zh}: {fault}"
        for zh, en, _ in read_tmx(file.read_bytes())
        for fault in (*misnamed(zh, en, terms), *find_harm(zh, en))
    ]


def _text(what: str) -> str:
    path = Path(what)
    if not _is_file(path):
        return what
    if path.suffix.lower() in (".txt", ".md"):
        return path.read_text(encoding="utf-8", errors="replace")
    document = read_safely(path.read_bytes(), path.name)
    if not document.readable:
        raise BadInput(f"{path} cannot be read: {document.reason}")
    return "\n".join(f"{part.heading}\n{part.body}" for part in document.parts)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a text too long to be a name
        return False


def _facts(what: str) -> list[dict[str, object]]:
    return [fact.to_json() for fact in facts_of(_text(what), None).facts]


def _print_sentences(sentences: list[dict[str, object]], as_json: bool) -> None:
    if as_json:
        print_json(sentences)
        return
    names = ("zh", "en", "by", "protected", "check")
    rows = [tuple(_cell(sentence[name]) for name in names) for sentence in sentences]
    print_table(names, rows, "There is nothing to translate in it.")


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _print_status(status: dict[str, object], as_json: bool) -> None:
    if as_json:
        print_json(status)
        return
    print_table(("", ""), [(name, _cell(value)) for name, value in status.items()], "Nothing was translated yet.")
