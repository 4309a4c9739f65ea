"""Chinese text into English: memory, then known sentences, then a service; each answer checked, each kept.

Nothing that fails the check is returned: the text then awaits translation. The memory is told of every segment as soon
as it is translated, so that a killed cycle loses none.
"""

from dataclasses import dataclass
from typing import Protocol

from monitor.notation.text import has_han
from monitor.translation.english.glossary import Glossary, load_glossary
from monitor.translation.english.sentences import say_sentence
from monitor.translation.errors import NotTranslated, ServiceFailed, ServiceUnavailable
from monitor.translation.machine.check import figure_harm, find_harm
from monitor.translation.machine.protect import protect, restore
from monitor.translation.machine.segments import join_english, split_segments

PHRASE = "phrase"
"""The name under which sentences stand that were said without a service or a person."""


class Service(Protocol):
    """A translation service behind its deadline, retries, breaker and budget."""

    @property
    def name(self) -> str:
        """The service's name in settings: google, libre …"""

    def begin(self, spent: int) -> None:
        """Begin a cycle: forget past failures; `spent` characters of today's budget are used."""

    def translate(self, text: str) -> str:
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
    """Translates texts, cycle after cycle; `trouble` says why the service was given up, None while it works."""

    def __init__(self, service: Service | None, glossary: Glossary | None = None) -> None:
        """Take a service, or None to say only what the memory and the known sentences can say."""
        self.service = service
        self.glossary = glossary or load_glossary()
        self.trouble: str | None = None
        self.refused = 0
        self._tried: set[str] = set()

    @property
    def name(self) -> str:
        """The service's name, "none" without one."""
        return self.service.name if self.service else "none"

    def begin(self, spent: int = 0) -> None:
        """Begin a cycle in which the service has already translated `spent` characters today."""
        self.trouble, self.refused = None, 0
        self._tried.clear()
        if self.service:
            self.service.begin(spent)

    def translate(self, text: str, memory: Memory) -> Translation:
        """Return a text in English as far as it can be said; a whole text that a person corrected is theirs."""
        if not has_han(text):
            return Translation(text)
        if whole := memory.find(text):
            return Translation(whole.text, frozenset({whole.by}))
        segments = split_segments(text)
        said = [self._segment(segment.text, memory) for segment in segments]
        awaiting = tuple(segment.text for segment, rendering in zip(segments, said, strict=True) if rendering is None)
        english = [rendering.text for rendering in said if rendering]
        by = frozenset(rendering.by for rendering in said if rendering and rendering.by)
        return Translation(None if awaiting else join_english(english, segments), by, awaiting)

    def check_service(self) -> str | None:
        """Return why the service cannot translate now, None where it can (or none is chosen)."""
        if self.service is None:
            return None
        self.begin()
        try:
            self.service.translate("型式试验的样品应由认证委托人负责送样。")
        except (ServiceUnavailable, ServiceFailed, NotTranslated) as reason:
            return str(reason)
        return None

    def _segment(self, text: str, memory: Memory) -> Rendering | None:
        if not has_han(text):
            return Rendering(text, "")
        if known := memory.find(text):
            return known
        said = say_sentence(text, self.glossary)
        if said and not figure_harm(text, said):
            return Rendering(said, PHRASE)
        rendering = self._served(text)
        if rendering:
            memory.keep(text, rendering)
        return rendering

    def _served(self, text: str) -> Rendering | None:
        if self.service is None or self.trouble or text in self._tried:
            return None
        self._tried.add(text)
        shielded = protect(text)
        try:
            english = restore(self.service.translate(shielded.text), shielded.kept)
            if english is None:
                english = self.service.translate(text)
        except ServiceUnavailable as reason:
            self.trouble = str(reason)
            return None
        except (ServiceFailed, NotTranslated):
            return None
        if find_harm(text, english):
            self.refused += 1
            return None
        return Rendering(english.strip(), self.service.name)
