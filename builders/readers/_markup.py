"""Markdown's marks in a text: which stretches are markup rather than words.

Conventions: ``inline`` looks at one paragraph, ``prefix`` at the beginning of one line; both give spans in the text's
offsets. Emphasis follows CommonMark's rules of flanking, except that a run of stars inside a word (``f***ing``) is
none. What has no partner is text.

Source: CommonMark 0.31, sections 4 to 6.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from allegedly.schemas.records import Span

_TARGET = (
    r"\((?:<[^<>\n]{0,2000}>|[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500}){0,4})"
    r"(?:\s+(?:\"[^\"]{0,500}\"|'[^']{0,500}'))?\s*\)"
)
_LINK = re.compile(rf"(!?\[)((?:[^\[\]\\]|\\.|\[[^\[\]]{{0,300}}\]){{0,1000}})(\]{_TARGET})", re.S)
_IMAGE_LINK = re.compile(rf"(\[!\[)([^\[\]]{{0,500}})(\]{_TARGET}\]{_TARGET})", re.S)
_URL = re.compile(r"\]\(\s*<?([^\s<>()]*(?:\([^()\s]*\)[^\s<>()]*)*)>?")
_TAG = re.compile(
    r"</?(?:a|b|i|u|em|strong|br|p|span|div|sup|sub|small|figure|figcaption|img|iframe|center|hr|mark|cite|blockquote|q|"
    r"h[1-6]|ul|ol|li|table|tr|td|th|tbody|thead|font|abbr|time|section|article|aside|details|summary|video|audio|script|"
    r"style|source|picture|s|del|ins|code|pre|kbd)\b[^<>]{0,1000}>|<!--[^<>]{0,1000}-->",
    re.I | re.S,
)
_AUTOLINK = re.compile(r"(<)(?:https?://|mailto:)[^<>\s]{1,1000}(>)")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`]{1,1000})\1(?!`)")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_RUN = re.compile(r"\*+|_+|~~")
_BULLET = re.compile(r"[-*+•·‣▪◦●]\s+(?=\S)")
_NUMBER = re.compile(r"\(?\d{1,3}[.)]\s+(?=\S)")
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_CLOSING = re.compile(r"(?<![ \t])[ \t]+#+[ \t]*$")
_QUOTE = re.compile(r"(?:>[ \t]?)+")
RULE = re.compile(
    r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:=[ \t]*){3,}|(?:~[ \t]*){3,}|(?:#[ \t]*){2,})"
)
UNDERLINE = re.compile(r"(?:={3,}|-{3,})[ \t]*")


def prefix(line: str) -> tuple[str, int, int] | None:
    """The mark that begins a line: its kind (heading, quote, bullet, number), start and end in the line."""
    indent = len(line) - len(line.lstrip(" \t"))
    for kind, form in (("quote", _QUOTE), ("heading", _HEADING), ("bullet", _BULLET), ("number", _NUMBER)):
        if mark := form.match(line, indent):
            return kind, indent, mark.end()
    return None


def closing(line: str) -> tuple[int, int] | None:
    """The ``##`` that may close a heading."""
    mark = _CLOSING.search(line)
    return (mark.start() + len(mark[0]) - len(mark[0].lstrip()), len(line.rstrip())) if mark else None


def inline(text: str, start: int, end: int) -> list[Span]:
    """Links, images, emphasis, code, tags and escapes in one paragraph."""
    piece = text[start:end]
    if not any(mark in piece for mark in ("[", "*", "_", "`", "<", "\\", "~~")):
        return []
    spans: list[Span] = []
    taken = bytearray(len(piece))  # letters that are markup, or code, and cannot be marks again

    def take(left: int, right: int) -> None:
        if right > left:
            spans.append(Span(start + left, start + right))
            taken[left:right] = b"\1" * (right - left)

    for match in _ESCAPE.finditer(piece):
        take(match.start(), match.end())
        taken[match.end()] = 1
    for match in _CODE.finditer(piece):
        if not any(taken[match.start() : match.end()]):
            take(match.start(1), match.end(1))
            take(match.end(2), match.end())
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    for form in (_IMAGE_LINK, _LINK):
        _take_links(form, piece, taken, take)
    if "<" in piece:
        for match in _TAG.finditer(piece):
            if not any(taken[match.start() : match.end()]):
                take(match.start(), match.end())
        for match in _AUTOLINK.finditer(piece):
            if not any(taken[match.start() : match.end()]):
                take(*match.span(1))
                take(*match.span(2))
    for left, right in _emphasis(piece, taken):
        take(left, right)
    return merged(spans)


def _take_links(form: re.Pattern[str], piece: str, taken: bytearray, take: Callable[[int, int], None]) -> None:
    start = 0
    while match := form.search(piece, start):
        inside = match.start(1)
        if taken[inside] or any(taken[match.start(3) : match.end(3)]):
            start = match.start() + 1
            continue
        take(*match.span(1))
        take(*match.span(3))
        # an image may stand inside a link
        start = match.end(1)


def _emphasis(piece: str, taken: bytearray) -> Iterator[tuple[int, int]]:
    """Runs of stars, low lines and tildes that open and close emphasis."""
    openers: dict[str, list[list[int]]] = {"*": [], "_": [], "~": []}
    for match in _RUN.finditer(piece):
        left, right = match.span()
        if taken[left] or right - left > 3:
            continue
        mark = piece[left]
        opens, closes = _flanks(piece[max(0, left - 1) : left] or " ", piece[right : right + 1] or " ")
        if closes:
            right_left = left
            stack = openers[mark]
            while stack and right_left < right:
                opener = stack[-1]
                count = min(opener[1] - opener[0], right - right_left)
                yield opener[1] - count, opener[1]
                yield right_left, right_left + count
                opener[1] -= count
                right_left += count
                if opener[0] == opener[1]:
                    stack.pop()
                position = opener[1]
                for inner in openers.values():  # what opened inside what has closed stays text
                    while inner and inner[-1][0] > position and inner is not stack:
                        inner.pop()
            left = right_left
        if opens and left < right:
            openers[mark].append([left, right])


def _flanks(before: str, after: str) -> tuple[bool, bool]:
    """Whether a run between two letters can open and can close."""
    if before.isalnum() and after.isalnum():
        return False, False
    opens = not after.isspace() and (after.isalnum() or not before.isalnum())
    closes = not before.isspace() and (before.isalnum() or not after.isalnum())
    return opens, closes


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch as one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def target(markup: str) -> str | None:
    """The address in the closing mark of a link; None where it leads nowhere (``#``)."""
    address = _URL.search(markup)
    return address[1] if address and re.match(r"(?:https?:)?//\S", address[1]) else None
