"""Which translation services are asked, with what key, how long and how much: the [translation] settings."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from monitor.errors import BadInput
from monitor.notation.addresses import read_address
from monitor.services import ServiceAddress

Provider = Literal["google", "libre", "deepl", "microsoft", "mymemory", "chatgpt"]
BEST_EFFORT = frozenset({"google"})
"""Services without a contract: a free page that changes and refuses as it likes."""


class TranslationSettings(BaseModel):
    """The `[translation]` settings.

    `providers` are asked in turn, and win over `provider`. `daily_characters` bounds what each of them can cost a day;
    0 means no bound.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    provider: Literal["google", "libre", "deepl", "microsoft", "mymemory", "chatgpt", "none"] = "none"
    providers: tuple[Provider, ...] = ()
    libre_url: ServiceAddress = "http://127.0.0.1:5000/"
    api_key: SecretStr | None = None
    api_keys: dict[Provider, SecretStr] = {}
    deepl_url: str | None = None
    deepl_free: bool = True
    microsoft_region: str | None = None
    mymemory_email: str | None = None
    chatgpt_url: ServiceAddress = "https://api.openai.com/v1/"
    chatgpt_model: str = "gpt-4o-mini"
    deadline_seconds: float = Field(default=15, gt=0, le=600)
    attempts: int = Field(default=2, ge=1, le=5)
    retry_pause_seconds: float = Field(default=1, ge=0, le=600)
    daily_characters: int = Field(default=200_000, ge=0, le=10**12)

    @field_validator("mymemory_email")
    @classmethod
    def _is_email(cls, value: str | None) -> str | None:
        try:
            return read_address(value) if value else None
        except BadInput as reason:
            raise PydanticCustomError("setting", "{why}", {"why": str(reason)}) from None

    @property
    def chain(self) -> tuple[Provider, ...]:
        """The services in the order in which they are asked; empty where none is chosen."""
        return self.providers or (() if self.provider == "none" else (self.provider,))

    def key_of(self, provider: Provider) -> str | None:
        """Return the key of a service: its own, else the one for all."""
        key = self.api_keys.get(provider) or self.api_key
        return key.get_secret_value() if key else None
