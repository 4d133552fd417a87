"""Speculation by rule: words that put a statement as less than certain, and how far they reach.

Conventions: a cue is the smallest unit that carries the doubt, its scope holds it (BioScope). Indices count tokens,
ranges hold both ends.

Source: Vincze et al. 2008 (BioScope) for cues and scopes; Szarvas et al. 2012 for the kinds.
"""
# ruff: noqa: SIM905 -- word lists read best as words

import re
from dataclasses import dataclass

from allegedly.builders.labellers._frames import frame
from allegedly.builders.labellers._sources import GROUPS, ORGANISATIONS
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]


@dataclass(slots=True)
class Doubt:
    """A speculation as ranges of tokens."""

    cue: list[Range]
    scope: list[Range]
    kind: str
    certainty: str
    rule: str = ""


_TABLE = {
    # word: (rule, kind, certainty)
    "modal": ("may might could", "epistemic", "possible"),
    "must": ("must", "epistemic", "probable"),
    "adverb": (
        """perhaps maybe possibly conceivably potentially presumably probably apparently seemingly supposedly likely
        arguably purportedly putatively hypothetically""",
        "epistemic",
        "possible",
    ),
    "raising": ("appear appears appeared appearing seem seems seemed seeming", "epistemic", "probable"),
    "likely": ("likely unlikely", "epistemic", "probable"),
    "adjective": (
        """possible potential probable putative presumptive presumed suspected hypothetical plausible conceivable
        suggestive speculative""",
        "epistemic",
        "possible",
    ),
    "noun": (
        """possibility possibilities likelihood probability hypothesis hypotheses speculation prospect""",
        "epistemic",
        "possible",
    ),
    "evidence": (
        """suggest suggests suggested suggesting imply implies implied implying indicate indicates indicated
        indicating""",
        "epistemic",
        "probable",
    ),
    "guess": (
        """hypothesize hypothesized hypothesise speculate speculated speculates speculating postulate postulated
        propose proposed presume presumes estimate estimates estimated""",
        "epistemic",
        "probable",
    ),
    "belief": (
        """believe believes believed believing think thinks thought thinking suspect suspects suspecting fear fears
        feared fearing hope hopes hoped hoping doubt doubts doubted doubting expect expects expected
        expecting assume assumes assumed assuming guess guesses suppose supposes supposed consider
        considered feel feels""",
        "doxastic",
        "probable",
    ),
    "whether": ("whether", "investigative", "unknown"),
    "examine": (
        """examine examined examines examining investigate investigated investigates investigating""",
        "investigative",
        "unknown",
    ),
    "unclear": ("unclear unknown uncertain undetermined unsure questionable elusive", "investigative", "unknown"),
    "if": ("if unless", "conditional", "possible"),
    "provided": ("providing provided", "conditional", "possible"),
    "inverted": ("had should were", "conditional", "possible"),
    "chance": ("chance risk", "epistemic", "possible"),
    "awaited": ("projected forecast anticipated", "epistemic", "probable"),
    "poised": ("poised", "epistemic", "probable"),
}
WORDS = {word: (rule, kind, certainty) for rule, (words, kind, certainty) in _TABLE.items() for word in words.split()}
_PROBABLE = frozenset("probably apparently presumably seemingly likely supposedly probable presumed apparent".split())
#: After "could": what was achieved, or was not; ability, no doubt.
ABILITY = frozenset(
    """hear see feel smell tell afford remember understand believe imagine help stand bear hide resist read write
    speak swim walk run sleep find stop keep wait hold""".split()
)
_PERMITTED = frozenset("also only not now".split())
_FIXED = (
    # words of a fixed expression, kind, certainty; "|" stands between alternatives
    ("can|could not|'t|’t|never be ruled|excluded out|", "epistemic", "possible"),
    ("cannot be ruled|excluded out|", "epistemic", "possible"),
    ("easy to imagine", "epistemic", "possible"),
    ("possible|conceivable to imagine", "epistemic", "possible"),
    ("remains|remained to be seen|determined", "investigative", "unknown"),
    ("raise|raises|raised|raising the possibility", "epistemic", "possible"),
    ("raise|raises|raised|raising the question", "investigative", "unknown"),
    ("no evidence|proof", "epistemic", "unknown"),
    ("not yet known|clear", "investigative", "unknown"),
    ("not yet sure|certain", "epistemic", "unknown"),
    ("not immediately|entirely|fully clear", "investigative", "unknown"),
    ("as|so long as", "conditional", "possible"),
    ("on course|track to", "epistemic", "probable"),
    ("not known", "investigative", "unknown"),
    ("not clear", "investigative", "unknown"),
    ("not sure|certain", "epistemic", "unknown"),
)


