"""Adjudication: from two readings of an article a form of their differences, from the form filled in a third reading.

    python bench/adjudicate.py forms RELEASE READINGS... --out FORMS
    python bench/adjudicate.py take RELEASE READINGS... --forms FORMS --by WHO --out ANNOTATIONS --notes FILE.jsonl

RELEASE holds the articles; READINGS are folders of annotation files. Articles with files of exactly two annotators are
compared (an adjudicated file, which names others in ``supersedes``, does not count). A form is a text file an article:
each difference with both readings as quotations, and lines to fill in:

    kind: 1 | a number is the point
    extent: =the plan would cost…a year | boundary: the adverb belongs to it
    label: no | no fact is stated

Behind the colon stands the verdict: ``1`` or ``2``, the reading that is right; ``=VALUE``, where neither is (words of the
text, pieces joined by `` + ``, ``A…B`` from A to the next B, ``-`` an empty part; an attribute's value; ``A3`` or
``author`` for a link); for a label that only one reading has, ``yes`` or ``no``, and lines for its fields may be added. Behind
``|`` stands why, in at most fifteen words that quote nothing. ``#`` begins a comment. Any line may be added to any item,
so ``label: no`` also takes away what both have.

Conventions: the third reading is an annotation file of the annotator WHO, which supersedes both. Notes are JSON Lines
without text: article, layer, the ids of the label in both readings, what was settled, the verdict, why.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from adjudication import Item, Readings, Verdict, fields, settled

from allegedly.builders.annotations import filing
from allegedly.schemas import check, stored
from allegedly.schemas.records import LABELS, LINK, Annotator, Article, Label, Labels, Part

#: What stands at the top of every form.
HOW = (
    "For each `?` write 1 or 2, or =VALUE where neither is right; label: yes or no. Behind | why, in 1 to 15 words of yours.",
    "=VALUE: words of the text (A…B runs from A to B, pieces are joined by ` + `, - is none), an attribute's value, A3 or author.",
    "Lines for other fields of an item may be added below it, as `kind: =event | why`. `label: no` leaves the label out.",
)
GUIDELINE = "docs/guidelines.md, version 1.2"


@dataclass(frozen=True, slots=True)
class Reading:
    """An annotation file."""

    by: str
    kind: str
    labels: Labels


def articles(release: Path) -> dict[str, Article]:
    """The articles of a release by their ids."""
    return {record.article.id: record.article for record in stored.records(release)}


def readings(folders: Sequence[Path], known: dict[str, Article]) -> dict[str, list[Reading]]:
    """The readings of each article, in order of annotator; adjudicated ones are passed over."""
    found: dict[str, list[Reading]] = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*.json")):
        value = json.loads(path.read_text(encoding="utf-8-sig"))
        about = value.get("annotator") or {}
        if "labels" not in value or about.get("supersedes"):
            continue
        name = value["article_id"]
        if name not in known:
            raise SystemExit(f"{path}: is about article {name}, which the release does not have")
        wrong = next(check.annotation(value, known[name].text, known[name].markup), None)
        if wrong is not None:
            raise SystemExit(f"{path}: {wrong.path}: found {wrong.found}, expected {wrong.expected}")
        found.setdefault(name, []).append(Reading(about["id"], about["kind"], Labels.from_json(value["labels"])))
    return {name: sorted(own, key=lambda reading: reading.by) for name, own in sorted(found.items())}


def form(both: Readings, first: str, second: str) -> str:
    """The form of an article."""
    article = both.article
    lines = [f"article: {article.id}", f"# {article.origin.file_name}", f"# 1 is {first}, 2 is {second}"]
    lines += [f"# {count} labels are equal" for count in [sum(not item.what for item in both.items)]]
    lines += [f"# {line}" for line in HOW]
    lines += ["", "# The attributions, by the numbers that links name:"]
    for item in both.items:
        if item.layer == "attributions":
            name = both.names[0 if item.first else 1][item.base.id]
            lines.append(f"# {name}: {_shown(both, item.layer, item.base, ('source', 'cue', 'content'))}")
    for item in both.differences():
        lines += ["", *_of_item(both, item)]
    return "\n".join(lines) + "\n"


def _of_item(both: Readings, item: Item) -> Iterator[str]:
    yield f"== {item.number} {item.layer}"
    yield f"# in: {_around(both.article, item.base)}"
    if item.what == ("label",):
        side = 1 if item.first else 2
        yield f"# only {side}: {_shown(both, item.layer, item.base, fields(item.layer), side - 1)}"
        yield "label: ? | "
        return
    assert item.first is not None and item.second is not None
    same = [name for name in fields(item.layer) if name not in item.what]
    yield f"# both: {_shown(both, item.layer, item.base, same)}"
    for name in item.what:
        for side, label in enumerate((item.first, item.second)):
            yield f"# {side + 1}: {_shown(both, item.layer, label, (name,), side)}"
        yield f"{name}: ? | "


def _around(article: Article, label: Label) -> str:
    """The sentences in which the words of a label stand."""
    spans = [span for name in label.PARTS for span in getattr(label, name) or ()]
    touched = [s for s in article.sentences if any(s.start < span.end and span.start < s.end for span in spans)]
    return _words(article, tuple(touched), joint=" ")


def _words(article: Article, part: Part | None, joint: str = " + ") -> str:
    return joint.join(" ".join(article.text[start:end].split()) for start, end in part or ())


def _shown(both: Readings, layer: str, label: Label, names: Sequence[str], side: int | None = None) -> str:
    """Fields of a label, parts as quotations, links by shared numbers."""
    shown = []
    for name in names:
        value = getattr(label, name)
        if name in LABELS[layer].SPANS:
            shown.append(f"{name} [{_words(both.article, value)}]")
        elif name == LINK[layer]:
            own = (0 if label in (getattr(both.first, layer) or ()) else 1) if side is None else side
            shown.append(f"{name} {both.link(own, value)}")
        else:
            shown.append(f"{name} {json.dumps(value) if isinstance(value, bool | None) else value}")
    return " · ".join(shown)


_ITEM = re.compile(r"== *(\d+)\b.*")
_ANSWER = re.compile(r"([a-z_]+):\s*(.*?)\s*(?:\|\s*(.*?)\s*)?")


def verdicts(text: str) -> tuple[str, list[Verdict], list[str]]:
    """The article of a form, its verdicts, and lines that are none."""
    name, item = "", None
    found: list[Verdict] = []
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if head := _ITEM.fullmatch(line.strip()):
            item = int(head[1])
        elif line.startswith("article:"):
            name = line.partition(":")[2].strip()
        elif (answer := _ANSWER.fullmatch(line.strip())) and item is not None:
            found.append(Verdict(number, item, answer[1], answer[2], answer[3] or ""))
        else:
            wrong.append(f"line {number}: {line[:60]!r}, expected `FIELD: VERDICT | NOTE` below an item")
    return name, [verdict for verdict in found if verdict.says != "?"], wrong


def notes(both: Readings, given: Sequence[Verdict]) -> Iterator[dict[str, object]]:
    """What is kept of the verdicts: no text."""
    items = {item.number: item for item in both.items}
    for verdict in sorted(given, key=lambda own: (own.item, own.line)):
        item = items[verdict.item]
        yield {
            "article_id": both.article.id,
            "layer": item.layer,
            "first": None if item.first is None else item.first.id,
            "second": None if item.second is None else item.second.id,
            "what": verdict.what,
            "verdict": verdict.says if verdict.says in ("1", "2", "yes", "no") else "own",
            "note": verdict.note,
        }


def annotation(article: Article, labels: Labels, by: str, kind: str, superseded: Sequence[str]) -> dict[str, object]:
    """The third reading as an annotation file."""
    return filing.annotation(
        article, Annotator(id=by, kind=kind, guideline=GUIDELINE, supersedes=tuple(superseded)), labels
    )


def _pairs(given: argparse.Namespace) -> Iterator[tuple[Readings, Reading, Reading]]:
    known = articles(given.release)
    for name, own in readings(given.readings, known).items():
        if len(own) == 2 and own[0].by != own[1].by:
            yield Readings(known[name], own[0].labels, own[1].labels), *own


def write_forms(given: argparse.Namespace) -> int:
    """Writes a form an article; one that is there already stays."""
    given.out.mkdir(parents=True, exist_ok=True)
    count = equal = kept = 0
    for both, first, second in _pairs(given):
        path = given.out / f"{both.article.id}.form"
        if path.exists():
            kept += 1
        else:
            path.write_text(form(both, first.by, second.by), encoding="utf-8")
        count += len(both.differences())
        equal += sum(not item.what for item in both.items)
    print(f"{given.out}: {count} differing labels, {equal} equal; {kept} forms were there already and stay")
    return 0


def take(given: argparse.Namespace) -> int:
    """Reads the forms; writes the third readings and the notes, for each article whose form has nothing wrong."""
    known = {both.article.id: (both, first, second) for both, first, second in _pairs(given)}
    told: list[dict[str, object]] = []
    broken = done = 0
    given.out.mkdir(parents=True, exist_ok=True)
    for path in sorted(given.forms.glob("*.form")):
        name, given_verdicts, wrong = verdicts(path.read_text(encoding="utf-8-sig"))
        if name not in known:
            wrong.append(f"article: {name!r} has no two readings")
        else:
            both, first, second = known[name]
            labels, more = settled(both, given_verdicts)
            wrong += more
        for message in wrong:
            print(f"{path.name}: {message}", file=sys.stderr)
        broken += bool(wrong)
        if wrong:
            continue
        value = annotation(both.article, labels, given.by, first.kind, (first.by, second.by))
        (given.out / f"{name}.{given.by}.json").write_text(filing.lines(value), encoding="utf-8")
        told += notes(both, given_verdicts)
        done += 1
    lines = "".join(json.dumps(note, ensure_ascii=False) + "\n" for note in told)
    given.notes.write_text(lines, encoding="utf-8")
    print(f"{given.out}: {done} articles, {len(told)} verdicts; {broken} forms are not whole")
    return 1 if broken else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name, run in (("forms", write_forms), ("take", take)):
        command = commands.add_parser(name)
        command.add_argument("release", type=Path)
        command.add_argument("readings", type=Path, nargs="+")
        command.add_argument("--out", type=Path, required=True)
        command.set_defaults(run=run)
        if name == "take":
            command.add_argument("--forms", type=Path, required=True)
            command.add_argument("--by", required=True)
            command.add_argument("--notes", type=Path, required=True)
    given = parser.parse_args()
    return int(given.run(given))


if __name__ == "__main__":
    sys.exit(main())
