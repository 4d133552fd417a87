"""Progress: every stage of a build is heard of; a bar on a terminal, elsewhere a line now and then, nothing when quiet."""

import io
import sys
import time

import pytest

from allegedly import build, console, progress
from allegedly.builders.watch import Watch


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    for at in range(3):
        words = f"Quay {at} may close, the council said. It cost {at} crowns in {2000 + at}.\n"
        (folder / f"{at}.txt").write_text(words, encoding="utf-8")
    return folder


def test_every_stage_of_a_build_is_heard_of(news, tmp_path):
    heard: dict[str, list[int | None]] = {}

    class Ears(Watch):
        def steps(self, items, total, what):
            count = 0
            for item in items:
                count += 1
                yield item
            heard[what] = [count, total]

    build(news, tmp_path / "out", labellers="none", workers=1, watch=Ears())
    assert heard["reading and labelling files"] == [3, 3]
    assert heard["writing articles"] == [3, 3]
    assert {"sorting articles", "comparing near copies", "placing articles", "writing tables", "hashing tables"} <= set(
        heard
    )
    assert all(count == total for count, total in heard.values())


def test_a_terminal_gets_a_bar(monkeypatch):
    monkeypatch.setattr(progress, "DELAY", 0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(progress.Terminal().steps(range(4), 4, "writing tables")) == [0, 1, 2, 3]
    assert "writing tables: " in sys.stderr.getvalue() and "0/4" in sys.stderr.getvalue()


def test_lines_come_at_most_every_ten_seconds_over_all_stages(monkeypatch, capsys):
    now = [0.0]

    def tick():
        now[0] += 3
        return now[0]

    monkeypatch.setattr(time, "monotonic", tick)
    watch = progress.Terminal()
    for what in ("one", "two", "three"):
        list(watch.steps(range(3), 3, what))
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["two", "three"]


@pytest.mark.parametrize("terminal", [True, False])
def test_quiet_shows_no_progress(terminal, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal() if terminal else io.StringIO())
    monkeypatch.setattr(console, "manner", console.Manner(quiet=True))
    monkeypatch.setattr(progress, "EVERY", 0)
    monkeypatch.setattr(progress, "DELAY", 0)
    watch = progress.Terminal()
    assert list(watch.steps(range(4), 4, "reading")) == [0, 1, 2, 3]
    watch.note("a note")
    watch.close()
    assert sys.stderr.getvalue() == ""
