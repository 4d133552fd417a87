"""The tasks: what each asks of a system, against which gold, by which primary metric, after which paper.

Conventions: contract, section 7. Nothing heavy is imported here: ``allegedly list tasks`` and ``list metrics`` print
these tables. ``families`` brings the code that counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.schema import values


@dataclass(frozen=True)
class Task:
    """One task. ``kind`` says how it is counted; ``classes`` and ``sought`` are for sentence tasks, ``column`` names
    the class of a sentence, ``score`` the probability of ``sought``."""

    name: str
    kind: str
    layer: str
    gold: str
    prediction: str
    primary: str
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
            "f1:check_worthy",
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
            "map",
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
            "ptc_f1",
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
            "f1",
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
            "f1",
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
            "f1:speculative",
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
            "exact_f1",
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
            "exact_f1",
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
            "f1",
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
            "f1:attributed",
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
            "exact_f1:macro",
            "CofeNet, Wang et al. 2022",
            parts=_ROLES,
        ),
        Task(
            "attribution-links",
            "links",
            "attributions",
            "whole attributions: source, cue and content together",
            "attributions with source, cue and content",
            "overlap_f1",
            "SpkAtt-2023, Rehbein et al.",
            parts=("content",),
        ),
        Task(
            "quote-form",
            "attribute",
            "attributions",
            "the form of each attribution: direct, indirect, mixed",
            "attributions with content and form",
            "f1",
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
            "f1",
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
    """The values of a task's attribute, in order; of certainty, each with each polarity. Empty where there is none."""
    schema = {"claims": "claim", "speculations": "speculation", "attributions": "attribution"}[task.layer]
    if task.attribute in ("", "scope", "claimer"):
        return ()
    found = values(schema, task.attribute)
    if task.attribute == "certainty":
        return tuple(f"{value}_{polarity}" for value in found for polarity in values(schema, "polarity"))
    return tuple(found)


def families(task: Task) -> tuple:
    """The families of metrics that count a task."""
    if task.of_sentences:
        from allegedly.eval.metrics import calibration, ranking, sentences

        pooled = ranking.pooled_family(task.sought)
        if task.kind == "ranking":
            return (ranking.RANKING, pooled)
        return (sentences.family(task.classes), pooled, calibration.RELIABILITY, calibration.LOSSES)
    from allegedly.eval.metrics import attributes, links, scopes, spans

    if task.kind == "spans":
        ways = ["exact", "semeval", "characters", "tokens", "ptc", "marked"]
        if task.layer == "attributions":
            ways.append("cofenet")
        return tuple(
            spans.family(way, task.parts, attribute=task.attribute if way == "semeval" and task.attribute else None)
            for way in ways
        )
    if task.kind == "attribute":
        return (attributes.family(task.parts[0], task.attribute, attribute_classes(task), overlap=task.overlap),)
    return ({"claimer": attributes.claimer_family(), "scopes": scopes.FAMILY, "links": links.FAMILY}[task.kind],)


_PRF = ("f1", "precision", "recall")


def metrics(task: Task) -> list[str]:
    """Names of all metrics of a task, the same that its families count."""
    return list(_names(task))


def _names(task: Task) -> Iterator[str]:
    if task.kind == "sentences":
        yield from _each(_PRF, (*task.classes, "macro", "micro"))
        yield from ("accuracy", "mcc", "kappa", "alpha", "coverage", "risk")
        yield from _each(("ap", "roc_auc"), (task.sought,))
        yield from ("ece", "brier", "log_loss")
    elif task.kind == "ranking":
        yield from ("map", "r_precision", "precision_at_1", "precision_at_5", "precision_at_10", "precision_at_20")
        yield from _each(("ap", "roc_auc"), (task.sought,))
    elif task.kind == "spans":
        schemes = ("exact", "partial", *(("strict", "type") if task.attribute else ()), "char", "token", "ptc")
        measures = [f"{scheme}_{name}" for scheme in schemes for name in _PRF] + ["alpha"]
        if task.layer == "attributions":
            measures += [f"cofenet_{name}_{measure}" for name in ("exact", "begin") for measure in _PRF]
            measures += ["cofenet_jaccard"]
        yield from _each(measures, (*task.parts, "macro")) if len(task.parts) > 1 else measures
    elif task.kind == "attribute":
        yield from (*_PRF, "accuracy", *_each(_PRF, (*attribute_classes(task), "macro")))
    elif task.kind == "claimer":
        yield from (*_PRF, "accuracy")
    elif task.kind == "scopes":
        yield from (*(f"exact_{name}" for name in _PRF), "pcs", *(f"scope_token_{name}" for name in _PRF))
        yield from (f"starsem_scope_{name}" for name in (*_PRF, "b_f1", "b_precision"))
        yield from (f"starsem_token_{name}" for name in _PRF)
    else:
        yield from (f"overlap_{name}" for name in _PRF)
        yield from (f"overlap_{name}:without_source" for name in _PRF)
        yield from (f"{scheme}_{name}" for scheme in ("exact", "frame_exact", "frame_char") for name in _PRF)


