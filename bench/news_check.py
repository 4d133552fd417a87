"""The third reading: labels and unlabelled candidates of the adjudicated test, drawn by a seed, for a reader to judge.

    python bench/news_check.py draw RELEASE --out FORM [--seed 17] [--count 100]
    python bench/news_check.py take RELEASE FORM --out dataset/news/check.jsonl [--seed 17] [--count 100]

``take`` puts a reading in the place of one of the same seed, and leaves those of others.

A candidate is what might have been labelled and is not: a verb of saying or thinking outside every cue of an attribution,
a modal or hedge outside every cue of a speculation, a clause outside every claim; a third of each. The form has an item
each, with the line ``agree: ?`` to fill in: ``yes`` where the label is right in all that it says, or nothing is missing at
the candidate, else ``no``; behind ``|`` why, in at most fifteen words that quote nothing (needed for ``no`` only).

Conventions: what is kept are offsets into the articles' texts and verdicts, one JSON object a line, each with the seed of
its draw as ``draw``.
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adjudicate import verdicts
from adjudication import NOTE_WORDS, SlipError, check_note, fields

from allegedly.schemas import stored
from allegedly.schemas.records import LABELS, LAYERS, LINK, MAIN_PART, Record, Span

_SAYING = re.compile(
    r"""\b(?:
    accus|claim|say|says|said|tell|tells|told|add|adds|added|admit|announc|argu|ask|assert|believ|call|complain|confirm|
    consider|declar|demand|den[iy]|describ|doubt|estimat|expect|explain|fear|feel|feels|felt|find|finds|found|
    hop(?:e|es|ed)\b|insist|intend|know|knew|learn|mean|means|meant|plan|predict|promis|propos|reckon|reject|repl[iy]|
    report|request|rul(?:ed|es)|show|suggest|think|thought|urg|vow|want|warn|wish|writes?|wrote
    )\w*""",
    re.I | re.X,
)
_HEDGES = re.compile(
    r"""\b(?:
    about|allegedly|almost|apparently|appears?|around|assum|believed|can|cannot|could|doubt|estimated|expected|feared|
    if|likely|may|maybe|might|nearly|perhaps|possibl[ey]|potential(?:ly)?|presumably|probabl[ey]|reportedly|rumou?r|
    seems?|should|suggests?|suspect|threat|unclear|unlikely|unless|whether|would
    )\b""",
    re.I | re.X,
)
_CLAUSE = re.compile(r"[^,;:–—]+")
#: A clause has so many words at least.
CLAUSE_WORDS = 4
PATTERNS = {"attributions": _SAYING, "speculations": _HEDGES, "claims": _CLAUSE}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a reader is asked about: a label, or a span that has none of its layer."""

    record: Record
    layer: str
    label: Any | None
    span: Span


def labels(records: Sequence[Record]) -> Iterator[Drawn]:
    """Every label."""
    for record in records:
        for layer in LAYERS:
            for label in getattr(record.labels, layer) or ():
                spans = [
                    span for part in (MAIN_PART[layer], *LABELS[layer].PARTS) for span in getattr(label, part) or ()
                ]
                if spans:
                    yield Drawn(record, layer, label, spans[0])


def candidates(records: Sequence[Record], layer: str) -> Iterator[Drawn]:
    """Every span that looks as if it might be of the layer, and that no label of it touches."""
    part = "cue" if layer == "attributions" else MAIN_PART[layer]
    for record in records:
        own = getattr(record.labels, layer)
        taken = [span for label in own or () for span in getattr(label, part) or ()]
        for sentence in record.article.sentences if own is not None else ():
            for match in PATTERNS[layer].finditer(record.article.text, sentence.start, sentence.end):
                span = _stripped(record.article.text, Span(*match.span()))
                words = record.article.text[span.start : span.end].split()
                if layer == "claims" and len(words) < CLAUSE_WORDS:
                    continue
                if not any(span.start < high and low < span.end for low, high in taken):
                    yield Drawn(record, layer, None, span)


def _stripped(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.start + len(words.rstrip())))


