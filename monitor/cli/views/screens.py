"""What a person sees of documents, facts, comparisons, the log and the register: trees and tables in colour."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from monitor.cli.output import listed, print_table, say, screen
from monitor.comparison.comparison import ClauseChange, Comparison, Edit, Op
from monitor.documents.document import Document, Part
from monitor.facts.fact import Fact, FactReading, StandardChange

OP_COLOURS = {
    Op.ADDED: "green",
    Op.REMOVED: "red",
    Op.MODIFIED: "yellow",
    Op.MOVED: "cyan",
    Op.RENUMBERED: "cyan",
    Op.UNCHANGED: "dim",
}
SURE = 0.95
"""A document read with less confidence than this is coloured as doubtful."""


def document_tree(document: Document) -> Tree:
    """Return a document as a tree: what it is, how it was read, its doubts, its parts."""
    tree = Tree(_document_label(document))
    for doubt in document.doubts:
        tree.add(Text(f"doubt: {doubt.about}: {doubt.why}", style="yellow"))
    branches: list[tuple[int, Tree]] = [(-1, tree)]
    for part in document.parts:
        while branches[-1][0] >= part.level:
            branches.pop()
        branches.append((part.level, _add_part(branches[-1][1], part)))
    for member in document.members:
        tree.add(document_tree(member))
    return tree


def print_set_aside(document: Document) -> None:
    """Print what a document's file holds besides its parts: what it is, where it stands, why it is no part."""
    rows = [(item.what, item.where, str(item.times), item.why, item.text) for item in document.set_aside]
    name = document.name or document.title
    print_table(("what", "where", "times", "why", "text"), rows, f"{name}: nothing was set aside.", name)
    for member in document.members:
        print_set_aside(member)


def facts_table(reading: FactReading) -> Group:
    """Return what was found in a text: facts with their sentences, then codes, standards and neighbours' codes."""
    table = Table("fact", "value", "more", "sure", "where it says so", header_style="bold", title="Facts")
    table.title_justify = "left"
    for fact in reading.facts:
        value = fact.value
        shown = f"{value.old} → {value.new}" if isinstance(value, StandardChange) else str(value)
        sure = Text("yes") if fact.sure else Text("no", style="yellow")
        table.add_row(fact.type.value, Text(shown), _more(fact), sure, Text(fact.quote, style="dim", overflow="fold"))
    return Group(
        table if reading.facts else Text("No fact was found."),
        _names("Rule codes", [str(code) for code in reading.codes]),
        _names("Standards", [str(standard) for standard in reading.standards]),
        _names("Others' codes", list(reading.others)),
        _names("Named", [f"{named.text} ({named.role})" for named in reading.named]),
        _names("Unexplained", [left.text for left in reading.unexplained]),
    )


def _more(fact: Fact) -> Text:
    """The keys that a fact has beside its value."""
    keys = [("deed", fact.deed), ("whose", fact.whose), ("on", fact.on), ("until", fact.until)]
    said = [f"{name} {key}" for name, key in keys if key]
    return Text(", ".join([*said, "in part"] if fact.partial else said))


def explanation(lines: Sequence[str]) -> Group:
    """Return why facts were read as they were: the frame of each clause, the roles of each day with their scores."""
    return Group(*(Text(line, style="" if line.startswith(" ") else "bold") for line in lines))


def comparison_view(comparison: Comparison, with_unchanged: bool) -> Group:
    """Return two documents side by side, clause by clause: red is gone, green is new, dim is editorial."""
    table = Table("clause", "old", "new", "what differs", header_style="bold", show_lines=True, expand=True)
    table.columns[0].width, table.columns[3].width = 16, 24
    for clause in comparison.clauses if with_unchanged else comparison.changed:
        table.add_row(_clause_label(clause), _side(clause, "delete"), _side(clause, "insert"), _why(clause))
    substantive = sum(clause.substantive for clause in comparison.clauses)
    heading = f"{substantive} clauses with a changed requirement, {len(comparison.changed) - substantive} editorial, "
    counted = Text(f"{heading}{comparison.unchanged} unchanged", style="bold")
    return Group(counted, table) if table.rows else Group(counted)


NO_CHANGES = (
    "No changes yet. `rulewatch run` looks for them; what the first visit of a section finds is where it starts from "
    "and no change. `rulewatch sections` shows what was visited."
)


