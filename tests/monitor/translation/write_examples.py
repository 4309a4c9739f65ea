"""Write docs/examples: ten summaries as a reader sees them: python -m tests.monitor.translation.write_examples."""

from pathlib import Path

from monitor.translation.english.statements import say_fact
from monitor.translation.language import languages, speaking
from tests.monitor.translation.cases import CASES
from tests.monitor.translation.test_golden import made

FOLDER = Path(__file__).parents[3] / "docs" / "examples"
SHOWN = (
    *("new_edition", "new_edition_at_next_surveillance", "revision", "new_rule", "standard_changeover"),
    *("standard_changeover_of_two_rules_in_steps", "withdrawal", "suspension_of_a_scope", "notice", "correction"),
)


def example(name: str) -> str:
    """Return a summary in English, and what its facts say in every other language."""
    text = [f"# {name.replace('_', ' ').capitalize()}", "", "```", made(name).plain_text(), "```", ""]
    for language in languages()[1:]:
        with speaking(language):
            said = [(fact.quote, say_fact(fact.to_json())) for fact in CASES[name].facts]
        if said:
            text += [f"Facts ({language}):", "", *(f"- {english} “{quote}”" for quote, english in said), ""]
    return "\n".join(text)


def main() -> None:
    """Write every example anew."""
    FOLDER.mkdir(exist_ok=True)
    for name in SHOWN:
        (FOLDER / f"{name}.md").write_text(example(name), encoding="utf-8")


if __name__ == "__main__":
    main()
