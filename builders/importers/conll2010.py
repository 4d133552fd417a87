"""CoNLL-2010 shared task: hedge cues, and scopes in task 2, in the XML of Szeged; biological papers and Wikipedia.

Maps: a ``ccue`` (task 1) is a speculation whose scope is null; a ``cue`` with its ``xcope`` (task 2) one with its scope,
the cue inside. In files of Wikipedia the cues are weasel words: their scheme is ``conll-2010-weasel``. Articles are
documents, named by their id, sentences the corpus's; files named ...train... are train, ...eval... and ...test... are test.
Does not map: kind, certainty, holder (null). Sentences called uncertain without a cue in them are counted in the
ledger, a line a document. Both tasks hold the same papers: import them one by one, or they are exact copies.
"""

from collections.abc import Iterator
from pathlib import Path

from allegedly.builders.importers._corpus import files, not_this_corpus
from allegedly.builders.importers._szeged import documents, is_szeged
from allegedly.schemas.records import Annotator, Record, Rejected

LICENCE = "free for academic purposes; text of Wikipedia under its own licence"
CITATION = (
    "Farkas, Vincze, Móra, Csirik, Szarvas (2010): The CoNLL-2010 Shared Task: Learning to Detect Hedges and their Scope "
    "in Natural Language Text. CoNLL 2010."
)
MAY_SHIP = False
MAY_TRAIN = True
SCHEME = "conll-2010"
CREATORS = "expert-generated"
LANGUAGE = "en"

ANNOTATOR = Annotator(id="conll-2010", kind="import", name="CoNLL-2010 shared task")


def read(path: Path) -> Iterator[Record | Rejected]:
    """Documents of one file, or of all such files in a folder."""
    sources = [file for file in files(path, "conll2010", "application/xml", "**/*.xml") if _is_one(file.path)]
    if not sources:
        raise not_this_corpus(
            path, "XML files with <sentence certainty=...>, <ccue> or <cue>, such as task1_train_wikipedia.xml"
        )
    for file in sources:
        name = file.path.stem.lower()
        split = "train" if "train" in name else "test" if "eval" in name or "test" in name else None
        scheme = f"{SCHEME}-weasel" if "wiki" in name else SCHEME
        yield from documents(file, scheme=scheme, annotator=ANNOTATOR, split=split)


def _is_one(path: Path) -> bool:
    return is_szeged(path, b"<ccue>", b"certainty=", b"<xcope ")
