"""The datasheet's figures, filled in from a release: ``python -m allegedly.datasheet RELEASE FILE`` calls it.

Conventions: a figure stands between ``<!-- figures:NAME -->`` and ``<!-- /figures:NAME -->``, each on a line of its
own; what is between them is replaced, the rest is left as it is. A name that nobody fills, or one that the sheet lacks,
is an error. The same release gives the same bytes.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median

from allegedly.builders.text.grams import GRAM, grams, jaccard
from allegedly.schemas.arrow import CONFIGS, SPLITS
from allegedly.schemas.errors import DataError
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.records import ATTRIBUTES, LAYERS, LINK, MAIN_PART, Record
from allegedly.schemas.schema import values

_PLACE = re.compile(r"^<!-- figures:(\w+) -->\n(.*?)^<!-- /figures:\1 -->$", re.M | re.S)
_SCHEMAS = {"claims": "claim", "speculations": "speculation", "attributions": "attribution"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the figures are made of; ``agreement``: how far annotators agree, as Markdown."""

    manifest: Manifest
    records: Sequence[Record]
    agreement: str


def filled(sheet: str, facts: Facts) -> str:
    """The sheet with every figure renewed. DataError names figures that are unknown or not in the sheet."""
    named = [match[1] for match in _PLACE.finditer(sheet)]
    if sorted(named) != sorted(FIGURES):
        raise DataError(
            f"figures in the sheet: {', '.join(named) or 'none'}; expected each once: {', '.join(FIGURES)}; "
            "write <!-- figures:NAME --> and <!-- /figures:NAME -->, each on a line of its own"
        )
    return _PLACE.sub(lambda m: f"<!-- figures:{m[1]} -->\n{FIGURES[m[1]](facts)}\n<!-- /figures:{m[1]} -->", sheet)


def _release(facts: Facts) -> str:
    m = facts.manifest
    return (
        f"Name `{m.name}`, version {m.version} of {m.date}, built by allegedly {m.allegedly}; "
        f"content SHA-256 `{m.content_sha256}`."
    )


def _counts(facts: Facts) -> str:
    rows = [(f"`{config}`", *(facts.manifest.counts[config][split] for split in SPLITS)) for config in CONFIGS]
    return _rows(("rows of", *SPLITS), rows)


def _articles(facts: Facts) -> str:
    words = sorted(len(record.article.text.split()) for record in facts.records)
    groups = Counter(record.group for record in facts.records)
    sentences = sum(len(record.article.sentences) for record in facts.records)
    labels = {layer: sum(len(getattr(record.labels, layer) or ()) for record in facts.records) for layer in LAYERS}
    dates = sorted(filter(None, (record.article.published for record in facts.records)))
    languages = Counter(record.article.language or "not said" for record in facts.records)
    return "\n".join(
        [
            f"- {len(words)} articles, {sum(words):,} words as the texts have them, {sentences:,} sentences",
            f"- words an article: {words[0]} to {words[-1]}, median {median(words):g}",
            f"- words a sentence: {sum(words) / sentences:.1f}",
            f"- a thousand words hold {', '.join(f'{1000 * n / sum(words):.1f} {name}' for name, n in labels.items())}",
            f"- dates of publication that the articles bear: {dates[0][:10]} to {dates[-1][:10]}",
            f"- languages: {', '.join(f'{name} {n}' for name, n in sorted(languages.items()))}",
            f"- groups: {len(groups)}; articles that share one: {sum(n for n in groups.values() if n > 1)}",
        ]
    )


def _formats(facts: Facts) -> str:
    articles = Counter((record.article.origin.reader, record.article.origin.media_type) for record in facts.records)
    files: dict[tuple[str | None, str | None], set[str]] = {}
    for record in facts.records:
        origin = record.article.origin
        files.setdefault((origin.reader, origin.media_type), set()).add(origin.file_name)
    rows = [(*(name or "not said" for name in key), len(files[key]), n) for key, n in sorted(articles.items(), key=str)]
    return _rows(("reader", "media type", "files", "articles"), rows)


def _labels(facts: Facts) -> str:
    """Labels by layer, attribute and value, in each split."""
    rows: list[tuple[str | int, ...]] = []
    for layer in LAYERS:
        rows.append((layer, "all", "", *_tally(facts, layer, lambda label: True)))
        for name in ATTRIBUTES[layer]:
            known = [True, False] if name == "negated" else values(_SCHEMAS[layer], name)
            rows += [
                (layer, name, str(value).lower(), *_tally(facts, layer, lambda x, n=name, v=value: getattr(x, n) == v))
                for value in known
            ]
        link = LINK[layer]
        rows.append((layer, link, "given", *_tally(facts, layer, lambda x, k=link: getattr(x, k) is not None)))
        part = MAIN_PART[layer]
        rows.append((layer, part, "in several pieces", *_tally(facts, layer, lambda x, k=part: len(getattr(x, k)) > 1)))
    return _rows(("layer", "attribute", "value", *SPLITS), rows)


def _tally(facts: Facts, layer: str, right: Callable[..., bool]) -> tuple[int, ...]:
    labels = Counter(record.split for record in facts.records for x in getattr(record.labels, layer) or () if right(x))
    return tuple(labels[split] for split in SPLITS)


def _leakage(facts: Facts) -> str:
    """Pairs of articles in different splits that share words in a row, every pair looked at."""
    texts = {record.article.id: grams(record.article.text) for record in facts.records}
    split = {record.article.id: record.split for record in facts.records}
    holding: dict[str, set[str]] = defaultdict(set)
    for name, held in texts.items():
        for gram in held:
            holding[gram].add(name)
    shared = Counter(
        pair
        for names in holding.values()
        for pair in combinations(sorted(names), 2)
        if split[pair[0]] != split[pair[1]]
    )
    said = f"Every pair of articles in different splits was compared: {len(shared)} of them share {GRAM} words in a row"
    if not shared:
        return f"{said}."
    alike = {pair: jaccard(texts[pair[0]], texts[pair[1]]) for pair in shared}
    nearest = sorted(shared, key=lambda pair: (-alike[pair], pair))[:5]
    rows = [
        (" ".join(pair), " ".join(split[name] or "" for name in pair), shared[pair], f"{alike[pair]:.4f}")
        for pair in nearest
    ]
    head = ("nearest articles across splits", "splits", f"runs of {GRAM} words shared", f"Jaccard of word {GRAM}-grams")
    near = facts.manifest.leakage["near"]
    return f"{said}; those that belong together have a Jaccard index of {near} or more.\n\n{_rows(head, rows)}"


def _agreement(facts: Facts) -> str:
    return facts.agreement


def _annotators(facts: Facts) -> str:
    votes = Counter(vote.annotator.id for record in facts.records for vote in record.votes)
    rows = [
        (f"`{a['id']}`", a["kind"], a["name"] or "", a["guideline"] or "", votes[a["id"]])
        for a in facts.manifest.annotators
    ]
    return _rows(("annotator", "kind", "what it is", "guideline", "articles"), rows)


def _rows(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


FIGURES: dict[str, Callable[[Facts], str]] = {
    "release": _release,
    "articles": _articles,
    "counts": _counts,
    "labels": _labels,
    "formats": _formats,
    "leakage": _leakage,
    "annotators": _annotators,
    "agreement": _agreement,
}


def renew(file: Path, facts: Facts) -> None:
    """Fill a sheet's file anew; it stays untouched where nothing changes."""
    sheet = file.read_text(encoding="utf-8")
    if (text := filled(sheet, facts)) != sheet:
        file.write_text(text, encoding="utf-8")
