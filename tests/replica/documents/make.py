"""python -m tests.replica.documents.make [NAME …]: make the committed files anew.

Needs python-docx, pypdf and LibreOffice; nothing of this is needed to serve the files. Every product is typed as a
Word file twice: the first time to learn on which page each chapter begins, the second with the table of contents.
`files:` of a product says what is made of it: name, format, and a layout where it is typeset otherwise.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pypdf import PdfReader

from tests.replica.documents.text import HERE, Block, blocks, product
from tests.replica.documents.word import Layout, write, write_lines

FILES = HERE.parent / "files"
LAYOUTS = {
    "pdf": Layout(body="Noto Serif CJK SC", heads="Noto Sans CJK SC"),
    "office": Layout(),
    "narrow": Layout(
        body="Noto Serif CJK SC", heads="Noto Serif CJK SC", size=10.5, margin_cm=3.2, line=1.25, running_head="{code}"
    ),
    "wqy": Layout(body="WenQuanYi Zen Hei", heads="WenQuanYi Zen Hei", size=11, margin_cm=2.2, line=1.4),
}


def main() -> int:
    """Make the files of the products named, or of all."""
    names = sys.argv[1:] or ["small", *sorted(path.stem for path in (HERE / "products").glob("*.yaml"))]
    FILES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            for made in make_small(Path(folder)) if name == "small" else make(product(name), Path(folder)):
                print(f"{made.name}: {made.stat().st_size} bytes", flush=True)
    return 0


def make(data: Mapping[str, Any], folder: Path) -> list[Path]:
    """Make the files of one product and return them."""
    return [_make_one(data, file, folder) for file in data["files"]]


def make_small(folder: Path) -> list[Path]:
    """Make the small files, which are a title and lines."""
    made = []
    for entry in yaml.safe_load((HERE / "small.yaml").read_text("utf-8")):
        target = FILES / entry["name"]
        draft = folder / f"{target.stem}.docx"
        write_lines(entry["title"], entry["lines"], draft)
        shutil.copyfile(draft if target.suffix == ".docx" else _converted(draft, target.suffix[1:]), target)
        made.append(target)
    return made


def _make_one(data: Mapping[str, Any], file: Mapping[str, str], folder: Path) -> Path:
    target = FILES / file["name"]
    layout = LAYOUTS[file.get("layout", "pdf" if target.suffix == ".pdf" else "office")]
    text = blocks(data)
    draft = folder / f"{target.stem}.docx"
    write(data, text, draft, layout, {})
    write(data, text, draft, layout, _pages(_converted(draft, "pdf"), text))
    shutil.copyfile(draft if target.suffix == ".docx" else _converted(draft, target.suffix[1:]), target)
    return target


def _converted(draft: Path, kind: str) -> Path:
    profile = f"-env:UserInstallation=file://{draft.parent}/office"
    filters = {"pdf": "pdf", "doc": "doc:MS Word 97"}
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        filters[kind],
        "--outdir",
        str(draft.parent),
        str(draft),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return draft.with_suffix(f".{kind}")


def _pages(pdf: Path, text: list[Block]) -> dict[str, int]:
    """Return on which page (counted from the first of the text) each chapter and annex begins."""
    pages = [_squeezed(page.extract_text()) for page in PdfReader(pdf).pages]
    first = next(i for i, page in enumerate(pages) if i > 1 and "第1页" in page)
    found = {"total": len(pages) - first}
    at = first
    for block in text:
        label = f"{block.number} {block.text}".strip()
        if block.kind == "annex" or (block.kind == "heading" and block.level < 2):
            at = next((i for i in range(at, len(pages)) if _squeezed(label) in pages[i]), at)
            found.setdefault(label, at - first + 1)
    return found


def _squeezed(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
