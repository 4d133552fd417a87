"""Claims by rule: clauses that state a fact, what they state, and whether they are worth a check.

Conventions: a claim is the smallest clause without attribution or hedge frame; indices count tokens, ranges hold both
ends. Scores are logistic: the sum of the weights of the signs that a sentence shows, each counted at most as often as
``CAP`` says. The weights were fitted on train of dataset/news (``python bench/signs.py``).

Source: Hassan et al. 2017 (check-worthy and unimportant facts); Konstantinovskiy et al. 2021 (kinds of claims).
"""
# ruff: noqa: SIM905 -- word lists read best as words

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, pairwise

from allegedly.builders.labellers._attribution import REJECTING, SPEECH, Saying
from allegedly.builders.labellers._clauses import accused, brings_about, denied, obliges, rejected, split
from allegedly.builders.labellers._cues import VERBS
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._speculation import Doubt
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]

_SIGNS = {
    "number": """one two three four five six seven eight nine ten twenty thirty forty fifty hundred hundreds dozen dozens half
        third quarter double twice zero""",
    "amount": """million billion trillion thousand thousands millions billions trillions percentage rate rates ratio""",
    "change": """increased increase increases decreased decrease rose risen rise fell fallen fall dropped drop doubled doubling
        tripled cut cuts grew grown growth lost lose gained declined decline raised created lowered reduced added
        spent spending gone down up""",
    "compare": """more less fewer most least highest lowest largest biggest smallest worst than greater higher lower record
        every majority average only first last""",
    "topic": """tax taxes jobs job deficit debt budget unemployment inflation economy income crime health insurance medicare
        security oil energy war weapons nuclear troops military trade workers schools education abortion poverty wages
        price prices rent rents fare fares fee fees pension pensions salary pay cost costs bills immigration drugs
        welfare prison""",
    "past": """was were had did voted said passed signed proposed supported opposed went came took got made gave left sent
        sold brought built won told called became began ran put happened""",
    "time": """year years ago since month months week decade decades century today history ever never before now""",
    "i": "i my me mine myself",
    "we": "we our us ourselves",
    "you": "you your yours",
    "they": "he she his her him they their them",
    "modal": "would should could might may must can",
    "future": "will going gonna 'll ’ll shall",
    "belief": "think believe hope want wish feel guess suppose like love know mean hopefully",
    "value": """good great bad wrong right best better important strong proud wonderful terrible disgrace tough fair decent
        honest moral leadership values vision dream greatest tremendous incredible sad ridiculous stupid beautiful""",
    "address": "? what why how question let thank thanks please welcome senator governor mr president minutes",
    "people": """people americans families children women men americans countries nations country states state government
        administration congress senate bill law act program""",
    "harm": """died dead death deaths dies killed kills killing die injured injuries injury wounded hurt accident explosion
        crash disease virus outbreak infected illness cancer flood floods storm earthquake fire fires bomb attack
        attacks attacked shooting danger dangerous unsafe safety missing poisoned pollution abuse violence""",
    "law": """police court judge jury arrested charged convicted guilty jailed sentenced trial lawsuit sued fined theft
        stolen murder fraud bribe bribes illegal prosecutors prosecutor crime suspect accused doping banned corruption
        drug drugs smuggling ruling prison lawyers legal""",
    "rule": """council government ministry minister ministers parliament bill vote votes voted election elected authorities
        officials commission union unions company firm bank profits profit sales shares merger takeover budget deal
        contract sacked resigned strike workers jobs factory plant""",
    "sport": """goal goals scored scores scorer foot half shot shots save saved saves striker midfielder defender keeper
        goalkeeper coach half-time halftime minute minutes penalty corner header headed volley pass passes crossbar
        post lead league cup match game games season squad injury innings wicket wickets try tries scrum set serve
        tie-break final semi-final round lap race tournament team side kick play played player players champion
        fixture draw title""",
    "show": """film films movie album song songs singer band actor actress star stars starring series episode show plot
        character characters novel book books stage screen director premiere sequel soundtrack single chart charts
        festival oscar award awards role comedy drama music gig tour concert musical dance painting exhibition played
        plays""",
    "scene": """sun sky sat stood smell smelled smiled laughed wore wearing looked looks quiet street square coffee tea bread
        kitchen garden window door rain morning evening eyes face hair coat warm cold bright dark grey blue red green""",
    "device": """app phone phones screen software device devices users user feature features battery gadget console version
        download online internet web""",
    "money": "£ $ € % percent cent cents bn pounds dollar dollars euros",
}
_SIGN: dict[str, list[str]] = {}
for _sign, _words in _SIGNS.items():
    for _word in _words.split():
        _SIGN.setdefault(_word, []).append(_sign)
