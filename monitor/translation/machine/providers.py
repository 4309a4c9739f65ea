"""Translation services: deep-translator's classes behind deadline, retry, circuit breaker and daily budget.

deep-translator calls `requests` without a time-out and reads answers of any length. Here its modules are given a
`requests` that has both limits, and each call runs in a thread that is left behind at the deadline, because a server
that sends one byte a second keeps every time-out happy. The first sign that asking again is pointless (no network, no
key, 429) opens the breaker for the rest of the cycle, so that a machine without network goes on in seconds.
"""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import requests
from deep_translator import (
    ChatGptTranslator,
    DeeplTranslator,
    GoogleTranslator,
    LibreTranslator,
    MicrosoftTranslator,
    MyMemoryTranslator,
    chatgpt,
    deepl,
    google,
    libre,
    microsoft,
    mymemory,
)
from deep_translator.exceptions import ApiKeyException, AuthorizationException, TooManyRequests, TranslationNotFound
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from monitor.errors import BadInput
from monitor.notation.addresses import read_address
from monitor.translation.errors import NotTranslated, ServiceFailed, ServiceUnavailable
from monitor.translation.machine.translate import Translator

LARGEST_ANSWER = 1_000_000
"""Bytes an answer may have; a page of Google's has some 10,000."""
CONNECT_SECONDS = 5.0
"""A machine whose packets vanish is told from a slow server this soon."""
FAILURES_IN_A_ROW = 3
"""Segments that may fail one after another before the service is given up for this cycle."""


class TranslationSettings(BaseModel):
    """The `[translation]` settings. `daily_characters` bounds what a paid service can cost; 0 means no bound."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    provider: Literal["google", "libre", "deepl", "microsoft", "mymemory", "chatgpt", "none"] = "google"
    libre_url: str = "http://127.0.0.1:5000/"
    api_key: SecretStr | None = None
    deepl_free: bool = True
    microsoft_region: str | None = None
    mymemory_email: str | None = None
    chatgpt_url: str = "https://api.openai.com/v1/"
    chatgpt_model: str = "gpt-4o-mini"
    deadline_seconds: float = Field(default=15, gt=0, le=600)
    attempts: int = Field(default=2, ge=1, le=5)
    retry_pause_seconds: float = Field(default=1, ge=0, le=600)
    daily_characters: int = Field(default=200_000, ge=0, le=10**12)

    @field_validator("libre_url", "chatgpt_url")
    @classmethod
    def _is_plain_address(cls, value: str) -> str:
        if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname:
            raise ValueError("must be an http or https address")
        if "@" in value:
            raise ValueError("must not hold a user or password: a key goes into api_key")
        return value

    @field_validator("mymemory_email")
    @classmethod
    def _is_email(cls, value: str | None) -> str | None:
        try:
            return read_address(value) if value else None
        except BadInput as reason:
            raise ValueError(str(reason)) from None


class Backend(Protocol):
    """What a class of deep-translator offers."""

    def translate(self, text: str) -> Any:
        """Return the translation, or None, or raise nearly anything."""


def make_translator(settings: TranslationSettings) -> Translator:
    """Return a translator with the service that the settings name; nothing is asked of it yet."""
    if settings.provider == "none":
        return Translator(None)
    bounded = _BoundedRequests(settings.deadline_seconds)
    for module in (google, libre, deepl, microsoft, mymemory, chatgpt):
        vars(module)["requests"] = bounded
    return Translator(GuardedService(settings.provider, lambda: _backend(settings, bounded), settings))


class GuardedService:
    """One service, asked only while it makes sense; its backend is made at the first call, which may need network."""

    def __init__(self, name: str, make: Callable[[], Backend], settings: TranslationSettings) -> None:
        """Take the service's name, what makes its backend, and the limits."""
        self.name = name
        self._make = make
        self._backend: Backend | None = None
        self._settings = settings
        self._failures = 0
        self._spent = 0
        self._gave_up: str | None = None

    def begin(self, spent: int) -> None:
        """Close the breaker for a new cycle in which `spent` characters of the day's budget are used."""
        self._failures, self._spent, self._gave_up = 0, spent, None

    def translate(self, text: str) -> str:
        """Return the English of a text.

        Raises:
            ServiceUnavailable: the breaker is open or has just opened; the message says why.
            ServiceFailed: this text failed after every attempt.
            NotTranslated: the service has no translation of it, or gave the Chinese back.
        """
        self._check(text)
        self._spent += len(text)
        try:
            english = self._attempts(text)
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
            raise ServiceUnavailable(f"today's budget of {budget} characters is spent")

    def _attempts(self, text: str) -> Any:
        for remaining in reversed(range(self._settings.attempts)):
            try:
                return self._call(text)
            except ServiceFailed:
                if not remaining:
                    raise
                threading.Event().wait(self._settings.retry_pause_seconds)
        raise AssertionError("at least one attempt is made")

    def _call(self, text: str) -> Any:
        """Ask the backend once and turn whatever it raises into one of our three errors."""
        try:
            return _with_deadline(lambda: self._ready().translate(text), self._settings.deadline_seconds)
        except (requests.ConnectionError, ApiKeyException, AuthorizationException, ImportError) as reason:
            raise ServiceUnavailable(f"{self.name} cannot be used: {_short(reason)}") from None
        except TooManyRequests:
            raise ServiceUnavailable(f"{self.name} refuses more requests (429)") from None
        except TranslationNotFound:
            raise NotTranslated(f"{self.name} gave no translation") from None
        except (ServiceUnavailable, ServiceFailed):
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


