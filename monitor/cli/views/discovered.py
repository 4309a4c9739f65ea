"""What `rulewatch discover` prints: a ready [authorities.NAME] for rulewatch.toml, and what was left out."""

import json
from collections.abc import Iterator
from typing import Any


def toml_lines(found: dict[str, Any], name: str) -> Iterator[str]:
    """Yield the lines of the settings that are proposed for an authority, each with its reason."""
    yield f"[authorities.{name}]"
    yield f"base_url = {_text(found['base_url'])}"
    if found["file_hosts"]:
        yield "# the newest articles link files on these hosts: leave out those that are not the authority's own"
        yield f"file_hosts = [{', '.join(map(_text, found['file_hosts']))}]"
    for section in found["sections"]:
        yield ""
        yield f"# “{section['called']}”: {section['reason']}"
        yield f"[[authorities.{name}.sections]]"
        yield from (f"{key} = {_text(section[key])}" for key in ("name", "role", "path", "family"))
        if section["volatile"]:
            yield f"volatile = [{', '.join(map(_text, section['volatile']))}]  # differed between two readings"
        goes_on = section["goes_on"]
        yield f"# goes on: {goes_on}" if goes_on else "# no further page was found"


def left_out_lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield what was looked at and left out, as comments."""
    yield f"# {found['requests']} requests; left out:"
    for one in found["left_out"]:
        called = f" “{one['called']}”" if one["called"] else ""
        yield f"#   {one['url']}{called}: {one['reason']}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
