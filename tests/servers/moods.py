"""A mail server with moods: each connection meets one of them, some before, some inside and some after the message.

`with Moody(seed) as server:` gives `server.url`; `server.taken` is what really arrived, `server.met` how often a mood
was met. `server.force` names the one mood of a bad hour, `server.well` ends all trouble.
"""

import random
import re
import socketserver
import threading
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from types import TracebackType
from typing import NamedTuple, Self

DROP = "(drop)"
HANG = "(hang)"


class Mood(NamedTuple):
    """At which command the server answers what; `keeps` says whether it takes a message in spite of its answer."""

    at: str
    answer: str
    keeps: bool = False


MOODS: dict[str, Mood] = {
    "drops at the door": Mood("door", DROP),
    "too busy at the door": Mood("door", "421 4.3.2 too many connections"),
    "no service": Mood("door", "554 5.7.1 no service for you"),
    "is no mail server": Mood("door", "HTTP/1.1 400 Bad Request"),
    "drops the greeting": Mood("EHLO", DROP),
    "sender later": Mood("MAIL", "451 4.3.0 later"),
    "sender refused": Mood("MAIL", "550 5.7.1 sender not allowed"),
    "authentication wanted": Mood("MAIL", "530 5.7.0 authentication required"),
    "greylists": Mood("RCPT", "450 4.2.0 greylisted"),
    "no such mailbox": Mood("RCPT", "550 5.1.1 no such mailbox"),
    "no such mailbox, without a code": Mood("RCPT", "550 no such user"),
    "relay denied": Mood("RCPT", "554 relay access denied"),
    "listed": Mood("RCPT", "550 5.7.1 your address is listed"),
    "mailbox full": Mood("RCPT", "552 5.2.2 mailbox full"),
    "closes at the recipient": Mood("RCPT", "421 4.3.2 closing"),
    "rubbish at the recipient": Mood("RCPT", "\x00\xff what?"),
    "drops at the recipient": Mood("RCPT", DROP),
    "hangs at the recipient": Mood("RCPT", HANG),
    "message later": Mood("DATA", "451 4.3.0 later"),
    "takes no data": Mood("DATA", "554 no valid recipients"),
    "drops inside the message": Mood("body", DROP),
    "disk full": Mood("dot", "452 4.3.1 disk full"),
    "spam": Mood("dot", "554 5.7.1 looks like spam"),
    "takes it and drops": Mood("dot", DROP, keeps=True),
    "drops at the dot": Mood("dot", DROP),
    "takes it and hangs": Mood("dot", HANG, keeps=True),
    "takes it and speaks rubbish": Mood("dot", "OK whatever", keeps=True),
    "speaks rubbish at the dot": Mood("dot", "{}"),
    "says 354 at the dot": Mood("dot", "354 go on"),
}
ONCE_EACH = ("no such mailbox", "no such mailbox, without a code")
"""A recipient meets one of these once by chance: who is told so twice is cut off, and rightly."""


class Moody:
    """Takes most messages, and gives the others trouble."""

    def __init__(self, seed: int, share_of_trouble: float = 0.4) -> None:
        """Choose moods by a seed."""
        self.taken: list[tuple[str, str, bytes]] = []
        self.met: Counter[str] = Counter()
        self.force: str | None = None
        self.well = False
        self._notice: tuple[str, int, Callable[[], None]] | None = None
        self.released = threading.Event()
        self._random, self._share = random.Random(seed), share_of_trouble
        self._told: set[str] = set()
        self._lock = threading.RLock()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                try:
                    _Talk(outer, self).run()
                except (ConnectionError, ValueError):
                    return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = allow_reuse_address = True
            request_queue_size = 50

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        """Start."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, also what hangs."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def choose(self) -> str | None:
        """The mood of one connection, None for none."""
        with self._lock:
            if self.well:
                return None
            return self.force or (self._random.choice(list(MOODS)) if self._random.random() < self._share else None)

    def spares(self, mood: str, to: str) -> bool:
        """Whether a recipient was told this by chance before."""
        with self._lock:
            if self.force or mood not in ONCE_EACH:
                return False
            spared = to in self._told
            self._told.add(to)
            return spared

    def meet(self, mood: str) -> None:
        """Count a mood that a client met."""
        with self._lock:
            self.met[mood] += 1

    def keep(self, to: str, data: bytes) -> None:
        """Put a message into the mailbox, and tell whoever wanted to know."""
        message = message_from_bytes(data, policy=policy.default)
        with self._lock:
            self.taken.append((to, str(message["Message-ID"]), data))
        self.happened("kept")

    def promise(self, event: str, count: int, call: Callable[[], None] | None) -> None:
        """Call somebody when so many more connections were made (`connected`) or messages taken unanswered (`kept`)."""
        with self._lock:
            self._notice = (event, count, call) if call else None

    def happened(self, event: str) -> None:
        """Count what happened; call whom the count was promised to."""
        with self._lock:
            if self._notice is None or self._notice[0] != event:
                return
            _, left, call = self._notice
            self._notice = (event, left - 1, call) if left > 1 else None
            if left <= 1:
                call()


class _Talk:
    """One connection."""

    def __init__(self, server: Moody, handler: socketserver.StreamRequestHandler) -> None:
        self.server, self.read, self.write = server, handler.rfile, handler.wfile
        self.name = server.choose()
        self.mood = MOODS[self.name] if self.name else None
        self.to = ""

    def run(self) -> None:
        self.server.happened("connected")
        if not self.say("door", "220 mail.example ESMTP"):
            return
        while line := self.read.readline():
            word = line[:4].decode("latin-1").upper()
            if word == "QUIT":
                self.put("221 bye")
                return
            if not (self.data() if word == "DATA" else self.command(word, line.decode("latin-1"))):
                return

    def command(self, word: str, line: str) -> bool:
        if word == "RCPT":
            found = re.search("<(.*)>", line)
            self.to = found[1] if found else ""
            if self.name and self.server.spares(self.name, self.to):
                self.name = self.mood = None
        return self.say(word, "250 mail.example")

    def data(self) -> bool:
        if not self.say("DATA", "354 go on"):
            return False
        if self.mood and self.mood.at == "DATA":
            return True
        if self.mood and self.mood.at == "body":
            self.read.readline()
            return self.say("body", "")
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            line = self.read.readline()
            if not line:
                return False
            body += line
        is_trouble = self.mood is not None and self.mood.at == "dot"
        if not is_trouble or (self.mood and self.mood.keeps):
            self.server.keep(self.to, re.sub(rb"(?m)^\.\.", b".", body[:-3]))
        return self.say("dot", "250 2.0.0 taken")

    def say(self, at: str, usual: str) -> bool:
        """Answer as usual, or as the mood is; return whether the talk goes on."""
        if self.mood is None or self.mood.at != at or self.name is None:
            self.put(usual)
            return True
        self.server.meet(self.name)
        if self.mood.answer == HANG:
            self.server.released.wait()
            return False
        if self.mood.answer == DROP:
            return False
        self.put(self.mood.answer)
        return not self.mood.answer.startswith("421")

    def put(self, answer: str) -> None:
        self.write.write(answer.encode("latin-1", "replace") + b"\r\n")
