"""Whether a language model reads notices too, where it is and what it may cost: the [second_reader] settings."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from monitor.notation.addresses import is_web_address


class SecondReaderSettings(BaseModel):
    """The `[second_reader]` settings: off while `url` is absent. `characters` bounds what one run may send."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    url: str | None = None
    model: str = "gpt-4o-mini"
    api_key: SecretStr | None = None
    deadline_seconds: float = Field(default=60, gt=0, le=600)
    characters: int = Field(default=100_000, ge=0, le=10**9)

    @field_validator("url")
    @classmethod
    def _is_plain_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not is_web_address(value):
            raise PydanticCustomError("setting", "must be an http or https address")
        if "@" in value:
            raise PydanticCustomError("setting", "must not hold a user or password: a key goes into api_key")
        return value
