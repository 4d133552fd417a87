"""From what the network says about an article to labels: forms, parents, holders, claimers.

Conventions: offsets are those of the article's text. Attributes come from the network, but for the form, which anybody
can see in the marks; whose words a doubt or a claim is, is the innermost attribution around it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from allegedly.builders.labellers._attribution import Finder
from allegedly.builders.labellers._forms import form
from allegedly.builders.labellers._learned_claims import mended as mended_claims
from allegedly.builders.labellers._learned_join import joined
from allegedly.builders.labellers._learned_mended import mended, with_said
from allegedly.builders.labellers._learned_model import CUE, Attributed, Doubt, Reading, Stated
from allegedly.builders.labellers._nesting import nested
from allegedly.builders.labellers._speakers import with_speakers
from allegedly.builders.labellers._speculation import Doubt as Ruled
from allegedly.builders.labellers._speculation import Doubts
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.records import Attribution, Claim, Labels, Part, Span, Speculation

SCHEME = "allegedly-1"
_MODALS = frozenset(["may"])
#: Rules of doubt that hang on how a clause is built, not on what it speaks of.
_BUILT = frozenset("inverted provided chance counted feared awaited poised".split())  # noqa: SIM905 - reads best as words


def labels(tokens: Tokens, reading: Reading, least: float, by: str) -> Labels:
    """The labels of an article, with ids that say only where links lead. A claim is worth a check from the probability
    ``least`` on; ``by`` is the annotator."""
    sayings = nested(Finder(tokens).find(), tokens)
    said = joined(tokens, with_said(tokens, reading.attributions, sayings))
    attributions = mended(tokens, [_bare(tokens, item) for item in said], sayings)
    ruled = Doubts(tokens).find()
    permitted = _permitted(tokens, ruled)
    claims = mended_claims(tokens, [_bare_claim(tokens, item) for item in reading.claims], attributions, permitted)
    around = Around(attributions)
    doubts = _doubts(tokens, reading.doubts, ruled)
    return Labels(
        claims=tuple(_claim(tokens, item, around, least, by) for item in claims),
        speculations=tuple(_speculation(tokens, item, around, by) for item in doubts),
        attributions=with_speakers(
            tokens, [_attribution(tokens, number, item, by) for number, item in enumerate(attributions)]
        ),
    )


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
        if rule is not None and rule.rule in _BUILT:
            item = replace(item, kind=rule.kind, certainty=rule.certainty)
        if rule is not None and over and len(rule.cue) == 1 and _is_part(over, rule.cue[0]):
            item = replace(item, cue=(tokens.span(*rule.cue[0]),))
        taken.update(range(over[0], over[1] + 1) if over else ())
        out.append(item)
    for rule in found:
        if rule.rule in _BUILT and taken.isdisjoint(range(rule.cue[0][0], rule.cue[-1][1] + 1)):
            out.append(_by_rule(tokens, rule))
    return sorted(out, key=lambda item: item.cue)


def _is_part(cue: tuple[int, int], whole: tuple[int, int]) -> bool:
    """Whether a cue of words is the beginning of a longer one: "as long | as"."""
    return cue[0] == whole[0] and cue[0] < cue[1] < whole[1]


def _is_modal(tokens: Tokens, over: tuple[int, int]) -> bool:
    return over[0] == over[1] and tokens.words[over[0]] in _MODALS


def _is_unable(tokens: Tokens, over: tuple[int, int]) -> bool:
    """Whether "could not" says that somebody was not able to."""
    first, last = over
    return tokens.words[first] in ("could", "couldn") and tokens.words[min(first + 1, last + 1)] in ("not", "'t", "’t")


def _by_rule(tokens: Tokens, rule: Ruled) -> Doubt:
    """A doubt that only the rules found."""
    return Doubt(
        cue=tuple(tokens.span(*piece) for piece in rule.cue),
        scope=tuple(tokens.span(*piece) for piece in rule.scope),
        probability=CUE,
        kind=rule.kind,
        certainty=rule.certainty,
    )


class Around:
    """Which attribution a place lies in: the innermost content that holds it, and the cue that does."""

    def __init__(self, attributions: Sequence[Attributed]) -> None:
        self._contents = [
            sorted(
                (start, end, number)
                for number, item in enumerate(attributions)
                if (item.parent >= 0) is inner
                for start, end in item.content
            )
            for inner in (True, False)
        ]
        self._cues = sorted((start, end, number) for number, item in enumerate(attributions) for start, end in item.cue)

    def content(self, place: int) -> str | None:
        """The innermost attribution whose content holds a place."""
        return next((_name(found) for held in self._contents if (found := _holding(held, place)) is not None), None)

    def cue(self, place: int) -> str | None:
        """The attribution whose cue holds a place."""
        found = _holding(self._cues, place)
        return None if found is None else _name(found)


def _name(number: int) -> str:
    return f"a{number}"


def _holding(ranges: Sequence[tuple[int, int, int]], place: int) -> int | None:
    """Which of some ranges in order, which do not overlap, holds a place."""
    at = bisect_right(ranges, (place, 1 << 60, 0)) - 1
    return ranges[at][2] if at >= 0 and place < ranges[at][1] else None


def _attribution(tokens: Tokens, number: int, item: Attributed, by: str) -> Attribution:
    return Attribution(
        id=_name(number),
        source=item.source,
        cue=item.cue,
        content=item.content,
        form=_form(tokens, item),
        act=item.act,
        negated=item.negated,
        source_kind=item.source_kind,
        parent=_name(item.parent) if item.parent >= 0 else None,
        confidence=round(item.probability, 4),
        by=by,
        scheme=SCHEME,
    )


def _form(tokens: Tokens, item: Attributed) -> str:
    """The form, by the marks in the text."""
    content = [over for span in item.content if (over := tokens.over(*span)) is not None]
    cue = tokens.over(*item.cue[0]) if item.cue else None
    return form(tokens, content, cue[0] if cue else None) if content else "indirect"


def _speculation(tokens: Tokens, item: Doubt, around: Around, by: str) -> Speculation:
    place = item.cue[0].start
    holder = around.cue(place) if item.kind == "doxastic" else None
    return Speculation(
        cue=bare(tokens, item.cue),
        scope=bare(tokens, item.scope),
        kind=item.kind,
        certainty=item.certainty,
        holder=holder or around.content(place),
        confidence=round(item.probability, 4),
        by=by,
        scheme=SCHEME,
    )


def _claim(tokens: Tokens, item: Stated, around: Around, least: float, by: str) -> Claim:
    longest = max(item.extent, key=lambda part: part.end - part.start)
    return Claim(
        extent=item.extent,
        kind=item.kind,
        worth="check_worthy" if item.worth >= least else "unimportant",
        certainty=item.certainty,
        polarity=item.polarity,
        claimer=around.content((longest.start + longest.end) // 2),
        confidence=round(item.probability, 4),
        by=by,
        scheme=SCHEME,
    )


# -- markup -----------------------------------------------------------------------------------------------------------


def _bare(tokens: Tokens, item: Attributed) -> Attributed:
    source, cue, content = (bare(tokens, part) for part in (item.source, item.cue, item.content))
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
