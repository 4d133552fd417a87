"""German News Quotes, all forms: the score of the corpus's authors, and our labels in the corpus's terms.

    python bench/german.py    prints the scores of the rules; ``bench/labels.py german-quotes-all`` makes the table

What is computed, document by document (Petersen-Frey and Biemann 2024, the evaluation that comes with their models):

- A group is one annotation: its message (the words that are said) and its roles speaker, cue, frame, addressee, each a
  set of tokens of the corpus.
- Groups of both sides are assigned one to one, so that the sum of the F1 of their messages' words is highest; an equal
  type adds .01 to a pair whose messages overlap. Every group counts, nested and free indirect ones too.
- For each pair, and each group that has no partner, precision and recall of words are taken for the message and for
  each role; one whose denominator is zero is left out. The means of all precisions and of all recalls give message P
  and R, F is their harmonic mean. "Roles" takes the means over the four roles together, "joint" over roles and message.
- Form is micro F1 of the types of the pairs, where a group without a partner is wrong.

Our scheme and the corpus differ, so ``groups`` turns our labels into its groups by rules that see no gold:

- An indirect label without a cue is its IndirectFreeIndirect, a mixed one is Indirect with one nested Direct for each
  stretch in quotation marks that begins in lower case or has four words or more, as names do not. A source that is
  empty is replaced by the speaker.
- The frame, which we do not label, is what stands beside the content from the outermost word of source and cue to the
  content, with punctuation; roles are given without frames too. Addressees are left empty, and cost recall.

Conventions: development documents only; intervals are 95 %, by drawing whole articles with replacement.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import gold
import lap
import numpy as np

from allegedly.schemas.records import Article, Attribution, Part, Span

ROLES = ("speaker", "cue", "frame", "addressee")
TYPES = {"direct": "Direct", "indirect": "Indirect", "mixed": "Indirect"}
_QUOTED = re.compile('„[^“”"\n]*[“”"]|"[^"\n]*"|«[^»\n]*»|»[^«\n]*«')
#: How far a frame reaches from its cue, in code points.
_FRAME = 300


@dataclass(frozen=True, kw_only=True)
class Group:
    """One annotation in tokens: what is said, by whom, with which words, of which type."""

    message: frozenset[int]
    speaker: frozenset[int] = frozenset()
    cue: frozenset[int] = frozenset()
    frame: frozenset[int] = frozenset()
    addressee: frozenset[int] = frozenset()
    kind: str = ""


@dataclass(frozen=True)
class Document:
    """A document of the corpus: the article, where its tokens lie, and its groups."""

    article: Article
    tokens: tuple[tuple[int, int], ...]
    groups: tuple[Group, ...]


def documents(root: Path = gold.CORPORA / "german-news-quotes", split: str = "dev") -> Iterator[Document]:
    """The documents of a split with annotations of all forms, in the order of file names."""
    for path in sorted((root / "data" / split).glob("**/*.json")):
        found = json.loads(path.read_text("utf-8"))
        text = found["originalText"]
        yield Document(
            gold._article(path.stem, text, gold.paragraphs(text), language="de"),
            tuple((token["charBegin"], token["charEnd"]) for token in found["tokens"]),
            tuple(
                Group(
                    message=frozenset(each["quote"]["tokenIds"]),
                    kind=each["type"],
                    **{role: frozenset((each[role] or {}).get("tokenIds", ())) for role in ROLES},
                )
                for each in found["annotations"]
            ),
        )


# -- our labels as groups ----------------------------------------------------------------------------------------------


def groups(document: Document, labels: Iterable[Attribution], frames: bool = True) -> list[Group]:
    """Our labels as the corpus's groups, with frames that are made of them or without."""
    made = []
    for label in labels:
        source = label.source or label.speaker or ()
        roles = {
            "speaker": _tokens(document, source),
            "cue": _tokens(document, label.cue or ()),
            "frame": _tokens(document, _frame(document.article.text, label) if frames else ()),
        }
        free = label.form == "indirect" and not label.cue
        kind = "IndirectFreeIndirect" if free else TYPES[label.form or "indirect"]
        pieces = [label.content or ()]
        kinds = [kind]
        if label.form == "mixed":
            quoted = list(stretches(document.article.text, label.content or ()))
            pieces += [(span,) for span in quoted]
            kinds += ["Direct"] * len(quoted)
        for piece, each in zip(pieces, kinds, strict=True):
            if message := _tokens(document, piece):
                made.append(Group(message=message, kind=each, **roles))
    return made


def direct(text: str, labels: Iterable[Attribution]) -> Iterator[Attribution]:
    """The direct speech among our labels: mixed ones by their stretches in quotation marks."""
    for label in labels:
        if label.form == "direct":
            yield label
        elif label.form == "mixed":
            yield from (replace(label, form="direct", content=(span,)) for span in stretches(text, label.content or ()))


