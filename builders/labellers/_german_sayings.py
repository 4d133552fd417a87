"""What the searches for German attributions give, and what they share.

Conventions: indices count tokens of a sentence, stretches are half-open.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from allegedly.builders.labellers._german_clauses import Range, pieces
from allegedly.builders.labellers._german_tokens import Tokens


@dataclass(slots=True)
class Saying:
    """An attribution as stretches of tokens. ``back``: the sentence before is said as well."""

    source: Range | None
    cue: list[Range]
    content: list[Range]
    act: str = "speech"
    negated: bool = False
    back: bool = False


def joined(tokens: Iterable[int]) -> list[Range]:
    """Tokens as stretches in order, neighbours joined."""
    found: list[Range] = []
    for at in sorted(set(tokens)):
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def all_quoted(tokens: Tokens, said: Range) -> bool:
    """Whether all that is said stands in quotation marks, "dass" aside: then it is direct speech."""
    first, stop = said
    first += tokens.kinds[first] == "s"
    if all(at in tokens.hidden or tokens.kinds[at] in '".' for at in range(first, stop)):
        return True
    # the words of a short quotation are not hidden
    marks = [at for at in range(first, stop) if tokens.kinds[at] == '"']
    return marks == [first, stop - 1] and stop - first > 3


def around(tokens: Tokens, begin: int, start: int, end: int) -> list[Range]:
    """What stands before and behind a tag of a sentence, without pieces that are quotations."""
    return [piece for piece in pieces(tokens, (begin, start), (end, tokens.last)) if not all_quoted(tokens, piece)]