#: sign: (weight for check-worthy, weight for a fact of any worth), as ``python bench/signs.py`` fits them on train of
#: dataset/news. Signs without words above: ``opener`` to ``bias``, see ``signs``.
WEIGHTS = {
    "number": (0.30, 0.44),
    "amount": (0.57, 0.59),
    "change": (0.43, 0.38),
    "compare": (0.10, 0.10),
    "topic": (0.27, -0.02),
    "past": (0.14, 0.26),
    "time": (0.13, 0.52),
    "i": (-0.23, 0.46),
    "we": (-0.07, -0.01),
    "you": (-0.93, -0.68),
    "they": (-0.06, 0.11),
    "modal": (0.15, 0.21),
    "future": (-0.10, 0.87),
    "belief": (-0.23, -0.46),
    "value": (-0.39, -0.55),
    "address": (-0.49, -0.44),
    "people": (0.35, -0.02),
    "money": (0.58, 0.49),
    "harm": (0.34, 0.19),
    "law": (1.21, 0.51),
    "rule": (0.39, 0.35),
    "sport": (0.03, 0.38),
    "show": (-0.26, 0.09),
    "scene": (-0.38, -0.05),
    "device": (0.38, 0.74),
    "about sport": (-0.27, 0.51),
    "about show": (-0.53, 0.50),
    "about law": (0.62, 0.19),
    "about harm": (0.73, 0.31),
    "about device": (-0.13, 1.24),
    "about money": (0.54, 0.54),
    "about rule": (0.40, 0.26),
    "about scene": (0.52, 0.14),
    "opener": (-0.21, -0.10),
    "digit": (0.18, 0.30),
    "year": (0.29, 0.38),
    "score": (0.34, 0.24),
    "name": (0.13, -0.02),
    "names": (0.14, 0.23),
    "verb": (0.37, 0.49),
    "gerund": (0.22, 0.31),
    "short": (-0.36, -1.18),
    "long": (-0.12, 0.20),
    "negation": (0.31, 0.22),
    "quote": (-0.54, -1.16),
    "asks": (-0.32, -1.54),
    "title": (1.21, 0.36),
    "bias": (-2.05, 0.01),
}
#: Signs that tell what an article is about, and from how many words a sentence on, in steps.
TOPICS = ("sport", "show", "law", "harm", "device", "money", "rule", "scene")
STEPS = (0.25, 0.6)
#: A text of no more sentences has no title, and is about nothing.
BRIEF = 3
#: A sign counts so often at most.
CAP = {"verb": 3}
#: From these probabilities on a sentence is check-worthy, or states a fact: where F1 is best on the same sentences.
CHECK_WORTHY, FACT, PLAIN = 0.3, 0.4, 0.25
_YEAR = re.compile(r"(?:19|20)\d\d")
_SCORE = re.compile(r"\d{1,3}-\d{1,3}")
_PERSONAL = frozenset(" ".join(_SIGNS[sign] for sign in ("i", "we", "you", "belief", "value", "address")).split()) | {
    "should",
    "must",
    "ought",
    "us",
}
_OPENERS = frozenset("that this it so well and but".split())


def about(tokens: Tokens) -> dict[str, int]:
    """What an article is about: of each sign in ``TOPICS`` how many words a sentence show it, in steps."""
    counts = Counter(chain.from_iterable(filter(None, map(_SIGN.get, tokens.words))))
    sentences = max(1, len(tokens.sentences))
    if sentences <= BRIEF:
        return {}
    return {f"about {sign}": sum(counts[sign] > step * sentences for step in STEPS) for sign in TOPICS}


