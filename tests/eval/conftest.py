"""Records made in memory, and short ways to score them."""

import pytest

from allegedly.eval import evaluate, runs
from allegedly.eval.gold import view
from allegedly.schemas.derive import article_id, numbered, sentence_classes
from allegedly.schemas.records import Article, Attribution, Claim, Labels, Origin, Record, Span, Speculation, part_of


def part(*spans):
    """A part from pairs of offsets."""
    return tuple(Span(*span) for span in spans)


def article(text, sentences=None, **metadata):
    """An article; its sentences are given, or the whole text is one."""
    spans = [(0, len(text))] if sentences is None else sentences
    return Article(id=article_id(text), text=text, origin=Origin(file_name="x.txt"), sentences=part(*spans), **metadata)


def record(text, *, claims=None, speculations=None, attributions=None, sentences=None, split="test", **metadata):
    """A record with labels given as dictionaries of parts and attributes."""
    made = article(text, sentences, **metadata)
    kinds = {
        "claims": (Claim, claims),
        "speculations": (Speculation, speculations),
        "attributions": (Attribution, attributions),
    }
    layers = {
        name: None
        if given is None
        else tuple(
            kind(
                **{
                    key: part(*value) if key in kind.PARTS and value is not None else value
                    for key, value in label.items()
                }
            )
            for label in given
        )
        for name, (kind, given) in kinds.items()
    }
    labels = numbered(Labels(**layers), made)
    return Record(article=made, labels=labels, sentences=sentence_classes(made, labels), split=split)


@pytest.fixture
def score(tmp_path):
    """``score(records, lines, **options)``: the report of predictions, given as lines, on records."""
    import json

    def run(
        records, lines, *, tasks=None, missing="error", resamples=0, slice_by=(), split="test", options=None, seed=0
    ):
        file = tmp_path / "predictions.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        given = {"p": options} if options else None
        with runs.connected({"p": f"file:{file}"}, given, missing=missing) as found:
            return evaluate.evaluate(
                view(records, split=split),
                found,
                tasks=tasks,
                missing=missing,
                slice_by=slice_by,
                resamples=resamples,
                seed=seed,
            )

    return run


def spans(*pairs):
    """A part as JSON."""
    return [{"start": start, "end": end} for start, end in pairs]


__all__ = ["part_of"]