def _each(measures: Sequence[str], of: Sequence[str]) -> Iterator[str]:
    return (f"{measure}:{value}" for measure in measures for value in of)


#: Measure (without f1, precision, recall), by kind where it differs: definition and source.
_DEFINITIONS: dict[str, tuple[str, str]] = {
    "sentences": ("of a class, of all (macro, micro); abstentions miss", "scikit-learn"),
    "accuracy": ("sentences right; of attributes, matched labels right", "scikit-learn"),
    "mcc": ("correlation of gold and predicted classes", "Gorodkin 2004"),
    "kappa": ("agreement of gold and system beyond chance", "Cohen 1960"),
    "alpha": ("Krippendorff's alpha of gold and system; of spans, character by character", "Krippendorff 2004"),
    "coverage": ("sentences that the system answers", "El-Yaniv and Wiener 2010"),
    "risk": ("answered sentences that are wrong", "El-Yaniv and Wiener 2010"),
    "ap": ("average precision over all sentences, ties at once", "scikit-learn"),
    "roc_auc": ("area under the ROC curve over all sentences", "scikit-learn"),
    "ece": ("gap of probability and accuracy over ten equal bins (a, b]", "Guo et al. 2017"),
    "brier": ("mean squared error of the predicted class's probability", "Brier 1950"),
    "log_loss": ("mean logarithmic loss of the predicted class's probability", "Good 1952"),
    "map": ("mean over articles with a positive of average precision, ties averaged", "CheckThat! 2019"),
    "r_precision": ("mean over articles of precision at the number of positives", "CheckThat! 2019"),
    "precision_at": ("mean over articles of positives among the first k, divided by k", "CheckThat! 2019"),
    "exact": ("whole parts, all spans of one equal, as multisets", "SemEval-2013 task 9"),
    "partial": ("equal parts, and matched overlapping ones half", "SemEval-2013 task 9"),
    "strict": ("equal parts with the same label", "SemEval-2013 task 9"),
    "type": ("matched parts, equal or overlapping, with the same label", "SemEval-2013 task 9"),
    "char": ("characters covered, each once", "PARC 3, Pareti 2016"),
    "token": ("tokens covered, each once", "PARC 3, Pareti 2016"),
    "ptc": ("shares of pieces covered, touching and overlapping pieces merged first", "SemEval-2020 task 11"),
    "cofenet_exact": ("contiguous pieces by membership", "CofeNet 2022"),
    "cofenet_begin": ("beginnings of contiguous pieces by membership", "CofeNet 2022"),
    "cofenet_jaccard": ("best overlap over hull of each gold piece, stray predictions 0", "CofeNet 2022"),
    "attribute": ("matched labels whose attribute is right, null gold taken out", "this project"),
    "claimer": ("matched claims whose claimers overlap, null gold taken out", "NewsClaims 2022"),
    "scopes.exact": ("cue and scope both right, as multisets", "CoNLL-2010 task 2"),
    "pcs": ("gold scopes exactly right, given gold cues", "CoNLL-2010 task 2"),
    "scope_token": ("tokens of scopes, each scope for itself, with punctuation", "CoNLL-2010 task 2"),
    "starsem_scope": (
        "cue and all scope tokens right, without punctuation; b: wrong scopes count in precision",
        "*SEM 2012",
    ),
    "starsem_token": ("tokens of scopes, each scope for itself, without punctuation", "*SEM 2012"),
    "overlap": ("triples: content at Jaccard 0.5, source and cue overlap or both empty", "this project"),
    "links.exact": ("triples: source, cue and content equal", "SpkAtt-2023"),
    "frame_exact": ("roles of frames matched by cue, equal", "SpkAtt-2023"),
    "frame_char": ("characters of roles of frames matched by cue", "SpkAtt-2023"),
}


def definition(task: Task, metric: str) -> tuple[str, str]:
    """What a metric is, in a line, and where it comes from."""
    measure = metric.partition(":")[0]
    stem = measure.removesuffix("_f1").removesuffix("_precision").removesuffix("_recall").removesuffix("_b")
    if stem.startswith("precision_at"):
        stem = "precision_at"
    if measure in _PRF:
        stem = task.kind
    for key in (measure, f"{task.kind}.{stem}", stem):
        if key in _DEFINITIONS:
            return _DEFINITIONS[key]
    raise KeyError(f"{task.name}: no definition of {metric}")


def table() -> Iterator[dict]:
    """A row for each task and metric: what ``allegedly list metrics`` prints."""
    for task in TASKS.values():
        for metric in metrics(task):
            what, source = definition(task, metric)
            yield {
                "task": task.name,
                "metric": metric,
                "definition": what,
                "source": source,
                "primary": metric == task.primary,
            }
