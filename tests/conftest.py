"""What the tests share: where the repository lies, and the public corpora beside it where they are present."""

import json
import os
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# how long drawing an example takes is the machine's affair: nothing here is a test of seconds
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

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


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, or a skip with the reason."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no browser: none of chromium, chromium-browser, google-chrome is on the path")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="no driver of a browser: playwright is not installed"
    )
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def look(browser):
    """``look(page, width)`` opens a page from disk; at the end nothing was asked for but files that were opened, and the
    console said nothing."""
    contexts, asked, told, opened = [], [], [], set()

    def start(page, width=1300, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(120_000)
        tab.on("request", lambda request: asked.append(request.url.partition("#")[0]))
        tab.on("console", lambda message: told.append(message.text))
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.on("dialog", lambda dialog: told.append(dialog.message))
        opened.add(page.as_uri())
        tab.goto(page.as_uri())
        return tab

    yield start
    for context in contexts:
        context.close()
    assert {url for url in asked if not url.startswith("data:")} <= opened
    assert told == []
