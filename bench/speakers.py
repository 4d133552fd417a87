"""How often the labellers name the right speaker, of the attributions that they find: on the gold on real news.

    python bench/speakers.py [RELEASE] [--split validation] [--labeller rules --labeller learned] [--errors N]

Conventions: an attribution of the gold is found where a prediction's content shares characters with its own and their cues do,
or both have none; one prediction for each, the one that shares most. A speaker is right where the words are equal, case
folded, or both are empty. ``no name``: the source is empty, a pronoun, or of a kind that is not named. ``given sources``: the
speakers of the gold's own attributions, without their speakers. RELEASE is what ``make news`` builds (default: build/news).
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from allegedly.builders.labellers._speakers import with_speakers
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas import stored
from allegedly.schemas.derive import folded
from allegedly.schemas.records import Article, Attribution, Part, Record

NAMED = ("named_person", "named_organisation")
PRONOUNS = frozenset(["he", "she", "it", "they", "who", "we", "i", "which", "his", "her", "their", "its"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", nargs="?", type=Path, default=Path("build/news"))
    parser.add_argument("--split", default="validation")
    parser.add_argument("--labeller", action="append", help="default: rules and learned")
    parser.add_argument("--errors", type=int, default=0, help="print so many of each labeller's errors")
    arguments = parser.parse_args()
    records = list(stored.records(arguments.release, arguments.split))
    given = [(record.article, gold, made) for record in records for gold, made in _given(record)]
    _print("given sources", given, arguments.errors)
    for name in arguments.labeller or ("rules", "learned"):
        module = import_module(f"allegedly.builders.labellers.{name}")
        found = [
            (record.article, gold, made)
            for record, prediction in zip(records, module.label([r.article for r in records]), strict=True)
            for gold, made in _found(record, prediction.labels.attributions or ())
        ]
        _print(name, found, arguments.errors)


def _given(record: Record) -> Iterator[tuple[Attribution, Attribution]]:
    gold = record.labels.attributions or ()
    bare = [replace(item, speaker=None) for item in gold]
    yield from zip(gold, with_speakers(Tokens(record.article), bare), strict=True)


def _found(record: Record, predicted: Sequence[Attribution]) -> Iterator[tuple[Attribution, Attribution]]:
    """Attributions of the gold with the prediction that is found for each."""
    used: set[str] = set()
    for gold in record.labels.attributions or ():
        content, cue = _characters(gold.content), _characters(gold.cue)
        free = [item for item in predicted if item.id not in used]
        best = max(free, key=lambda item: len(content & _characters(item.content)), default=None)
        if best is None or not content & _characters(best.content):
            continue
        if cue & _characters(best.cue) or not (cue or best.cue):
            used.add(best.id)
            yield gold, best


def _characters(part: Part | None) -> set[int]:
    return {place for start, end in part or () for place in range(start, end)}


def _print(name: str, pairs: Sequence[tuple[Article, Attribution, Attribution]], errors: int) -> None:
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    wrong = []
    for article, gold, made in pairs:
        if gold.speaker is None:
            continue
        source = folded(article, gold.source)
        kind = "a name" if source and source not in PRONOUNS and gold.source_kind in NAMED else "no name"
        same = folded(article, gold.speaker) == folded(article, made.speaker)
        for group in ("all", kind):
            count[group] += 1
            right[group] += same
        if not same:
            wrong.append((source, folded(article, gold.speaker), folded(article, made.speaker)))
    shown = (f"{group}: {right[group]} of {count[group]}, {100 * right[group] / count[group]:.1f} %" for group in count)
    print(f"{name}: {'; '.join(shown)}")
    for source, gold_words, made_words in wrong[:errors]:
        print(f"  {source[:60]!r}: {gold_words[:60]!r}, found {made_words[:60]!r}")


if __name__ == "__main__":
    main()
