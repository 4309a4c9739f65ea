"""How fast and how readable comparing is, beside the libraries that one would reach for instead.

    python benchmarks/diff.py [--quick] [--pairs FOLDER]

Texts are made up from a fixed seed: articles of 60 to 200 characters in chapters, 10,000, 100,000 and 500,000
characters in all, with few amendments (20), many (one for every 150 characters), moved blocks (6 of 5 articles), and
renumbered (3 articles put in front, every number and every reference after them one higher). Each peer compares the
texts in a process of its own; one that does not answer within the limit is given up and shown as "> N s". Ours
compares the documents as the reader left them: clauses aligned, labelled, diffed and judged. With --pairs the texts are
not made up: each folder in FOLDER holds an old.md and a new.md, two editions of one document; "all" adds them up.

ms: processor time, best of several runs · judging: the part of it in which we say whether a change matters and why,
which no peer does · MB: what the process grew by at most · fragments: deletions and insertions, a moved clause counts
as one · changed: characters in them · exact: whether old and new text come back from the edits. The line "amended"
says how many clauses differ, whoever compares them: no true answer has fewer fragments.
"""

import argparse
import difflib
import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cydifflib
import fast_diff_match_patch  # type: ignore[import-not-found, unused-ignore]
from _editions import KINDS, amended_clauses, document_of, make_pair, mutated
from redlines import Redlines

from monitor.comparison import entries
from monitor.comparison.compare import compare_documents
from monitor.comparison.comparison import Op
from monitor.comparison.diff import apply_edits
from monitor.comparison.pairing.align import align
from monitor.comparison.pairing.side import part_text, side_of
from monitor.documents.document import Document
from monitor.documents.reader import read_text_document

SIZES = (10_000, 100_000, 500_000)


@dataclass(frozen=True)
class Result:
    """What one engine made of one pair of texts."""

    seconds: float
    megabytes: float
    fragments: int
    changed: int
    exact: bool
    judging: float | None = None

    def __add__(self, other: "Result") -> "Result":
        """What the engine made of two pairs, one after the other."""
        return Result(
            self.seconds + other.seconds,
            max(self.megabytes, other.megabytes),
            self.fragments + other.fragments,
            self.changed + other.changed,
            self.exact and other.exact,
            None if self.judging is None or other.judging is None else self.judging + other.judging,
        )


Engine = Callable[[Document, Document], Result]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="10,000 and 100,000 characters only")
    parser.add_argument("--limit", type=int, default=20, help="seconds after which a peer is given up")
    parser.add_argument("--pairs", type=Path, metavar="FOLDER", help="compare these editions instead of made-up texts")
    asked = parser.parse_args()
    columns = f"{'ms':>9}{'judging':>9}{'MB':>7}{'fragments':>11}{'changed':>10}  exact"
    print(f"{'characters':>10} {'kind':<11}{'engine':<22}{columns}")
    if asked.pairs:
        _print_pairs(asked.pairs, asked.limit)
        return
    for size in SIZES[:2] if asked.quick else SIZES:
        for kind in KINDS:
            pair = make_pair(size, kind)
            print(f"{size:>10,} {kind:<11}{'amended':<22}{'':>25}{amended_clauses(kind, *pair):>11,}")
            _print_engines(size, kind, *map(document_of, pair), asked.limit)
    _print_alignment()


def _print_pairs(folder: Path, limit: int) -> None:
    """A row for each pair of editions in the folder, and the sum of what each engine made of all that it ended."""
    sums: dict[str, list[Result | None]] = {}
    size = 0
    for pair in sorted(path for path in folder.iterdir() if path.is_dir()):
        old, new = (read_text_document((pair / name).read_text("utf-8")) for name in ("old.md", "new.md"))
        size += len(text_of(old))
        for name, result in _print_engines(len(text_of(old)), pair.name, old, new, limit).items():
            sums.setdefault(name, []).append(result)
    for name, results in sums.items():
        ended = [result for result in results if result]
        _print_result(size, "all", name, sum(ended[1:], ended[0]) if len(ended) == len(results) else None, limit)


def _print_engines(size: int, kind: str, old: Document, new: Document, limit: int) -> dict[str, Result | None]:
    """Compare the two by every engine, print a row for each as it ends, and return what they made of it."""
    results: dict[str, Result | None] = {}
    for name, engine in ENGINES.items():
        results[name] = _in_own_process(engine, old, new, limit)
        _print_result(size, kind, name, results[name], limit)
    return results


def _print_result(size: int, kind: str, name: str, result: Result | None, limit: int) -> None:
    start = f"{size:>10,} {kind:<11}{name:<22}"
    if result is None:
        print(f"{start}{'> ' + str(limit) + ' s':>9}", flush=True)
        return
    exact = "yes" if result.exact else "NO"
    judging = "" if result.judging is None else f"{result.judging * 1000:.1f}"
    print(
        f"{start}{result.seconds * 1000:>9.1f}{judging:>9}{result.megabytes:>7.0f}"
        f"{result.fragments:>11,}{result.changed:>10,}  {exact}",
        flush=True,
    )


def _in_own_process(engine: Engine, old: Document, new: Document, limit: int) -> Result | None:
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=lambda: theirs.send(engine(old, new)))
    process.start()
    try:
        if mine.poll(limit):
            return mine.recv()  # type: ignore[no-any-return]
        return None
    finally:
        process.kill()
        process.join()


def text_of(document: Document) -> str:
    """Return the document as one text, for those who compare texts."""
    parts = zip(document.parts, map(part_text, document.parts), strict=True)
    return "\n".join(f"{part.path}　{text}" if part.path else text for part, text in parts)


