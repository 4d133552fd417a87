"""ClaimPT: claims in Portuguese news with who claims them, in JSON Lines beside text files.

Maps: an item that is a claim is a claim; its extent is the claim span (several where it is discontinuous), else the
segment. Its claimer is an attribution with the claimer's spans as source and the segment as content, and the claim links
to it. Topic of the article is a theme, the day of publication is read from its Portuguese date. Where the first block
is a heading line, it is the title. Sentences are ours.
Does not map: kind, worth, certainty, polarity (null; so sentences with a claim have no class). The layer of attributions
holds claimers of claims and nothing else: whoever else is quoted is not in it, so do not score the finding of
attributions on it. Items that are no claims, objects, topics and times of claims are counted in the ledger, a line a
document. The corpus has no splits.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.builders.importers._corpus import (
    Annotated,
    File,
    Metadata,
    files,
    not_this_corpus,
    paragraphs,
    record,
    rejected,
    united,
)
from allegedly.builders.text.sentences import sentences
from allegedly.schemas.records import Annotator, Attribution, Block, Claim, Json, Labels, Part, Record, Rejected

LICENCE = "CC-BY-NC-ND-4.0"
CITATION = (
    "Campos, Sequeira, Nerea, Cantante, Folques, Cunha, Canavilhas, Branco, Jorge, Nunes, Guimarães, Silvano (2025): "
    "ClaimPT: A Portuguese Dataset of Annotated Claims in News Articles. INESC TEC, doi:10.25747/JY10-E413."
)
MAY_SHIP = False
MAY_TRAIN = False
SCHEME = "claimpt"
CREATORS = "expert-generated"
LANGUAGE = "pt"

ANNOTATOR = Annotator(id="claimpt", kind="import", name="ClaimPT, curated")
_MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")


def read(path: Path) -> Iterator[Record | Rejected]:
    """Documents of ``annotations.jsonl`` with ``news_articles`` beside it, or of the folder above."""
    sources = files(path, SCHEME, "application/jsonl", "**/annotations.jsonl")
    sources = [file for file in sources if (file.path.parent / "news_articles").is_dir()]
    if not sources:
        raise not_this_corpus(path, "annotations.jsonl with a folder news_articles of *.txt beside it")
    for file in sources:
        yield from _documents(file)


def _documents(file: File) -> Iterator[Record | Rejected]:
    folder, base = file.path.parent / "news_articles", file.name.rpartition("/")[0]
    seen = set()
    for number, line in enumerate(file.text().split("\n")):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name, items = row["document"], row["items"]
        except (ValueError, KeyError, TypeError):
            yield rejected(file.origin(number), "broken-row", "Not a document with items.")
            continue
        text = folder / Path(name).name
        if not text.is_file():
            yield rejected(file.origin(number), "no-text", "No such file in news_articles.", document=name)
            continue
        seen.add(text)
        yield from _document(
            File(text, f"{base}/news_articles/{text.name}".lstrip("/"), SCHEME, "text/plain"), row, items
        )
    for text in sorted(set(folder.glob("*.txt")) - seen):
        left = File(text, f"{base}/news_articles/{text.name}".lstrip("/"), SCHEME, "text/plain")
        yield rejected(left.origin(), "no-annotations", "No line of annotations.jsonl is about this text.")


def _document(file: File, row: Json, items: list[Json]) -> Iterator[Record | Rejected]:
    text = file.text()
    claims, attributions = list[Claim](), list[Attribution]()
    for item in items:
        if item.get("claim"):
            try:
                claim, attribution = _claim(text, item)
            except (KeyError, TypeError, ValueError):
                reason = "Offsets are missing, or their text is not the one given."
                yield rejected(file.origin(), "broken-span", reason, id=item.get("id"))
                continue
            claims.append(claim)
            attributions.extend([attribution] if attribution else [])
    yield from _ledger(file, items)
    blocks = _blocks(text)
    yield record(
        Annotated(
            text=text,
            origin=file.origin(),
            blocks=blocks,
            sentences=sentences(text, blocks, language=LANGUAGE),
            labels={ANNOTATOR: Labels(claims=tuple(claims), attributions=tuple(attributions))},
            scheme=SCHEME,
            metadata=Metadata(
                source_id=row["document"],
                title=text[blocks[0].start : blocks[0].end] if blocks and blocks[0].kind == "title" else None,
                language=LANGUAGE,
                published=_date(row.get("publication_time")),
                themes=tuple(map(str, filter(None, [row.get("news_article_topic")]))),
                outlet="Lusa",
            ),
        )
    )


def _claim(text: str, item: Json) -> tuple[Claim, Attribution | None]:
    """A claim, and the attribution of its claimer. ValueError where offsets and texts differ."""
    name = str(item["id"])
    segment = _part(
        text, {"begin": item["begin_character"], "end": item["end_character"], "text": item["text_segment"]}
    )
    claimer = _part(text, item.get("claimer"))
    claim = Claim(id=name, extent=_part(text, item.get("claim_span")) or segment, claimer=name if claimer else None)
    return claim, Attribution(id=name, source=claimer, content=segment) if claimer else None


def _part(text: str, given: Any) -> Part:
    """Spans of one object or a list of them; empty where nothing is given. ValueError where the text differs."""
    values = [span for span in (given if isinstance(given, list) else [given]) if span]
    if any(text[span["begin"] : span["end"]] != span["text"] or not span["text"] for span in values):
        raise ValueError("another text")
    return united((span["begin"], span["end"]) for span in values)


def _blocks(text: str) -> list[Block]:
    """A block a line; the first is the title where a blank line follows it and no full stop ends it."""
    blocks = list(paragraphs(text, lines=True))
    if len(blocks) > 1 and "\n\n" in text[blocks[0].end : blocks[1].start] and text[blocks[0].end - 1] != ".":
        kinds = ["title", "lead"] + ["paragraph"] * len(blocks)
        blocks = [Block(kind=kind, start=b.start, end=b.end) for kind, b in zip(kinds, blocks, strict=False)]
    return blocks


def _date(words: str | None) -> str | None:
    match = re.fullmatch(r"(\d{1,2}) ([a-zç]{3})[a-zç]*\.? (\d{4})", (words or "").strip().lower())
    if not match or match[2] not in _MONTHS:
        return None
    return f"{match[3]}-{_MONTHS.index(match[2]) + 1:02}-{int(match[1]):02}"


def _ledger(file: File, items: list[Json]) -> Iterator[Rejected]:
    others = sum(not item.get("claim") for item in items)
    if others:
        yield rejected(file.origin(), "non-claim", "Segments judged to be no claims: no label says that.", count=others)
    count = Counter(name for item in items for name in ("claim_object", "claim_topic", "time") if item.get(name))
    for name, number in sorted(count.items()):
        yield rejected(file.origin(), name.replace("_", "-"), f"{name} of claims: no label holds it.", count=number)
