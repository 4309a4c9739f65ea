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

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from crawler.config import AuthoritySettings, CrawlSettings
from monitor.digests.release import ReleaseSettings
from monitor.digests.smtp import SmtpSettings
from monitor.documents.worker import ReaderLimits
from monitor.errors import BadSettings
from monitor.translation.machine.providers import TranslationSettings

CONFIG_NAME = "rulewatch.toml"


class OperatorSettings(BaseModel):
    """Who runs this installation: told when a section can no longer be trusted, and when it can again."""

    model_config = ConfigDict(extra="forbid")
    email: str | None = None


class ServeSettings(BaseModel):
    """The change log in a browser (on this machine only) and the daily cycle; `run_at` is a time of day in China."""

    model_config = ConfigDict(extra="forbid")
    port: int = Field(default=8730, ge=0, le=65535)
    run_at: time = time(2, 30)


class Settings(BaseSettings):
    """Everything that can be set. `home` holds database, evidence and outbox unless other places are named."""

    model_config = SettingsConfigDict(
        env_prefix="RULEWATCH_", env_nested_delimiter="__", extra="forbid", env_ignore_empty=True
    )
    home: Path = Path("var")
    database_url: str | None = None
    crawl: CrawlSettings = CrawlSettings()
    authorities: dict[str, AuthoritySettings] = Field(default_factory=dict)
    reader: ReaderLimits = ReaderLimits()
    translation: TranslationSettings = TranslationSettings()
    smtp: SmtpSettings = SmtpSettings()
    release: ReleaseSettings = ReleaseSettings()
    operator: OperatorSettings = OperatorSettings()
    serve: ServeSettings = ServeSettings()

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
        return self.database_url or f"sqlite:///{self.folder / 'rulewatch.db'}"

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
    try:
        return Settings(**_read(chosen))
    except ValidationError as error:
        place = str(chosen) if chosen else "the environment"
        raise BadSettings("\n".join(_explain(problem, place) for problem in error.errors())) from None


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


def _explain(problem: Any, place: str) -> str:
    name = ".".join(str(step) for step in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{place}: {name} is not a setting of Rulewatch (see docs/operators-guide.md for all of them)"
    return f"{place}: {name} = {problem.get('input')!r}: {problem['msg']}"
