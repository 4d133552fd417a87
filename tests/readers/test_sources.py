"""Sources: every file once, under the name that the contract gives it; what is no file is a line of the ledger."""

import os
import socket
from dataclasses import fields

import pytest

from allegedly.builders.readers._reading import read
from allegedly.builders.sources.find import Source, find
from allegedly.builders.sources.limits import Limits
from allegedly.schemas import schema
from allegedly.schemas.errors import UsageError


def write(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"text": "A ferry ran aground off Estrand."}')


def found(*paths):
    """Names of files, and for what is refused its rule."""
    return [item.file_name if isinstance(item, Source) else (item.origin.file_name, item.rule) for item in find(paths)]


def test_names_start_with_the_source(tmp_path, monkeypatch):
    write(tmp_path, "news/politics/1.json", "news/2.json", "a/x.json")
    assert found(tmp_path / "news") == ["news/2.json", "news/politics/1.json"]
    assert found(tmp_path / "a" / "x.json") == ["x.json"]
    monkeypatch.chdir(tmp_path / "news")
    assert found(".") == found("../news/") == ["news/2.json", "news/politics/1.json"]


def test_order_does_not_depend_on_the_call(tmp_path):
    write(tmp_path, "b/1.json", "a/1.json", "c.json")
    paths = [tmp_path / "b", tmp_path / "c.json", tmp_path / "a"]
    assert found(*paths) == found(*reversed(paths)) == ["a/1.json", "b/1.json", "c.json"]


def test_twice_is_once_under_the_longest_name(tmp_path):
    write(tmp_path, "news/politics/1.json", "news/2.json")
    news, politics, file = tmp_path / "news", tmp_path / "news" / "politics", tmp_path / "news" / "politics" / "1.json"
    expected = ["news/2.json", "news/politics/1.json"]
    assert found(news, news) == found(news, politics) == found(file, politics, news) == expected
    assert found(file, politics) == ["politics/1.json"]
    (news / "a-link-with-a-long-name.json").symlink_to("2.json")
    assert found(news) == ["news/a-link-with-a-long-name.json", "news/politics/1.json"]


def test_links(tmp_path):
    write(tmp_path, "news/sub/1.json", "elsewhere/secret.json")
    news = tmp_path / "news"
    (news / "back").symlink_to("..")
    (news / "broken").symlink_to("nothing")
    (news / "loop").symlink_to("loop")
    (news / "out.json").symlink_to("../elsewhere/secret.json")
    (news / "outfolder").symlink_to("../elsewhere")
    (news / "sub" / "up").symlink_to("..")
    (news / "twin").symlink_to("sub")
    assert found(news) == [
        ("news/back", "link-out"),
        ("news/broken", "broken-link"),
        ("news/loop", "link-loop"),
        ("news/out.json", "link-out"),
        ("news/outfolder", "link-out"),
        "news/sub/1.json",
        ("news/sub/up", "link-loop"),
    ]
    both = found(news, tmp_path / "elsewhere")
    assert "news/out.json" not in both
    assert "elsewhere/secret.json" in both


def test_a_source_may_be_a_link(tmp_path):
    write(tmp_path, "data/1.json")
    (tmp_path / "news").symlink_to("data")
    assert found(tmp_path / "news") == ["news/1.json"]


def test_what_is_no_file(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # the path of a socket has 108 bytes
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("socket")
        refused = list(find([tmp_path]))
    assert [(item.rule, item.reason) for item in refused] == [
        ("not-a-file", "is a named pipe; only files are read"),
        ("not-a-file", "is a socket; only files are read"),
    ]
    (named,) = find([tmp_path / "pipe"])
    assert named.rule == "not-a-file"


def test_a_pipe_that_took_the_place_of_a_file(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    (refused,) = read(Source(path=str(tmp_path / "a.txt"), file_name="a.txt"))
    assert (refused.rule, refused.stage) == ("not-a-file", "open")


def test_missing_path():
    with pytest.raises(UsageError, match=r"no such file or folder: 'not/there'; name files or folders that are there"):
        find(["not/there"])


@pytest.mark.parametrize("name", [b"with blank.json", b"line\nbreak.json", b"caf\xe9.json", "café.json".encode()])
def test_names_of_any_bytes(tmp_path, name):
    path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - bytes
    with open(path, "wb") as file:  # noqa: PTH123 - bytes
        file.write(b'{"text": "A ferry ran aground off Estrand."}')
    (source,) = find([tmp_path])
    shown = {b"caf\xe9.json": "caf\\xe9.json"}.get(name) or name.decode()
    assert source.file_name == f"{tmp_path.name}/{shown}"
    (article,) = read(source)
    assert article.origin.file_name == source.file_name


def test_unreadable_file(tmp_path, monkeypatch):
    write(tmp_path, "a.json")
    (source,) = find([tmp_path])

    def denied(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    (refused,) = read(source)
    assert (refused.rule, refused.reason) == ("unreadable", "cannot be read: Permission denied; check its permissions")
    assert refused.origin.sha256 is None


def test_unreadable_folder(tmp_path, monkeypatch):
    write(tmp_path, "a/1.json", "b/1.json")
    scandir = os.scandir

    def denied(path):
        if str(path).endswith("/a"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", denied)
    assert found(tmp_path) == [(f"{tmp_path.name}/a", "unreadable"), f"{tmp_path.name}/b/1.json"]


def test_file_that_went_away(tmp_path):
    (refused,) = read(Source(path=str(tmp_path / "a.txt"), file_name="a.txt"))
    assert refused.reason == "cannot be read: No such file or directory; check its permissions"


def test_limits_are_those_of_the_recipe():
    properties = schema.schema("recipe")["properties"]["limits"]["properties"]
    defaults = {field.name: field.default for field in fields(Limits)}
    # how much a process may hold is the engine's to say
    assert defaults.pop("memory") and "memory" not in properties
    assert defaults == {name: value["default"] for name, value in properties.items()}
