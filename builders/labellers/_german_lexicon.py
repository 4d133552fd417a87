"""What the search for German attributions knows: verbs with all their forms, nouns, small words.

Conventions: words are in lower case. The forms of a verb that follows the rule are made from its infinitive; a particle
that splits off is written with the verb where the verb stands last ("mitteilte"), apart from it elsewhere.

Source: ``german.toml``, whose comments say how its lists are written.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

#: Beginnings that a participle keeps without "ge".
_FAST = ("be", "er", "ver", "ent", "zer", "emp", "miss", "wider", "unter", "über", "ge")


@dataclass(frozen=True, slots=True)
class Verb:
    """A form of a verb. ``shape``: "f" finite, "p" participle, "z" infinitive with "zu", "i" infinitive; ``mood``: it is
    in the mood of reported speech; ``last``: it stands at the end of its clause only; ``needs``: words one of which
    must stand beside it."""

    lemma: str
    act: str
    shape: str
    particle: str = ""
    mood: bool = False
    last: bool = False
    infinitives: bool = False
    mains: bool = False
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The words of ``german.toml``: ``verbs`` by form, ``nouns`` with their act, ``small`` words with their class."""

    verbs: dict[str, tuple[Verb, ...]]
    nouns: dict[str, str]
    views: frozenset[str]
    support: frozenset[str]
    small: dict[str, str]
    times: frozenset[str]
    negations: frozenset[str]


#: Classes of small words, by their list; ``_german_tokens.py`` says what the letters mean. The first one counts.
_CLASSES = {
    "clauses": "s",
    "auxiliaries": "f",
    "links": "c",
    "adversatives": "b",
    "subordinators": "u",
    "genitive": "g",
    "object": "D",
    "either": "e",
    "determiners": "d",
    "subjects": "r",
    "reflexives": "o",
    "prepositions": "p",
    "questions": "w",
    "adverbs": "a",
}


@cache
def lexicon() -> Lexicon:
    """The words, read once."""
    data = tomllib.loads(Path(__file__).with_name("german.toml").read_text(encoding="utf-8"))
    small: dict[str, str] = {}
    for name, letter in _CLASSES.items():
        for word in data["small"][name].split():
            small.setdefault(word, letter)
    for word in data["moods"]["first"].split():
        small.setdefault(word, "k")
    for word in data["moods"]["second"].split():
        small[word] = "K"
    small["zu"] = "z"
    return Lexicon(
        verbs=_verbs(data),
        nouns={word: act for act in ACTS for word in data["nouns"].get(act, "").split()},
        views=frozenset(data["according"]["nouns"].split()),
        support=frozenset(data["nouns"]["support"].split()),
        small=small,
        times=frozenset(data["small"]["times"].split()),
        negations=frozenset(data["small"]["negations"].split()),
    )


ACTS = ("speech", "belief", "intention", "decision", "perception")


def _verbs(data: dict[str, Any]) -> dict[str, tuple[Verb, ...]]:
    strong = {name: forms.split() for name, forms in data["strong"].items()}
    needs = {first: frozenset(rest) for first, *rest in (line.split() for line in data["words"]["needs"])}
    left_out = frozenset(data["words"]["not"])
    infinitives = _listed(data, "z")
    mains = _listed(data, "m")
    found: dict[str, dict[tuple[str, str, bool], Verb]] = {}
    for act in reversed(ACTS):
        for word in dict.fromkeys(" ".join(data["verbs"][act].values()).split()):
            particle, _, base = word.rpartition("|")
            lemma = particle + base
            for form, shape, apart, mood in _forms(particle, base, strong):
                if form in left_out:
                    continue
                verb = Verb(
                    lemma=lemma,
                    act=act,
                    shape=shape,
                    particle=particle if apart else "",
                    mood=mood,
                    last=bool(particle) and not apart and shape == "f",
                    infinitives=word in infinitives,
                    mains=word in mains,
                    needs=needs.get(lemma, frozenset()),
                )
                found.setdefault(form, {})[lemma, shape, apart] = verb
    return {
        form: tuple(sorted(verbs.values(), key=lambda verb: (not verb.particle, verb.shape != "p")))
        for form, verbs in found.items()
    }


def _listed(data: dict[str, Any], name: str) -> frozenset[str]:
    return frozenset(word for act in ACTS for word in data["verbs"][act].get(name, "").split())


def _forms(particle: str, base: str, strong: dict[str, list[str]]) -> Iterator[tuple[str, str, bool, bool]]:
    """Forms of a verb: the form, its shape, whether the particle stands apart, whether it is the mood of reports."""
    present, past, pasts, participle, mood = strong.get(base) or _weak(base)
    yield particle + participle, "p", False, False
    if particle:
        yield participle, "p", True, False
    for form, reports in ((present, False), (past, False), (pasts, False), (base, False), (mood, True)):
        yield form, "f", bool(particle), reports
        if particle:
            yield particle + form, "f", False, reports
    yield particle + base, "i", False, False
    if particle:
        yield f"{particle}zu{base}", "z", False, False


def _weak(base: str) -> list[str]:
    """Present, past, past of a plural, participle and mood of a verb that follows the rule."""
    stem = base.removesuffix("n").removesuffix("e") if base.endswith("en") else base.removesuffix("n")
    link = "e" if stem.endswith(("t", "d", "chn", "gn", "dn")) else ""
    participle = f"{stem}{link}t"
    if not base.startswith(_FAST) and not base.endswith("ieren"):
        participle = f"ge{participle}"
    return [f"{stem}{link}t", f"{stem}{link}te", f"{stem}{link}ten", participle, f"{stem}e"]
