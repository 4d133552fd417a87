"""Signs of a sentence by which the rules judge whether it is worth a check, and whether it states a fact.

Conventions: scores are logistic: the sum of the weights of the signs that a sentence shows, each counted at most as often as
``CAP`` says. The weights were fitted on train of dataset/news (``python bench/signs.py``).

Source: ``rules_signs.toml``; Hassan et al. 2017 (check-worthy and unimportant facts).
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from itertools import chain
from typing import Any

from allegedly.builders.labellers._classes import letters
from allegedly.builders.labellers._files import checked, lower, texts, toml
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.errors import UsageError

FILE = "rules_signs.toml"


def tables(file: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tables of a file of signs. UsageError for what is none."""
    checked(file, value, {"words": dict, "weights": dict}, ("words", "weights"))
    for sign, words in texts(f"{file}, words", value["words"]).items():
        lower(f"{file}, words, {sign}", words)
    for sign, pair in value["weights"].items():
        if not isinstance(pair, list) or [type(weight) for weight in pair] != [float, float]:
            raise UsageError(f"{file}, weights, {sign}: found {pair!r}, expected two weights such as [0.19, 0.20]")
    for sign in value["words"]:
        if sign not in value["weights"]:
            raise UsageError(f"{file}, weights, {sign}: is missing; every sign with words has weights")
    return value


_FILE = tables(FILE, toml(FILE))
_WORDS: dict[str, frozenset[str]] = {sign: frozenset(words.split()) for sign, words in _FILE["words"].items()}
_SIGN: dict[str, list[str]] = {}
for _sign, _words in _FILE["words"].items():
    for _word in _words.split():
        _SIGN.setdefault(_word, []).append(_sign)
#: sign: (weight for check-worthy, weight for a fact of any worth). Signs without words: ``opener`` to ``bias``, see ``signs``.
WEIGHTS: dict[str, tuple[float, float]] = {sign: (check, fact) for sign, (check, fact) in _FILE["weights"].items()}


def words_of(*names: str) -> frozenset[str]:
    """The words of some signs."""
    return frozenset().union(*(_WORDS[name] for name in names))


#: Signs that tell what an article is about, and from how many words a sentence on, in steps.
TOPICS = ("sport", "show", "law", "harm", "device", "money", "rule", "scene")
STEPS = (0.25, 0.6)
#: A text of no more sentences has no title, and is about nothing.
BRIEF = 3
#: So many sentences behind the title are the lead.
LEAD = 3
#: From so many letters on a word of the title is one that tells, of its first words.
TELLING, LONGEST_TITLE = 5, 40
#: A sign counts so often at most.
CAP = {"verb": 3, "echo": 3}
#: From these probabilities on a sentence is check-worthy, or states a fact: where F1 is best on the same sentences.
CHECK_WORTHY, FACT, PLAIN = 0.28, 0.4, 0.25
_YEAR = re.compile(r"(?:19|20)\d\d")
_SCORE = re.compile(r"\d{1,3}-\d{1,3}")
#: Words in the first or second person, and of judgement: debates have them, news hardly.
PERSONAL = words_of("i", "we", "you", "belief", "value", "address") | listed("personal-extras")
_OPENERS = listed("openers")
_NAME, _NUMBER, _PAST, _GERUND, _NEGATION, _QUOTATION, _QUESTION = map(
    letters, ("name", "number", "past", "gerund", "negation", "quotation-mark", "question-mark")
)
_CLOSING = letters("quotation-mark apostrophe closing-bracket")


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
    names = kinds[1:].count(_NAME)
    counts["opener"] = words[0] in _OPENERS
    counts["digit"] = kinds.count(_NUMBER)
    counts["year"] = any(map(_YEAR.fullmatch, words))
    counts["score"] = any(map(_SCORE.fullmatch, words))
    counts["name"], counts["names"] = names > 0, names > 2
    counts["verb"], counts["gerund"] = kinds.count(_PAST), kinds.count(_GERUND)
    counts["short"], counts["long"] = last - first < 7, last - first > 25
    counts["negation"] = _NEGATION in kinds
    counts["quote"] = _QUOTATION in kinds
    counts["asks"] = kinds.rstrip(_CLOSING).endswith(_QUESTION)
    counts["title"] = first == 0 and len(tokens.sentences) > BRIEF
    if len(tokens.sentences) > BRIEF:
        number = tokens.sentence(first)
        counts["lead"] = 1 <= number <= LEAD
        counts["late"] = 2 * number // len(tokens.sentences) + (5 * number > 4 * len(tokens.sentences))
        counts["echo"] = _echoes(tokens, words) if number else 0
    return {sign: min(count, CAP.get(sign, 2)) for sign, count in counts.items()} | dict(around)


def _echoes(tokens: Tokens, words: list[str]) -> int:
    """How many words that tell what the title is about a sentence has."""
    title = tokens.words[: min(tokens.sentences[0][1], LONGEST_TITLE)]
    return sum(len(word) >= TELLING for word in set(title).intersection(words))


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
