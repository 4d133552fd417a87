"""Edits that hedge a plain statement, or take a hedge away, and how the labels follow.

Conventions: an insertion brings a speculation, its cue and scope, and makes the claim possible; a removal takes the
speculation and makes the claim certain.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from allegedly.eval.carrying import Edit, moved_edge, parts_of
from allegedly.schemas.records import Labels, Part, Record, Span, Speculation

#: What is inserted; its words are the cue.
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
    busy = [span for layer in ("speculations", "attributions") for part in parts_of(labels, layer) for span in part]
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


def _touches(part: Part | None, span: Span) -> bool:
    return any(start < span.end and span.start < end for start, end in part or ())


def hedge_inserted(record: Record, random: Random) -> Iterator[Edit]:
    """ "Perhaps" before half of the plain statements of the author."""
    sentences = list(_hedgeable(record))
    # half of them: an article in which every sentence says "Perhaps" is like no other
    for sentence, _ in sorted(random.sample(sentences, (len(sentences) + 1) // 2)):
        start = sentence.start
        yield Edit(start, start + 1, PERHAPS + record.article.text[start].lower())


def follow_insertion(labels: Labels, made: Sequence[Edit], moved: Record) -> Labels:
    """A cue with its scope for each insertion; the claim is the same clause, now possible."""
    starts = {moved_edge(edit.start, made) for edit in made}
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


def hedge_removed(record: Record, random: Random) -> Iterator[Edit]:
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


def follow_removal(labels: Labels, made: Sequence[Edit], moved: Record) -> Labels:
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
