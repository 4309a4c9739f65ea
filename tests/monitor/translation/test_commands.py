"""rulewatch translate and glossary: explained, exchanged as TMX, checked."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.errors import BadInput
from monitor.translation.english.glossary import faults_of
from monitor.translation.machine.tmx import read_tmx, write_tmx
from tests.servers import translation as servers

UNITS = [("不得使用<标志>。", "The mark must not be used & shown.", "Li"), ("样品", "sample", "libre")]
TEXT = "应于2027年6月30日前完成换证。座椅按GB 27887-2024安装。"


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line in a home of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RULEWATCH_HOME", str(tmp_path / "var"))
    return CliRunner()


def test_a_text_is_explained_sentence_by_sentence(cli: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.Faithful() as server:
        monkeypatch.setenv("RULEWATCH_TRANSLATION__PROVIDER", "libre")
        monkeypatch.setenv("RULEWATCH_TRANSLATION__LIBRE_URL", server.url)
        first, second = (json.loads(cli.invoke(app, ["translate", TEXT, "--json"]).stdout) for _ in range(2))
        assert len(server.asked) == 1
    assert [sentence["by"] for sentence in first] == [["facts"], ["libre"]]
    assert "by 30 June 2027" in first[0]["en"]
    assert first[1]["protected"] == ["GB 27887-2024"]
    assert first[1]["check"] == ["passed"]
    assert second[1]["by"] == ["memory", "libre"]
    assert "libre: 1" in cli.invoke(app, ["translate", "status"]).stdout


def test_a_refused_answer_is_named(cli: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.AltersNumbers() as server:
        monkeypatch.setenv("RULEWATCH_TRANSLATION__PROVIDER", "libre")
        monkeypatch.setenv("RULEWATCH_TRANSLATION__LIBRE_URL", server.url)
        (sentence,) = json.loads(cli.invoke(app, ["translate", "样品存放期不超过30天。", "--json"]).stdout)
    assert sentence["en"] is None
    assert sentence["check"] == ["refused: libre"]


def test_corrections_come_in_and_the_memory_goes_out(cli: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "in.tmx").write_bytes(write_tmx(UNITS))
    assert cli.invoke(app, ["translate", "--import", "in.tmx", "--by", "Wang"]).exit_code == 0
    assert cli.invoke(app, ["translate", "--export", "out.tmx"]).exit_code == 0
    assert list(read_tmx((tmp_path / "out.tmx").read_bytes())) == [(zh, en, "Wang") for zh, en, _ in UNITS]
    (sentence,) = json.loads(cli.invoke(app, ["translate", UNITS[0][0], "--json"]).stdout)
    assert (sentence["en"], sentence["by"]) == (UNITS[0][1], ["memory", "person"])


@pytest.mark.parametrize("data", [b"<html/>", b"no xml", b""])
def test_what_is_no_tmx_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="no TMX"):
        list(read_tmx(data))


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("暂停,suspension,term,,,,\n暂停,pause,product,,,,", '"暂停" is "suspension" and "pause"'),
        ("废止,repeal,term,,,withdrawal,\n废止公告,withdrawal notice,term,,,,", '废止 is "repeal", never "withdrawal"'),
        (",x,term,,,,", "row 2"),
    ],
)
def test_faults_of_a_glossary_are_named(rows: str, fault: str) -> None:
    assert any(fault in said for said in faults_of(f"zh,en,kind,pos,source,forbidden,note\n{rows}\n"))


def test_glossary_check_tells_faults_by_its_exit_status(cli: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("zh,en,kind\n证书,certificate,term\n", encoding="utf-8")
    (tmp_path / "bad.tmx").write_bytes(write_tmx([("废止该规则。", "Withdrawal of the rule.", "")]))
    assert cli.invoke(app, ["glossary", "check", "good.csv"]).exit_code == 0
    wrong = cli.invoke(app, ["glossary", "check", "bad.tmx"])
    assert wrong.exit_code == 1
    assert 'never "withdrawal"' in wrong.stdout
