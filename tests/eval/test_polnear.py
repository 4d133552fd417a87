"""CofeNet's figures on PolNeAR, against an independent re-statement of its published formula."""

import json

import pytest

from allegedly.builders.importers import polnear
from allegedly.builders.labellers._lookup import resolve
from allegedly.schemas.records import Record

PARTS = ("source", "cue", "content")


def restated(gold, predicted):
    """Flags of one article, part and way, as CofeNet lists them: a pair (gold, predicted) an item."""
    rows = {"exact": [], "begin": [], "jaccard": []}
    starts, found = [start for start, _ in gold], [start for start, _ in predicted]
    for start, end in gold:
        rows["exact"].append((1, int((start, end) in predicted)))
        rows["begin"].append((1, int(start in found)))
        best = 0.0
        for other, last in predicted:
            union = max(end, last) - min(start, other)
            best = max(best, (min(end, last) - max(start, other)) / union)
        rows["jaccard"].append((1, 1 if (start, end) in predicted else best))
    for start, end in predicted:
        if (start, end) in gold:
            continue
        rows["exact"].append((0, 1))
        if not any(start < last and other < end for other, last in gold):
            rows["jaccard"].append((0, 1))
    rows["begin"] += [(0, 1) for start, _ in predicted if start not in starts]
    return rows


def f1(rows):
    right = sum(gold and predicted for gold, predicted in rows)
    return 2 * right / (2 * right + sum(gold != predicted for gold, predicted in rows))


@pytest.fixture(scope="module")
def dev(shared):
    folder = shared("corpora/polnear") / "data" / "dev"
    return [found for found in polnear.read(folder) if isinstance(found, Record)]


def test_the_first_annotator_of_each_document(dev):
    gold = [label for record in dev for label in record.labels.attributions]
    assert len(gold) == 2193
    assert sum(bool(label.content) for label in gold) == 2192
    assert sum(len(label.content or ()) > 1 for label in gold) == 301
    assert sum(len(label.content or ()) for label in gold) == 2515


def test_rules_score_as_cofenet_would_score_them(dev, score):
    (rules,) = resolve("rules")
    predictions = list(rules.label([record.article for record in dev]))
    lines = [
        {"article": {"id": record.article.id}, "labels": found.labels.to_json()}
        for record, found in zip(dev, predictions, strict=True)
    ]
    report = score(dev, json.loads(json.dumps(lines)), split="all", tasks=["attribution-spans"])
    for part in PARTS:
        rows = {"exact": [], "begin": [], "jaccard": []}
        for record, found in zip(dev, predictions, strict=True):
            sides = [
                [tuple(span) for label in side.attributions for span in getattr(label, part) or ()]
                for side in (record.labels, found.labels)
            ]
            for way, these in restated(*sides).items():
                rows[way] += these
        for way in ("exact", "begin"):
            assert report.value("p", "attribution-spans", f"cofenet_{way}_f1:{part}") == pytest.approx(f1(rows[way]))
        jaccard = sum(gold * predicted for gold, predicted in rows["jaccard"]) / len(rows["jaccard"])
        assert report.value("p", "attribution-spans", f"cofenet_jaccard:{part}") == pytest.approx(jaccard)
