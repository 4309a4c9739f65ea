"""What HTTP servers of the tests have in common: a free port of this machine, a thread, and an end."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Quiet(BaseHTTPRequestHandler):
    """Answers without a line on standard error; what was asked is kept by its server."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Loopback:
    """Answers by a handler from its making to the end of its `with`; `_stop` is set at the end, for those who wait."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def root(self) -> str:
        """The server's address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
