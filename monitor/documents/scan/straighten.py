"""Pictures of pages, made ready to be read: drawn at one resolution, seals gone, straight."""

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
DPI = 200
"""Dots an inch at which every page is drawn, whatever its scan had: more is slower and reads no better."""
MOST_PIXELS = 20_000_000
SHORT_SIDE = 1654
"""Pixels of the shorter side of A4 at DPI."""
LARGEST_SCALE = 3.0
COLOURED = 40
"""How far red must stand above green and blue to be red ink."""
CLOSE = int(0.08 * DPI)
"""Pixels within which pieces of a worn ring belong together."""
DARKEST_SEAL, RAMP = 90.0, 16.0
"""How dark a seal may be in the red channel, where black ink is below 90; and over how many steps it fades out."""
SMALLEST_SEAL, LARGEST_SEAL = 0.75 * DPI, 2.5 * DPI
MOST_SKEW = 4.0
_ANGLE_WIDTH = 700


def picture_of(page: pdfium.PdfPage) -> Picture:
    """Return a PDF page as a grey picture."""
    width, height = page.get_size()
    scale = min(DPI / 72, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    drawn = page.render(scale=scale, rev_byteorder=True).to_numpy()
    if drawn.ndim == 2 or drawn.shape[2] == 1:
        return np.ascontiguousarray(drawn.reshape(drawn.shape[:2]))
    return _grey(np.ascontiguousarray(drawn[:, :, :3]))


def picture_from(image: Image.Image) -> Picture:
    """Return a scanned image as a grey picture of DPI dots an inch, by the resolution that it states where that makes a
    sheet of paper, else as if its shorter side were that of A4."""
    shorter, longer = sorted(image.size)
    stated = float(image.info.get("dpi", (0, 0))[0])
    is_sheet = stated > 0 and 3 <= shorter / stated <= 13 and longer / stated <= 24
    scale = DPI / stated if is_sheet else SHORT_SIDE / shorter
    scale = min(scale, LARGEST_SCALE, (MOST_PIXELS / (shorter * longer)) ** 0.5)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return _grey(cv2.resize(np.asarray(image), size, interpolation=method).astype(np.uint8))


def _grey(colours: Picture) -> Picture:
    """The page in grey, without the ink of red seals; red text and letterheads stay."""
    grey: Picture = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    red = colours[:, :, 0].astype(np.int16)
    reddish = (red - np.maximum(colours[:, :, 1], colours[:, :, 2]) > COLOURED).astype(np.uint8)
    for x, y, width, height in _seals(reddish):
        place = np.s_[y : y + height, x : x + width]
        grey[place] = _without_seal(colours[place], reddish[place], int(np.median(grey)))
    return grey


def _seals(reddish: Picture) -> list[tuple[int, int, int, int]]:
    """Where seals are: red rings of a seal's size, about as wide as high."""
    near = np.ones((CLOSE, CLOSE), np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(reddish, cv2.MORPH_CLOSE, near))
    boxes = [tuple(int(value) for value in stats[label][:4]) for label in range(1, count)]
    return [
        (max(0, x - CLOSE), max(0, y - CLOSE), width + 2 * CLOSE, height + 2 * CLOSE)
        for x, y, width, height in boxes
        if min(width, height) >= SMALLEST_SEAL and max(width, height) <= min(LARGEST_SEAL, 1.7 * min(width, height))
    ]


def _without_seal(colours: Picture, reddish: Picture, paper: int) -> Picture:
    """What black ink shows through a seal: the red channel, in which what is not black is made paper."""
    red = colours[:, :, 0]
    strong = red.astype(np.int16) - colours[:, :, 1] > 2 * COLOURED
    if not strong.any():
        return red
    light = max(DARKEST_SEAL, float(np.percentile(red[strong], 5)) - RAMP / 2)
    share = np.clip((red.astype(np.float32) - light) / RAMP + 1, 0, 1)
    kept = red * (1 - share) + paper * share
    near = cv2.dilate(reddish, np.ones((7, 7), np.uint8)) > 0
    return np.where(near, kept, red).astype(np.uint8)


def upright(picture: Picture) -> Picture:
    """Return the picture with its lines of text level, where they lean by up to MOST_SKEW degrees."""
    angle = skew_of(picture)
    if abs(angle) < 0.1:
        return picture
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = int(np.median(picture))
    level = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)
    return level.astype(np.uint8)


def skew_of(picture: Picture) -> float:
    """Return by how many degrees the picture must be turned (anticlockwise) for its lines to be level."""
    small = cv2.resize(picture, None, fx=_ANGLE_WIDTH / picture.shape[1], fy=_ANGLE_WIDTH / picture.shape[1])
    ink = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1].astype(np.uint8)
    if not ink.any():
        return 0.0
    rough = max(np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 0.5), key=lambda angle: _sharpness(ink, angle))
    return float(max(np.arange(rough - 0.4, rough + 0.45, 0.1), key=lambda angle: _sharpness(ink, angle)))


def turned(picture: Picture, quarters: int) -> Picture:
    """Return the picture turned anticlockwise by quarters of a circle."""
    return np.ascontiguousarray(np.rot90(picture, quarters))


def _sharpness(ink: Picture, angle: float) -> float:
    """How much rows of text and rows of paper differ when the picture is turned by an angle."""
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1.0)
    rows = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())
