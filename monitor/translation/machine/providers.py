"""Translation services: deep-translator's classes behind deadline, retry, circuit breaker and daily budget.

deep-translator calls `requests` without a time-out and reads answers of any length. Here its modules are given a
`requests` that has both limits, and each call runs in a thread that is left behind at the deadline, because a server
that sends one byte a second keeps every time-out happy. The first sign that asking again is pointless (no network, no
key, 429) opens the breaker for the rest of the cycle, so that a machine without network goes on in seconds.
"""

import threading
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, Protocol

import requests
from deep_translator import (
    GoogleTranslator,
    LibreTranslator,
    MicrosoftTranslator,
    MyMemoryTranslator,
    google,
    libre,
    microsoft,
    mymemory,
)
from deep_translator.exceptions import ApiKeyException, AuthorizationException, TooManyRequests, TranslationNotFound

from monitor.services import NoAnswerInTime, in_time
from monitor.translation.errors import NotTranslated, ServiceFailed, ServiceUnavailable
from monitor.translation.machine.backends import PROMPT_VERSION, Deepl, OpenAiCompatible
from monitor.translation.machine.settings import Provider, TranslationSettings
from monitor.translation.machine.translate import Translator

LARGEST_ANSWER = 1_000_000
"""Bytes an answer may have; a page of Google's has some 10,000."""
CONNECT_SECONDS = 5.0
"""A machine whose packets vanish is told from a slow server this soon."""
FAILURES_IN_A_ROW = 3
"""Segments that may fail one after another before the service is given up for this cycle."""


class Backend(Protocol):
    """What a class of deep-translator offers."""

    def translate(self, text: str) -> Any:
        """Return the translation, or None, or raise nearly anything."""


def make_translator(settings: TranslationSettings) -> Translator:
    """Return a translator with the services that the settings name; nothing is asked of them yet."""
    bounded = _BoundedRequests(settings.deadline_seconds)
    for module in (google, libre, microsoft, mymemory):
        vars(module)["requests"] = bounded
    return Translator([_guarded(provider, settings, bounded) for provider in settings.chain])


def _guarded(provider: Provider, settings: TranslationSettings, http: "_BoundedRequests") -> "GuardedService":
    model = f":{settings.chatgpt_model}:{PROMPT_VERSION}" if provider == "chatgpt" else ""
    return GuardedService(f"{provider}{model}", lambda: _backend(provider, settings, http), settings)


