"""Chinese text into English: memory, then known sentences, then services in turn; each answer checked, each kept.

Nothing that fails the check is returned: the text then awaits translation. The memory is told of every segment as soon
as it is translated, so that a killed cycle loses none.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.notation.text import has_han
from monitor.translation.english.glossary import Glossary, load_glossary
from monitor.translation.english.sentences import say_sentence
from monitor.translation.errors import NotTranslated, ServiceFailed, ServiceUnavailable
from monitor.translation.machine.check import figure_harm, find_harm
from monitor.translation.machine.protect import protect, restore
from monitor.translation.machine.segments import join_english, split_segments
from monitor.translation.machine.sense import signature

PERSON = "person"
"""The name under which a person's translations stand (storage.translation.PERSON); they win over every service."""
PHRASE = "phrase"
"""The name under which sentences stand that were said without a service or a person."""


class Service(Protocol):
    """A translation service behind its deadline, retries, breaker and budget."""

    @property
    def name(self) -> str:
        """What the memory keeps of who spoke: `libre`, `chatgpt:MODEL:PROMPT`."""

    @property
    def is_model(self) -> bool:
        """Whether it is a language model, which may write what nobody said."""

    @property
    def gave_up(self) -> str | None:
        """Why it is asked no more in this cycle; None while it works."""

    def begin(self, spent: int) -> None:
        """Begin a cycle: forget past failures; `spent` characters of today's budget are used."""

    def translate(self, text: str, terms: Mapping[str, str] | None = None, draft: str | None = None) -> str:
        """Return the English; raise ServiceUnavailable, ServiceFailed or NotTranslated."""


class Memory(Protocol):
    """What was translated before."""

    def find(self, source: str) -> "Rendering | None":
        """Return what is remembered of exactly this text."""

    def keep(self, source: str, rendering: "Rendering") -> None:
        """Remember a rendering at once."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """A text in English, and who said it: person, phrase or the name of a service."""

    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Translation:
    """What came of a text: the English (None while any segment awaits), who spoke, and what still waits."""

    text: str | None
    by: frozenset[str] = frozenset()
    awaiting: tuple[str, ...] = ()


class Translator:
    """Translates texts, cycle after cycle, by the services in their order; each answer is checked.

    `refused` counts, by service, answers that failed the check; they are never shown and never remembered.
    """

    def __init__(self, services: Sequence[Service] | None, glossary: Glossary | None = None) -> None:
        """Take the services, none of them to say only what the memory and the known sentences can say."""
        self.services = tuple(services or ())
        self.glossary = glossary or load_glossary()
        self.refused: Counter[str] = Counter()
        self._tried: set[str] = set()

    @property
    def name(self) -> str:
        """The services' names, "none" without any."""
        return ", ".join(service.name for service in self.services) or "none"

    @property
    def trouble(self) -> str | None:
        """Why no service is asked any more in this cycle; None while one works, or where none is chosen."""
        reasons = [service.gave_up for service in self.services]
        return "; ".join(reason for reason in reasons if reason) if reasons and all(reasons) else None

    def begin(self, spent: Mapping[str, int] | None = None) -> None:
        """Begin a cycle; `spent` are the characters that each service has already translated today."""
        self.refused.clear()
        self._tried.clear()
        for service in self.services:
            service.begin((spent or {}).get(service.name, 0))

    def translate(self, text: str, memory: Memory) -> Translation:
        """Return a text in English as far as it can be said; a whole text that a person corrected is theirs."""
        if not has_han(text):
            return Translation(text)
        if whole := self._remembered(text, memory):
            return Translation(whole.text, frozenset({whole.by}))
        segments = split_segments(text)
        said = [self._segment(segment.text, memory) for segment in segments]
        awaiting = tuple(segment.text for segment, rendering in zip(segments, said, strict=True) if rendering is None)
        english = [rendering.text for rendering in said if rendering]
        by = frozenset(rendering.by for rendering in said if rendering and rendering.by)
        return Translation(None if awaiting else join_english(english, segments), by, awaiting)

    def check_service(self) -> str | None:
        """Return why a service cannot translate now, None where all can (or none is chosen)."""
        self.begin()
        troubles = [trouble for service in self.services if (trouble := _check(service))]
        return "; ".join(troubles) or None

    def _remembered(self, text: str, memory: Memory) -> Rendering | None:
        """What is remembered, unless a check that came later refuses it; a person's words are not checked."""
        known = memory.find(text)
        if known is None or known.by == PERSON or known.by == PHRASE:
            return known
        outdated = any(service.name.split(":")[0] == known.by.split(":")[0] for service in self.services) and all(
            service.name != known.by for service in self.services
        )
        return None if outdated or find_harm(text, known.text) else known

    def _segment(self, text: str, memory: Memory) -> Rendering | None:
        if not has_han(text):
            return Rendering(text, "")
        if known := self._remembered(text, memory):
            return known
        said = say_sentence(text, self.glossary)
        if said and not figure_harm(text, said):
            return Rendering(said, PHRASE)
        rendering = self._served(text)
        if rendering:
            memory.keep(text, rendering)
        return rendering

    def _served(self, text: str) -> Rendering | None:
        """Ask the services in turn until an answer passes; each text once a cycle."""
        if text in self._tried:
            return None
        self._tried.add(text)
        for service in self.services:
            if service.gave_up is None and (rendering := self._by(service, text)):
                return rendering
        return None

    def _by(self, service: Service, text: str) -> Rendering | None:
        english = self._answer(service, text)
        if english is None:
            return None
        if find_harm(text, english) or not self._is_agreed(service, text, english):
            self.refused[service.name] += 1
            return None
        return Rendering(english.strip(), service.name)

    def _is_agreed(self, service: Service, text: str, english: str) -> bool:
        """What a model says of duties, denials and limits stands only where a second look says the same."""
        if not service.is_model or not _DECISIVE.search(text):
            return True
        others = [other for other in self.services if other is not service and other.gave_up is None]
        second = self._answer(others[0], text) if others else self._answer(service, text, english)
        return second is not None and not find_harm(text, second) and signature(second) == signature(english)

    def _answer(self, service: Service, text: str, draft: str | None = None) -> str | None:
        terms = {term.zh: term.en for term in self.glossary.terms_in(text)}
        shielded = protect(text)
        try:
            english = restore(service.translate(shielded.text, terms, draft), shielded.kept)
            return service.translate(text, terms, draft) if english is None else english
        except (ServiceUnavailable, ServiceFailed, NotTranslated):
            return None


def _check(service: Service) -> str | None:
    try:
        service.translate("型式试验的样品应由认证委托人负责送样。")
    except (ServiceUnavailable, ServiceFailed, NotTranslated) as reason:
        return str(reason)
    return None


_DECISIVE = re.compile("[不须应可≥≤]")
