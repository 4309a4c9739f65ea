"""Every command, where it lives, and the line that help has on it; read without loading any of them."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A command as help lists it: the module of this package in which it lives, and one line."""

    home: str
    line: str


CHAPTERS: dict[str, dict[str, Entry]] = {
    "Every day": {
        "run": Entry("running", "Run one full daily cycle. Safe to repeat."),
        "serve": Entry("running", "Run the scheduler and the change log in the browser, until stopped."),
        "doctor": Entry("examining", "Check the installation: each part ok, or why not."),
    },
    "Stages of the cycle, one by one": {
        "crawl": Entry("running", "Visit every section of the authorities and keep what was answered."),
        "read": Entry("running", "Turn captures that no reader has read into documents."),
        "detect": Entry("running", "Find out what happened to which rule."),
        "summarise": Entry("running", "Say each change in English; complete what awaited translation."),
        "match": Entry("running", "Work out which certificates each change concerns."),
        "compose": Entry("running", "Put what may go out into one message a contact."),
        "deliver": Entry("running", "Send every message that is due; recover lost ones."),
    },
    "Sites": {
        "discover": Entry("examining", "Look around a site and print settings for the lists worth watching."),
        "probe": Entry("examining", "Visit every section once and say what was understood."),
        "sections": Entry("examining", "What visits taught of each section, and which are confirmed."),
    },
    "Certificates and contacts": {
        "certificates": Entry("registers", "The register of certificates."),
        "contacts": Entry("registers", "Who is written to."),
        "matches": Entry("registers", "Show which certificates each change concerns, and why."),
        "impact": Entry("ahead", "Show who would be hit by a standard or a rule, and what falls due."),
        "digests": Entry("registers", "Show what was sent to whom, and what waits."),
    },
    "What was found": {
        "changes": Entry("logs", "The change log."),
        "register": Entry("logs", "Show which editions were in force at a date, and on which evidence."),
        "history": Entry("logs", "Draw the line of a rule family: editions, standards and notices."),
        "evidence": Entry("registers", "Captured bytes, for an auditor."),
    },
    "Keeping it": {
        "backup": Entry("keeping", "Write database and evidence to one verifiable file."),
        "restore": Entry("keeping", "Restore a backup into an empty home."),
        "verify": Entry("keeping", "Read every file of evidence; see that database and evidence agree."),
    },
    "Texts": {
        "show": Entry("reading", "Show what was read from a document: clauses, tables, doubts."),
        "facts": Entry("reading", "Find the codes, standards and facts in a text."),
        "compare": Entry("reading", "Compare two documents, clause by clause."),
        "reread": Entry("reading", "Read stored captures again where this version reads better."),
        "translate": Entry("translating", "Say a text in English; or see and retry what awaits."),
        "glossary": Entry("translating", "The glossary: terms, and whether texts keep to them."),
    },
}
HOMES = {name: entry.home for chapter in CHAPTERS.values() for name, entry in chapter.items()}
"""Command → the module of this package in which it lives, in the order in which help lists them."""
