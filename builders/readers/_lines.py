"""Lines that stand around an article: bylines, dates, keys with values, credits, notices, rows of links.

Conventions: each function takes the words of one line or paragraph, without markup, white space as single spaces.
A Note says what kind of block the line is and what it tells about the article; None means: not such a line.
"""

from collections.abc import Callable

from allegedly.builders.readers._line_bylines import byline
from allegedly.builders.readers._line_datelines import date_line
from allegedly.builders.readers._line_keys import key_value
from allegedly.builders.readers._line_notices import LONGEST_NOTICE, notice
from allegedly.builders.readers._line_people import listing
from allegedly.builders.readers._note import Note

_KICKERS = listing(
    """
    opinion, analysis, comment, commentary, editorial, exclusive, breaking, breaking news, live, feature, interview,
    explainer, news, review, obituary, letters, letter to the editor, column, profile, fact check, science, sport,
    sports, business, politics, world
    """
)
READERS: tuple[Callable[[str], Note | None], ...] = (key_value, byline, notice, date_line)


def kicker(words: str) -> Note | None:
    """A word over the title that says what sort of article it is."""
    word = words.strip(" :*|").lower()
    return Note("boilerplate", {"section": words.strip(" :*|")}) if word in _KICKERS else None


def note(words: str) -> Note | None:
    """What a line around the article tells; None for text of the article."""
    words = " ".join(words.split())
    if not words or len(words) > LONGEST_NOTICE:
        return None
    for read in READERS:
        if line := read(words):
            return line
    return None
