"""A release that allegedly 0.1.0 made is read as one of today."""

from pathlib import Path

import pytest

from allegedly import evaluate, load, validate
from allegedly.cli import main
from allegedly.schemas import former, stored
from allegedly.schemas.arrow import CONFIGS, arrow_schema

RELEASE = Path(__file__).parent.parent / "golden" / "releases" / "0.1.0"


def test_its_tables_hold_words_in_the_columns_of_today():
    by_id = {record.article.id: record for record in stored.records(RELEASE)}
    kinds = {}
    for config in CONFIGS:
        rows = list(stored.rows(RELEASE, config))
        assert rows and all(list(row) == arrow_schema(config).names for row in rows)
        kinds[config] = rows
    for row in kinds["claims"]:
        (claim,) = [c for c in by_id[row["article_id"]].labels.claims if f"{row['article_id']}:{c.id}" == row["id"]]
        assert (row["kind"], row["worth"], row["certainty"]) == (claim.kind, claim.worth, claim.certainty)
        assert row["outlet"] is row["group"] is row["claimer_kind"] is None
    assert {row["layer"] for row in kinds["votes"]} == {"claims", "speculations", "attributions"}
    assert all(vote.labels.claims is not None for record in by_id.values() for vote in record.votes)
    assert {row["source_kind"] for row in kinds["attributions"]} == {"named_person"}
    assert all(a.speaker is None for record in by_id.values() for a in record.labels.attributions)


def test_it_is_loaded_scored_and_exported(tmp_path, capsys):
    claims = load(RELEASE, "claims", "test")
    assert set(claims["worth"]) <= {"check_worthy", "unimportant"} and claims.features["worth"].dtype == "string"
    report = evaluate(RELEASE, {"none": lambda texts: ["certain"] * len(texts)}, tasks=["speculation-detection"])
    assert report.value("none", "speculation-detection", "accuracy") > 0.5
    assert main(["export", "jsonl", str(RELEASE), "--out", str(tmp_path / "all.jsonl")]) == 0
    assert main(["stats", str(RELEASE)]) == 0
    assert "check_worthy" in capsys.readouterr().out


def test_validation_says_which_version_wrote_its_tables():
    problems = validate(RELEASE)
    assert problems and {problem.found for problem in problems} == {"the columns of allegedly 0.1.0"}
    assert all("build it anew, or validate it with allegedly 0.1.0" in problem.expected for problem in problems)


def test_a_class_id_that_stands_for_nothing_is_told():
    with pytest.raises(ValueError, match="class id 3, expected one of 0 to 2"):
        list(former.as_now("votes", [{"article_id": "a", "layer": 3, "by": "b", "labels": "[]"}], None))
