"""Records made in memory, and short ways to score them."""

import json

import pytest

from allegedly.eval import evaluate, runs
from allegedly.eval.gold import view
from allegedly.schemas.derive import article_id, numbered, sentence_classes
from allegedly.schemas.records import Article, Attribution, Claim, Labels, Origin, Record, Span, Speculation

KINDS = {"claims": Claim, "speculations": Speculation, "attributions": Attribution}


def part(*spans):
    """A part from pairs of offsets."""
    return tuple(Span(*span) for span in spans)


def make_label(kind, values):
    """A label from a dictionary of parts and attributes."""
    return kind(**{k: part(*v) if k in kind.SPANS and v is not None else v for k, v in values.items()})


def make_record(text, *, sentences=None, split="test", id=None, metadata=None, **layers):
    """A record with labels given as dictionaries of parts and attributes; the whole text is one sentence by default."""
    article = Article(
        id=id or article_id(text),
        text=text,
        origin=Origin(file_name="x.txt"),
        sentences=part(*([(0, len(text))] if sentences is None else sentences)),
        **(metadata or {}),
    )
    made = {
        name: None if given is None else tuple(make_label(KINDS[name], label) for label in given)
        for name, given in layers.items()
    }
    labels = numbered(Labels(**made), article)
    return Record(article=article, labels=labels, sentences=sentence_classes(article, labels), split=split)


def make_line(record, **layers):
    """A line of predictions: labels as dictionaries whose parts are pairs of offsets."""
    labels = {
        name: None
        if given is None
        else [
            {
                k: [{"start": s, "end": e} for s, e in v] if k in KINDS[name].SPANS and v is not None else v
                for k, v in x.items()
            }
            for x in given
        ]
        for name, given in layers.items()
    }
    return {"article": {"id": record.article.id}, "labels": labels}


@pytest.fixture(scope="session")
def record():
    """``record(text, claims=[{"extent": [(0, 4)]}])``."""
    return make_record


@pytest.fixture(scope="session")
def line():
    """``line(record, claims=[{"extent": [(0, 4)]}])``."""
    return make_line


@pytest.fixture
def score(tmp_path):
    """``score(records, lines, **options)``: the report of predictions, given as lines, on records."""

    def run(records, lines, *, missing="error", resamples=0, split="test", options=None, name="p", **keywords):
        file = tmp_path / f"{name}.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
        given = {name: options} if options else None
        with runs.connected({name: f"file:{file}"}, given, missing=missing) as found:
            gold = view(records, split=split)
            return evaluate.evaluate(gold, found, missing=missing, resamples=resamples, version="0", **keywords)

    return run