def signs(tokens: Tokens, first: int, last: int, around: Mapping[str, int]) -> dict[str, int]:
    """The signs of a sentence, and how often it has each, up to ``CAP``; ``around`` are those of its article."""
    kinds, words = tokens.kinds[first:last], tokens.words[first:last]
    counts = Counter(chain.from_iterable(filter(None, map(_SIGN.get, words))))
    names = kinds[1:].count("N")
    counts["opener"] = words[0] in _OPENERS
    counts["digit"] = kinds.count("#")
    counts["year"] = any(map(_YEAR.fullmatch, words))
    counts["score"] = any(map(_SCORE.fullmatch, words))
    counts["name"], counts["names"] = names > 0, names > 2
    counts["verb"], counts["gerund"] = kinds.count("v"), kinds.count("g")
    counts["short"], counts["long"] = last - first < 7, last - first > 25
    counts["negation"] = "x" in kinds
    counts["quote"] = '"' in kinds
    counts["asks"] = kinds.rstrip("\"')").endswith("?")
    counts["title"] = first == 0 and len(tokens.sentences) > BRIEF
    return {sign: min(count, CAP.get(sign, 2)) for sign, count in counts.items()} | dict(around)


def lean(around: Mapping[str, int]) -> tuple[float, float]:
    """What the signs of an article add to the scores of each of its sentences."""
    check = sum(WEIGHTS[sign][0] * times for sign, times in around.items())
    return check, sum(WEIGHTS[sign][1] * times for sign, times in around.items())


def scores(tokens: Tokens, first: int, last: int, leaning: tuple[float, float]) -> tuple[float, float]:
    """The probabilities that a sentence is check-worthy, and that it states a fact of any worth."""
    check, fact = (bias + more for bias, more in zip(WEIGHTS["bias"], leaning, strict=True))
    for sign, times in signs(tokens, first, last, {}).items():
        check += WEIGHTS[sign][0] * times
        fact += WEIGHTS[sign][1] * times
    return 1 / (1 + math.exp(-check)), 1 / (1 + math.exp(-fact))


@dataclass(slots=True)
class Statement:
    """A claim as ranges of tokens; ``attribution`` is the index of the one around it, or -1."""

    extent: list[Range]
    kind: str
    worth: str
    certainty: str
    polarity: str
    attribution: int = -1


