"""Clauses of a German sentence: who is the subject of a verb, where what is said begins and ends.

Conventions: indices count tokens, stretches are half-open; ``None`` where there is none. Every search is bounded by the
sentence, which ``Tokens`` bounds.
"""

from allegedly.builders.labellers._german_lexicon import Verb, lexicon
from allegedly.builders.labellers._german_tokens import OBLIQUE, PHRASE, SUBJECT, Tokens

Range = tuple[int, int]
#: How many clauses that belong to the source may stand between a cue and what is said.
_BETWEEN = 3
#: Question words that mostly begin something else: taken only right behind the verb.
_LOOSE = frozenset({"wo", "wie", "was", "welche", "welcher", "welches", "welchen", "welchem", "wem", "wer"})
#: Endings of words that say how somebody speaks: "Besorgt äußerte sich Lind".
_MANNER = ("end", "lich", "weise", "sorgt")
#: What stands for the sentence before.
THIS = frozenset({"dies", "das", "dieses"})


def is_relative(tokens: Tokens, start: int) -> bool:
    """Whether a clause that begins there is a relative one: "der ... wohnt", "in dem ... steht"."""
    kinds = tokens.kinds
    if start == 0 or kinds[start - 1] != ",":
        return False
    head = start + 1 if kinds[start] == "p" else start
    if head >= len(kinds) or kinds[head] not in "deDg":
        return False
    if kinds[head + 1 : head + 2] in tuple("deDgr"):
        return True
    stop = tokens.next(",;:-", head, tokens.last)
    verbs = [at for at in range(head + 1, stop) if kinds[at] in "fkKv"]
    if verbs:
        return verbs[-1] == stop - 1 and (verbs[0] > head + 1 or verbs[-1] - verbs[0] == len(verbs) - 1)
    return stop - head > 2 and kinds[stop - 1] in "xj"


def clause_start(tokens: Tokens, at: int) -> int:
    """Where the stretch without commas that holds a token begins."""
    return tokens.back(",;:-(", at) + 1


def sentence_start(tokens: Tokens, at: int) -> int:
    """Where the main clause that holds a token begins: at the sentence's, or behind a semicolon or colon."""
    return tokens.back(";:", at) + 1


def stripped(tokens: Tokens, piece: Range) -> Range | None:
    """A stretch without punctuation at its ends; None where nothing is left."""
    first, stop = piece
    while first < stop and tokens.kinds[first] in ",;:-.":
        first += 1
    while stop > first and tokens.kinds[stop - 1] in ",;:-":
        stop -= 1
    return (first, stop) if first < stop else None


def pieces(tokens: Tokens, *stretches: Range) -> list[Range]:
    """Stretches without punctuation at their ends, the empty ones left out."""
    return [kept for each in stretches if (kept := stripped(tokens, each)) is not None]


# -- who ---------------------------------------------------------------------------------------------------------------


def subject(tokens: Tokens, finite: int, last: bool) -> Range | None:
    """The subject of a finite verb; ``last``: the verb stands at the end of its clause."""
    start = clause_start(tokens, finite)
    if last:
        return _of_last(tokens, start, finite)
    begin = start
    while begin < finite and tokens.kinds[begin] in "cba":
        begin += 1
    if begin < finite and SUBJECT.fullmatch(tokens.kinds, begin, finite):
        word = tokens.words[begin]
        weak = finite - begin == 1 and (word in THIS or (begin == 0 and word.endswith(_MANNER)))
        if weak or not lexicon().times.isdisjoint(tokens.words[begin:finite]):
            return behind(tokens, finite + 1) or (begin, finite)
        return begin, finite
    if begin == finite and start > 0 and (who := _apposed(tokens, finite)):
        return who
    who = behind(tokens, finite + 1)
    if who is None and (tokens.kinds[finite - 1] in "ca" if finite > start else tokens.kinds[finite + 1] == "b"):
        return _leading(tokens, finite)
    return who


def _of_last(tokens: Tokens, start: int, finite: int) -> Range | None:
    """The subject of a clause whose verb stands last."""
    kinds = tokens.kinds
    if start < finite and kinds[start] in "de" and is_relative(tokens, start):
        return start, start + 1
    at = start
    while at < finite and kinds[at] in "cbuswpDao":
        at += 1
    match = PHRASE.match(kinds, at, finite)
    if match:
        return match.span()
    match = SUBJECT.match(kinds, start, finite)
    return match.span() if match else None


