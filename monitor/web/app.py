"""create_app(settings, database): routes, templates, errors."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from monitor.settings import Settings
from monitor.web import templating
from monitor.web.pages import capture, change, changes, health, today
from monitor.web.security import OwnPagesOnly
from storage.engine.database import Database
from storage.evidence.store import EvidenceStore

STATIC = Path(__file__).parent / "static"


class RowNumber(IntegerConvertor):
    """The number of a row in an address; a longer one fits no column of a database, so nothing is there."""

    regex = "[0-9]{1,18}"


register_url_convertor("row", RowNumber())


def create_app(settings: Settings, database: Database) -> Starlette:
    """Return the web application on a database; the caller closes the database."""
    app = Starlette(
        routes=[
            Route("/", today.show, name="today"),
            Route("/changes", changes.show, name="changes"),
            Route("/changes/{id:row}", change.show, name="change"),
            Route("/changes/{id:row}/{action}", change.decide, name="decide", methods=["POST"]),
            Route("/health", health.show, name="health"),
            Route("/captures/{id:row}", capture.show, name="capture"),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        middleware=[Middleware(OwnPagesOnly)],
        exception_handlers={HTTPException: _explain, 404: _explain},
    )
    app.state.database = database
    app.state.evidence = EvidenceStore(settings.evidence_folder)
    return app


def _explain(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = error.detail if isinstance(error, HTTPException) else "Something went wrong."
    return templating.page(request, "error.html", {"words": words, "status": status}, status)
