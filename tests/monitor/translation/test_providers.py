"""Services through deep-translator over real HTTP: what they say, and what their troubles cost us."""

import json
import socket

import pytest
from deep_translator import MicrosoftTranslator
from deep_translator.constants import BASE_URLS

from monitor.translation.machine.protect import protect
from monitor.translation.machine.providers import make_translator
from monitor.translation.machine.settings import TranslationSettings
from monitor.translation.machine.translate import Rendering, Translator
from tests.monitor.translation.harms import NEVER
from tests.monitor.translation.measure import harmed
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


@pytest.mark.parametrize("key", ["key", None])
def test_a_chat_model_is_asked_in_todays_protocol_with_terms_and_a_second_look(key: str | None) -> None:
    with servers.ChatModel(key) as server:
        service = translator(server.url, provider="chatgpt", chatgpt_url=f"{server.url}v1", api_key=key)
        result = service.translate(TEXT, Remembered())
        assert server.asked == [TEXT, TEXT]
        first, second = (json.loads(body["messages"][1]["content"]) for body in server.bodies)
    assert first["terms"] == {"座椅": "seats", "试验": "test"}
    assert "draft" not in first
    assert second["draft"] == result.text
    assert result.by == {"chatgpt:gpt-4o-mini:2"}


def test_what_a_model_says_of_a_duty_waits_where_the_second_look_differs() -> None:
    class Wavers(servers.ChatModel):
        def english(self, text: str) -> str:
            return f"The sample shall be complete{' and must be complete' if len(self.asked) > 1 else ''}."

    with Wavers() as server:
        service = translator(server.url, provider="chatgpt", chatgpt_url=f"{server.url}v1", api_key="key")
        assert service.translate("样品应完整。", Remembered()).text is None
    assert service.refused == {"chatgpt:gpt-4o-mini:2": 1}


@pytest.mark.parametrize(("key", "refused"), [("key", False), ("another", True)])
def test_deepl_is_asked_by_post_with_its_header(key: str, refused: bool) -> None:
    with servers.Deepl() as server:
        service = translator(server.url, provider="deepl", deepl_url=server.url, api_key=key)
        result = service.translate(TEXT, Remembered())
    assert (result.text is None) == refused
    assert service.trouble == ("deepl cannot be used: the api_key is missing or refused" if refused else None)


def test_microsoft_and_mymemory_are_asked_through_their_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = {"chinese simplified": "zh-hans", "english": "en"}
    monkeypatch.setattr(MicrosoftTranslator, "_get_supported_languages", lambda self: codes)
    with servers.Microsoft() as server, servers.MyMemory() as memory:
        monkeypatch.setitem(BASE_URLS, "MICROSOFT_TRANSLATE", f"{server.url}translate?api-version=3.0")
        monkeypatch.setitem(BASE_URLS, "MYMEMORY", f"{memory.url}get")
        for provider in ("microsoft", "mymemory"):
            result = translator(server.url, provider=provider, api_key="key").translate(TEXT, Remembered())
            assert result.text is not None
            assert result.by == {provider}


def test_the_next_service_is_asked_where_one_is_refused_or_gives_up() -> None:
    with servers.AltersNumbers() as bad, servers.Deepl() as good:
        settings = {"providers": ["libre", "deepl"], "deepl_url": good.url, "api_key": "key"}
        service = translator(bad.url, **settings)
        result = service.translate(TEXT, Remembered())
        assert result.by == {"deepl"}
        assert service.refused == {"libre": 1}
    with servers.TooManyRequests() as away, servers.Deepl() as good:
        service = translator(away.url, **{**settings, "deepl_url": good.url})
        for text in (TEXT, "样品应当完整。"):
            assert service.translate(text, Remembered()).by == {"deepl"}
        assert len(away.asked) == 1
        assert service.trouble is None


def test_what_is_remembered_is_checked_again_and_a_persons_words_are_not() -> None:
    memory = Remembered({"不得使用标志。": Rendering("The mark may be used.", "libre")})
    service = make_translator(TranslationSettings())
    assert service.translate("不得使用标志。", memory).text is None
    memory.keep("不得使用标志。", Rendering("Hands off the mark.", "person"))
    assert service.translate("不得使用标志。", memory).text == "Hands off the mark."
    assert TranslationSettings().chain == ()


@pytest.mark.parametrize("provider", ["libre", "deepl", "microsoft", "chatgpt"])
def test_harm_is_not_shown_through_any_service(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = {"chinese simplified": "zh-hans", "english": "en"}
    monkeypatch.setattr(MicrosoftTranslator, "_get_supported_languages", lambda self: codes)
    asked: dict[str, str] = {}
    for number, (kind, sentence, said) in enumerate(harmed("held_out")):
        if number % 17 == 0 and kind in NEVER | {"advertising", "talk about the task", "cut off", "mojibake"}:
            asked.setdefault(sentence.zh, said)
    answers = {**asked, **{protect(zh).text: said for zh, said in asked.items()}}
    kinds = {"libre": servers.Faithful, "deepl": servers.Deepl, "microsoft": servers.Microsoft}
    with kinds.get(provider, servers.ChatModel)() as server:
        monkeypatch.setattr(server, "english", lambda text: answers[text])
        monkeypatch.setitem(BASE_URLS, "MICROSOFT_TRANSLATE", f"{server.url}translate?api-version=3.0")
        urls = {"deepl_url": server.url, "chatgpt_url": f"{server.url}v1", "api_key": "key", "daily_characters": 0}
        service = translator(server.url, provider=provider, **urls)
        shown = [text for text in asked if service._by(service.services[0], text)]
        assert len(server.asked) >= len(asked) >= 100
    assert shown == []
    assert service.refused.total() == len(asked)
    assert service.trouble is None


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
        service.begin({"libre": 8})
        assert service.translate("样品应当完整真实。", Remembered()).text is not None
        assert service.translate("报告应当完整真实。", Remembered()).text is None
        assert len(server.asked) == 1
    assert service.trouble == "today's budget of 20 characters is spent"


def test_a_service_that_needs_a_key_says_so_without_asking() -> None:
    for provider in ("deepl", "microsoft"):
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
