"""Files that LibreOffice makes of drawn DOCX: many in one call, each kept in a temporary folder by its content."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

KEPT = Path(tempfile.gettempdir()) / f"rulewatch-drawn-{os.getuid()}"
_FILTERS = {"doc": "doc:MS Word 97", "pdf": "pdf"}


class NoOffice(RuntimeError):
    """Raised where a file needs LibreOffice and there is none."""


def available() -> bool:
    """Return whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def converted(files: Sequence[bytes], ending: str) -> list[bytes]:
    """Return the files as `doc` or `pdf`. Raises NoOffice where there is no LibreOffice."""
    KEPT.mkdir(exist_ok=True)
    names = [hashlib.sha256(content).hexdigest()[:24] for content in files]
    missing = {
        name: content for name, content in zip(names, files, strict=True) if not (KEPT / f"{name}.{ending}").exists()
    }
    waiting = list(missing.items())
    if waiting and not available():
        raise NoOffice(f"LibreOffice is needed for {ending}")
    for start in range(0, len(waiting), 100):
        _convert(dict(waiting[start : start + 100]), ending)
    return [_kept(name, ending) for name in names]


def _kept(name: str, ending: str) -> bytes:
    path = KEPT / f"{name}.{ending}"
    if not path.exists():
        raise RuntimeError(f"LibreOffice made no {path.name}")
    return path.read_bytes()


def _convert(files: dict[str, bytes], ending: str) -> None:
    with tempfile.TemporaryDirectory(prefix="rulewatch-office-") as folder:
        work, out = Path(folder, "in"), Path(folder, "out")
        work.mkdir()
        for name, content in files.items():
            (work / f"{name}.docx").write_bytes(content)
        command = [
            str(shutil.which("soffice")), f"-env:UserInstallation=file://{folder}/profile", "--headless",
            "--convert-to", _FILTERS[ending], "--outdir", str(out), *map(str, sorted(work.iterdir())),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=60 + 10 * len(files))
        for made in out.iterdir():
            shutil.move(made, KEPT / f"{made.stem}.{ending}.part")
            (KEPT / f"{made.stem}.{ending}.part").rename(KEPT / f"{made.stem}.{ending}")
