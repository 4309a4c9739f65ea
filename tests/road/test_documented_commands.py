"""The commands of the README and of the guides, run as they are typed, in their order, in a fresh folder.

Left out are those that do not end by themselves, those that name an authority to be added first, those that ask for a
change by its number, and restoring, which wants an empty home (test_backup.py).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.documented_commands import PAGES, commands_in_blocks
from tests.replica.server import Replica
from tests.road.road import CERTIFICATES, PROJECT, Road

DOCUMENTS = PROJECT / "tests" / "documents"
FILES = {
    "certificates.csv": CERTIFICATES,
    "rule.pdf": DOCUMENTS / "rule" / "typed.pdf",
    "old.pdf": DOCUMENTS / "rule" / "typed.pdf",
    "new.pdf": DOCUMENTS / "rule" / "auto.pdf",
    "old.doc": DOCUMENTS / "rule" / "plain.doc",
    "notice.pdf": DOCUMENTS / "notice" / "plain.pdf",
    "notice.docx": DOCUMENTS / "notice" / "plain.docx",
}
TEXTS = {
    "notice.txt": "关于换版的通知\n一、自2026年7月1日起实施。\n",
    "notice.html": "<html><body><h1>关于换版的通知</h1><p>自2026年7月1日起实施。</p></body></html>",
}
LEFT_OUT = {("serve",), ("facts", "--json-lines"), ("restore", "rulewatch-2026-03-02.tar")}


def safe(arguments: tuple[str, ...]) -> bool:
    """Whether a command can be run on the replica as it is typed."""
    return arguments not in LEFT_OUT and "cnca" not in arguments and "--change" not in arguments


PAGES_WITH_COMMANDS = [page for page in PAGES if any(safe(item) for item in commands_in_blocks(page))]


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=lambda page: page.name)
def test_commands_of_a_page_do_what_they_say(tmp_path: Path, page: Path) -> None:
    for name, source in FILES.items():
        shutil.copy(source, tmp_path / name)
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with Replica(day=1) as replica:
        road = Road(tmp_path / "home", replica)
        environment = {**os.environ, "RULEWATCH_CONFIG": str(road.config)}
        for arguments in filter(safe, commands_in_blocks(page)):
            command = [sys.executable, "-m", "monitor.cli", *arguments]
            done = subprocess.run(
                command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
            )
            assert done.returncode == 0, (arguments, done.stderr)
            assert (done.stdout or done.stderr).strip(), arguments
            assert "Traceback" not in done.stderr
