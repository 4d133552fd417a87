"""Rules: what is no article, by phrases, by kinds of lines, by how short pieces stand in a row.

Conventions: ``rules.toml`` holds the rules that are data, each sign with an example that it must catch and one that it
must not. The kinds of rules are ``lines`` (a share of the lines has a sign), ``passages`` (a share of the characters
stands in lines with a sign), ``signs`` (so many different signs), ``title`` (the title is one), ``heading`` (one of the
first lines is one), ``end`` (the text ends so). The first rule that fits gives the verdict.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from allegedly.builders.gate import shapes
from allegedly.builders.gate.look import Look, prose
from allegedly.builders.sources.limits import Refused

RULES = Path(__file__).with_name("rules.toml")
#: So much of a line is shown in the ledger.
SHOWN = 80
#: Characters that are looked at for signs of licences and readmes, and for what an end says.
BEGINNING, END = 6000, 200
#: So many lines may be headings.
HEADINGS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that is data. ``share``: of lines or characters that must have a sign; ``least``: so many of them;
    ``prose``: the text holds less prose than this share; ``opening``: and less than so many characters of it before the
    first sign; ``most``: and has no more characters; ``names``: words of file names, in capitals, for which ``named`` signs
    are enough; ``bare``: a line that is a whole sentence is no sign; ``rest``: at most so many characters of prose
    stand beside the signs; ``hints``: words in small letters, one of which a text must hold before its signs are
    looked for; ``strong``: a sign that is not ``weak`` must be among them."""

    name: str
    kind: str
    reason: str
    pattern: re.Pattern[str]
    signs: tuple[re.Pattern[str], ...]
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
    hints: tuple[str, ...] = ()


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
    return Rule(
        **settings,
        names=tuple(table.get("names", ())),
        hints=tuple(table.get("hints", ())),
        pattern=re.compile(_either(patterns), flags),
        strong=re.compile(_either(strong), flags),
        signs=tuple(re.compile(pattern, flags) for pattern in patterns),
    )


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
    if not _bare(rule, look):
        return None
    signs = [line for line in look.lines if rule.pattern.search(line) and not (rule.bare and prose(line))]
    if len(signs) < max(rule.least, rule.share * len(look.lines)) or not any(map(rule.strong.search, signs)):
        return None
    return _refused(rule, signs[0], lines=len(look.lines), signs=len(signs))


def _passages(rule: Rule, look: Look) -> Refused | None:
    if not _bare(rule, look):
        return None
    signs = [passage for passage in look.passages if rule.pattern.search(passage)]
    share = sum(len("".join(passage.split())) for passage in signs) / look.size
    if len(signs) < rule.least or share < rule.share or not any(map(rule.strong.search, signs)):
        return None
    if rule.rest is not None and sum(map(prose, set(look.passages).difference(signs))) > rule.rest:
        return None
    return _refused(rule, signs[0], share=round(share, 2))


def _signs(rule: Rule, look: Look) -> Refused | None:
    text = look.text[:BEGINNING]
    if rule.hints and not any(map(text.lower().__contains__, rule.hints)):
        return None
    named = not look.words_of_name.isdisjoint(rule.names)
    least = rule.named if named else rule.least
    if least and not rule.pattern.search(text):
        return None
    signs = [match[0] for sign in rule.signs if (match := sign.search(text))]
    if len(signs) < least or not _bare(rule, look):
        return None
    return _refused(rule, " ".join(signs[0].split()) if signs else look.name, signs=len(signs))


def _title(rule: Rule, look: Look) -> Refused | None:
    title = next((title for title in (look.title, *look.lines[:1]) if rule.pattern.search(title)), None)
    return _refused(rule, title) if title is not None and _bare(rule, look) else None


def _heading(rule: Rule, look: Look) -> Refused | None:
    line = next((line for line in look.lines[:HEADINGS] if rule.pattern.search(line)), None)
    return _refused(rule, line) if line is not None and _bare(rule, look) else None


def _end(rule: Rule, look: Look) -> Refused | None:
    match = rule.pattern.search(look.text[-END:].rstrip())
    return _refused(rule, match[0]) if match and _bare(rule, look) else None


def _bare(rule: Rule, look: Look) -> bool:
    """Whether the text may be no story: not too much prose, and a sign before so much of it has been read."""
    if rule.most is not None and len(look.text) > rule.most:
        return False
    if rule.opening is not None and not any(map(rule.pattern.search, look.opening(rule.opening))):
        return False
    return rule.prose > 1 or look.prose < rule.prose


_KINDS: dict[str, Callable[[Rule, Look], Refused | None]] = {
    "lines": _lines,
    "passages": _passages,
    "signs": _signs,
    "title": _title,
    "heading": _heading,
    "end": _end,
}
