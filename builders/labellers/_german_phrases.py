"""Attributions of a German sentence without a verb of saying: "laut Lind", "..., so Lind", "der Vorwurf, dass".

Conventions: indices count tokens, stretches are half-open. Inside quotations nothing is looked for.
"""

from collections.abc import Iterator

from allegedly.builders.labellers._german_clauses import (
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
from allegedly.builders.labellers._german_sayings import Saying, around, joined
from allegedly.builders.labellers._german_tokens import OBLIQUE, PHRASE, SUBJECT, Tokens

_FROM = ("von", "vom", "aus", "für")
#: What "von" belongs to where one of these follows its phrase.
_OUT = ("aus", "ausgehen", "auszugehen", "ausgegangen", "ausgeht", "ausging", "ab")
_COMPOUNDS = ("angaben", "berichten", "informationen", "meldungen")
_OWNERS = frozenset("seiner ihrer seinen ihren meiner unserer unseren seinem ihrem seine ihre".split())  # noqa: SIM905


class Phrases:
    """The attributions of one sentence that hang on a phrase or a noun."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens

    def by_phrases(self) -> Iterator[Saying]:
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
                yield found

    def _according(self, at: int) -> Saying | None:
        match = OBLIQUE.match(self.tokens.kinds, at + 1, self.tokens.last)
        if not match:
            return None
        if "eigen" in {word[:5] for word in self.tokens.words[at + 1 : match.end()]}:
            return Saying(self._own(at, match.end()), [(at, match.end())], self._clause(at, match.end()))
        end = self._with_origin(self._counted(at + 1, match.end()))
        return Saying((at + 1, end), [(at, at + 1)], self._clause(at, end))

    def _counted(self, first: int, end: int) -> int:
        """The end of a phrase before a number that counts what follows: "laut Polizei 200 Euro"."""
        kinds = self.tokens.kinds
        number = kinds.find("#", first + 1, end)
        return number if number > 0 and (number + 1 < end or kinds[end] in "jN") else end

    def _own(self, first: int, stop: int) -> Range | None:
        """Whose "own" a phrase means: the subject of its clause."""
        tokens = self.tokens
        start = clause_start(tokens, first)
        if start == first:
            who = behind(tokens, stop + 1)
            return (who[0], self._counted(*who)) if who else None
        begin = start
        while begin < first and tokens.kinds[begin] in "scuba":
            begin += 1
        match = PHRASE.match(tokens.kinds, begin, first)
        if match:
            return match.span()
        finite = tokens.next("fkKv", start, first)
        return subject(tokens, finite, last=False) if finite < first else None

    def _with_origin(self, end: int) -> int:
        """The end of a phrase with "von Lind" behind it."""
        tokens = self.tokens
        if tokens.kinds[end : end + 1] == "p" and tokens.words[end] in ("von", "vom", "aus", "für"):
            match = OBLIQUE.match(tokens.kinds, end + 1, tokens.last)
            return match.end() if match and tokens.words[match.end()] not in _OUT else end
        return end

    def _view(self, at: int) -> Saying | None:
        """ "Nach Angaben der Polizei", "nach Polizeiangaben", "ihrer Ansicht nach"."""
        tokens = self.tokens
        if at > 1 and _is_view(tokens.words[at - 1]) and tokens.kinds[at - 1] == "N":
            return self._postposed(at)
        noun = at + 1
        while noun < tokens.last and tokens.kinds[noun] in "dDegj#ax" and noun - at < 5:
            noun += 1
        if noun >= tokens.last or tokens.kinds[noun] != "N" or not _is_view(tokens.words[noun]):
            return None
        of = noun + 1
        if tokens.words[of] in _FROM:
            of += 1
        elif tokens.kinds[of] not in "egj#N" or tokens.words[noun] not in lexicon().views:
            of = 0
        match = OBLIQUE.match(tokens.kinds, of, tokens.last) if of else None
        if match and tokens.words[of - 1] == "von" and tokens.words[match.end()] in _OUT:
            match = None  # "geht von Brandstiftung aus"
        if tokens.words[at + 1].startswith("eigen") and noun == at + 2:
            return self._viewed(self._own(at, noun + 1), [(at, noun + 1)], at, noun + 1, noun)
        end = self._with_origin(match.end()) if match else noun + 1
        if match:
            return self._viewed((of, end), [(at, of)], at, end, noun)
        if noun == at + 1 and tokens.words[noun] in lexicon().views:
            return None
        if noun == at + 2 and tokens.words[at + 1] in _OWNERS:
            return self._viewed((at + 1, noun), [(at, at + 1), (noun, noun + 1)], at, end, noun)
        return self._viewed((at + 1, noun + 1), [(at, at + 1)], at, end, noun)

    def _viewed(self, who: Range | None, cue: list[Range], first: int, stop: int, noun: int) -> Saying:
        """An attribution by the phrase of a noun: what somebody thinks, or says."""
        act = lexicon().nouns.get(self.tokens.words[noun], "speech")
        return Saying(who, cue, self._clause(first, stop), act)

    def _postposed(self, at: int) -> Saying | None:
        """ "Der Polizei zufolge", "Angaben der Polizei zufolge"."""
        tokens = self.tokens
        stop = at - 1 if tokens.words[at] == "folge" else at
        for start in range(max(clause_start(tokens, stop), stop - 14), stop):
            alone = start == stop - 1 and tokens.kinds[start] in "oD"
            if alone or OBLIQUE.fullmatch(tokens.kinds, start, stop):
                break
        else:
            return None
        cue, who = [(stop, at + 1)], (start, stop)
        noun = tokens.next("N", start, stop)
        if noun + 1 < stop and tokens.words[noun] in lexicon().views and tokens.kinds[noun + 1] in "eg":
            cue, who = [(start, noun + 1), (stop, at + 1)], (noun + 1, stop)
        elif noun == start + 1 == stop - 1 and tokens.words[start] in _OWNERS:
            cue, who = [(noun, at + 1)], (start, noun)
        return self._viewed(who, cue, start, at + 1, min(noun, stop - 1))

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
        content_pieces = around(tokens, sentence_start(tokens, at), at - 1, close)
        if tokens.kinds[close : close + 1] == "," and is_relative(tokens, close + 1):
            content_pieces = around(tokens, sentence_start(tokens, at), at - 1, tokens.last)
        if tokens.words[verb + 1 : end] == ["es"]:
            return Saying(None, [(at, end)], content_pieces)
        return Saying((verb + 1, end), [(at, verb + 1)], content_pieces)

    def _thus(self, at: int) -> Saying | None:
        """ "Demnach ...", "Berichte, wonach ...": what a text before says."""
        tokens = self.tokens
        if tokens.words[at] == "wonach":
            end = tokens.next(",;", at + 1, tokens.last)
            noun = at - 2
            who = (noun, noun + 1) if noun >= 0 and tokens.kinds[noun] == "N" else None
            return Saying(who, [(at, at + 1)], pieces(tokens, (at + 1, end)))
        return Saying(None, [(at, at + 1)], self._clause(at, at + 1))

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

    def by_nouns(self) -> Iterator[Saying]:
        """ "Der Vorwurf der Partei, dass ..."."""
        tokens, nouns = self.tokens, lexicon().nouns
        for at in range(tokens.last - 1):
            if tokens.kinds[at] != "N" or at in tokens.hidden or tokens.words[at] not in nouns:
                continue
            act = nouns[tokens.words[at]]
            who, end = self._whose(at + 1)
            comma = tokens.next(",", end, tokens.last)
            if comma - end > 3:
                continue
            said = content(tokens, end, Verb(tokens.words[at], act, "n", infinitives=True), embedded=True)
            if said is None or said[0] != comma + 1:
                continue
            saying = Saying(who, [(at, at + 1)], [said], act)
            if who is None:
                self._support(saying, at, comma)
            yield saying

    def _whose(self, at: int) -> tuple[Range | None, int]:
        """Whose a noun is: the phrase in the genitive or with "von" behind it, and where that ends."""
        tokens = self.tokens
        begin = at if tokens.kinds[at] in "eg" else at + 1 if tokens.words[at] == "von" else -1
        match = OBLIQUE.match(tokens.kinds, begin, tokens.last) if begin > 0 else None
        return (match.span(), match.end()) if match else (None, at)

    def _support(self, saying: Saying, noun: int, stop: int) -> None:
        """The subject of the verb beside a noun holds it: "vertrat die Ansicht, dass"."""
        tokens = self.tokens
        start = clause_start(tokens, noun)
        for at in range(start, stop):
            if tokens.words[at] in lexicon().support and tokens.kinds[at] in "fvxjk":
                who = subject(tokens, at, last=False)
                if who is not None and not who[0] <= noun < who[1] and tokens.words[who[0] : who[1]] != ["es"]:
                    saying.source = who
                    saying.cue = joined(sorted({at, noun}))
                return


def _is_view(word: str) -> bool:
    """Whether a noun is one that leads to a source, or a compound of one."""
    views = lexicon().views
    return word in views or word.endswith(_COMPOUNDS)
