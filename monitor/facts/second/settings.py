"""Whether a language model reads notices too, where it is and what it may cost: the [second_reader] settings."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from monitor.services import ServiceAddress


class SecondReaderSettings(BaseModel):
    """The `[second_reader]` settings: off while `url` is absent. `characters` bounds what one run may send."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    url: ServiceAddress | None = None
    model: str = "gpt-4o-mini"
    api_key: SecretStr | None = None
    deadline_seconds: float = Field(default=60, gt=0, le=600)
    characters: int = Field(default=100_000, ge=0, le=10**9)
