"""Language: in which language a text is written.

Conventions: languages are BCP 47 tags; None where a text is too short or too doubtful to tell.
"""

# ruff: noqa: SIM905 - words read better in a row

import re
from collections.abc import Callable, Iterable
from functools import cache

from allegedly.schemas.records import SENTENCE_BLOCKS, Block

#: Language detection looks at this many letters, and gives no answer for less than the second number.
LANGUAGE_SAMPLE, LANGUAGE_LEAST = 1000, 40


_ENGLISH = frozenset(
    "the and that with for from this which they have has had been were are would their said it by not be".split()
)
_ENGLISH_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_ENGLISH))})\b")


def body(text: str, blocks: Iterable[Block], limit: int = LANGUAGE_SAMPLE) -> str:
    """The beginning of the text in the blocks that hold sentences."""
    pieces, left = [], limit
    for block in blocks:
        if left > 0 and block.kind in SENTENCE_BLOCKS:
            pieces.append(text[block.start : min(block.end, block.start + left)])
            left -= len(pieces[-1])
    return "\n".join(pieces)


def detected(text: str) -> str | None:
    """The language of a text as a BCP 47 tag, None where it is too short or too doubtful to tell."""
    if len(text) < LANGUAGE_LEAST:
        return None
    text = text[:LANGUAGE_SAMPLE].lower()
    # loading the detector takes a second: plain English is told without it
    words = text.split()
    # words with blanks around them are counted in no time, and mostly they are enough
    if _is_english(sum(map(_ENGLISH.__contains__, words)), len(words)):
        return "en"
    if _is_english(len(_ENGLISH_WORD.findall(text)), len(words)):
        return "en"
    tag, confidence = _classify()(text)
    return tag if confidence > 0.5 else None


def _is_english(english: int, words: int) -> bool:
    return english >= 2 and english > 0.09 * words


@cache
def _classify() -> Callable[[str], tuple[str, float]]:
    """A function from a text to its language and the probability of that."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    classify: Callable[[str], tuple[str, float]] = LanguageIdentifier.from_model_file(
        MODEL_FILE, norm_probs=True
    ).classify
    return classify
