"""A report made of hostile and of difficult articles: every text in it tries to be more than text."""

import json

import pytest

from allegedly.eval import evaluate, examples, pages, plots, runs
from allegedly.eval.gold import view
from allegedly.schemas.derive import article_id, numbered, sentence_classes
from allegedly.schemas.records import (
    Article,
    Attribution,
    Block,
    Claim,
    Labels,
    Origin,
    Record,
    Span,
    Speculation,
)

#: A script, a link of Markdown, a colour of a terminal, a mark that turns the direction of writing.
HOSTILE = (
    "<script>fetch('x')</script> [a](javascript:b) \x1b[31mred\x1b[0m \u202egnp.exe \"><img src=x onerror=alert(1)>"
)
SYSTEM = "<b>sys</b>|`x`\u202e\x1b[1m"
LONG = "A title that goes on and on " * 12


def span(text, words, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def make(number):
    """An article, hard-wrapped, with nested, overlapping and discontinuous labels."""
    title = LONG.strip() if number == 1 else f"Number {number}"
    text = (
        f"{title}\n\nThe mayor, Ines Holt, said on day {number} that the old harbour\nbridge may close, "
        f"a\nspokesman for the port authority told reporters. {HOSTILE}\n\nIt opened in {1900 + number}."
    )
    first = text.index("The mayor")
    second = text.index(HOSTILE)
    third = text.index("It opened")
    article = Article(
        id=article_id(text),
        text=text,
        title=f"{title} {HOSTILE}" if number == 2 else title,
        outlet=f"Outlet {number % 3} {HOSTILE}",
        published="2024-05-01",
        origin=Origin(file_name=f"{number}.txt"),
        blocks=(
            Block(kind="title", start=0, end=len(title)),
            Block(kind="lead", start=first, end=text.index("\n\nIt opened")),
            Block(kind="paragraph", start=third, end=len(text)),
        ),
        sentences=(Span(0, len(title)), Span(first, second - 1), Span(second, third - 2), Span(third, len(text))),
    )
    inner = Attribution(
        id="a1",
        source=(span(text, "Ines Holt"),),
        cue=(span(text, "said"),),
        content=(span(text, "the old harbour\nbridge may close"),),
        form="indirect",
    )
    outer = Attribution(
        id="a2",
        source=(span(text, "a\nspokesman for the port authority"),),
        cue=(span(text, "told"),),
        content=(span(text, "The mayor, Ines Holt"), span(text, "the old harbour\nbridge may close")),
        form="indirect",
    )
    labels = Labels(
        claims=(
            Claim(
                id="c1", extent=(span(text, "the old harbour\nbridge may close"),), worth="check_worthy", claimer="a1"
            ),
            Claim(id="c2", extent=(Span(third, len(text) - 1),), worth="check_worthy", kind="event"),
        ),
        speculations=(Speculation(id="s1", cue=(span(text, "may"),), scope=(span(text, "may close"),), holder="a1"),),
        attributions=(inner, outer),
    )
    labels = numbered(labels, article)
    return Record(article=article, labels=labels, sentences=sentence_classes(article, labels), split="test")


def said(record, number):
    """What the system says: some of it right, some not, some hostile."""
    labels = record.labels.to_json()
    if number % 2:
        labels["claims"] = labels["claims"][:1]
        labels["speculations"] = []
        labels["attributions"][0]["content"][0]["end"] -= 6
        labels["attributions"][0]["text"] = None
    labels["attributions"][0]["form"] = "direct"
    for layer in labels.values():
        for label in layer:
            label["by"] = HOSTILE
    for label in labels["claims"]:
        label["id"] = f"{label['id']}{HOSTILE}"
    return {"article": {"id": record.article.id}, "labels": labels}


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The report of two systems on twelve such articles."""
    folder = tmp_path_factory.mktemp("hostile")
    records = [make(number) for number in range(12)]
    files = {}
    for name, lines in ((SYSTEM, range(12)), ("plain", range(0, 24, 2))):
        file = folder / f"{len(files)}.jsonl"
        rows = [said(record, number) for record, number in zip(records, lines, strict=True)]
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        files[name] = f"file:{file}"
    dataset = {"name": f"news {HOSTILE}", "version": "1", "content_sha256": "0" * 64}
    with runs.connected(files) as found:
        gold = view(records, split="test", dataset=dataset)
        report = evaluate.evaluate(gold, found, slice_by=["outlet", "shape"], resamples=50, version="0.1.0")
    report.warnings.append(HOSTILE)
    gate = {"system": SYSTEM, "task": "claim-spans", "metric": "ptc_f1", "slice": {"outlet": HOSTILE}, "limit": "min"}
    gate |= {"allowed": 0.9, "on": "value", "rule": None, "value": 0.5, "low": 0.4, "high": 0.6, "half_width": 0.1}
    report.gates = [{**gate, "verdict": "failed", "message": f"FAILED: {HOSTILE}"}]
    return report


@pytest.fixture(scope="session")
def page(hostile, tmp_path_factory):
    """Its page, on disk."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    text = pages.page(hostile, list(examples.of(hostile)), plots.plots(hostile))
    file.write_text(text, encoding="utf-8")
    return file
