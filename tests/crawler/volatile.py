"""Twenty ways in which the addresses of one page differ from visit to visit; no name of theirs is on any list."""

import hashlib
from collections.abc import Callable

Change = Callable[[str, str], str]


def token(seed: str, length: int = 8) -> str:
    """Return figures and letters that a seed gives."""
    return hashlib.sha256(seed.encode()).hexdigest()[:length]


def _with(url: str, argument: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{argument}"


KINDS: dict[str, Change] = {
    "an argument": lambda url, day: _with(url, f"zqx={token(day)}"),
    "an argument a row": lambda url, day: _with(url, f"kk={token(day + url)}"),
    "figures": lambda url, day: _with(url, f"w={int(token(day), 16)}"),
    "two arguments": lambda url, day: _with(url, f"aa={token(day)}&bb={token(day + 'b')}"),
    "an argument of a random name": lambda url, day: _with(url, f"q{token(day + url, 4)}=1"),
    "an argument without a value": lambda url, day: _with(url, f"q{token(day + url, 5)}"),
    "a long argument": lambda url, day: _with(url, f"state={token(day, 64)}"),
    "letters in capitals": lambda url, day: _with(url, f"Ticket={token(day).upper()}"),
    "a signature of the row": lambda url, day: _with(url, f"sign={token(url + day, 32)}"),
    "an argument before": lambda url, day: f"{url.partition('?')[0]}?m={token(day)}&from=list",
    "a folder in front": lambda url, day: f"/{token(day)}{url}",
    "a folder in brackets": lambda url, day: f"/(S({token(day, 24)})){url}",
    "a folder behind the first": lambda url, day: url.replace("/c/", f"/c/{token(day)}/", 1),
    "a folder a row": lambda url, day: f"/{token(day + url)}{url}",
    "a piece of the name": lambda url, day: url.replace(".shtml", f"_{token(day)}.shtml"),
    "a piece of the name a row": lambda url, day: url.replace(".shtml", f"-{token(day + url)}.shtml"),
    "a second extension": lambda url, day: url.replace(".shtml", f".{token(day, 6)}.shtml"),
    "a path argument": lambda url, day: f"{url};k={token(day)}",
    "a tilde": lambda url, day: url.replace("/c/", f"/~{token(day)}/c/", 1),
    "a folder and an argument": lambda url, day: _with(f"/{token(day)}{url}", f"nn={token(day + url)}"),
}
