"""Exporters from outside, the one that CONTRIBUTING shows among them: dropped into a copy of the package, or beside."""

import json

import pytest
from plugin_copies import Site, copied, example, installed

SOURCE = example("An exporter")
#: An exporter of tables into a folder.
FOLDER = '''"""A file for each article, with the ids of one table."""

PATH = "folder"
CONFIGS = ("claims", "attributions")


def write(records, path, config="claims"):
    assert path.is_dir() and not any(path.iterdir())
    for record in records:
        labels = getattr(record.labels, config) or ()
        (path / f"{record.article.id}.txt").write_text(" ".join(label.id for label in labels), encoding="utf-8")
'''


def site(how: str, folder, name: str, source: str) -> Site:
    if how == "dropped in":
        made = copied(folder, "builders/exporters", name, source)
    else:
        made = installed(folder, "exporters", name.replace("_", "-"), source)
    (folder / "a.txt").write_text('"The bridge cost 3 million euros in 2019," Anna Lind said.\n', encoding="utf-8")
    made.run("build", "a.txt", "--out", "release", "--workers", "1", "--train", "1", "--validation", "0", "--test", "0")
    return made


HOW = pytest.mark.parametrize("how", ["dropped in", "another package"])


@HOW
def test_it_is_listed_and_writes_a_file_or_lines(how, tmp_path):
    made = site(how, tmp_path, "claim_lines", SOURCE)
    assert "claim-lines" in {row["name"] for row in json.loads(made.run("list", "exporters", "--json"))}
    assert made.run("export", "claim-lines", "release", "--out", "claims.txt") == ""
    written = (tmp_path / "claims.txt").read_text(encoding="utf-8")
    assert "The bridge cost 3 million euros in 2019" in written
    assert made.run("export", "claim-lines", "release") == written
    with_option = made.run("export", "claim-lines", "release", "--option", "separator= | ")
    assert with_option == written.replace("\t", " | ") != written
    error = made.run("export", "claim-lines", "release", "--option", "separater=x", code=2)
    assert "unknown option 'separater'; did you mean 'separator'?" in error
    assert "takes no --config" in made.run("export", "claim-lines", "release", "--config", "claims", code=2)


@HOW
def test_one_that_writes_a_folder(how, tmp_path):
    made = site(how, tmp_path, "ids", FOLDER)
    made.run("export", "ids", "release", "--out", "folder", "--config", "attributions")
    (file,) = (tmp_path / "folder").iterdir()
    assert file.read_text(encoding="utf-8") == "a1"
    assert "writes a folder: name where with --out" in made.run("export", "ids", "release", code=2)
    error = made.run("export", "ids", "release", "--out", "other", "--config", "claim", code=2)
    assert "unknown config 'claim'; did you mean 'claims'?" in error
    error = made.run("export", "ids", "release", "--out", "a.txt", code=2)
    assert "a.txt: is a file; export ids writes a folder" in error
    assert not (tmp_path / "other").exists()


def test_what_would_be_lost_is_listed_before_anything_is_written(tmp_path):
    source = (
        FOLDER
        + """

def losses(records, config="claims"):
    for record in records:
        for _ in range(7):
            yield Loss("a part in several pieces", f"{record.article.id}:c1")
        yield Loss(f"words of {config}", record.article.id)
"""
    )
    source = source.replace("PATH =", "from allegedly.builders.exporters._lookup import Loss\n\nPATH =")
    made = site("dropped in", tmp_path, "ids", source)
    error = made.run("export", "ids", "release", "--out", "folder", "--config", "attributions", code=1)
    assert "not carried: a part in several pieces: 7 (" in error and ":c1 and 2 more)" in error
    assert "not carried: words of attributions: 1 (" in error
    assert "nothing was written; --lossy goes on without what is listed above" in error
    assert not (tmp_path / "folder").exists()
    made.run("export", "ids", "release", "--out", "folder", "--lossy")
    assert len(list((tmp_path / "folder").iterdir())) == 1


@pytest.mark.parametrize(
    ("line", "instead", "message"),
    [
        ('PATH = "file"\n', "", "lacks PATH"),
        ('PATH = "file"', 'PATH = "files"', "PATH: unknown word 'files'; did you mean 'file'?"),
        ('LAYERS = ("claims",)', 'LAYERS = ("claim",)', "LAYERS: unknown word 'claim'; did you mean 'claims'?"),
    ],
)
def test_what_is_wrong_in_its_file_is_told(tmp_path, line, instead, message):
    made = copied(tmp_path, "builders/exporters", "claim_lines", SOURCE.replace(line, instead))
    assert message in made.run("export", "claim-lines", "release", code=2)


def test_json_lines_open_with_a_loader_that_takes_types_from_the_beginning(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    from allegedly.builders.exporters import jsonl
    from allegedly.schemas.records import Article, Attribution, Labels, Origin, Record, Span

    def record(number, **fields):
        labels = fields.pop("labels", Labels())
        origin = Origin(file_name=f"{number}.txt")
        return Record(
            article=Article(id=f"{number:016x}", text="So he said. " * 40, origin=origin, **fields), labels=labels
        )

    said = Labels(attributions=(Attribution(id="a1", cue=(Span(6, 10),)),))
    records = [record(number) for number in range(60)]
    records += [record(60, subtitle="Late", authors=("A. B.",)), record(61, labels=said), record(62, labels=said)]
    jsonl.write(iter(records), tmp_path / "all.jsonl")
    data = load_dataset(
        "json", data_files=str(tmp_path / "all.jsonl"), split="train", chunksize=4096, cache_dir=str(tmp_path)
    )
    order = [article["id"] for article in data["article"]]
    late = [60, 61]  # those that show what was null before; the first article comes first in any case
    assert order == [f"{number:016x}" for number in (0, *late, *(n for n in range(1, 63) if n not in late))]
    assert data[1]["article"]["subtitle"] == "Late" and data[2]["labels"]["attributions"][0]["cue"] == [
        {"start": 6, "end": 10}
    ]
