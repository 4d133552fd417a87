"""Lines that stand around an article: bylines, dates, keys with values, credits, notices, rows of links.

Conventions: each function takes the words of one line or paragraph, without markup, white space as single spaces.
A Note says what kind of block the line is and what it tells about the article; None means: not such a line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from allegedly.builders.text import dates

LONGEST, LONGEST_NOTICE = 200, 3000


def _words(names: str) -> frozenset[str]:
    """The words of a list with commas between."""
    return frozenset(" ".join(name.split()) for name in names.split(","))


@dataclass(frozen=True, slots=True)
class Note:
    """A line that is no text of the article: its kind of block, and what it tells, by field."""

    kind: str
    tells: dict[str, Any] = field(default_factory=dict)
    #: Length of the key in front of a value that is a block of its own (``Title:``).
    key: int = 0


_AUTHOR, _DATE = "authors", "published"
KEYS = {
    **dict.fromkeys(
        ("author", "authors", "by", "byline", "writer", "writers", "interview", "text", "words", "story"), _AUTHOR
    ),
    **dict.fromkeys(("written by", "posted by", "reporter", "reporters", "from", "creator", "contributor"), _AUTHOR),
    **dict.fromkeys(
        ("date", "published", "publication date", "pubdate", "posted", "publish date", "date published"), _DATE
    ),
    **dict.fromkeys(("published on", "first published", "posted on", "issued", "datetime", "published at"), _DATE),
    **dict.fromkeys(("updated", "last updated", "modified", "last modified", "date modified"), "updated"),
    **dict.fromkeys(
        ("source", "outlet", "publication", "newspaper", "publisher", "site", "website", "agency"), "outlet"
    ),
    **dict.fromkeys(("site name", "journal", "magazine", "media", "paper"), "outlet"),
    **dict.fromkeys(
        ("original source", "originally published in", "originally published by", "first published in"), "original"
    ),
    **dict.fromkeys(("original outlet", "originally published", "first published by", "cross-posted from"), "original"),
    **dict.fromkeys(("region", "regions", "country", "countries"), "regions"),
    **dict.fromkeys(
        ("theme", "themes", "topic", "topics", "tag", "tags", "keywords", "keyword", "filed under"), "themes"
    ),
    **dict.fromkeys(("subjects", "labels"), "themes"),
    **dict.fromkeys(("in-depth report", "in-depth reports", "series", "dossier", "special report"), "series"),
    **dict.fromkeys(("section", "category", "categories", "desk", "department", "rubric"), "section"),
    **dict.fromkeys(("url", "link", "permalink", "web address", "canonical", "canonical url", "source url"), "url"),
    **dict.fromkeys(("title", "headline", "subject", "head"), "title"),
    **dict.fromkeys(
        ("subtitle", "subheadline", "sub-headline", "standfirst", "deck", "subhead", "strapline"), "subtitle"
    ),
    **dict.fromkeys(("language", "lang"), "language"),
    **dict.fromkeys(("licence", "license", "copyright", "rights"), "licence"),
    **dict.fromkeys(("location", "place", "dateline", "city"), "place"),
    **dict.fromkeys(("id", "article id", "guid", "identifier"), "source_id"),
}
_KINDS = {
    "authors": "byline",
    "published": "dateline",
    "updated": "dateline",
    "place": "dateline",
    "outlet": "boilerplate",
}
_KEY = re.compile(r"([A-Za-z][A-Za-z -]{0,30}?)\s*:\s+(?=\S)")
_SMALL = r"(?:de|da|do|dos|das|del|della|der|den|di|du|la|le|van|von|zu|al|el|bin|ibn|ben|y|of|ter|ten|af|av)"
_NAME_WORD = r"(?:[^\W\d_a-z][\w.’'-]*|[A-Z]\.)"
_NAME = re.compile(rf"{_NAME_WORD}(?:\s+(?:{_NAME_WORD}|{_SMALL}(?=\s))){{0,5}}(?:,?\s+(?:Jr|Sr)\.?)?")
_BY = re.compile(
    r"(?:(?:written|posted|words|text|story|reported|report|reporting|analysis|opinion|comment|review|interview|"
    r"article|edited|exclusive|commentary|essay|column)\s+)?by\s*:?\s+",
    re.I,
)
_BY_ELSEWHERE = re.compile(r"(?:Von|Par|Por|Di|Door|Av|Af)\s+(?=[A-ZÀ-Ý][\w.’'-]+(?:\s+[\w.’'-]+){1,3}$)")
_AND = re.compile(r"\s+(?:and|&|und|et|y)\s+|\s*[;&]\s*|\s*,\s*(?:and\s+)?", re.I)
_CUT = re.compile(r"\s*[|•·]\s*|\s+[–—-]{1,2}\s+|\s*,\s+|\s+(?:on|in|for)\s+|\s*\(|\s*\)\s*|\s*/\s*")
_SEPARATOR = re.compile(r"\s*[|•·]\s*|\s+[–—-]{1,2}\s+|\s*,\s+|\s+on\s+|\s*\(")
_OUTLET = re.compile(
    r"\b(?:Times|News|Post|Herald|Gazette|Observer|Echo|Press|Agency|Review|Journal|Tribune|Courier|Chronicle|Mirror|"
    r"Guardian|Telegraph|Daily|Weekly|Monthly|Wire|Newswire|Magazine|Cent(?:er|re)|Institute|Network|Radio|"
    r"Reports?|BBC|CNN|"
    r"Reuters|AFP|Bulletin|Star|Standard|Globe|Letter|Record|Register|Dispatch|Express|Argus|Mail|Today|"
    r"Online|Foundation|"
    r"Sentinel|Examiner|Inquirer|Independent|Monitor|Messenger|Advertiser|Argosy|Commentary|Lantern|Voice|Sun|World|"
    r"Research|Media|Broadcasting|Television|TV|Channel|Blog|Digest|Quarterly|Politics|Sport|Associated|Bloomberg|"
    r"Correspondent|Staff|Desk|Editorial|University|Society|Group|Council|Office|Service|Services|Zeitung|Anzeiger|"
    r"Le|La|El|Die|Der|Das)\b|\.(?:com|org|net|co|info|eu|uk|de)\b|^The\s|^[A-Z]{2,6}$"
)
_JOB = re.compile(
    r"\b(?:correspondent|editor|reporter|writer|columnist|journalist|staff|bureau|chief|producer|contributor|analyst|"
    r"professor|director|fellow|author|photographer|critic|contributing|special to)\b",
    re.I,
)
_CITIES = _words(
    """
    amsterdam, athens, baghdad, bangkok, beijing, beirut, belfast, berlin, bonn, boston, brussels, bucharest,
    budapest, cairo, chicago, copenhagen, damascus, delhi, dublin, edinburgh, frankfurt, geneva, hamburg, helsinki,
    hong kong, istanbul, jerusalem, johannesburg, kabul, kyiv, kiev, lagos, lisbon, london, los angeles, madrid,
    manchester, manila, melbourne, mexico city, miami, milan, moscow, mumbai, munich, nairobi, new delhi, new york,
    oslo, paris, prague, rome, san francisco, santiago, sarajevo, seoul, shanghai, singapore, sofia, stockholm,
    sydney, tehran, tel aviv, tokyo, toronto, vienna, warsaw, washington, wellington, zurich
    """
)
_GIVEN = _words(
    """
    Adam, Alan, Alex, Alexander, Alice, Amanda, Amy, Andrea, Andrew, Angela, Ann, Anna, Anne, Anthony, Barbara, Ben,
    Benjamin, Brian, Caroline, Catherine, Charles, Charlotte, Chris, Christine, Christopher, Claire, Daniel, David,
    Deborah, Dennis, Diana, Donald, Edward, Elena, Elizabeth, Emily, Emma, Eric, Eva, Fiona, Frank, Gary, George,
    Graham, Hannah, Harry, Heather, Helen, Henry, Ian, Jack, Jacob, James, Jane, Jason, Jennifer, Jessica, Joanna,
    Joe, Johanna, John, Jonathan, Joseph, Julia, Julie, Karen, Kate, Katherine, Keith, Kelly, Kevin, Laura, Lauren,
    Linda, Lisa, Louise, Lucy, Luke, Margaret, Maria, Marie, Mark, Martin, Mary, Matthew, Megan, Michael, Michelle,
    Mike, Nancy, Natalie, Nicholas, Nick, Nicole, Nina, Nora, Olivia, Oliver, Patricia, Patrick, Paul, Peter,
    Philip, Rachel, Rebecca, Richard, Robert, Robin, Roger, Rose, Ruth, Sam, Samantha, Samuel, Sandra, Sara, Sarah,
    Scott, Sean, Sharon, Simon, Sophie, Stephen, Steve, Steven, Susan, Thomas, Tim, Timothy, Tom, Tony, Victoria,
    Walter, William
    """
)
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"


def key_value(words: str) -> Note | None:
    """``Author: ...``, ``Region: ...``: a key that is known, and its value."""
    found = _KEY.match(words)
    name = KEYS.get(found[1].lower()) if found and len(words) <= 400 else None
    if not found or not name:
        return None
    value = words[found.end() :]
    if name in (_DATE, "updated"):
        iso = dates.read(value)
        return Note("dateline", {name: iso} if iso else {}) if iso or len(value) < 60 else None
    if name == "authors":
        return _authors_note(value) if len(value) <= LONGEST and not re.search(r"[.!?]\s", value + " ") else None
    if name in ("title", "subtitle"):
        return Note(name, {name: value}, key=found.end()) if len(value) <= 300 else None
    if name in ("outlet", "original") and len(value) > 80:
        return None
    if name in ("themes", "regions"):
        return Note("boilerplate", {name: listed(value)})
    return Note(_KINDS.get(name, "boilerplate"), {name: value})


def listed(value: str) -> tuple[str, ...]:
    """Items with commas, semicolons or bars between."""
    items = (item.strip(" .#[]\"'") for item in re.split(r"\s*[,;|•·]\s*", value))
    return tuple(dict.fromkeys(item for item in items if item))


def byline(words: str) -> Note | None:
    """``By Jane Doe and John Roe, Harbour Post, 5 May 2020``."""
    found = _BY.match(words) or _BY_ELSEWHERE.match(words)
    return _authors_note(words[found.end() :], strict=True) if found and len(words) <= LONGEST else None


def _authors_note(value: str, strict: bool = False) -> Note | None:
    tells: dict[str, Any] = {}
    rest, iso, updated = dated(value)
    if iso:
        tells["updated" if updated else _DATE] = iso
    names, outlet = people(rest)
    if (not names and not outlet) or (strict and not _whole(rest, names, outlet)):
        return None
    tells["authors"] = names
    if outlet:
        tells["outlet"] = outlet
    return Note("byline", tells)


_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr)\.")
_GOES_ON = re.compile(r"[.!?]\s+[A-Z]?[a-z]")
_LETTERS = re.compile(r"[^\W\d_]+")
_PARTICLE = re.compile(_SMALL)
_LINKING = frozenset(("and", "in", "at", "for", "the", "with", "und", "et"))


def _whole(rest: str, names: tuple[str, ...], outlet: str | None) -> bool:
    """Whether a byline holds hardly more than names: ``By Monday, the talks had failed`` does not."""
    if _GOES_ON.search(_ABBREVIATION.sub("", rest)):
        return False
    lower = [word for word in _LETTERS.findall(rest) if word.islower() and not _PARTICLE.fullmatch(word)]
    unknown = [word for word in lower if word not in _LINKING and not _JOB.fullmatch(word)]
    several = any(" " in name for name in names)
    return (several or bool(outlet) or " " not in rest) and len(unknown) <= (2 if unknown and _JOB.search(rest) else 0)


_ADDRESS = re.compile(r"\s*\(?\s*\S+@\S+\s*\)?|\s*@\w+|https?://\S+")
_GROUP = re.compile(r"\s*[|•·/]\s*|\s+[–—-]{1,2}\s+|\s+(?:for|of)\s+(?=[Tt]he\b)|\s+for\s+(?=[A-Z])|\s*\(|\)")
_BEFORE_NAME = re.compile(r"(?:by|and|with)\s+", re.I)
_AFTER_NAME = re.compile(r"\s+(?:in|at|from)\s+[A-Z].*$")


def people(value: str) -> tuple[tuple[str, ...], str | None]:
    """The names in a byline, and the outlet that may follow them."""
    if "@" in value or "://" in value:
        value = _ADDRESS.sub("", value)
    value = value.strip(" .,;|*-–—")
    names: list[str] = []
    outlet = None
    for at, group in enumerate(filter(None, _GROUP.split(value))):
        for piece in filter(None, _AND.split(group)):
            if found := _BEFORE_NAME.match(piece):
                piece = piece[found.end() :]
            piece = _AFTER_NAME.sub("", piece).strip(" .,")
            if not piece or _JOB.search(piece):
                continue
            if _OUTLET.search(piece) and (
                names or at or len(piece.split()) > 1 or piece.isupper() or piece in ("Reuters",)
            ):
                outlet = outlet or re.sub(r"^the(?= )", "The", piece)
            elif _NAME.fullmatch(piece) and len(piece.split()) <= 6 and not at:
                names.append(titled(piece))
            elif at and not outlet and _NAME.fullmatch(piece):
                outlet = piece
    return tuple(dict.fromkeys(names)), outlet


def titled(name: str) -> str:
    """A name in capitals as it is written elsewhere."""
    return name.title() if name.isupper() and len(name.split()) > 1 else name


_YEAR = re.compile(r"\d{4}")


def dated(words: str) -> tuple[str, str | None, bool]:
    """A line without the date in it, the date, and whether it is that of an update. The date stands at an end."""
    if len(words) > LONGEST or not _YEAR.search(words):
        return words, None, False
    cuts = [(found.start(), found.end()) for found in _SEPARATOR.finditer(words)]
    for start, end in [(0, 0), *cuts][:12]:
        if iso := dates.read(words[end:].rstrip(")")):
            return words[:start], iso, _updated(words[end:])
    for start, end in reversed(cuts[:12]):
        if iso := dates.read(words[:start]):
            return words[end:], iso, _updated(words[:start])
    # a word such as "Published" may stand before the date without a mark between
    found = re.search(r"\b(?:published|posted|updated|last updated)\b", words, re.I)
    if found and (iso := dates.read(words[found.start() :])):
        return words[: found.start()], iso, _updated(words[found.start() :])
    return words, None, False


def _updated(words: str) -> bool:
    return bool(re.match(r"\W*(?:last\s+)?(?:updated|modified|update)", words, re.I))


def date_line(words: str) -> Note | None:
    """A date, alone or with an outlet or a place: ``Global Courier, May 27, 2017``. ``with``: what stands with it."""
    rest, iso, updated = dated(words)
    if not iso:
        return None
    tells: dict[str, Any] = {"updated" if updated else _DATE: iso}
    rest = rest.strip(" ,;|•·–—-()")
    # two dates: published and updated
    more, other, also = dated(rest)
    if other and more.strip(" ,;|•·–—-") == "":
        tells["updated" if also else _DATE] = other
        rest = ""
    if not rest:
        return Note("dateline", tells)
    if note := byline(rest):
        return Note("byline", {**note.tells, **tells})
    if len(rest.split()) > 10 or re.search(r"[.!?]$|[a-z]\. ", rest):
        return None
    named = re.findall(r"[^\W\d_]+", rest)
    if not named or sum(word.islower() for word in named) > len(named) / 2:
        return None
    tells["with"] = re.sub(r"^(?:in|from)\s+", "", rest)
    return Note("dateline", tells)


def is_place(name: str) -> bool:
    return name.split(",")[0].strip().lower() in _CITIES


def is_outlet(name: str) -> bool:
    return bool(_OUTLET.search(name))


def is_person(name: str) -> bool:
    """Whether a name begins with a given name that is common in English-language bylines."""
    return name.split()[0].capitalize() in _GIVEN


def parts(line: str) -> list[str]:
    """What bars and dots part."""
    return [part.strip() for part in re.split(r"[|•·]", line) if part.strip()]


def is_name(words: str) -> bool:
    """Whether a line may be nothing but the name of a person or an outlet."""
    return 2 <= len(words.split()) <= 6 and len(words) <= 60 and bool(_NAME.fullmatch(words))


DATELINE = re.compile(
    rf"(?P<place>[^\W\d_a-z][^\W\d_a-z]+(?:[ "
    rf".'’-]+[^\W\d_a-z]+){{0,4}}\.?(?:\s*[,/]\s*[^\W\d_a-z][\w.]+(?:\s[^\W\d_a-z][\w.]+){{0,3}}){{0,3}}|"
    rf"(?P<mixed>[^\W\d_a-z][\w.'’-]+(?:\s[^\W\d_a-z][\w.'’-]+){{0,3}}(?:,\s[^\W\d_a-z][\w.]+(?:\s[^\W\d_a-z]\w+){{0,2}}){{0,2}})(?=,?\s+(?:{_MONTHS}\s\d|\d{{1,2}}\s{_MONTHS}|\())|(?=\())"
    rf"(?P<date>,?\s*(?:{_MONTHS}\s+\d{{1,2}}(?:,?\s+\d{{4}})?|\d{{1,2}}\s+{_MONTHS}(?:,?\s+\d{{4}})?))?"
    r"\s*(?:\((?P<agency>[^()]{2,60})\)|/(?P<slashed>[A-Z][\w ]{1,30})/)?\s*(?:[–—-]{1,2}|_|:(?=\s))\s*(?=[\"“'‘(\w])"
)


def dateline(words: str) -> tuple[int, dict[str, Any]] | None:
    """The dateline that begins a paragraph: where it ends, and what it tells (place, outlet, published)."""
    found = DATELINE.match(words)
    if not found or found.end() > 150:
        return None
    place, agency = found["place"], found["agency"] or found["slashed"]
    dash = words[found.start() : found.end()].rstrip()[-1:]
    if dash == ":" and not agency:
        return None
    if not agency and not found["date"]:
        # without an agency or a date only capitals tell: "NATO - which ..." is none
        if not place or words[found.end()].islower() or not re.search(r"\s[–—-]{1,2}\s*$", words[: found.end()]):
            return None
        if len(re.sub(r"\W", "", place)) < 4:
            return None
    tells: dict[str, Any] = {"place": place.strip(" ,") if place else None}
    if agency:
        tells["agency"] = agency
    if iso := dates.read((found["date"] or "").strip(" ,")):
        tells["published"] = iso
    return found.end(), tells


TIME = re.compile(
    r"\[?\(?\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?(?:\s?(?:GMT|BST|ET|EST|EDT|PT|PST|CET|CEST|UTC|AEST|IST))?\]?\)?"
    r"(?:\s*(?:[–—-]|:|\|)\s+|\s*\n\s*|\s*$)",
    re.I,
)

_KICKERS = _words(
    """
    opinion, analysis, comment, commentary, editorial, exclusive, breaking, breaking news, live, feature, interview,
    explainer, news, review, obituary, letters, letter to the editor, column, profile, fact check, science, sport,
    sports, business, politics, world
    """
)


def kicker(words: str) -> Note | None:
    """A word over the title that says what sort of article it is."""
    word = words.strip(" :*|").lower()
    return Note("boilerplate", {"section": words.strip(" :*|")}) if word in _KICKERS else None


#: What tells a line that is no text of the article, anywhere in it.
_ANYWHERE: tuple[tuple[str, re.Pattern], ...] = (
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


def notice(words: str) -> Note | None:
    """A line that is no text of the article wherever it stands: credit, copyright, link row, disclaimer."""
    if len(words) > LONGEST_NOTICE:
        return None
    for kind, form in _ANYWHERE:
        if form.match(words):
            if kind == "boilerplate" and _is_caption(words):
                return Note("caption")
            return Note(kind, _notice_tells(words))
    if len(words) < LONGEST and _EMAIL.match(words):
        return Note("boilerplate")
    items = [item.strip() for item in re.split(r"[|•·/]", words) if item.strip()] if len(words) < LONGEST else []
    if len(items) > 1 and all(_SOCIAL.fullmatch(item) for item in items):
        return Note("boilerplate")
    return None


_CAPTION = re.compile(
    r"(?:photo|image|picture|caption|photograph|pictured|video|illustration|graphic)s?\s*:\s+(?P<words>.+)", re.I
)


def _is_caption(words: str) -> bool:
    """A description rather than a credit: a sentence of some length."""
    found = _CAPTION.match(words)
    return bool(
        found and len(found["words"].split()) >= 8 and re.search(r"[.!?]['\"”’)]*(?:\s*\([^)]*\))?$", found["words"])
    )


def _notice_tells(words: str) -> dict[str, Any]:
    tells: dict[str, Any] = {}
    if found := _ORIGINAL.match(words):
        value = next(filter(None, found.groups()))
        tells["original"] = original_outlet(value)
    if _LICENCE.search(words) and len(words) <= 400:
        tells["licence"] = words
    return tells


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
def _about(authors: tuple[str, ...], short: bool) -> re.Pattern:
    """What a paragraph about one of the authors begins with; a short one may call them by the last name."""
    forms = {form for name in authors for form in (name, *(name.split()[-1:] if short else ())) if len(form) > 2}
    named = "|".join(map(re.escape, sorted(forms))) or "(?!)"
    return re.compile(rf"(?:(?:Dr|Mr|Mrs|Ms|Prof|Professor|Sir|Dame)\.?\s+)?(?:{named}){_AUTHOR_VERB}", re.I)


def biography(words: str) -> bool:
    """Whether a paragraph set apart at the end is about a person: ``Jane Doe is a writer in Oslo.``"""
    return len(words) < 500 and bool(
        re.match(_NAME.pattern + _AUTHOR_VERB + r"\s+(?:an?|the|[\w-]+ing|on|for|at)\b", words)
    )


READERS: tuple[Callable[[str], Note | None], ...] = (key_value, byline, notice, date_line)


def note(words: str) -> Note | None:
    """What a line around the article tells; None for text of the article."""
    words = " ".join(words.split())
    if not words or len(words) > LONGEST_NOTICE:
        return None
    for read in READERS:
        if found := read(words):
            return found
    return None
