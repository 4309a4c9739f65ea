"""Scans made from PDF pages: printed, stamped, put slightly askew on the glass, and saved as an office copier does."""

import random
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SEAL_RED = (212, 32, 38)


@dataclass(frozen=True, slots=True)
class Scan:
    """How a page was scanned. `seal_at` is where the seal's middle lies, as shares of width and height."""

    dpi: int = 200
    skew: float = 0.0
    noise: float = 7.0
    quality: int = 65
    colour: bool = False
    seal_at: tuple[float, float] | None = None
    turn: int = 0
    seed: int = 1


def scanned(pdf: bytes, scan: Scan, pages: range | None = None) -> bytes:
    """Return a PDF of pictures of the pages of a PDF; nothing in it is text."""
    document = pdfium.PdfDocument(pdf)
    wanted = pages or range(len(document))
    pictures = [_picture(document[number], scan, number) for number in wanted]
    out = BytesIO()
    first, *others = [_as_jpeg(picture, scan.quality) for picture in pictures]
    first.save(out, "PDF", resolution=scan.dpi, save_all=True, append_images=others)
    return out.getvalue()


def _picture(page: pdfium.PdfPage, scan: Scan, number: int) -> Image.Image:
    picture = page.render(scale=scan.dpi / 72).to_pil().convert("RGB")
    if scan.seal_at is not None:
        picture = _stamped(picture, scan.seal_at, scan.dpi)
    if scan.skew:
        picture = picture.rotate(scan.skew, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    picture = _as_seen(picture, scan, number)
    if scan.turn:
        picture = picture.rotate(scan.turn, expand=True)
    return picture if scan.colour or scan.seal_at else picture.convert("L")


def _as_seen(picture: Image.Image, scan: Scan, number: int) -> Image.Image:
    """A little blur, uneven light, and the noise of a sensor."""
    blurred = picture.filter(ImageFilter.GaussianBlur(scan.dpi / 400))
    values = np.asarray(blurred, dtype=np.float32)
    light = np.linspace(0, -10, values.shape[1], dtype=np.float32)[None, :, None]
    noise = np.random.default_rng(scan.seed + number).normal(0, scan.noise, values.shape).astype(np.float32)
    return Image.fromarray(np.clip(values + light + noise, 0, 255).astype(np.uint8))


def _stamped(picture: Image.Image, at: tuple[float, float], dpi: int) -> Image.Image:
    """A round red seal of 42 mm over the text, as if pressed by hand."""
    radius = round(21 / 25.4 * dpi)
    seal = Image.new("RGBA", (2 * radius, 2 * radius), (0, 0, 0, 0))
    pen = ImageDraw.Draw(seal)
    pen.ellipse((4, 4, 2 * radius - 4, 2 * radius - 4), outline=(*SEAL_RED, 225), width=max(3, dpi // 50))
    star = [_on_circle(radius, radius * (0.3 if point % 2 == 0 else 0.12), point * 36 - 90) for point in range(10)]
    pen.polygon(star, fill=(*SEAL_RED, 225))
    chance = random.Random(7)
    for place in range(11):
        x, y = _on_circle(radius, radius * 0.74, 150 + place * 24)
        pen.text(
            (x, y), chance.choice("中国质量认证中心专用章"), fill=(*SEAL_RED, 225), font=_font(dpi // 8), anchor="mm"
        )
    stamped = picture.convert("RGBA")
    corner = (round(at[0] * picture.width) - radius, round(at[1] * picture.height) - radius)
    stamped.alpha_composite(seal, (max(0, corner[0]), max(0, corner[1])))
    multiplied = np.minimum(np.asarray(stamped.convert("RGB")), np.asarray(picture))
    return Image.fromarray(multiplied)


def _on_circle(middle: float, radius: float, degrees: float) -> tuple[float, float]:
    angle = np.deg2rad(degrees)
    return float(middle + radius * np.cos(angle)), float(middle + radius * np.sin(angle))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in ("NotoSansCJK-Regular.ttc", "wqy-zenhei.ttc", "DejaVuSans.ttf"):
        try:
            return ImageFont.truetype(path, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)
