"""The comments of readers on a web page: they are no text of the article, and their dates are not its date.

Conventions: comments are what lies in elements that are called so, and what follows a heading that says so, up to the next
heading of its level or above. They are taken away only behind running text, and never with the page's title or
its article.
"""

import re

from lxml import etree

_WORDS = r"(?:comments?|(?:leser(?:innen)?)?kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties|komentarze)"
_HEADING = re.compile(
    rf"(?:(?:all|show|view|alle|tous les|reader'?s?'?|readers|user|latest|top)\s+)?(?:\d+\s+)?{_WORDS}"
    r"(?:\s+(?:from|by|of|der|von|des)\s+(?:our\s+)?(?:readers|users|leser(?:n|innen)?|lecteurs))?"
    r"\s*(?:\(\s*\d+\s*\)|\d+)?\s*:?|\d+\s+(?:responses?|replies|thoughts)\s+(?:to|on)\s.{1,150}",
    re.I,
)
#: A line in bold that says so may be one of the story.
_READERS = re.compile(r"(?:what\s+)?(?:our\s+)?readers?\s+(?:say|said|write|comment)s?\s*:?", re.I)
#: What short lines about comments say; more text under a heading than above it is taken for comments where it has that.
_SIGN = re.compile(
    r"\b(?:reply|replies|antworten|répondre|responder|rispondi|log ?in|sign in|anmelden|leave a|says|wrote|schrieb|schreibt|"
    r"a écrit|dice|ago|\d{1,2}:\d\d)\b",
    re.I,
)
#: A heading of one word in the singular is a kind of article: ``Comment``, ``Kommentar``.
_SINGULAR = re.compile(r"comment|kommentar|commentaire|comentario|comentário", re.I)
_NAMED = re.compile(r"(?:(?!no-|no_|has|with)[a-z]+[_-])?(?:comments|kommentare)(?:[_-]?(?:list|area|section|wrapper|container))?|"
                    r"comment-?list|disqus_thread", re.I)  # fmt: skip
_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "p")
_MARKED = ("div", "section", "ol", "ul", "aside")
_STORY_BEFORE = etree.XPath("boolean(preceding::p[string-length(normalize-space(.)) > 40])")
_BEFORE = etree.XPath("preceding::p//text()")
_HOLDS_STORY = etree.XPath(
    "boolean(descendant-or-self::*[self::h1 or self::article[not(ancestor::*[self::li])] or self::main])"
)
#: A heading is no longer, in letters.
_LONGEST = 200
#: A line about a comment, its writer or day or a button, is shorter.
_SHORT = 60


def take_away(root: etree._Element) -> None:
    """Takes the comments out of a page."""
    body = root.find("body")
    if body is None:
        return
    for heading in list(body.iter(*_HEADINGS)):
        if (heading.tag != "p" or _bold(heading)) and _is_heading(heading) and _STORY_BEFORE(heading):
            below = _below(heading)
            if _are_comments(heading, below):
                _drop([heading, *below])
    for element in list(body.iter(*_MARKED)):
        if _is_named(element) and _STORY_BEFORE(element):
            _drop([element])


def _bold(paragraph: etree._Element) -> bool:
    return any(child.tag in ("b", "strong") for child in paragraph)


def _is_named(element: etree._Element) -> bool:
    """Whether an element is called so. Few names have the letters, which are soon looked for."""
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return ("omment" in names or "disqus_" in names) and any(map(_NAMED.fullmatch, names.split()))


def _is_heading(element: etree._Element) -> bool:
    words = " ".join("".join(element.itertext()).split())
    if len(words) >= _LONGEST or _SINGULAR.fullmatch(words):
        return False
    return bool(_HEADING.fullmatch(words) or (element.tag != "p" and _READERS.fullmatch(words)))


def _are_comments(heading: etree._Element, below: list[etree._Element]) -> bool:
    """Whether what stands under a heading is no story that begins there: a line over it may count its comments."""
    lines = [" ".join(text.split()) for element in below for text in element.itertext()]
    signed = any(len(line) < _SHORT and _SIGN.search(line) for line in lines)
    return signed or sum(map(len, lines)) <= 2 * sum(map(len, _BEFORE(heading)))


def _below(heading: etree._Element) -> list[etree._Element]:
    """What stands under a heading; of one that fills an element alone, what follows that element."""
    level, holder = _level(heading), heading
    while holder.getnext() is None and not (holder.tail or "").strip():
        above = holder.getparent()
        if above is None or above.tag in ("body", "article", "main") or len("".join(above.itertext())) > _LONGEST:
            break
        holder = above
    below = []
    for element in holder.itersiblings():
        if _level(element) <= level and not _is_heading(element):
            break
        below.append(element)
    return below


def _level(element: etree._Element) -> int:
    """The level of a heading: 7 for a line in bold that is one, 8 for what is none."""
    if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return int(element.tag[1])
    return 7 if element.tag == "p" and _is_heading(element) else 8


def _drop(elements: list[etree._Element]) -> None:
    """Takes elements out, unless they hold the story."""
    elements = [element for element in elements if element.getparent() is not None]
    if any(map(_HOLDS_STORY, elements)):
        return
    for number, element in enumerate(elements, 1):
        if number < len(elements):
            element.tail = None  # words between comments are of these
        element.drop_tree()
