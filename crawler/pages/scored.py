"""What a list is of, by what its rows say: rules with codes, notices about rules and standards, something else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.pages.lists.whole import bears_code
from crawler.pages.records import ListRow

LEAST_ROWS = 3
_OF_RULES = re.compile(r"规则|细则|标准|换版|转换|认证|证书|实施|修订|废止|获证|检验|检测")
_CHANGEOVER = re.compile(r"标准|换版|转版|转换|GB|QC/T")
_NOTICE = re.compile(r"通知|公告|通告|公示|决定|函")


@dataclass(frozen=True, slots=True)
class Score:
    """What the rows of a list are about: its role (None where it is not worth watching), a name, and why."""

    role: str | None
    name: str
    reason: str
    points: float


def score_rows(rows: Sequence[ListRow], called: str) -> Score:
    """Return what a list is, by its rows and by what the menu calls it."""
    count = len(rows)
    if count < LEAST_ROWS:
        return Score(None, "", f"only {count} rows", 0.0)
    coded = sum(bears_code(row.title) and not _NOTICE.search(row.title) for row in rows)
    about = sum(bool(_OF_RULES.search(row.title)) for row in rows)
    dated = sum(row.published is not None for row in rows)
    if 2 * coded >= count:
        return Score("rules", "rules", f"{coded} of {count} rows are rules with their codes", 2 + coded / count)
    if 3 * about < count or 2 * dated < count:
        return Score(
            None, "", f"{about} of {count} rows speak of rules, standards or certificates, {dated} have a day", 0
        )
    changeovers = sum(bool(_CHANGEOVER.search(row.title)) for row in rows)
    is_changeover = bool(_CHANGEOVER.search(called)) or 4 * changeovers >= 3 * count
    reason = f"{about} of {count} rows speak of rules, standards or certificates"
    return Score("notices", "changeovers" if is_changeover else "notices", reason, 1 + about / count)
