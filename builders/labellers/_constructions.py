"""Attributions that rows find: passives, nouns, and phrases such as "according to"; and where a verb is no cue.

Conventions: indices count tokens, ranges hold both ends. A row names its parts in its pattern, or the function below that
finds them.

Source: ``rules_attributions.toml``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from allegedly.builders.labellers._classes import letters
from allegedly.builders.labellers._contents import Contents, agrees
from allegedly.builders.labellers._cues import VERBS, Entry
from allegedly.builders.labellers._files import is_none
from allegedly.builders.labellers._frames import frame
from allegedly.builders.labellers._lists import lists
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._patterns import Marks
from allegedly.builders.labellers._rulebook import NOBODY, Row, Rule, by_start, rules
from allegedly.builders.labellers._sayings import Saying
from allegedly.builders.labellers._source_phrases import Sources
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
FILE = "rules_attributions.toml"
_SHARES = letters("question comma conjunction")
_DESCRIBES = letters("determiner possessive number adverb")
_CLOSED = letters("noun name number closing-bracket")
_ENDS_ORDER = letters("comma stop semicolon conjunction that question")
_VERB_FORM, _NAMES_ACT = letters("noun auxiliary past"), letters("noun gerund")
_NAME, _ADVERB, _PRONOUN, _TO, _COMMA, _CONJUNCTION, _QUOTATION, _STOP, _AUXILIARY = map(
    letters,
    ("name", "adverb", "pronoun", "to", "comma", "conjunction", "quotation-mark", "stop", "auxiliary"),
)
_VERBAL, _PARTICIPLE = letters("auxiliary past gerund"), letters("past gerund")
_MODAL_OR_NOT, _APART = letters("modal negation"), letters("comma quotation-mark end conjunction opening-bracket")
_GERUND, _POSSESSIVE = letters("gerund"), letters("possessive")
_NEGATIVE, _REFUSING, _LIGHT, _HAVE = map(listed, ("negations", "refusing", "light-verbs", "no-passive"))
_PARTICLES, _WORKING, _MAKING = map(listed, ("particles", "working", "making"))
_HEARSAY = listed("hearsay")
_DUMMIES, _INQUIRIES, _LABELS = map(listed, ("dummies", "inquiries", "labels"))
#: Endings of nouns for what can be ordered to be done.
_ACTS = ("tion", "sion", "ment", "ure", "al", "ing")


@dataclass(frozen=True, slots=True)
class Passive:
    """A rule of passives with what it holds for, None where for any verb."""

    rule: Rule
    lemmas: frozenset[str] | None
    forms: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of attribution, by the characters that their cues begin with."""

    not_cues: Mapping[str, tuple[Rule, ...]]
    phrases: Mapping[str, tuple[Rule, ...]]
    passives: tuple[Passive, ...]
    nouns: tuple[Rule, ...]


@cache
def book() -> Book:
    """The rules as they ship. UsageError for names of functions and lists that are none."""
    not_cues, phrases = rules(FILE, "not-a-cue"), rules(FILE, "phrase")
    for rule in not_cues:
        rule.row.one_of("with", NOT_CUES)
    nouns = rules(FILE, "noun")
    for rule in nouns:
        rule.row.one_of("source", NOUN_SOURCES)
    for rule in phrases:
        rule.row.one_of("with", PHRASES)
        rule.row.one_of("source", PHRASE_SOURCES)
        rule.row.one_of("content", PHRASE_CONTENTS)
    return Book(by_start(not_cues), by_start(phrases), tuple(map(_passive, rules(FILE, "passive"))), nouns)


def _passive(rule: Rule) -> Passive:
    rule.row.one_of("source", SOURCES)
    rule.row.one_of("content", CONTENTS)
    lemmas, forms = rule.row.fields.get("lemmas"), rule.row.fields.get("words")
    return Passive(
        rule,
        _words(rule.row, "lemmas", lemmas) if lemmas else None,
        _words(rule.row, "words", forms) if forms else None,
    )


def _words(row: Row, field: str, value: str) -> frozenset[str]:
    """The words of a field: themselves, or the name of a list between < and >."""
    if value[0] != "<":
        return frozenset(value.split())
    if value[1:-1] not in lists():
        raise row.wrong(field, f"the word list {is_none(value[1:-1], lists())}")
    return listed(value[1:-1])


@dataclass(slots=True)
class Here:
    """A verb or a phrase in its sentence: the tokens from where it begins to its last, its sentence, half-open, the frame that
    begins behind it, and the subject before it."""

    begin: int
    token: int
    end: int
    first: int
    last: int
    follow: str = ""
    subject: Range | None = None
    mark: int = -1
    source: Range | None = None