def stretches(text: str, content: Part) -> Iterator[Span]:
    """What stands in quotation marks in a content."""
    for piece in content:
        for match in _QUOTED.finditer(text, piece.start, piece.end):
            if match[0][1:2].islower() or len(match[0].split()) > 3:
                yield Span(*match.span())


def _tokens(document: Document, part: Part) -> frozenset[int]:
    return frozenset(
        number
        for number, (start, end) in enumerate(document.tokens)
        for span in part
        if start < span.end and span.start < end
    )


def _frame(text: str, label: Attribution) -> Part:
    """From the outermost word of source and cue up to the content, or from it on; empty without a cue."""
    if not label.cue or not label.content:
        return ()
    near = [span for span in label.source or () if abs(span.start - label.cue[0].start) < _FRAME]
    said = (*label.cue, *near)
    start, end = min(span.start for span in said), max(span.end for span in said)
    after = [span.start for span in label.content if span.start >= end and span.start - end < _FRAME]
    inside = [span for span in label.content if span.end > start and span.start < end]
    if inside:
        return tuple(sorted(said))
    return (Span(start, min(after)),) if after else (Span(start, end),)


# -- the score ---------------------------------------------------------------------------------------------------------


def assigned(found: Sequence[Group], truth: Sequence[Group]) -> list[tuple[Group | None, Group | None]]:
    """Pairs of groups, best by the words of their messages; None stands for the partner of one that has none."""
    if not found or not truth:
        return [*((each, None) for each in found), *((None, each) for each in truth)]
    worth = np.array([[_alike(one, other) for other in truth] for one in found])
    partner = lap.lapjv(2.0 - worth, extend_cost=True, return_cost=False)[0]
    pairs = [(each, truth[at] if at >= 0 else None) for each, at in zip(found, partner, strict=True)]
    taken = set(partner)
    return [*pairs, *((None, each) for number, each in enumerate(truth) if number not in taken)]


def _alike(one: Group, other: Group) -> float:
    both = len(one.message & other.message)
    return 2 * both / (len(one.message) + len(other.message)) + 0.01 * (one.kind == other.kind) if both else 0.0


_NONE = Group(message=frozenset())
#: Sums and numbers of what means are taken of: precision and recall of the message, and of the roles; then types.
SIZE = 11


def counts(document: Document, found: Sequence[Group]) -> np.ndarray:
    """What one document adds to the score."""
    total = np.zeros(SIZE)
    for one, other in assigned(found, document.groups):
        ours, theirs = one or _NONE, other or _NONE
        total[0:4] += _means(ours.message, theirs.message)
        for role in ROLES:
            total[4:8] += _means(getattr(ours, role), getattr(theirs, role))
        total[8:11] += (ours.kind == theirs.kind, bool(other), bool(one))
    return total


def _means(ours: frozenset[int], theirs: frozenset[int]) -> tuple[float, float, float, float]:
    """Precision with how many it counts for, recall with how many: one or none."""
    right = len(ours & theirs)
    return (
        right / len(ours) if ours else 0.0,
        float(bool(ours)),
        right / len(theirs) if theirs else 0.0,
        float(bool(theirs)),
    )


def _ratio(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom else float("nan")


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def message(total: np.ndarray) -> float:
    """F of the messages."""
    return _harmonic(precision(total), recall(total))


def precision(total: np.ndarray) -> float:
    """Mean precision of the messages."""
    return _ratio(total[0], total[1])


def recall(total: np.ndarray) -> float:
    """Mean recall of the messages."""
    return _ratio(total[2], total[3])


def roles(total: np.ndarray) -> float:
    """F of the roles."""
    return _harmonic(_ratio(total[4], total[5]), _ratio(total[6], total[7]))


def joint(total: np.ndarray) -> float:
    """F of messages and roles together."""
    both = total[0:4] + total[4:8]
    return _harmonic(_ratio(both[0], both[1]), _ratio(both[2], both[3]))


def form(total: np.ndarray) -> float:
    """Micro F1 of the types."""
    return _ratio(2 * total[8], total[9] + total[10])


SCORES = {
    "message F": message,
    "message P": precision,
    "message R": recall,
    "roles F": roles,
    "joint F": joint,
    "form F": form,
}


def measured(chosen: Sequence[Document], found: Sequence[Sequence[Attribution]]) -> list[tuple[float, float, float]]:
    """The scores of ``COLUMNS`` with their intervals."""
    with_frames, without = (
        np.array([counts(each, groups(each, labels, frames)) for each, labels in zip(chosen, found, strict=True)])
        for frames in (True, False)
    )
    return [
        *(gold.interval(with_frames, score) for score in SCORES.values()),
        gold.interval(without, roles),
    ]


COLUMNS = (*SCORES, "roles F, no frames")

if __name__ == "__main__":
    from allegedly.builders.labellers.rules import label

    texts = list(documents())
    labelled = label([document.article for document in texts])
    values = measured(texts, [guess.labels.attributions or () for guess in labelled])
    for name, value in zip(COLUMNS, values, strict=True):
        print(name, *(f"{100 * number:.1f}" for number in value))
