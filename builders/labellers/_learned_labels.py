"""From what the network says about an article, and the rules mend, to what labels are assembled from.

Conventions: offsets are those of the article's text. Attributes come from the network; forms and links are those of
``_assemble.py``.
"""

from collections.abc import Sequence
from dataclasses import replace

from allegedly.builders.labellers import _assemble as assembled
from allegedly.builders.labellers._assemble import Claimed, Doubted, Found, assemble
from allegedly.builders.labellers._attribution import Finder
from allegedly.builders.labellers._continued import with_quotations
from allegedly.builders.labellers._headlines import with_headlines
from allegedly.builders.labellers._learned_claims import mended as mended_claims
from allegedly.builders.labellers._learned_join import by_marks, joined
from allegedly.builders.labellers._learned_mended import RULED, mended, with_said
from allegedly.builders.labellers._learned_model import CUE, Attributed, Doubt, Reading, Stated
from allegedly.builders.labellers._lists import words
from allegedly.builders.labellers._nesting import nested
from allegedly.builders.labellers._speculation import Doubt as Ruled
from allegedly.builders.labellers._speculation import Doubts
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.records import Labels, Part, Span

_MODALS = frozenset(["may"])
#: Adverbs that are a doubt wherever the rules find them, however the network reads them.
_HEARSAY = words("hearsay-adverbs")


def labels(tokens: Tokens, reading: Reading, least: float, by: str) -> Labels:
    """The labels of an article, with ids that say only where links lead. A claim is worth a check from the probability
    ``least`` on; ``by`` is the annotator."""
    sayings = nested(Finder(tokens).find(), tokens)
    said = joined(tokens, with_said(tokens, reading.attributions, sayings))
    attributions = mended(tokens, [_bare(tokens, item) for item in said], sayings)
    with_quotations(tokens, sayings)
    attributions = by_marks(tokens, attributions, sayings)
    ruled = Doubts(tokens).find()
    permitted = _permitted(tokens, ruled)
    claims = mended_claims(tokens, [_bare_claim(tokens, item) for item in reading.claims], attributions, permitted)
    found = Found(
        attributions=with_headlines(tokens, [_attributed(item) for item in attributions], RULED),
        doubts=[_doubted(tokens, item) for item in _doubts(tokens, reading.doubts, ruled)],
        claims=[_claimed(item, least) for item in claims],
    )
    return assemble(tokens, found, by)


def _permitted(tokens: Tokens, ruled: Sequence[Ruled]) -> set[int]:
    """The tokens of "may" that the rules know to permit something."""
    doubtful = {item.cue[0][0] for item in ruled}
    return {
        token
        for token, word in enumerate(tokens.words)
        if word in _MODALS and token not in doubtful and tokens.kinds[token] == "m"
    }


def _doubts(tokens: Tokens, doubts: Sequence[Doubt], found: Sequence[Ruled]) -> list[Doubt]:
    """Without modals that the rules know to mean something else ("trains may carry 40 tons") and what the network is not
    sure of where they find none; with those that hang on how a clause is built ("Had the alarm sounded")."""
    meant = {token: item for item in found for first, last in item.cue for token in range(first, last + 1)}
    out: list[Doubt] = []
    taken: set[int] = set()
    for item in doubts:
        over = tokens.over(*item.cue[0])
        rule = next((meant[token] for token in range(over[0], over[1] + 1) if token in meant), None) if over else None
        if rule is None and (
            item.probability < CUE or (over and (_is_modal(tokens, over) or _is_unable(tokens, over)))
        ):
            continue
        if rule is not None and rule.construction:
            item = replace(item, kind=rule.kind, certainty=rule.certainty)
        if rule is not None and over and len(rule.cue) == 1 and _is_part(over, rule.cue[0]):
            item = replace(item, cue=(tokens.span(*rule.cue[0]),))
        taken.update(range(over[0], over[1] + 1) if over else ())
        out.append(item)
    for rule in found:
        sure = rule.construction or tokens.words[rule.cue[0][0]] in _HEARSAY
        if sure and taken.isdisjoint(range(rule.cue[0][0], rule.cue[-1][1] + 1)):
            out.append(_by_rule(tokens, rule))
    return sorted(out, key=lambda item: item.cue)


def _is_part(cue: tuple[int, int], whole: tuple[int, int]) -> bool:
    """Whether a cue of words is the beginning of a longer one: "as long | as"."""
    return cue[0] == whole[0] and cue[0] < cue[1] < whole[1]


def _is_modal(tokens: Tokens, over: tuple[int, int]) -> bool:
    return over[0] == over[1] and tokens.words[over[0]] in _MODALS


def _is_unable(tokens: Tokens, over: tuple[int, int]) -> bool:
    """Whether "could not" says that somebody was not able to."""
    return tokens.words[over[0]] in ("could", "couldn") and tokens.words[over[0] + 1] in ("not", "'t", "’t")


def _by_rule(tokens: Tokens, rule: Ruled) -> Doubt:
    """A doubt that only the rules found."""
    return Doubt(
        cue=tuple(tokens.span(*piece) for piece in rule.cue),
        scope=tuple(tokens.span(*piece) for piece in rule.scope),
        probability=CUE,
        kind=rule.kind,
        certainty=rule.certainty,
    )


def _attributed(item: Attributed) -> assembled.Attributed:
    return assembled.Attributed(
        source=item.source,
        cue=item.cue,
        content=item.content,
        act=item.act,
        negated=item.negated,
        source_kind=item.source_kind,
        parent=item.parent,
        confidence=round(item.probability, 4),
    )


def _doubted(tokens: Tokens, item: Doubt) -> Doubted:
    return Doubted(
        cue=bare(tokens, item.cue),
        scope=bare(tokens, item.scope),
        kind=item.kind,
        certainty=item.certainty,
        confidence=round(item.probability, 4),
    )


def _claimed(item: Stated, least: float) -> Claimed:
    return Claimed(
        extent=item.extent,
        kind=item.kind,
        worth="check_worthy" if item.worth >= least else "unimportant",
        certainty=item.certainty,
        polarity=item.polarity,
        confidence=round(item.probability, 4),
    )


# -- markup -----------------------------------------------------------------------------------------------------------


def _bare(tokens: Tokens, item: Attributed) -> Attributed:
    source, cue, content = (bare(tokens, part) for part in (item.source, item.cue, item.content))
    if [tokens.text[start:end] for start, end in cue] == [":"]:
        cue = ()  # a name and a colon are the whole of it
    return replace(item, source=source, cue=cue, content=content)


def _bare_claim(tokens: Tokens, item: Stated) -> Stated:
    return replace(item, extent=bare(tokens, item.extent))


def bare(tokens: Tokens, part: Part) -> Part:
    """A part without markup at the ends of its pieces, nor a comma behind it: "**Anna Lind**," """
    out = []
    for start, end in part:
        held = tokens.text[start:end].rstrip()  # markup reads as white space there
        if held.endswith(",") and held[-2:-1].isspace():
            held = held[:-1].rstrip()
        inner = held.lstrip()
        out.append(Span(start + len(held) - len(inner), start + len(held)) if inner else Span(start, end))
    return tuple(out)
