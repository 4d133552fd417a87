"""Edits that keep the labels of an article, or change them in a way that follows from the edit.

Conventions: an edit replaces one stretch of the text. Labels, sentences, blocks and markup are carried over by their
offsets: an edge before a stretch stays, one behind it moves with the text, and one strictly inside it is allowed only
where the length stays. An edit that an edge forbids is left out. The article keeps its id, so that numbers on the
original and the edited article pair; its sentences are the same ones, moved. What is drawn is drawn from the seed, the
kind of edit and the article's id alone.

The kinds:
    quotes          straight quotation marks for curly ones, curly for straight
    capitals        titles and headings in capitals
    contractions    "do not" becomes "don't", "it is" becomes "it's"
    names           names of people who are quoted, swapped for invented ones
    hedge-inserted  "Perhaps" before plain statements of the author; the cue, its scope and the claim's certainty follow
    hedge-removed   "may", "might" and "could" become "will"; the speculation goes, the claim's certainty follows
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

from allegedly.schemas.derive import numbered, sentence_classes
from allegedly.schemas.records import LABELS, LAYERS, Article, Labels, Part, Record, Span, Speculation


class Edit(NamedTuple):
    """Replace ``[start, end)``, at least one character, by other words."""

    start: int
    end: int
    words: str


class Edited(NamedTuple):
    """An article after its edits, and how many there were."""

    record: Record
    edits: tuple[Edit, ...]


def edited(record: Record, kind: str, seed: int = 0) -> Edited:
    """A record with all edits of a kind that can be made; unchanged where there are none."""
    find, follow = KINDS[kind]
    made = _allowed(find(record, Random(f"{seed}:{kind}:{record.article.id}")), record)
    if not made:
        return Edited(record, ())
    moved = carried(record, made)
    labels = numbered(follow(record.labels, made, moved), moved.article)
    return Edited(
        replace(moved, labels=labels, sentences=sentence_classes(moved.article, labels), votes=()), tuple(made)
    )


def _allowed(edits: Iterable[Edit], record: Record) -> list[Edit]:
    """Edits in order, apart from each other, that change something and cut no edge."""
    edges = sorted(_edges(record))
    out: list[Edit] = []
    for edit in sorted(edits):
        inside = edges[bisect_left(edges, edit.start + 1) : bisect_left(edges, edit.end)]
        cut = inside and len(edit.words) != edit.end - edit.start
        same = record.article.text[edit.start : edit.end] == edit.words
        if not cut and not same and (not out or edit.start >= out[-1].end):
            out.append(edit)
    return out


def _edges(record: Record) -> set[int]:
    article = record.article
    spans = [*article.sentences, *article.markup, *((block.start, block.end) for block in article.blocks)]
    spans += [span for part in _parts(record.labels) for span in part]
    return {edge for span in spans for edge in span}


def _parts(labels: Labels) -> Iterator[Part]:
    for layer in LAYERS:
        for label in getattr(labels, layer) or ():
            for name in LABELS[layer].PARTS:
                yield getattr(label, name) or ()


def carried(record: Record, made: Sequence[Edit]) -> Record:
    """The record after edits in order: a new text, everything that has offsets moved."""
    article = record.article
    pieces, at = [], 0
    for edit in made:
        pieces += [article.text[at : edit.start], edit.words]
        at = edit.end
    text = "".join([*pieces, article.text[at:]])

    def span(old: tuple[int, int]) -> Span:
        return Span(_moved(old[0], made), _moved(old[1], made))

    def part(old: Part | None) -> Part | None:
        return None if old is None else tuple(map(span, old))

    moved = replace(
        article,
        text=text,
        title=_title(article, text, made),
        sentences=tuple(map(span, article.sentences)),
        markup=tuple(map(span, article.markup)),
        blocks=tuple(
            replace(block, start=_moved(block.start, made), end=_moved(block.end, made)) for block in article.blocks
        ),
    )
    labels = {
        layer: None
        if (annotated := getattr(record.labels, layer)) is None
        else tuple(
            replace(label, **{name: part(getattr(label, name)) for name in LABELS[layer].PARTS}) for label in annotated
        )
        for layer in LAYERS
    }
    return replace(record, article=moved, labels=Labels(**labels))


def _moved(edge: int, made: Sequence[Edit]) -> int:
    """Where an edge lies after the edits."""
    shift = 0
    for start, end, words in made:
        if edge < end:
            break
        shift += len(words) - (end - start)
    return edge + shift


def _title(article: Article, text: str, made: Sequence[Edit]) -> str | None:
    """The title, where it stands in the text as a block of its own: as it stands there now."""
    for block in article.blocks:
        if block.kind == "title" and article.text[block.start : block.end] == article.title:
            return text[_moved(block.start, made) : _moved(block.end, made)]
    return article.title


# What each kind finds.

_CURLY = {"“": '"', "”": '"', "‘": "'", "’": "'"}
_OPENING = re.compile(r"(?:^|(?<=[\s(\[“‘—–]))[\"']")


def _quotes(record: Record, random: Random) -> Iterator[Edit]:
    text = record.article.text
    if any(mark in text for mark in _CURLY):
        for quote in re.finditer("[“”‘’]", text):
            yield Edit(quote.start(), quote.end(), _CURLY[quote[0]])
        return
    opening = {quote.start() for quote in _OPENING.finditer(text)}
    for quote in re.finditer("[\"']", text):
        pair = "“”" if quote[0] == '"' else "‘’"
        yield Edit(quote.start(), quote.end(), pair[0 if quote.start() in opening else 1])


def _capitals(record: Record, random: Random) -> Iterator[Edit]:
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


def _contractions(record: Record, random: Random) -> Iterator[Edit]:
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


def _names(record: Record, random: Random) -> Iterator[Edit]:
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


PERHAPS = "Perhaps "
#: First words that are no names: they may begin with a small letter.
_SMALL = re.compile(
    r"(?:The|A|An|This|That|These|Those|It|They|He|She|We|There|Its|Their|His|Her|Some|Many|Most|All|Both|Each|No|In|On|"
    r"At|For|From|By|After|Before|Since) (?=[\w“‘\"'])"
)
_END = ".!?”’\"' \n"


def _hedgeable(record: Record) -> Iterator[tuple[Span, Any]]:
    """Sentences that are one certain claim of the author and nothing else, with that claim."""
    labels, text = record.labels, record.article.text
    if labels.claims is None or labels.speculations is None or labels.attributions is None:
        return
    busy = [span for layer in ("speculations", "attributions") for part in _parts_of(labels, layer) for span in part]
    for sentence in record.article.sentences:
        inside = [label for label in labels.claims if _touches(label.extent, sentence)]
        if len(inside) != 1 or any(_touches((span,), sentence) for span in busy):
            continue
        (claim,) = inside
        bare = text[sentence.start : sentence.end].rstrip(_END)
        whole = (Span(sentence.start, sentence.start + len(bare)),)
        stated = claim.extent == whole and claim.claimer is None and claim.certainty == "certain"
        if stated and _SMALL.match(text, sentence.start) and text[sentence.end - 1] == ".":
            yield sentence, claim


def _parts_of(labels: Labels, layer: str) -> Iterator[Part]:
    for label in getattr(labels, layer) or ():
        for name in LABELS[layer].PARTS:
            yield getattr(label, name) or ()


def _touches(part: Part | None, span: Span) -> bool:
    return any(start < span.end and span.start < end for start, end in part or ())


def _hedge_inserted(record: Record, random: Random) -> Iterator[Edit]:
    sentences = list(_hedgeable(record))
    # half of them: an article in which every sentence says "Perhaps" is like no other
    for sentence, _ in sorted(random.sample(sentences, (len(sentences) + 1) // 2)):
        start = sentence.start
        yield Edit(start, start + 1, PERHAPS + record.article.text[start].lower())


def _follows_insertion(labels: Labels, made: Sequence[Edit], moved: Record) -> Labels:
    """A cue with its scope for each insertion; the claim is the same clause, now possible."""
    starts = {_moved(edit.start, made) for edit in made}
    speculations = list(moved.labels.speculations or ())
    claims = []
    for claim in moved.labels.claims or ():
        start, end = claim.extent[0].start, claim.extent[-1].end
        if start in starts:
            cue = (Span(start, start + len(PERHAPS.strip())),)
            speculations.append(
                Speculation(
                    id="new",
                    cue=cue,
                    scope=(Span(start, end),),
                    kind="epistemic",
                    certainty="possible",
                    by=claim.by,
                    scheme=claim.scheme,
                )
            )
            claim = replace(claim, certainty="possible")
        claims.append(claim)
    return replace(moved.labels, claims=tuple(claims), speculations=tuple(speculations))


_MODAL = frozenset({"may", "might", "could"})


def _hedge_removed(record: Record, random: Random) -> Iterator[Edit]:
    """Modal verbs that are the only cue of their sentence."""
    text = record.article.text
    if record.labels.speculations is None:
        return
    for sentence in record.article.sentences:
        inside = [x for x in record.labels.speculations if _touches(x.cue, sentence) or _touches(x.scope, sentence)]
        if len(inside) == 1 and len(cue := inside[0].cue or ()) == 1:
            ((start, end),) = cue
            if text[start:end] in _MODAL:
                yield Edit(start, end, "will")


def _follows_removal(labels: Labels, made: Sequence[Edit], moved: Record) -> Labels:
    """The speculation goes; a claim around it that was possible because of it is certain."""
    gone = [(Span(edit.start, edit.end),) for edit in made]
    pairs = zip(labels.speculations or (), moved.labels.speculations or (), strict=True)
    claims = [
        replace(new, certainty="certain")
        if old.certainty == "possible" and any(_touches(old.extent, span) for (span,) in gone)
        else new
        for old, new in zip(labels.claims or (), moved.labels.claims or (), strict=True)
    ]
    return replace(
        moved.labels,
        speculations=tuple(new for old, new in pairs if old.cue not in gone),
        claims=None if labels.claims is None else tuple(claims),
    )


def _same(labels: Labels, made: Sequence[Edit], moved: Record) -> Labels:
    return moved.labels


Find = Callable[[Record, Random], Iterable[Edit]]
Follow = Callable[[Labels, Sequence[Edit], Record], Labels]
KINDS: dict[str, tuple[Find, Follow]] = {
    "quotes": (_quotes, _same),
    "capitals": (_capitals, _same),
    "contractions": (_contractions, _same),
    "names": (_names, _same),
    "hedge-inserted": (_hedge_inserted, _follows_insertion),
    "hedge-removed": (_hedge_removed, _follows_removal),
}
