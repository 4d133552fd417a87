"""Form: whether what somebody says is quoted, by the marks around and inside it.

Conventions: ranges of tokens hold both ends.
"""

import re
from collections.abc import Sequence

from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]


def form(tokens: Tokens, content: Sequence[Range], cue: int | None) -> str:
    """The form of an attribution from its content, as ranges of tokens, and a token of its cue.

    Direct where all words of the content stand in quotation marks, "that" or "to" before them aside; mixed where some do,
    titles of works aside; of what lies in another's quotation only marks of its own count.
    """
    around = None if cue is None else tokens.quotation(cue)
    if around is not None and all(around[0] < first and last < around[1] for first, last in content):
        return _inner_form(tokens, content)
    quotes = [
        (max(first, left), min(last, right))
        for first, last in content
        for left, right in tokens.quotes_in(first, last)
        if (left, right) != around
    ]
    inside = sum(_words_in(tokens, *quote) for quote in quotes)
    if not inside:
        return "indirect"
    total = sum(_words_in(tokens, first, last) for first, last in content)
    first = content[0][0]
    while tokens.words[first] in _BEFORE_QUOTATION:
        first, total = first + 1, total - 1
    if inside >= total:
        return "direct"
    return "mixed" if any(not _is_title(tokens, *quote) for quote in quotes) else "indirect"


_BEFORE_QUOTATION = frozenset(["that", "to", "whether"])
_INNER = re.compile(r"(?<!\w)['‘](?=\w)[^'‘’\n]{2,300}['’](?!\w)|[“\"](?=\w)[^“”\"\n]{2,300}[”\"]")


def _inner_form(tokens: Tokens, content: Sequence[Range]) -> str:
    """The form of what is said within another's quotation, by marks inside its content."""
    text = " ".join(tokens.text[tokens.starts[first] : tokens.ends[last]] for first, last in content)
    marked = _INNER.findall(text)
    if not marked:
        return "indirect"
    rest = _INNER.sub(" ", text).strip(" .,;:!?")
    return "mixed" if rest.removeprefix("that").removeprefix("to").strip() else "direct"


def _words_in(tokens: Tokens, first: int, last: int) -> int:
    """How many words, and no marks, a range holds."""
    return last - first + 1 - sum(map(tokens.kinds[first : last + 1].count, _MARKS))


_MARKS = ".,;:?!()-\"'Z*"


def _is_title(tokens: Tokens, first: int, last: int) -> bool:
    """Whether words in quotation marks look like the title of a work: each of several has a capital."""
    kinds = [kind for kind in tokens.kinds[first : last + 1] if kind not in _MARKS]
    return len(kinds) > 1 and kinds[0] in "Nd" and kinds[-1] == "N" and all(kind in "Nodt#c" for kind in kinds)