class _Stopwatch:
    """Wraps a function and adds up the processor time spent in it."""

    def __init__(self, function: Callable[..., object]) -> None:
        self.function, self.seconds = function, 0.0

    def __call__(self, *arguments: object) -> object:
        start = time.process_time()
        try:
            return self.function(*arguments)
        finally:
            self.seconds += time.process_time() - start


def _measured(run: Callable[[], object], read: Callable[[object], tuple[int, int, bool]]) -> Result:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, outcome, spent = float("inf"), None, 0.0
    for _ in range(7):
        start = time.process_time()
        outcome = run()
        seconds = min(seconds, time.process_time() - start)
        spent += time.process_time() - start
        if spent > 3:
            break
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return Result(seconds, memory, *read(outcome))


def _with_judging(result: Result, run: Callable[[], object]) -> Result:
    """The result, with the least time that judging took in further runs."""
    judge, least = entries.judge, float("inf")
    for _ in range(5):
        entries.judge = watch = _Stopwatch(judge)  # type: ignore[assignment]
        run()
        least = min(least, watch.seconds)
    entries.judge = judge
    return replace(result, judging=least)


def _ours(old: Document, new: Document) -> Result:
    side, other = side_of(old), side_of(new)

    def read(outcome: object) -> tuple[int, int, bool]:
        clauses = outcome.clauses  # type: ignore[attr-defined]
        edits = [edit for c in clauses for edit in c.edits if edit.op != "equal"]
        moved = sum(c.op is Op.MOVED for c in clauses)
        exact = all(apply_edits(c.edits) == (c.old or "", c.new or "") for c in clauses)
        olds = sorted(c.old for c in clauses if c.old is not None)
        exact = exact and olds == sorted(side.texts) and [c.new for c in clauses if c.new is not None] == [*other.texts]
        return len(edits) + moved, sum(len(edit.text) for edit in edits), exact

    return _with_judging(_measured(lambda: compare_documents(old, new), read), lambda: compare_documents(old, new))


def _peer(diff: Callable[[str, str], object], spans: Callable[[object, str, str], Iterable[tuple[str, str, str]]]):  # type: ignore[no-untyped-def]
    """An engine that compares texts; `spans` reads its answer as (operation, old text, new text)."""

    def engine(before: Document, after: Document) -> Result:
        old, new = text_of(before), text_of(after)

        def read(outcome: object) -> tuple[int, int, bool]:
            listed = list(spans(outcome, old, new))
            fragments = [text for op, *sides in listed if op != "equal" for text in sides if text]
            exact = ("".join(s[1] for s in listed), "".join(s[2] for s in listed)) == (old, new)
            return len(fragments), sum(map(len, fragments)), exact

        return _measured(lambda: diff(old, new), read)

    return engine


def _opcode_spans(outcome: object, old: str, new: str) -> Iterator[tuple[str, str, str]]:
    for tag, a, b, c, d in outcome:  # type: ignore[attr-defined]
        yield tag, old[a:b], new[c:d]


def _patch_spans(outcome: object, old: str, new: str) -> Iterator[tuple[str, str, str]]:
    at = other = 0
    for op, length in outcome:  # type: ignore[attr-defined]
        took, gave = (length if op in "=-" else 0), (length if op in "=+" else 0)
        name = "equal" if op == "=" else "changed"
        yield name, old[at : at + took], new[other : other + gave]
        at, other = at + took, other + gave


def _redline_spans(outcome: object, old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """Redlines tells its operations on chunks whose line breaks it replaces: what comes back is not the text."""
    yield from outcome  # type: ignore[misc]


def _redline(old: str, new: str) -> list[tuple[str, str, str]]:
    spans = []
    for operation in Redlines(old, new)._diff_operations or ():
        tag, a, b, c, d = operation.opcodes
        spans.append((tag, "".join(operation.source_chunk.text[a:b]), "".join(operation.test_chunk.text[c:d])))
    return spans


ENGINES: dict[str, Engine] = {
    "rulewatch": _ours,
    "fast-diff-match-patch": _peer(lambda old, new: fast_diff_match_patch.diff(old, new, timelimit=0), _patch_spans),
    "cydifflib": _peer(
        lambda old, new: cydifflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes(), _opcode_spans
    ),
    "difflib": _peer(lambda old, new: difflib.SequenceMatcher(None, old, new).get_opcodes(), _opcode_spans),
    "redlines": _peer(_redline, _redline_spans),
}


def _print_alignment() -> None:
    """Alignment alone: 1,260 articles, 20 % edited, 3 % each inserted, removed and moved, then renumbered."""
    print(f"\n{'alignment of 1,260':<20}{'ms':>8}{'precision':>11}{'recall':>9}")
    for seed in range(5):
        old, new = mutated(random.Random(seed))
        before, after = side_of(document_of(old)), side_of(document_of(new))
        seconds, found = float("inf"), align(before, after)
        for _ in range(5):
            start = time.process_time()
            found = align(before, after)
            seconds = min(seconds, time.process_time() - start)
        truth = {(i, j) for j, b in enumerate(new) for i in [b.key] if 0 <= i < len(old)}
        pairs = {(i, j) for i, j in enumerate(found.partner) if j >= 0}
        right = len(truth & pairs)
        print(f"seed {seed:<15}{seconds * 1000:>8.1f}{right / len(pairs):>11.4f}{right / len(truth):>9.4f}")


if __name__ == "__main__":
    main()
