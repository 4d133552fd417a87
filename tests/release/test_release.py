"""What a release holds, and that the same input gives the same bytes."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from allegedly.builders import importing as releases
from allegedly.builders.build import build
from allegedly.builders.release import packing
from allegedly.builders.release.load import load
from allegedly.builders.text.articles import article
from allegedly.schemas import arrow, stored
from allegedly.schemas.derive import numbered, sentence_classes, text_sha256
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import (
    Annotator,
    Attribution,
    Block,
    Claim,
    Labels,
    Origin,
    Record,
    Rejected,
    Sentence,
    Span,
    Speculation,
    Vote,
)
from allegedly.schemas.validate import validate

from .conftest import body, tree, write


def record(number: int, split: str | None = "train", **more) -> Record:
    """A record with labels of every kind, as an importer would give it."""
    text = body(number)
    end = text.index("\n\n")
    blocks = [Block(kind="lead", start=0, end=end), Block(kind="paragraph", start=end + 2, end=len(text))]
    found = article(text, Origin(file_name=f"c/{number}.txt", sha256="0" * 64), blocks=blocks, language="en", **more)
    at = text.index("Mayor")
    said = text.index("said")
    who = {"by": "c", "scheme": "corpus", "confidence": 0.75}
    labels = Labels(
        claims=(
            Claim(id="c1", extent=(Span(0, 3), Span(4, 11)), kind="event", worth="check_worthy", claimer="a1", **who),
        ),
        speculations=(Speculation(id="s1", cue=(Span(end + 5, end + 8),), scope=None, kind="epistemic", **who),),
        attributions=(
            Attribution(
                id="a1",
                source=(Span(at, said - 1),),
                cue=(Span(said, said + 4),),
                content=(Span(said + 5, end),),
                **who,
            ),
        ),
    )
    labels = numbered(labels, found)
    scored = [Sentence(start=s.start, scores={"certainty": 0.5}) for s in found.sentences[:1]]
    from allegedly.schemas.derive import with_scores

    sentences = with_scores(sentence_classes(found, labels), scored)
    vote = Vote(annotator=Annotator(id="c", kind="import", name="Corpus"), labels=labels)
    return Record(article=found, labels=labels, sentences=sentences, votes=(vote,), split=split)


def imported(out: Path, records, **options):
    return releases.write(records, out, name="corpus", licence="MIT", citation="Doe <b>2020</b>", **options)


def test_a_release_reads_back_as_the_records_it_was_made_of(tmp_path):
    made = [record(at, ("train", "validation", "test")[at % 3]) for at in range(12)]
    manifest = imported(tmp_path / "out", reversed(made))
    assert validate(tmp_path / "out") == []
    found = {r.article.id: r for r in stored.records(tmp_path / "out")}
    assert len(found) == 12
    for one in made:
        back = found[one.article.id]
        assert back.to_json() == {**one.to_json(), "sentences": [_whole(s) for s in one.to_json()["sentences"]]}
        assert back.votes == one.votes and back.split == one.split
    assert manifest.counts["claims"] == {"train": 4, "validation": 4, "test": 4}
    assert [i["articles"] for i in manifest.inputs] == [1] * 12
    assert stored.manifest(tmp_path / "out") == manifest


def _whole(sentence: dict) -> dict:
    """The same sentence with every score named: tables have them all."""
    scores = sentence["scores"] and {name: sentence["scores"].get(name) for name in arrow.values_of_scores()}
    return {**sentence, "scores": scores}


def test_every_config_and_split_loads_plain_and_streamed(tmp_path):
    from datasets import load_dataset

    imported(tmp_path / "out", [record(at, ("train", "test")[at % 2]) for at in range(6)])
    manifest = stored.manifest(tmp_path / "out")
    for config, counts in manifest.counts.items():
        having = {split: rows for split, rows in counts.items() if rows}
        assert set(having) == {"train", "test"}
        plain = load_dataset(str(tmp_path / "out"), config)
        assert {split: len(rows) for split, rows in plain.items()} == having
        assert plain["train"].features == arrow.features(config)
        streamed = load_dataset(str(tmp_path / "out"), config, streaming=True)
        for split in having:
            assert list(streamed[split]) == list(plain[split])
    row = load_dataset(str(tmp_path / "out"), "claims")["train"][0]
    assert row["claimer"] == f"{row['article_id']}:a1" and row["polarity"] is None
    first = load_dataset(str(tmp_path / "out"))["train"][0]
    assert first["id"] == f"{first['article_id']}:{first['start']}"


def test_the_yaml_of_the_card_holds_the_features_of_the_tables(tmp_path):
    import yaml

    imported(tmp_path / "out", [record(1)])
    page = (tmp_path / "out" / "README.md").read_text()
    header = yaml.safe_load(page.split("---\n")[1])
    assert header["license"] == "mit" and header["language"] == ["en"] and header["size_categories"] == ["n<1K"]
    assert header["annotations_creators"] == ["found"]
    for info in header["dataset_info"]:
        assert info["features"] == arrow.features(info["config_name"])._to_yaml_list()
        assert [split["name"] for split in info["splits"]] == ["train"]
    for config in header["configs"]:
        assert config["version"] == "0.1.0" and config["description"].startswith("content-sha256:")
    assert {config["config_name"] for config in header["configs"]} == set(arrow.CONFIGS)
    assert r"Doe \<b\>2020\</b\>" in page


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the RDF library under it
def test_croissant_is_valid_and_every_record_set_is_read(tmp_path):
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed (a dependency of the tests)")
    imported(tmp_path / "out", [record(at, ("train", "test")[at % 2]) for at in range(4)], date="2024-05-01")
    dataset = mlcroissant.Dataset(jsonld=str(tmp_path / "out" / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors and not dataset.metadata.ctx.issues.warnings
    counts = stored.manifest(tmp_path / "out").counts
    for found in dataset.metadata.record_sets:
        config, split = found.id.split("-")
        assert sum(1 for _ in dataset.records(found.id)) == counts[config][split]
    one = next(iter(dataset.records("sentences-train")))
    assert one["sentences-train/text"].decode().startswith("The ")


def test_load_checks_sizes_and_hashes(release):
    assert load(release)["train"].num_rows == stored.manifest(release).counts["sentences"]["train"]
    assert load(release, "articles", "test").num_rows == stored.manifest(release).counts["articles"]["test"]
    assert next(iter(load(release, split="train", streaming=True)))["block"] is not None
    shard = release / "data" / "sentences" / "train-00000-of-00001.parquet"
    data = shard.read_bytes()
    shard.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(DataError, match=r"train-00000-of-00001\.parquet: its SHA-256 is .*, but manifest\.json says"):
        load(release)
    shard.write_bytes(data[:-1])
    with pytest.raises(DataError, match=rf"{len(data) - 1} bytes, but manifest\.json says {len(data)}"):
        load(release)
    shard.unlink()
    with pytest.raises(DataError, match=r"missing, but manifest\.json lists it"):
        load(release)


def test_load_puts_the_names_of_classes_beside_their_numbers(release):
    numbers, words = load(release), load(release, names=True)
    (split, *_) = numbers
    columns = [name for name, kind in numbers[split].features.items() if hasattr(kind, "names")]
    assert columns == ["block", "claim", "speculation", "attribution"]
    for column in columns:
        kind = words[split].features[column]
        expected = [None if number is None else kind.int2str(number) for number in words[split][column]]
        assert words[split][f"{column}_name"] == expected and list(words[split][column]) == list(numbers[split][column])
        assert words[split].column_names.index(f"{column}_name") == words[split].column_names.index(column) + 1
    assert "paragraph" in words[split]["block_name"]
    first = next(iter(load(release, split=split, streaming=True, names=True)))
    assert first == words[split][0]
    # a table of words has no numbers to name
    assert load(release, "articles", split, names=True).features == load(release, "articles", split).features


def test_load_leaves_no_bars_behind_and_the_setting_as_it_was(release):
    program = (
        "import sys, allegedly, datasets\n"
        "if sys.argv[2] == 'off': datasets.disable_progress_bars()\n"
        "before = datasets.are_progress_bars_disabled()\n"
        "rows = sum(len(part) for part in allegedly.load(sys.argv[1]).values())\n"
        "print(rows, before == datasets.are_progress_bars_disabled())"
    )
    for bars, variable in (("on", {}), ("off", {}), ("on", {"HF_DATASETS_DISABLE_PROGRESS_BARS": "1"})):
        cache = {"HF_HOME": str(release.parent / f"{bars}{len(variable)}")}
        found = subprocess.run(
            [sys.executable, "-W", "error::UserWarning", "-c", program, str(release), bars],
            capture_output=True, text=True, check=False, env=os.environ | cache | variable,
        )  # fmt: skip
        assert found.stderr == ""
        rows = sum(stored.manifest(release).counts["sentences"].values())
        assert found.stdout == f"{rows} True\n"


def test_load_refuses_what_is_not_there(release, tmp_path):
    with pytest.raises(UsageError, match=r"unknown config 'sentence'; did you mean 'sentences'\?"):
        load(release, "sentence")
    with pytest.raises(UsageError, match=r"unknown split 'dev'"):
        load(release, split="dev")
    with pytest.raises(UsageError, match=r"claims: the split 'train' has no rows; splits with rows: none"):
        load(release, "claims", "train")
    with pytest.raises(UsageError, match="claims: no split has rows"):
        load(release, "claims")
    with pytest.raises(UsageError, match="not a release"):
        load(tmp_path)
    (release / "manifest.json").write_text("{")
    with pytest.raises(DataError, match=r"manifest\.json: broken JSON"):
        load(release)


def test_a_rebuilt_release_is_not_taken_from_an_old_cache(tmp_path):
    from datasets import load_dataset

    for number in (1, 2):
        imported(tmp_path / "out", [record(number)])
        assert load_dataset(str(tmp_path / "out"), "articles")["train"][0]["text"] == body(number)


CODE = """
import locale, sys
from allegedly.builders.build import build
build(sys.argv[3:], sys.argv[1], labellers="none", workers=int(sys.argv[2]))
"""


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for number, name in enumerate(("one", "two")):
        write(tmp_path / "a" / name, 14, 20 * number)
    shutil.copytree(tmp_path / "a", tmp_path / "elsewhere" / "b")
    runs = [
        ("a", ("one", "two"), "1", {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"}),
        ("a", ("two", "one"), "2", {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}),
        ("elsewhere/b", ("two", "one", "two"), "3", {"PYTHONHASHSEED": "3", "TZ": "America/Lima"}),
    ]
    trees = []
    for number, (folder, names, workers, environment) in enumerate(runs):
        out = tmp_path / f"out{number}"
        argv = [sys.executable, "-c", CODE, str(out), workers, *(str(tmp_path / folder / name) for name in names)]
        subprocess.run(argv, check=True, env={**os.environ, **environment})
        trees.append(tree(out))
    assert trees[0] == trees[1] == trees[2]
    assert json.loads(trees[0]["manifest.json"])["name"] == "one-two"


def test_exact_copies_are_numbered_by_origin(tmp_path):
    for name in ("b", "a", "c"):
        write(tmp_path / "news" / name, 1)
    build(tmp_path / "news", tmp_path / "out", labellers="none", workers=2)
    found = {r.article.id: r for r in stored.records(tmp_path / "out")}
    bare = text_sha256(body(0))[:16]
    names = {i: r.article.origin.file_name for i, r in found.items()}
    assert names == {bare: "news/a/000.json", f"{bare}-2": "news/b/000.json", f"{bare}-3": "news/c/000.json"}
    assert {r.group for r in found.values()} == {bare} and len({r.split for r in found.values()}) == 1
    assert stored.manifest(tmp_path / "out").leakage["exact_copies"] == 2
    manifest = build(tmp_path / "news", tmp_path / "out", labellers="none", duplicates="drop-exact", workers=1)
    assert [r.article.id for r in stored.records(tmp_path / "out")] == [bare]
    lines = [json.loads(line) for line in (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()]
    assert [(line["origin"]["file_name"], line["rule"], line["detail"]["kept"]) for line in lines] == [
        ("news/b/000.json", "exact-duplicate", bare),
        ("news/c/000.json", "exact-duplicate", bare),
    ]
    assert [(i["articles"], i["rejected"]) for i in manifest.inputs] == [(1, 0), (0, 1), (0, 1)]


def write_texts(folder: Path, texts: dict[str, dict | str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in texts.items():
        value = {"text": value} if isinstance(value, str) else value
        (folder / f"{name}.json").write_text(json.dumps(value))
    return folder


NAMES = ("Ann Holt", "Ben Stark", "Cleo Marsh", "Dan Voss")


def filler(number: int, words: int = 80) -> str:
    rng = random.Random(number)
    return " ".join(f"word{rng.randrange(5000)}" for _ in range(words)) + "."


def test_cross_posts_and_what_the_recipe_groups_by_share_a_split(tmp_path):
    texts = {f"f{at}": {"text": filler(at), "authors": [NAMES[at % 4]], "published": "2024-05-01"} for at in range(40)}
    texts["own"] = {"text": filler(100), "url": "https://post.example/story?id=7"}
    again = filler(101) + "\n\nSee the archive."
    texts["cross"] = {"text": again, "url": "https://www.post.example/story?id=7"}
    write_texts(tmp_path / "news", texts)
    build(tmp_path / "news", tmp_path / "out", labellers="none", workers=1, group_by="author")
    found = list(stored.records(tmp_path / "out"))
    by_author: dict = {}
    for one in found:
        for name in one.article.authors or (one.article.url and "url",):
            by_author.setdefault(name, set()).add((one.group, one.split))
    assert all(len(groups) == 1 for groups in by_author.values()) and len(by_author) == 5


def test_near_duplicates_share_a_split_and_the_proof_names_the_nearest(tmp_path):
    texts = {f"f{at}": filler(at) for at in range(30)}
    texts |= {f"n{at}": filler(at) + " One more line." for at in range(30)}
    half = filler(0).split()
    texts["half"] = " ".join(half[:40]) + " " + filler(500, 40)
    manifest = build(write_texts(tmp_path / "news", texts), tmp_path / "out", labellers="none", workers=1)
    groups: dict = {}
    for one in stored.records(tmp_path / "out"):
        groups.setdefault(one.group, set()).add(one.split)
    assert len(groups) == 31 and all(len(splits) == 1 for splits in groups.values())
    leakage = manifest.leakage
    assert leakage["near_pairs"] == 30 and all(pair["similarity"] >= 0.8 for pair in leakage["near_pairs_named"])
    assert all(pair["similarity"] < 0.8 and len(set(pair["splits"])) == 2 for pair in leakage["nearest"])
    split = {one.article.id: one.split for one in stored.records(tmp_path / "out")}
    if split[text_sha256(texts["half"])[:16]] != split[text_sha256(texts["f0"])[:16]]:
        assert 0.2 < leakage["nearest"][0]["similarity"] < 0.6
    assert "Jaccard" in (tmp_path / "out" / "README.md").read_text()


def test_with_previous_articles_keep_their_split_and_newcomers_join_or_bridge(tmp_path):
    old = {f"f{at}": filler(at) for at in range(20)}
    build(write_texts(tmp_path / "news", old), tmp_path / "old", labellers="none", workers=1)
    former = {one.article.id: one.split for one in stored.records(tmp_path / "old")}
    by_split = {split: next(k for k in old if former[text_sha256(old[k])[:16]] == split) for split in ("train", "test")}
    join = old[by_split["test"]] + " And a word."
    left, right = old[by_split["train"]], old[by_split["test"]]
    # both share three fifths of their words with the bridge
    bridge = left + " " + right
    more = {**old, "join": join, "bridge": bridge, **{f"g{at}": filler(900 + at) for at in range(10)}}
    news = write_texts(tmp_path / "news", more)
    options = {"labellers": "none", "workers": 1, "previous": tmp_path / "old", "split_near": 0.4}
    manifest = build(news, tmp_path / "new", **options)
    now = {one.article.id: one.split for one in stored.records(tmp_path / "new")}
    assert all(now[name] == split for name, split in former.items())
    assert now[text_sha256(join)[:16]] == "test"
    assert text_sha256(bridge)[:16] not in now
    (line,) = [json.loads(line) for line in (tmp_path / "new" / "rejected.jsonl").read_text().splitlines()]
    assert line["rule"] == "bridges-splits" and line["detail"]["splits"] == ["test", "train"]
    assert line["origin"]["file_name"] == "news/bridge.json" and line["stage"] == "splits"
    assert manifest.recipe["splits"]["previous"] == stored.manifest(tmp_path / "old").content_sha256
    assert validate(tmp_path / "new") == []
    with pytest.raises(UsageError, match="not a release"):
        build(news, tmp_path / "new", **{**options, "previous": tmp_path / "news"})


def test_too_few_articles_are_said_and_leave_splits_empty(tmp_path):
    from allegedly.builders.watch import Watch

    notes = []

    class Ears(Watch):
        def note(self, message: str) -> None:
            notes.append(message)

    news = write_texts(tmp_path / "news", {"a": filler(1), "b": filler(2)})
    manifest = build(news, tmp_path / "out", labellers="none", workers=1, watch=Ears())
    assert sorted(manifest.counts["articles"].values()) == [0, 1, 1]
    (empty,) = [split for split, rows in manifest.counts["articles"].items() if not rows]
    assert notes == [
        f"too few articles for 3 splits: 2 groups of articles that must share a split, so {empty} is empty"
    ]
    assert not list((tmp_path / "out" / "data").rglob(f"{empty}-*"))
    assert f"split: {empty}" not in (tmp_path / "out" / "README.md").read_text()
    assert set(load(tmp_path / "out")) == {split for split, rows in manifest.counts["articles"].items() if rows}


def test_nothing_is_written_where_nothing_could_be_built(tmp_path):
    (tmp_path / "news").mkdir()
    with pytest.raises(DataError, match="nothing could be built: no files"):
        build(tmp_path / "news", tmp_path / "out", workers=1)
    (tmp_path / "news" / "empty.json").write_text("")
    with pytest.raises(DataError, match="nothing could be built: no article, 1 rejected"):
        build(tmp_path / "news", tmp_path / "out", workers=1)
    assert not (tmp_path / "out").exists()


def test_strict_takes_no_rejects(news, tmp_path):
    (news / "empty.json").write_text("")
    build(news, tmp_path / "out", labellers="none", workers=1)
    assert len((tmp_path / "out" / "rejected.jsonl").read_text().splitlines()) == 1
    before = tree(tmp_path / "out")
    with pytest.raises(DataError, match="1 rejected, and --strict takes none; 30 articles were read"):
        build(news, tmp_path / "out", labellers="none", workers=1, strict=True)
    assert tree(tmp_path / "out") == before


def test_a_missing_source_is_said(tmp_path):
    with pytest.raises(UsageError, match=r"no such file or folder: '.*nowhere'"):
        build(tmp_path / "nowhere", tmp_path / "out")


BROKEN = """
from allegedly.schemas.records import Claim, Labels, Prediction, Span
LAYERS = ("claims",)
def label(articles):
    for article in articles:
        if "day 3 " in article.text:
            raise RuntimeError("no")
        end = 99999 if "day 4 " in article.text else 3
        yield Prediction(labels=Labels(claims=(Claim(extent=(Span(0, end),), confidence=0.123456),)))
