"""Settings: what cannot be used is named, with the nearest right name; what is secret is never shown."""

import contextlib
import json
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from monitor.cli import main
from monitor.cli.listing import HOMES
from monitor.errors import BadSettings
from monitor.settings import Settings, load_settings

SITE = """
[[authorities.cqc.sections]]
name = "rules"
role = "rules"
family = "static-shtml"
"""
WRONG: list[tuple[str, str, str]] = [
    ("[operator]\nemail = 'ops team'", "operator.email = 'ops team'", "is not an e-mail address"),
    ("[operator]\nemial = 'a@x.example'", "operator.emial", "did you mean email?"),
    ("[smtp]\nurl = 'smtp://mail.example?starttls=requird'", "smtp.url", 'did you mean "required"?'),
    ("[smtp]\nurl = 'smtp://mail.example?startls=never'", "smtp.url", "known are starttls and ca_file"),
    ("[smtp]\nurl = 'mail.example:25'", "smtp.url", "expected smtp://user:pass@host:587"),
    ("[smtp]\nurl = 'smtp://a@x.example:pa/ss#w@rd@mail.example'", "smtp.url", "@ is %40"),
    ("[smtp]\nsender = 'alerts'", "smtp.sender = 'alerts'", "is not an address"),
    ("[smtp]\ntimout_seconds = 5", "smtp.timout_seconds", "did you mean timeout_seconds?"),
    ("[translation]\nprovider = 'gogle'", "translation.provider = 'gogle'", "did you mean google?"),
    ("[translation]\nlibre_url = 'localhost:5000'", "translation.libre_url", "must be an http or https address"),
    ("[translation]\nmymemory_email = 'me'", "translation.mymemory_email = 'me'", "is not an e-mail address"),
    ("[release]\npolicy = 'automatic'", "release.policy = 'automatic'", "did you mean auto?"),
    ("[serve]\nrun_at = '25:00'", "serve.run_at = '25:00'", ""),
    ("[server]\nport = 1", "server is not a setting", "did you mean serve?"),
    ("[authorities.cqc]\nbase_url = 'http://u:geheim@x.example'", "authorities.cqc.base_url", "a user or password"),
    (SITE.replace("static-shtml", "static-html"), "authorities.cqc.sections.0.family", "did you mean static-shtml?"),
    (SITE + "pth = '/x'", "authorities.cqc.sections.0.pth", "did you mean path?"),
    (SITE.replace("\"rules\"\nfamily", "\"rule\"\nfamily"), "authorities.cqc.sections.0.role", "did you mean rules?"),
    ("smtp = 'smtp://u:geheim@x.example'", "smtp: ", ""),
]  # fmt: skip
VARIABLES = [
    ("RULEWATCH_SMTP_URL", "did you mean RULEWATCH_SMTP__URL?"),
    ("RULEWATCH_SMTP__URI", "did you mean RULEWATCH_SMTP__URL?"),
    ("RULEWATCH_DATABASE__URL", "did you mean RULEWATCH_DATABASE_URL?"),
    ("RULEWATCH_HOMEDIR", "did you mean RULEWATCH_HOME?"),
    ("RULEWATCH_TRANSLATION_API_KEY", "did you mean RULEWATCH_TRANSLATION__API_KEY?"),
    ("RULEWATCH_CONFIG_FILE", "did you mean RULEWATCH_CONFIG?"),
    ("rulewatch_smtp_url", "did you mean RULEWATCH_SMTP__URL?"),
    ("RULEWATCH_AUTHORITIES__CQC__BASE_ULR", "BASE_URL?"),
]


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, and no variable of ours."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("RULEWATCH_")]:
        monkeypatch.delenv(name)


def said_of(toml: str) -> str:
    """What is said of a settings file; "" where it can be used."""
    Path("rulewatch.toml").write_text(toml, encoding="utf-8")
    try:
        load_settings()
    except BadSettings as reason:
        return str(reason)
    return ""


