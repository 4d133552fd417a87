"""Blank texts: what shows nothing where it is printed, which is more than white space.

Conventions: blank are white space, control characters, and those of no width or with an empty picture (zero width space,
soft hyphen, Hangul filler, Braille blank, marks of direction). A text of nothing else is no article.
Source: Unicode 15, General_Category Z and Cc, Default_Ignorable_Code_Point.
"""

import re

_SEEN = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def is_blank(text: str) -> bool:
    """Whether a text shows nothing."""
    return _SEEN.search(text) is None
