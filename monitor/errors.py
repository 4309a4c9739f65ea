"""The roots of every room's errors."""


class RulewatchError(Exception):
    """The root of every error that Rulewatch raises on purpose."""


class BadInput(RulewatchError):
    """Raised when something a person or a file gave cannot be used; the message names the place."""


class BadSettings(RulewatchError):
    """Raised when rulewatch.toml or an environment variable cannot be used; the message names the setting."""
