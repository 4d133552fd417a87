"""MEANTIME: factuality of events in English Wikinews, in JSON Lines with numbers -3 to 3.

Maps: each event is a claim whose extent is the event's word; its number becomes certainty and polarity at FactBank's
grades. The numbers themselves: ``targets(path)`` gives each, and ``scores.certainty`` that of a sentence with one event.
Each sentence is an article (the files give no documents), its tokens a space apart as the corpus has them. Splits are
train, dev (validation) and test.
Does not map: kind and worth (the scheme has none; null), so a sentence with an event has no class for claims. The
.conll files hold the same sentences with syntax: not read.
"""

from collections.abc import Iterator
from pathlib import Path

from allegedly.builders.importers import _factuality
from allegedly.schemas.records import Annotator, Record, Rejected

LICENCE = "none stated"
CITATION = (
    "Minard, Speranza, Urizar, Altuna, van Erp, Schoen, van Son (2016): MEANTIME, the NewsReader Multilingual Event and "
    "Time Corpus. LREC 2016. Numbers: Stanovsky, Eckle-Kohler, Puzikov, Dagan, Gurevych (2017). ACL 2017."
)
MAY_SHIP = False
MAY_TRAIN = True
SCHEME = "meantime"
CREATORS = "expert-generated"
LANGUAGE = "en"
GENRE = "other"

ANNOTATOR = Annotator(id="meantime", kind="import", name="MEANTIME")


def read(path: Path) -> Iterator[Record | Rejected]:
    """Sentences of one JSON Lines file, or of train.jsonl, dev.jsonl and test.jsonl in a folder."""
    return _factuality.read(path, SCHEME, ANNOTATOR)


#: The numbers of each sentence, for training.
targets = _factuality.targets