"""


def test_a_labeller_that_fails_loses_only_what_it_failed_on(news, tmp_path, monkeypatch):
    (tmp_path / "broken_labeller.py").write_text(BROKEN)
    monkeypatch.syspath_prepend(tmp_path)
    manifest = build(news, tmp_path / "out", labellers="broken_labeller:label", workers=2)
    assert sum(manifest.counts["articles"].values()) == 30
    lines = [json.loads(line) for line in (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()]
    assert [(line["origin"]["file_name"], line["stage"], line["rule"]) for line in lines] == [
        ("news/003.json", "label", "labeller-failed"),
        ("news/004.json", "label", "invalid-labels"),
    ]
    assert lines[0]["reason"] == "the labeller 'broken_labeller:label' failed on it and is left out: RuntimeError: no"
    assert all(line["detail"]["labeller"] == "broken_labeller:label" for line in lines)
    records = list(stored.records(tmp_path / "out"))
    assert sorted(r.article.origin.file_name for r in records if r.labels.claims is None) == [
        "news/003.json", "news/004.json",
    ]  # fmt: skip
    assert {c.confidence for r in records for c in r.labels.claims or ()} == {0.1235}
    assert sum(i["articles"] for i in manifest.inputs) == 30 and sum(i["rejected"] for i in manifest.inputs) == 2


def test_row_groups_are_cut_where_the_id_says(tmp_path, monkeypatch):
    import pyarrow.parquet as pq

    monkeypatch.setattr(packing, "EVERY", 4)
    imported(tmp_path / "out", [record(at) for at in range(40)])
    shard = tmp_path / "out" / "data" / "articles" / "train-00000-of-00001.parquet"
    found = pq.ParquetFile(shard)
    groups = [found.read_row_group(at, ["id"])["id"].to_pylist() for at in range(found.num_row_groups)]
    assert len(groups) > 4
    assert all(packing.cuts(group[-1]) for group in groups[:-1])
    assert not any(packing.cuts(name) for group in groups for name in group[:-1])
    column = found.metadata.row_group(0).column(0)
    assert column.compression == "ZSTD" and column.statistics.has_min_max and column.has_offset_index


def test_much_text_goes_into_several_files(tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "EVERY", 1)
    monkeypatch.setattr(packing, "SHARD", 1000)
    manifest = imported(tmp_path / "out", [record(at) for at in range(20)])
    names = [path.name for path in stored.shards(tmp_path / "out", "articles")]
    assert len(names) > 2 and names[0] == f"train-00000-of-{len(names):05d}.parquet"
    assert validate(tmp_path / "out") == []
    monkeypatch.undo()
    assert imported(tmp_path / "one", [record(at) for at in range(20)]).content_sha256 == manifest.content_sha256


def test_the_content_hash_is_that_of_the_rows(tmp_path):
    manifest = imported(tmp_path / "out", [record(at, ("train", "test")[at % 2]) for at in range(5)])
    content = stored.Content()
    for config in arrow.CONFIGS:
        for split in arrow.SPLITS:
            content.add(config, split, list(stored.rows(tmp_path / "out", config, split)))
    assert content.sha256() == manifest.content_sha256
    page = (tmp_path / "out" / "README.md").read_text()
    assert all(f"content-sha256:{content.of_config(config)}" in page for config in arrow.CONFIGS)


def test_what_comes_from_data_is_escaped_in_the_card(tmp_path):
    from allegedly.builders.release.card import plain, quoted

    assert quoted('a"b\\c\n\u2028\x85') == '"a\\"b\\\\c\\x0a\\u2028\\x85"'
    import yaml

    for text in ('a: "b"', "\U0001f600 # x", "- \t\x00\x7f", "'{% raw %}'"):
        assert yaml.safe_load(quoted(text)) == text
    assert plain("# [x](javascript:1) <script>\n| a") == r"\# \[x\]\(javascript\:1\) \<script\> \| a"
    odd = record(1)
    vote = Vote(annotator=Annotator(id="c", kind="import", name="<script>|alert(1)"), labels=odd.labels)
    from dataclasses import replace

    imported(tmp_path / "out", [replace(odd, votes=(vote,))])
    page = (tmp_path / "out" / "README.md").read_text()
    assert "<script>" not in page and r"\<script\>\|alert\(1\)" in page


def test_an_importer_s_rejected_stand_in_the_ledger_and_the_account(tmp_path):
    line = Rejected(origin=Origin(file_name="c/9.txt"), stage="import", rule="no-text", reason="has no text")
    manifest = imported(tmp_path / "out", [record(1), line, record(2, None)], sizes={"c/1.txt": 5})
    assert [(i["file_name"], i["bytes"], i["articles"], i["rejected"]) for i in manifest.inputs] == [
        ("c/1.txt", 5, 1, 0),
        ("c/2.txt", None, 1, 0),
        ("c/9.txt", None, 0, 1),
    ]
    with pytest.raises(DataError, match="nothing could be built"):
        imported(tmp_path / "none", [line])


def test_a_thousand_articles_do_not_change_what_a_split_of_one_holds(tmp_path):
    manifest = imported(tmp_path / "out", [record(at, "test") for at in range(3)])
    assert manifest.counts["articles"] == {"train": 0, "validation": 0, "test": 3}
    assert not list((tmp_path / "out" / "data").rglob("train-*"))


def forged(release: Path, config: str, column: str, change) -> None:
    """A table with one column changed, and the manifest's account of the file with it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = next((release / "data" / config).iterdir())
    table = pq.read_table(file)
    at = table.column_names.index(column)
    values = pa.array(change(table[column].to_pylist()), table.schema.field(at).type)
    pq.write_table(table.set_column(at, table.schema.field(at), values), file)
    path = release / "manifest.json"
    manifest = json.loads(path.read_text())
    (output,) = (o for o in manifest["outputs"] if o["path"] == file.relative_to(release).as_posix())
    output |= {"bytes": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    path.write_text(json.dumps(manifest))


def test_rows_that_the_content_hash_was_not_taken_of_are_a_problem(tmp_path):
    manifest = imported(tmp_path / "out", [record(at) for at in range(3)])
    assert validate(tmp_path / "out") == []
    forged(tmp_path / "out", "votes", "labels", lambda found: ["[]", *found[1:]])
    (problem,) = validate(tmp_path / "out")
    assert problem.file.endswith("manifest.json") and problem.path == "/content_sha256"
    assert problem.found == manifest.content_sha256
    content = stored.Content()
    for config in arrow.CONFIGS:
        content.add(config, "train", list(stored.rows(tmp_path / "out", config)))
    assert problem.expected.startswith(f"{content.sha256()}, the hash of the rows in data/; build the release again")


def test_a_score_that_is_no_number_is_a_problem_of_its_row(tmp_path):
    imported(tmp_path / "out", [record(at) for at in range(3)])
    nan = float("nan")
    forged(tmp_path / "out", "sentences", "scores", lambda found: [found[0] | {"certainty": nan}, *found[1:]])
    (problem,) = validate(tmp_path / "out")
    assert (problem.path, problem.found) == ("/sentences", "a number that is not finite")
