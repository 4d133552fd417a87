"""Notices: lines that are no text of an article wherever they stand: credits, copyright, rows of links, disclaimers,
and notes about its authors at its end.

Conventions: words are those of one line or paragraph, without markup, white space as single spaces.
"""

import re
from functools import lru_cache
from typing import Any

from allegedly.builders.readers._furniture import ENDINGS
from allegedly.builders.readers._line_dates import LONGEST, dated
from allegedly.builders.readers._line_people import NAME
from allegedly.builders.readers._line_phrases import PHRASES
from allegedly.builders.readers._note import Note
from allegedly.builders.readers._phrases import matcher

#: A paragraph that is longer is no notice.
LONGEST_NOTICE = 3000
#: What tells a line that is no text of the article, anywhere in it.
_ANYWHERE = tuple((kind, matcher((*PHRASES, *ENDINGS), kind)) for kind in ("disclaimer", "boilerplate"))
_LICENCE = re.compile(
    r"copyright|©|\(c\)\s|all rights reserved|licen[sc]ed? |creative commons|\bcc[ -]by\b|\bcc0\b|public domain", re.I
)
_ORIGINAL = re.compile(
    r"(?:the )?original source of this (?:article|piece|story|text|post) (?:is|was)\s+(?P<is>.+)|"
    r"(?:this (?:article|piece|story|text|post|essay|column) )?(?:was |is |has been )?(?:first |"
    r"originally |previously )+"
    r"(?:published|appeared|posted)\s+(?:in|on|by|at|with)\s+(?P<in>.+)|"
    r"(?:this (?:article|piece|story|text|post) (?:is|was|has been) )?(?:cross-?posted|republished|"
    r"reprinted|reposted|syndicated)\s+"
    r"(?:with (?:the )?(?:kind )?permission\s+)?(?:from|of|by|courtesy of)\s+(?P<from>.+)",
    re.I,
)
_AUTHOR_NOTE = re.compile(
    r"(?:the (?:author|writer|columnist)s? (?:(?:is|are|was|were) (?:an?|the|based|currently|editor|professor|director|"
    r"founder|head|member|not|co-)\b|works?|lives?|teach|writes?|blogs?|tweets?|can be|has (?:written|worked)|have)|"
    r"about the authors?\b\W|(?-i:[A-Z])[^.!?]{0,120}\b(?:contributed|provided)(?: (?:additional )?reporting|(?: reporting)? to "
    r"(?:this|the) (?:report|article|story|piece))\b[^.!?]{0,40}\W*$|(?:additional reporting|contributed reporting)\b.{0,60}$)",
    re.I,
)
_AUTHOR_VERB = (
    r"(?:,[^,.]{0,80},|\s\([^)]{0,40}\))?\s+(?:is|was|are|were|writes|wrote|works|worked|teaches|covers|"
    r"has|reports|reported|lives|edits|can be|"
    r"serves|studies|holds|blogs|tweets|hosts|runs|leads|specializes|specialises|focuses|grew up)\b"
)
_EMAIL = re.compile(r"^\W*(?:[\w ]{0,40}[:–—-]\s*)?\S+@\S+\.\w+\W*$|^\W*(?:https?://|www\.)\S+\W*$")
_SOCIAL = re.compile(
    r"(?:facebook|twitter|x|e-?mail|print|whatsapp|linkedin|reddit|pinterest|share|tweet|instagram|"
    r"telegram|copy link|rss|"
    r"home|contact|about|about us|privacy|privacy policy|terms|terms of use|log ?in|sign in|subscribe|"
    r"comments?|save|youtube)",
    re.I,
)
_CAPTION = re.compile(
    r"(?:photo|image|picture|caption|photograph|pictured|video|illustration|graphic)s?\s*:\s+(?P<words>.+)", re.I
)


def notice(words: str) -> Note | None:
    """A line that is no text of the article wherever it stands: credit, copyright, link row, disclaimer."""
    if len(words) > LONGEST_NOTICE:
        return None
    for kind, form in _ANYWHERE:
        if form.match(words):
            if kind == "boilerplate" and _is_caption(words):
                return Note("caption")
            return Note(kind, tells(words))
    if len(words) < LONGEST and _EMAIL.match(words):
        return Note("boilerplate")
    items = [item.strip() for item in re.split(r"[|•·/]", words) if item.strip()] if len(words) < LONGEST else []
    if len(items) > 1 and all(_SOCIAL.fullmatch(item) for item in items):
        return Note("boilerplate")
    return None


def _is_caption(words: str) -> bool:
    """A description rather than a credit: a sentence of some length."""
    caption = _CAPTION.match(words)
    return bool(
        caption
        and len(caption["words"].split()) >= 8
        and re.search(r"[.!?]['\"”’)]*(?:\s*\([^)]*\))?$", caption["words"])
    )


def tells(words: str) -> dict[str, Any]:
    """What a notice tells: the outlet of the first publication, a licence."""
    fields: dict[str, Any] = {}
    if original := _ORIGINAL.match(words):
        value = next(filter(None, original.groups()))
        fields["original"] = original_outlet(value)
    if _LICENCE.search(words) and len(words) <= 400:
        fields["licence"] = words
    return fields


def original_outlet(value: str) -> str:
    """The outlet in what follows "first published in": up to a date, a full stop, or an address."""
    value = re.split(
        r"\s+(?:on|in|under|with|at|and)\s+(?=[\da-z]|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))|"
        r"\.\s|\s*\(|[,;]\s|\.$",
        value,
    )[0]
    rest, _, _ = dated(value)
    return rest.strip(" .,;:*_\"'“”")


def author_note(words: str, authors: tuple[str, ...]) -> bool:
    """Whether a paragraph at the end tells who wrote the article."""
    if len(words) > 900:
        return False
    return bool(_AUTHOR_NOTE.match(words) or _about(authors, len(words) < 300).match(words))


@lru_cache(maxsize=16)
def _about(authors: tuple[str, ...], short: bool) -> re.Pattern[str]:
    """What a paragraph about one of the authors begins with; a short one may call them by the last name."""
    forms = {form for name in authors for form in (name, *(name.split()[-1:] if short else ())) if len(form) > 2}
    named = "|".join(map(re.escape, sorted(forms))) or "(?!)"
    return re.compile(rf"(?:(?:Dr|Mr|Mrs|Ms|Prof|Professor|Sir|Dame)\.?\s+)?(?:{named}){_AUTHOR_VERB}", re.I)


def biography(words: str) -> bool:
    """Whether a paragraph set apart at the end is about a person: ``Jane Doe is a writer in Oslo.``"""
    return len(words) < 500 and bool(
        re.match(NAME.pattern + _AUTHOR_VERB + r"\s+(?:an?|the|[\w-]+ing|on|for|at)\b", words)
    )
