"""Systems as labellers: what a build and `label` need of them, and how a specification tells them from our own.

Conventions: systems (`openai:MODEL@URL`, `command:...`) belong to the evaluation, which builders do not import: the front
door hands in a `Connect`. They are asked in the process of the build, where one budget and one cache serve all articles,
never in its workers. A specification names labellers with commas between; a comma behind a system parts it from the next
labeller only where a labeller's or a system's name follows, since commands and addresses hold commas of their own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from allegedly.schemas import plugins, secrets
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Annotator, Article, Prediction, Rejected

#: What a system said of an article: its labels, None where it gave none, and lines of the ledger about it.
Answered = tuple[Article, Prediction | None, tuple[Rejected, ...]]


class Asked(Protocol):
    """A system that labels articles."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def annotator(self) -> Annotator:
        """Who its labels are signed by."""

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that it labels."""

    @property
    def prompt_sha256(self) -> str | None:
        """The hash of what a language model is told; None where none is."""

    @property
    def options(self) -> Mapping[str, Any]:
        """What of its options decides its labels; nothing of it is secret."""

    def label(self, articles: Iterable[Article]) -> Iterator[Answered]:
        """The answer for each article, in order; articles are drawn some at a time. DataError where it stays dead, or the
        budget is spent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How systems are asked: the file of their options, what all of them together may cost, and the folder of kept
    answers (None: none are kept), which a person ``named`` or not."""

    options: Path | None = None
    max_cost: float | None = None
    max_requests: int | None = None
    cache: Path | None = None
    named: bool = True


#: From specs of systems to the systems, closed at the end. The last argument is told what is worth a line.
Connect = Callable[[Sequence[str], Asking, Callable[[str], None]], AbstractContextManager[Sequence[Asked]]]
_NAMED = re.compile(r"(?:[\w.-]+=)?([A-Za-z][\w+-]*):")


def is_system(spec: str) -> bool:
    """Whether one labeller's specification names a system."""
    match = _NAMED.match(spec)
    return match is not None and match[1].replace("_", "-") in plugins.names("systems")


def parted(spec: str) -> tuple[str, tuple[str, ...]]:
    """Of a specification the labellers that run in workers, as they stand, and the systems. UsageError for a system
    that is named twice."""
    pieces: list[str] = []
    for piece in spec.split(","):
        own = is_system(piece.strip()) or piece.strip() in plugins.names("labellers")
        if pieces and is_system(pieces[-1].strip()) and not own:
            pieces[-1] += f",{piece}"
        else:
            pieces.append(piece)
    systems = tuple(piece.strip() for piece in pieces if is_system(piece.strip()))
    twice = next((name for name in systems if systems.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"labeller {shown(twice)!r} is named twice; name each once")
    return ",".join(piece for piece in pieces if not is_system(piece.strip())), systems


def shown(spec: str) -> str:
    """A specification without the secrets in it."""
    secrets.keep_address(spec)
    return secrets.masked(spec)


def refuse_secrets(spec: str) -> None:
    """UsageError where an address holds what should be in no release."""
    masked = shown(spec)
    if masked != spec:
        raise UsageError(
            f"labellers: {masked}: holds a secret, and a release says which labellers made it; name the variable of the "
            "environment that holds it in the labeller's options (key, headers)"
        )


@contextmanager
def connected(
    specs: Sequence[str], connect: Connect | None, asking: Asking, say: Callable[[str], None]
) -> Iterator[Sequence[Asked]]:
    """The systems of some specs. UsageError where none was handed in that could connect them, or where options of
    systems are given and there is none."""
    if not specs:
        given = (asking.options, asking.max_cost, asking.max_requests, asking.cache if asking.named else None)
        if any(option is not None for option in given):
            raise UsageError(
                "labeller_options, max_cost, max_requests and cache are for labellers that are systems, such as "
                "openai:MODEL@URL; none is named"
            )
        yield ()
        return
    if connect is None:
        raise UsageError(
            f"labeller {shown(specs[0])!r}: systems run through `allegedly.build` and `allegedly.label` only"
        )
    with connect(specs, asking, say) as systems:
        yield systems
