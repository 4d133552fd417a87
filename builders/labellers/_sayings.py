"""An attribution before it has offsets, and what all rules of attribution know of words.

Conventions: indices count tokens, ranges hold both ends.
"""

from dataclasses import dataclass, field

from allegedly.builders.labellers._classes import letters
from allegedly.builders.labellers._cues import NOUNS, QUOTED
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: Verbs of saying, and those under which what is said is denied, as lemmas.
SPEECH, REJECTING = listed("speech"), listed("rejecting")
_GERUND = letters("gerund")


@dataclass(slots=True)
class Saying:
    """An attribution as ranges of tokens; ``rule`` is the row that found it, "" where none did."""

    cue: Range
    lemma: str
    source: Range | None = None
    content: list[Range] = field(default_factory=list)
    frame: str = ""
    negated: bool = False
    quoted: bool = False
    parent: int = -1
    rule: str = ""

    def leads_past(self, token: int) -> bool:
        """Whether a token stands between the cue and what is said: "said in a [statement]: ..."."""
        return bool(self.content) and self.cue[1] < token < self.content[0][0]


def says_something(tokens: Tokens, item: Saying) -> bool:
    """Whether an attitude has more for a content than what it is about: "praised the crew" says nothing, "praised the crew
    for saving the boat" and "praised the 'brave' crew" do."""
    if item.lemma not in QUOTED or not item.content or item.frame[:1] not in "nP":
        return True
    if item.frame[0] == "P" and tokens.kinds[item.content[0][0]] == _GERUND:
        return True
    around = tokens.quotation(item.cue[0])
    return any(quote != around for first, last in item.content for quote in tokens.quotes_in(first, last))


def word_is_noun(word: str) -> bool:
    """Whether a form of a verb is that of a noun for what is said as well: "claims", "plans"."""
    return word in NOUNS and word.endswith("s")
