"""BABE: sentences of US news, factual or opinion, biased or not, in CSV with semicolons.

Maps: ``Entirely factual`` is a claim whose extent is the sentence, ``Expresses writer's opinion`` no claim (an empty
layer). Each sentence is an article, not each page: the sentences of a page are drawn one by one and come in no order.
Outlet, address and topic (a theme) are kept. The corpus has no splits.
Does not map: ``Somewhat factual but also opinionated`` and ``No agreement`` do not say which words claim what: their
sentences stay, the layer is null, and the ledger says so. kind, worth, certainty, polarity are null. Bias labels,
biased words and the outlet's leaning have no layer: a ledger line for the file counts the rows. Of the files, those of
the experts (final_labels_SG1.csv, final_labels_SG2.csv) are read, not the crowd's (MBIC).
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from allegedly.builders.importers._corpus import (
    Annotated,
    File,
    Metadata,
    Page,
    files,
    not_this_corpus,
    record,
    rejected,
)
from allegedly.schemas.records import Annotator, Claim, Labels, Record, Rejected

LICENCE = "AGPL-3.0"
CITATION = (
    "Spinde, Plank, Krieger, Ruas, Gipp, Aizawa (2021): Neural Media Bias Detection Using Distant Supervision With BABE - "
    "Bias Annotations By Experts. Findings of EMNLP 2021."
)
MAY_SHIP = False
MAY_TRAIN = False
SCHEME = "babe"
CREATORS = "expert-generated"
LANGUAGE = "en"

ANNOTATOR = Annotator(id="babe", kind="import", name="BABE, majority of its experts")
_NEEDED = {"text", "label_opinion", "label_bias"}


def read(path: Path) -> Iterator[Record | Rejected]:
    """Sentences of one CSV file, or of final_labels_SG1.csv and final_labels_SG2.csv in a folder."""
    tables = [
        file
        for file in files(path, SCHEME, "text/csv", "final_labels_SG*.csv", "data/final_labels_SG*.csv")
        if _is_one(file)
    ]
    if not tables:
        raise not_this_corpus(
            path, f"final_labels_SG1.csv, with semicolons and the columns {', '.join(sorted(_NEEDED))}"
        )
    for file in tables:
        rows = list(csv.DictReader(io.StringIO(file.text(), newline=""), delimiter=";"))
        yield rejected(file.origin(), "bias", "Bias labels and biased words: no layer holds them.", rows=len(rows))
        for number, row in enumerate(rows):
            yield from _sentence(file, number, row)


def _is_one(file: File) -> bool:
    with file.path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return set(next(csv.reader(lines, delimiter=";"), [])) >= _NEEDED


def _sentence(file: File, number: int, row: dict[str, str]) -> Iterator[Record | Rejected]:
    origin = file.origin(number)
    text, opinion = row["text"], (row["label_opinion"] or "").replace("’", "'")
    if not (text or "").strip():
        yield rejected(origin, "no-text", "A row without text.")
        return
    page = Page()
    page.sentence(text)
    claims: tuple[Claim, ...] | None = None
    if opinion == "Entirely factual":
        claims = (Claim(extent=(page.sentences[0],)),)
    elif opinion == "Expresses writer's opinion":
        claims = ()
    else:
        reason = "Neither factual nor opinion throughout: the sentence stays, its layer of claims is null."
        yield rejected(origin, "undecided", reason, label=opinion)
    yield record(
        Annotated(
            text=text,
            origin=origin,
            blocks=page.blocks,
            sentences=page.sentences,
            labels={ANNOTATOR: Labels(claims=claims)},
            scheme=SCHEME,
            metadata=Metadata(
                language=LANGUAGE,
                outlet=row.get("outlet") or None,
                url=row.get("news_link") or None,
                themes=tuple(filter(None, [row.get("topic")])),
            ),
        )
    )
