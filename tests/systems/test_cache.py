"""Kept answers: whose they are, how long they last, and what a file that is no cache comes to."""

import os
import sqlite3
from pathlib import Path

import pytest

from allegedly.eval import running
from allegedly.eval.cache import FILE, Cache, key
from allegedly.eval.options import Options, options
from allegedly.eval.system import Dead
from allegedly.eval.systems import command, http, openai
from allegedly.schemas.errors import DataError, UsageError

TASK = "speculation-detection"


def test_answers_of_one_run_last_until_it_ends(tmp_path):
    with Cache(tmp_path) as cache:
        cache.put([("a", 1)], one_run=True)
        cache.put([("b", {"label": "\ud800"})])
        assert cache.get(["a", "b"]) == {"b": {"label": "\ud800"}}
    with Cache(tmp_path) as cache:  # after a kill
        assert cache.get(["a", "b"], one_run=True) == {"a": 1}
        cache.end_run()
        assert cache.get(["a", "b"], one_run=True) == {}
        assert set(cache.get(["a", "b"])) == {"b"}


@pytest.mark.parametrize(
    ("error", "goes_on"),
    [
        (KeyboardInterrupt(), True),
        (running.Spent("stopped"), True),
        (Dead("gave up"), True),
        (OSError("disk full"), True),
        (UsageError("found label x"), False),
        (DataError("altered"), False),
        (ValueError("of ours"), False),
        (None, False),
    ],
)
def test_what_ends_a_run_and_what_it_survives(tmp_path, error, goes_on):
    with Cache(tmp_path) as cache:
        try:
            with running.one_run(cache):
                cache.put([("a", 1)], one_run=True)
                if error is not None:
                    raise error
        except BaseException as raised:
            assert raised is error
        assert cache.get(["a"], one_run=True) == ({"a": 1} if goes_on else {})


def test_answers_of_others_count_only_where_a_person_named_the_cache(tmp_path, monkeypatch):
    with Cache(tmp_path, named=False) as cache:
        cache.put([("a", "ours"), ("b", "ours")])
    with sqlite3.connect(tmp_path / FILE) as base:
        base.execute("UPDATE kept SET answer = '\"theirs\"' WHERE key = 'a'")
        base.execute("INSERT INTO kept SELECT 'c', answer, run, mark FROM kept WHERE key = 'b'")
    base.close()
    with Cache(tmp_path, named=False) as cache:
        assert cache.get("abc") == {"b": "ours"}
    with Cache(tmp_path) as cache:
        assert cache.get("abc") == {"a": "theirs", "b": "ours", "c": "ours"}
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "of another user"))
    with Cache(tmp_path, named=False) as cache:
        assert cache.get("abc") == {}
    assert (tmp_path / "of another user/allegedly/answers.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("state", ["link", "file", "short"])
def test_a_key_that_is_not_ours_alone_marks_nothing_for_later(tmp_path, monkeypatch, state):
    home = tmp_path / "home"
    if state == "file":
        home.write_text("")
    else:
        (home / "allegedly").mkdir(parents=True)
        (tmp_path / "known").write_bytes(bytes(32))
        file = home / "allegedly" / "answers.key"
        file.symlink_to(tmp_path / "known") if state == "link" else file.write_bytes(b"short")
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    with Cache(tmp_path / "kept", named=False) as cache:
        cache.put([("a", 1)])
        assert cache.get("a") == {"a": 1}
    with sqlite3.connect(tmp_path / "kept" / FILE) as base:
        (mark,) = base.execute("SELECT mark FROM kept").fetchone()
    base.close()
    import hashlib
    import hmac

    assert mark != hmac.new(bytes(32), b"\0a\x001", hashlib.sha256).hexdigest()


def damage(folder):
    """Ways in which a cache may be none."""
    file = folder / FILE

    def text():
        file.write_bytes(b"no data base " * 99)

    def cut():
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2] + bytes(100))

    def sql(*statements):
        def run():
            file.unlink()
            base = sqlite3.connect(file)
            for statement in statements:
                base.execute(statement)
            base.commit()
            base.close()

        return run

    def replaced(how):
        def run():
            file.unlink()
            how()

        return run

    return {
        "no data base": text,
        "cut": cut,
        "other columns": sql("CREATE TABLE kept (a)"),
        "a view that is code": sql(
            "CREATE VIEW kept AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS key FROM n"
        ),
        "a trigger": sql(
            "CREATE TABLE run (token TEXT NOT NULL)", "CREATE TRIGGER t INSERT ON run BEGIN SELECT 1; END"
        ),
        "a link": replaced(lambda: file.symlink_to(folder / "elsewhere")),
        "a pipe": replaced(lambda: os.mkfifo(file)),
        "a folder": replaced(file.mkdir),
        "a link for its log": lambda: (folder / f"{FILE}-journal").symlink_to(folder / "elsewhere"),
    }


