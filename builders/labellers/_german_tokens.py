"""The words of a German sentence with a letter for the class of each, and the phrases that the letters show.

Conventions: indices count tokens of the sentence; stretches are half-open. Letters: d determiner, e one that may be of
any case ("der"), g of a genitive, D of an object, r pronoun, o pronoun of an object, p preposition, a adverb, c "and",
b "but", s "dass" and "ob", u other subordinators, w question words, z "zu", f auxiliary, k and K mood of reported speech
(K: forms that have other uses), v verb of the lexicon, N word with a capital, # number, j word that ends as adjectives
do, x other word; punctuation is itself, a dash is -, marks of quotation are ".
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from allegedly.builders.labellers._german_lexicon import Verb, lexicon
from allegedly.schemas.records import Span

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*(?:-[^\W\d_]\w*)*|\w+(?:[-’'/&.]\w+)*-?|[^\w\s]")
_ADJECTIVE = re.compile(r"[^\W\d_][\w-]*(?:e|er|en|es|em)")
_MARKS = '"„“”«»‚‘’‹›'
_DASHES = "–—-"
#: A sentence with more tokens is no sentence: nothing is looked for in it, so that the work stays linear.
LONGEST = 400

_ADJ = r"(?:a?[jxV]|#)"
_CORE = (
    rf"{_ADJ}{{0,4}}(?:\"N[Nj#.pde]{{0,6}}\"|N)(?:-?[N#]|\.N|\.(?=N)|\"N[Njp#.de]{{0,6}}\"){{0,7}}(?:\([^()]{{1,8}}\))?"
)
_OF = rf"(?:[eg]{_CORE}|p[deDg]?{_CORE})"
_AND = rf"(?:,[deg]?{_CORE})?(?:c[deg]?{_CORE})"
#: Of what the subject of a sentence may be: any prepositions are part of it where nothing but the verb follows.
SUBJECT = re.compile(rf"(?:[de]?{_CORE}{_OF}{{0,4}}(?:{_AND}{_OF}{{0,2}})?|#{_OF}|r)")
#: A phrase that stands among others: only what names whose it is belongs to it.
_OWN = rf"(?:[eg]{_CORE})"
PHRASE = re.compile(rf"(?:[de]?{_CORE}{_OWN}{{0,3}}(?:{_AND}{_OWN}?)?|#[eg]{_CORE}|r)")
OBLIQUE = re.compile(rf"(?:[deDg]?{_CORE}{_OWN}{{0,3}}(?:c[deDg]?{_CORE}{_OWN}?)?|r|D(?=[,.]))")


class Tokens:
    """One sentence: its tokens, their letters, and the verbs of the lexicon among them."""

    def __init__(self, text: str, start: int, end: int, quoted: Sequence[tuple[int, int]]) -> None:
        words = lexicon()
        self.spans: list[tuple[int, int]] = []
        self.words: list[str] = []
        self.verbs: dict[int, tuple[Verb, ...]] = {}
        letters: list[str] = []
        for match in _TOKEN.finditer(text, start, end):
            word = match[0]
            low = word.lower()
            letter = _letter(word, low, words.small, first=not letters)
            verbs = words.verbs.get(low)
            if verbs and (word == low or (low not in words.views and (not letters or letters[-1] in '":'))):
                letter = "v" if letter in "Njx" else letter
                self.verbs[len(letters)] = verbs
            if letter == "." and letters and letters[-1] == "N" and len(self.words[-1]) > 4:
                letter = ";"  # a full stop that the splitting into sentences took for an abbreviation's
            letters.append(letter)
            self.spans.append(match.span())
            self.words.append(low)
        self.kinds = "".join(letters)
        self.starts = [span[0] for span in self.spans]
        self.hidden = _hidden(self.starts, quoted)
        self.last = self._last()
        self.kinds += "..."  # what looks ahead never leaves the sentence
        self.words += ("", "", "")

    def __len__(self) -> int:
        return len(self.spans)

    def _last(self) -> int:
        """Where the final punctuation begins."""
        end = len(self.kinds)
        while end and self.kinds[end - 1] in ".;!?:…":
            end -= 1
        return end

    def part(self, first: int, stop: int) -> Span:
        """The tokens of a stretch as a span of the text."""
        return Span(self.spans[first][0], self.spans[stop - 1][1])

    def next(self, letters: str, start: int, stop: int) -> int:
        """The first token of one of the classes in a stretch outside quotations; ``stop`` where there is none."""
        for token in range(start, stop):
            if self.kinds[token] in letters and token not in self.hidden:
                return token
        return stop

    def back(self, letters: str, start: int, floor: int = 0) -> int:
        """The last token of one of the classes before ``start``; ``floor`` - 1 where there is none."""
        for token in range(start - 1, floor - 1, -1):
            if self.kinds[token] in letters and token not in self.hidden:
                return token
        return floor - 1


def _letter(word: str, low: str, small: dict[str, str], first: bool) -> str:
    """The class of one token."""
    if not word[0].isalnum():
        return '"' if word in _MARKS else "-" if word in _DASHES else word if word in ",.;:()!?…" else "x"
    known = small.get(low)
    if known is not None and (word == low or first or known in "rdegD"):
        return known
    if word[0].isdigit():
        return "N" if word.endswith(("-Jährige", "-Jähriger", "-Jährigen")) else "#"
    if known is not None and word[0].isupper() and known in "psuwacbf":
        return known
    if word[0].isupper() or (word[:3] in ("al-", "el-") and word[3:4].isupper()):
        return "N"
    return "j" if _ADJECTIVE.fullmatch(low) else "x"


def _hidden(starts: Sequence[int], quoted: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Tokens inside quotations of several words: their verbs and commas are not the author's."""
    found: set[int] = set()
    for start, end in quoted:
        first, stop = bisect_left(starts, start), bisect_left(starts, end)
        if stop - first > 4:
            found.update(range(first, stop))
    return frozenset(found)
