"""The log: every change, filtered and searched; the filter is in the address."""

from math import ceil

from starlette.requests import Request
from starlette.responses import Response

from monitor.web.filters import STATES, read_filter, write_filter
from monitor.web.pages.today import headline
from monitor.web.templating import page
from storage.changelog import A_PAGE, log_page, newest_visits


def show(request: Request) -> Response:
    """Return one page of the log."""
    wanted = read_filter(request.query_params)
    with request.app.state.database.session() as session:
        entries, total = log_page(session, wanted)
        authorities = sorted({visit.authority for visit in newest_visits(session)})
        context = {
            "entries": [(entry, headline(entry)) for entry in entries],
            "total": total,
            "wanted": wanted,
            "authorities": authorities,
            "states": STATES,
            "pages": ceil(total / A_PAGE),
            "earlier": write_filter(wanted, wanted.page + 1) if wanted.page * A_PAGE < total else None,
            "later": write_filter(wanted, wanted.page - 1) if wanted.page > 1 else None,
        }
        return page(request, "changes.html", context)
