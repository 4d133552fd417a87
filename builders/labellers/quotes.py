"""Direct speech in any language, in quotation marks and behind dialogue dashes, with who says it in seven of them.

Conventions: deterministic, offline, linear in the length of the text. Claims and speculations are null: nobody looks.
The content has its marks. Source and cue are given by lists of words (``quotes_fr.toml`` and so on, German in
``_german.py``), empty where none stands there, and null in other languages, where nobody looks. An article in no
language that is known is read as English. What only a reader can tell (speaker, kind of a source) is null.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from allegedly.builders.labellers._quote_speech import Speech, speeches
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import Annotator, Article, Attribution, Labels, Prediction

LAYERS = ("attributions",)
SCHEME = "allegedly-1-direct"
ANNOTATOR = Annotator(id="quotes", kind="rule", name="Direct speech in any language", version="1", guideline=SCHEME)


def label(articles: Sequence[Article]) -> Iterator[Prediction]:
    """The direct speech of each article, in order."""
    for article in articles:
        found = speeches(article)
        labels = Labels(attributions=tuple(_attribution(number, speech) for number, speech in enumerate(found)))
        yield Prediction(labels=numbered(labels, article))


def _attribution(number: int, speech: Speech) -> Attribution:
    label = Attribution(
        id=f"a{number}",
        content=tuple(speech.content),
        form="direct",
        act="speech",
        parent=None if speech.parent < 0 else f"a{speech.parent}",
        by=ANNOTATOR.id,
        scheme=SCHEME,
    )
    frame = speech.frame
    if not frame.looked:
        return label
    return replace(
        label,
        source=frame.source,
        cue=frame.cue,
        negated=frame.negated,
        source_kind=None if frame.source else "none",
    )
