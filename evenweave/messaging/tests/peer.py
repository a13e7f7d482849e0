"""A gateway for texts on this machine, which keeps what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Peer:
    """`asked`: (method, path, headers, body) of each request. `status` and `answer` are what it says next."""

    url: str = ""
    status: int = 200
    answer: str = "ok"
    asked: list[tuple[str, str, dict, str]] = field(default_factory=list)


@contextmanager
def peer() -> Iterator[Peer]:
    kept = Peer()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            kept.asked.append((self.command, self.path, dict(self.headers), body))
            self.send_response(kept.status)
            self.end_headers()
            self.wfile.write(kept.answer.encode())

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *args) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    kept.url = f"http://127.0.0.1:{server.server_port}/send"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