def _apposed(tokens: Tokens, finite: int) -> Range | None:
    """The subject that an apposition or a relative clause, which ends right before the verb, belongs to."""
    kinds = tokens.kinds
    begin = sentence_start(tokens, finite)
    while begin < finite and kinds[begin] in "cb":
        begin += 1
    match = SUBJECT.match(kinds, begin, finite - 1)
    if not match or kinds[match.end()] != "," or kinds[finite - 1] != ",":
        return None
    between = kinds[match.end() + 1 : finite - 1]
    if between and not set(between) & set("fkKvswu,"):
        return begin, finite - 1
    return match.span() if is_relative(tokens, match.end() + 1) and "," not in between else None


def behind(tokens: Tokens, at: int) -> Range | None:
    """The subject that stands behind its verb, after adverbs and times."""
    kinds, stop = tokens.kinds, tokens.last
    for _ in range(6):
        if at >= stop or at in tokens.hidden:
            return None
        if kinds[at] in "ao":
            at += 1
        elif kinds[at] == "p" and (time := OBLIQUE.match(kinds, at + 1, stop)):
            at = time.end()
        else:
            break
    match = PHRASE.match(kinds, at, stop)
    if not match:
        return None
    end = match.end()
    if kinds[end : end + 1] == "p" and tokens.words[end] in ("von", "vom", "aus", "für", "der"):
        of = OBLIQUE.match(kinds, end + 1, stop)
        end = of.end() if of else end
    if kinds[end : end + 1] == ",":
        close = tokens.next(",", end + 1, stop)
        close = end if tokens.words[end + 1 : end + 2] == ["kein"] else close  # "habe, sagte Lind, kein Geld"
        if end < close < end + 14 and SUBJECT.fullmatch(kinds, end + 1, close) and kinds[end + 1] != "r":
            end = close
    return match.start(), end


def _leading(tokens: Tokens, finite: int) -> Range | None:
    """The subject of the clause before, for a verb joined by "und"."""
    begin = sentence_start(tokens, finite)
    while begin < finite and tokens.kinds[begin] in "cba":
        begin += 1
    match = SUBJECT.match(tokens.kinds, begin, finite)
    if match and tokens.kinds[match.end()] in "fvxj,":
        return match.span()
    return None


# -- what --------------------------------------------------------------------------------------------------------------


def content(tokens: Tokens, at: int, verb: Verb, embedded: bool) -> Range | None:
    """What is said behind a cue that ends at a token; ``embedded``: the cue stands in a clause inside another."""
    stop = tokens.last
    for skipped in range(_BETWEEN):
        comma = tokens.next(",:", at, stop)
        if comma >= stop - 1 or (skipped and tokens.kinds[comma] == ":"):
            return None
        start = comma + 1
        while start < stop and tokens.kinds[start] == ",":
            start += 1
        if _next_verb(tokens, at, comma):
            return None
        if opens(tokens, start, verb, skipped):
            return start, ending(tokens, start, embedded)
        if tokens.kinds[start] in "cbufv" or tokens.kinds[comma] == ":":
            return None
        at = start
    return None


def _next_verb(tokens: Tokens, at: int, comma: int) -> bool:
    """Whether another verb of the same subject stands in a stretch: what is said behind it belongs to that verb
    ("lobte Lind und wies den Vorwurf zurück, ...")."""
    for link in range(at, comma - 1):
        if tokens.kinds[link] == "c" and tokens.kinds[link + 1] in "fv" and link not in tokens.hidden:
            return not _ends_clause(tokens, link + 1)
    return False


def opens(tokens: Tokens, start: int, verb: Verb, skipped: int) -> bool:
    """Whether what a verb says may begin at a token."""
    kinds, stop = tokens.kinds, tokens.last
    if start >= stop or start in tokens.hidden:
        return False
    kind, word = kinds[start], tokens.words[start]
    if kind == "s":
        return True
    if kind == "w":
        degree = word == "wie" and kinds[start + 1] in "xj" and kinds[tokens.next(",", start, stop) - 1] in "fkKv"
        return not skipped and (degree or word not in _LOOSE or verb.lemma in ("fragen", "wissen", "klären", "zeigen"))
    if kind in "p" and kinds[start + 1 : start + 2] == "w":
        return not skipped
    if (
        kind in "ufv"
        or kinds[start : start + 2] == "as"
        or word in ("um", "ohne", "statt", "anstatt")
        or kinds[start : start + 2] == "aw"
    ):
        return False
    if verb.infinitives and infinitive(tokens, start):
        return True
    return _reports(tokens, start, verb, skipped)