class Statements:
    """Finds the claims of one article, from its attributions and speculations."""

    def __init__(self, tokens: Tokens, sayings: list[Saying], doubts: list[Doubt]) -> None:
        self.tokens = tokens
        self.kinds, self.words = tokens.kinds, tokens.words
        self.sayings = sayings
        self.doubts = doubts
        leaning = lean(about(tokens))
        self.scores = [scores(tokens, first, last, leaning) for first, last in tokens.sentences]

    def find(self) -> list[Statement]:
        """All claims, sentence by sentence."""
        out: list[Statement] = []
        near = self._by_sentence()
        doubts = iter(sorted(self.doubts, key=lambda doubt: doubt.cue))
        doubt = next(doubts, None)
        for number, (first, last) in enumerate(self.tokens.sentences):
            here = []
            while doubt is not None and doubt.cue[0][0] < last:
                here.append(doubt)
                doubt = next(doubts, None)
            check, fact = self.scores[number]
            if fact < PLAIN / 2 or self._asks(first, last):
                continue
            worth = "check_worthy" if check >= CHECK_WORTHY else "unimportant"
            for extent, around in self._extents(first, last, near.get(number, []), here):
                if fact < self._threshold(extent, around):
                    continue
                out.append(self._statement(extent, around, worth, here))
        return out

    def _threshold(self, extent: list[Range], around: int) -> float:
        """The probability from which a clause states a fact: lower where it does not speak in the first or second
        person and judges nothing, which is how news tells facts and debates do not, and lower still for what somebody
        is said to have said."""
        for first, last in extent:
            if not _PERSONAL.isdisjoint(self.words[first : last + 1]):
                return FACT
        return PLAIN if around < 0 else PLAIN / 2

    def _by_sentence(self) -> dict[int, list[int]]:
        """For each sentence the attributions whose content, cue or source touches it."""
        near: dict[int, list[int]] = {}
        number = 0
        sentences = self.tokens.sentences
        starts = [first for first, _ in sentences]
        for index, saying in enumerate(self.sayings):
            touched = set()
            for first, last in [saying.cue, *saying.content, *([saying.source] if saying.source else [])]:
                number = max(0, bisect_right(starts, first) - 1)
                while number < len(sentences) and starts[number] <= last:
                    touched.add(number)
                    number += 1
            for number in sorted(touched):
                near.setdefault(number, []).append(index)
        return near

    def _asks(self, first: int, last: int) -> bool:
        """Whether a sentence asks: a question mark at its end, quotation marks aside."""
        end = last - 1
        while end > first and self.kinds[end] in "\"')":
            end -= 1
        return self.kinds[end] == "?"

    def _extents(self, first: int, last: int, near: list[int], doubts: list[Doubt]) -> list[tuple[list[Range], int]]:
        out: list[tuple[list[Range], int]] = []
        parents = {self.sayings[index].parent for index in near}
        for index in near:
            saying = self.sayings[index]
            if index in parents:
                continue
            apart = self._apart(saying, first, last)
            if apart:
                out.append((apart, index))
                continue
            if saying.frame in _PHRASES or saying.frame[0] == "P":
                continue
            if saying.frame == "raised" and len(saying.content) == 2:
                head, tail = saying.content
                if first <= head[0] and tail[1] < last and tail[1] > tail[0]:
                    out.append(([head, tail], index))
                continue
            for begin, end in saying.content:
                left, right = max(begin, first), min(end, last - 1)
                if left < right:
                    trimmed = self._trim(left, right)
                    whole = [trimmed] if trimmed is not None else []
                    out += [
                        (clause, index)
                        for clause in ([whole] if saying.frame == "i" and whole else self._clauses(left, right))
                    ]
        if not out and not any(
            self.sayings[index].lemma in SPEECH or self.sayings[index].frame == "q" for index in near
        ):
            # who did what ("voted for the bill") is a fact of the author's
            if self._nominal(first, last):
                return []
            start = self._after_frame(first, last, doubts)
            return [(clause, -1) for clause in self._clauses(start, last - 1)]
        return sorted(out)

    def _apart(self, saying: Saying, first: int, last: int) -> list[Range]:
        """What an accusation, an admission or a rejection says, as the pieces of a claim: whom and what; nothing where it
        says no more than a noun."""
        if not saying.content or saying.content[0][0] < first or saying.content[-1][1] >= last:
            return []
        if saying.lemma == "accuse":
            return accused(self.tokens, saying.content)
        if saying.lemma in ("admit", "confess") and saying.source and self.kinds[saying.content[0][0]] == "g":
            return [saying.source, saying.content[0]]
        if saying.lemma in REJECTING and saying.frame in ("n", "c", "t"):
            clause = rejected(self.tokens, saying.content[0])
            trimmed = self._trim(*clause) if clause else None
            return [trimmed] if trimmed else []
        return []

    def _nominal(self, first: int, last: int) -> bool:
        """Whether a sentence has no verb that can be seen: a headline of nouns."""
        kinds = self.kinds[first:last]
        if any(kind in kinds for kind in "bmvp"):
            return False
        return kinds.count("N") * 2 > len(kinds) and not any(word in VERBS for word in self.words[first:last])

    def _after_frame(self, first: int, last: int, doubts: list[Doubt]) -> int:
        """Past "It is possible that" and the like."""
        that = self.kinds.find("T", first, min(last, first + 9))
        if that > 0 and any(doubt.cue[-1][1] < that for doubt in doubts) and self.words[first] in ("it", "there"):
            return that + 1
        return first

    def _clauses(self, left: int, right: int) -> list[list[Range]]:
        """The clauses between two tokens, each as its pieces."""
        out = []
        for pieces in split(self.tokens, left, right):
            trimmed = [clause for first, last in pieces if (clause := self._trim(first, last, len(pieces) > 1))]
            if sum(last - first + 1 for first, last in trimmed) > 2:
                out.append(trimmed)
        return out

    def _trim(self, left: int, right: int, short: bool = False) -> Range | None:
        """Without quotation marks, "that", conjunctions and punctuation at the ends; a mark whose other one stays inside
        stays too. A piece may be ``short``."""
        kinds = self.kinds
        if left < right and kinds[left] == "#" and (left == 0 or kinds[left - 1] == "Z"):
            left = self.tokens.opening(left)
        while left < right:
            if kinds[left] in "\"'" and self._other(left, left, right):
                break
            if kinds[left] in "\"',;:.-cT" or self.words[left] == "whether":
                left += 1
            elif kinds[left] == "a" and kinds[left + 1] == ",":
                left += 2  # "Obviously, ..."
            elif kinds[left] == "P" and kinds[left + 2] == "," and self.words[left + 1] in _CONNECTIVES:
                left += 3  # "In fact, ..."
            else:
                break
        while right > left and kinds[right] in "\"',;:.!-cZ" and not self._other(right, left, right):
            right -= 1
        return (left, right) if right - left >= (0 if short else 2) else None

    def _other(self, mark: int, left: int, right: int) -> bool:
        """Whether a quotation mark has its other one inside a range, and other words beside them."""
        return any(
            mark in quote and left <= quote[0] and quote[1] <= right and quote != (left, right)
            for quote in self.tokens.quotes_in(mark, mark)
        )

    # -- attributes ----------------------------------------------------------------------------------------------

    def _statement(self, extent: list[Range], around: int, worth: str, doubts: list[Doubt]) -> Statement:
        words = [word for first, last in extent for word in self.words[first : last + 1]]
        kinds = "".join(self.kinds[first : last + 1] for first, last in extent)
        saying = self.sayings[around] if around >= 0 else None
        certainty, polarity = self._certainty(extent, saying, doubts), "positive"
        if denied(self.tokens, extent):
            polarity = "negative"
        if saying is not None:
            if saying.lemma in REJECTING:
                polarity = "negative" if polarity == "positive" else "positive"
            if saying.negated or certainty == "unknown":
                polarity = certainty = "unknown"
        intends = saying is not None and (
            saying.frame == "i" or (saying.frame == "raised" and saying.lemma in _EXPECTING and "v" not in kinds)
        )
        kind = "rule" if self._permits(extent, doubts) or obliges(self.tokens, extent) else _kind(words, kinds, intends)
        if kind in ("event", "other", "quantity") and brings_about(self.tokens, extent):
            kind = "causal"
        if saying is not None and saying.lemma in REJECTING | {"accuse"}:
            worth = "check_worthy"  # what somebody disputes
        return Statement(extent, kind, worth, certainty, polarity, around)

    def _permits(self, extent: list[Range], doubts: list[Doubt]) -> bool:
        """Whether the main verb of a claim is a "may" that is no doubt."""
        first, last = extent[0]
        verb = next((token for token in range(first, last + 1) if self.kinds[token] in "bmv"), first)
        return self.words[verb] == "may" and all(doubt.cue[0][0] != verb for doubt in doubts)

    def _certainty(self, extent: list[Range], saying: Saying | None, doubts: list[Doubt]) -> str:
        levels = ["certain"]
        if saying is not None:
            if saying.frame == "i" or saying.lemma in _BELIEVING:
                levels.append("probable")
            if saying.lemma in ("hope", "fear", "worry", "wonder"):
                levels.append("possible")
            if saying.frame in ("w", "asked") and self.words[saying.content[0][0]] in ("whether", "if"):
                levels.append("unknown")
        for doubt in doubts:
            for begin, end in doubt.scope:
                if any(begin <= last and first <= end for first, last in extent):
                    levels.append(doubt.certainty)
        return max(levels, key=("certain", "probable", "possible", "unknown").index)


