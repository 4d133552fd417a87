"""Notices: lines that are no text of an article wherever they stand: credits, copyright, rows of links, disclaimers,
and notes about its authors at its end.

Conventions: words are those of one line or paragraph, without markup, white space as single spaces.
"""

import re
from functools import lru_cache
from typing import Any

from allegedly.builders.readers._line_dates import LONGEST, dated
from allegedly.builders.readers._line_people import NAME
from allegedly.builders.readers._note import Note

#: A paragraph that is longer is no notice.
LONGEST_NOTICE = 3000
#: What tells a line that is no text of the article, anywhere in it.
_ANYWHERE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "disclaimer",
        re.compile(
            r"(?:disclaimer|legal notice)\s*:|(?:the|all|any) (?:views?|opinions?|thoughts|statements|"
            r"contents?)(?:,? [\w,’']+){0,6}"
            r" (?:expressed|of this article|in this article)\b.{0,200}\b(?:own|author|not necessarily|"
            r"those of|solely|responsib|reflect)|"
            r"(?:this|the) (?:site|website) contains copyrighted material|\S+ contains copyrighted material|"
            r"this article (?:does not|is not intended to) (?:constitute|provide|necessarily)|"
            r"the content of this (?:article|page) (?:is|does)\b.{0,80}(?:advice|necessarily)",
            re.I,
        ),
    ),
    (
        "boilerplate",
        re.compile(
            r"(?:copyright\s*(?:©|\(c\)|\d{4}|:|notice|[A-Z].{0,60}\d{4}\W*$)|\(c\)\s+\S|©|all rights "
            r"reserved|\S+ \d{4} all rights reserved)|"
            r"(?:this (?:article|piece|story|work|text|post|essay|column) (?:is|was|has been|may "
            r"be)?\s*(?:first |originally |also )*"
            r"(?:published|appeared|posted|cross-?posted|syndicated|republished|reposted|licensed|licenced|"
            r"written for)\b)|"
            r"(?:the )?original source of this|(?:originally|first|previously) (?:published|appeared|posted)\b|"
            r"(?:cross-?posted|republished|reprinted|reposted|syndicated) (?:from|with|by|courtesy|under|on)\b|"
            r"(?:read|see|watch|hear|listen|find out|learn)\s+(?:more|also|next|further|now)\b\s*(?::|>|»|"
            r"→|\||about|on|at|from|here|$)|"
            r"(?:also read|related|related (?:stories|articles|coverage|content|news|links?)|more "
            r"(?:on this|from|stories|news)|"
            r"see also|recommended|most read|you may also like|don'?t miss|up next|in case you missed it)\s*(?::|$)|"
            r"(?:share (?:this|on|via)|follow us|follow @|like us|subscribe|sign up|join (?:our|us)|"
            r"click here|tap here|donate|"
            r"support (?:our|us)|become a (?:member|subscriber)|comment on|leave a comment|comments? "
            r"(?:are )?(?:closed|off)|"
            r"print this|e-?mail this|download (?:our|the) app|skip (?:to|ad)|story continues|article "
            r"continues|continue reading|"
            r"back to top|advertisements?\W*$|sponsored(?: content)?\W*$|get (?:our|the) (?:newsletter|"
            r"app)|newsletter|send (?:us )?(?:your )?(?:tips|feedback))"
            r"(?=.{0,160}$)(?!.{60,}[.]\s.{40,})|"
            r"(?:featured |main |cover |header |lead |top |banner )?(?:image|photo|photograph|picture|pic|"
            r"photography|illustration|"
            r"graphic|video|foto|bild|cover)s?\s*(?:credits?|source|courtesy|copyright|by)?\s*(?::|\||"
            r"(?<=by)\s|(?<=courtesy)\s|©|via\s)|"
            r"\(?(?:photo|image|picture|photograph)s?\s+(?:by|courtesy|credit|source|via)\b|credit\s*:|getty images|"
            r"articles? by\s*:|more articles by\b|posts? by\s*:|view all posts|about the authors?\s*:?$|"
            r"(?:for )?(?:media|press|general|all|reader|business|more|further)?\s*(?:inquiries|enquiries|"
            r"information|queries|contacts?)\b"
            r"[\w ,]{0,40}(?::|contact|please|visit|call|e-?mail)|"
            r"(?:media |press )?contacts?\s*:|e-?mail\s*:|tel(?:ephone)?\.?\s*:|phone\s*:|fax\s*:|"
            r"notes? (?:to|for) editors?\b|"
            r"(?:correction|corrections|clarification|editor['’]?s['’]? note|editors['’] note|"
            r"editorial note|amended|update)s?\s*(?::|\(|[–—-]\s)|"
            r"(?:this (?:article|story|piece|post|report) (?:was|has been|is) (?:amended|corrected|updated|"
            r"edited|changed|being updated))|"
            r"(?:an earlier version of this)|(?:last )?(?:updated|modified|reviewed)\s*(?::|on|at|\d)|"
            r"(?:licen[sc]ed? under|creative commons|cc[ -]by|cc0|public domain\b)|"
            r"(?:ends?|-\s?30\s?-|-{0,2}\s*ends?\s*-{0,2}|\(ends?\)|\(more\)|more to follow|\(ap\)|"
            r"\(reuters\)|\(afp\)|\*+|no comments yet)\W*$|"
            r"\d+ (?:min(?:ute)?s?(?: read)?|comments?|shares?|views?|likes?)(?: read)?\W*$|"
            r"\(?(?:additional )?(?:reporting|writing|editing|compiled|translated|translation) by [A-Z]",
            re.I,
        ),
    ),
)
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
    r"(?:the (?:author|writer|columnist)s?\b|about the authors?\b\W|.{0,80}\b(?:contributed|"
    r"additional reporting|contributed reporting)\b"
    r".{0,60}(?:report|article|story|piece|$))",
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