class GuardedService:
    """One service, asked only while it makes sense; its backend is made at the first call, which may need network."""

    def __init__(self, name: str, make: Callable[[], Backend], settings: TranslationSettings) -> None:
        """Take the service's name (with model and prompt version), what makes its backend, and the limits."""
        self.name = name
        self.is_model = name.startswith("chatgpt")
        self._make = make
        self._backend: Backend | None = None
        self._settings = settings
        self._failures = 0
        self._spent = 0
        self._gave_up: str | None = None

    def begin(self, spent: int) -> None:
        """Close the breaker for a new cycle in which `spent` characters of the day's budget are used."""
        self._failures, self._spent, self._gave_up = 0, spent, None

    @property
    def gave_up(self) -> str | None:
        """Why it is asked no more in this cycle; None while it works."""
        return self._gave_up

    def translate(self, text: str, terms: Mapping[str, str] | None = None, draft: str | None = None) -> str:
        """Return the English of a text; `terms` and a `draft` to correct are given to services that take them.

        Raises:
            ServiceUnavailable: the breaker is open or has just opened; the message says why.
            ServiceFailed: this text failed after every attempt.
            NotTranslated: the service has no translation of it, or gave the Chinese back.
        """
        self._check(text)
        self._spent += len(text)
        try:
            english = self._attempts(text, terms, draft)
        except ServiceUnavailable as reason:
            self._gave_up = str(reason)
            raise
        except ServiceFailed as reason:
            self._count_failure(reason)
            raise
        self._failures = 0
        if not isinstance(english, str) or english.strip() in ("", text.strip()):
            raise NotTranslated(f"{self.name} gave no translation")
        return english

    def _check(self, text: str) -> None:
        if self._gave_up:
            raise ServiceUnavailable(self._gave_up)
        budget = self._settings.daily_characters
        if budget and self._spent + len(text) > budget:
            self._gave_up = f"today's budget of {budget} characters is spent"
            raise ServiceUnavailable(self._gave_up)

    def _attempts(self, text: str, terms: Mapping[str, str] | None, draft: str | None) -> Any:
        for remaining in reversed(range(self._settings.attempts)):
            try:
                return self._call(lambda: self._ask(text, terms, draft))
            except ServiceFailed:
                if not remaining:
                    raise
                threading.Event().wait(self._settings.retry_pause_seconds)
        raise AssertionError("at least one attempt is made")

    def _ask(self, text: str, terms: Mapping[str, str] | None, draft: str | None) -> Any:
        backend = self._ready()
        if isinstance(backend, OpenAiCompatible):
            return backend.translate(text, terms, draft)
        return backend.translate(text, terms) if isinstance(backend, Deepl) else backend.translate(text)

    def _call(self, ask: Callable[[], Any]) -> Any:
        """Ask the backend once and turn whatever it raises into one of our three errors."""
        try:
            return in_time(ask, self._settings.deadline_seconds, "translation")
        except NoAnswerInTime as reason:
            raise ServiceFailed(str(reason)) from None
        except (requests.ConnectionError, ApiKeyException, AuthorizationException, ImportError) as reason:
            raise ServiceUnavailable(f"{self.name} cannot be used: {_short(reason)}") from None
        except TooManyRequests:
            raise ServiceUnavailable(f"{self.name} refuses more requests (429)") from None
        except TranslationNotFound:
            raise NotTranslated(f"{self.name} gave no translation") from None
        except (ServiceUnavailable, ServiceFailed, NotTranslated):
            raise
        except Exception as reason:  # translation service: its library lets AttributeError, KeyError and more through
            raise ServiceFailed(f"{self.name} failed: {_short(reason)}") from None

    def _ready(self) -> Backend:
        if self._backend is None:
            self._backend = self._make()
        return self._backend

    def _count_failure(self, reason: ServiceFailed) -> None:
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW:
            self._gave_up = f"{reason} ({self._failures} times in a row)"


def _backend(provider: Provider, settings: TranslationSettings, http: "_BoundedRequests") -> Backend:
    key = settings.key_of(provider)
    made: Backend
    match provider:
        case "libre":
            url = settings.libre_url.rstrip("/") + "/"
            made = LibreTranslator(source="zh", target="en", api_key=key or "none", custom_url=url)
        case "deepl":
            made = Deepl(key, settings.deepl_free, http, settings.deepl_url)
        case "microsoft":
            made = MicrosoftTranslator("zh-hans", "en", api_key=key, region=settings.microsoft_region)
        case "mymemory":
            made = MyMemoryTranslator(source="zh-CN", target="en-GB", email=settings.mymemory_email)
        case "chatgpt":
            made = OpenAiCompatible(settings.chatgpt_url, settings.chatgpt_model, key, http)
        case _:
            made = GoogleTranslator(source="zh-CN", target="en")
    return made


class _BoundedRequests(SimpleNamespace):
    """What deep-translator's modules use of `requests`, with a time-out and a largest answer."""

    exceptions = requests.exceptions

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__()
        self._timeout = timeout_seconds

    def get(self, url: str, **options: Any) -> requests.Response:
        return self._ask("GET", url, options)

    def post(self, url: str, **options: Any) -> requests.Response:
        return self._ask("POST", url, options)

    def _ask(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        timeout = (min(self._timeout, CONNECT_SECONDS), self._timeout)
        answer = requests.request(method, url, timeout=timeout, stream=True, **options)
        if answer.status_code == requests.codes.too_many_requests:
            answer.close()
            raise TooManyRequests
        body = bytearray()
        for chunk in answer.iter_content(8192):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                answer.close()
                raise requests.exceptions.ContentDecodingError("the answer is too long")
        vars(answer)["_content"] = bytes(body)
        return answer


def _short(reason: BaseException) -> str:
    text = str(reason).split("\n")[0]
    if isinstance(reason, requests.ConnectionError):
        return "no connection"
    if isinstance(reason, ApiKeyException | AuthorizationException):
        return "the api_key is missing or refused"
    return f"{type(reason).__name__} {text[:120]}".strip()
