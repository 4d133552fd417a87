"""What the tests share: where the repository lies, and the public corpora beside it where they are present."""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# helpers that several folders of tests use lie beside this file
sys.path.append(str(Path(__file__).parent))
SHARED = Path(os.environ.get("ALLEGEDLY_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared():
    """``shared("corpora/bioscope")``: a folder of public data beside the repository, or a skip with the reason."""

    def find(path: str) -> Path:
        found = SHARED / path
        if not found.exists():
            pytest.skip(f"public data not present beside the repository: {path}")
        return found

    return find


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """A fresh cache of `datasets` for each test, whose key ignores what the files hold, and a state folder of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("HF_HOME", str(tmp_path_factory.mktemp("hf")))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def server():
    """Starts a server with a function from (number of the request, JSON) to (status, headers, bytes)."""
    started = []

    def start(answer):
        count = iter(range(1, 10**9))
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                value = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with lock:
                    number = next(count)
                    self.server.seen.append(value)
                status, headers, body = answer(number, value)
                self.send_response(status)
                for name, content in {**headers, "content-length": str(len(body))}.items():
                    self.send_header(name, content)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        found = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        found.seen = []
        found.daemon_threads = True
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        started.append((found, thread))
        return found

    yield start
    for found, thread in started:
        found.shutdown()
        found.server_close()
        thread.join()
