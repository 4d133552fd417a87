"""A report in all its formats: what is hostile is text in each, and the same report gives the same bytes."""

import csv
import dataclasses
import io
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
import yaml

from allegedly import UsageError, evaluate
from allegedly.cli import main
from allegedly.eval import examples, formats, leaderboard, pages, plots, summary
from allegedly.eval import report as reports
from allegedly.reporting import check, save, written

from .conftest import SYSTEM

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f]")
FORMS = ("html", "md", "junit", "model-index", "csv")


@pytest.fixture(scope="module")
def saved(hostile, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved") / "report"
    save(hostile, folder)
    return folder


@pytest.mark.parametrize("form", FORMS)
def test_nothing_acts_on_a_terminal_or_turns_writing(hostile, saved, form):
    text = written(hostile, form, saved)
    assert "⟨U+202E⟩" in text.replace("\\+", "+") and not UNSEEN.search(text)


#: Names that are commands of a log where they stand at the beginning of a line, or a blank becomes one.
COMMANDS = [
    "::error::b",
    "a\n::error::b",
    "a\n  ::error::b\r::c\n\n",
    f"{'a ' * 100}::error::b",
    "a\n##[error]e ::error::b",
]


@pytest.mark.parametrize("name", COMMANDS)
def test_no_line_is_a_command_of_a_log(hostile, name):
    """Whatever of a report is a stranger's, down to the first cell of a row."""
    report = dataclasses.replace(
        hostile,
        dataset={**hostile.dataset, "name": name, "version": name, "split": name},
        systems=[{**row, "name": name} for row in hostile.systems],
        results=[{**row, "system": name, "signature": name} for row in hostile.results],
        warnings=[name],
        gates=[{**gate, "system": name, "message": name} for gate in hostile.gates],
    )
    texts = {form: write(report) for form, write in formats.FORMATS.items()} | {"html": pages.page(report)}
    for form, text in texts.items():
        begun = [line for line in re.split("[\n\r]", text) if line.lstrip().startswith(("::", "##["))]
        assert begun == [] and "b" in text, form


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attributes]


def test_html_has_no_element_of_theirs(page):
    found = Tags()
    found.feed(page.read_text(encoding="utf-8"))
    assert found.tags.count("script") == 1 and "img" not in found.tags and "iframe" not in found.tags
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    for _, name, value in found.attributes:
        if name in ("href", "src", "xlink:href"):
            assert value.startswith(("#", "data:,", "data:image/png;base64,")), value


def test_markdown_shows_text(hostile):
    text = summary.markdown(hostile)
    # as GitHub reads it: an escaped character is itself
    bare = re.sub(r"\\([\\`*_{}\[\]()#+!|<>~$&@:.-])", "", re.sub(r"`[^`\n]*`", "", text.replace("\\`", "")))
    assert "<script" not in bare and "](" not in bare and "<img" not in bare and "<b" not in bare
    tags = re.findall(r"<(/?\w+)>", bare)
    assert set(tags) <= {"details", "summary", "/details", "/summary"}
    for block in text.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
        assert len(widths) <= 1, "a name broke out of its cell"


def test_junit_parses(hostile):
    root = ElementTree.fromstring(formats.junit(hostile))
    (suite,) = root.findall("testsuite")
    assert suite.get("failures") == "1"
    (case,) = suite.findall("testcase")
    assert "<script>fetch('x')</script>" in case.find("failure").get("message")
    assert case.get("classname").startswith("<b>sys</b>")
    hostile_gates, hostile.gates = hostile.gates, []
    try:
        root = ElementTree.fromstring(formats.junit(hostile))
        assert len(root.findall(".//testcase")) == sum(r["primary"] and r["slice"] is None for r in hostile.rows)
    finally:
        hostile.gates = hostile_gates


def test_model_index_is_yaml(hostile):
    value = yaml.safe_load(formats.model_index(hostile))
    models = value["model-index"]
    assert [len(model["results"]) > 5 for model in models] == [True, True]
    for model, name in zip(models, (SYSTEM, "plain"), strict=True):
        for result in model["results"]:
            (metric,) = result["metrics"]
            assert metric["value"] == hostile.value(name, result["task"]["name"], metric["type"])


