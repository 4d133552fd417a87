"""Rules: what is no article, by phrases, by kinds of lines, by how short pieces stand in a row.

Conventions: ``rules.toml`` holds the rules that are data, each sign with an example that it must catch and one that it
must not. The kinds of rules are ``lines`` (a share of the lines has a sign), ``passages`` (a share of the characters
stands in lines with a sign), ``signs`` (so many different signs), ``title`` (the title is one), ``heading`` (one of the
first lines is one), ``end`` (the text ends so). The first rule that fits gives the verdict.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from allegedly.builders.gate import shapes
from allegedly.builders.gate.hints import Hints
from allegedly.builders.gate.look import Look, prose
from allegedly.builders.sources.limits import Refused

RULES = Path(__file__).with_name("rules.toml")
#: So much of a line is shown in the ledger.
SHOWN = 80
#: Characters that are looked at for signs of licences and readmes, and for what an end says.
BEGINNING, END = 6000, 200
#: So many lines may be headings.
HEADINGS = 4
Search = Callable[[str], re.Match[str] | None]


class Sign(NamedTuple):
    """A sign: its pattern, the words of which one stands in whatever it matches, how it is looked for."""

    pattern: re.Pattern[str]
    hints: Hints | None
    search: Search


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that is data. ``share``: of lines or characters that must have a sign; ``least``: so many of them;
    ``prose``: the text holds less prose than this share; ``opening``: and less than so many characters of it before the
    first sign; ``most``: and has no more characters; ``names``: words of file names, in capitals, for which ``named`` signs
    are enough; ``bare``: a line that is a whole sentence is no sign; ``rest``: at most so many characters of prose
    stand beside the signs; ``hints``: words in small letters, one of which a text must hold before its signs are
    looked for; ``strong``: a sign that is not ``weak`` must be among them; ``plain`` and ``hinted``: signs without hints
    together, and those with hints; ``any_hint``: the hints of all signs."""

    name: str
    kind: str
    reason: str
    pattern: re.Pattern[str]
    signs: tuple[Sign, ...]
    strong: re.Pattern[str]
    share: float = 0.0
    least: int = 1
    prose: float = 1.01
    opening: int | None = None
    most: int | None = None
    names: tuple[str, ...] = ()
    named: int = 1
    bare: bool = False
    rest: int | None = None
    hints: Hints | None = None
    plain: Search | None = None
    hinted: tuple[tuple[Hints, Search], ...] = ()
    any_hint: Hints = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "any_hint", Hints(word for hints, _ in self.hinted for word in hints.words))

    def searches(self, small: str) -> "Searches":
        """How signs are looked for in the lines of a text, which is given in small letters."""
        if not self.hinted or not self.any_hint.in_text(small):
            return Searches(self.plain, ())
        return Searches(self.plain, [pair for pair in self.hinted if pair[0].in_text(small)])


@dataclass(frozen=True, slots=True)
class Searches:
    """The signs that a text may have, as its hints say."""

    plain: Search | None
    hinted: Sequence[tuple[Hints, Search]]

    def __bool__(self) -> bool:
        return self.plain is not None or bool(self.hinted)

    def found(self, line: str) -> bool:
        """Whether a line has a sign."""
        if self.plain is not None and self.plain(line):
            return True
        if not self.hinted:
            return False
        small = line.lower()
        return any(hints.in_text(small) and search(line) for hints, search in self.hinted)


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of ``rules.toml``, in its order."""
    return tuple(_rule(table) for table in tomllib.loads(RULES.read_text(encoding="utf-8"))["rule"])


def _rule(table: Mapping[str, Any]) -> Rule:
    patterns = [sign["pattern"] for sign in table["sign"]]
    strong = [sign["pattern"] for sign in table["sign"] if not sign.get("weak")]
    flags = (re.IGNORECASE if table.get("fold") else re.NOFLAG) | (
        re.MULTILINE if table["kind"] == "signs" else re.NOFLAG
    )
    settings = {key: value for key, value in table.items() if key not in ("sign", "fold", "names", "hints")}
    signs = tuple(
        Sign(re.compile(sign["pattern"], flags), _hints(sign), _search([sign["pattern"]], flags))
        for sign in table["sign"]
    )
    plain = [sign.pattern.pattern for sign in signs if sign.hints is None]
    return Rule(
        **settings,
        names=tuple(table.get("names", ())),
        hints=_hints(table),
        pattern=re.compile(_either(patterns), flags),
        plain=_search(plain, flags) if plain else None,
        hinted=tuple((sign.hints, sign.search) for sign in signs if sign.hints is not None),
        strong=re.compile(_either(strong), flags),
        signs=signs,
    )


def _hints(table: Mapping[str, Any]) -> Hints | None:
    return Hints(table["hints"]) if "hints" in table else None


def _search(patterns: list[str], flags: re.RegexFlag) -> Search:
    """How these signs are looked for; what can only begin a line is not looked for at every letter of it."""
    pattern = re.compile(_either(patterns), flags)
    if not all(map(_begins, patterns)):
        return pattern.search
    return partial(_at_lines, pattern) if flags & re.MULTILINE else pattern.match


def _at_lines(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match of a pattern that can only begin a line."""
    start = 0
    while (match := pattern.match(text, start)) is None:
        start = text.find("\n", start) + 1
        if not start:
            break
    return match


