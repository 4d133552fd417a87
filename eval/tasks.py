"""The tasks: what each asks of a system, against which gold, after which paper.

Conventions: contract, section 7. Nothing heavy is imported here: ``allegedly list tasks`` prints this table.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from allegedly.eval import declared
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.schema import values

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Task:
    """One task. ``kind`` says how it is counted; ``classes`` and ``sought`` are for sentence tasks, ``column`` names
    the class of a sentence, ``score`` the probability of ``sought``."""

    name: str
    kind: str
    layer: str
    gold: str
    prediction: str
    paper: str
    classes: tuple[str, ...] = ()
    sought: str = ""
    column: str = ""
    score: str = ""
    parts: tuple[str, ...] = ()
    attribute: str = ""
    overlap: bool = True

    @property
    def of_sentences(self) -> bool:
        """Whether its items are sentences."""
        return self.kind in ("sentences", "ranking")

    @property
    def primary(self) -> str:
        """The metric that decides, as the metric's file declares it."""
        return declared.primary(self.name)


_CLAIM = ("no_claim", "unimportant", "check_worthy")
_ROLES = ("source", "cue", "content")
TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            "claim-detection",
            "sentences",
            "claims",
            "the class of each sentence: no_claim, unimportant, check_worthy",
            "a class for each sentence",
            "ClaimBuster, Hassan et al. 2017",
            classes=_CLAIM,
            sought="check_worthy",
            column="claim",
            score="check_worthy",
        ),
        Task(
            "check-worthiness",
            "ranking",
            "claims",
            "the check-worthy sentences of each article",
            "scores.check_worthy of each sentence, else its class",
            "CheckThat! 2019 task 1, Atanasova et al.",
            classes=_CLAIM,
            sought="check_worthy",
            column="claim",
            score="check_worthy",
        ),
        Task(
            "claim-spans",
            "spans",
            "claims",
            "extents of claims",
            "claims with an extent",
            "SemEval-2020 task 11, Da San Martino et al.",
            parts=("extent",),
            attribute="kind",
        ),
        Task(
            "claim-kind",
            "attribute",
            "claims",
            "the kind of each claim",
            "claims with extent and kind",
            "Full Fact's claim types, Konstantinovskiy et al. 2018",
            parts=("extent",),
            attribute="kind",
        ),
        Task(
            "claimer",
            "claimer",
            "claims",
            "the attribution whose source makes the claim, where it is not the author",
            "claims with extent and claimer, and the attributions they name",
            "NewsClaims, Gangi Reddy et al. 2022",
            parts=("extent",),
            attribute="claimer",
        ),
        Task(
            "speculation-detection",
            "sentences",
            "speculations",
            "the class of each sentence: certain, speculative",
            "a class for each sentence",
            "CoNLL-2010 task 1, Farkas et al.",
            classes=("certain", "speculative"),
            sought="speculative",
            column="speculation",
            score="speculative",
        ),
        Task(
            "speculation-cues",
            "spans",
            "speculations",
            "cues",
            "speculations with a cue",
            "BioScope, Vincze et al. 2008",
            parts=("cue",),
            attribute="kind",
        ),
        Task(
            "speculation-scopes",
            "scopes",
            "speculations",
            "cues with their scopes",
            'speculations with cue and scope; with cues = "gold" the gold cues are handed over',
            "CoNLL-2010 task 2, Farkas et al.",
            parts=("cue",),
            attribute="scope",
        ),
        Task(
            "speculation-kind",
            "attribute",
            "speculations",
            "the kind of each speculation",
            "speculations with cue and kind",
            "Szeged uncertainty corpus, Szarvas et al. 2012",
            parts=("cue",),
            attribute="kind",
            overlap=False,
        ),
        Task(
            "attribution-detection",
            "sentences",
            "attributions",
            "the class of each sentence: none, attributed",
            "a class for each sentence",
            "PolNeAR, Newell et al. 2018",
            classes=("none", "attributed"),
            sought="attributed",
            column="attribution",
            score="attributed",
        ),
        Task(
            "attribution-spans",
            "spans",
            "attributions",
            "sources, cues and contents, apart",
            "attributions with source, cue and content",
            "CofeNet, Wang et al. 2022",
            parts=_ROLES,
        ),
        Task(
            "speaker",
            "attribute",
            "attributions",
            "who says it, by the fullest name that the article has, of each attribution",
            "attributions with content and speaker",
            "quote attribution, O'Keefe et al. 2012",
            parts=("content",),
            attribute="speaker",
        ),
        Task(
            "attribution-links",
            "links",
            "attributions",
            "whole attributions: source, cue and content together",
            "attributions with source, cue and content",
            "SpkAtt-2023, Rehbein et al.",
            parts=("content",),
        ),
        Task(
            "quote-form",
            "attribute",
            "attributions",
            "the form of each attribution: direct, indirect, mixed",
            "attributions with content and form",
            "GermanNewsQuotes, Petersen-Frey and Biemann 2024",
            parts=("content",),
            attribute="form",
        ),
        Task(
            "certainty",
            "attribute",
            "claims",
            "certainty and polarity of each claim, together",
            "claims with extent, certainty and polarity",
            "FactBank, Sauri and Pustejovsky 2009",
            parts=("extent",),
            attribute="certainty",
        ),
    )
}


def find(name: str) -> Task:
    """A task by name. UsageError for an unknown one, with the nearest."""
    if name not in TASKS:
        raise UsageError(unknown("task", name, list(TASKS)))
    return TASKS[name]


@cache
def attribute_classes(task: Task) -> tuple[str, ...]:
    """The values of a task's attribute, in order; of certainty, each with each polarity. Empty where there is none, or
    they are words of articles."""
    schema = {"claims": "claim", "speculations": "speculation", "attributions": "attribution"}[task.layer]
    if task.attribute in ("", "scope", "claimer", "speaker"):
        return ()
    classes = values(schema, task.attribute)
    if task.attribute == "certainty":
        return tuple(f"{value}_{polarity}" for value in classes for polarity in values(schema, "polarity"))
    return tuple(classes)
