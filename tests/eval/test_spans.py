"""Span metrics: the worked examples, independent programs, and each definition by brute force."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from allegedly.eval.columns import parts
from allegedly.eval.metrics import agreement, cofenet, ptc, spans
from allegedly.eval.tasks import TASKS

SPAN = st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda pair: (pair[0], pair[0] + pair[1]))
SPANS = st.lists(SPAN, max_size=6)


def flat(found):
    """Spans that do not overlap: later ones that would are left out."""
    out = []
    for start, end in sorted(found):
        if not out or start >= out[-1][1]:
            out.append((start, end))
    return out


def columns(*articles, labels=None):
    return parts([[(span,) for span in spans] for spans in articles], labels)


def scored(way, gold, predicted, *, lengths=None, texts=None, attribute=None):
    """All measures of a way of counting over one part."""

    class View:
        articles = 1

        def parts(self, name, attribute):
            return gold, predicted

    view = View()
    view.lengths, view.texts = np.array([lengths or 60]), texts or ["x" * 60]
    family = {
        "exact": lambda: spans.exact_family(["extent"]),
        "semeval": lambda: spans.semeval_family(["extent"], attribute),
        "characters": lambda: spans.characters_family(["extent"]),
        "tokens": lambda: spans.tokens_family(["extent"]),
        "ptc": lambda: ptc.families(TASKS["claim-spans"])[0],
        "marked": lambda: agreement.family(["extent"]),
        "cofenet": lambda: cofenet.family(["extent"]),
    }[way]()
    total = family.count(view).sum(axis=0)[None, :]
    return {measure.name: float(np.asarray(measure.score(total))[0]) for measure in family.measures}


TEXT = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"


def test_semeval_worked_example(record, line, score):
    gold = [((0, 4), "quantity"), ((10, 14), "quantity"), ((20, 24), "event"), ((30, 34), "event")]
    said = [((0, 4), "quantity"), ((10, 12), "quantity"), ((20, 24), "quantity"), ((40, 44), "event")]
    made = record(TEXT, claims=[{"extent": [span], "kind": kind} for span, kind in gold])
    report = score([made], [line(made, claims=[{"extent": [span], "kind": kind} for span, kind in said])])
    found = [report.value("p", "claim-spans", f"{scheme}_f1") for scheme in ("strict", "exact", "partial", "type")]
    assert found == [0.25, 0.5, 0.625, 0.5]


def test_ptc_worked_example(record, line, score):
    made = record(TEXT, claims=[{"extent": [(0, 10)]}, {"extent": [(20, 30)]}])
    report = score([made], [line(made, claims=[{"extent": [s]} for s in [(0, 5), (18, 28), (40, 50)]])])
    values = [report.value("p", "claim-spans", f"ptc_{name}") for name in ("precision", "recall", "f1")]
    assert values == [pytest.approx(value, abs=1e-9) for value in (0.6, 0.65, 0.624)]


def test_ptc_merges_overlapping_pieces_first():
    found = scored("ptc", columns([(0, 10), (2, 8)]), columns([(2, 8)]))
    assert (found["ptc_precision"], found["ptc_recall"]) == (1.0, pytest.approx(0.6))
    twice = scored("ptc", columns([(0, 10)]), columns([(0, 10), (0, 10)]))
    assert twice["ptc_f1"] == 1.0
    touching = scored("ptc", columns([(0, 5), (5, 10)]), columns([(0, 10)]))
    assert touching["ptc_f1"] == 1.0


def test_cofenet_worked_example(record, line, score):
    gold = [{"source": [s], "cue": [], "content": []} for s in [(0, 4), (10, 20)]]
    said = [{"source": [s], "cue": [], "content": []} for s in [(0, 4), (10, 15), (16, 20), (30, 33)]]
    made = record(TEXT, attributions=gold)
    report = score([made], [line(made, attributions=said)])
    assert report.value("p", "attribution-spans", "cofenet_jaccard:source") == pytest.approx(0.5)
    assert report.value("p", "attribution-spans", "cofenet_exact_f1:source") == pytest.approx(2 * 1 / (2 + 1 + 3))
    assert report.value("p", "attribution-spans", "cofenet_begin_f1:source") == pytest.approx(2 * 2 / (2 + 2 + 2))


def test_alpha_of_marked_characters(record, line, score):
    made = record("0123456789", claims=[{"extent": [(0, 5)]}])
    report = score([made], [line(made, claims=[{"extent": [(0, 4)]}])])
    assert report.value("p", "claim-spans", "alpha") == pytest.approx(0.808081, abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(SPANS, SPANS)
def test_alpha_against_krippendorff_character_by_character(gold, predicted):
    krippendorff = pytest.importorskip("krippendorff")
    values = [[float(any(s <= at < e for s, e in side)) for at in range(60)] for side in (gold, predicted)]
    assume(0 < sum(map(sum, values)) < 120)
    expected = krippendorff.alpha(values, level_of_measurement="nominal", value_domain=[0.0, 1.0])
    assert scored("marked", columns(gold), columns(predicted))["alpha"] == pytest.approx(expected)


def chains(gold, predicted):
    """Whether a span meets several of the other side: there nervaluate takes the first, we the most overlap."""
    meets = [[(g, p) for p in predicted if g[0] < p[1] and p[0] < g[1]] for g in gold]
    several = any(len(found) > 1 for found in meets)
    hit = [p for found in meets for _, p in found]
    return several or len(hit) != len(set(hit))


@settings(max_examples=150, deadline=None)
@given(SPANS, SPANS, st.data())
def test_semeval_against_nervaluate_on_flat_spans(gold, predicted, data):
    nervaluate = pytest.importorskip("nervaluate")
    gold, predicted = flat(gold), flat(predicted)
    assume(gold and predicted)
    labels = [[data.draw(st.integers(0, 1)) for _ in side] for side in (gold, predicted)]
    docs = [
        [{"label": "AB"[label], "start": s, "end": e - 1} for (s, e), label in zip(side, these, strict=True)]
        for side, these in zip((gold, predicted), labels, strict=True)
    ]
    theirs = nervaluate.Evaluator([docs[0]], [docs[1]], tags=["A", "B"], loader="dict").evaluate()["overall"]
    ours = scored("semeval", columns(gold, labels=labels[:1]), columns(predicted, labels=labels[1:]), attribute="kind")
    exact = scored("exact", columns(gold), columns(predicted))
    assert exact["exact_f1"] == pytest.approx(theirs["exact"].f1)
    assert ours["strict_f1"] == pytest.approx(theirs["strict"].f1)
    if not chains(gold, predicted):
        assert ours["partial_f1"] == pytest.approx(theirs["partial"].f1)
        assert ours["type_f1"] == pytest.approx(theirs["ent_type"].f1)


@settings(max_examples=100, deadline=None)
@given(SPANS, SPANS, st.data())
def test_strict_against_seqeval_on_flat_spans(gold, predicted, data):
    metrics = pytest.importorskip("seqeval.metrics")
    from seqeval.scheme import IOB2

    gold, predicted = flat(gold), flat(predicted)
    assume(gold and predicted)
    labels = [[data.draw(st.integers(0, 1)) for _ in side] for side in (gold, predicted)]

    def tags(side, these):
        out = ["O"] * 60
        for (start, end), label in zip(side, these, strict=True):
            out[start:end] = [f"B-{'AB'[label]}"] + [f"I-{'AB'[label]}"] * (end - start - 1)
        return out

    expected = metrics.f1_score(
        [tags(gold, labels[0])], [tags(predicted, labels[1])], mode="strict", scheme=IOB2, zero_division=0
    )
    ours = scored("semeval", columns(gold, labels=labels[:1]), columns(predicted, labels=labels[1:]), attribute="kind")
    assert ours["strict_f1"] == pytest.approx(expected)


@settings(max_examples=150, deadline=None)
@given(SPANS, SPANS)
def test_characters_and_tokens_against_sets(gold, predicted):
    text = "ab cd, efg hi. jk lmn-op qr st uvw xy z ab cd ef gh ij kl mn"
    covered = [{at for s, e in side for at in range(s, e)} for side in (gold, predicted)]
    words = [{m.start() for m in spans.TOKEN.finditer(text) if set(range(*m.span())) & side} for side in covered]
    for way, name, (one, other) in (("characters", "char", covered), ("tokens", "token", words)):
        found = scored(way, columns(gold), columns(predicted), texts=[text])
        if one or other:
            assert found[f"{name}_f1"] == pytest.approx(2 * len(one & other) / (len(one) + len(other)))
        else:
            assert np.isnan(found[f"{name}_f1"])


@settings(max_examples=100, deadline=None)
@given(SPANS, SPANS)
def test_exact_is_of_multisets(gold, predicted):
    from collections import Counter

    shared = (Counter(gold) & Counter(predicted)).total()
    found = scored("exact", columns(gold), columns(predicted))
    if gold or predicted:
        assert found["exact_f1"] == pytest.approx(2 * shared / (len(gold) + len(predicted)))


def test_nothing_predicted_is_zero_and_nothing_at_all_is_undefined():
    none, some = columns([]), columns([(0, 5)])
    for way, name in (
        ("exact", "exact_f1"),
        ("ptc", "ptc_f1"),
        ("characters", "char_f1"),
        ("cofenet", "cofenet_jaccard"),
    ):
        assert scored(way, some, none)[name] == 0.0
        assert np.isnan(scored(way, none, none)[name])


def test_by_label_the_match_is_run_inside_a_label():
    gold, predicted = columns([(0, 5), (10, 15)], labels=[[0, 1]]), columns([(0, 5), (11, 15)], labels=[[1, 1]])
    assert spans.semeval_by_label(gold, predicted, 1, 2).tolist() == [[[0, 0, 0, 1], [0, 1, 2, 1]]]


def test_a_part_that_gold_does_not_annotate_is_left_out_with_its_match(record, line, score):
    gold = [
        {"content": [(0, 10)], "source": [(12, 15)], "cue": None},
        {"content": [(20, 30)], "source": [], "cue": [(32, 35)]},
    ]
    said = [
        {"content": [(0, 10)], "source": [(12, 15)], "cue": [(16, 18)]},
        {"content": [(20, 30)], "source": [], "cue": [(32, 35)]},
    ]
    made = record(TEXT, attributions=gold)
    report = score([made], [line(made, attributions=said)])
    assert report.value("p", "attribution-spans", "exact_f1:cue") == 1.0
    reasons = {row["reason"]: row["count"] for row in report.left_out if row["task"] == "attribution-spans"}
    assert reasons == {"gold labels whose cue is null": 1}