#: Frames whose content is a phrase, no clause.
_PHRASES = frozenset(("n", "noun", "by"))
_CONNECTIVES = frozenset(("fact", "particular", "addition", "short", "contrast", "general", "turn", "response"))
_BELIEVING = frozenset("think believe expect suspect feel assume guess predict anticipate doubt".split())
_EXPECTING = frozenset("expect predict project schedule anticipate forecast".split())
_FUTURE = frozenset("will 'll ’ll shall wo gonna".split())
_CAUSES = frozenset(
    """because caused causes cause causing triggered prompted prompts prevented prevents thanks sparked sparks
    attributable""".split()
)
_LAWS = frozenset(
    """must banned bans ban prohibited prohibits required requires allowed allows illegal legal permitted forbidden
    mandatory""".split()
)
_AMOUNTS = frozenset(" ".join(_SIGNS[sign] for sign in ("number", "amount")).split()) | {"majority", "half", "average"}


def _kind(words: list[str], kinds: str, intends: bool) -> str:
    """What a claim is of: the first of these that its words tell."""
    have = set(words)
    pairs = set(pairwise(words))
    if intends:
        return "prediction"
    if "because" in have or pairs & _PARTS or _due_to(words, kinds):
        return "causal"
    if have & _FUTURE or ("going", "to") in pairs or words[0] == "if" or _comes(words, kinds):
        return "prediction"
    if have & _CAUSES or pairs & _CAUSING:
        return "causal"
    if have & _LAWS and ("must", "have") not in pairs and not _bans(words, kinds):
        return "rule"
    if _measures(words, kinds):
        return "quantity"
    if have & _ME or (words[0] == "we" and _happened(words, kinds)) or have & _SENSED:
        return "experience"
    return "event" if _happened(words, kinds) else "other"


