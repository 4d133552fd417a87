"""Attributions of a German sentence: verbs of saying, each with its source and with what is said.

Conventions: indices count tokens, stretches are half-open. Cues inside quotations are not looked at. Of two that say
the same words the verb comes before the noun.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from allegedly.builders.labellers._german_clauses import (
    THIS,
    Range,
    clause_start,
    content,
    is_relative,
    sentence_start,
    subject,
)
from allegedly.builders.labellers._german_lexicon import Verb
from allegedly.builders.labellers._german_phrases import Phrases
from allegedly.builders.labellers._german_sayings import Saying, all_quoted, around, joined
from allegedly.builders.labellers._german_tokens import OBLIQUE, Tokens

#: How far a particle or a participle may stand from its finite verb.
_REACH = 40
_HAVE = frozenset("hat haben hatte hatten habe hätte hätten ist sind war waren sei seien".split())  # noqa: SIM905
#: Words that point to the clause that says what.
_POINTING = frozenset("davon darauf damit daran dazu darüber dafür dagegen daraus darin".split())  # noqa: SIM905
_BECOME = frozenset("wird werden wurde wurden werde würde würden worden".split())  # noqa: SIM905


@dataclass(slots=True)
class _Cue:
    """A verb with what belongs to it: ``finite`` its finite form, ``end`` where it ends, ``last``: at the end of its
    clause."""

    verb: Verb
    tokens: list[int]
    finite: int
    end: int
    last: bool
    passive: bool = False


class Reports:
    """The attributions of one sentence; ``speakers`` are subjects of verbs that say something, with or without words."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.speakers: list[tuple[int, Range]] = []

    def find(self) -> list[Saying]:
        """The attributions, in order of their cues, no two with the same content."""
        phrases = Phrases(self.tokens)
        found: list[Saying] = []
        taken: set[Range] = set()
        for saying in (*self._by_verbs(), *phrases.by_phrases(), *phrases.by_nouns()):
            if not saying.content or saying.content[0] in taken or any(_crosses(saying, each) for each in found):
                continue
            taken.add(saying.content[0])
            found.append(saying)
            if saying.source is not None:
                self.speakers.append((saying.cue[0][0], saying.source))
        return sorted(found, key=lambda saying: saying.cue[0])

    # -- verbs -------------------------------------------------------------------------------------------------------

    def _by_verbs(self) -> Iterator[Saying]:
        for at, verbs in self.tokens.verbs.items():
            if at in self.tokens.hidden:
                continue
            for verb in verbs:
                cue = self._cue(at, verb)
                if cue is not None and (saying := self._said(cue)) is not None:
                    yield saying
                    break

    def _cue(self, at: int, verb: Verb) -> _Cue | None:
        """The verb form at a token with its particle or auxiliary; None where it lacks one."""
        tokens = self.tokens
        if verb.shape == "p":
            return self._perfect(at, verb)
        if verb.shape != "f":
            return None
        cue = _Cue(verb, [at], at, at + 1, verb.last or self._is_last(at))
        if verb.particle and cue.last and tokens.words[at - 1] == verb.particle:
            cue.tokens = [at - 1, at]
        elif verb.particle:
            particle = self._particle(at, verb.particle)
            if particle < 0:
                return None
            cue.tokens.append(particle)
            cue.end = particle + 1
            cue.last = False
        if not self._has_needs(cue):
            return None
        before = tokens.back("fkKc", at, clause_start(tokens, at))
        if not cue.last and before >= clause_start(tokens, at) and tokens.kinds[before] != "c":
            return None  # an infinitive behind a modal verb; behind "und" it is a second verb of the same subject
        return cue if tokens.kinds[at] in "vfkK" else None

    def _perfect(self, at: int, verb: Verb) -> _Cue | None:
        tokens = self.tokens
        after = at + 1
        if tokens.words[at - 1] != verb.particle if verb.particle else tokens.words[at - 1] == "zu":
            return None
        if after < tokens.last and tokens.kinds[after] in "fk" and tokens.words[after] in _HAVE | _BECOME:
            end = after
            while end < tokens.last and tokens.kinds[end] in "fk":
                end += 1
            passive = any(word in _BECOME for word in tokens.words[after:end])
            cue = _Cue(verb, list(range(at, end)), end - 1, end, True, passive)
            if tokens.words[after] == "worden" and end == after + 1:
                cue = _Cue(verb, [at, after], at, end, False, True)
        else:
            finite = tokens.back("fkK;:", at, max(0, at - _REACH))
            if finite < 0 or tokens.words[finite] not in _HAVE | _BECOME:
                return None
            if tokens.kinds[finite + 1 : at].count(",") not in (0, 2) or (
                after < tokens.last and tokens.kinds[after] not in ',:-c)".'
            ):
                return None
            passive = tokens.words[finite] in _BECOME
            cue = _Cue(verb, [finite, at], finite, at + 1, False, passive)
        if verb.particle:
            cue.tokens.append(at - 1)
        return cue if self._has_needs(cue) else None

    def _is_last(self, at: int) -> bool:
        """Whether a finite verb ends its clause, and the clause begins as those whose verb stands last."""
        tokens = self.tokens
        if at + 1 < tokens.last and tokens.kinds[at + 1] not in ",:-c)":
            return False
        start = clause_start(tokens, at)
        return start < at and (tokens.kinds[start] in "suw" or is_relative(tokens, start))

    def _particle(self, at: int, particle: str) -> int:
        """Where the particle of a verb stands behind it, or -1."""
        tokens = self.tokens
        commas = 0
        for there in range(at + 1, min(len(tokens), at + _REACH)):
            if there in tokens.hidden:
                continue
            kind = tokens.kinds[there]
            if tokens.words[there] == particle and (there + 1 >= tokens.last or tokens.kinds[there + 1] in ",:-c;."):
                return there
            commas += kind == ","
            if kind in ";:ks" or commas > 2 or (kind == "f" and commas == 0):
                return -1
        return -1

    def _has_needs(self, cue: _Cue) -> bool:
        """Whether a word stands by that the verb needs ("davon"); words that point to what is said join the cue."""
        tokens, needs = self.tokens, cue.verb.needs
        first = min(clause_start(tokens, cue.finite), *cue.tokens)
        stop = min(cue.end + 2, tokens.last)
        near = [at for at in range(first, stop) if tokens.words[at] in needs]
        near += [at for at in range(min(cue.tokens), stop) if tokens.words[at] in _POINTING]
        if needs and not any(tokens.words[at] in needs for at in near):
            return False
        near += [at - 1 for at in near if tokens.words[at] in needs and tokens.words[at - 1] == "zu"]
        cue.tokens = sorted({*cue.tokens, *near})
        return True

    def _said(self, cue: _Cue) -> Saying | None:
        """The attribution of a verb; None where nothing that it says is found."""
        tokens, verb = self.tokens, cue.verb
        start = clause_start(tokens, cue.finite)
        if tokens.kinds[start] == "w" and tokens.words[start] == "wie" and verb.mains and start < cue.finite:
            return self._like(cue, start)
        if verb.lemma == "bekanntwerden":
            cue.passive = True
        who = None if cue.passive else subject(tokens, cue.finite, cue.last)
        saying = Saying(who, joined(cue.tokens), [], verb.act)
        self._pronoun(saying, cue)
        if saying.source is not None:
            self.speakers.append((cue.finite, saying.source))
        if cue.passive:
            saying.source = self._by_whom(cue)
        at = max(cue.end, who[1]) if who is not None and who[0] > cue.finite else cue.end
        embedded = cue.last or (start > 0 and is_relative(tokens, start))
        said = content(tokens, at, verb, embedded)
        if said is not None and not all_quoted(tokens, said):
            saying.content = [said]
            self._negate(saying, cue, said[0])
            return saying
        if verb.mains and not cue.last and not cue.passive:
            return self._tag(saying, cue, at) or self._this(saying, cue)
        return self._this(saying, cue) if verb.mains else None

    def _pronoun(self, saying: Saying, cue: _Cue) -> None:
        """ "Es" is nobody; it belongs to "heißt es"."""
        tokens = self.tokens
        if saying.source is None or tokens.words[saying.source[0] : saying.source[1]] != ["es"]:
            return
        if cue.verb.lemma == "heißen":
            saying.cue = joined([*cue.tokens, saying.source[0]])
        place = tokens.next("p", cue.end, min(cue.end + 3, tokens.last))
        saying.source = None
        if cue.verb.lemma == "heißen":
            start = clause_start(tokens, cue.finite)
            for at in (start, place):
                if tokens.kinds[at : at + 1] == "p" and tokens.words[at] in (
                    "in",
                    "im",
                    "aus",
                    "auf",
                    "von",
                    "vom",
                    "bei",
                    "beim",
                ):
                    match = OBLIQUE.match(tokens.kinds, at + 1, tokens.last)
                    saying.source = match.span() if match else None
                    return

    def _by_whom(self, cue: _Cue) -> Range | None:
        """Who does what stands in the passive: "von der Polizei"."""
        tokens = self.tokens
        start = clause_start(tokens, cue.finite)
        for at in range(start, min(cue.end, tokens.last)):
            if tokens.words[at] in ("von", "vom", "seitens") and (who := OBLIQUE.match(tokens.kinds, at + 1, cue.end)):
                return who.span()
        return None

    def _negate(self, saying: Saying, cue: _Cue, stop: int) -> None:
        """Says whether the act is denied; the word that denies it belongs to the cue."""
        for at in range(cue.finite + 1, min(stop, cue.finite + 12)):
            if (
                self.tokens.words[at] in ("nicht", "nie", "niemals", "keineswegs")
                and self.tokens.kinds[at + 1] in ",vxj"
            ):
                saying.negated = True
                saying.cue = joined(sorted({*cue.tokens, at}))
                return

    def _like(self, cue: _Cue, start: int) -> Saying | None:
        """ "Wie Lind mitteilte, ...": all the rest of the sentence."""
        tokens = self.tokens
        who = subject(tokens, cue.finite, True)
        end = tokens.next(",", cue.end, tokens.last)
        begin = sentence_start(tokens, start)
        if end - cue.end > 12 or (start == begin and end >= tokens.last):
            return None
        saying = Saying(who, joined([start, *cue.tokens]), [], cue.verb.act)
        if cue.passive or cue.verb.lemma == "bekanntwerden":
            saying.source = self._by_whom(cue)
        else:
            self._pronoun(saying, cue)
            saying.cue = joined(sorted({start, *(at for first, stop in saying.cue for at in range(first, stop))}))
        if saying.source:
            self.speakers.append((cue.finite, saying.source))
        saying.content = around(tokens, begin, start, end)
        return saying

    def _tag(self, saying: Saying, cue: _Cue, at: int) -> Saying | None:
        """ "..., sagte Lind": what stands before, and behind where it goes on."""
        tokens = self.tokens
        before = cue.finite - 1
        if before <= 0 or tokens.kinds[before] not in ',"-' or (saying.source and saying.source[0] < before):
            return None
        begin = sentence_start(tokens, before)
        kinds = tokens.kinds[begin:before]
        if not set(kinds) & set("fkKvsx") or (kinds[0] == "u" and not set(kinds) & set("kK")):
            return None
        end = tokens.next(",", at, tokens.last)
        rest = end
        if end < tokens.last and (tokens.kinds[end + 1] in "de" and "k" not in tokens.kinds[end:]):
            rest = tokens.last
        saying.content = around(tokens, begin, before, rest)
        return saying if saying.content else None

    def _this(self, saying: Saying, cue: _Cue) -> Saying | None:
        """ "Das teilte Lind mit.": the sentence before."""
        tokens = self.tokens
        if tokens.words[0] not in THIS or not cue.tokens[0] <= 1 or tokens.last - cue.end > 8:
            return None
        saying.content, saying.back = [(0, 1)], True
        return saying


def _crosses(one: Saying, other: Saying) -> bool:
    """Whether two cues share a token."""
    return any(a < d and c < b for a, b in one.cue for c, d in other.cue)