_ESCAPED = re.compile(r"\\.")
_SET = re.compile(r"\[\^?\]?[^\]]*\]")


def _begins(pattern: str) -> bool:
    """Whether each alternative of a pattern begins with ``^``."""
    depth, heads, plain = 0, [0], _SET.sub(lambda set_: "x" * len(set_[0]), _ESCAPED.sub("xx", pattern))
    for place, letter in enumerate(plain):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            heads.append(place + 1)
    return all(plain.startswith("^", head) for head in heads)


def _either(patterns: list[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def verdict(look: Look) -> Refused | None:
    """Why a text is no article; None where no rule says so."""
    for rule in rules():
        refused = _KINDS[rule.kind](rule, look)
        if refused is not None:
            return refused
    return shapes.verdict(look)


def _refused(rule: Rule, line: str, **detail: Any) -> Refused:
    return Refused(rule.name, rule.reason, **detail, sign=line[:SHOWN])


def _lines(rule: Rule, look: Look) -> Refused | None:
    least = max(rule.least, rule.share * len(look.lines))
    if len(look.lines) < least:
        return None
    searches = rule.searches(look.small)
    if not searches or not _bare(rule, look):
        return None
    signs: list[str] = []
    for left, line in zip(range(len(look.lines), 0, -1), look.lines, strict=True):
        if len(signs) + left < least:
            return None
        if not (rule.bare and prose(line)) and searches.found(line):
            signs.append(line)
    if len(signs) < least or not any(map(rule.strong.search, signs)):
        return None
    return _refused(rule, signs[0], lines=len(look.lines), signs=len(signs))


def _passages(rule: Rule, look: Look) -> Refused | None:
    searches = rule.searches(look.small)
    if not searches or not _bare(rule, look):
        return None
    signs = [passage for passage in look.passages if searches.found(passage)]
    share = sum(len("".join(passage.split())) for passage in signs) / look.size
    if len(signs) < rule.least or share < rule.share or not any(map(rule.strong.search, signs)):
        return None
    if rule.rest is not None and sum(map(prose, set(look.passages).difference(signs))) > rule.rest:
        return None
    return _refused(rule, signs[0], share=round(share, 2))


def _signs(rule: Rule, look: Look) -> Refused | None:
    text, small = look.text[:BEGINNING], look.small[:BEGINNING]
    if rule.hints is not None and not rule.hints.in_text(small):
        return None
    named = not look.words_of_name.isdisjoint(rule.names)
    least = rule.named if named else rule.least
    possible = [sign for sign in rule.signs if sign.hints is None or sign.hints.in_text(small)]
    signs: list[str] = []
    for left, sign in zip(range(len(possible), 0, -1), possible, strict=True):
        if len(signs) + left < least:
            return None
        if match := sign.search(text):
            signs.append(match[0])
    if len(signs) < least or not _bare(rule, look):
        return None
    return _refused(rule, " ".join(signs[0].split()) if signs else look.name, signs=len(signs))


def _title(rule: Rule, look: Look) -> Refused | None:
    # without a title it is the first line itself
    return _one_of(rule, look, dict.fromkeys((look.title, *look.lines[:1])))


def _heading(rule: Rule, look: Look) -> Refused | None:
    return _one_of(rule, look, look.lines[:HEADINGS])


def _one_of(rule: Rule, look: Look, lines: Iterable[str]) -> Refused | None:
    searches = rule.searches(look.small)
    line = next(filter(searches.found, lines), None)
    return _refused(rule, line) if line is not None and _bare(rule, look) else None


def _end(rule: Rule, look: Look) -> Refused | None:
    end = look.text[-END:].rstrip()
    if not rule.searches(end.lower()):
        return None
    match = rule.pattern.search(end)
    return _refused(rule, match[0]) if match and _bare(rule, look) else None


def _bare(rule: Rule, look: Look) -> bool:
    """Whether the text may be no story: not too much prose, and a sign before so much of it has been read."""
    if rule.most is not None and len(look.text) > rule.most:
        return False
    if rule.opening is not None:
        opening = look.opening(rule.opening)
        searches = rule.searches(opening.small)
        if not searches or not any(map(searches.found, opening.passages)):
            return False
    return rule.prose > 1 or not look.is_prose(rule.prose)


_KINDS: dict[str, Callable[[Rule, Look], Refused | None]] = {
    "lines": _lines,
    "passages": _passages,
    "signs": _signs,
    "title": _title,
    "heading": _heading,
    "end": _end,
}