@pytest.mark.parametrize("case", damage(Path()))
def test_a_broken_cache_says_so(tmp_path, case):
    with Cache(tmp_path) as cache:
        cache.put([(str(n), "x" * 100) for n in range(200)])
    damage(tmp_path)[case]()
    with pytest.raises(UsageError, match=FILE) as caught, Cache(tmp_path) as cache:
        cache.get(map(str, range(200)))
        raise AssertionError("nothing was noticed")
    assert "delete it, or name another folder by --cache" in str(caught.value)
    assert not (tmp_path / "elsewhere").exists()


def test_an_answer_that_is_no_json(tmp_path):
    with Cache(tmp_path) as cache:
        cache.put([("a", 1)])
        cache._base.execute("UPDATE kept SET answer = '{'")
        with pytest.raises(UsageError, match=r"a broken cache of answers: .*delete it"):
            cache.get("a")


def test_a_folder_that_is_none(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "in"):
        with pytest.raises(UsageError, match=r"file.*expected a folder for answers"):
            Cache(folder)
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="is a link"):
        Cache(tmp_path / "link", named=False)
    Cache(tmp_path / "link").close()


def test_a_cache_of_an_earlier_version_is_left_alone(tmp_path):
    base = sqlite3.connect(tmp_path / FILE)
    base.execute("CREATE TABLE answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)")
    base.close()
    with Cache(tmp_path) as cache:
        cache.put([("a", 1)])
        assert cache.get("a") == {"a": 1}


def decides(system):
    """The key of what a system says decides its answers."""
    return key(system.identity(TASK), system.around())


def identities(system, given, tmp_path, monkeypatch):
    """The identity of a system before and after each change that decides its answers."""
    keys = [decides(system(given))]
    (tmp_path / "weights" / "a").write_text("2")
    keys.append(decides(system(given)))
    monkeypatch.setenv("MODEL", "2")
    keys.append(decides(system(given)))
    return keys


@pytest.mark.parametrize("scheme", ["command", "http", "openai"])
def test_what_the_options_name_decides(tmp_path, monkeypatch, scheme):
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "a").write_text("1")
    monkeypatch.setenv("MODEL", "1")
    monkeypatch.chdir(tmp_path)
    connect = {
        "command": lambda given: command.connect("true", options(given)),
        "http": lambda given: http.connect("//localhost/", options(given)),
        "openai": lambda given: openai.connect("m@http://localhost/v1", options(given)),
    }[scheme]
    named = {"depends": ["weights"], "env": ["MODEL"]}
    assert len(set(identities(connect, named, tmp_path, monkeypatch))) == 3
    assert scheme == "openai" or not connect(named).one_run
    if scheme != "command":
        sent = [decides(connect({**named, "headers": {"x-model": model}})) for model in ("a", "b", "a")]
        assert sent[0] == sent[2] != sent[1]
        assert scheme == "openai" or connect({"headers": {"x-model": "a"}}).one_run
    with pytest.raises(UsageError, match="depends: nowhere: no such file or folder"):
        connect({"depends": ["nowhere"]}).identity(TASK)


def test_the_environment_of_a_program_decides_too(monkeypatch):
    system = command.connect("true", Options())
    before = decides(system)
    monkeypatch.setenv("SHLVL", "99")
    assert decides(system) == before
    monkeypatch.setenv("MODEL", "2")
    assert system.one_run and decides(system) != before


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "$MODEL"}])
def test_nothing_secret_enters_the_version_of_a_report(monkeypatch, headers):
    """A hash of a weak secret can be guessed: the version of a system is printed, so no secret is in it."""
    said = []
    for secret in ("hunter2", "hunter3"):
        monkeypatch.setenv("MODEL", secret)
        given = options({"env": ["MODEL"], "headers": headers})
        said.append(
            [
                http.connect(f"//ann:{secret}@localhost/?key={secret}", given).identity(TASK),
                openai.connect(f"m@http://ann:{secret}@localhost/v1?key={secret}", given).identity(TASK),
                command.connect("true", options({"env": ["MODEL"]})).identity(TASK),
            ]
        )
    assert said[0] == said[1]
