"""Texts of the same words in another case or with other marks: they share a signature, and one of them stands for all
where texts are compared. That one may go, or have its split given; the others must fare as if it did not stand there."""

from pathlib import Path

import pytest

from allegedly.builders.build import build
from allegedly.builders.importing import write
from allegedly.builders.text.articles import article
from allegedly.schemas import stored
from allegedly.schemas.derive import article_id
from allegedly.schemas.records import Block, Labels, Origin, Record


def words(stem: str, count: int = 30) -> str:
    return " ".join(f"{stem}{number}" for number in range(count))


def files(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def splits(release: Path) -> dict[str, str]:
    return {record.article.text: record.split for record in stored.records(release)}


@pytest.mark.parametrize("cut", [5, 12, 20])
def test_the_proof_names_a_pair_of_the_one_that_stays(cut, tmp_path):
    whole = words("alpha", 40)
    low, high = sorted([whole + ".", whole.upper() + "."], key=article_id)
    other = " ".join([*whole.split()[: 40 - cut], *words("beta", cut).split()]) + "."
    # the first by origin stays, and the one with the smaller id goes
    source = files(tmp_path / "s", {"0": high, "1": low, "2": other})
    options = {
        "duplicates": "drop-near",
        "near": 0.95,
        "split_near": 0.95,
        "train": 0.5,
        "validation": 0.0,
        "test": 0.5,
    }
    manifest = build(source, tmp_path / "out", labellers="none", workers=1, **options)
    (pair,) = manifest.leakage["nearest"]
    assert set(pair["articles"]) == {article_id(high), article_id(other)}
    grams = 36
    assert pair["similarity"] == pytest.approx((grams - cut) / (grams + cut), abs=1e-4)


def test_a_bridge_is_one_in_any_spelling(tmp_path):
    one, two = words("alpha") + ".", words("beta") + "."
    fillers = {f"f{number}": words(f"w{number}q", 20) + "." for number in range(8)}
    former = files(tmp_path / "a", {"x": one, "y": two, **fillers})
    halves = {"train": 0.5, "validation": 0.0, "test": 0.5, "labellers": "none", "workers": 1}
    for salt in map(str, range(99)):
        build(former, tmp_path / "r0", salt=salt, **halves)
        if len({splits(tmp_path / "r0")[text] for text in (one, two)}) == 2:
            break
    both = f"{words('alpha')} {words('beta')}"
    newer = files(tmp_path / "b", {"x": one, "y": two, **fillers, "n1": both + ".", "n2": both.upper() + "."})
    build(newer, tmp_path / "r1", salt=salt, previous=tmp_path / "r0", split_near=0.3, **halves)
    found = splits(tmp_path / "r1")
    assert both + "." not in found and both.upper() + "." not in found
    ledger = (tmp_path / "r1" / "rejected.jsonl").read_text()
    assert ledger.count('"bridges-splits"') == 2 and "n1.txt" in ledger and "n2.txt" in ledger
    assert {text: found[text] for text in (one, two)} == {text: splits(tmp_path / "r0")[text] for text in (one, two)}


@pytest.mark.parametrize("number", range(6))
def test_those_without_a_split_stay_together_beside_one_that_has_one(number, tmp_path):
    base = words(f"w{number}x", 20)
    first, *rest = sorted([base + ".", base.upper() + ".", base + "!"], key=article_id)
    given = {first: "train", **dict.fromkeys(rest)}
    given |= {f"filler {split} {number}": split for split in ("train", "validation", "test")}
    write((imported(text, split) for text, split in given.items()), tmp_path / "out", name="x")
    found = splits(tmp_path / "out")
    assert found[first] == "train"
    assert found[rest[0]] == found[rest[1]]


def imported(text: str, split: str | None) -> Record:
    made = article(text, Origin(file_name="x"), blocks=[Block(kind="lead", start=0, end=len(text))], language="en")
    return Record(article=made, labels=Labels(), split=split)
