"""The [crawl] and [authorities.*] settings: validated here, used by run.py and probe.py."""

import ipaddress
import json
from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from crawler.errors import UnusableSettings
from crawler.pages.records import JsonRows
from crawler.section import Authority, Expectation, Role, Section

Family = Literal["static-shtml", "trs-wcm", "aspnet", "json-list", "general"]

_SHOWN = "a user or password: addresses are kept, shown and sent to holders"


class CrawlSettings(BaseModel):
    """How sites are visited. Times are seconds or days, sizes megabytes (of 1,000,000 bytes)."""

    model_config = ConfigDict(extra="forbid")
    delay_seconds: float = Field(default=3.0, ge=0, le=3600)
    contact: str = "mailto:operator@localhost"
    timeout_seconds: float = Field(default=60, gt=0, le=3600)
    retries: int = Field(default=2, ge=0, le=10)
    page_megabytes: float = Field(default=10, gt=0, le=1000)
    file_megabytes: float = Field(default=40, gt=0, le=1000)
    rotation_days: int = Field(default=14, ge=1, le=366)
    certified_rotation_days: int = Field(default=3, ge=1, le=366)
    full_list_days: int = Field(default=7, ge=1, le=366)
    list_pages: int = Field(default=200, ge=1, le=100_000)
    longest_minutes: float = Field(default=240, gt=0, le=7 * 24 * 60)
    memory_megabytes: int = Field(default=1500, ge=200, le=1_000_000)

    @property
    def user_agent(self) -> str:
        """How the crawler names itself: what it is, and whom an authority can write to."""
        return f"Rulewatch/0.1 (watches certification rules for their holders; contact: {self.contact})"


class ExpectSettings(BaseModel):
    """What a healthy visit of a section looks like (crawler.section.Expectation)."""

    model_config = ConfigDict(extra="forbid")
    rows_at_least: int = Field(default=1, ge=0, le=1_000_000)
    shrink_at_most: float = Field(default=0.2, ge=0, le=1)
    newest_within_days: int | None = Field(default=None, ge=1, le=36_600)


class SectionSettings(BaseModel):
    """One section; the keys from `endpoint` on are for the family json-list."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1)
    role: Role
    path: str = "/"
    family: Family
    render: bool = False
    expect: ExpectSettings = ExpectSettings()
    volatile: list[str] = Field(default_factory=list)
    stable: list[str] = Field(default_factory=list)
    endpoint: str | None = None
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, str | int] = Field(default_factory=dict)
    body: str | None = None
    rows: str | None = None
    title: str = "title"
    url: str = "url"
    date: str | None = None
    total: str | None = None
    pages: str | None = None
    page_size: int | None = Field(default=None, ge=1, le=100_000)
    first_page: int = Field(default=1, ge=0, le=1_000_000)

    @field_validator("method", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("path", "endpoint")
    @classmethod
    def _without_credentials(cls, value: str | None) -> str | None:
        if value is not None and "@" in urlsplit(value).netloc:
            raise PydanticCustomError(
                "setting", "must not hold a user or password: addresses are kept, shown and sent to holders"
            )
        return value

    @field_validator("body", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value

    @model_validator(mode="after")
    def _whole(self) -> "SectionSettings":
        if self.family == "json-list" and (not self.endpoint or not self.rows):
            raise PydanticCustomError("setting", "a json-list section needs endpoint and rows")
        return self

    def section(self) -> Section:
        """Return the section that these settings declare."""
        expect = Expectation(**self.expect.model_dump())
        return Section(self.name, self.role, self.path, self.family, self._json(), expect, self.render,
                       tuple(self.volatile), tuple(self.stable))  # fmt: skip

    def _json(self) -> JsonRows | None:
        if self.endpoint is None or self.rows is None:
            return None
        return JsonRows(
            endpoint=self.endpoint,
            rows=self.rows,
            title=self.title,
            url=self.url,
            date=self.date,
            method=self.method,
            params=tuple((name, str(value)) for name, value in self.params.items()),
            body=self.body,
            total=self.total,
            pages=self.pages,
            page_size=self.page_size,
            first_page=self.first_page,
        )


class AuthoritySettings(BaseModel):
    """What the settings say of an authority; what is absent stays as it is built in.

    `legacy_tls` lets old servers renegotiate (OpenSSL refuses it since 3.0); `verify_certificates = false` accepts a
    broken certificate. Both weaken what we can prove about where bytes came from, so they are asked for by name.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    base_url: str | None = None
    file_hosts: list[str] | None = None
    sections: list[SectionSettings] | None = Field(default=None, min_length=1)
    legacy_tls: bool | None = None
    verify_certificates: bool | None = None

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise PydanticCustomError("setting", "base_url must be an http or https address")
        if value is not None and "@" in urlsplit(value).netloc:
            raise PydanticCustomError("setting", f"base_url must not hold {_SHOWN}")
        return value

    @field_validator("sections")
    @classmethod
    def _named_once(cls, value: list[SectionSettings] | None) -> list[SectionSettings] | None:
        names = [section.name for section in value or ()]
        if twice := {name for name in names if names.count(name) > 1}:
            raise PydanticCustomError("setting", f"two sections have the name {sorted(twice)[0]!r}")
        return value


def check_politeness(crawl: CrawlSettings, authorities: Iterable[Authority]) -> None:
    """Raise UnusableSettings where the crawl would not wait between requests to a host that is not this machine."""
    if crawl.delay_seconds > 0:
        return
    for authority in authorities:
        for host in authority.hosts:
            if not is_loopback(host):
                raise UnusableSettings(
                    f"crawl.delay_seconds = 0 is allowed for loopback hosts only, and {authority.name} is at {host}"
                )


def is_loopback(host: str) -> bool:
    """Whether a host (with or without scheme and port) is this machine."""
    try:
        name = urlsplit(host if "//" in host else f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
