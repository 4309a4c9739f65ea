"""Asks the product as its users do: by the command line, in one process so that many files take little time."""

import io
import json
import runpy
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

Answer = dict[str, Any]
Read = Callable[[Path], Answer]
"""From a file to what `rulewatch show FILE --json` prints."""

Compare = Callable[[Path, Path], Answer]
"""From two files to what `rulewatch compare OLD NEW --json` prints."""


def read(path: Path) -> Answer:
    """Return what the product reads in a file; {"failed": …} where it answers with no JSON."""
    return _answer("show", str(path), "--json")


def compare(old: Path, new: Path) -> Answer:
    """Return what the product says is different in two files; {"failed": …} where it answers with no JSON."""
    return _answer("compare", str(old), str(new), "--json")


def _answer(*arguments: str) -> Answer:
    printed, before = io.StringIO(), sys.argv
    sys.argv, status = ["rulewatch", *arguments], 0
    try:
        with redirect_stdout(printed):
            runpy.run_module("monitor.cli", run_name="__main__", alter_sys=False)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.argv = before
    try:
        answer = json.loads(printed.getvalue())
    except ValueError:
        return {"failed": f"status {status}: {printed.getvalue()[:200]}"}
    return answer if isinstance(answer, dict) else {"failed": "no object"}
