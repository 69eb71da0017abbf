"""Answers every request with a greeting, until it is told to stop."""

import os
import signal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"{os.environ.get('GREETING', 'Hello')} from Python\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: exit(0))
    ThreadingHTTPServer(("", 8080), Greeter).serve_forever()


if __name__ == "__main__":
    main()
