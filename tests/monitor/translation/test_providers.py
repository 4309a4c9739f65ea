"""Services through deep-translator over real HTTP: what they say, and what their troubles cost us."""

import socket

import pytest
from deep_translator.constants import BASE_URLS

from monitor.translation.machine.providers import TranslationSettings, make_translator
from monitor.translation.machine.translate import Rendering, Translator
from tests.servers import translation as servers

TEXT = "座椅安装方式应与实车一致，试验应在30天内完成。"


class Remembered(dict[str, Rendering]):
    """A memory for one test."""

    def find(self, source: str) -> Rendering | None:
        return self.get(source)

    def keep(self, source: str, rendering: Rendering) -> None:
        self[source] = rendering


def translator(url: str, **settings: object) -> Translator:
    given = {"provider": "libre", "libre_url": url, "retry_pause_seconds": 0, "deadline_seconds": 20, **settings}
    made = make_translator(TranslationSettings.model_validate(given))
    made.begin()
    return made


def test_a_libretranslate_server_translates_and_keeps_figures() -> None:
    with servers.Faithful() as server:
        result = translator(server.url.rstrip("/")).translate(TEXT, Remembered())
    assert result.text is not None
    assert "30 days" in result.text
    assert result.by == {"libre"}


def test_googles_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.GooglePage() as server:
        monkeypatch.setitem(BASE_URLS, "GOOGLE_TRANSLATE", server.url)
        result = translator(server.url, provider="google").translate(TEXT, Remembered())
    assert result.text is not None
    assert "30 days" in result.text
    assert result.by == {"google"}


def test_a_chat_model_is_asked_in_todays_protocol() -> None:
    with servers.ChatModel() as server:
        service = translator(server.url, provider="chatgpt", chatgpt_url=f"{server.url}v1", api_key="key")
        result = service.translate(TEXT, Remembered())
        assert server.asked == [TEXT]
    assert result.text is not None
    assert "30 days" in result.text


def test_codes_are_shielded_on_the_way_and_restored() -> None:
    text = "试验方法见GB/T 15579.6—2018和CCAP-SB-3721：2018A的规定。"
    with servers.Faithful() as server:
        result = translator(server.url).translate(text, Remembered())
    assert server.asked == ["试验方法见XQ1X和XQ2X的规定。"]
    assert result.text is not None
    assert "GB/T 15579.6—2018" in result.text
    assert "CCAP-SB-3721：2018A" in result.text


@pytest.mark.parametrize(
    "trouble",
    [
        servers.AltersNumbers,
        servers.LosesNames,
        servers.GivesChineseBack,
        servers.AddsMarkup,
        servers.TooManyRequests,
        servers.Broken,
        servers.Garbage,
        servers.AnotherShape,
        servers.Endless,
        servers.HangsUp,
    ],
)
def test_a_troubled_server_leaves_the_text_awaiting(trouble: type[servers.Faithful]) -> None:
    text = "按GB 27887-2024的规定，试验应在30天内完成。"
    memory = Remembered()
    with trouble() as server:
        result = translator(server.url).translate(text, memory)
        assert server.asked
    assert result.text is None
    assert result.awaiting == (text,)
    assert not memory


@pytest.mark.parametrize("trouble", [servers.NeverAnswers, servers.Drips])
def test_a_server_that_takes_for_ever_is_given_up_at_the_deadline(trouble: type[servers.Faithful]) -> None:
    with trouble() as server:
        service = translator(server.url, deadline_seconds=0.3, attempts=1)
        results = [service.translate(f"第{number}个不同的句子需要翻译。", Remembered()) for number in "甲乙丙丁戊"]
        assert len(server.asked) == 3
    assert all(result.text is None for result in results)
    assert service.trouble is not None


def test_too_many_requests_stops_asking_for_the_whole_cycle() -> None:
    with servers.TooManyRequests() as server:
        service = translator(server.url)
        for text in ("样品应当完整。", "报告应当真实。"):
            assert service.translate(text, Remembered()).text is None
        assert len(server.asked) == 1
        service.begin()
        service.translate("样品应当完整。", Remembered())
        assert len(server.asked) == 2
    assert service.trouble == "libre refuses more requests (429)"


def test_without_a_connection_the_first_error_ends_asking() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        service = translator(f"http://127.0.0.1:{unused.getsockname()[1]}/", attempts=5, retry_pause_seconds=60)
        for number in range(50):
            assert service.translate(f"样品应当完整，编号{number}。", Remembered()).text is None
    assert service.trouble == "libre cannot be used: no connection"
    assert service.check_service() == "libre cannot be used: no connection"


def test_one_failure_is_tried_again() -> None:
    with servers.FailsFirst() as server:
        assert translator(server.url).translate(TEXT, Remembered()).text is not None
        assert len(server.asked) == 2


def test_three_failures_in_a_row_end_asking() -> None:
    with servers.Broken() as server:
        service = translator(server.url, attempts=2)
        for name in "甲乙丙丁戊":
            service.translate(f"样品{name}应当完整。", Remembered())
        assert len(server.asked) == 6
    assert service.trouble is not None
    assert "3 times in a row" in service.trouble


def test_the_daily_budget_is_never_exceeded() -> None:
    with servers.Faithful() as server:
        service = translator(server.url, daily_characters=20)
        service.begin(spent=8)
        assert service.translate("样品应当完整真实。", Remembered()).text is not None
        assert service.translate("报告应当完整真实。", Remembered()).text is None
        assert len(server.asked) == 1
    assert service.trouble == "today's budget of 20 characters is spent"


def test_a_service_that_needs_a_key_says_so_without_asking() -> None:
    for provider in ("deepl", "microsoft", "chatgpt"):
        service = make_translator(TranslationSettings.model_validate({"provider": provider}))
        assert service.check_service() == f"{provider} cannot be used: the api_key is missing or refused"


def test_without_a_service_nothing_is_asked_and_nothing_is_wrong() -> None:
    service = make_translator(TranslationSettings(provider="none"))
    service.begin()
    assert service.check_service() is None
    assert service.translate(TEXT, Remembered()).awaiting == (TEXT,)


def test_what_is_remembered_is_not_asked_again() -> None:
    memory = Remembered()
    with servers.Faithful() as server:
        service = translator(server.url)
        first = service.translate(TEXT, memory)
        assert service.translate(TEXT, memory).text == first.text
        assert len(server.asked) == 1
