"""Attributes, claimers, scopes and whole attributions: the rules of the contract, by small examples."""

import pytest

TEXT = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"


def test_null_gold_is_taken_out_with_its_match(record, line, score):
    gold = [{"extent": [(0, 3)], "kind": "event"}, {"extent": [(4, 7)]}, {"extent": [(8, 13)], "kind": "rule"}]
    said = [
        {"extent": [(0, 3)], "kind": "event"},
        {"extent": [(4, 6)], "kind": "rule"},
        {"extent": [(20, 23)], "kind": "rule"},
    ]
    made = record(TEXT, claims=gold)
    report = score([made], [line(made, claims=said)])
    row = report.row("p", "claim-kind")
    assert row["value"] == pytest.approx(2 * 1 / (2 + 2)) and row["items"] == 2
    assert report.value("p", "claim-kind", "recall:rule") == 0.0
    assert {r["reason"]: r["count"] for r in report.left_out if r["task"] == "claim-kind"} == {
        "gold labels whose kind is null": 1
    }


def test_no_gold_at_all_is_undefined(record, line, score):
    made = record(TEXT, claims=[{"extent": [(0, 3)]}])
    said = [{"extent": [(0, 3)], "kind": "event"}, {"extent": [(20, 23)], "kind": "rule"}]
    assert score([made], [line(made, claims=said)]).value("p", "claim-kind") is None


def test_certainty_and_polarity_together(record, line, score):
    made = record(TEXT, claims=[{"extent": [(0, 3)], "certainty": "certain", "polarity": "negative"}])
    for polarity, expected in (("negative", 1.0), ("positive", 0.0)):
        said = [{"extent": [(0, 3)], "certainty": "certain", "polarity": polarity}]
        assert score([made], [line(made, claims=said)]).value("p", "certainty") == expected


def test_cues_are_matched_exactly_only(record, line, score):
    made = record(TEXT, speculations=[{"cue": [(0, 7)], "kind": "epistemic"}])
    for cue, expected in (((0, 7), 1.0), ((0, 6), 0.0)):
        said = [{"cue": [cue], "kind": "epistemic"}]
        assert score([made], [line(made, speculations=said)]).value("p", "speculation-kind") == expected


def attribution(name, source, content=((50, 60),), cue=()):
    return {"id": name, "source": list(source), "content": list(content), "cue": list(cue)}


def test_claimer(record, line, score):
    gold = [{"extent": [(20, 30)], "claimer": "a1"}, {"extent": [(40, 45)]}]
    made = record(TEXT, claims=gold, attributions=[attribution("a1", [(0, 7)])])
    cases = [
        (attribution("a1", [(4, 10)]), 1.0),
        (attribution("a1", [(8, 13)]), 0.0),
        (attribution("a1", []), 0.0),
    ]
    for said, expected in cases:
        claims = [{"extent": [(20, 28)], "claimer": "a1"}, {"extent": [(40, 45)], "claimer": "a1"}]
        report = score([made], [line(made, claims=claims, attributions=[said])])
        assert report.value("p", "claimer") == expected
        assert report.row("p", "claimer")["items"] == 1
    nameless = record(TEXT, claims=gold, attributions=[attribution("a1", [])])
    claims = [{"extent": [(20, 30)], "claimer": "a1"}]
    for content, expected in (((55, 70), 1.0), ((61, 70), 0.0)):
        said = attribution("a1", [], [content])
        report = score([nameless], [line(nameless, claims=claims, attributions=[said])])
        assert report.value("p", "claimer") == expected


def test_two_claims_of_one_extent_find_their_own_claimers(record, line, score):
    claims = [{"extent": [(20, 30)], "claimer": "a1"}, {"extent": [(20, 30)], "claimer": "a2"}]
    links = [attribution("a1", [(0, 3)]), attribution("a2", [(8, 13)])]
    made = record(TEXT, claims=claims, attributions=links)
    for order in (1, -1):
        report = score([made], [line(made, claims=claims[::order], attributions=links[::order])])
        assert report.value("p", "claimer") == 1.0