def drawn(records: Sequence[Record], seed: int, count: int) -> list[Drawn]:
    """So many labels, then so many candidates, a third of each layer."""
    rng = random.Random(seed)
    every = list(labels(records))
    out = rng.sample(every, min(count, len(every)))
    for number, layer in enumerate(LAYERS):
        some = list(candidates(records, layer))
        out += rng.sample(some, min((count + number) // 3, len(some)))
    return out


def form(items: Sequence[Drawn]) -> str:
    """The form with an item each."""
    lines = [
        "# For each item write behind `agree:` yes or no, and behind | why, in words of yours. See docs/guidelines.md."
    ]
    for number, item in enumerate(items, 1):
        article = item.record.article
        around = [s for s in article.sentences if s.start < item.span.end and item.span.start < s.end]
        place = article.sentences.index(around[0]) if around else 0
        near = article.sentences[max(0, place - 1) : place + 2]
        lines += ["", f"== {number} {item.layer}", f"# {article.origin.file_name}"]
        lines += [f"# {_words(item.record, span)}" for span in near]
        if item.label is None:
            lines.append(f"# no label of {item.layer} at: [{_words(item.record, item.span)}]")
        else:
            lines += [f"#   {name}: {_shown(item, name)}" for name in fields(item.layer)]
        lines.append("agree: ? | ")
    return "\n".join(lines) + "\n"


def _words(record: Record, span: Span) -> str:
    return " ".join(record.article.text[span.start : span.end].split())


def _shown(item: Drawn, name: str) -> str:
    value = getattr(item.label, name)
    if name in LABELS[item.layer].SPANS:
        return " + ".join(f"[{_words(item.record, span)}]" for span in value or ()) or "[]"
    if name != LINK[item.layer] or value in (None, "unresolved"):
        return str(value)
    linked = next(a for a in item.record.labels.attributions or () if a.id == value)
    shown = [" + ".join(_words(item.record, span) for span in getattr(linked, part) or ()) for part in linked.PARTS]
    return " | ".join(f"[{words}]" for words in shown)


def judged(items: Sequence[Drawn], text: str, seed: int) -> tuple[list[dict[str, Any]], list[str]]:
    """What is kept of a form that is filled in, and what is wrong with it."""
    _, given, wrong = verdicts(text)
    by_item = {verdict.item: verdict for verdict in given if verdict.what == "agree"}
    kept = []
    for number, item in enumerate(items, 1):
        verdict = by_item.get(number)
        if verdict is None or verdict.says not in ("yes", "no"):
            wrong.append(f"item {number}: no verdict; write `agree: yes` or `agree: no | why`")
            continue
        try:
            if verdict.note or verdict.says == "no":
                check_note(item.record.article, verdict)
        except SlipError as slip:
            wrong.append(str(slip))
        kept.append(
            {
                "draw": seed,
                "article_id": item.record.article.id,
                "layer": item.layer,
                "label": None if item.label is None else item.label.id,
                "start": item.span.start,
                "end": item.span.end,
                "agreed": verdict.says == "yes",
                "note": verdict.note,
            }
        )
    return kept, wrong


def shares(kept: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The shares that the reader agrees with."""
    for what, own in (
        ("labels", [line for line in kept if line["label"] is not None]),
        ("candidates without a label", [line for line in kept if line["label"] is None]),
    ):
        agreed = sum(line["agreed"] for line in own)
        yield f"{what}: {agreed} of {len(own)} agreed with" + (f", {agreed / len(own):.1%}" if own else "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("draw", "take"):
        command = commands.add_parser(name)
        command.add_argument("release", type=Path)
        if name == "take":
            command.add_argument("form", type=Path)
        command.add_argument("--out", type=Path, required=True)
        command.add_argument("--seed", type=int, default=17)
        command.add_argument("--count", type=int, default=100)
    given = parser.parse_args()
    items = drawn([r for r in stored.records(given.release) if r.split == "test"], given.seed, given.count)
    if given.command == "draw":
        given.out.write_text(form(items), encoding="utf-8")
        print(f"{given.out}: {len(items)} items, notes of at most {NOTE_WORDS} words")
        return 0
    kept, wrong = judged(items, given.form.read_text(encoding="utf-8-sig"), given.seed)
    print("\n".join(wrong), end="\n" if wrong else "", file=sys.stderr)
    if not wrong:
        before = given.out.read_text(encoding="utf-8").splitlines() if given.out.exists() else []
        lines = [line for line in map(json.loads, before) if line["draw"] != given.seed] + kept
        given.out.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        print("\n".join(shares(kept)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
