"""ClaimBuster: sentences of US presidential debates with their check-worthiness, in CSV.

Maps: Verdict 1 (CFS) is a claim that is check-worthy, 0 (UFS) one that is unimportant, -1 (NFS) no claim; the extent is
the sentence. One article a debate, its sentences in the file's order (that of the debate, with gaps where a sentence
was not judged), a paragraph a turn; speakers are the article's authors, the date is in the name of the transcript.
Does not map: kind, certainty, polarity (null); who of the speakers said a sentence, their titles and parties, and the
sentiment score. The two-class JSON files hold a choice of the same sentences and are not read. The README of the corpus
swaps the counts of its two CSV files: groundtruth.csv has 1,032 sentences, crowdsourced.csv 22,501; both are read
where both are there. The corpus has no splits.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import groupby
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

LICENCE = "none stated; the README asks for citation"
CITATION = (
    "Arslan, Hassan, Li, Tremayne (2020): A Benchmark Dataset of Check-worthy Factual Claims. "
    "Proceedings of ICWSM 2020."
)
MAY_SHIP = False
MAY_TRAIN = True
SCHEME = "claimbuster"
CREATORS = "crowdsourced"
LANGUAGE = "en"
GENRE = "debate"
CALIBRATES = ("claims",)

ANNOTATOR = Annotator(id="claimbuster", kind="import", name="ClaimBuster")
WORTH = {"1": "check_worthy", "0": "unimportant", "-1": None}
_NEEDED = {"Text", "Speaker", "File_id", "Line_number", "Verdict"}


def read(path: Path) -> Iterator[Record | Rejected]:
    """Debates of ``crowdsourced.csv``, ``groundtruth.csv``, or of the folder that holds them."""
    tables = [file for file in files(path, SCHEME, "text/csv", "crowdsourced.csv", "groundtruth.csv") if _is_one(file)]
    if not tables:
        raise not_this_corpus(
            path, f"crowdsourced.csv or groundtruth.csv with the columns {', '.join(sorted(_NEEDED))}"
        )
    for file in tables:
        yield from _debates(file)


def _is_one(file: File) -> bool:
    with file.path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return set(next(csv.reader(lines), [])) >= _NEEDED


def _debates(file: File) -> Iterator[Record | Rejected]:
    debates: dict[str, list[dict[str, str]]] = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(file.text(), newline="")), 1):
        if row["Verdict"] not in WORTH or not (row["Text"] or "").strip():
            yield rejected(
                file.origin(),
                "broken-row",
                "A row without text or with an unknown verdict.",
                row=number,
                verdict=row["Verdict"],
            )
        else:
            debates.setdefault(row["File_id"], []).append(row)
    for number, (name, rows) in enumerate(debates.items()):
        yield _debate(file, number, name, rows)


def _debate(file: File, number: int, name: str, rows: list[dict[str, str]]) -> Record | Rejected:
    page, claims = Page(), []
    for _, turn in groupby(rows, lambda row: row["Speaker"]):
        page.block("paragraph" if page.blocks else "lead")
        for row in turn:
            page.sentence(row["Text"])
            worth = WORTH[row["Verdict"]]
            if worth:
                claims.append(Claim(extent=(page.sentences[-1],), worth=worth))
    date = re.match(r"\d{4}-\d\d-\d\d", name)
    return record(
        Annotated(
            text=page.text,
            origin=file.origin(number),
            blocks=page.blocks,
            sentences=page.sentences,
            labels={ANNOTATOR: Labels(claims=tuple(claims))},
            scheme=SCHEME,
            metadata=Metadata(
                source_id=name,
                language=LANGUAGE,
                published=date and date[0],
                authors=tuple(dict.fromkeys(row["Speaker"] for row in rows)),
            ),
        )
    )