def test_scopes_worked_example(record, line, score):
    """Tokens 1 to 4 and 7, 8; predicted 2 to 5 and 7, 8."""
    text = "t0 t1 t2 t3 t4 t5 t6 t7 t8 t9"

    def tokens(first, last):
        return [(3 * first, 3 * last + 2)]

    cues = [tokens(2, 2), tokens(7, 7)]
    gold = [{"cue": cues[0], "scope": tokens(1, 4)}, {"cue": cues[1], "scope": tokens(7, 8)}]
    said = [{"cue": cues[0], "scope": tokens(2, 5)}, {"cue": cues[1], "scope": tokens(7, 8)}]
    made = record(text, speculations=gold)
    report = score([made], [line(made, speculations=said)], options={"cues": "gold"})

    def value(metric):
        return report.value("p", "speculation-scopes", metric)

    assert value("pcs") == 0.5 and value("exact_f1") == 0.5
    assert [value(f"starsem_scope_{m}") for m in ("precision", "recall")] == [1.0, 0.5]
    assert value("starsem_scope_f1") == pytest.approx(0.6667, abs=1e-4)
    assert [value(f"starsem_scope_b_{m}") for m in ("precision", "f1")] == [0.5, 0.5]
    assert value("starsem_token_f1") == pytest.approx(0.8333, abs=1e-4)
    assert value("scope_token_f1") == pytest.approx(0.8333, abs=1e-4)
    without = score([made], [line(made, speculations=said)])
    assert without.value("p", "speculation-scopes", "pcs") is None


def test_punctuation_counts_in_one_and_not_in_the_other(record, line, score):
    text = "t0 t1, t2 t3"
    made = record(text, speculations=[{"cue": [(0, 2)], "scope": [(0, 5)]}])
    report = score([made], [line(made, speculations=[{"cue": [(0, 2)], "scope": [(0, 6)]}])])
    assert report.value("p", "speculation-scopes", "starsem_scope_f1") == 1.0
    assert report.value("p", "speculation-scopes", "exact_f1") == 0.0
    assert report.value("p", "speculation-scopes", "scope_token_f1") == pytest.approx(2 * 2 / (3 + 2))


def test_frames_worked_example(record, line, score):
    gold = {"cue": [(10, 14)], "source": [(0, 8)], "content": [(15, 40)]}
    made = record(TEXT, attributions=[gold])
    report = score([made], [line(made, attributions=[{**gold, "content": [(20, 40)]}])])

    def value(metric):
        return report.value("p", "attribution-links", metric)

    assert [value(f"frame_exact_{m}") for m in ("precision", "recall", "f1")] == [0.5, 0.5, 0.5]
    assert value("frame_char_precision") == 1.0
    assert value("frame_char_recall") == pytest.approx(0.8485, abs=1e-4)
    assert value("frame_char_f1") == pytest.approx(0.9180, abs=1e-4)
    assert value("exact_f1") == 0.0 and value("overlap_f1") == 1.0


@pytest.mark.parametrize(
    ("change", "expected", "without_source"),
    [
        ({}, 1.0, 1.0),
        ({"content": [(30, 40)]}, 1.0, 1.0),
        ({"content": [(31, 40)]}, 0.0, 0.0),
        ({"source": [(4, 12)]}, 1.0, 1.0),
        ({"source": []}, 0.0, 1.0),
        ({"cue": []}, 0.0, 0.0),
    ],
)
def test_overlap_of_triples(record, line, score, change, expected, without_source):
    gold = {"cue": [(10, 14)], "source": [(0, 8)], "content": [(20, 40)]}
    made = record(TEXT, attributions=[gold])
    report = score([made], [line(made, attributions=[{**gold, **change}])])
    assert report.value("p", "attribution-links") == expected
    assert report.value("p", "attribution-links", "overlap_f1:without_source") == without_source


