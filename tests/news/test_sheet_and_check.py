"""The third reading is the same draw for a seed; the datasheet's figures follow from what was built."""

import re

import pytest


@pytest.fixture
def check(program):
    return program("news_check")


@pytest.fixture
def sheet(program):
    return program("news_sheet")


def test_a_seed_draws_labels_and_places_that_no_label_of_their_layer_touches(check, records):
    items = check.drawn(records, 17, 30)
    assert [(i.layer, i.span) for i in items] == [(i.layer, i.span) for i in check.drawn(records, 17, 30)]
    assert [(i.layer, i.span) for i in items] != [(i.layer, i.span) for i in check.drawn(records, 18, 30)]
    labels, places = items[:30], items[30:]
    assert all(item.label is not None for item in labels)
    assert len(places) == 30
    for item in places:
        part = {"claims": "extent", "speculations": "cue", "attributions": "cue"}[item.layer]
        taken = [span for label in getattr(item.record.labels, item.layer) for span in getattr(label, part) or ()]
        assert not any(item.span.start < end and start < item.span.end for start, end in taken)
        assert any(s.start <= item.span.start and item.span.end <= s.end for s in item.record.article.sentences)
    assert {item.layer for item in places} == {"claims", "speculations", "attributions"}


def test_a_form_gives_verdicts_as_offsets_and_shares(check, records):
    items = check.drawn(records, 17, 30)
    form = check.form(items)
    answers = iter(["no | the bound is wrong"] + ["yes"] * 59)
    kept, wrong = check.judged(items, re.sub(r"agree: \? \| ", lambda _: f"agree: {next(answers)}", form), 17)
    assert wrong == []
    assert list(check.shares(kept)) == [
        "labels: 29 of 30 agreed with, 96.7%",
        "candidates without a label: 30 of 30 agreed with, 100.0%",
    ]
    assert kept[0]["note"] == "the bound is wrong"
    assert {type(value) for line in kept for name, value in line.items() if name in ("start", "end")} == {int}


def test_a_form_that_is_not_whole_or_quotes_is_told(check, records):
    items = check.drawn(records, 17, 3)
    _, wrong = check.judged(items, check.form(items), 17)
    assert [message.partition(":")[0] for message in wrong] == [f"item {number}" for number in range(1, 7)]
    words = " ".join(re.findall(r"\w+", items[0].record.article.text)[:4])
    _, wrong = check.judged(items, check.form(items).replace("agree: ? | ", f"agree: no | {words}", 1), 17)
    assert any("words in a row" in message for message in wrong)


def figure(of, measure, value, items=200):
    return {"layer": "claims", "of": of, "measure": measure, "value": value, "items": items}


def test_weak_cells_are_those_with_many_items_and_a_low_alpha(sheet):
    figures = [
        figure("kind", "alpha", 0.85),
        figure("worth", "alpha", 0.5),
        figure("certainty", "alpha:ordinal", 0.79),
        figure("polarity", "alpha", 0.1, items=99),
        figure("labels", "overlap_f1", 0.2),
        figure("claimer", "alpha", None),
    ]
    cells = sheet.weak([{"annotators": ["a", "b"], "articles": 9, "figures": figures}])
    assert [(cell["of"], cell["value"]) for cell in cells] == [("worth", 0.5), ("certainty", 0.79)]


def test_the_sheet_is_filled_from_what_there_is(sheet, program, records, root):
    from allegedly.schemas import stored

    rows = program("news_copies").selection()
    verdicts = [{"layer": "claims", "verdict": "1"}, {"layer": "claims", "verdict": "own"}]
    compared = [{"annotators": ["a", "b"], "articles": 9, "figures": [figure("worth", "alpha", 0.5)]}]
    judged = [{"draw": 17, "label": "c1", "agreed": True}, {"draw": 17, "label": None, "agreed": False}]
    manifest = stored.manifest(root / "dataset")
    known = sheet.Facts(
        manifest=manifest, records=records, rows=rows, agreement=compared, verdicts=verdicts, check=judged
    )
    page = (root / "dataset" / "news" / "README.md").read_text(encoding="utf-8")
    filled = sheet.filled(page, known)
    assert sheet.filled(filled, known) == filled
    for words in (
        manifest.content_sha256,
        "Cells of 100 items and more with an alpha below 0.80: claims, worth (alpha 0.50).",
        "| claims | 2 | 1 | 0 | 1 | 0 | 0 |",
        "- drawn by 17: labels: 1 of 1 agreed with, 100.0%",
        "- drawn by 17: candidates without a label: 0 of 1 agreed with, 0.0%",
    ):
        assert words in filled
    total = sum(len(record.labels.claims) for record in records if record.split == "test")
    assert re.search(rf"^\| claims \| .* \| {total:,} \|$", filled, re.M)


def test_a_sheet_without_a_figure_is_refused(sheet):
    from allegedly.schemas.errors import DataError

    with pytest.raises(DataError, match="figures in the sheet: none"):
        sheet.filled("# Nothing\n", None)