def _bans(words: list[str], kinds: str) -> bool:
    """Whether a ban is told as an act: "The council banned dogs", and no other word of a rule stands there."""
    nouns = {
        place for place, word in enumerate(words) if word in ("ban", "bans") and place and kinds[place - 1] in "dn"
    }
    acts = [place for place, word in enumerate(words) if word in _LAWS and place not in nouns]
    return all(words[place] in _ACTS and kinds[max(0, place - 1)] in "nN#pa" and place > 0 for place in acts)


_ABILITY = listed("ability")
#: Words of rules that tell an act where they are no participles.
_ACTS = frozenset("banned prohibited allowed permitted required".split())


def _comes(words: list[str], kinds: str) -> bool:
    """Whether it is put as still to come: "would", "could" or "may" with a plain verb, "is expected", "Firm to build"."""
    for place, word in enumerate(words[:-1]):
        if word in ("would", "could", "may", "might") and not {"have", "been"} & set(words[place + 1 : place + 4]):
            return word != "could" or words[place + 1] not in _ABILITY
        if (
            word in ("expected", "likely", "set", "due")
            and place
            and kinds[place - 1] in "ba"
            and kinds[place + 1] in "tPa"
        ):
            return True
    verb = next((place for place, kind in enumerate(kinds) if kind in "bmvt"), -1)
    return verb > 0 and kinds[verb] == "t" and kinds[:verb].strip("N") == ""  # a headline


def _due_to(words: list[str], kinds: str) -> bool:
    """Whether "due to" names a cause; "is due to begin" names a time."""
    for place in range(len(words) - 2):
        if words[place] == "due" and words[place + 1] == "to":
            after = kinds[place + 2]
            if after in "dNg#ap" or (after == "n" and (place == 0 or kinds[place - 1] not in "ba")):
                return True
    return False


def _main_verb(words: list[str], kinds: str) -> int:
    """Where the main verb stands, behind its helping verbs; a form of "be" or "have" that is the verb itself; else -1."""
    verb = next((place for place, kind in enumerate(kinds) if kind in "bmv" and words[place] not in _ASIDES), -1)
    if verb < 0 or kinds[verb] == "v":
        return verb
    last = verb
    while verb < len(kinds) and kinds[verb] in "bmxa":
        last = verb if kinds[verb] in "bm" else last
        verb += 1
    doing = words[last] in _DOING or kinds[last] == "m"
    if (
        verb < len(kinds)
        and words[verb] not in _COUNTED
        and (kinds[verb] in "vg" or (kinds[verb] == "n" and (doing or words[verb].endswith(_PARTICIPLE))))
    ):
        return verb
    return last


def _happened(words: list[str], kinds: str) -> bool:
    """Whether the main verb tells an act or a change: any but a state, and a form of "be" or "have" with a participle."""
    verb = _main_verb(words, kinds)
    if verb < 0:
        return "p" not in kinds[:1] and _STATES.isdisjoint(words)  # a headline
    if kinds[verb] == "v" and (verb == 0 or kinds[verb - 1] not in "bmxa"):
        return words[verb] not in _STATES
    return kinds[verb] in "vgn" and not (kinds[verb] == "n" and kinds[verb - 1] == "m")


def _measures(words: list[str], kinds: str) -> bool:
    """Whether the number is the point: a verb that measures, with a figure; a share as subject; a rank or a superlative."""
    numbers = [place for place, kind in enumerate(kinds) if kind == "#" or words[place] in _COUNTED]
    verb = _main_verb(words, kinds)
    if verb > 0 and any(words[place + 1] in _SHARES for place in numbers if place + 1 < verb):
        return True
    if verb > 0 and _SHARED.match(" ".join(words[:4])):
        return True
    if verb < 0:
        return any(place + 1 < len(words) and words[place + 1] in _UNITS | _SHARES for place in numbers)
    if words[verb] in _MEASURING and any(verb < place <= verb + 12 for place in numbers):
        return kinds[verb] != "b" or _figure(words, kinds, verb, numbers)
    if words[verb] in _RANKING:
        behind = " ".join(words[verb + 1 : verb + 14])
        return _RANK.search(behind) is not None
    return False