def _reports(tokens: Tokens, start: int, verb: Verb, skipped: int) -> bool:
    """Whether a main clause that begins at a token is reported: by its mood, or behind a verb that needs none."""
    kinds, stop = tokens.kinds, tokens.last
    if kinds[start] in "ckKx" or (is_relative(tokens, start) and not _is_short(tokens, start)):
        return False
    at = start
    for _ in range(3):
        end = tokens.next(",;:", at, stop)
        finite = tokens.next("fkKv", at, end)
        if finite < end:
            if kinds[finite] in "kK":
                return True
            second = start < finite < end - 1 and kinds[start] in "derNpa#"
            return verb.mains and not skipped and kinds[finite] == "f" and second
        if end >= stop or kinds[end] != ",":
            return False
        at = end + 1
    return False


def _is_short(tokens: Tokens, start: int) -> bool:
    """Whether a clause is nothing but a subject and a verb in the mood of reports: "der Minister gehe" is no relative one
    then, although the verb stands last."""
    verb = tokens.next("fkKv", start, tokens.last)
    return verb < tokens.last and tokens.kinds[verb] == "k" and bool(PHRASE.fullmatch(tokens.kinds, start, verb))


def infinitive(tokens: Tokens, start: int) -> bool:
    """Whether a clause with "zu" begins at a token: no finite verb comes before its infinitive."""
    kinds, words = tokens.kinds, tokens.words
    for at in range(start, min(tokens.last, start + 40)):
        if at in tokens.hidden:
            continue
        word = words[at]
        if kinds[at] == "z" and at + 1 < tokens.last and words[at + 1].endswith("n") and kinds[at + 1] in "xjvfd":
            return True
        if kinds[at] in "xjv" and "zu" in word[1:-3] and word.endswith("n") and len(word) > 6:
            return True
        if kinds[at] in "fkKsu;:" or (kinds[at] == "," and at - start > 20):
            return False
    return False


def ending(tokens: Tokens, start: int, embedded: bool) -> int:
    """Where what is said ends: before a next cue of the author's, or with the sentence."""
    kinds, stop = tokens.kinds, tokens.last
    for at in range(start + 2, stop - 1):
        if at in tokens.hidden or kinds[at] not in ",c;":
            continue
        if kinds[at] == ";":
            return at
        linked = kinds[at] == "c" or kinds[at + 1] == "c"
        after = at + 2 if kinds[at : at + 2] == ",c" else at + 1
        if linked:
            if _indicative(tokens, after) and not _ends_clause(tokens, after):
                return at
        elif _indicative(tokens, after) or (embedded and _goes_on(tokens, after)) or _tagged(tokens, start, after):
            return at
    return stop


def _tagged(tokens: Tokens, start: int, after: int) -> bool:
    """Whether the author's words come behind a comma: the main clause, its next verb ("wies aber"), or "so Lind"."""
    if tokens.kinds[after : after + 2] == "vb":
        return True
    if tokens.kinds[after] == "f":
        return tokens.kinds[start] in "sw"
    return tokens.words[after] == "so" and tokens.kinds[after + 1 : after + 2] in tuple("derN")


def _goes_on(tokens: Tokens, at: int) -> bool:
    """Whether a verb stands at a token, by which the clause around goes on."""
    kind, word = tokens.kinds[at], tokens.words[at]
    return kind in "fvx" or (kind == "j" and word.endswith(("te", "ten")))


def _indicative(tokens: Tokens, at: int) -> bool:
    return any(verb.shape == "f" and not verb.mood and verb.mains for verb in tokens.verbs.get(at, ()))


def _ends_clause(tokens: Tokens, at: int) -> bool:
    """Whether a verb ends its clause: then it belongs to the clause that it stands in."""
    return at + 1 >= tokens.last or tokens.kinds[at + 1] in ",c."
