"""Is a short text a title, or a sentence? Decided by its words alone, so that every format decides alike."""

import re

LONGEST_TITLE = 60
_FINAL = re.compile(r"[。；;：:！!？?，,]$")
_INSIDE = re.compile(r"[。；！？，](?![^（(《]*[）)》])")
_DUTY = re.compile(r"(?:应当|应(?![用变力急答激])|必须|须|不得|不应|不再|予以)")
_NOUN_END = re.compile(r"的[\u4e00-\u9fff]{1,8}$")
_CLOSERS = {"（": "）", "(": ")", "《": "》", "“": "”", "【": "】", "「": "」"}
_GOES_ON = re.compile(r"[的、及和与或对在以／/]$|[-—－]$")


def is_title(text: str) -> bool:
    """Return whether a text reads as a title: short, no final punctuation, no duty stated ("应为3件")."""
    said = text.strip()
    if not said or len(said) > LONGEST_TITLE or _FINAL.search(said) or _INSIDE.search(said):
        return False
    return not _DUTY.search(said) or bool(_NOUN_END.search(said))


def goes_on(text: str) -> bool:
    """Return whether a title cannot end here: an open bracket, or a last word that asks for another."""
    said = text.rstrip()
    return bool(_GOES_ON.search(said)) or any(
        said.count(opening) > said.count(closing) for opening, closing in _CLOSERS.items()
    )


def ends_sentence(text: str) -> bool:
    """Return whether a text ends as a sentence or an item of a list does."""
    return bool(re.search(r"[。；;：:！!？?]['\"”’）)]?$", text.rstrip()))
