"""One change: what it says, facts and their sentences, old and new side by side, whom it concerns; and the decision."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.changes import commands as changes
from monitor.errors import BadInput
from monitor.notation.visible import visible
from monitor.translation import commands as translation
from monitor.translation.summary import Summary
from monitor.web.templating import page
from storage.changelog import amending_entries, asked_because, held_because, matches_of_change, reviews_of, whole_change
from storage.engine.database import Database
from storage.translation import summary_of

REMEMBER_NAME_SECONDS = 365 * 24 * 3600
LONGEST_TEXT = 20_000
LONGEST_NAME = 100
"""Characters of a name: percent-encoded in any script, they fit the 4096 bytes that a browser keeps of a cookie."""
LONGEST_NUMBER = 12
"""Digits of a change's number, as the form has it: many more would fit no column of a database."""


def show(request: Request, problem: str | None = None, status: int = 200) -> Response:
    """Return the page of a change; 404 where there is none of that number."""
    change_id: int = request.path_params["id"]
    with request.app.state.database.session() as session:
        change = whole_change(session, change_id)
        if change is None:
            raise HTTPException(404, f"There is no change {change_id}.")
        kept, held = summary_of(session, change_id), held_because(session, change_id)
        waits = change.needs_review or held is not None
        context = {
            "change": change,
            "summary": Summary.from_json(kept.content) if kept else None,
            "edited_by": kept.edited_by if kept else None,
            "held": held,
            "asked": asked_because(session, [change_id]).get(change_id) if waits else None,
            "matches": matches_of_change(session, change_id),
            "reviews": reviews_of(session, change_id),
            "clauses": sorted((row.content for row in change.clauses), key=_order),
            "history": changes.field_history(change),
            "candidates": changes.merge_candidates(request.app.state.database, change_id),
            "entries": amending_entries(session, change_id),
            "name": unquote(request.cookies.get("name", "")),
            "problem": problem,
        }
        return page(request, "change.html", context, status)


def _order(clause: dict[str, Any]) -> tuple[bool, bool]:
    """Changed requirements first, and of these the numbered clauses before cover and foreword."""
    return not clause["substantive"], not (clause["old_path"] or clause["new_path"])


async def decide(request: Request) -> Response:
    """Do what a consultant decided and show the change again; 404 for an unknown action or change."""
    form = {name: _readable(str(value)) for name, value in (await request.form()).items()}
    return await run_in_threadpool(_decide, request, form)


def _readable(text: str) -> str:
    """What somebody typed, in any script; characters that no database keeps or that act on a screen are shown."""
    return visible(text.replace("\r\n", "\n"))[:LONGEST_TEXT].strip()


def _decide(request: Request, form: Mapping[str, str]) -> Response:
    change_id: int = request.path_params["id"]
    action = ACTIONS.get(request.path_params["action"])
    if action is None:
        raise HTTPException(404, "There is no such decision.")
    try:
        by = _name(form)
        action(request.app.state.database, change_id, by, form)
    except BadInput as reason:
        return show(request, problem=str(reason), status=400)
    answer = RedirectResponse(f"/changes/{change_id}", status_code=303)
    answer.set_cookie("name", quote(by, safe=""), max_age=REMEMBER_NAME_SECONDS, httponly=True, samesite="strict")
    return answer


def _approve(database: Database, change_id: int, by: str, form: Mapping[str, str]) -> None:
    changes.approve(database, change_id, by, form.get("comment") or None)


def _dismiss(database: Database, change_id: int, by: str, form: Mapping[str, str]) -> None:
    changes.dismiss(database, change_id, by, _given(form, "reason", "why it is dismissed"))


def _comment(database: Database, change_id: int, by: str, form: Mapping[str, str]) -> None:
    changes.comment(database, change_id, by, _given(form, "text", "a comment"))


def _edit(database: Database, change_id: int, by: str, form: Mapping[str, str]) -> None:
    translation.edit_summary(database, change_id, by, _given(form, "text", "the summary's text"))


def _merge(database: Database, change_id: int, by: str, form: Mapping[str, str]) -> None:
    number = _given(form, "into", "the number of the other change").removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise BadInput(f'"{number}" is not the number of a change (expected something like 12)')
    changes.merge_changes(database, change_id, int(number), by, sure=form.get("sure") == "yes")


def _unmerge(database: Database, change_id: int, by: str, form: Mapping[str, str]) -> None:
    changes.unmerge_changes(database, change_id, by)


Action = Callable[[Database, int, str, Mapping[str, str]], Any]
ACTIONS: dict[str, Action] = {
    "approve": _approve,
    "dismiss": _dismiss,
    "comment": _comment,
    "edit": _edit,
    "merge": _merge,
    "unmerge": _unmerge,
}


def _name(form: Mapping[str, str]) -> str:
    by = " ".join(_given(form, "by", "your name").split())
    if len(by) > LONGEST_NAME:
        raise BadInput(f"Please give a name of at most {LONGEST_NAME} characters.")
    return by


def _given(form: Mapping[str, str], field: str, what: str) -> str:
    if not form.get(field):
        raise BadInput(f"Please give {what}.")
    return form[field]
