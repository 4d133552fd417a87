"""What the rules know of claims where the network errs by kind: rejections, accusations, causes, relative clauses, marks.

Conventions: as in ``_learned_mended.py``; a claim stays the network's but for what the build of its sentence decides.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import replace

from allegedly.builders.labellers._clauses import (
    RELATIVE,
    accused,
    brings_about,
    denied,
    fails,
    obliges,
    rejected,
    relative,
)
from allegedly.builders.labellers._learned_mended import lemmas
from allegedly.builders.labellers._learned_news import Attributed, Stated
from allegedly.builders.labellers._sayings import REJECTING
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.records import Part, Span

Range = tuple[int, int]


def mended(
    tokens: Tokens, items: Sequence[Stated], attributions: Sequence[Attributed], permitted: Collection[int]
) -> list[Stated]:
    """The claims of an article, in order, with those that the rules settle; ``permitted`` are tokens of "may" that permit."""
    found = _relative(tokens, items)
    found = [_with_quotation(tokens, item) for item in found]
    starts = [item.extent[0].start for item in found]
    for attribution in attributions:
        verbs = lemmas(tokens, attribution.cue)
        rejects = bool(verbs & REJECTING) and not attribution.negated
        if not attribution.content or not ("accuse" in verbs or rejects):
            continue
        # only claims near it are looked at
        begin = bisect_left(starts, _sentence_start(tokens, attribution.cue[0].start))
        end = bisect_left(starts, attribution.content[-1].end)
        near = (_accusation if "accuse" in verbs else _rejection)(tokens, found[begin:end], attribution)
        found[begin:end] = near
        starts[begin:end] = [item.extent[0].start for item in near]
    return [_kind(tokens, item, permitted) for item in found]


def _sentence_start(tokens: Tokens, offset: int) -> int:
    """Where the sentence of an offset begins."""
    over = tokens.over(offset, offset + 1)
    return tokens.starts[tokens.sentences[tokens.sentence(over[0])][0]] if over else offset


def _ranges(tokens: Tokens, part: Part) -> list[Range]:
    return [over for span in part if (over := tokens.over(*span)) is not None]


def _spans(tokens: Tokens, ranges: Sequence[Range]) -> Part:
    return tuple(tokens.span(*piece) for piece in ranges)


def _lies_in(item: Stated, content: Part) -> bool:
    return all(any(begin <= start and end <= stop for begin, stop in content) for start, end in item.extent)


def _accusation(tokens: Tokens, items: list[Stated], attribution: Attributed) -> list[Stated]:
    """What somebody is accused of is one claim: whom, and of what."""
    extent = accused(tokens, _ranges(tokens, attribution.content)) if attribution.content else []
    inside = [item for item in items if _lies_in(item, attribution.content)]
    if not extent or not inside:
        return items
    whole = max(inside, key=lambda item: sum(end - start for start, end in item.extent))
    best = replace(whole, extent=_spans(tokens, extent))
    sources = attribution.source
    return [
        best if item is whole else item
        for item in items
        if item is whole or not (item in inside or (sources and _lies_in(item, sources)))
    ]


def _rejection(tokens: Tokens, items: list[Stated], attribution: Attributed) -> list[Stated]:
    """What somebody rejects is a negative claim of theirs, without the noun that it hangs on."""
    out = []
    clause = None
    over = _ranges(tokens, attribution.content)
    if over:
        clause = rejected(tokens, over[0])
    for item in items:
        inside = _lies_in(item, attribution.content)
        if inside and clause is not None:
            start = clause[0] + (tokens.kinds[clause[0]] == "T")
            if item.extent[0].start < tokens.starts[start]:
                item = replace(item, extent=_spans(tokens, [(start, clause[1])]))
        elif clause is not None and _holds(item, attribution):
            start = clause[0] + (tokens.kinds[clause[0]] == "T")
            item, inside = replace(item, extent=_spans(tokens, [(start, clause[1])])), True
        if inside and item.polarity == "positive" and not denied(tokens, _ranges(tokens, item.extent)):
            item = replace(item, polarity="negative")
        out.append(item)
    return out


def _holds(item: Stated, attribution: Attributed) -> bool:
    """Whether a claim is a whole frame with what it rejects."""
    start, end = item.extent[0].start, item.extent[-1].end
    return bool(attribution.cue) and start <= attribution.cue[0].start and attribution.content[-1].end <= end


def _relative(tokens: Tokens, items: Sequence[Stated]) -> list[Stated]:
    """ "[The bridge], [which was built in 1931, collapsed]": the end goes with the beginning."""
    out: list[Stated] = []
    for item in items:
        here = _ranges(tokens, item.extent)
        before = _ranges(tokens, out[-1].extent) if out else []
        if not here or not before or not _cut_short(tokens, before, here):
            out += _apart(tokens, item, here)
            continue
        parts = relative(tokens, before[0][0], here[-1][1])
        if len(parts) == 2 and len(parts[0]) == 2:
            out[-1] = replace(item, extent=_spans(tokens, parts[0]))
            out.append(replace(item, extent=_spans(tokens, parts[1])))
        else:
            out.append(item)
    return out


def _apart(tokens: Tokens, item: Stated, here: list[Range]) -> list[Stated]:
    """A claim in one piece without the relative clauses within it, and these."""
    parts = relative(tokens, *here[0]) if len(here) == 1 else []
    if len(parts) < 2 or len(parts[0]) < 2:
        return [item]
    return [replace(item, extent=_spans(tokens, part)) for part in parts]


def _cut_short(tokens: Tokens, before: list[Range], here: list[Range]) -> bool:
    """Whether a claim without a verb stands before a comma and a claim that begins with a relative pronoun."""
    kinds = tokens.kinds
    first, last = before[0]
    return (
        len(before) == len(here) == 1
        and here[0][0] == last + 2
        and kinds[last + 1] == ","
        and tokens.words[here[0][0]] in RELATIVE
        and not any(kind in "bmv" for kind in kinds[first : last + 1])
    )


def _with_quotation(tokens: Tokens, item: Stated) -> Stated:
    """A claim that lost its verb to quotation marks: 'the scheme | "had failed"'."""
    over = _ranges(tokens, item.extent)
    if len(over) != 1 or any(kind in "bmv" for kind in tokens.kinds[over[0][0] : over[0][1] + 1]):
        return item
    opening = over[0][1] + 1
    quote = next((quote for quote in tokens.quotes_in(opening, opening) if quote[0] == opening), None)
    if quote is None or tokens.kinds[opening + 1] not in "bmv":
        return item
    return replace(item, extent=(Span(item.extent[0].start, tokens.ends[quote[1]]),))


def _permits(tokens: Tokens, extent: Sequence[Range], permitted: Collection[int]) -> bool:
    """Whether the main verb is a "may" that permits."""
    first, last = extent[0]
    verb = next((token for token in range(first, last + 1) if tokens.kinds[token] in "bmv"), -1)
    return verb in permitted


def _kind(tokens: Tokens, item: Stated, permitted: Collection[int]) -> Stated:
    """A claim of a duty or a permission, or of a cause that no word for causes tells: "The clampdown has cut thefts"."""
    over = _ranges(tokens, item.extent)
    if over and item.kind != "rule" and (obliges(tokens, over) or _permits(tokens, over, permitted)):
        return replace(item, kind="rule", certainty="certain" if _permits(tokens, over, permitted) else item.certainty)
    if over and item.kind in ("event", "other") and brings_about(tokens, over):
        item = replace(item, kind="causal")
    if over and item.polarity == "positive" and fails(tokens, over):
        item = replace(item, polarity="negative")
    return item
