"""How fast facts are read: notices of 2,000 characters on one core, and how time grows with the length of a text.

The notices are the labelled ones of tests/corpus, put together until they are long enough. The reader before this one
(version 3, windows of characters around each date) is recorded below, measured on the same texts and machine.
"""

import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
NOTICES, LENGTH = 1000, 2000
BEFORE = "15.3 s for 1,000 texts of 2,000 characters, 15.3 ms a text; 126 ms for 20,000, 1,270 ms for 200,000"


def notices(length: int) -> Iterator[str]:
    """Yield texts of a length, made of the labelled notices, each beginning at another one."""
    from tests.monitor.facts.corpus import cases

    texts = [case.text for name in ("notices", "fourth_held_out", "twelfth_held_out") for case in cases(f"{name}.yaml")]
    for start in cycle(range(len(texts))):
        joined = ""
        for text in islice(cycle(texts), start, None):
            joined += text + "\n"
            if len(joined) >= length:
                break
        yield joined[:length]


def seconds(count: int, length: int) -> float:
    """Return how long reading `count` texts of a length takes."""
    from monitor.facts.extract import facts_of

    texts = list(islice(notices(length), count))
    start = time.process_time()
    for text in texts:
        facts_of(text)
    return time.process_time() - start


def main() -> None:
    """Print one table; `--quick` reads a tenth of the notices."""
    count = NOTICES // 10 if "--quick" in sys.argv else NOTICES
    seconds(5, LENGTH)
    table = Table("texts", "characters", "seconds", "ms a text", title="Reading facts on one core")
    for number, length in ((count, LENGTH), (count // 10, 10 * LENGTH), (max(count // 100, 1), 100 * LENGTH)):
        spent = seconds(number, length)
        table.add_row(str(number), str(length), f"{spent:.1f}", f"{1000 * spent / number:.1f}")
    console = Console()
    console.print(table)
    console.print(f"Before (version 3): {BEFORE}")


if __name__ == "__main__":
    main()