def test_empty_parts_agree_with_empty_ones(record, line, score):
    gold = {"cue": [], "source": [], "content": [(20, 40)]}
    made = record(TEXT, attributions=[gold])
    assert score([made], [line(made, attributions=[gold])]).value("p", "attribution-links", "exact_f1") == 1.0
    other = {**gold, "content": [(20, 39)]}
    assert score([made], [line(made, attributions=[other])]).value("p", "attribution-links") == 1.0


SPOKEN = "Jane Doe, the mayor, spoke. She said so. JANE DOE said more. Nobody said less."


def spoken(speaker, content, **more):
    return {"source": [], "cue": [], "content": [content], "speaker": speaker, **more}


@pytest.mark.parametrize(
    ("gold", "said", "value", "items"),
    [
        ([(0, 8)], [(0, 8)], 1.0, 1),
        ([(0, 8)], [(41, 49)], 1.0, 1),  # the same words at another place, in capitals
        ([(0, 8)], [(28, 31)], 0.0, 1),
        ([], [], 1.0, 1),
        ([], None, 0.0, 1),
        ([(0, 8)], None, 0.0, 1),
        ([], [(0, 8)], 0.0, 1),
        ([(0, 4), (5, 8)], [(0, 8)], 1.0, 1),  # the surface of several spans
        (None, [(0, 8)], None, 0),
    ],
)
def test_speakers_are_right_by_their_words(record, line, score, gold, said, value, items):
    # the second is taken out with its match, which makes the task one that the file holds
    made = record(SPOKEN, attributions=[spoken(gold, (28, 40)), spoken(None, (61, 78))])
    answer = [spoken(said, (32, 40)), spoken([(0, 8)], (61, 78))]
    report = score([made], [line(made, attributions=answer)], tasks=["speaker"])
    assert report.value("p", "speaker") == value
    assert report.row("p", "speaker")["items"] == items
    null = {"system": "p", "task": "speaker", "reason": "gold labels whose speaker is null"}
    assert {**null, "count": 1 if gold is not None else 2} in report.left_out


def test_null_speakers_are_taken_out_with_their_match(record, line, score):
    gold = [spoken([(0, 8)], (28, 40)), spoken(None, (41, 60)), spoken([], (61, 78))]
    said = [spoken([(0, 8)], (28, 40)), spoken([(0, 8)], (41, 60)), spoken([(0, 8)], (61, 78)), spoken([], (0, 8))]
    made = record(SPOKEN, attributions=gold)
    report = score([made], [line(made, attributions=said)])
    assert report.value("p", "speaker") == pytest.approx(2 * 1 / (3 + 2))
    assert report.value("p", "speaker", "precision") == pytest.approx(1 / 3)
    assert report.value("p", "speaker", "recall") == report.value("p", "speaker", "accuracy") == pytest.approx(1 / 2)


def test_a_quoted_speaker_stands_in_the_article_or_is_wrong(record, line, score):
    made = record(SPOKEN, attributions=[spoken([(0, 8)], (28, 40))])
    for quotation, value in (("Jane Doe", 1.0), ("jane doe", 0.0), ("John Roe", 0.0)):
        said = line(made, attributions=[spoken([], (28, 40))])
        said["labels"]["attributions"][0]["speaker"] = [{"text": quotation}]
        report = score([made], [said])
        assert report.value("p", "speaker") == value
        reasons = {left["reason"] for left in report.left_out if left["task"] == "speaker"}
        unplaced = "labels with a quotation that stands nowhere (unplaced), counted as predicted and wrong"
        assert (unplaced in reasons) == (value == 0.0)


def test_a_file_without_speakers_runs_no_task_speaker(record, line, score):
    made = record(SPOKEN, attributions=[spoken([(0, 8)], (28, 40))])
    report = score([made], [line(made, attributions=[spoken(None, (28, 40))])])
    assert "speaker" in report.systems[0]["absent"]
