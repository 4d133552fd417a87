"""Builds of which one system call fails: the old release stands or the new one is whole, and the cause is said."""

import errno
import os
import random
import shutil
from functools import partial
from pathlib import Path

import pytest

from allegedly.builders.build import build
from allegedly.builders.release import belongings, exchange
from allegedly.builders.release.ledger import Ledger
from allegedly.cli import main
from allegedly.schemas.errors import DataError
from allegedly.schemas.opening import Unsound
from allegedly.schemas.records import Origin, Rejected

from .conftest import tree, write

CALLS = ("fsync", "mkdir", "open", "unlink", "write", "pwrite")


class Failing:
    """Makes the n-th call of one kind fail that concerns files below a folder; of this process, which leads a build."""

    def __init__(self, monkeypatch, folder: Path, name: str, number: int, how: int) -> None:
        self.folder, self.number, self.how, self.calls = str(folder), number, how, 0
        real = getattr(os, name)

        def call(*args, **named):
            if self._is_ours(args[0]):
                self.calls += 1
                if self.calls == self.number:
                    raise OSError(self.how, os.strerror(self.how))
            return real(*args, **named)

        monkeypatch.setattr(os, name, call)

    def _is_ours(self, target) -> bool:
        if isinstance(target, int):
            try:
                target = Path(f"/proc/self/fd/{target}").readlink()
            except OSError:
                return False
        return os.fsdecode(target).startswith(self.folder)


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    """Articles, a folder with a release of them, that release, the one of another salt, and how many calls it took."""
    folder = tmp_path_factory.mktemp("failing")
    news, place = write(folder / "news", 3), folder / "place"

    def run(salt: str) -> dict[str, bytes]:
        build(news, place / "out", labellers="none", workers=1, salt=salt)
        return tree(place / "out")

    old = run("old")
    shutil.copytree(place, folder / "kept")
    with pytest.MonkeyPatch.context() as patched:
        counting = {name: Failing(patched, place, name, 0, 0) for name in CALLS}
        new = run("new")
    return run, folder, old, new, {name: calls.calls for name, calls in counting.items()}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_fails(name, builds, monkeypatch):
    run, folder, old, new, calls = builds
    place, rng = folder / "place", random.Random(name)
    number = rng.randint(1, calls[name])
    shutil.rmtree(place)
    shutil.copytree(folder / "kept", place)
    with monkeypatch.context() as patched:
        Failing(patched, place, name, number, rng.choice([errno.EIO, errno.ENOSPC]))
        try:
            assert run("new") == new
        except (DataError, OSError) as error:
            assert any(words in str(error) for words in ("Input/output error", "No space left")), (number, error)
            assert tree(place / "out") in (old, new), number
    assert run("new") == new and sorted(path.name for path in place.iterdir()) == ["out"], number


def test_a_failure_after_the_exchange_loses_nothing(builds, monkeypatch):
    """The new release stands then, which is said; what was put into the former folder meanwhile is carried along later."""
    run, folder, _, new, _ = builds
    place = folder / "place"
    shutil.rmtree(place)
    shutil.copytree(folder / "kept", place)
    swap, fsync = exchange._swap, exchange._fsync

    def late(made: Path, out: Path, aside: Path) -> None:
        (out / "late.txt").write_text("late")
        swap(made, out, aside)
        monkeypatch.setattr(exchange, "_fsync", broken)

    def broken(path: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(exchange, "_swap", late)
    with pytest.raises(DataError, match="the new release stands, but Input/output error"):
        run("new")
    assert tree(place / "out") == new
    monkeypatch.setattr(exchange, "_swap", swap)
    monkeypatch.setattr(exchange, "_fsync", fsync)
    assert run("new") == {**new, "late.txt": b"late"}


@pytest.mark.parametrize("name", ["manifest.json", "README.md", "data/articles"])
def test_a_disk_that_cannot_be_read_is_no_file_of_somebody_else(builds, monkeypatch, capfd, name):
    _, folder, old, _, _ = builds
    place = folder / "unread"
    shutil.copytree(folder / "kept", place)
    monkeypatch.setattr(belongings, "checked", partial(_unread, belongings.checked, name))
    monkeypatch.setattr(belongings, "regular", partial(_unread, belongings.regular, name))
    try:
        assert main(["build", str(folder / "news"), "--out", str(place / "out"), "--labellers", "none"]) == 1
        said = capfd.readouterr().err
        assert os.strerror(errno.EIO) in said and name in said
        assert tree(place / "out") == old
    finally:
        shutil.rmtree(place)


def _unread(real, name, folder, what):
    path = what if isinstance(what, str) else what["path"]
    if not path.startswith(name):
        return real(folder, what)
    error = OSError(errno.EIO, os.strerror(errno.EIO))
    if isinstance(what, str):
        raise error
    raise Unsound(folder / path, str(error), "a file that can be read") from error


def test_what_the_disk_does_to_the_ledger_is_said_as_the_system_says_it(tmp_path):
    path = tmp_path / "ledger.sqlite"
    line = Rejected(origin=Origin(file_name="a.txt"), stage="read", rule="x", reason="y" * 5000, detail={})
    with Ledger(path) as ledger:
        ledger._database.execute("pragma max_page_count = 8")
        with pytest.raises(OSError, match=r"ledger\.sqlite") as full:
            for _ in range(20):
                ledger.reject(line)
        assert full.value.errno == errno.ENOSPC
    with Ledger(path) as ledger:
        for _ in range(2000):
            ledger.reject(line)
        ledger._database.execute("commit")
        ledger._database.execute("pragma cache_size = 0")
        os.truncate(path, 8192)
        with pytest.raises(OSError, match=r"ledger\.sqlite") as broken:
            list(ledger.all())
        assert broken.value.errno == errno.EIO
