"""Health: the newest visit of every section, what was set aside, and how the last runs ended."""

from starlette.requests import Request
from starlette.responses import Response

from monitor.web.templating import page
from storage.changelog import newest_visits
from storage.fence import open_units
from storage.runs import latest_runs


def show(request: Request) -> Response:
    """Return the page."""
    with request.app.state.database.session() as session:
        context = {
            "visits": newest_visits(session),
            "set_aside": open_units(session),
            "runs": latest_runs(session, 30),
        }
        return page(request, "health.html", context)
