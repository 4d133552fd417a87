"""Phrases: what lines that are no text of an article begin with, each with a line that it must catch and a sentence
that it must not.

Conventions: forms are matched at the beginning of a line, without case; ``{no}`` in a form is a line's rest without a
verb that reports or doubts, so that a sentence that begins like a notice stays a sentence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: No word follows that tells of something, so that the line asks or names rather than tells.
TELLS_NOTHING = (
    r"(?!.*\b(?:said|says?|told|tells|asked|urged?|warned|added|ruled|showed|found|according to|(?-i:may)|might|"
    r"could|would|will|has|have|had|was|were|fell|rose|sagte|sagt|könnte|wird|wurde|hat|dit|dice|dijo)\b)"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A form of line, the kind of block that it is, a line that it catches and a sentence that it spares."""

    kind: str
    form: str
    catches: str
    spares: str


def matcher(phrases: Iterable[Phrase], kind: str) -> re.Pattern[str]:
    """One pattern for all phrases of a kind."""
    return re.compile("|".join(f"(?:{written(phrase)})" for phrase in phrases if phrase.kind == kind), re.I)


def written(phrase: Phrase) -> str:
    """A phrase's form with what ``{no}`` stands for."""
    return phrase.form.replace("{no}", TELLS_NOTHING)
