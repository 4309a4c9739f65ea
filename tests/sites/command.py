"""One command of the product in a process that has the product's modules loaded already (play.py forks it)."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from monitor import cli

for _room in sorted(set(cli.HOMES.values())):
    import_module(f"monitor.cli.{_room}")


def run_command(environment: dict[str, str], arguments: Sequence[str], printed: Path, complained: Path) -> None:
    """Run a command line to its end with an environment of its own; what it prints goes into two files."""
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, printed), (2, complained)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    sys.argv = ["rulewatch", *arguments]
    cli.main()
