"""CheckThat! 2019 task 1: debates and speeches, each line to be fact-checked or not, in TSV.

Maps: a line labelled 1 is a check-worthy claim whose extent is the line. One article a file, a sentence a line, a
paragraph a turn; speakers are the article's authors; folders named train..., dev... or test... are the splits.
Does not map: a line labelled 0 need not be free of claims (the scheme has no unimportant ones), so its sentence is
``no_claim`` in the sense of *not to be checked*; kind, certainty, polarity are null; who of the speakers said a line.
Lines of the speaker SYSTEM (applause, crosstalk) are sentences like others.
"""

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

LICENCE = "free for research"
CITATION = (
    "Atanasova, Nakov, Karadzhov, Mohtarami, Da San Martino (2019): Overview of the CLEF-2019 CheckThat! Lab on "
    "Automatic Identification and Verification of Claims. Task 1: Check-Worthiness. CLEF 2019 Working Notes."
)
MAY_SHIP = False
MAY_TRAIN = True
SCHEME = "checkthat-2019"
CREATORS = "expert-generated"
LANGUAGE = "en"
GENRE = "debate"
CHOSEN = True

ANNOTATOR = Annotator(id="checkthat-2019", kind="import", name="CheckThat! 2019, task 1")
_LINE = re.compile(r"\d+\t[^\t]*\t[^\t]*\t[01]")


def read(path: Path) -> Iterator[Record | Rejected]:
    """Debates of one TSV file, or of all below a folder."""
    tables = [file for file in files(path, "checkthat", "text/tab-separated-values", "**/*.tsv") if _is_one(file)]
    if not tables:
        raise not_this_corpus(path, "TSV files whose lines are: line number, speaker, text, label (0 or 1)")
    for file in tables:
        yield from _debate(file)


def _is_one(file: File) -> bool:
    with file.path.open(encoding="utf-8-sig", errors="replace") as lines:
        return bool(_LINE.fullmatch(next(lines, "").rstrip("\r\n")))


def _debate(file: File) -> Iterator[Record | Rejected]:
    rows = []
    for number, line in enumerate(file.text().split("\n"), 1):
        fields = line.rstrip("\r").split("\t")
        if len(fields) == 4 and fields[3] in ("0", "1") and fields[2].strip():
            rows.append(fields)
        elif line.strip():
            yield rejected(file.origin(), "broken-row", "Not line number, speaker, text, label (0 or 1).", line=number)
    page, claims = Page(), []
    for _, turn in groupby(rows, lambda fields: fields[1]):
        page.block("paragraph" if page.blocks else "lead")
        for _, _, text, label in turn:
            page.sentence(text)
            if label == "1":
                claims.append(Claim(extent=(page.sentences[-1],), worth="check_worthy"))
    date = re.match(r"(\d{4})(\d\d)(\d\d)_", file.path.name)
    dated = date and int(date[2]) <= 12 and int(date[3]) <= 31
    yield record(
        Annotated(
            text=page.text,
            origin=file.origin(),
            blocks=page.blocks,
            sentences=page.sentences,
            labels={ANNOTATOR: Labels(claims=tuple(claims))},
            scheme=SCHEME,
            split=file.split(),
            metadata=Metadata(
                source_id=file.path.stem,
                language=LANGUAGE,
                published="-".join(date.groups()) if date and dated else None,
                authors=tuple(dict.fromkeys(fields[1] for fields in rows if fields[1] != "SYSTEM")),
            ),
        )
    )
