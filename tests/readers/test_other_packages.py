"""A reader of another package: found by its entry point, asked by its ``matches``, and its articles built."""

import json
import os
import subprocess
import sys

import pytest

from allegedly.schemas import stored
from allegedly.schemas.validate import validate

READER = '''"""Telex: a line of capitals, then the text."""

from allegedly.builders.limits import Refused
from allegedly.builders.text import article
from allegedly.schemas.records import Block


def matches(data, name):
    return "text/x-telex" if data.startswith(b"ZCZC") else None


def read(data, origin):
    text = data[4:].decode("ascii").strip()
    if not text:
        raise Refused("no-article", "holds a call sign and nothing more")
    yield article(text, origin, blocks=(Block(kind="lead", start=0, end=len(text)),), title="Telex")
'''


@pytest.fixture
def allegedly(tmp_path):
    """Runs a command beside a package, installed with its entry point, that brings the reader."""
    installed = tmp_path / "installed"
    (installed / "telex-1.0.dist-info").mkdir(parents=True)
    (installed / "telex_reader.py").write_text(READER)
    (installed / "telex-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: telex\nVersion: 1.0\n")
    (installed / "telex-1.0.dist-info" / "entry_points.txt").write_text("[allegedly.readers]\ntelex = telex_reader\n")

    def run(*argv):
        command = [sys.executable, "-m", "allegedly", *argv]
        env = os.environ | {"PYTHONPATH": str(installed)}
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True).stdout

    return run


def test_a_file_is_built_with_the_reader_of_another_package(allegedly, tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("ZCZC THE FERRY RAN AGROUND OFF ESTRAND.\n")
    (news / "b.txt").write_text("ZCZC")
    (news / "c.txt").write_text("A storm closed the harbour.\n")
    allegedly("build", "news", "--out", "release", "--labellers", "none", "--workers", "1")
    assert validate(tmp_path / "release") == []
    found = {record.article.origin.reader: record.article for record in stored.records(tmp_path / "release")}
    assert sorted(found) == ["telex", "text"]
    assert (found["telex"].title, found["telex"].text) == ("Telex", "THE FERRY RAN AGROUND OFF ESTRAND.")
    assert found["telex"].origin.media_type == "text/x-telex"
    (line,) = (json.loads(line) for line in (tmp_path / "release" / "rejected.jsonl").read_text().splitlines())
    assert (line["origin"]["reader"], line["reason"]) == ("telex", "holds a call sign and nothing more")


def test_it_is_listed_with_ours(allegedly):
    rows = {row["name"]: row["what"] for row in json.loads(allegedly("list", "readers", "--json"))}
    assert rows["telex"] == "from another package" and {"text", "html"} < set(rows)
