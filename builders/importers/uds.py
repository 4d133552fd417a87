"""UDS-IH2: factuality of predicates in the English Web Treebank, in JSON Lines.

Maps: each judged predicate is a claim whose extent is the predicate; its number, -3 to 3, becomes certainty and
polarity at FactBank's grades. The numbers themselves: ``targets(path)`` gives each, and ``scores.certainty`` that of
a sentence with one predicate. Each sentence is an article (the files give no documents), its tokens a space apart as
the corpus has them. Splits are train, dev (validation) and test.
Does not map: kind and worth (the scheme has none; null), so a sentence with a predicate has no class for claims; a claim
is here what a predicate tells of, however unlikely. The .conll files hold the same sentences with syntax: not read.
"""

from collections.abc import Iterator
from pathlib import Path

from allegedly.builders.importers import _factuality
from allegedly.schemas.records import Annotator, Record, Rejected

LICENCE = "none stated"
CITATION = (
    "White, Reisinger, Sakaguchi, Vieira, Zhang, Rudinger, Rawlins, Van Durme (2016): Universal Decompositional "
    "Semantics on Universal Dependencies. EMNLP 2016. Rudinger, White, Van Durme (2018): Neural Models of Factuality. "
    "NAACL 2018."
)
MAY_SHIP = False
MAY_TRAIN = True
SCHEME = "uds-ih2"
CREATORS = "crowdsourced"
LANGUAGE = "en"
GENRE = "other"

ANNOTATOR = Annotator(id="uds-ih2", kind="import", name="UDS-IH2")


def read(path: Path) -> Iterator[Record | Rejected]:
    """Sentences of one JSON Lines file, or of train.jsonl, dev.jsonl and test.jsonl in a folder."""
    return _factuality.read(path, SCHEME, ANNOTATOR)


#: The numbers of each sentence, for training.
targets = _factuality.targets