class Constructions:
    """Finds what the rows say in one article."""

    def __init__(self, tokens: Tokens, signs: Marks, sources: Sources, contents: Contents) -> None:
        self.tokens = tokens
        self.kinds, self.words = tokens.kinds, tokens.words
        self.signs, self.marks = signs.signs, signs
        self.sources, self.contents = sources, contents
        self.book = book()
        self.close_at = {last: first for first, last in tokens.quotes}

    # -- where a verb is no cue ----------------------------------------------------------------------------------

    def frame_of_cue(self, token: int, first: int, last: int) -> str | None:
        """The frame that begins behind a form of a verb; None where a rule keeps it from being a cue."""
        forbidden = next(self.forbidding(token, first, last), None) is not None
        return None if forbidden else frame(self.tokens, token + 1)

    def forbidding(self, token: int, first: int, last: int) -> Iterator[str]:
        """The names of the rules that keep a word from being a cue."""
        for rule in self.book.not_cues.get(self.signs[token], ()):
            if rule.match(self.marks, token) is None:
                continue
            if rule.frames and not rule.follows(frame(self.tokens, token + 1)):
                continue
            function = rule.row.fields.get("with")
            if function is None or NOT_CUES[function](self, token, first, last):
                yield rule.row.name

    def headline(self, first: int, last: int) -> bool:
        """Whether a sentence is set like a headline: most of its words have capitals."""
        kinds = self.kinds[first:last]
        return kinds.count(_NAME) * 2 > len(kinds)

    def is_order(self, token: int, last: int) -> bool:
        """Whether something is to be done: "ordered the ship to leave", "ordered a review"."""
        kinds, words = self.kinds, self.words
        for here in range(token + 1, min(last, token + 14)):
            if kinds[here] == _TO and kinds[here + 1] in _VERB_FORM:
                return True
            if kinds[here] in _ENDS_ORDER:
                return False
            if kinds[here] in _NAMES_ACT and (words[here].endswith(_ACTS) or words[here] in _INQUIRIES):
                return True
        return False

    def verb_group(self, token: int, lemma: str, first: int) -> tuple[int, bool, bool]:
        """Where a verb begins with its auxiliaries, whether these negate it, and whether they make it passive."""
        kinds, words = self.kinds, self.words
        begin = token
        negated = passive = False
        while begin - 1 >= first:
            kind = kinds[begin - 1]
            if kind in _MODAL_OR_NOT or (kind == _AUXILIARY):
                negated |= words[begin - 1] in _NEGATIVE
                passive |= kind == _AUXILIARY and words[begin - 1] not in _HAVE
                begin -= 1
            elif kind == _ADVERB and words[begin - 1] in _HEARSAY:
                break  # "reportedly" says that somebody else told it
            elif kind == _ADVERB and begin - 2 >= first and kinds[begin - 2] not in _APART:
                begin -= 1
            elif kind == _POSSESSIVE and kinds[begin - 2] == _PRONOUN:
                begin -= 1
                passive = True
            elif kind == _TO and words[token] == lemma:
                begin -= 1
                if begin - 1 >= first and words[begin - 1] in _LIGHT:
                    negated |= words[begin - 1] in _REFUSING
                    begin -= 1
                else:
                    break
            else:
                break
        return begin, negated, passive

    # -- passives ------------------------------------------------------------------------------------------------

    def passive(self, here: Here, lemma: str, negated: bool) -> Saying | None:
        """The attribution of a passive verb."""
        if here.begin - 1 >= here.first:
            left = here.begin - 1
            if self.kinds[left] == _PRONOUN:
                here.subject = (left, left)
            elif self.kinds[left] in _CLOSED:
                here.subject = self.sources.left(left, here.first)
            elif self.kinds[left] in _SHARES:
                here.subject = self.sources.source(here.begin, here.first, [], False)[0]
        for passive in self.book.passives:
            if (
                not passive.rule.follows(here.follow)
                or (passive.lemmas is not None and lemma not in passive.lemmas)
                or (passive.forms is not None and self.words[here.token] not in passive.forms)
            ):
                continue
            parts = passive.rule.match(self.marks, here.token)
            if parts is not None:
                here.end = parts["cue"][1]
                return self._passive(passive.rule, here, lemma, negated)
        return None

    def _passive(self, rule: Rule, here: Here, lemma: str, negated: bool) -> Saying | None:
        fields = rule.row.fields
        source = SOURCES[fields["source"]](self, here) if "source" in fields else None
        if source is None and "source" in fields:
            return None
        content: list[Range] = []
        for name in fields["content"].split():
            pieces = CONTENTS[name](self, here)
            if pieces is None:
                return None
            content += pieces
        kind = fields.get("frame", here.follow)
        return Saying((here.begin, here.end), lemma, source, content, kind, negated, rule=rule.row.name)

    # -- nouns ---------------------------------------------------------------------------------------------------

    def noun(self, token: int, entry: Entry, first: int, last: int) -> Saying | None:
        """The attribution of a noun for what is said."""
        lemma, frames = entry
        follow = frame(self.tokens, token + 1)
        if follow not in frames:
            return None
        for rule in self.book.nouns:
            parts = rule.match(self.marks, token)
            if parts is None:
                continue
            # what the pattern calls "more" belongs to the cue
            begin = parts["more"][0] if parts["more"][1] >= parts["more"][0] else token
            here = Here(begin, token, token + (follow[0] == "P"), first, last, follow, source=parts.get("source"))
            if "source" in rule.row.fields and not NOUN_SOURCES[rule.row.fields["source"]](self, here):
                continue
            content = self._said_of(here)
            cue = (here.begin, here.end)
            return Saying(cue, lemma, here.source, content, "noun", rule=rule.row.name) if content else None
        return None

    def _said_of(self, here: Here) -> list[Range]:
        """What follows a noun: up to the verb of the clause around, unless somebody makes what it speaks of, as a plan."""
        kinds, source = self.kinds, here.source
        made = source is not None and (
            source[1] < here.begin - 1 or kinds[here.begin] in _VERBAL or kinds[source[0] - 1] in _PARTICIPLE
        )
        kind = "t" if here.follow == "t" else "i" if made and here.follow == "i" else "Pnoun"
        content = self.contents.content(here.end + 1, here.last, kind, here.token)
        return [self.contents.one_clause(*content[0])] if content and here.follow == "t" else content

    # -- phrases -------------------------------------------------------------------------------------------------

    def phrase(self, token: int, first: int, last: int) -> Saying | None:
        """The attribution of a phrase whose cue begins at a token."""
        for rule in self.book.phrases.get(self.signs[token], ()):
            parts = rule.match(self.marks, token)
            fields = rule.row.fields
            if parts is None or ("with" in fields and not PHRASES[fields["with"]](self, token, first, last)):
                continue
            cue, source = parts["cue"], parts.get("source")
            here = Here(token, token, cue[1], first, last, mark=(parts.get("mark") or source or cue)[1], source=source)
            if "source" in fields:
                here.source = PHRASE_SOURCES[fields["source"]](self, here)
            content = PHRASE_CONTENTS[fields["content"]](self, here)
            if not content or (here.source is None and fields.get("source") != NOBODY):
                return None
            lemma = self.words[token]
            return Saying(cue, lemma, here.source, content, fields["frame"], rule=rule.row.name)
        return None


