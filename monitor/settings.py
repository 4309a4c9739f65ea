"""Settings: rulewatch.toml and RULEWATCH_* gathered into one validated object.

Each group is declared where it is used; this page only gathers. The environment wins over the file, the file over the
defaults. `RULEWATCH_SMTP__URL` is `url` in `[smtp]`: two underscores step into a group.
"""

import os
import tomllib
from datetime import time
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from crawler.config import AuthoritySettings, CrawlSettings
from monitor import explaining
from monitor.digests.release import ReleaseSettings
from monitor.digests.reminders import ReminderSettings
from monitor.digests.smtp import SmtpSettings
from monitor.documents.worker import ReaderLimits
from monitor.errors import BadInput, BadSettings
from monitor.facts.second.settings import SecondReaderSettings
from monitor.notation.addresses import credentials_hint, is_web_address, read_address
from monitor.translation.machine.settings import TranslationSettings

CONFIG_NAME = "rulewatch.toml"
PREFIX = "RULEWATCH_"
STEP = "__"


class OperatorSettings(BaseModel):
    """Who runs this installation: told when a section can no longer be trusted, and when it can again.

    `ping_url` is told of every cycle (monitor/incidents/heartbeat.py).
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    email: str | None = None
    ping_url: SecretStr | None = None

    @field_validator("email")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        try:
            return read_address(value) if value else None
        except BadInput as reason:
            raise PydanticCustomError("setting", "{why}", {"why": str(reason)}) from None

    @field_validator("ping_url")
    @classmethod
    def _is_web_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_web_address(value.get_secret_value()):
            raise PydanticCustomError("setting", "must be an http or https address")
        return value


class ServeSettings(BaseModel):
    """The change log in a browser (on this machine only) and the daily cycle; `run_at` is a time of day in China."""

    model_config = ConfigDict(extra="forbid")
    port: int = Field(default=8730, ge=0, le=65535)
    run_at: time = time(2, 30)


class Settings(BaseSettings):
    """Everything that can be set. `home` holds database, evidence and outbox unless other places are named."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=STEP,
        extra="forbid",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )
    home: Path = Path("var")
    database_url: SecretStr | None = None
    crawl: CrawlSettings = CrawlSettings()
    authorities: dict[str, AuthoritySettings] = Field(default_factory=dict)
    reader: ReaderLimits = ReaderLimits()
    translation: TranslationSettings = TranslationSettings()
    second_reader: SecondReaderSettings = SecondReaderSettings()
    smtp: SmtpSettings = SmtpSettings()
    release: ReleaseSettings = ReleaseSettings()
    reminders: ReminderSettings = ReminderSettings()
    operator: OperatorSettings = OperatorSettings()
    serve: ServeSettings = ServeSettings()

    @field_validator("database_url")
    @classmethod
    def _is_whole(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and (hint := credentials_hint(value.get_secret_value())):
            raise PydanticCustomError("setting", f"is not the address of a database: {hint}")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where values come from, the strongest first: environment, then the file's values."""
        return env_settings, init_settings

    @property
    def database(self) -> str:
        """The database's SQLAlchemy URL."""
        named = self.database_url.get_secret_value() if self.database_url else None
        return named or f"sqlite:///{self.folder / 'rulewatch.db'}"

    @cached_property
    def folder(self) -> Path:
        """The home folder as an absolute path."""
        return self.home.expanduser().resolve()

    @property
    def evidence_folder(self) -> Path:
        """Where captured bytes are kept."""
        return self.folder / "evidence"

    @property
    def outbox_folder(self) -> Path:
        """Where messages are written while no SMTP server is named."""
        return self.folder / "outbox"


def load_settings(path: Path | None = None) -> Settings:
    """Return the settings of a file (RULEWATCH_CONFIG, else rulewatch.toml here, else defaults) and the environment.

    Raises:
        BadSettings: the file cannot be read, or a setting is unknown or unusable; the message names it.
    """
    chosen = path or _config_path()
    place = str(chosen) if chosen else "the environment"
    if unknown := explaining.unknown_variables(Settings, os.environ, PREFIX, STEP):
        raise BadSettings("\n".join(unknown))
    try:
        return Settings(**_read(chosen))
    except SettingsError as error:
        raise BadSettings(explaining.unreadable_variable(str(error), PREFIX)) from None
    except ValidationError as error:
        told = (explaining.explain(Settings, problem, place, PREFIX, STEP, os.environ) for problem in error.errors())
        raise BadSettings("\n".join(told)) from None


def config_path() -> Path | None:
    """Return the settings file that is in use, None where there is none."""
    return _config_path()


def _config_path() -> Path | None:
    named = os.environ.get("RULEWATCH_CONFIG")
    if named:
        return Path(named)
    return Path(CONFIG_NAME) if Path(CONFIG_NAME).exists() else None


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BadSettings(f"the settings file {path} does not exist (it is named by RULEWATCH_CONFIG)") from None
    except (OSError, UnicodeDecodeError) as reason:
        raise BadSettings(f"the settings file {path} cannot be read: {reason}") from None
    except tomllib.TOMLDecodeError as reason:
        raise BadSettings(f"{path} is not valid TOML: {reason}") from None