class ChatGpt(ChatGptTranslator):  # type: ignore[misc]
    """deep-translator's class with a call of its own: the one it makes was removed from openai 1.0 in 2023."""

    def __init__(self, url: str, model: str, api_key: str | None, http: "_BoundedRequests") -> None:
        """Take the address of an OpenAI-compatible service, its model and key."""
        super().__init__(source="chinese (simplified)", target="english", api_key=api_key, model=model)
        self._url, self._http = url, http

    def translate(self, text: str) -> Any:
        """Return the model's answer to one user message; the service's errors come as requests' own."""
        task = "Translate this Chinese text of a product certification body into English. Give the translation only."
        answer = self._http.post(
            f"{self._url.rstrip('/')}/chat/completions",
            headers={"Authorization": f"Bearer {self.api_key}"},
            json={"model": self.model, "messages": [{"role": "user", "content": f"{task}\n\n{text}"}]},
        )
        answer.raise_for_status()
        return answer.json()["choices"][0]["message"]["content"]


def _backend(settings: TranslationSettings, http: "_BoundedRequests") -> Backend:
    key = settings.api_key.get_secret_value() if settings.api_key else None
    made: Backend
    match settings.provider:
        case "libre":
            url = settings.libre_url.rstrip("/") + "/"
            made = LibreTranslator(source="zh", target="en", api_key=key or "none", custom_url=url)
        case "deepl":
            made = DeeplTranslator(source="zh", target="en", api_key=key, use_free_api=settings.deepl_free)
        case "microsoft":
            made = MicrosoftTranslator("zh-hans", "en", api_key=key, region=settings.microsoft_region)
        case "mymemory":
            made = MyMemoryTranslator(source="zh-CN", target="en-GB", email=settings.mymemory_email)
        case "chatgpt":
            made = ChatGpt(settings.chatgpt_url, settings.chatgpt_model, key, http)
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


def _with_deadline(call: Callable[[], Any], seconds: float) -> Any:
    """Return what the call returns or raise what it raises; give it up, still running, at the deadline."""
    outcome: list[tuple[bool, Any]] = []

    def work() -> None:
        try:
            outcome.append((True, call()))
        except BaseException as reason:  # translation service: raised again in the thread that waits
            outcome.append((False, reason))

    worker = threading.Thread(target=work, name="translation", daemon=True)
    worker.start()
    worker.join(seconds)
    if not outcome:
        raise ServiceFailed(f"no answer within {seconds:g} seconds")
    done, value = outcome[0]
    if not done:
        raise value
    return value


def _short(reason: BaseException) -> str:
    text = str(reason).split("\n")[0]
    if isinstance(reason, requests.ConnectionError):
        return "no connection"
    if isinstance(reason, ApiKeyException | AuthorizationException):
        return "the api_key is missing or refused"
    return f"{type(reason).__name__} {text[:120]}".strip()
