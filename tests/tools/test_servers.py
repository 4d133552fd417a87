"""Label Studio and doccano for real, each in an environment of its own (`make tools`): what goes in by their interfaces comes
out and home as it was, and what is drawn on their pages comes home where it was drawn. Servers listen on 127.0.0.1 only."""

import io
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from round_trips import as_home, exported, imported

from allegedly.builders.annotations.given import Given, Note
from allegedly.schemas.records import Claim, Labels, Span, Speculation

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent
TOKEN = "0123456789abcdef0123456789abcdef01234567"
MAIL, NAME, PASSWORD = "me@example.org", "me", "not-a-secret-1"
#: Seconds that a server may take to be there, and a task to end.
PATIENCE = 180


def environment(tool: str) -> Path:
    """The programs of a tool; a skip where it is not installed."""
    programs = ROOT / f".venv-{tool}" / "bin"
    if not (programs / tool).exists():
        pytest.skip(f"{programs / tool} is not there: `make tools` installs it")
    return programs


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@contextmanager
def running(*argv, log: Path, **environ: str):
    """A program in the background, ended with all that it started."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            list(map(str, argv)),
            env=os.environ | environ,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


class Server:
    """Requests to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.headers: dict[str, str] = {}

    def ask(self, path: str, value=None, *, data: bytes | None = None, kind: str = "application/json") -> bytes:
        """The body of the answer to a GET, or to a POST of a value."""
        body = data if value is None else json.dumps(value).encode()
        request = urllib.request.Request(
            self.address + path,
            data=body,
            headers={**self.headers, **({"Content-Type": kind} if body is not None else {})},
        )
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read()[:500]!r}") from error

    def json(self, path: str, value=None):
        return json.loads(self.ask(path, value))

    def wait(self, path: str) -> None:
        """Until the server answers."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.ask(path)
                return
            except (OSError, AssertionError):
                assert time.monotonic() < until, f"{self.address}{path} does not answer"
                time.sleep(1)


@pytest.fixture(scope="module")
def label_studio(tmp_path_factory):
    programs, folder, server = environment("label-studio"), tmp_path_factory.mktemp("ls"), Server(free_port())
    words = ("start", "--no-browser", "--internal-host", "127.0.0.1", "--port", server.address.rpartition(":")[2])
    user = {"USERNAME": MAIL, "PASSWORD": PASSWORD, "USER_TOKEN": TOKEN}
    environ = {f"LABEL_STUDIO_{name}": value for name, value in user.items()} | {"COLLECT_ANALYTICS": "false"}
    more = ("--data-dir", folder, "--enable-legacy-api-token")
    with running(programs / "label-studio", *words, *more, log=folder / "log", **environ):
        server.wait("/health")
        server.headers = {"Authorization": f"Token {TOKEN}"}
        yield server


@pytest.fixture(scope="module")
def doccano(tmp_path_factory):
    programs, folder, server = environment("doccano"), tmp_path_factory.mktemp("doccano"), Server(free_port())
    environ = {"DOCCANO_HOME": str(folder)}
    for words in (("init",), ("createuser", "--username", NAME, "--password", PASSWORD)):
        subprocess.run([programs / "doccano", *words], env=os.environ | environ, check=True, capture_output=True)
    port = server.address.rpartition(":")[2]
    web = (
        "import backend.cli; from config.wsgi import application; from waitress import serve; "
        f"serve(application, host='127.0.0.1', port={port})"
    )
    with (
        running(programs / "doccano", "task", "--concurrency", "1", log=folder / "task.log", **environ),
        running(programs / "python", "-c", web, log=folder / "web.log", **environ),
    ):
        server.wait("/v1/health/")
        answer = server.json("/v1/auth/login/", {"username": NAME, "password": PASSWORD})
        server.headers = {"Authorization": f"Token {answer['key']}"}
        yield server


@pytest.fixture(params=["hard", "shipped_records"])
def records(request):
    """The hard texts, and the shipped release."""
    return request.getfixturevalue(request.param)


def check_home(tool: str, path: Path, records, **options: str) -> None:
    items = imported(tool, path, records, **options)
    assert [str(item) for item in items if not isinstance(item, Given)] == []
    found = {item.article.id: as_home(item.labels, item.article) for item in items}
    assert found == {record.article.id: as_home(record.labels, record.article) for record in records}


def as_the_page_does(result):
    """Regions with ids of their own, as Label Studio's page gives them when a prediction becomes an annotation."""
    ids = {}
    for entry in result:
        for key in ("id", "from_id", "to_id"):
            if key in entry:
                entry[key] = ids.setdefault(entry[key], uuid4().hex[:10])
    return result


