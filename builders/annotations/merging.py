"""Merging: many votes on one article into its labels, layer by layer.

Conventions: in each layer the vote wins that no other vote on that layer supersedes; then that of the strongest kind
(human, import, model, rule), among equals the first annotator id. Links are rewritten to where the winning layers stand.
Every vote is kept.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from allegedly.builders.annotations.votes import ScoredVote
from allegedly.schemas.derive import numbered, sentence_classes
from allegedly.schemas.records import (
    LABELS,
    LAYERS,
    LINK,
    SENTENCE_BLOCKS,
    Article,
    Attribution,
    Block,
    Labels,
    Part,
    Record,
    Sentence,
    Span,
)

STRENGTH = ("human", "import", "model", "rule")
#: The layers that the scores of a sentence speak of.
SCORED = {
    "check_worthy": "claims",
    "claim": "claims",
    "speculative": "speculations",
    "attributed": "attributions",
    "certainty": "claims",
}


def strength(vote: ScoredVote) -> tuple[int, str]:
    """Sort key: the strongest vote first."""
    return STRENGTH.index(vote.annotator.kind), vote.annotator.id


def merged(article: Article, votes: Iterable[ScoredVote], annotated: Iterable[str] = ()) -> Record:
    """The record of one article: winning labels, classes and scores of its sentences, all votes.

    ``annotated`` names the annotators whose votes come from annotation: layers that they win have no scores.
    """
    ranked = sorted(votes, key=strength)
    article = opened(article, ranked)
    winners = {layer: _winner(ranked, layer) for layer in LAYERS}
    # the labels of one vote are in order and numbered as they come
    labels = ranked[0].labels if len(ranked) == 1 else numbered(_combined(ranked, winners), article)
    sentences = sentence_classes(article, labels)
    scores = _scores(winners, set(annotated))
    if scores:
        sentences = tuple(replace(s, scores=_of(scores.get(s.start))) for s in sentences)
    return Record(article=article, labels=labels, sentences=sentences, votes=tuple(vote.vote for vote in ranked))


def _winner(ranked: Sequence[ScoredVote], layer: str) -> ScoredVote | None:
    """The vote whose labels of a layer stand, of votes in order of strength. Where each is superseded by another, none
    is."""
    votes = [vote for vote in ranked if getattr(vote.labels, layer) is not None]
    gone = {name for vote in votes for name in vote.annotator.supersedes if name != vote.annotator.id}
    return next((vote for vote in votes if vote.annotator.id not in gone), votes[0] if votes else None)


def _combined(ranked: Sequence[ScoredVote], winners: dict[str, ScoredVote | None]) -> Labels:
    """The winning layers with links into the winning attributions; ids of attributions stay as they are."""
    chosen = winners["attributions"]
    target = () if chosen is None else chosen.labels.attributions or ()
    out: dict[str, Any] = {}
    for layer, winner in winners.items():
        found = None if winner is None else getattr(winner.labels, layer)
        if found and winner is not None and winner is not chosen:
            ids = _rewritten({a.id: a for a in winner.labels.attributions or ()}, target)
            link = LINK[layer]
            found = tuple(replace(label, **{link: ids(getattr(label, link))}) for label in found)
        out[layer] = found
    return Labels(**out)


def _rewritten(lost: dict[str, Attribution], target: Sequence[Attribution]) -> Callable[[str | None], str | None]:
    """From the id of an attribution of a vote that lost to that of the nearest of those that won."""

    def moved(link: str | None) -> str | None:
        if link is None:
            return None
        return nearest(lost[link], target) if link in lost else "unresolved"

    return moved


def nearest(lost: Attribution, target: Sequence[Attribution]) -> str:
    """The id of the attribution of equal parts, else of the largest overlap of content, else ``unresolved``."""
    for other in target:
        if all(getattr(lost, part) == getattr(other, part) for part in Attribution.PARTS):
            return other.id
    best = max(target, key=lambda other: _overlap(lost.content, other.content), default=None)
    return best.id if best is not None and _overlap(lost.content, best.content) else "unresolved"


def _overlap(left: Part | None, right: Part | None) -> int:
    """Code points that two parts share."""
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in left or () for b in right or ())


def _scores(winners: dict[str, ScoredVote | None], annotated: set[str]) -> dict[int, dict[str, float | None]]:
    """By start of sentence: each score from the vote that won its layer, null where a person's vote did."""
    out: dict[int, dict[str, float | None]] = {}
    for name, layer in SCORED.items():
        vote = winners[layer]
        if vote is None or vote.annotator.id in annotated:
            continue
        for sentence in vote.sentences:
            value = (sentence.scores or {}).get(name)
            if value is not None:
                out.setdefault(sentence.start, {})[name] = round(value, 4)
    return out


def _of(scores: dict[str, float | None] | None) -> dict[str, float | None] | None:
    return None if scores is None else {name: scores.get(name) for name in SCORED}


def opened(article: Article, votes: Iterable[ScoredVote]) -> Article:
    """The article with those silent blocks that a person labelled turned into paragraphs, with sentences."""
    people = takewhile(lambda vote: vote.annotator.kind == "human", votes)
    spans = [span for vote in people for span in _spans(vote.labels)]
    touched = [
        block
        for block in article.blocks
        if block.kind not in SENTENCE_BLOCKS and any(block.start < end and start < block.end for start, end in spans)
    ]
    if not touched:
        return article
    from allegedly.builders.text.sentences import sentences

    new = [Block(kind="paragraph", start=block.start, end=block.end) for block in touched]
    more = sentences(article.text, new, article.markup, article.language)
    swapped = dict(zip(touched, new, strict=True))
    return replace(
        article,
        blocks=tuple(swapped.get(block, block) for block in article.blocks),
        sentences=tuple(sorted((*article.sentences, *more))),
    )


def _spans(labels: Labels) -> Iterable[Span]:
    for layer, kind in LABELS.items():
        for label in getattr(labels, layer) or ():
            for part in kind.PARTS:
                yield from getattr(label, part) or ()


def classes(record: Record) -> tuple[Sentence, ...]:
    """The sentences of a record whose importer gave none."""
    return record.sentences or sentence_classes(record.article, record.labels)
