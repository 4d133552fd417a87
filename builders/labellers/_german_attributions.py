"""Attributions of a German article: direct speech joined with what is reported without marks.

Conventions: offsets are half-open, in code points; a content has no full stop outside quotation marks. Direct speech
comes from ``_quotations.py``. Words in quotation marks inside a reported clause belong to it, and make it mixed. A
sentence in the mood of reported speech that has no cue goes on with what was said: source and cue are empty, the speaker
is whoever spoke last. ``speaker`` is the source as it stands; of a pronoun, whoever was the source before. What kind of
name a source is, nothing here can tell: ``source_kind`` is null where there is one.
The work is linear in the length of the text: sentences of more than ``LONGEST`` tokens are left out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from allegedly.builders.labellers._german_clauses import Range, is_relative
from allegedly.builders.labellers._german_reports import Reports
from allegedly.builders.labellers._german_sayings import Saying
from allegedly.builders.labellers._german_tokens import LONGEST, OBLIQUE, Tokens
from allegedly.builders.labellers._german_words import without_recipient
from allegedly.builders.labellers._untangled import by_content, untangled
from allegedly.schemas.records import Article, Attribution, Part, Span

SCHEME = "allegedly-1"
#: So many characters make a sentence that is too long to be looked into, before its tokens are counted.
_CHARACTERS = 8 * LONGEST
#: How many sentences without a source lie at most between a speaker and a sentence that goes on.
_FAR = 6
#: How far before a relative pronoun its phrase may begin, in tokens.
_NEAR = 14
_PRONOUNS = frozenset("er sie es dieser diese der die das ihm ihr ihnen ihrer ihren seiner seinen letzterer".split())  # noqa: SIM905


@dataclass(slots=True)
class _State:
    """What has been read: attributions, the last speaker with how many sentences ago, the free speech that is open."""

    found: list[Attribution] = field(default_factory=list)
    speaker: Part = ()
    age: int = 0
    free: int = -1
    before: Span | None = None


def with_reports(
    article: Article, text: str, direct: Sequence[Attribution], quoted: Sequence[tuple[int, int]], by: str
) -> tuple[Attribution, ...]:
    """Direct speech and reports of an article, in order, with parents and speakers."""
    state = _State()
    starts = [start for start, _ in quoted]
    ends = [block.end for block in article.blocks]
    spoken = sorted((label.content[0].start, label) for label in direct if label.content)
    places = [place for place, _ in spoken]
    block = -1
    for sentence in article.sentences:
        at = bisect_left(ends, sentence.end)
        if at != block:
            block, state.before, state.free = at, None, -1
        near = quoted[max(0, bisect_right(starts, sentence.start) - 1) : bisect_left(starts, sentence.end)]
        here = [label for _, label in spoken[bisect_left(places, sentence.start) : bisect_left(places, sentence.end)]]
        _sentence(state, text, sentence, near, here, by)
    return _nested(untangled(_joined(direct, state.found)))


def _sentence(
    state: _State,
    text: str,
    sentence: Span,
    quoted: Sequence[tuple[int, int]],
    direct: Sequence[Attribution],
    by: str,
) -> None:
    """Adds the reports of one sentence."""
    state.age += 1
    if sentence.end - sentence.start > _CHARACTERS:
        state.free, state.before = -1, None
        return
    tokens = Tokens(text, sentence.start, sentence.end, quoted)
    if not 1 < len(tokens) <= LONGEST or not tokens.last:
        return
    reports = Reports(tokens)
    sayings = reports.find()
    goes_on = _goes_on(tokens, sayings, direct)
    for saying in sayings:
        label = _label(state, text, tokens, saying, by)
        state.found.append(label)
    spoken = [tokens.part(*who) for _, who in sorted(reports.speakers) if who[1] <= len(tokens)]
    if goes_on:
        _free(state, tokens, sentence, by)
    else:
        state.free = -1
    for span in spoken:
        _heard(state, text, (span,))
    for label in direct:
        if label.source:
            _heard(state, text, label.source)
    state.before = tokens.part(0, tokens.last)


def _heard(state: _State, text: str, source: Part) -> None:
    """Remembers who spoke; a pronoun stands for whoever spoke before."""
    if text[source[0].start : source[-1].end].lower() not in _PRONOUNS:
        state.speaker = source
    state.age = 0


def _label(state: _State, text: str, tokens: Tokens, saying: Saying, by: str) -> Attribution:
    content = tuple(tokens.part(*piece) for piece in sorted(saying.content))
    if saying.back and state.before is not None:
        content = (state.before, *content)
    source: Part = without_recipient(text, (tokens.part(*saying.source),)) if saying.source else ()
    return Attribution(
        source=source,
        cue=tuple(tokens.part(*piece) for piece in sorted(saying.cue)),
        content=content,
        form="indirect",
        act=saying.act,
        negated=saying.negated,
        source_kind=None if source else "none",
        speaker=_speaker(state, tokens, saying.source, source),
        by=by,
        scheme=SCHEME,
    )


def _speaker(state: _State, tokens: Tokens, place: Range | None, source: Part) -> Part:
    """Whom a source stands for: a relative pronoun for the phrase before it, another for whoever spoke last."""
    if place is None or " ".join(tokens.words[place[0] : place[1]]) not in _PRONOUNS:
        return source
    first = place[0]
    if tokens.kinds[first] not in "de" or not is_relative(tokens, first):
        return state.speaker or source
    for start in range(max(0, first - _NEAR), first - 1):
        if OBLIQUE.fullmatch(tokens.kinds, start, first - 1):
            return (tokens.part(start, first - 1),)
    return source


# -- speech that goes on without a cue ---------------------------------------------------------------------------------


def _goes_on(tokens: Tokens, sayings: Sequence[Saying], direct: Sequence[Attribution]) -> bool:
    """Whether a sentence is reported by its mood alone: its first finite verb, in a main clause, is in that mood."""
    if sayings or any(label.cue for label in direct) or tokens.words[:3] == ["es", "sei", "denn"]:
        return False
    kinds = tokens.kinds
    start = tokens.next(",", 0, tokens.last) + 1 if kinds[0] in "us" else 0
    for _ in range(4):
        stop = tokens.next(",;:", start, tokens.last)
        verb = tokens.next("fkKv", start, stop)
        if verb < stop and not is_relative(tokens, start) and kinds[start] not in "us":
            return kinds[verb] == "k" or (
                kinds[verb] == "K" and tokens.words[verb].endswith("ten") and "u" not in kinds
            )
        if stop >= tokens.last:
            return False
        start = stop + 1
    return False


def _free(state: _State, tokens: Tokens, sentence: Span, by: str) -> None:
    """Adds a sentence to the free speech that is open, or opens one."""
    span = tokens.part(0, tokens.last)
    if state.free >= 0:
        label = state.found[state.free]
        state.found[state.free] = replace(label, content=(Span((label.content or (span,))[0].start, span.end),))
        return
    state.free = len(state.found)
    state.found.append(
        Attribution(
            source=(),
            cue=(),
            content=(span,),
            form="indirect",
            act="speech",
            negated=False,
            source_kind="none",
            speaker=state.speaker if state.age <= _FAR else (),
            by=by,
            scheme=SCHEME,
        )
    )


# -- direct speech and reports together --------------------------------------------------------------------------------


def _joined(direct: Sequence[Attribution], reports: Iterable[Attribution]) -> list[Attribution]:
    """All attributions in order: quoted words inside a report belong to it, unless they have a cue of their own."""
    kept = [replace(label, speaker=label.source or ()) for label in direct]
    pieces = sorted((span.start, span.end, number) for number, label in enumerate(kept) for span in label.content or ())
    starts = [start for start, _, _ in pieces]
    cues = {span.start: number for number, label in enumerate(kept) for span in label.cue or ()}
    gone: set[int] = set()
    made = []
    for report in reports:
        content = list(report.content or ())
        inside = set()
        crossed = False
        for span in content:
            low, high = bisect_left(starts, span.start), bisect_left(starts, span.end)
            for start, end, number in pieces[max(0, low - 1) : high]:
                if span.start <= start and end <= span.end + 2:
                    inside.add(number)
                elif start < span.end and span.start < end:
                    crossed = True
        same = {number for span in report.cue or () for number in [cues.get(span.start, -1)] if number >= 0}
        if crossed:
            continue
        for number in inside:
            own = kept[number].cue
            if number in same or not own:
                gone.add(number)
        for number in same - inside:
            content += kept[number].content or ()
            gone.add(number)
        made.append(replace(report, content=tuple(sorted(content)), form="mixed" if inside | same else "indirect"))
    return [*(label for number, label in enumerate(kept) if number not in gone), *made]


def _nested(labels: Iterable[Attribution]) -> tuple[Attribution, ...]:
    """Attributions in order, numbered, each with the innermost one whose content holds its cue as parent."""
    ordered = [replace(label, id=f"a{number}") for number, label in enumerate(sorted(labels, key=by_content))]
    open_: list[tuple[int, int, str]] = []
    cued = sorted(ordered, key=lambda label: (label.cue or label.content or (Span(0, 0),))[0].start)
    spans = sorted((span.start, span.end, label.id) for label in ordered for span in label.content or ())
    parents: dict[str, str] = {}
    done = 0
    for label in cued:
        place = (label.cue or label.content or (Span(0, 0),))[0].start
        while done < len(spans) and spans[done][0] <= place:
            open_.append(spans[done])
            done += 1
        open_ = [span for span in open_ if span[1] > place]
        around = [span for span in open_ if span[2] != label.id and label.cue]
        if around:
            parents[label.id] = min(around, key=lambda span: span[1] - span[0])[2]
    return tuple(replace(label, parent=parents.get(label.id)) for label in _uncycled(ordered, parents))


def _uncycled(labels: Sequence[Attribution], parents: dict[str, str]) -> Sequence[Attribution]:
    """Takes out parents that lead back to their child."""
    for label in labels:
        seen = {label.id}
        at = label.id
        while (up := parents.get(at)) is not None:
            if up in seen:
                del parents[at]
                break
            seen.add(up)
            at = up
    return labels
