"""Systems as labellers: each article is handed over once, with the task ``labels``, and answered by an object of labels.

Conventions: what systems are asked with, budget, cache and tries are those of an evaluation (`allegedly.eval.running`).
An article without an answer, or with one that is none, has a line of the ledger and no labels of that system; a system
that stays dead, and a budget that is spent, end it all with a DataError: answers are kept, and the next run goes on there.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, cast

from allegedly.eval import labelled, runs, schemes
from allegedly.eval import options as system_options
from allegedly.eval.cache import Cache
from allegedly.eval.foreign import aside
from allegedly.eval.options import Options
from allegedly.eval.running import Budget, Questions, Spent, one_run
from allegedly.eval.schemes import Scheme
from allegedly.eval.system import UNANSWERED, System, holds
from allegedly.schemas import plugins, secrets
from allegedly.schemas.derive import canonical
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import LAYERS, Annotator, Article, Json, Prediction, Rejected

TASK = "labels"
#: Articles that are drawn and asked at a time, for each request that may be under way.
WINDOW = 4
#: Lines of the ledger about labels of one article at most; then a count.
MOST_LINES = 50
#: Options whose default differs here: an article takes longer than a sentence, and its answer too.
DEFAULTS: Mapping[str, Any] = {"max_tokens": 16384, "timeout": 600, "retries": 2, "batch": 1}


class Answered(NamedTuple):
    """What a system said of an article: its labels, None where it gave none, and lines of the ledger about it."""

    article: Article
    prediction: Prediction | None
    lines: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class Labeller:
    """A system that labels articles."""

    name: str
    annotator: Annotator
    layers: tuple[str, ...]
    prompt_sha256: str | None
    options: Mapping[str, Any]
    _system: System
    _spec: str
    _chosen: Options
    _cache: Cache
    _budget: Budget
    _say: Callable[[str], None]

    def label(self, articles: Iterable[Article]) -> Iterator[Answered]:
        """The answer for each article, in order; articles are drawn some at a time."""
        source = iter(articles)
        single = getattr(self._system, "single", False)
        size = self._chosen.concurrency * (1 if single else self._chosen.batch) * WINDOW
        decides = getattr(self._system, "decides", lambda request: request)
        with self._as_data_errors(), self._questions() as questions:
            while window := list(islice(source, size)):
                requests: list[Json] = [{"task": TASK, "article": article.to_json()} for article in window]
                with aside():
                    answers = questions.ask(requests, decides=decides)
                for article, answer in zip(window, answers, strict=True):
                    yield self._answered(article, answer, questions.reasons)
            questions.judge()
            if (finish := getattr(self._system, "finish", None)) is not None:
                finish()

    def _questions(self) -> Questions:
        return Questions(
            self._system, TASK, spec=self._spec, options=self._chosen, cache=self._cache, budget=self._budget
        )

    @contextmanager
    def _as_data_errors(self) -> Iterator[None]:
        """What a system does wrong is no fault of the command."""
        try:
            yield
        except Spent as spent:
            where = "" if self._cache.file is not None else ", and where --cache DIR names a folder that keeps them"
            raise Spent(f"{self.name}: {spent}{where}") from spent
        except UsageError as error:
            raise DataError(f"{self.name}: {error}") from error

    def _answered(self, article: Article, answer: Any, reasons: Mapping[str, str]) -> Answered:
        if answer is UNANSWERED:
            return self._failed(article, reasons.get(article.id, "no answer"))
        try:
            labels, faults = labelled.read(article, answer, self.annotator.id, self.layers)
        except UsageError as error:
            return self._failed(article, str(error))
        lines = (
            self._line(article, rule, f"{self.name}: {reason}", detail)
            for rule, reason, detail in labelled.reasons(faults, MOST_LINES)
        )
        return Answered(article, Prediction(labels=labels), tuple(lines))

    def _failed(self, article: Article, reason: str) -> Answered:
        said = secrets.masked(f"the labeller {self.name!r} failed on it and is left out: {reason}")[:300]
        return Answered(article, None, (self._line(article, "labeller-failed", said, {}),))

    def _line(self, article: Article, rule: str, reason: str, detail: Mapping[str, Any]) -> Rejected:
        whole = {**detail, "labeller": self.name}
        return Rejected(origin=article.origin, stage="label", rule=rule, reason=secrets.masked(reason), detail=whole)


@contextmanager
def connected(
    specs: Sequence[str],
    *,
    options: Path | None = None,
    max_cost: float | None = None,
    max_requests: int | None = None,
    cache: Path | None = None,
    named: bool = True,
    say: Callable[[str], None] = lambda message: None,
) -> Iterator[list[Labeller]]:
    """The systems of some specs as labellers, closed at the end. UsageError for a scheme that gives no labels, an option
    that is no system's, a price that is missing."""
    by_name = runs.named(list(specs))
    parts = {name: schemes.parted(str(spec)) for name, spec in by_name.items()}
    for name, (scheme, _) in parts.items():
        if not scheme.labels:
            able = ", ".join(f"{each}:" for each in plugins.names("systems") if schemes.find(each).labels)
            raise UsageError(f"labeller {name!r}: {scheme.name}: gives no labels of articles; expected one of {able}")
    budget = Budget(max_requests=max_requests, max_cost=max_cost)
    tables = _tables(options, parts, say)
    chosen = {name: _chosen(tables.get(name, {}), name, scheme) for name, (scheme, _) in parts.items()}
    budget.check({name: chosen[name].prices for name, (scheme, _) in parts.items() if "prices" in scheme.reads})
    with ExitStack() as open_:
        kept = open_.enter_context(Cache(cache, named=named))
        open_.enter_context(one_run(kept))
        labellers = []
        for name, (scheme, target) in parts.items():
            with aside():
                system = scheme.connect(target, chosen[name], None)
            open_.callback(system.close)
            assert not holds(system), f"{name} holds its answers, and LABELS says that it is asked"
            reads = ("labels", *scheme.reads)
            labellers.append(
                _labeller(name, str(by_name[name]), reads, cast(System, system), chosen[name], kept, budget, say)
            )
        ids = [labeller.annotator.id for labeller in labellers]
        if len(set(ids)) < len(ids):
            raise UsageError(f"two labellers sign as the same annotator ({', '.join(ids)}); name one: NAME=SPEC")
        yield labellers


