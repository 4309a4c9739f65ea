"""What needs a decision: the page a consultant opens in the morning."""

from starlette.requests import Request
from starlette.responses import Response

from monitor.translation.summary import Summary
from monitor.web.templating import page
from storage.changelog import LogEntry, LogFilter, last_finished_run, log_page, newest_visits, waiting_changes
from storage.runs import HEALTHY

RECENT = 8


def show(request: Request) -> Response:
    """Return the page: what waits, the nearest deadline first; then what was found lately, and trouble on the sites."""
    with request.app.state.database.session() as session:
        waiting = [(entry, headline(entry)) for entry in waiting_changes(session)]
        recent, total = log_page(session, LogFilter())
        troubled = [visit for visit in newest_visits(session) if visit.status not in HEALTHY]
        context = {
            "waiting": waiting,
            "recent": [(entry, headline(entry)) for entry in recent[:RECENT]],
            "total": total,
            "troubled": troubled,
            "run": last_finished_run(session),
        }
        return page(request, "today.html", context)


def headline(entry: LogEntry) -> str:
    """Return what a change says in one English line, or its Chinese title while it is not summarised."""
    return Summary.from_json(entry.summary.content).headline if entry.summary else entry.change.title_zh
