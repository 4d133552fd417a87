"""Each importer on its real corpus, where that lies beside the repository: counts equal those of the source."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from allegedly.schemas import check, derive, plugins
from allegedly.schemas.records import LAYERS, SENTENCE_BLOCKS, Record, Rejected

#: Importer, and the folder of its corpus.
CORPORA = {
    "polnear": "polnear",
    "bioscope": "bioscope",
    "claimbuster": "claimbuster",
    "checkthat": "checkthat2019-t1",
    "sci-certainty": "sci-certainty",
    "uds": "factuality/UDS_IH2",
    "meantime": "factuality/MEANTIME",
    "sfu-review": "sfu-review",
    "german-news-quotes": "german-news-quotes",
    "babe": "babe",
    "claimpt": "claimpt-sample",
}


@cache
def read(name: str, path: Path) -> tuple[list[Record], list[Rejected]]:
    items = list(plugins.find("importers", name).read(path))
    return [i for i in items if isinstance(i, Record)], [i for i in items if isinstance(i, Rejected)]


@pytest.fixture(scope="module")
def corpus(shared):
    def found(name: str) -> tuple[list[Record], list[Rejected]]:
        return read(name, shared(f"corpora/{CORPORA[name]}"))

    yield found
    read.cache_clear()


def rules(ledger: list[Rejected]) -> dict[str, int]:
    return dict(Counter(line.rule for line in ledger))


def splits(records: list[Record]) -> dict[str | None, int]:
    return dict(Counter(record.split for record in records))


def counted(attributions) -> tuple[int, int, int, int]:
    """All, those with a content, with a discontinuous one, and pieces of contents."""
    contents = [len(label.content) for label in attributions]
    return len(contents), sum(n > 0 for n in contents), sum(n > 1 for n in contents), sum(contents)


def test_polnear(corpus):
    records, ledger = corpus("polnear")
    assert splits(records) == {"train": 840, "validation": 84}
    by_split = {split: [r for r in records if r.split == split] for split in ("train", "validation")}
    dev = by_split["validation"]
    assert counted(a for r in dev for v in r.votes for a in v.labels.attributions) == (2320, 2319, 343, 2691)
    assert counted(a for r in dev for a in r.labels.attributions) == (2193, 2192, 301, 2515)
    assert sum(len(v.labels.attributions) for r in by_split["train"] for v in r.votes) == 22501
    assert sum(len(r.labels.attributions) for r in by_split["train"]) == 19868
    assert Counter(len(r.votes) for r in records) == {1: 906, 5: 1, 6: 17}
    assert all(r.votes[0].annotator.id == min(v.annotator.id for v in r.votes) for r in records)
    assert rules(ledger) == {"discard": 392, "discuss": 712, "trigger-only": 35, "unused-mention": 20, "note": 3}
    assert all(r.article.title and r.article.published and r.article.outlet for r in records)
    empty = [a for r in records for v in r.votes for a in v.labels.attributions if not (a.source or a.cue or a.content)]
    assert len(empty) == 35


def test_bioscope(corpus):
    records, ledger = corpus("bioscope")
    cues = [label for record in records for label in record.labels.speculations]
    assert len(records) == 1273
    assert sum(len(record.sentences) for record in records) == 11871
    assert sum(len(label.cue) for label in cues) == 2694
    assert (len(cues), sum(len(label.cue) > 1 for label in cues)) == (2659, 34)
    assert all(len(label.scope) == 1 for label in cues)
    assert all(label.kind is None for label in cues)
    assert sum(line.detail["count"] for line in ledger) == 1719
    assert sum(s.speculation == "speculative" for r in records for s in r.sentences) == 2101


def test_claimbuster(corpus):
    records, ledger = corpus("claimbuster")
    classes = Counter(sentence.claim for record in records for sentence in record.sentences)
    assert (len(records), classes.total()) == (33, 22501)
    assert classes == {"no_claim": 14685, "unimportant": 2403, "check_worthy": 5413}
    assert ledger == []
    assert records[0].article.source_id == "1988-09-25.txt"


def test_checkthat(corpus):
    records, ledger = corpus("checkthat")
    classes = Counter(sentence.claim for record in records for sentence in record.sentences)
    assert splits(records) == {"train": 19}
    # 16,420 line ends, and one last line without one
    assert (classes.total(), classes["check_worthy"]) == (16421, 440)
    assert ledger == []


def test_sci_certainty(corpus):
    records, ledger = corpus("sci-certainty")
    assert splits(records) == {"train": 1084, "validation": 136}
    assert [(line.rule, line.detail["rows"]) for line in ledger] == [("aspects", 1413)]
    assert all(0 <= record.sentences[0].scores["certainty"] <= 1 for record in records)
    grades = Counter(label.certainty for record in records for label in record.labels.claims)
    assert grades == {"certain": 797, "probable": 351, "possible": 72}


@pytest.mark.parametrize(
    ("name", "sentences", "predicates"),
    [
        ("uds", {"train": 9098, "validation": 1246}, 22108 + 2642),
        ("meantime", {"train": 293, "validation": 65}, 1012 + 195),
    ],
)
def test_factuality(corpus, shared, name, sentences, predicates):
    records, ledger = corpus(name)
    assert splits(records) == sentences
    assert sum(len(record.labels.claims) for record in records) == predicates
    assert ledger == []
    module = plugins.find("importers", name)
    numbers = [n for _, found in module.targets(shared(f"corpora/{CORPORA[name]}")) for _, n in found]
    assert (len(numbers), min(numbers), max(numbers)) == (predicates, -3.0, 3.0)


def test_sfu_review(corpus):
    records, ledger = corpus("sfu-review")
    cues = [label for record in records for label in record.labels.speculations]
    assert Counter(r.article.section for r in records) == dict.fromkeys(("BOOKS", "CARS", "COMPUTERS", "COOKWARE"), 50)
    # one of the 9,163 sentences has no words
    assert sum(len(record.sentences) for record in records) == 9162
    assert len(cues) == 2967
    assert sum(not label.scope for label in cues) == 97
    counts = Counter()
    for line in ledger:
        counts[line.rule] += line.detail["count"]
    assert counts["negation"] == 1949


def test_german_news_quotes(corpus):
    records, ledger = corpus("german-news-quotes")
    labels = [label for record in records for label in record.labels.attributions]
    assert splits(records) == {"train": 700, "validation": 150}
    assert len(labels) == 3530
    assert Counter(label.form for label in labels) == {"direct": 740, "indirect": 1876, None: 388 + 380 + 146}
    assert sum(label.scheme == "german-news-quotes-free" for label in labels) == 380 + 146
    # 372 are called nested; 51 of them are the very words of another one
    assert sum(label.parent is not None for label in labels) == 372 - 51
    assert "unresolved" not in {label.parent for label in labels}
    assert set(rules(ledger)) == {"addressee", "frame"}


def test_babe(corpus):
    records, ledger = corpus("babe")
    layers = Counter(None if r.labels.claims is None else len(r.labels.claims) for r in records)
    assert layers == {1: 639, 0: 425, None: 453 + 183}
    assert rules(ledger) == {"bias": 1, "undecided": 453 + 183}
    assert layers.total() == 1700


def test_claimpt(corpus):
    records, ledger = corpus("claimpt")
    claims = [label for record in records for label in record.labels.claims]
    assert len(records) == 20
    assert len(claims) == 16
    assert all(claim.claimer not in (None, "unresolved") for claim in claims)
    assert sum(line.detail["count"] for line in ledger if line.rule == "non-claim") == 68


@pytest.mark.parametrize("name", CORPORA)
def test_every_record_is_valid(corpus, name):
    records, _ = corpus(name)
    for record in records[:: max(1, len(records) // 150)]:
        assert list(check.record(record.to_json())) == [], record.article.source_id


@pytest.mark.parametrize("name", CORPORA)
def test_every_span_slices_to_its_text(corpus, name):
    for record in corpus(name)[0]:
        text = record.article.text
        assert record.article.id == derive.article_id(text)
        assert {block.kind for block in record.article.blocks} <= SENTENCE_BLOCKS
        for vote in record.votes:
            for layer in LAYERS:
                for label in getattr(vote.labels, layer) or ():
                    spans = [span for part in label.PARTS for span in getattr(label, part) or ()]
                    assert all(0 <= start < end <= len(text) for start, end in spans)
                    assert label.text == derive.surface(text, getattr(label, layer_part(layer)))


def layer_part(layer: str) -> str:
    return {"claims": "extent", "speculations": "cue", "attributions": "content"}[layer]
