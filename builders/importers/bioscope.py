"""BioScope: speculation in biomedical abstracts and papers, cues and their scopes, in XML.

Maps: each speculation cue (all pieces of one ``ref``) with its scope is a speculation; nested scopes and discontinuous
cues are kept, the cue lies inside its scope as the corpus has it. Documents are articles, named by their id; titles are
titles, section titles headings, legends captions; sentences are the corpus's. The corpus has no splits.
Does not map: kind, certainty, holder (the scheme has none; null). Negation cues and their scopes are counted in the
ledger, a line a document.
"""

from collections.abc import Iterator
from pathlib import Path

from allegedly.builders.importers._corpus import files, not_this_corpus
from allegedly.builders.importers._szeged import documents, is_szeged
from allegedly.schemas.records import Annotator, Record, Rejected

LICENCE = "free for academic purposes"
CITATION = (
    "Vincze, Szarvas, Farkas, Móra, Csirik (2008): The BioScope corpus: biomedical texts annotated for uncertainty, "
    "negation and their scopes. BMC Bioinformatics 9(Suppl 11):S9."
)
MAY_SHIP = False
MAY_TRAIN = True
SCHEME = "bioscope"
CREATORS = "expert-generated"
LANGUAGE = "en"
GENRE = "abstract"
CALIBRATES = ("speculations",)

ANNOTATOR = Annotator(id="bioscope", kind="import", name="BioScope")


def read(path: Path) -> Iterator[Record | Rejected]:
    """Documents of ``abstracts.xml`` or its like, or of all such files in a folder."""
    sources = [
        file
        for file in files(path, "bioscope", "application/xml", "**/*.xml")
        if is_szeged(file.path, b"<cue ", b"<xcope ")
    ]
    if not sources:
        raise not_this_corpus(path, "XML files with <sentence>, <xcope> and <cue type=...>, such as abstracts.xml")
    for file in sources:
        yield from documents(file, scheme=SCHEME, annotator=ANNOTATOR, split=None)