def _labeller(
    name: str,
    spec: str,
    reads: Sequence[str],
    system: System,
    chosen: Options,
    cache: Cache,
    budget: Budget,
    say: Callable[[str], None],
) -> Labeller:
    layers = system.layers() if hasattr(system, "layers") else LAYERS
    given = name != secrets.masked(spec)
    own = getattr(system, "annotator", None)
    signed = name if given or own is None else own.id
    told = system.prompt(TASK) if hasattr(system, "prompt") else None
    prompt_sha256 = None if told is None else hashlib.sha256(told.encode()).hexdigest()
    identity = system.identity(TASK)
    version = None if identity is None else hashlib.sha256(canonical([identity]).encode()).hexdigest()[:16]
    if prompt_sha256 is not None:
        # which address the model stands behind decides no label
        version = f"{getattr(system, 'prompt_version', TASK)}+sha256:{prompt_sha256[:16]}"
    annotator = Annotator(id=signed, kind="model", name=name if own is None else own.name, version=version)
    deciding = chosen.deciding()
    read = {key: value for key, value in deciding.items() if key in reads and value not in (None, {}, ())}
    return Labeller(
        name=signed,
        annotator=annotator,
        layers=tuple(layers),
        prompt_sha256=prompt_sha256,
        options=read,
        _system=system,
        _spec=re.sub(r"^[\w.-]+=", "", spec) if given else spec,
        _chosen=chosen,
        _cache=cache,
        _budget=budget,
        _say=say,
    )


def _tables(
    path: Path | None, parts: Mapping[str, tuple[Scheme, str]], say: Callable[[str], None]
) -> Mapping[str, Mapping[str, Any]]:
    """The options of each system: a table for each, by its name; or, where there is one system, its options bare."""
    if path is None:
        return {}
    tables = system_options.parsed(path)
    shared = {name for scheme, _ in parts.values() for name in scheme.options} | set(system_options.SHARED)
    if tables and all(name in shared for name in tables):
        if len(parts) > 1:
            raise UsageError(f"{path}: found options, expected a table of them for each of {', '.join(parts)}")
        return dict.fromkeys(parts, tables)
    whole: dict[str, Mapping[str, Any]] = {}
    for given, table in tables.items():
        name = secrets.masked(given)
        if not isinstance(table, Mapping):
            raise UsageError(f"{path}: {plugins.unknown('option', name, sorted(shared))}")
        if name in parts:
            whole[name] = table
        else:
            say(f"{path}: [{name}]: not used: {plugins.unknown('labeller', name, list(parts))}")
    return whole


def _chosen(given: Mapping[str, Any], name: str, scheme: Scheme) -> Options:
    more = {key: value for key, value in DEFAULTS.items() if key in scheme.reads}
    if "max_completion_tokens" in given:
        more.pop("max_tokens", None)
    chosen = system_options.options({**more, **given}, f"options of {name}", scheme.options)
    runs.refuse_unread(chosen, [*scheme.reads, *scheme.options], f"{scheme.name}:", name)
    return chosen
