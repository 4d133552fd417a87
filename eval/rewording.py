"""Edits that keep all labels: other quotation marks, capitals, contractions, other names.

Conventions: each function gives the edits of one kind that a record has a place for; what is drawn is drawn from
``random`` alone.
"""

import re
from collections.abc import Iterator
from random import Random

from allegedly.eval.carrying import Edit
from allegedly.schemas.records import Record

_CURLY = {"“": '"', "”": '"', "‘": "'", "’": "'"}
_OPENING = re.compile(r"(?:^|(?<=[\s(\[“‘—–]))[\"']")


def quotes(record: Record, random: Random) -> Iterator[Edit]:
    """Straight quotation marks for curly ones; curly ones for straight where there are none."""
    text = record.article.text
    if any(mark in text for mark in _CURLY):
        for quote in re.finditer("[“”‘’]", text):
            yield Edit(quote.start(), quote.end(), _CURLY[quote[0]])
        return
    opening = {quote.start() for quote in _OPENING.finditer(text)}
    for quote in re.finditer("[\"']", text):
        pair = "“”" if quote[0] == '"' else "‘’"
        yield Edit(quote.start(), quote.end(), pair[0 if quote.start() in opening else 1])


def capitals(record: Record, random: Random) -> Iterator[Edit]:
    """Titles and headings in capitals."""
    text = record.article.text
    for block in record.article.blocks:
        if block.kind in ("title", "heading"):
            # a letter whose capital has another length stays
            words = "".join(c.upper() if len(c.upper()) == 1 else c for c in text[block.start : block.end])
            yield Edit(block.start, block.end, words)


_SHORT = {
    "do not": "don't", "does not": "doesn't", "did not": "didn't", "is not": "isn't", "are not": "aren't",
    "was not": "wasn't", "were not": "weren't", "has not": "hasn't", "have not": "haven't", "had not": "hadn't",
    "will not": "won't", "would not": "wouldn't", "could not": "couldn't", "should not": "shouldn't",
    "cannot": "can't", "it is": "it's", "that is": "that's", "there is": "there's", "they are": "they're",
    "we are": "we're", "it will": "it'll", "they will": "they'll",
}  # fmt: skip
_LONG = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b(?= [a-z])(?! not\b)", re.IGNORECASE)


def contractions(record: Record, random: Random) -> Iterator[Edit]:
    """Short forms for long ones, with the apostrophe of the article."""
    text = record.article.text
    curly = "’" in text
    for phrase in _LONG.finditer(text):
        short = _SHORT[phrase[0].lower()]
        short = phrase[0][0] + short[1:]
        yield Edit(phrase.start(), phrase.end(), short.replace("'", "’") if curly else short)


#: Invented names; none is longer than a line.
_FIRST = ("Alma", "Benedikt", "Carys", "Dario", "Elin", "Farid", "Greta", "Hugo", "Imani", "Jonas", "Kaori", "Lech")
_LAST = (
    "Abernathy", "Bjarnason", "Castellan", "Drummond", "Eskelund", "Fairholm", "Grzelak", "Hollander", "Iwasaki",
    "Jarreau", "Kowalczyk", "Lindqvist",
)  # fmt: skip
_FULL = re.compile(r"\b([A-Z][\w-]+) ([A-Z][\w-]+)$")


def names(record: Record, random: Random) -> Iterator[Edit]:
    """Full names that are sources of attributions, and the same words wherever they stand alone."""
    text = record.article.text
    first, last = ([name for name in names if name not in text] for names in (_FIRST, _LAST))
    random.shuffle(first)
    random.shuffle(last)
    swapped: dict[str, str] = {}
    for label in record.labels.attributions or ():
        if label.source_kind != "named_person":
            continue
        for start, end in label.source or ():
            full = _FULL.search(text, start, end)
            if full and first and last and not any(n in swapped or _is_word(n, text) for n in full.groups()):
                swapped[full[1]], swapped[full[2]] = first.pop(), last.pop()
    if not swapped:
        return
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(swapped, key=len, reverse=True)))})\b")
    for full in words.finditer(text):
        yield Edit(full.start(), full.end(), swapped[full[0]])


def _is_word(name: str, text: str) -> bool:
    """Whether a name is a word too, as May is."""
    return re.search(rf"\b{re.escape(name.lower())}\b", text) is not None