# -- what no pattern says ---------------------------------------------------------------------------------------------


def _does_not_agree(found: Constructions, token: int, first: int, last: int) -> bool:
    """Whether a word that is a noun as well is no verb after the noun before it."""
    before = token - 1
    while before >= first and found.kinds[before] == _ADVERB:
        before -= 1
    left = found.kinds[before] if before >= first else ""
    lemma = VERBS[found.words[token]][0]
    return bool(left) and not agrees(found.tokens, before, left, found.words[token] == lemma)


def _owner(found: Constructions, here: Here) -> bool:
    """The noun phrase before a possessive 's, with it."""
    left = here.begin - 1
    phrase = found.sources.left(left - 1, here.first)
    here.source = (phrase[0], left) if phrase else None
    return phrase is not None


def _maker(found: Constructions, here: Here) -> bool:
    """The subject of the verb before a noun for what is planned or said; the verb goes into the cue: "The capital | is
    developing plans". Nobody, where it is no verb that makes or tells it."""
    kinds, words = found.kinds, found.words
    verb = here.begin - 1
    if words[verb] in _PARTICLES or (words[verb] == "on" and words[verb - 1] in _WORKING):
        verb -= 1
    if verb > here.first and words[verb] in _MAKING:
        begin = found.verb_group(verb, "", here.first)[0]
        source, _ = found.sources.source(begin, here.first, [], kinds[verb] == _GERUND)
        if source is not None and source[1] < begin:
            here.source, here.begin = source, begin
    return True


def _maker_named(found: Constructions, here: Here) -> bool:
    """As ``_maker``, where there is one."""
    return _maker(found, here) and here.source is not None


def _subject(found: Constructions, here: Here) -> list[Range] | None:
    return None if here.subject is None else [here.subject]


def _subject_unless_dummy(found: Constructions, here: Here) -> list[Range]:
    return [here.subject] if here.subject and found.words[here.subject[0]] not in _DUMMIES else []


def _rest(found: Constructions, here: Here) -> list[Range]:
    """What follows the cue, up to the end of its clause or phrase."""
    return found.contents.content(here.end + 1, here.last, here.follow, here.token)


