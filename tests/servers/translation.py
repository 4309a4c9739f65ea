"""LibreTranslate on loopback: one server that behaves, and one for each way to misbehave.

The protocol is LibreTranslate's: POST /translate with q, source, target, format; JSON {"translatedText": …} back. The
English is made by rule, word order and all, but keeps what must be kept: names, dates, numbers and units.
"""

import calendar
import json
import re
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from monitor.translation.english.glossary import load_glossary
from tests.servers.loopback import Loopback, Quiet

MONTHS = tuple(calendar.month_name)[1:]
UNITS = {
    "个工作日": " working days",
    "个月": " months",
    "年": " years",
    "小时": " hours",
    "天": " days",
    "人日": " man-days",
}


WORDS = {
    "不超过": "not more than",
    "应当": "shall",
    "应": "shall",
    "可以": "may",
    "可": "may",
    "不": "not",
    "或": "or",
    "关于": "on",
}
LETTERS = str.maketrans("0123456789", "ghijklmnop")


class Faithful(Loopback):
    """Translates and keeps every figure; `asked` are the texts it was given."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        trouble = self

        class Handler(Quiet):
            def do_POST(self) -> None:
                trouble.asked.append(trouble.read_question(self))
                trouble.answer(self, trouble.asked[-1])

            def do_GET(self) -> None:
                trouble.asked.append(parse_qs(urlsplit(self.path).query)["q"][0])
                trouble.answer(self, trouble.asked[-1])

        super().__init__(Handler)

    @property
    def url(self) -> str:
        """The server's address."""
        return f"{self.root}/"

    def read_question(self, request: BaseHTTPRequestHandler) -> str:
        """Return the Chinese that a request asks for."""
        query = parse_qs(urlsplit(request.path).query)
        assert urlsplit(request.path).path == "/translate"
        assert (query["source"], query["target"]) == (["zh"], ["en"])
        return query["q"][0]

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        """Answer one request."""
        self.send(request, 200, json.dumps({"translatedText": self.english(text)}).encode())

    def english(self, text: str) -> str:
        """Return an English text with every figure of the Chinese one."""
        return english(text)

    def send(self, request: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
        """Send a status and a body."""
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


class GooglePage(Faithful):
    """Answers as Google's mobile page does."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        page = f'<html><body><div class="result-container">{self.english(text)}</div></body></html>'
        self.send(request, 200, page.encode())


class ChatModel(Faithful):
    """Answers as OpenAI-compatible chat completions do, and refuses what they refuse; `bodies` are what it was sent."""

    def __init__(self, key: str | None = "key") -> None:
        super().__init__()
        self.key, self.bodies = key, list[dict[str, Any]]()

    def read_question(self, request: BaseHTTPRequestHandler) -> str:
        assert request.path == "/v1/chat/completions"
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        self.bodies.append({**body, "authorization": request.headers["Authorization"]})
        roles = [message["role"] for message in body["messages"]]
        assert (roles, body["temperature"]) == (["system", "user"], 0)
        return str(json.loads(body["messages"][1]["content"])["text"])

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        if self.key and self.bodies[-1]["authorization"] != f"Bearer {self.key}":
            self.send(request, 401, b'{"error": {"code": "invalid_api_key"}}')
            return
        content = json.dumps({"translation": self.english(text)})
        said = {"choices": [{"message": {"role": "assistant", "content": content}}]}
        self.send(request, 200, json.dumps(said).encode())


class Deepl(Faithful):
    """Answers as DeepL has done since January 2026: POST with a header; everything else is refused."""

    def __init__(self, key: str = "key") -> None:
        super().__init__()
        self.key = key

    def read_question(self, request: BaseHTTPRequestHandler) -> str:
        if request.command != "POST":
            return ""
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        assert (body["source_lang"], body["target_lang"]) == ("ZH", "EN-GB")
        return str(body["text"][0])

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        if request.command != "POST" or request.headers["Authorization"] != f"DeepL-Auth-Key {self.key}":
            self.send(request, 403, b'{"message": "Legacy authentication is not supported"}')
            return
        said = {"translations": [{"detected_source_language": "ZH", "text": self.english(text)}]}
        self.send(request, 200, json.dumps(said).encode())


class Microsoft(Faithful):
    """Answers as Microsoft's translator 3.0 does, its list of languages included."""

    def read_question(self, request: BaseHTTPRequestHandler) -> str:
        query = parse_qs(urlsplit(request.path).query)
        assert (query["from"], query["to"]) == (["zh-hans"], ["en"])
        return str(json.loads(request.rfile.read(int(request.headers["Content-Length"])))[0]["text"])

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        if request.headers["Ocp-Apim-Subscription-Key"] != "key":
            self.send(request, 401, b'{"error": {"code": 401000, "message": "The request is not authorized"}}')
            return
        self.send(request, 200, json.dumps([{"translations": [{"text": self.english(text), "to": "en"}]}]).encode())


class MyMemory(Faithful):
    """Answers as MyMemory does."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        self.send(
            request, 200, json.dumps({"responseData": {"translatedText": self.english(text)}, "matches": []}).encode()
        )


class AltersNumbers(Faithful):
    """Adds one to every number that stands alone."""

    def english(self, text: str) -> str:
        return re.sub(r"(?<![\w.-])\d+(?![\w.-])", lambda match: str(int(match[0]) + 1), english(text))


class LosesNames(Faithful):
    """Drops the marks and codes that it was given."""

    def english(self, text: str) -> str:
        return re.sub(r"XQ\d+X|GB[ /T]*\d[\d.-]*", "the standard", english(text))


class GivesChineseBack(Faithful):
    """Answers with what it was asked."""

    def english(self, text: str) -> str:
        return text


class AddsMarkup(Faithful):
    """Slips a script into its answer."""

    def english(self, text: str) -> str:
        return f"{english(text)} <script>alert(1)</script>"


class TooManyRequests(Faithful):
    """Answers 429 to everything."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        self.send(request, 429, b'{"error": "Slowdown"}')


class Broken(Faithful):
    """Answers 500 to everything."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        self.send(request, 500, b"oops")


class FailsFirst(Faithful):
    """Answers 500 once, then well."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        if len(self.asked) == 1:
            self.send(request, 500, b"oops")
        else:
            super().answer(request, text)


class Garbage(Faithful):
    """Answers a web page where JSON is due."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        self.send(request, 200, b"<html><body>Welcome to our hotel</body></html>")


class AnotherShape(Faithful):
    """Answers JSON of another shape."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        self.send(request, 200, b'{"translation": ["x"]}')


class Endless(Faithful):
    """Sends far more than any translation."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        self.send(request, 200, b'{"translatedText": "' + b"word " * 400_000 + b'"}')


class NeverAnswers(Faithful):
    """Takes the request and is silent until the test ends."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        self._stop.wait(30)


class Drips(Faithful):
    """Sends a byte now and then, so that no time-out between bytes is ever reached."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        while not self._stop.wait(0.05):
            request.wfile.write(b" ")
            request.wfile.flush()


class HangsUp(Faithful):
    """Closes the connection without an answer."""

    def answer(self, request: BaseHTTPRequestHandler, text: str) -> None:
        request.close_connection = True


def english(text: str) -> str:
    """Return words by rule around every name, date, number and unit; duties and negations are kept."""
    text = re.sub(r"(\d{4})年(\d{1,2})月(\d{1,2})日", lambda m: f" {m[3]} {MONTHS[int(m[2]) - 1]} {m[1]} ", text)
    for zh, en in UNITS.items():
        text = re.sub(rf"(\d){zh}", rf"\1{en} ", text)
    text = re.sub(r"[\u3000-\u303f\uff00-\uffef]", ", ", text)
    for term in load_glossary().terms_in(text):
        text = text.replace(term.zh, f" the {term.en} ")
    for zh, en in WORDS.items():
        text = text.replace(zh, f" {en} ")
    text = re.sub(r"[\u4e00-\u9fff]+", lambda m: f" the {m[0].encode().hex()[:8].translate(LETTERS)} words ", text)
    return "It says the " + re.sub(r"[\s,]*,[\s,]*", ", ", re.sub(r"\s+", " ", text)).strip(" ,") + "."
