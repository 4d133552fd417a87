"""Label Studio and doccano for real, each in an environment of its own (`make tools`): what goes in by their interfaces comes
out and home as it was. Servers listen on 127.0.0.1 only."""

import io
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from round_trips import as_home, exported, imported

from allegedly.builders.annotations.given import Given, Note

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent
TOKEN = "0123456789abcdef0123456789abcdef01234567"
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
    user = {"USERNAME": "me@example.org", "PASSWORD": "not-a-secret-1", "USER_TOKEN": TOKEN}
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
    for words in (("init",), ("createuser", "--username", "me", "--password", "not-a-secret-1")):
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
        answer = server.json("/v1/auth/login/", {"username": "me", "password": "not-a-secret-1"})
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


def test_label_studio(label_studio, records, tmp_path):
    folder = exported("label_studio", records, tmp_path / "out")
    config = (folder / "config.xml").read_text(encoding="utf-8")
    project = label_studio.json("/api/projects", {"title": "allegedly", "label_config": config})["id"]
    label_studio.ask(f"/api/projects/{project}/import", data=(folder / "tasks.json").read_bytes())
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


def uploaded(server: Server, file: Path) -> str:
    """The id under which doccano keeps a file."""
    bound = uuid4().hex
    head = f'--{bound}\r\nContent-Disposition: form-data; name="filepond"; filename="{file.name}"\r\n\r\n'
    body = head.encode() + file.read_bytes() + f"\r\n--{bound}--\r\n".encode()
    return server.ask("/v1/fp/process/", data=body, kind=f"multipart/form-data; boundary={bound}").decode()


def test_doccano(doccano, records, tmp_path):
    folder = exported("doccano", records, tmp_path / "out")
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
    project = doccano.json("/v1/projects", settings)["id"]
    form = {"format": "JSONL", "task": "RelationExtraction", "uploadIds": [uploaded(doccano, folder / "items.jsonl")]}
    more = {"column_data": "text", "column_label": "entities", "encoding": "utf_8", "delimiter": ""}
    settled(doccano, doccano.json(f"/v1/projects/{project}/upload", {**form, **more})["task_id"])
    task = doccano.json(f"/v1/projects/{project}/download", {"format": "JSONL", "exportApproved": False})["task_id"]
    settled(doccano, task)
    archive = zipfile.ZipFile(io.BytesIO(doccano.ask(f"/v1/projects/{project}/download?taskId={task}")))
    (name,) = archive.namelist()
    (tmp_path / "all.jsonl").write_bytes(archive.read(name))
    (note,) = imported("doccano", tmp_path / "all.jsonl", records)
    assert isinstance(note, Note) and "came back as they went out" in note.message
    check_home("doccano", tmp_path / "all.jsonl", records, approved="yes")