def label_studio_project(server: Server, folder: Path) -> int:
    """The number of a project with what was exported into a folder."""
    config = (folder / "config.xml").read_text(encoding="utf-8")
    project = server.json("/api/projects", {"title": "allegedly", "label_config": config})["id"]
    server.ask(f"/api/projects/{project}/import", data=(folder / "tasks.json").read_bytes())
    return project


def test_label_studio(label_studio, records, tmp_path):
    project = label_studio_project(label_studio, exported("label_studio", records, tmp_path / "out"))
    every = f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true"
    (tmp_path / "none.json").write_bytes(label_studio.ask(every))
    (note,) = imported("label_studio", tmp_path / "none.json", records)
    assert isinstance(note, Note) and f"{len(records)} of {len(records)} items were submitted by nobody" in note.message
    for task in label_studio.json(every):
        predictions = label_studio.json(f"/api/predictions/?task={task['id']}")
        result = as_the_page_does([entry for prediction in predictions for entry in prediction["result"]])
        label_studio.ask(f"/api/tasks/{task['id']}/annotations", {"result": result})
    (tmp_path / "export.json").write_bytes(label_studio.ask(f"/api/projects/{project}/export?exportType=JSON"))
    check_home("label_studio", tmp_path / "export.json", records)


def settled(server: Server, task: str) -> None:
    """Until a task of doccano's queue has ended well."""
    until = time.monotonic() + PATIENCE
    while not (status := server.json(f"/v1/tasks/status/{task}"))["ready"]:
        assert time.monotonic() < until, status
        time.sleep(0.5)
    assert not status.get("error"), status


def sent(server: Server, path: str, field: str, file: Path) -> str:
    """The answer to a file, sent as a form does."""
    bound = uuid4().hex
    head = f'--{bound}\r\nContent-Disposition: form-data; name="{field}"; filename="{file.name}"\r\n\r\n'
    body = head.encode() + file.read_bytes() + f"\r\n--{bound}--\r\n".encode()
    return server.ask(path, data=body, kind=f"multipart/form-data; boundary={bound}").decode()


def doccano_project(server: Server, folder: Path) -> int:
    """The number of a project with what was exported into a folder."""
    settings = {
        "name": "allegedly",
        "description": "labels",
        "project_type": "SequenceLabeling",
        "resourcetype": "SequenceLabelingProject",
        "allow_overlapping": True,
        "use_relation": True,
        "grapheme_mode": False,
        "collaborative_annotation": True,
    }
    project = server.json("/v1/projects", settings)["id"]
    for kind in ("span", "relation"):
        sent(server, f"/v1/projects/{project}/{kind}-type-upload", "file", folder / f"{kind}_types.json")
    uploaded = sent(server, "/v1/fp/process/", "filepond", folder / "items.jsonl")
    form = {"format": "JSONL", "task": "RelationExtraction", "uploadIds": [uploaded]}
    more = {"column_data": "text", "column_label": "entities", "encoding": "utf_8", "delimiter": ""}
    settled(server, server.json(f"/v1/projects/{project}/upload", {**form, **more})["task_id"])
    return project


def doccano_export(server: Server, project: int, path: Path, *, approved: bool) -> Path:
    """The one file of a project's export: all texts, or those that somebody ticked off."""
    wanted = {"format": "JSONL", "exportApproved": approved}
    task = server.json(f"/v1/projects/{project}/download", wanted)["task_id"]
    settled(server, task)
    archive = zipfile.ZipFile(io.BytesIO(server.ask(f"/v1/projects/{project}/download?taskId={task}")))
    (name,) = archive.namelist()
    path.write_bytes(archive.read(name))
    return path


def test_doccano(doccano, records, tmp_path):
    project = doccano_project(doccano, exported("doccano", records, tmp_path / "out"))
    path = doccano_export(doccano, project, tmp_path / "all.jsonl", approved=False)
    (note,) = imported("doccano", path, records)
    assert isinstance(note, Note) and "came back as they went out" in note.message
    check_home("doccano", path, records, approved="yes")


#: What is drawn behind emoji: a word, and words that begin and end with an emoji.
CUE, EXTENT = "may", "🤞 open in June 🎉"
#: Where words of an element's text stand in the window: their left and right edges, and their middle.
PLACE = """(element, words) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (texts.nextNode() && !texts.currentNode.data.includes(words));
    const start = texts.currentNode.data.indexOf(words);
    range.setStart(texts.currentNode, start);
    range.setEnd(texts.currentNode, start + words.length);
    const {left, right, top, bottom} = range.getBoundingClientRect();
    return [left, right, (top + bottom) / 2];
}"""