def print_change_log(entries: Sequence[dict[str, Any]]) -> None:
    """Print the change log, newest first, with the English summary of each change."""
    for entry in listed(entries, NO_CHANGES):
        edition = " → ".join(name for name in (entry["old_edition"], entry["new_edition"]) if name)
        heading = Text(f"{entry['id']}  {entry['detected_on']}  {entry['kind']}  {edition or entry['family'] or ''}")
        heading.stylize("bold yellow" if entry["needs_review"] else "bold")
        screen.print(heading)
        if entry["needs_review"]:
            say(f"    waits for a consultant: {', '.join(entry['reasons'])}", "yellow")
        for line in str(entry["summary_en"] or entry["title_zh"]).splitlines():
            say(f"    {line}")


def print_register(entries: Sequence[dict[str, Any]], on: date) -> None:
    """Print the editions in force at a day, and the capture that shows each."""
    print_table(
        ("family", "edition", "title", "effective", "evidence"),
        [(e["family"], e["edition"], e["title_zh"], e["effective"], e.get("source_url") or "") for e in entries],
        f"No edition is known to have been in force on {on}. `rulewatch run` visits the authorities; its first visit "
        "of a section fills the register.",
        title=f"In force on {on}",
    )


def print_history(entries: Sequence[dict[str, Any]], family: str) -> None:
    """Draw a family's line, oldest first."""
    tree = Tree(Text("history", style="bold"))
    for entry in listed(entries, f"Nothing is known of {family}. `rulewatch register` lists the rules that are known."):
        tree.add(Text(f"{entry['on'] or '(no date)'}  {entry['what']}"))
    if entries:
        screen.print(tree)


def _document_label(document: Document) -> Text:
    if not document.readable:
        return Text(f"{document.name or document.kind}: not readable: {document.reason}", style="red")
    pages = f", {document.pages} pages" if document.pages else ""
    ocr = f", by OCR: {', '.join(map(str, document.ocr_pages))}" if document.ocr_pages else ""
    dates = f", published {document.published}" if document.published else ""
    dates += f", effective {document.effective}" if document.effective else ""
    label = Text(document.title or document.name or "(no title)", style="bold")
    label.append(f"\n{document.code or 'no code'}{dates}", style="cyan")
    style = "dim" if document.confidence >= SURE else "yellow"
    read_by = f"{document.reader.name} {document.reader.version}"
    label.append(f"\n{document.kind}{pages}{ocr}, read by {read_by}, confidence {document.confidence:.2f}", style=style)
    return label


def _add_part(tree: Tree, part: Part) -> Tree:
    label = Text(" ".join(piece for piece in (part.path, part.heading) if piece), style="bold")
    if not part.path:
        label = Text(f"[{part.role.value}] {part.heading}".rstrip(), style="magenta")
    if part.body:
        label.append(f"\n{part.body}", style="not bold default")
    branch = tree.add(label)
    for rows in part.tables:
        table = Table(show_header=False, show_lines=True)
        for row in rows:
            table.add_row(*(Text(cell, overflow="fold") for cell in row))
        branch.add(table)
    return branch


def _names(title: str, names: list[str]) -> Text:
    return Text(f"{title}: {', '.join(names) if names else 'none'}")


def _clause_label(clause: ClauseChange) -> Text:
    paths = [path for path in dict.fromkeys((clause.old_path, clause.new_path)) if path]
    label = Text(f"{' → '.join(paths) or '(text)'}\n{clause.op.value}", style=OP_COLOURS[clause.op])
    if clause.op is not Op.UNCHANGED and not clause.substantive:
        label.append("\neditorial", style="dim")
    return label


def _side(clause: ClauseChange, own: str) -> Text:
    edits: Sequence[Edit] = clause.edits
    if not edits:
        whole = clause.old if own == "delete" else clause.new
        is_kept = clause.op in (Op.UNCHANGED, Op.MOVED, Op.RENUMBERED)
        return Text(whole or "", style="" if is_kept else _mark(own), overflow="fold")
    side = Text(overflow="fold")
    for edit in edits:
        if edit.op in ("equal", own):
            side.append(edit.text, style="" if edit.op == "equal" else _mark(own))
    return side


def _mark(own: str) -> str:
    return "red strike" if own == "delete" else "green"


def _why(clause: ClauseChange) -> Text:
    return Text("\n".join(clause.why), style="" if clause.substantive else "dim", overflow="fold")
