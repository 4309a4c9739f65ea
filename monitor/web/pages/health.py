"""Health: the newest visit of every section, what was set aside, and how the last runs ended."""

from starlette.requests import Request
from starlette.responses import Response

from monitor.web.templating import page
from storage.changelog import newest_visits
from storage.runs import latest_runs
from storage.sections import sections_of
from storage.trouble.fence import open_units


def show(request: Request) -> Response:
    """Return the page."""
    with request.app.state.database.session() as session:
        taught = [row for row in sections_of(session) if row.volatile or row.confirmed_on]
        context = {
            "visits": newest_visits(session),
            "set_aside": open_units(session),
            "runs": latest_runs(session, 30),
            "taught": taught,
        }
        return page(request, "health.html", context)
