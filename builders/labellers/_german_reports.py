"""Cues of attribution in a German sentence, each with its source and with what is said.

Conventions: indices count tokens, stretches are half-open. A ``Saying`` is an attribution before it has offsets. Cues
inside quotations are not looked at. Of two that say the same words the verb comes before the noun.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from allegedly.builders.labellers._german_clauses import (
    THIS,
    Range,
    behind,
    clause_start,
    content,
    is_relative,
    pieces,
    sentence_start,
    subject,
)
from allegedly.builders.labellers._german_lexicon import Verb, lexicon
from allegedly.builders.labellers._german_tokens import OBLIQUE, SUBJECT, Tokens

#: How far a particle or a participle may stand from its finite verb.
_REACH = 40
_HAVE = frozenset("hat haben hatte hatten habe hätte hätten ist sind war waren sei seien".split())  # noqa: SIM905
_BECOME = frozenset("wird werden wurde wurden werde würde würden worden".split())  # noqa: SIM905


@dataclass(slots=True)
class Saying:
    """An attribution as stretches of tokens. ``back``: the sentence before is said as well."""

    source: Range | None
    cue: list[Range]
    content: list[Range]
    act: str = "speech"
    negated: bool = False
    back: bool = False
    frame: str = "verb"
    holder: Range | None = field(default=None)


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
        found: list[Saying] = []
        taken: set[Range] = set()
        for saying in (*self._by_verbs(), *self._by_phrases(), *self._by_nouns()):
            key = tuple(saying.content)
            if saying.content and key[0] not in taken and not any(_crosses(saying, each) for each in found):
                taken.add(key[0])
                found.append(saying)
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
        if verb.needs and not verb.needs & self._clause_words(cue):
            return None
        if not cue.last and tokens.back("fkKc", at, clause_start(tokens, at)) >= clause_start(tokens, at):
            # an infinitive behind a modal verb; behind "und" it is a second verb of the same subject
            if tokens.kinds[tokens.back("fkKc", at)] != "c":
                return None
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
            if tokens.kinds[finite + 1 : at].count(",") not in (0, 2) or (after < tokens.last and tokens.kinds[after] not in ',:-c)".'):
                return None
            passive = tokens.words[finite] in _BECOME
            cue = _Cue(verb, [finite, at], finite, at + 1, False, passive)
        if verb.particle:
            cue.tokens.append(at - 1)
        if verb.needs and not verb.needs & self._clause_words(cue):
            return None
        return cue

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

    def _clause_words(self, cue: _Cue) -> set[str]:
        start = min(clause_start(self.tokens, cue.finite), *cue.tokens)
        return set(self.tokens.words[start : cue.end + 2])

    def _said(self, cue: _Cue) -> Saying | None:
        """The attribution of a verb; None where nothing that it says is found."""
        tokens, verb = self.tokens, cue.verb
        start = clause_start(tokens, cue.finite)
        if tokens.kinds[start] == "w" and tokens.words[start] == "wie" and verb.mains and start < cue.finite:
            return self._like(cue, start)
        who = None if cue.passive else subject(tokens, cue.finite, cue.last)
        saying = Saying(who, _ranges(cue.tokens), [], verb.act)
        self._pronoun(saying, cue)
        if saying.source is not None:
            self.speakers.append((cue.finite, saying.source))
        if cue.passive:
            saying.source = self._by_whom(cue)
        at = max(cue.end, who[1]) if who is not None and who[0] > cue.finite else cue.end
        embedded = cue.last or (start > 0 and is_relative(tokens, start))
        said = content(tokens, at, verb, embedded)
        if said is not None and not self._all_quoted(said):
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
            saying.cue = _ranges([*cue.tokens, saying.source[0]])
        place = tokens.next("p", cue.end, min(cue.end + 3, tokens.last))
        saying.source = None
        if cue.verb.lemma == "heißen":
            start = clause_start(tokens, cue.finite)
            for at in (start, place):
                if tokens.kinds[at : at + 1] == "p" and tokens.words[at] in ("in", "im", "aus", "auf", "von", "vom", "bei", "beim"):
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
            if self.tokens.words[at] in ("nicht", "nie", "niemals", "keineswegs") and self.tokens.kinds[at + 1] in ",vxj":
                saying.negated = True
                saying.cue = _ranges(sorted({*cue.tokens, at}))
                return

    def _all_quoted(self, said: Range) -> bool:
        """Whether all that is said stands in quotation marks, "dass" aside: then it is direct speech."""
        first, stop = said
        first += self.tokens.kinds[first] == "s"
        return all(at in self.tokens.hidden or self.tokens.kinds[at] in "\"." for at in range(first, stop))

    def _like(self, cue: _Cue, start: int) -> Saying | None:
        """ "Wie Lind mitteilte, ...": all the rest of the sentence."""
        tokens = self.tokens
        who = subject(tokens, cue.finite, True)
        end = tokens.next(",", cue.end, tokens.last)
        begin = sentence_start(tokens, start)
        if end - cue.end > 12 or (start == begin and end >= tokens.last):
            return None
        saying = Saying(who, _ranges([start, *cue.tokens]), [], cue.verb.act, frame="tag")
        if cue.passive:
            saying.source = self._by_whom(cue)
        else:
            self._pronoun(saying, cue)
            saying.cue = _ranges(sorted({start, *(at for first, stop in saying.cue for at in range(first, stop))}))
        if saying.source:
            self.speakers.append((cue.finite, saying.source))
        saying.content = self._around(begin, start, end)
        return saying

    def _around(self, begin: int, start: int, end: int) -> list[Range]:
        """What stands before and behind a tag of a sentence, without quotations that make up all of it."""
        found = pieces(self.tokens, (begin, start), (end, self.tokens.last))
        return [piece for piece in found if not self._all_quoted(piece)]

    def _tag(self, saying: Saying, cue: _Cue, at: int) -> Saying | None:
        """ "..., sagte Lind": what stands before, and behind where it goes on."""
        tokens = self.tokens
        before = cue.finite - 1
        if before <= 0 or tokens.kinds[before] not in ',"-' or (saying.source and saying.source[0] < before):
            return None
        begin = sentence_start(tokens, before)
        kinds = tokens.kinds[begin:before]
        if not set(kinds) & set("fkKvs") or (kinds[0] == "u" and not set(kinds) & set("kK")):
            return None
        end = tokens.next(",", at, tokens.last)
        rest = end
        if end < tokens.last and (tokens.kinds[end + 1] in "de" and "k" not in tokens.kinds[end:]):
            rest = tokens.last
        saying.content = self._around(begin, before, rest)
        saying.frame = "tag"
        return saying if saying.content else None

    def _this(self, saying: Saying, cue: _Cue) -> Saying | None:
        """ "Das teilte Lind mit.": the sentence before."""
        tokens = self.tokens
        if tokens.words[0] not in THIS or not cue.tokens[0] <= 1 or tokens.last - cue.end > 8:
            return None
        saying.content, saying.back = [(0, 1)], True
        return saying

    # -- phrases -----------------------------------------------------------------------------------------------------

    def _by_phrases(self) -> Iterator[Saying]:
        tokens = self.tokens
        for at, word in enumerate(tokens.words[: tokens.last]):
            if at in tokens.hidden:
                continue
            if word in ("laut", "gemäß") and tokens.kinds[at] == "p":
                found = self._according(at)
            elif word == "nach":
                found = self._view(at)
            elif word == "zufolge" or (word == "folge" and tokens.words[at - 1] == "zu" and at):
                found = self._postposed(at)
            elif word == "so":
                found = self._so(at)
            elif word in ("demnach", "wonach"):
                found = self._thus(at)
            else:
                continue
            if found is not None and found.content:
                if found.source:
                    self.speakers.append((at, found.source))
                yield found

    def _according(self, at: int) -> Saying | None:
        match = OBLIQUE.match(self.tokens.kinds, at + 1, self.tokens.last)
        if not match:
            return None
        end = self._with_origin(match.end())
        return Saying((at + 1, end), [(at, at + 1)], self._clause(at, end), frame="phrase")

    def _with_origin(self, end: int) -> int:
        """The end of a phrase with "von Lind" behind it."""
        tokens = self.tokens
        if tokens.kinds[end : end + 1] == "p" and tokens.words[end] in ("von", "vom", "aus", "für"):
            match = OBLIQUE.match(tokens.kinds, end + 1, tokens.last)
            return match.end() if match else end
        return end

    def _view(self, at: int) -> Saying | None:
        """ "Nach Angaben der Polizei", "nach Polizeiangaben", "ihrer Ansicht nach"."""
        tokens = self.tokens
        noun = at + 1
        while noun < tokens.last and tokens.kinds[noun] in "dDegj#ax" and noun - at < 5:
            noun += 1
        if noun < tokens.last and tokens.kinds[noun] == "N" and _is_view(tokens.words[noun]):
            of = noun + 1
            if tokens.kinds[of : of + 1] == "p" and tokens.words[of] in ("von", "vom", "aus"):
                of += 1
            elif tokens.kinds[of : of + 1] not in tuple("egj#N") or tokens.words[noun] not in lexicon().views:
                of = 0
            match = OBLIQUE.match(tokens.kinds, of, tokens.last) if of else None
            if match:
                end = self._with_origin(match.end())
                return Saying((of, end), [(at, of)], self._clause(at, end), frame="phrase")
            return Saying((at + 1, noun + 1), [(at, at + 1)], self._clause(at, noun + 1), frame="phrase")
        if at > 1 and tokens.words[at - 1] in lexicon().views and tokens.kinds[at - 1] == "N":
            return self._postposed(at)
        return None

    def _postposed(self, at: int) -> Saying | None:
        """ "Der Polizei zufolge", "Angaben der Polizei zufolge"."""
        tokens = self.tokens
        stop = at - 1 if tokens.words[at] == "folge" else at
        floor = max(clause_start(tokens, stop), stop - 14)
        for start in range(floor, stop):
            if OBLIQUE.fullmatch(tokens.kinds, start, stop) or (start == stop - 1 and tokens.kinds[start] in "oD"):
                break
        else:
            return None
        cue, who = [(stop, at + 1)], (start, stop)
        noun = tokens.next("N", start, stop)
        if noun + 1 < stop and tokens.words[noun] in lexicon().views and tokens.kinds[noun + 1] in "eg":
            cue, who = [(start, noun + 1), (stop, at + 1)], (noun + 1, stop)
        return Saying(who, cue, self._clause(start, at + 1), frame="phrase")

    def _so(self, at: int) -> Saying | None:
        """ "..., so Lind": a tag without a verb, or with one ("so zeigen Studien")."""
        tokens = self.tokens
        if at == 0 or tokens.kinds[at - 1] not in ',"-' or at + 1 >= tokens.last:
            return None
        verb = at + 1 if at + 1 in tokens.verbs else at
        match = SUBJECT.match(tokens.kinds, verb + 1, tokens.last)
        if not match:
            return None
        end = match.end()
        if tokens.kinds[end : end + 1] == ",":
            who = behind(tokens, verb + 1)
            end = max(end, who[1]) if who else end
        close = tokens.next(",-", end, tokens.last)
        if close - end > 10 or set(tokens.kinds[end:close]) & set("fkKvs"):
            return None
        content_pieces = self._around(sentence_start(tokens, at), at - 1, close)
        if tokens.kinds[close : close + 1] == "," and is_relative(tokens, close + 1):
            content_pieces = self._around(sentence_start(tokens, at), at - 1, tokens.last)
        return Saying((verb + 1, end), [(at, verb + 1)], content_pieces, frame="tag")

    def _thus(self, at: int) -> Saying | None:
        """ "Demnach ...", "Berichte, wonach ...": what a text before says."""
        tokens = self.tokens
        if tokens.words[at] == "wonach":
            end = tokens.next(",;", at + 1, tokens.last)
            noun = at - 2
            who = (noun, noun + 1) if noun >= 0 and tokens.kinds[noun] == "N" else None
            return Saying(who, [(at, at + 1)], pieces(tokens, (at + 1, end)), frame="phrase")
        return Saying(None, [(at, at + 1)], self._clause(at, at + 1), frame="phrase")

    def _clause(self, first: int, stop: int) -> list[Range]:
        """The clause around a phrase, without it."""
        tokens = self.tokens
        start = clause_start(tokens, first)
        if start > 0 and (tokens.kinds[start] in "su" or is_relative(tokens, start)):
            end = tokens.next(",;", stop, tokens.last)
            begin = start + (tokens.kinds[start] == "u")
            return pieces(tokens, (begin, first), (stop, end))
        end = tokens.next(";", stop, tokens.last)
        if first == start and start > 0 and tokens.kinds[stop : stop + 1] in tuple("fkKvxj"):
            return pieces(tokens, (stop, end))
        if start > 0 and tokens.kinds[start] in "b":
            return pieces(tokens, (start + 1, first), (stop, end))
        return pieces(tokens, (sentence_start(tokens, first), first), (stop, end))

    # -- nouns -------------------------------------------------------------------------------------------------------

    def _by_nouns(self) -> Iterator[Saying]:
        """ "Der Vorwurf der Partei, dass ..."."""
        tokens, nouns = self.tokens, lexicon().nouns
        for at in range(tokens.last):
            if tokens.kinds[at] != "N" or at in tokens.hidden or tokens.words[at] not in nouns:
                continue
            act = nouns[tokens.words[at]]
            verb = Verb(tokens.words[at], act, "n", infinitives=True)
            end = at + 1
            who: Range | None = None
            if tokens.kinds[end : end + 1] in tuple("eg") and (match := OBLIQUE.match(tokens.kinds, end, tokens.last)):
                who, end = match.span(), match.end()
            elif tokens.words[end : end + 1] == ["von"] and (match := OBLIQUE.match(tokens.kinds, end + 1, tokens.last)):
                who, end = match.span(), match.end()
            comma = tokens.next(",", end, tokens.last)
            said = content(tokens, end, verb, embedded=True) if comma - end < 4 else None
            if said is None or said[0] != comma + 1:
                continue
            saying = Saying(who, [(at, at + 1)], [said], act, frame="noun")
            if who is None:
                self._support(saying, at, comma)
            yield saying

    def _support(self, saying: Saying, noun: int, stop: int) -> None:
        """The subject of the verb beside a noun holds it: "vertrat die Ansicht, dass"."""
        tokens = self.tokens
        start = clause_start(tokens, noun)
        for at in range(start, stop):
            if tokens.words[at] in lexicon().support and tokens.kinds[at] in "fvxjk":
                who = subject(tokens, at, last=False)
                if who is not None and not who[0] <= noun < who[1] and tokens.words[who[0] : who[1]] != ["es"]:
                    saying.source = who
                    saying.cue = _ranges(sorted({at, noun}))
                return


def _is_view(word: str) -> bool:
    """Whether a noun is one that leads to a source, or a compound of one."""
    views = lexicon().views
    return word in views or any(word.endswith(view) for view in ("angaben", "berichten", "informationen", "meldungen"))


def _ranges(tokens: list[int]) -> list[Range]:
    """Tokens as stretches, neighbours joined."""
    found: list[Range] = []
    for at in sorted(tokens):
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def _crosses(one: Saying, other: Saying) -> bool:
    """Whether two cues share a token."""
    return any(a < d and c < b for a, b in one.cue for c, d in other.cue)
