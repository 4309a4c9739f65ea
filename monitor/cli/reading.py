"""Commands that read: what a document says, what a text states, what differs, and the change log."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.options import AsJson, china_today, new_app, open_database, parse_day
from monitor.cli.output import answer_lines, notes, print_json, say, screen
from monitor.cli.views import screens
from monitor.comparison.compare import compare_documents, compare_texts
from monitor.documents import stage as documents
from monitor.documents.document import Document
from monitor.documents.worker import read_page_safely, read_safely
from monitor.errors import BadInput
from monitor.facts.errors import SecondReaderFailed
from monitor.facts.explain import explained
from monitor.facts.extract import facts_of, facts_of_document
from monitor.facts.fact import FactReading
from monitor.facts.second.service import SecondReader
from monitor.facts.text.printed import document_text
from monitor.settings import Settings, load_settings
from monitor.web.comparison import comparison_page
from storage.captures import find_capture
from storage.documents import page_family_of
from storage.evidence.store import EvidenceStore

AsJsonLines = Annotated[
    bool, typer.Option("--json-lines", help="Print one JSON object a line; without a file, answer standard input.")
]
Published = Annotated[
    str | None, typer.Option("--published", metavar="YYYY-MM-DD", help="Day of publication, where known.")
]


app = new_app()


@app.command()
def show(
    what: Annotated[str, typer.Argument(metavar="FILE|URL|CAPTURE", help="A file, a captured address, or its number.")],
    set_aside: Annotated[bool, typer.Option("--set-aside", help="Show what is in no part of it, and why.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what was read from a document: clauses, tables, doubts."""
    document = _document(what, load_settings())
    if as_json:
        print_json(document.to_json())
    elif set_aside:
        screens.print_set_aside(document)
    else:
        screen.print(screens.document_tree(document))


@app.command()
def facts(
    file: Annotated[str | None, typer.Argument(metavar="FILE|-", help="A document; - is standard input.")] = None,
    published: Published = None,
    as_json: AsJson = False,
    as_json_lines: AsJsonLines = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show each clause's frame and each day's roles.")] = False,
    second: Annotated[bool, typer.Option("--second", help="Ask the second reader too ([second_reader]).")] = False,
) -> None:
    """Find the codes, standards and facts in a text."""
    day = parse_day(published, "--published")
    if file is None and as_json_lines:
        answer_lines(sys.stdin, _facts_answer, fields=("text",))
        return
    if file is None:
        raise BadInput("name a FILE, or - for standard input (or --json-lines for many texts)")
    if explain:
        screen.print(screens.explanation(list(explained(_facts_text(file), day))))
        return
    reading = _read_twice(file, day) if second else _facts_of(file, day)
    if as_json or as_json_lines:
        print_json(reading.to_json(), one_line=as_json_lines)
    else:
        screen.print(screens.facts_table(reading))


@app.command()
def compare(
    old: Annotated[Path | None, typer.Argument(help="The old document.")] = None,
    new: Annotated[Path | None, typer.Argument(help="The new document.")] = None,
    all_clauses: Annotated[bool, typer.Option("--all", help="List unchanged clauses too.")] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page to send on.")] = None,
    as_json: AsJson = False,
    as_json_lines: AsJsonLines = False,
) -> None:
    """Compare two documents, clause by clause."""
    if old is None and as_json_lines:
        answer_lines(sys.stdin, lambda pair: _compare_answer(pair, all_clauses), fields=("old", "new"))
        return
    if old is None or new is None:
        raise BadInput("name two files, OLD and NEW (or --json-lines for many pairs of texts)")
    comparison = compare_documents(_readable(old), _readable(new))
    if html:
        html.write_text(comparison_page(old.name, new.name, comparison), encoding="utf-8")
        notes.print(f"written: {html}", markup=False)
    if as_json or as_json_lines:
        print_json(comparison.to_json(all_clauses), one_line=as_json_lines)
    elif not html:
        screen.print(screens.comparison_view(comparison, all_clauses))


@app.command()
def reread() -> None:
    """Read stored captures again where this version reads better; makes no change by itself."""
    settings = load_settings()
    database = open_database(settings)
    with notes.status("Reading again …") as status:
        tally = documents.reread_captures(
            database,
            EvidenceStore(settings.evidence_folder),
            settings.reader,
            china_today(),
            lambda done, of: status.update(f"Reading again: {done} of {of}"),
        )
    say(", ".join(f"{name}: {count}" for name, count in tally.items()) or "nothing to read again")


def _document(what: str, settings: Settings) -> Document:
    path = Path(what)
    if path.exists():
        return _read_file(path)
    database = open_database(settings)
    with database.session() as session:
        capture = find_capture(session, what)
    if capture is None:
        raise BadInput(f'"{what}" is no file here, no captured address and no number of a capture')
    data = EvidenceStore(settings.evidence_folder).read(capture.sha256)
    if page_family_of(capture):
        return read_page_safely(data, capture.url, capture.family, capture.content_type)
    return read_safely(data, capture.name)


def _read_file(path: Path) -> Document:
    if path.is_dir():
        raise BadInput(f"{path} is a folder, not a document")
    return read_safely(path.read_bytes(), path.name)


def _readable(path: Path) -> Document:
    if not path.exists():
        raise BadInput(f"{path} does not exist")
    document = _read_file(path)
    if not document.readable:
        raise BadInput(f"{path} cannot be read: {document.reason}")
    return document


def _facts_of(file: str, published: date | None) -> FactReading:
    if file == "-":
        return facts_of(sys.stdin.read(), published)
    path = Path(file)
    if path.suffix.lower() in (".txt", ".md"):
        return facts_of(_text(path), published)
    return facts_of_document(_readable(path), published)


def _read_twice(file: str, published: date | None) -> FactReading:
    """Our reading beside the second reader's; where it fails, ours alone, and why is said."""
    is_document = file != "-" and Path(file).suffix.lower() not in (".txt", ".md")
    document = _readable(Path(file)) if is_document else None
    text = document_text(document) if document else _facts_text(file)
    published = published or (document.published if document else None)
    reading = facts_of(text, published)
    try:
        return SecondReader(load_settings().second_reader).beside(reading, text, published)
    except SecondReaderFailed as reason:
        notes.print(f"second reader: {reason}", markup=False)
        return reading


def _facts_text(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    path = Path(file)
    return _text(path) if path.suffix.lower() in (".txt", ".md") else document_text(_readable(path))


def _text(path: Path) -> str:
    from crawler.pages.charset import decode

    if not path.exists():
        raise BadInput(f"{path} does not exist")
    return decode(path.read_bytes()).text


def _facts_answer(question: dict[str, Any]) -> dict[str, Any]:
    published = question.get("published")
    day = parse_day(published, '"published"') if isinstance(published, str) and published else None
    return facts_of(question["text"], day).to_json()


def _compare_answer(question: dict[str, Any], all_clauses: bool) -> dict[str, Any]:
    return compare_texts(question["old"], question["new"]).to_json(all_clauses)
