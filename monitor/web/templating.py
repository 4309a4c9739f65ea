"""Templates: Jinja2 with escaping always on, and the words of labels.py as filters."""

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from monitor.digests.render import unbroken_codes
from monitor.web import labels

FOLDER = Path(__file__).parent / "templates"


def page(request: Request, name: str, context: dict[str, Any], status: int = 200) -> HTMLResponse:
    """Return a template filled in as an answer."""
    return _templates.TemplateResponse(request, name, context, status_code=status)


def render(name: str, context: dict[str, Any]) -> str:
    """Return a template filled in as text, for a page that stands alone."""
    return environment.get_template(name).render(context)


def safe_link(url: str) -> str:
    """Return an address if a browser may follow it, else "#": never a script."""
    return url if urlsplit(url).scheme in ("http", "https") else "#"


environment = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
environment.filters.update(
    kind=labels.kind,
    reason=labels.reason,
    words=labels.words,
    day=labels.day,
    said_day=labels.said_day,
    moment=labels.moment,
    value_words=labels.value_words,
    link=safe_link,
    codes=partial(unbroken_codes, css="nowrap"),
)
environment.globals.update(decisions=labels.DECISIONS, kinds=labels.KINDS, why_waits=labels.why_waits)
_templates = Jinja2Templates(env=environment)