def _fixed() -> dict[str, list[tuple[list[frozenset[str]], str, str]]]:
    table: dict[str, list[tuple[list[frozenset[str]], str, str]]] = {}
    for words, kind, certainty in _FIXED:
        parts = [frozenset(part.split("|")) for part in words.split()]
        for head in sorted(parts[0]):
            table.setdefault(head, []).append((parts, kind, certainty))
    return table


FIXED = _fixed()
_STARTS = frozenset(WORDS) | frozenset(FIXED)


class Doubts:
    """Finds the speculations of one article."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.kinds, self.words = tokens.kinds, tokens.words

    def find(self) -> list[Doubt]:
        """All speculations, in order of their cues."""
        doubts: list[Doubt] = []
        words = self.words
        hits = [token for token, word in enumerate(words) if word in _STARTS]
        sentences = iter(self.tokens.sentences)
        first = last = -1
        taken = -1
        for token in hits:
            while token >= last:
                first, last = next(sentences)
                first = self.tokens.opening(first)
            if token <= taken:
                continue
            doubt = self._fixed(token, first, last) or self._word(token, first, last)
            if doubt is not None:
                doubts.append(doubt)
                taken = doubt.cue[-1][1]
        return doubts

    def scope(self, cue: Range) -> list[Range] | None:
        """The scope of a cue that is given."""
        number = self.tokens.sentence(cue[0])
        if number < 0 or cue[0] >= self.tokens.sentences[number][1]:
            return None
        first, last = self.tokens.sentences[number]
        end = min(cue[1], last - 1)
        head = next((token for token in range(cue[0], end + 1) if self.words[token] in WORDS), cue[0])
        rule = WORDS.get(self.words[head], ("", "", ""))[0]
        return [self._scope(rule, head, cue[0], end, first, last)]

    # -- cues ----------------------------------------------------------------------------------------------------

    def _fixed(self, token: int, first: int, last: int) -> Doubt | None:
        for parts, kind, certainty in FIXED.get(self.words[token], ()):
            end = token
            for words in parts[1:]:
                if end + 1 < last and self.words[end + 1] in words:
                    end += 1
                elif "" in words:
                    break
                else:
                    end = -1
                    break
            if end > token:
                if kind == "investigative" and parts[0] == {"not"} and not self._asks(end + 1):
                    continue
                if kind == "conditional" and not self._conditions(token, end + 1, first):
                    continue
                if parts[0] == {"no"} and frame(self.tokens, end + 1) != "t":
                    continue
                return Doubt([(token, end)], [self._scope("fixed", token, token, end, first, last)], kind, certainty)
        return None

    def _conditions(self, token: int, after: int, first: int) -> bool:
        """Whether words open a clause of condition: ", as long as the field is dry"."""
        return (token == first or self.kinds[token - 1] != "b") and frame(self.tokens, after) in "ct"

    def _asks(self, token: int) -> bool:
        return frame(self.tokens, token) == "w"

    def _word(self, token: int, first: int, last: int) -> Doubt | None:
        words = self.words
        entry = WORDS.get(words[token])
        if entry is None:
            return None
        rule, kind, certainty = entry
        end = getattr(self, f"_{rule}")(token, first, last)
        if end is None:
            return None
        if words[token] in _PROBABLE:
            certainty = "probable"
        if rule in ("belief", "guess") and (self.kinds[token - 1] == "d" or self._counts(token)):
            kind, rule = "epistemic", "counted"
        if words[token] == "feared" and self.kinds[token - 1] == "b":
            rule = "feared"
        if rule == "chance" and self._share(token) > _EVEN:
            certainty = "probable"
        if words[token] in ("fear", "fears", "feared", "hope", "hopes", "hoped", "hoping", "fearing"):
            certainty = "possible"
        return Doubt([(token, end)], [self._scope(rule, token, token, end, first, last)], kind, certainty, rule)

    def _modal(self, token: int, first: int, last: int) -> int | None:
        kinds, words = self.kinds, self.words
        after = words[token + 1]
        if kinds[token] == "N" or kinds[token + 1] in "#ZN" or (token == first and words[token] != "might"):
            return None  # the month, a name, a question ("Could it ...?")
        if kinds[token - 1] in "ds" and token > first and words[token - 1] not in _THESE:
            return None  # "the might of"
        if words[token] in ("could", "may") and self._at_which(token, first):
            return None
        if words[token] == "could":
            verb = token + 1 if after not in ("not", "'t", "’t", "never", "hardly", "barely", "only") else -1
            if verb < 0 or words[token - 1] in ("as", "so") or after in ABILITY or after == "n":
                return None
        if words[token] == "may" and self._allowed(token, first, last):
            return None
        return token

    def _at_which(self, token: int, first: int) -> bool:
        """Whether a modal stands behind "the age at which workers", "the hours in which": what they are free to do."""
        kinds, words = self.kinds, self.words
        here = token - 1
        while here > first and kinds[here] in "dnN#spao":
            here -= 1
        return words[here] == "which" and kinds[here - 1] == "P" and here < token - 1

    def _allowed(self, token: int, first: int, last: int) -> bool:
        """ "May" of a permission: a rule says so, or what anyone of a kind may do has a limit of number or time."""
        words = self.words
        verb = token + 1
        while self.kinds[verb] in "axb" and verb < last:
            verb += 1
        if words[verb] not in _REGULATED or words[token - 1] in _RULES:
            return False
        if words[token + 1] == "not" and self._anyone(token, first) in ("every", "plural"):
            return True  # "cyclists may not use the tunnel"
        if words[token - 1] == "you" or any(
            words[here] in _RULES and words[here + 1] != "out" for here in range(first, last)
        ):
            return True
        if any(words[here] == "under" and _LAWS.intersection(words[here:token]) for here in range(first, token)):
            return True
        subject = self._anyone(token, first)
        if subject == "every":
            return True
        if subject == "the":  # "the trains may carry up to 40 tons a day"
            return words[verb + 1 : verb + 3] == ["up", "to"] and self._limited(verb + 3, last)
        return subject == "plural" and ("only" in words[token:verb] or self._limited(verb + 1, last))

    def _anyone(self, token: int, first: int) -> str:
        """What the subject before a modal speaks of: ``every`` ("each guest", "nobody"), ``plural`` (bare: "guests"),
        ``the`` ("the guests"), or something else."""
        kinds, words = self.kinds, self.words
        head = token - 1
        while head > first and kinds[head] == "a":
            head -= 1
        if words[head] in _EVERY or (words[head] == "one" and words[head - 1] == "no"):
            return "every"
        start = head
        while start > first and kinds[start - 1] in "nN#go-P":
            start -= 1
        # "tickets for Monday": what is before the first preposition
        head = next((here - 1 for here in range(start + 1, head) if kinds[here] in "oP"), head)
        if start > first and words[start - 1] in _EVERY:
            return "every"
        if start > first and kinds[start - 1] in "ds" and words[start - 1] != "the":
            return ""
        if words[start - 1] == "the" and start > first:
            return "the" if words[head].endswith("s") else ""
        plural = words[head].endswith("s") or words[head] in _PLURALS or kinds[head] == "#"
        return "plural" if plural and (kinds[head] in "n#" or head == first) else ""

    def _limited(self, token: int, last: int) -> bool:
        """Whether a number or a time bounds what follows: "up to 40 tons", "until noon", "twice a day"."""
        kinds, words = self.kinds, self.words
        for here in range(token, last):
            word, after = words[here], words[here + 1]
            if word in ("only", "free") or (word == "by" and after in _WAYS):
                return True
            if (word, after) in _BOUNDS and (kinds[here + 2] == "#" or words[here + 2] in _NUMBERS):
                return True
            if word in ("until", "till", "after", "before", "between", "from", "for") and (
                kinds[here + 1] == "#" or after in _NUMBERS or (word != "for" and after in _TIMES)
            ):
                return True
            if word in ("a", "per", "each", "every") and after in _PERIODS:
                return True
        return False

    def _provided(self, token: int, first: int, last: int) -> int | None:
        """ ", providing the field is dry"; not "providing food"."""
        kinds = self.kinds
        if token > first and kinds[token - 1] not in ",nN-":
            return None
        if kinds[token + 1] == "T":
            return token if token == first or kinds[token - 1] in ",-" else None
        if kinds[token - 1] != "," and token > first:
            return None
        return token if frame(self.tokens, token + 1) == "c" else None

    def _inverted(self, token: int, first: int, last: int) -> int | None:
        """ "Had the alarm sounded, they would have left": an auxiliary before its subject, at the head of a clause."""
        kinds, words = self.kinds, self.words
        if "?" in kinds[token:last] or kinds[token + 1] not in "dpnN":
            return None
        if words[token] == "were" and " to " not in f" {' '.join(words[token : token + 12])} ":
            return None
        if token != first and not (kinds[token - 1] == '"' and token - 1 == first):
            # "they would have left, had the alarm sounded"
            if kinds[token - 1] not in ",c" or kinds[token + 1] not in "dpN" or words[token] == "should":
                return None
            return token if _WOULD.intersection(words[first:token]) and words[token - 1] != "or" else None
        return token if words[token] == "should" or _WOULD.intersection(words[token + 2 : last]) else None

    def _chance(self, token: int, first: int, last: int) -> int | None:
        """ "There is a 73% chance of rain", "the risk that it falls"; not "by chance", "raises the risk of"."""
        kinds, words = self.kinds, self.words
        follow = frame(self.tokens, token + 1)
        if follow not in ("t", "Pof"):
            return None
        stated = any(words[here] == "there" and kinds[here + 1] in "bma" for here in range(first, token))
        return token if stated or (words[token] == "chance" and self._share(token) >= 0) else None

    def _share(self, token: int) -> float:
        """The number before a chance, in percent; -1 where none is there."""
        for here in range(token - 1, max(-1, token - 5), -1):
            if self.kinds[here] == "#":
                found = re.fullmatch(r"\d{1,3}(?:\.\d{1,3})?", self.words[here])
                return float(found[0]) if found else -1.0
        return -1.0

    def _awaited(self, token: int, first: int, last: int) -> int | None:
        """ "A projected deficit", "is projected to grow"."""
        kinds = self.kinds
        if kinds[token - 1] == "d" and kinds[token + 1] in "n#":
            return token
        return token if kinds[token - 1] == "b" and kinds[token] == "v" and kinds[token + 1] == "t" else None

    def _poised(self, token: int, first: int, last: int) -> int | None:
        return token if frame(self.tokens, token + 1) == "i" else None

    def _counts(self, token: int) -> bool:
        """Whether a participle stands before a number: "an estimated 4,000"."""
        return self.words[token] in _COUNTING and self.kinds[token - 1] == "d" and self.kinds[token + 1] in "#nNd"

    def _must(self, token: int, first: int, last: int) -> int | None:
        words, kinds = self.words, self.kinds
        return token if words[token + 1] == "have" and kinds[token + 2] in "vbn" else None

    def _adverb(self, token: int, first: int, last: int) -> int | None:
        words = self.words
        if words[token] == "likely":
            return self._likely(token, first, last)
        return token

    def _raising(self, token: int, first: int, last: int) -> int | None:
        words, kinds = self.words, self.kinds
        if token > first and kinds[token - 1] in "ds":
            return None
        if words[token].startswith("appear"):
            after = token + 1
            while kinds[after] == "a":
                after += 1
            return token if words[after] in ("to", "that", "as") or kinds[after] in "n" else None
        return token

    def _likely(self, token: int, first: int, last: int) -> int | None:
        return None if self.words[token - 1] in ("not",) and self.kinds[token + 1] != "t" else token

    def _adjective(self, token: int, first: int, last: int) -> int | None:
        words = self.words
        if words[token] == "possible" and (
            words[token - 1] in ("as", "make", "made", "not", "makes", "if") or words[token + 1] in ("to", "for")
        ):
            return None
        if words[token] == "potential" and self.kinds[token + 1] in "NnvgP" and self.kinds[token - 1] not in "s":
            return token if self.kinds[token + 1] in "ng" else None
        if words[token] == "potential":
            return None
        return token

    def _noun(self, token: int, first: int, last: int) -> int | None:
        follow = frame(self.tokens, token + 1)
        return token if follow in ("t", "Pof") else None

    def _evidence(self, token: int, first: int, last: int) -> int | None:
        kinds, words = self.kinds, self.words
        before = token - 1
        while before > first and kinds[before] in "amxb":
            before -= 1
        if words[token] == "suggested" and kinds[token - 1] == "b" and words[token - 1] not in ("have", "has", "had"):
            return token
        if words[token] in ("suggest", "suggests") and (words[before] in ORGANISATIONS or words[before] in GROUPS):
            return None  # "the jury will suggest names"
        if token > first and (words[before] in _PEOPLE or (kinds[before] == "N" and words[token] != "suggest")):
            return None  # a person suggests: speech
        follow = frame(self.tokens, token + 1)
        if words[token] == "suggest" and kinds[token - 1] == "t" and follow not in ("t", "c"):
            return None  # "asked to suggest designs"
        if words[token].startswith("indicat"):
            if words[token] == "indicating":
                return (token + 1 if kinds[token + 1] == "T" else token) if follow in "tcn" else None
            return token + 1 if follow == "t" and kinds[token + 1] == "T" else None
        if kinds[token - 1] in "ds" and words[token - 1] not in _THESE:
            return None
        if words[token].startswith("impl"):
            return token if follow in "tc" else None
        return token if follow in ("t", "c", "n", "z", "w") else None

    def _guess(self, token: int, first: int, last: int) -> int | None:
        if self._counts(token):
            return token
        if self.words[token].startswith(("propos", "estim")):
            return token if frame(self.tokens, token + 1) == "t" or self.words[token + 1] == "at" else None
        return token

    def _belief(self, token: int, first: int, last: int) -> int | None:
        kinds, words = self.kinds, self.words
        before = kinds[token - 1] if token > first else "Z"
        if before == "d" and words[token] == "expected" and kinds[token + 1] in "n#":
            return token
        if words[token] == "feared" and before == "b" and words[token - 1] not in _HAVING:
            return token
        if before in "dsoP" or kinds[token] == "N":
            return None
        follow = frame(self.tokens, token + 1)
        passive = before in "b" and words[token - 1] not in ("do", "does", "did", "have", "has", "had", "don", "didn")
        if passive and kinds[token] != "g" and kinds[token] in "v":
            return token if follow in ("i", "t") and words[token] not in ("supposed", "hoped") else None
        if follow in ("t", "c"):
            return token
        if words[token].startswith("expect"):
            return token if follow == "n" and kinds[token] in "nv" else None
        return None

    def _whether(self, token: int, first: int, last: int) -> int | None:
        if token == first:
            return token if "?" not in self.kinds[first:last] else None
        return token if self.kinds[token + 1] not in ",.Z" else None

    def _examine(self, token: int, first: int, last: int) -> int | None:
        return token if frame(self.tokens, token + 1) == "w" and self.words[token + 1] != "whether" else None

    def _unclear(self, token: int, first: int, last: int) -> int | None:
        if self.words[token] in ("unclear", "unsure", "uncertain", "undetermined"):
            return token
        return token if self.kinds[token - 1] in "baxn" and self.kinds[token + 1] in ",.Z;:wckP" else None

    def _if(self, token: int, first: int, last: int) -> int | None:
        words, kinds = self.words, self.kinds
        before = words[token - 1] if token > first else ""
        if before in ("as", "even", "only", "wonder", "wondered", "asked", "ask", "see", "know", "what") or words[
            token + 1
        ] in (
            "any",
            "not",
            "so",
            "only",
            "anything",
            "ever",
            "you",
        ):
            return None
        return token if kinds[token + 1] not in ",.Z?" and "?" not in kinds[first:last] else None

    # -- scopes --------------------------------------------------------------------------------------------------

    def _scope(self, rule: str, head: int, begin: int, end: int, first: int, last: int) -> Range:
        kinds, words = self.kinds, self.words
        around = self.tokens.quotation(begin)
        if around is not None and around[1] < last:
            last = max(around[1], end + 1)  # no scope leaves the quotation that its cue stands in
        stop = self._clause_end(end + 1, last)
        comma = kinds.find(",", end, stop)
        if comma > 0 and kinds[first] == "t" and kinds[comma + 1] in "pdnN" and "," not in kinds[first:end]:
            stop = comma - 1  # "To see whether it held, they ..."
        if rule == "modal":
            return (begin, self._before_if(end + 1, stop))
        if rule == "adverb":
            if begin == first or (begin == first + 1 and kinds[first] in "ckPa"):
                return (begin, self._clause_end(end + 1, last, whole=True))
            if kinds[begin - 1] == "b" and kinds[end + 1] == "v":
                return (self._subject(begin - 1, first), stop)
            if kinds[begin - 1] == "," and kinds[end + 1] == ",":
                return (self._subject(begin - 1, first), stop)
            if end + 1 >= last or kinds[end + 1] in ",.;":
                return (self._subject(begin, first), end)
            if (
                kinds[end + 1] in "vbmx"
                or kinds[begin - 1] in "bm"
                or (kinds[end + 1] == "n" and kinds[begin - 1] in "nNpw")
            ):
                return (self._subject(begin, first), stop)
        elif rule == "raising" or (rule in ("likely", "belief", "guess") and frame(self.tokens, end + 1) == "i"):
            if words[begin - 1] in ("it", "there") and rule == "raising":
                return (begin, stop) if words[begin - 1] == "it" and kinds[end + 1] == "T" else (begin - 1, stop)
            return (self._subject(begin, first), stop)
        elif rule == "feared":
            return (self._subject(begin, first), stop)
        elif rule in ("inverted", "provided") or (rule == "fixed" and words[end] == "as"):
            return self._condition(begin, end, first, last)
        elif rule in ("chance", "awaited", "counted"):
            return self._noun_phrase(begin, end, first, last)
        elif rule == "adjective":
            if kinds[end + 1] in "nNgv" and not (kinds[begin - 1] in "b" and kinds[end + 1] == "v"):
                return (begin - (begin > first and kinds[begin - 1] == "d"), self._noun_end(end + 1, last))
            if kinds[end + 1] in ".,;Z":
                return (self._subject(begin, first), end)
        elif rule == "noun" and kinds[end + 1] == "o":
            return (begin, self._noun_end(end + 1, last))
        elif rule == "unclear" and kinds[end + 1] in ".,;Z":
            return (self._subject(begin, first), end)
        elif rule == "if":
            if begin == first or kinds[begin - 1] in '"c':
                return (begin, self._clause_end(end + 1, last, whole=True))
            return (self._subject(begin, first), stop)
        elif rule == "" and words[head] == "or":
            return self._alternatives(begin, end, first, last)
        return (begin, max(stop, end))

    def _condition(self, begin: int, end: int, first: int, last: int) -> Range:
        """The clause of a condition and the one that hangs on it, in either order."""
        if begin == first or self.kinds[begin - 1] == '"':
            return (begin, self._clause_end(end + 1, last, whole=True))
        return (self._subject(begin - 1, first), self._clause_end(end + 1, last))

    def _noun_phrase(self, begin: int, end: int, first: int, last: int) -> Range:
        """A noun phrase around a cue, with its article."""
        start = begin
        while start > first and self.kinds[start - 1] in "#*n" and self.kinds[start] != "d":
            start -= 1
        if start > first and self.kinds[start - 1] in "d":
            start -= 1
        return (start, self._noun_end(end + 1, last))

    def _before_if(self, token: int, stop: int) -> int:
        """Where the scope of a modal ends: before a condition, which is another doubt."""
        condition = next((here for here in range(token, stop) if self.words[here] in ("if", "unless")), stop + 1)
        while condition > token and self.kinds[condition - 1] in ',a".;:?!-':
            condition -= 1
        return condition - 1

    def _alternatives(self, begin: int, end: int, first: int, last: int) -> Range:
        """The nouns on either side of an "or"."""
        left = begin - 1
        while left > first and self.kinds[left - 1] in "nN#,dsg":
            left -= 1
        right = end + 1
        while right + 1 < last and self.kinds[right + 1] in "nN#":
            right += 1
        return (left, right)

    def _participle(self, token: int) -> bool:
        while self.kinds[token] == "a":
            token += 1
        return self.kinds[token] == "v" or self.words[token].endswith(("en", "wn", "ne", "nt", "ght"))

    def _subject(self, token: int, first: int) -> int:
        """The first token of the clause whose verb stands at a token."""
        kinds, words = self.kinds, self.words
        start = token
        depth = 0
        while start > first:
            kind = kinds[start - 1]
            if kind == ")":
                depth += 1
            elif kind == "(":
                if depth == 0:
                    break
                depth -= 1
            elif depth == 0:
                if kind == "T" or (kind in ';:"kw' and words[start - 1] != "as"):
                    break
                if kind == "c" and words[start - 1] in ("but", "yet"):
                    break
                if kind == "," and self._opens(start, token):
                    break
                if kind == "c" and kinds[start - 2] in "," and self._opens(start, token):
                    break
            start -= 1
        if (
            start > first
            and kinds[start - 1] in "wT"
            and words[start - 1] in _PRONOUNS
            and kinds[start:token].strip("ab") == ""
        ):
            return start - 1  # "that is likely to"
        while start < token and kinds[start] in ",c":
            start += 1
        # an adverb or a time before the subject, set off by a comma, stays out
        comma = kinds.find(",", start, token)
        if comma > start and kinds[start] in "aPk":
            start = comma + 1
        return start

    def _opens(self, start: int, token: int) -> bool:
        """Whether a noun phrase begins here that leads up to the verb."""
        return self.kinds[start] in "dpNn" and "," not in self.kinds[start:token]

    def _noun_end(self, token: int, last: int) -> int:
        """The end of a noun phrase with all that hangs on it."""
        kinds = self.kinds
        end = token
        while end + 1 < last and kinds[end + 1] not in "bm,;:.?!TwkxpZ":
            if kinds[end + 1] == "v" and kinds[end + 2] not in "Po":
                break
            if kinds[end + 1] == "c" and self.words[end + 1] not in ("and", "or"):
                break
            end += 1
        while end > token and kinds[end] in "oPcda":
            end -= 1
        return end

    def _parts(self, token: int) -> bool:
        """Whether a new clause begins at a token, so that a scope ends before it."""
        kinds, words = self.kinds, self.words
        if kinds[token] == ",":
            after = words[token + 1]
            if after in ("and", "but"):
                return kinds[token + 2] in "pdT"
            return after in _AFTER_COMMA or (kinds[token + 1] == "p" and after in _SUBJECTS)
        return kinds[token] in "kc" and words[token] in _CUTS

    def _clause_end(self, token: int, last: int, whole: bool = False) -> int:
        kinds = self.kinds
        end = token
        depth = 0
        while end < last:
            mark = _MARKS.search(kinds, end, last)
            if mark is None:
                end = last
                break
            end = mark.start()
            kind = kinds[end]
            if kind == "(":
                depth += 1
            elif kind == ")":
                depth -= 1
            if depth < 0 or (depth == 0 and (kind == ";" or (not whole and self._parts(end)))):
                break
            end += 1
        end -= 1
        while end > token and kinds[end] in '.,;:?!-"':
            end -= 1
        return end


#: A chance above it, in percent, is probable.
_EVEN = 50.0
_WOULD = frozenset("would could might 'd ’d".split())
_HAVING = frozenset("have has had 've ’ve".split())
#: Participles before a number.
_COUNTING = frozenset("estimated expected projected anticipated".split())
_MARKS = re.compile("[(),;ck]")
#: After a comma, and without one: words with which a clause ends the one before.
_AFTER_COMMA = frozenset("whereas although though indicating".split())
_CUTS = frozenset(["although"])
_PRONOUNS = frozenset("which who that".split())
_SUBJECTS = frozenset("he she i they we".split())
_THESE = frozenset("this these those that all".split())
_RULES = frozenset(
    """rules rule permitted permit permits licence license licences licenses regulations bylaw bylaws byelaw byelaws
    ordinance forbidden forbids""".split()
)
_LAWS = frozenset("law laws act treaty agreement terms order statute charter constitution code contract".split())
#: What people are allowed to do: verbs, and their participles after "be".
_REGULATED = frozenset(
    """carry enter stay park bring keep use help apply appeal vote sell buy borrow collect build fish hunt camp swim ride
    drive cycle smoke drink wear visit attend return withdraw register claim join transfer charge catch land haul load
    moor dock anchor deposit bid inspect cross file submit photograph feed plant leave take sit stand work play speak
    carried brought kept used sold bought borrowed collected built hunted parked worn visited returned withdrawn
    claimed transferred charged caught hauled loaded moored filed submitted photographed fed planted taken
    played draw""".split()
)
_EVERY = frozenset("each every any no anyone anybody everyone everybody nobody".split())
_PLURALS = frozenset("people children men women".split())
_NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred
    a an half""".split()
)
_BOUNDS = frozenset({("up", "to"), ("more", "than"), ("at", "most"), ("as", "many"), ("as", "much"), ("fewer", "than")})
_TIMES = frozenset(
    """noon midnight midday dawn dusk dark nightfall sunrise sunset monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december easter
    christmas""".split()
)
_WAYS = frozenset("post mail phone telephone email e-mail proxy".split())
_PERIODS = frozenset("minute hour day night week month year season household person visit".split())
_PEOPLE = frozenset(
    """i he she they we you who officials official experts expert critics aides people spokesman spokeswoman
    president minister senator governor lawyer lawyers voters reporters supporters democrats republicans""".split()
)