def _phrase_behind(found: Constructions, here: Here) -> Range | None:
    start = here.end + 1
    return (start, found.sources.right(start, here.last)) if start < here.last else None


def _without_marks(found: Constructions, here: Here) -> Range | None:
    """The source of the pattern without quotation marks at its end."""
    if here.source is None:
        return None
    start, stop = here.source
    while stop >= start and found.kinds[stop] == _QUOTATION:
        stop -= 1
    return (start, stop) if stop >= start else None


def _clause_behind(found: Constructions, here: Here) -> list[Range]:
    """The clause behind the mark that the pattern names, else behind its source."""
    start = here.mark + 1
    end = found.contents.clause_end(start, here.last, "c") if start < here.last else -1
    return [(start, end)] if end >= start else []


def _sentence_before(found: Constructions, here: Here) -> list[Range]:
    """The sentence before the mark that the pattern names."""
    return [(here.first, here.mark - 1)] if here.mark - 1 > here.first else []


def _statement_before(found: Constructions, here: Here) -> list[Range]:
    """The sentence before the cue, without a comma behind it and a conjunction before it."""
    kinds = found.kinds
    end = here.begin - 1 - (kinds[here.begin - 1] == _COMMA)
    start = here.first
    while start < end and kinds[start] == _CONJUNCTION:
        start += 1
    if end in found.close_at and kinds[here.first] != _QUOTATION:
        start = here.first
    return [(start, end)] if end > start else []


def _rest_of_sentence(found: Constructions, here: Here) -> list[Range]:
    """All behind the cue, without the full stop."""
    end = here.last - 1
    while found.kinds[end] == _STOP and end > here.token + 1:
        end -= 1
    return [(here.token + 1, end)]


def _clause_around(found: Constructions, here: Here) -> list[Range]:
    """The clause in which the cue stands as an adverb: its subject with the auxiliaries before the cue, and the rest."""
    behind = _clause_behind(found, here)
    begin, *_ = found.verb_group(here.begin, "", here.first)
    subject, shared = found.sources.source(begin, here.first, [], False)
    if not behind or subject is None or shared or subject[1] >= begin:
        return behind if begin == here.begin else [(begin, here.begin - 1), *behind]
    return [(subject[0], here.begin - 1), *behind]


def _thing_around(found: Constructions, here: Here) -> list[Range]:
    """The noun phrase that the cue describes: its article, if it has one, and the noun with what hangs on it."""
    kinds, start = found.kinds, here.begin
    while start > here.first and kinds[start - 1] in _DESCRIBES:
        start -= 1
    behind = (here.end + 1, found.contents.clause_end(here.end + 1, here.last, "Pnoun", here.token))
    return [*([(start, here.begin - 1)] if start < here.begin else []), behind]


def _quoted_or_in_a_headline(found: Constructions, token: int, first: int, last: int) -> bool:
    if found.words[first] in _LABELS:
        return False  # "Contributing: Vera Stam"
    return found.kinds[token + 1] == _QUOTATION or found.headline(first, last)


#: The functions by the names that the rules give them.
NOT_CUES: dict[str, Callable[[Constructions, int, int, int], bool]] = {
    "does-not-agree": _does_not_agree,
    "orders-a-thing": lambda found, token, first, last: not found.is_order(token, last),
}
SOURCES: dict[str, Callable[[Constructions, Here], Range | None]] = {
    "subject": lambda found, here: here.subject,
    "phrase-behind": _phrase_behind,
}
CONTENTS: dict[str, Callable[[Constructions, Here], list[Range] | None]] = {
    "subject": _subject,
    "subject-if-any": lambda found, here: _subject(found, here) or [],
    "subject-unless-dummy": _subject_unless_dummy,
    "rest": lambda found, here: _rest(found, here) or None,
    "rest-if-any": _rest,
}
NOUN_SOURCES: dict[str, Callable[[Constructions, Here], bool]] = {
    "phrase-before": _owner,
    "maker": _maker,
    "maker-named": _maker_named,
}
PHRASES: dict[str, Callable[[Constructions, int, int, int], bool]] = {
    "quoted-or-in-a-headline": _quoted_or_in_a_headline,
}
PHRASE_SOURCES: dict[str, Callable[[Constructions, Here], Range | None]] = {
    NOBODY: lambda found, here: None,
    "without-marks": _without_marks,
}
PHRASE_CONTENTS: dict[str, Callable[[Constructions, Here], list[Range]]] = {
    "clause-behind": _clause_behind,
    "sentence-before": _sentence_before,
    "statement-before": _statement_before,
    "rest-of-sentence": _rest_of_sentence,
    "clause-around": _clause_around,
    "thing-around": _thing_around,
}