def _figure(words: list[str], kinds: str, verb: int, numbers: list[int]) -> bool:
    """Whether "is" or "has" goes with a figure: "is 40", "is nine kilometres long", "was 4% higher", not "was 34 when"."""
    have = {words[place + 1] for place in numbers if verb < place and place + 1 < len(words)}
    return bool(have & (_UNITS | _SHARES | _AMOUNT)) or any(
        place - verb <= 3 and words[place] != "one" and "years" not in words for place in numbers if place > verb
    )


_SHARES = frozenset(("%", "percent", "per"))
_AMOUNT = frozenset(_SIGNS["amount"].split()) | frozenset("bn m pounds dollars euros crowns".split())
_SHARED = re.compile(
    r"(?:(?:nearly|almost|about|over|more than|around|some|only|just) )?(?:an? |the )?"
    r"(?:half|third|quarter|majority|fifth|tenth|two-thirds|most) (?:of|the) "
)
_MEASURING = frozenset(
    """is are was were be been cost costs total totals totalled totaled rise rises rose risen fall falls fell fallen grow
    grows grew grown reach reaches reached stood stands earn earns earned last lasts lasted weigh weighs weighed number
    numbers numbered average averages averaged account accounts accounted sell sells sold climb climbs climbed drop drops
    dropped jump jumps jumped slip slips slipped decline declines declined gain gains gained increase increases increased
    decrease decreases decreased shrink shrank doubled tripled halved measure measures measured employ employs employed closed
    receives attracts attracted valued worth took grossed made exceeds exceeded spans covers covered has have had""".split()
)
_RANKING = frozenset(
    "is are was were been remains remain remained become becomes became ranks ranked have has had".split()
)
#: A superlative or a rank behind the verb.
_RANK = re.compile(
    r"\b(?:the|its|their|his|her|'s) (?:\w+ )?(?:\w{3,}(?<!for)(?<!inter)(?<!qu)(?<!w)est|most|least|only \w+ to|first \w+ to|"
    r"first to|second-\w+|number)\b|number (?:one|two|\d)|top (?:10|ten|five|spot)|(?:more|less|fewer|\w+er) than"
)
_ME = frozenset("i my me myself".split())
_SENSED = frozenset("noticed felt heard smelled tasted smelt".split())
_CAUSING = frozenset(
    {
        ("led", "to"),
        ("lead", "to"),
        ("leads", "to"),
        ("leading", "to"),
        ("driven", "by"),
        ("fuelled", "by"),
        ("fueled", "by"),
        ("helped", "by"),
        ("boosted", "by"),
        ("hit", "by"),
        ("blamed", "on"),
        ("so", "that"),
        ("resulted", "in"),
        ("result", "in"),
        ("results", "in"),
    }
)
_PARTS = frozenset({("a", "part"), ("a", "role"), ("a", "result"), ("a", "consequence")})
_COUNTED = frozenset(_SIGNS["number"].split())
_UNITS = frozenset(
    """kilograms kilos kilogram tonnes tonne tons grams pounds kilometres kilometers metres meters miles feet centimetres
    millimetres litres liters degrees hectares acres watts megawatts times""".split()
)
_ASIDES = frozenset("being having".split())
#: Helping verbs that only verbs of acts take, negated or asked.
_DOING = frozenset("did didn".split())
_STATES = frozenset(
    """seems seemed appears appeared knows knew thinks thought feels felt wants wanted needs needed means meant believes
    believed remains remained includes included contains contained consists consisted belongs belonged stands stood lives
    lived owns owned holds held keeps depends depended costs resembled lacks lacked matters differs covers covered sat
    existed exists weighed deserves deserved liked loved hated preferred hoped feared trusted""".split()
)
_PARTICIPLE = ("en", "wn", "ne", "ed", "ght", "lt", "nt", "pt", "id", "de")
