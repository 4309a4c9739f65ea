"""The command that looks ahead: whom a standard or a rule would hit, and what falls due on which certificates."""

from typing import Annotated, Any

import typer

from monitor.certificates.commands import asked_for, look_ahead
from monitor.cli.options import AsJson, Today, china_today, new_app, open_database, parse_day
from monitor.cli.output import print_json, print_table, say
from monitor.settings import load_settings

app = new_app()


NOBODY = (
    "Nobody would be hit: no certificate of the register fits what was asked for. `rulewatch certificates list` shows "
    "the register, `rulewatch certificates import FILE` fills it."
)


@app.command()
def impact(
    standard: Annotated[str | None, typer.Option(metavar="STANDARD", help="Who names it, e.g. GB 27887.")] = None,
    rule: Annotated[str | None, typer.Option(metavar="RULE", help="Who rests on it, e.g. CCAP-GZ-5830.")] = None,
    holder: Annotated[str | None, typer.Option(metavar="NAME", help="Whose name has these words.")] = None,
    days: Annotated[int | None, typer.Option(metavar="N", help="On whom something falls due within N days.")] = None,
    today: Today = None,
    as_json: AsJson = False,
) -> None:
    """Show who would be hit and what falls due; several options together narrow it down."""
    asked = asked_for(standard, rule, holder, days)
    found = look_ahead(open_database(load_settings()), asked, parse_day(today) or china_today())
    if as_json:
        print_json(found)
        return
    columns = ("certificate", "holder", "product", "certainty", "because", "what falls due")
    title = f"{len(found['certificates'])} certificates of {found['holders']} holders"
    print_table(columns, [_row(entry) for entry in found["certificates"]], NOBODY, title)
    for item in found["left_out"]:
        say(f"left out: {item['certificate']} of {item['holder']}: {item['reason']}", "yellow")


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    due = "\n".join(_due(item) for item in entry["due"])
    names = (entry["certificate"], entry["holder"], entry["product"], entry["certainty"])
    return (*names, "; ".join(entry["because"]), due)


def _due(item: dict[str, Any]) -> str:
    what = item["what"].replace("_", " ")
    left = f"in {item['days']} days" if item["days"] >= 0 else f"{-item['days']} days ago"
    of = f", change {item['change']} ({item['about']})" if item["change"] else ""
    reckoned = ", reckoned" if item["reckoned"] else ""
    return f"{item['on']} {what} ({left}{reckoned}){of}" + (f": {item['conflict']}" if item["conflict"] else "")
