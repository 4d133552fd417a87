"""Slices: of articles, of labels, by hand-written filter."""

import pytest

from allegedly.schemas.errors import UsageError

TEXT = "one two three four five six seven eight nine ten"


@pytest.fixture
def two(record):
    post = {"outlet": "Harbour Post", "published": "2017-05-27"}
    news = {"outlet": "Valley News", "published": "2018"}
    return [
        record(
            TEXT, claims=[{"extent": [(0, 3)], "kind": "event"}, {"extent": [(4, 7)], "kind": "rule"}], metadata=post
        ),
        record(TEXT + " x", claims=[{"extent": [(0, 3)], "kind": "event"}], metadata=news),
    ]


@pytest.fixture
def lines(two, line):
    said = [{"extent": [(0, 3)], "kind": "event"}, {"extent": [(8, 13)], "kind": "rule"}]
    return [line(two[0], claims=said), line(two[1], claims=[])]


def sliced(report, **fields):
    return report.row("p", "claim-spans", "exact_f1", fields)


def test_by_outlet_and_year(two, lines, score):
    report = score(two, lines, slice_by=["outlet", "year"])
    assert sliced(report, outlet="Harbour Post")["value"] == 0.5
    assert sliced(report, outlet="Valley News")["value"] == 0.0
    assert sliced(report, year="2017")["articles"] == 1
    assert "exploratory" in sliced(report, year="2017")["signature"]


def test_worst_first(two, lines, score):
    report = score(two, lines, slice_by=["outlet"])
    rows = [row for row in report.rows if row["slice"] and row["metric"] == "ptc_f1"]
    assert [row["slice"]["outlet"] for row in rows] == ["Valley News", "Harbour Post"]
    assert rows[0]["value"] < rows[1]["value"]


def test_by_label(two, lines, score):
    report = score(two, lines, slice_by=["kind"])
    assert sliced(report, kind="event")["value"] == pytest.approx(2 / 3)
    assert sliced(report, kind="event")["items"] == 2
    assert sliced(report, kind="rule")["value"] == 0.0


def test_by_filter(two, lines, score):
    report = score(two, lines, slice_by=["outlet=Harbour Post&year=2017", {"outlet": "Harbour Post", "kind": "event"}])
    assert sliced(report, outlet="Harbour Post", year="2017")["value"] == 0.5
    assert sliced(report, kind="event", outlet="Harbour Post")["value"] == 1.0


def test_by_shape(record, line, score):
    claims = [{"extent": [(0, 13)]}, {"extent": [(4, 7)]}, {"extent": [(14, 18), (24, 27)]}, {"extent": [(34, 38)]}]
    made = record(TEXT, claims=claims)
    report = score([made], [line(made, claims=claims[:2])], slice_by=["shape"])
    values = {
        row["slice"]["shape"]: row["value"] for row in report.rows if row["slice"] and row["metric"] == "exact_f1"
    }
    assert values == {"nested": 1.0, "discontinuous": 0.0, "plain": 0.0}


def test_by_block(record, score):
    from allegedly.schemas.records import Block

    blocks = (Block(kind="title", start=0, end=7), Block(kind="lead", start=8, end=48))
    made = record(TEXT, speculations=[{"cue": [(0, 3)]}], sentences=[(0, 7), (8, 48)], metadata={"blocks": blocks})
    lines = [
        {"task": "speculation-detection", "id": f"{made.article.id}:{start}", "label": "speculative"}
        for start in (0, 8)
    ]
    report = score([made], lines, slice_by=["block"])
    found = [report.row("p", "speculation-detection", "accuracy", {"block": kind}) for kind in ("title", "lead")]
    assert [(row["value"], row["items"]) for row in found] == [(1.0, 1), (0.0, 1)]


def test_an_unknown_field_offers_the_nearest(two, lines, score):
    with pytest.raises(UsageError, match="did you mean 'outlet'"):
        score(two, lines, slice_by=["outlets"])