@pytest.fixture
def emoji(hard):
    """The record whose text begins with emoji, some of several characters, without its labels."""
    (found,) = (record for record in hard if record.article.text.startswith("🌊🌊 👩\u200d👩\u200d👧 "))
    return replace(found, labels=Labels())


@pytest.fixture
def visit(browser):
    """``visit(server)`` is a page that asks no other server: a tool's page would report to its makers."""
    contexts = []

    def start(server: Server):
        context = browser.new_context(viewport={"width": 1300, "height": 900}, service_workers="block")
        contexts.append(context)
        context.route(lambda url: not url.startswith(f"{server.address}/"), lambda route: route.abort())
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        return page

    yield start
    for context in contexts:
        context.close()


def log_in(page, address: str, **fields: str) -> None:
    """Fills in a form, and is there when the page behind it comes."""
    page.goto(address)
    for name, value in fields.items():
        page.fill(f"input[name={name}]", value)
    page.get_by_role("button", name=re.compile("log ?in", re.I)).last.click()
    page.wait_for_url(lambda url: not url.startswith(address), wait_until="commit")


def drag(page, element, words: str) -> None:
    """Selects words of an element with the mouse."""
    # the fonts of a page come late, and move its words
    element.evaluate("() => document.fonts.ready.then(() => null)")
    left, right, middle = element.evaluate(PLACE, words)
    page.mouse.move(left + 1, middle)
    page.mouse.down()
    page.mouse.move(right - 1, middle, steps=9)
    page.wait_for_function("words => getSelection().toString() === words", arg=words)
    page.mouse.up()


def posted(path: str):
    """Whether an answer is that to a POST to such a path, a good one."""
    return lambda answer: answer.request.method == "POST" and path in answer.url and answer.ok


def check_drawn(tool: str, path: Path, record) -> None:
    """What was drawn came home at its characters, and nothing else."""
    items = imported(tool, path, [record])
    assert [str(item) for item in items if not isinstance(item, Given)] == []
    cue, extent = ((Span(start := record.article.text.index(words), start + len(words)),) for words in (CUE, EXTENT))
    drawn = Labels(
        claims=(Claim(id="c1", extent=extent),),
        speculations=(Speculation(id="s1", cue=cue, scope=()),),
        attributions=(),
    )
    assert [as_home(item.labels, item.article) for item in items] == [as_home(drawn, record.article)]


def test_drawn_in_label_studio(label_studio, emoji, visit, tmp_path):
    project = label_studio_project(label_studio, exported("label_studio", [emoji], tmp_path / "out"))
    (task,) = label_studio.json(f"/api/tasks?project={project}")["tasks"]
    page = visit(label_studio)
    log_in(page, f"{label_studio.address}/user/login", email=MAIL, password=PASSWORD)
    page.goto(f"{label_studio.address}/projects/{project}/data?task={task['id']}")
    text = page.locator(".lsf-richtext__container", has_text=emoji.article.text)
    for name, words in (("speculation-cue", CUE), ("claim", EXTENT)):
        page.locator(".lsf-labels .lsf-label", has_text=name).click()
        drag(page, text, words)
        text.locator(".htx-highlight", has_text=words).wait_for()
        # a label that is chosen while a region is would be that region's
        page.keyboard.press("Escape")
    with page.expect_response(posted("/annotations")):
        page.get_by_role("button", name="Submit").click()
    path = tmp_path / "export.json"
    path.write_bytes(label_studio.ask(f"/api/projects/{project}/export?exportType=JSON"))
    check_drawn("label_studio", path, emoji)


def test_drawn_in_doccano(doccano, emoji, visit, tmp_path):
    project = doccano_project(doccano, exported("doccano", [emoji], tmp_path / "out"))
    page = visit(doccano)
    log_in(page, f"{doccano.address}/auth", username=NAME, password=PASSWORD)
    page.goto(f"{doccano.address}/projects/{project}/sequence-labeling?page=1")
    text = page.locator("svg g text", has_text=emoji.article.text)
    for name, words in (("speculation-cue", CUE), ("claim", EXTENT)):
        drag(page, text, words)
        chosen = page.get_by_role("menuitem", name=name)
        with page.expect_response(posted("/spans")):
            chosen.click()
        # the text is drawn again, and the menu goes from before it; long names are cut short
        page.locator("svg g text", has_text=name[:9]).wait_for()
        chosen.wait_for(state="hidden")
    with page.expect_response(posted("/states")):
        page.locator(".toolbar-control button").first.click()
    path = doccano_export(doccano, project, tmp_path / "all.jsonl", approved=True)
    check_drawn("doccano", path, emoji)
