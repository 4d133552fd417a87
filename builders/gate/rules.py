"""Rules: what is no article, by phrases, by kinds of lines, by how short pieces stand in a row.

Conventions: ``rules.toml`` holds the rules that are data, each sign with an example that it must catch and one that it
must not. The kinds of rules are ``lines`` (a share of the lines has a sign), ``passages`` (a share of the characters
stands in lines with a sign), ``signs`` (so many different signs), ``title`` (the title is one), ``end`` (the text ends so).
The first rule that fits gives the verdict.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from allegedly.builders.gate import shapes
from allegedly.builders.gate.look import Look
from allegedly.builders.sources.limits import Refused

RULES = Path(__file__).with_name("rules.toml")
#: So much of a line is shown in the ledger.
SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that is data. ``share``: of lines or characters that must have a sign; ``least``: so many of them;
    ``prose``: the text holds less prose than this share; ``opening``: and less than so many characters of it before the
    first sign; ``names``: stems of file names for which one sign is enough."""

    name: str
    kind: str
    reason: str
    pattern: re.Pattern[str]
    signs: tuple[re.Pattern[str], ...]
    share: float = 0.0
    least: int = 1
    prose: float = 1.01
    opening: int | None = None
    names: tuple[str, ...] = ()


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of ``rules.toml``, in its order."""
    return tuple(_rule(table) for table in tomllib.loads(RULES.read_text(encoding="utf-8"))["rule"])


def _rule(table: Mapping[str, Any]) -> Rule:
    patterns = [sign["pattern"] for sign in table["sign"]]
    whole = "|".join(f"(?:{pattern})" for pattern in patterns)
    flags = (re.IGNORECASE if table.get("fold") else re.NOFLAG) | (
        re.MULTILINE if table["kind"] == "signs" else re.NOFLAG
    )
    settings = {key: value for key, value in table.items() if key not in ("sign", "fold", "names")}
    return Rule(
        **settings,
        names=tuple(table.get("names", ())),
        pattern=re.compile(whole, flags),
        signs=tuple(re.compile(pattern, flags) for pattern in patterns),
    )


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
    signs = [line for line in look.lines if rule.pattern.search(line)]
    if len(signs) < rule.least or len(signs) < rule.share * len(look.lines) or not _bare(rule, look, signs):
        return None
    return _refused(rule, signs[0], lines=len(look.lines), signs=len(signs))


def _passages(rule: Rule, look: Look) -> Refused | None:
    signs = [line for line in look.lines if rule.pattern.search(line)]
    if len(signs) < rule.least:
        return None
    share = sum(len("".join(line.split())) for line in signs) / look.size
    if share < rule.share or not _bare(rule, look, signs):
        return None
    return _refused(rule, signs[0], share=round(share, 2))


def _signs(rule: Rule, look: Look) -> Refused | None:
    if not rule.pattern.search(look.text):
        return None
    found = [match[0] for sign in rule.signs if (match := sign.search(look.text))]
    if len(found) < (1 if look.stem in rule.names else rule.least) or not _bare(rule, look, found):
        return None
    return _refused(rule, " ".join(found[0].split()), signs=len(found))


def _title(rule: Rule, look: Look) -> Refused | None:
    match = rule.pattern.search(look.title)
    return _refused(rule, look.title) if match and _bare(rule, look, [look.title]) else None


def _end(rule: Rule, look: Look) -> Refused | None:
    match = rule.pattern.search(look.text[-200:].rstrip())
    return _refused(rule, match[0]) if match and _bare(rule, look, []) else None


def _bare(rule: Rule, look: Look, signs: list[str]) -> bool:
    """Whether the text is no story beside its signs."""
    if rule.opening is not None and signs and look.prose_until(look.text.find(signs[0])) >= rule.opening:
        return False
    return rule.prose > 1 or look.prose < rule.prose


_KINDS: dict[str, Callable[[Rule, Look], Refused | None]] = {
    "lines": _lines,
    "passages": _passages,
    "signs": _signs,
    "title": _title,
    "end": _end,
}
