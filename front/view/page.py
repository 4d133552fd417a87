"""The page: what of a release it shows, and its size.

Conventions: this module says what the page holds, the template ``view.html`` how. Nothing is loaded from anywhere; without
scripts all of it can be read.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from allegedly.render import html, pages, words
from allegedly.render.tables import Table
from allegedly.schemas.errors import UsageError
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.paths import readable
from allegedly.schemas.records import ATTRIBUTES, LAYERS, Record
from allegedly.schemas.stored import Release
from allegedly.view import articles, chosen, copies
from allegedly.view.overview import Overview

TEMPLATES = Path(__file__).parent / "templates"
#: Classes of parts in a list.
LETTERS = {"extent": "e", "cue": "c", "scope": "o", "source": "s", "content": "t", "speaker": "k"}
#: Lines of the ledger that a page names; the rest is counted by rule.
DROPPED = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """What a filter offers, with how many articles have it."""

    name: str
    offered: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """Files without an article, or parts of them: by rule, and one by one as far as a page goes."""

    rules: tuple[tuple[str, int], ...]
    table: Table | None
    more: int


def of_release(
    path: str | Path,
    *,
    split: str | None = None,
    sample: int | None = None,
    seed: int = 0,
    only: Collection[str] | None = None,
) -> str:
    """The page of a release. UsageError for what is none, DataError for one that is broken."""
    release = Release(path)
    wanted = chosen.ids(release, split, sample, seed, only)
    if not wanted:
        raise UsageError(f"{readable(path)}: holds no article to show")
    total = sum(release.manifest.counts["articles"][name] for name in chosen.splits(release, split))
    some = (
        f"{len(wanted):,} of {total:,} articles: a sample, seed {seed}" if len(wanted) < total and only is None else ""
    )
    notes = [some] if some else []
    return drawn(chosen.records(release, split, wanted), release.manifest, notes=notes, dropped=_dropped(release))


def of_labels(records: Iterable[Record], manifest: Manifest, names: tuple[str, ...], told: Iterable[str] = ()) -> str:
    """The page of labels from elsewhere on articles of a release; ``names``: whose they are, one or two; ``told``: what a
    reader must know of them."""
    what = " and ".join(names)
    both = len(names) > 1
    notes = [f"Labels of {what}, on articles of {manifest.name} {manifest.version}", *told]
    if both:
        notes.append(
            f"Labels that only {names[1]} has, or has otherwise, are drawn dashed, and marked {articles.SECOND}; "
            f"those that both have, or only {names[0]}, solid"
        )
    return drawn(records, manifest, notes=notes, both=both, title=what)


def drawn(
    records: Iterable[Record],
    manifest: Manifest,
    *,
    notes: Iterable[str] = (),
    dropped: Dropped | None = None,
    both: bool = False,
    title: str | None = None,
) -> str:
    """A page of records."""
    sheet, overview, groups = html.Sheet(), Overview(manifest, checked=both), copies.Groups()
    listed = []
    for record in records:
        overview.add(record)
        groups.add(record)
        listed.append(articles.shown(record, sheet, both=both))
    return pages.render(
        TEMPLATES,
        "view.html",
        title=title or f"{manifest.name} {manifest.version}",
        release=manifest,
        notes=list(notes),
        overview=overview,
        articles=listed,
        sheet=sheet.css("body"),
        choices=_choices(listed),
        kinds=_kinds(overview),
        layers=LAYERS,
        pairs=list(groups.pairs()),
        near=len(groups),
        dropped=dropped,
        legend=html.LEGEND,
        letters=LETTERS,
    )


def _choices(listed: Iterable[articles.Shown]) -> list[Choice]:
    """The filters that have something to choose from."""
    counts: dict[str, dict[str, int]] = {"split": {}, "outlet": {}, "language": {}, "annotator": {}}
    for each in listed:
        values = {
            "split": (each.split,),
            "outlet": (each.article.outlet or "",),
            "language": (each.article.language or "",),
            "annotator": each.annotators,
        }
        for name, given in values.items():
            for value in given:
                counts[name][value] = counts[name].get(value, 0) + 1
    return [
        Choice(name, tuple(sorted((value, count) for value, count in found.items() if value)))
        for name, found in counts.items()
        if len([value for value in found if value]) > 1
    ]


def _kinds(overview: Overview) -> list[tuple[str, list[str]]]:
    """The values that lists of labels say of each layer, for the filter of kinds."""
    out = []
    for layer in LAYERS:
        values = {
            value
            for name in ATTRIBUTES[layer]
            if name != "negated"
            for value in overview.values.get((layer, name), ())
            if value != words.USUAL.get((layer, name))
        }
        if values := values - {"not said"}:
            out.append((layer, sorted(values)))
    return out


def _dropped(release: Release) -> Dropped:
    rules: dict[str, int] = {}
    rows: list[tuple[str, ...]] = []
    for line in release.lines():
        rules[line["rule"]] = rules.get(line["rule"], 0) + 1
        if len(rows) < DROPPED:
            origin = line["origin"]
            record = "" if origin["record"] is None else f", record {origin['record']}"
            rows.append((f"{origin['file_name']}{record}", line["stage"], line["rule"], line["reason"]))
    table = Table.of(("file", "stage", "rule", "reason"), rows) if rows else None
    return Dropped(
        tuple(sorted(rules.items(), key=lambda item: (-item[1], item[0]))), table, sum(rules.values()) - len(rows)
    )
