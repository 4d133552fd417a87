"""Sentences of each kind of error on real news, by each labeller: which share is right.

    python bench/kinds.py                      # tests/labellers/kinds.toml, both labellers
    python bench/kinds.py --fails TABLE.toml   # another table, and what is wrong in each case that fails

A case is right where all that it lists is found and nothing that it forbids; the head of the table tells how its fields
are read. ``tests/labellers/test_kinds.py`` holds the labellers to it.
"""

import argparse
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from allegedly.builders.text.articles import article
from allegedly.schemas.records import Article, Attribution, Block, Labels, Origin, Prediction

TABLE = Path(__file__).parent.parent / "tests" / "labellers" / "kinds.toml"
LAYERS = ("attributions", "claims", "speculations")
#: What a table calls a layer.
NAMES = {"doubts": "speculations"}
#: Fields that name an attribution by its source.
LINKS = frozenset(["claimer", "holder", "parent"])
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A text with what is right of it."""

    number: int
    name: str
    fields: Fields

    @property
    def text(self) -> str:
        return str(self.fields["text"]).strip()

    def article(self) -> Article:
        """The text as an article, a block a paragraph."""
        blocks: list[Block] = []
        at = 0
        for paragraph in self.text.split("\n\n"):
            kind = "title" if self.fields.get("title") and not blocks else "paragraph"
            blocks.append(Block(kind=kind, start=at, end=at + len(paragraph)))
            at += len(paragraph) + 2
        language = self.fields.get("language", "en")
        return article(self.text, Origin(file_name="kinds.txt"), blocks=blocks, language=language)


def cases(table: Path = TABLE) -> list[Case]:
    """All cases of a table, in order."""
    kinds = tomllib.loads(table.read_text(encoding="utf-8"))["kind"]
    return [Case(kind["number"], kind["name"], fields) for kind in kinds for fields in kind["case"]]


def wrong(case: Case, found: Article, prediction: Prediction) -> list[str]:
    """What is wrong in the labels of a case, a line each."""
    rows = _rows(found.text, prediction.labels)
    out = [
        f"{layer} are labelled"
        for layer in case.fields.get("null", ())
        if getattr(prediction.labels, layer) is not None
    ]
    for name in ("attributions", "claims", "doubts"):
        here = rows[NAMES.get(name, name)]
        out += [f"missing {name} {dict(want)}" for want in case.fields.get(name, ()) if not _any(here, want)]
        out += [f"stray {name} {dict(want)}" for want in case.fields.get(f"no_{name}", ()) if _any(here, want)]
    if case.fields.get("marks"):
        out += [f"a mark alone in {row['extent']}" for row in rows["claims"] if not _paired(row["extent"])]
    if len(found.sentences) != case.fields.get("sentences", len(found.sentences)):
        out.append(f"{len(found.sentences)} sentences")
    return out


def _any(rows: Sequence[Fields], want: Fields) -> bool:
    return any(all(_fits(row.get(key), value) for key, value in want.items()) for row in rows)


def _fits(value: object, want: object) -> bool:
    if isinstance(want, str) and want.startswith("~"):
        return want[1:] in str(value)
    return value == want


def _paired(words: str) -> bool:
    return words.count("“") == words.count("”") and words.count('"') % 2 == 0


def _rows(text: str, labels: Labels) -> dict[str, list[Fields]]:
    """The labels of each layer as words and values."""
    sources = {item.id: _words(text, item.source) for item in labels.attributions or ()}
    rows: dict[str, list[Fields]] = {}
    for layer in LAYERS:
        rows[layer] = []
        for label in getattr(labels, layer) or ():
            fields = {name: getattr(label, name) for name in label.__dataclass_fields__}
            parts = {name: _words(text, fields[name]) for name in (*label.PARTS, *_speaker(label))}
            links = {name: sources.get(fields[name] or "", "") for name in LINKS & fields.keys()}
            rows[layer].append({**fields, **parts, **links})
    return rows


def _speaker(label: object) -> tuple[str, ...]:
    return ("speaker",) if isinstance(label, Attribution) else ()


def _words(text: str, part: Sequence[Any] | None) -> str:
    return " + ".join(text[start:end] for start, end in part or ())


def results(labeller: str, chosen: Sequence[Case]) -> Iterator[tuple[Case, list[str], Prediction]]:
    """Each case with what a labeller has wrong in it, and its labels."""
    label = import_module(f"allegedly.builders.labellers.{labeller}").label
    articles = [case.article() for case in chosen]
    for case, found, prediction in zip(chosen, articles, label(articles), strict=True):
        yield case, wrong(case, found, prediction), prediction


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", nargs="?", type=Path, default=TABLE)
    parser.add_argument("--labellers", nargs="+", default=["rules", "learned"])
    parser.add_argument("--kinds", nargs="+", type=int)
    parser.add_argument("--fails", action="store_true")
    options = parser.parse_args()
    chosen = [case for case in cases(options.table) if not options.kinds or case.number in options.kinds]
    shares: dict[int, dict[str, list[bool]]] = {}
    for labeller in options.labellers:
        for case, faults, prediction in results(labeller, chosen):
            shares.setdefault(case.number, {}).setdefault(labeller, []).append(not faults)
            if faults and options.fails:
                _show(labeller, case, faults, prediction)
    names = {case.number: case.name for case in chosen}
    print(f"| {'kind':40} | {' | '.join(options.labellers)} |\n|---|{'---|' * len(options.labellers)}")
    for number, by in sorted(shares.items()):
        counts = " | ".join(f"{sum(by[name])}/{len(by[name])}" for name in options.labellers)
        print(f"| {number:2} {names[number]:37} | {counts} |")
    every = {name: [fine for by in shares.values() for fine in by[name]] for name in options.labellers}
    print(f"| {'all':40} | {' | '.join(f'{sum(fine)}/{len(fine)}' for fine in every.values())} |")


def _show(labeller: str, case: Case, faults: Sequence[str], prediction: Prediction) -> None:
    print(f"--- {case.number} {labeller}: {case.text!r}")
    print(*(f"    {fault}" for fault in faults), sep="\n")
    keys = {
        "attributions": ("source", "cue", "content", "form", "source_kind", "parent"),
        "claims": ("extent", "kind", "worth", "certainty", "polarity", "claimer"),
        "speculations": ("cue", "scope", "kind", "certainty", "holder"),
    }
    for layer, rows in _rows(case.text, prediction.labels).items():
        for row in rows:
            print(f"      {layer[0]} {' | '.join(str(row[key]) for key in keys[layer])}")


if __name__ == "__main__":
    main()
