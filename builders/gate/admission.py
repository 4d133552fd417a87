"""Admission: articles that may go on, and ledger lines for the others.

Conventions: nobody is refused for being short, unless the recipe says how many words it wants. A record of a table that
is one line of a sentence or two (abbreviations may seem to end one) without a title is a sentence that somebody
collected, and is asked for its language and words only. Words are runs of letters and digits; of Chinese, Japanese and
Thai each character counts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from allegedly.builders.gate.look import Look
from allegedly.builders.gate.rules import verdict
from allegedly.builders.sources.limits import Refused
from allegedly.schemas.records import Article, Rejected

STAGE = "gate"
#: Readers whose records are rows.
TABLES = frozenset({"csv", "tsv", "jsonl", "json", "parquet", "sqlite"})
_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")


class Wishes(Protocol):
    """What a recipe's ``[input]`` says of articles."""

    @property
    def gate(self) -> str: ...
    @property
    def min_words(self) -> int: ...
    @property
    def languages(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Whether the gate is asked, how many words an article must have, in which languages it must be (empty: any)."""

    gate: bool = True
    min_words: int = 0
    languages: tuple[str, ...] = ()

    @classmethod
    def of(cls, wishes: Wishes) -> "Admission":
        """What a recipe wants."""
        return cls(gate=wishes.gate != "off", min_words=wishes.min_words, languages=tuple(wishes.languages))


def admitted(values: Iterable[Article | Rejected], admission: Admission) -> Iterator[Article | Rejected]:
    """The articles that may go on, in order, and a line of the ledger for each other."""
    for value in values:
        refused = None if isinstance(value, Rejected) else _refused(value, admission)
        yield value if refused is None else refused.rejected(value.origin, STAGE)


def _refused(article: Article, admission: Admission) -> Refused | None:
    if admission.gate and not _is_sentence_of_a_table(article):
        refused = verdict(Look(article))
        if refused is not None:
            return refused
    if admission.languages and not _spoken(article.language, admission.languages):
        what = f"is in {article.language}" if article.language else "is in a language that cannot be told"
        wanted = ", ".join(admission.languages)
        return Refused("other-language", f"{what}; only {wanted} is wanted", found=article.language)
    if admission.min_words:
        words = sum(1 for _ in _WORD.finditer(article.text))
        if words < admission.min_words:
            reason = f"has {words} words; at least {admission.min_words} are wanted"
            return Refused("too-few-words", reason, words=words, wanted=admission.min_words)
    return None


def _is_sentence_of_a_table(article: Article) -> bool:
    row = article.origin.record is not None and article.origin.reader in TABLES
    return row and article.title is None and "\n" not in article.text.strip() and len(article.sentences) <= 2


def _spoken(language: str | None, wanted: Iterable[str]) -> bool:
    """Whether a language is one of those, or a kind of one: ``en`` takes ``en-GB``, not the other way round."""
    tag = (language or "").lower()
    return any(tag == one.lower() or tag.startswith(f"{one.lower()}-") for one in wanted)