def test_csv_has_all_rows_and_no_formula(hostile):
    rows = list(csv.DictReader(io.StringIO(formats.comma_separated(hostile))))
    assert len(rows) == len(hostile.rows)
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "@", "\t", "\r"))]
    for row, ours in zip(rows, hostile.rows, strict=True):
        assert (row["value"] == "") == (ours["value"] is None)
        assert ours["value"] is None or float(row["value"]) == ours["value"]


def test_a_leaderboard_shows_text_and_a_table_for_each_gold(hostile, saved, tmp_path, capsys):
    (tmp_path / "a").mkdir()
    for name in ("report.json", "counts.parquet"):
        (tmp_path / "a" / name).write_bytes((saved / name).read_bytes())
    out = tmp_path / "board.html"
    assert main(["leaderboard", str(tmp_path), "--out", str(out)]) == 0
    found = Tags()
    found.feed(out.read_text(encoding="utf-8"))
    assert "script" not in found.tags and "b" not in found.tags
    assert not UNSEEN.search(out.read_text(encoding="utf-8"))
    capsys.readouterr()
    assert main(["leaderboard", str(tmp_path)]) == 0
    assert not UNSEEN.search(capsys.readouterr().out)
    boards = leaderboard.boards(leaderboard.read(tmp_path))
    assert [row.rank for row in boards[0].rows] == sorted(row.rank for row in boards[0].rows)
    value = json.loads((saved / "report.json").read_text(encoding="utf-8"))
    for row in value["results"]:
        row["signature"] = re.sub("gold=[0-9a-f]+", "gold=ffff", row["signature"])
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "report.json").write_text(json.dumps(value), encoding="utf-8")
    (tmp_path / "b" / "counts.parquet").write_bytes((saved / "counts.parquet").read_bytes())
    many = len(boards)
    apart = leaderboard.boards(leaderboard.read(tmp_path))
    assert len(apart) == 2 * many
    assert all(len({row.row["signature"].partition("gold=")[2][:4] for row in board.rows}) == 1 for board in apart)
    assert {board.made.partition("gold ")[2][:4] for board in apart} >= {"ffff"}
    # one that is broken is left out and told
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "report.json").write_text("{}", encoding="utf-8")
    assert main(["leaderboard", str(tmp_path)]) == 0
    assert "left out: " in capsys.readouterr().err
    assert main(["leaderboard", str(tmp_path / "nothing")]) == 2


def test_examples_come_back_equal(hostile, saved):
    assert list(examples.read(saved)) == list(examples.of(hostile))


def test_a_saved_report_gives_the_same_page(hostile, saved):
    loaded = reports.load(saved)
    assert written(loaded, "html", saved) == written(hostile, "html", saved) == written(loaded, "html", saved)
    assert (saved / "report.html").read_text(encoding="utf-8") == written(loaded, "html", saved)
    for form in ("md", "junit", "model-index", "csv", "json"):
        assert written(loaded, form, saved) == written(hostile, form, saved)


def test_plots_are_the_same_twice(hostile):
    first, second = plots.plots(hostile), plots.plots(hostile)
    assert first == second
    assert {plot.kind for plot in first} >= {"forest", "confusion"}
    for plot in first:
        ElementTree.fromstring(plot.svg)
        assert "<script" not in plot.svg and "\u202e" not in plot.svg


def test_a_report_replaces_a_report_and_nothing_else(hostile, tmp_path):
    folder = tmp_path / "report"
    save(hostile, folder)
    (folder / "notes.txt").write_text("mine")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    check(folder)
    save(hostile, folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    reports.load(folder).save(folder)
    assert (folder / "examples.jsonl").exists() and not (folder / "report.html").exists()
    other = tmp_path / "other"
    other.mkdir()
    (other / "junit.xml").write_text("<theirs/>")
    with pytest.raises(UsageError, match=r"junit\.xml there belongs to no report of ours"):
        check(other)
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is no folder"):
        check(tmp_path / "file")


def test_a_folder_saved_from_python_makes_a_page(root, tmp_path, capsys):
    report = evaluate(root / "dataset", "labeller:none", tasks=["speculation-cues"], resamples=0, missing="empty")
    report.save(tmp_path)
    assert main(["report", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert text.count('<details class="article"') == len(report.articles)
    assert main(["report", str(tmp_path / "nowhere")]) == 2