@pytest.mark.parametrize(("toml", "name", "hint"), WRONG)
def test_a_wrong_setting_is_named_with_what_would_be_right(toml: str, name: str, hint: str) -> None:
    said = said_of(toml)
    assert name in said
    assert hint in said
    assert said.startswith("rulewatch.toml: ")
    assert "geheim" not in said


@pytest.mark.parametrize(("variable", "hint"), VARIABLES)
def test_an_unknown_variable_is_named_with_the_nearest_right_one(
    monkeypatch: pytest.MonkeyPatch, variable: str, hint: str
) -> None:
    monkeypatch.setenv(variable, "geheim")
    said = said_of("")
    assert said.startswith(f"{variable} is not a setting of Rulewatch")
    assert hint in said
    assert "geheim" not in said


@pytest.mark.parametrize(
    ("variable", "value"),
    [("RULEWATCH_OPERATOR__EMAIL", "ops team"), ("RULEWATCH_TRANSLATION__PROVIDER", "gogle")],
)
def test_an_unusable_variable_is_named_itself(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    assert said_of("").startswith(f"{variable}: ")


def test_a_group_that_is_no_json_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEWATCH_SMTP", "smtp://u:geheim@x.example")
    assert said_of("").startswith("RULEWATCH_SMTP is a group of settings")
    assert "geheim" not in said_of("")


@pytest.mark.parametrize("variable", ["RULEWATCH_TEST_POSTGRES", "RULEWATCH_SMTP__SENDER", "rulewatch_home"])
def test_a_right_variable_is_taken(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "A <a@x.example>")
    assert said_of("") == ""


@pytest.mark.parametrize(
    "url",
    [
        "smtp://user:pa%2Fss%23w%40rd@mail.example:587",
        "smtp://alerts%40x.example:p%3Aw@mail.example/",
        "smtps://mail.example?ca_file=/etc/a@b.pem",
        "smtp://mail.example?starttls=never",
        "smtp://[::1]:25",
    ],
)
def test_a_right_address_is_taken(url: str) -> None:
    assert said_of(f"[smtp]\nurl = {json.dumps(url)}") == ""


@pytest.mark.parametrize(
    "password", ["pa/ss", "pa#ss", "pa?ss", "p@ss", "pa[ss", "pa]ss", "1/2@3", "80?x=1", "@", "pässwört", "25#@"]
)
def test_a_password_as_it_is_never_makes_a_host(password: str) -> None:
    said = said_of(f"[smtp]\nurl = {json.dumps(f'smtp://user:{password}@mail.example:587')}")
    assert "percent-encoded" in said or "in ASCII only" in said


SECRET = "Qz7x"
PASSWORDS = st.text(st.sampled_from("ab0:/?#[]@%&= ü中\\\"'"), max_size=8).map(lambda text: f"{SECRET}{text}{SECRET}")
PLACES = (
    ("smtp", "url", "smtp://u:{}@127.0.0.1:1"),
    ("smtp", "url", "{}"),
    ("smtp", "url", "smtp://{}@127.0.0.1:1?starttls={}"),
    ("smtp", "{}", "x"),
    ("translation", "api_key", "{}"),
    ("translation", "libre_url", "http://u:{}@127.0.0.1:1/"),
    ("translation", "chatgpt_url", "http://{}@127.0.0.1:1/"),
    ("second_reader", "api_key", "{}"),
    ("second_reader", "url", "http://{}@127.0.0.1:1/"),
    ("", "database_url", "postgresql://u:{}@127.0.0.1:1/x"),
    ("", "database_url", "{}"),
    ("", "smtp", "smtp://u:{}@127.0.0.1"),
    ("authorities.cqc", "base_url", "http://u:{}@127.0.0.1:1"),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from([place for place in PLACES if place[1] != "{}"]), password=PASSWORDS, broken=st.booleans())
@example(place=("translation", "libre_url", "http://u:{}@127.0.0.1:1/"), password=f"{SECRET}][{SECRET}", broken=False)
def test_no_secret_is_said_whatever_is_wrong(place: tuple[str, str, str], password: str, broken: bool) -> None:
    group, name, value = place
    line = f"{name} = {json.dumps(value.replace('{}', password))}"
    toml = f"[{group}]\n{line}\n" if group else f"{line}\n"
    said = said_of(toml + ("nonsense = 1\nhalf = \n" if broken else "nonsense = 1\n"))
    assert said
    assert SECRET not in said


def secrets_of(model: type[BaseModel]) -> set[str]:
    """The settings whose kind says that they are secret."""
    found = set()
    for name, field in model.model_fields.items():
        kinds = (field.annotation, *getattr(field.annotation, "__args__", ()))
        found |= {name} if SecretStr in kinds else set()
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found |= {f"{name}.{inner}" for inner in secrets_of(kind)}
    return found


def test_secret_settings_are_secret_by_kind() -> None:
    assert secrets_of(Settings) == {
        "database_url",
        "operator.ping_url",
        "second_reader.api_key",
        "smtp.url",
        "translation.api_key",
        "translation.api_keys",
    }
    loaded = Settings(smtp={"url": "smtp://u:geheim@x.example"}, database_url="postgresql://u:geheim@x/y")
    assert "geheim" not in f"{loaded!r} {loaded} {loaded.model_dump()}"


def test_every_group_refuses_what_it_does_not_know() -> None:
    def groups(model: Any) -> Iterator[type[BaseModel]]:
        for field in model.model_fields.values():
            for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
                if isinstance(kind, type) and issubclass(kind, BaseModel):
                    yield kind
                    yield from groups(kind)

    assert {kind.model_config.get("extra") for kind in groups(Settings)} == {"forbid"}


COMMANDS = [
    "run", "deliver", "doctor", "changes", "changes --json", "register", "history X", "matches", "digests", "reread",
    "contacts list", "contacts pause a@x.example", "certificates import rulewatch.toml", "show 1", "probe",
    "evidence export x.gz --change 1", "sections", "translate status", "glossary check rulewatch.toml",
    "discover http://127.0.0.1:1", "changes merge 1 --into 2 --by x", "serve --port 0",
    "impact", "verify", "backup b.tar", "restore b.tar",
]  # fmt: skip
CLOSED = """
[crawl]
delay_seconds = 0
retries = 0
timeout_seconds = 2
[authorities.cqc]
base_url = "http://127.0.0.1:1"
[authorities.ccap]
base_url = "http://127.0.0.1:1"
"""
KINDS = {
    "torn": "[smtp]\nurl = 'smtp://a@x.example:Qz7x/#@127.0.0.1:1'\n",
    "away": "[smtp]\nurl = 'smtp://a%40x.example:Qz7x@127.0.0.1:1'\n[translation]\nprovider='libre'\n"
    "libre_url='http://127.0.0.1:1'\napi_key='Qz7x'\n[operator]\nemail='ops@x.example'\n" + CLOSED,
    "in the site": "[authorities.cqc]\nbase_url = 'http://u:Qz7x@127.0.0.1:1'\n",
    "no database": "database_url = 'postgresql://u:Qz7x@127.0.0.1:1/x'\n" + CLOSED,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", COMMANDS)
def test_no_command_shows_a_secret(kind: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if words.startswith("serve") and kind == "away":
        pytest.skip("it would serve for ever: nothing is wrong with it")
    Path("rulewatch.toml").write_text(KINDS[kind], encoding="utf-8")
    monkeypatch.setenv("RULEWATCH_HOME", str(tmp_path / "home"))
    printed = StringIO()
    monkeypatch.setattr("sys.argv", ["rulewatch", *words.split()])
    monkeypatch.setattr("sys.stdout", printed)
    monkeypatch.setattr("sys.stderr", printed)
    with contextlib.suppress(SystemExit, Exception):
        main()
    assert SECRET not in printed.getvalue()
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert not [path for path in kept if SECRET.encode() in path.read_bytes()]


def test_every_command_is_asked() -> None:
    stages = {"crawl", "read", "detect", "summarise", "match", "compose"}
    assert {words.split()[0] for words in COMMANDS} | stages | {"facts", "compare"} == set(HOMES)
