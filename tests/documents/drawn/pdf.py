"""Drawn rules as PDF, by reportlab with the CID font STSong-Light, whose glyphs a reader must have itself."""

from functools import cache
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Text
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.documents.drawn.layout import Laid, lay
from tests.documents.drawn.marks import HEIGHT, WIDTH, Entry, Mark, Page
from tests.documents.drawn.values import Extra, Rule

FONT = "STSong-Light"
ANNOTATION = "编者按：请核对第3章的期限"


@cache
def font() -> str:
    """Register the font once; return its name."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return FONT


def measure(text: str, size: float) -> float:
    """Return the width of a text in points."""
    return float(pdfmetrics.stringWidth(text, font(), size))


def make_pdf(rule: Rule) -> tuple[bytes, Laid]:
    """Return the file and how it was laid out."""
    laid = lay(rule, measure, fields=True)
    content = printed(laid.pages)
    if "annotation" in rule.look.extras:
        content = annotated(content, len(laid.pages) - 1)
        laid.extras.append(Extra("annotation", ANNOTATION))
    return content, laid


def printed(pages: list[Page]) -> bytes:
    """Return pages as a PDF, the same bytes each time."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    for number, page in enumerate(pages):
        for mark in sorted(page.marks, key=lambda mark: not mark.pale):
            _mark(canvas, mark)
        for stroke in page.strokes:
            canvas.line(stroke.x0, HEIGHT - stroke.y0, stroke.x1, HEIGHT - stroke.y1)
        for at, entry in enumerate(page.entries):
            _entry(canvas, entry, f"field_{number}_{at}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _mark(canvas: Canvas, mark: Mark) -> None:
    canvas.saveState()
    canvas.setFont(font(), mark.size)
    canvas.setFillGray(0.8 if mark.pale else 0)
    canvas.translate(mark.x, HEIGHT - mark.y - mark.size)
    if mark.angle:
        canvas.rotate(mark.angle)
    canvas.drawString(0, 0, mark.text)
    canvas.restoreState()


def _entry(canvas: Canvas, entry: Entry, name: str) -> None:
    canvas.acroForm.textfield(
        name=name,
        value=entry.value,
        x=entry.x,
        y=HEIGHT - entry.y - entry.size * 1.2,
        width=entry.width,
        height=entry.size * 1.4,
        fontSize=entry.size * 0.8,
        borderWidth=0,
    )


def annotated(content: bytes, page: int, text: str = ANNOTATION, free: bool = False) -> bytes:
    """Return a PDF with a remark pinned on a page: a pop-up, or a text that lies on the page."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    rectangle = (400.0, 600.0, 560.0, 640.0)
    note = FreeText(text=text, rect=rectangle) if free else Text(text=text, rect=rectangle)
    writer.add_annotation(page, note)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
