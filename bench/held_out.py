"""The learned labeller where its weights never looked, and beside it the floor and the rules on the same documents.

Conventions: as ``bench/labels.py``, which prints these sections too. The documents that training did not see are those
that ``docs/recipes/learned.toml`` holds out (BioScope, ClaimBuster, CheckThat!), other splits (SciCertainty, UDS-IH2),
and a whole corpus (BABE).
"""

from collections.abc import Sequence
from functools import partial
from importlib import import_module

import gold
import labels as bench
import numpy as np

from allegedly.builders.training import data, measure, recipe
from allegedly.schemas.records import Record

RECIPE = bench.DOC.parent / "recipes" / "learned.toml"
NOTE = (
    "The learned labeller saw none of these documents. The rules were written with some of them in view, so their "
    "figures flatter."
)


def corpus(name: str) -> data.Corpus:
    """A corpus as the recipe of the weights has it."""
    found = recipe.read(RECIPE, gold.CORPORA).corpora
    return next(item for item in found if item.name == name)


def parted(name: str) -> tuple[list[gold.Gold], list[gold.Gold]]:
    """The documents that training saw, and those that it did not."""
    found = corpus(name)
    seen: list[gold.Gold] = []
    apart: list[gold.Gold] = []
    for record in data.records(found):
        (apart if data.is_held_out(record, found) else seen).append((record.article, record.labels))
    return seen, apart


def bioscope() -> bench.Section:
    """BioScope, the abstracts that training never saw."""
    seen, apart = parted("bioscope")
    articles = [article for article, _ in apart]
    runs = {
        "floor: word list, to the sentence's end": (
            list(bench.listed(bench.word_list(seen), articles)),
            bench.ends_given_cues,
        )
    }
    for name, label in bench.labellers().items():
        runs[name] = (list(label(articles)), partial(bench.given_cues, name))
    rows = [
        (
            name,
            bench.scope_cells(
                [(a, truth, guess.labels, given(a, truth)) for (a, truth), guess in zip(apart, found, strict=True)]
            ),
        )
        for name, (found, given) in runs.items()
    ]
    return bench.Section(
        title="BioScope, abstracts held out from training",
        about=f"{len(apart)} of {len(seen) + len(apart)} abstracts: one fold of five, by a hash of the document's name. "
        "The weights that ship, which learned from other corpora too; five folds are in the table before.",
        columns=bench.SCOPES,
        rows=tuple(rows),
        notes=(NOTE,),
    )


def claimbuster() -> bench.Section:
    """ClaimBuster, the debates that training never saw."""
    seen, apart = parted("claimbuster")
    rows = []
    for name, label in {"floor: bag of words": bench.bag_of_words(seen), **bench.labellers()}.items():
        if label is None:
            continue
        both = list(zip(apart, bench.predictions(label, apart), strict=True))
        counts = [gold.claims(article, truth, guess.labels) for (article, truth), guess in both]
        ranks = [gold.ranked(article, truth, guess) for (article, truth), guess in both]
        check = bench.cell(counts, lambda total: gold.f1(total[6:9]))
        rows.append((name, (check, bench.cell(counts, gold.macro), bench.pooled(ranks))))
    return bench.Section(
        title="ClaimBuster, debates held out from training",
        about=f"{len(apart)} of {len(seen) + len(apart)} debates, by a hash of the debate's name; the floor learned from "
        "the others.",
        columns=("check-worthy F1", "macro F1", "average precision"),
        rows=tuple(rows),
        notes=(NOTE,),
    )


def checkthat() -> bench.Section:
    """CheckThat! 2019: ranking the lines of debates that training never saw."""
    seen, apart = parted("checkthat")
    rows = []
    for name, label in bench.labellers().items():
        ranks = [gold.ranked(a, t, g) for (a, t), g in zip(apart, bench.predictions(label, apart), strict=True)]
        each = [gold.average_precision(truth, np.nan_to_num(score)) for truth, score in ranks]
        counts = [np.array([value, 1.0]) for value in each if not np.isnan(value)]
        rows.append((name, (bench.cell(counts, gold.mean),)))
    return bench.Section(
        title="CheckThat! 2019, task 1, debates held out from training",
        about=f"Mean average precision over {len(apart)} of {len(seen) + len(apart)} debates and speeches of the training "
        "split, by a hash of the name. The score is that of check-worthiness, which training takes from ClaimBuster.",
        columns=("MAP",),
        rows=tuple(rows),
        published=(("best of the lab, test files", "MAP 16.6 official, 18.2 contrastive"),),
        notes=("Published: the lab's README. Its seven test files are others than these.",),
    )


def babe() -> bench.Section:
    """BABE: does the score of a claim tell fact from opinion?"""
    found = data.Corpus("babe", gold.CORPORA / "babe", 0)
    apart = [(r.article, r.labels) for r in data.records(found) if r.labels.claims is not None]
    truth = np.array([bool(labels.claims) for _, labels in apart])
    rows = []
    for name, label in bench.labellers().items():
        guesses = bench.predictions(label, apart)
        score = np.array(
            [max([(s.scores or {}).get("claim", 0.0) for s in g.sentences or ()] or [0.0]) for g in guesses]
        )
        counts = [np.array([x, y], dtype=np.float64) for x, y in zip(score, truth, strict=True)]
        rows.append((name, (drawn(counts, lambda c: area(c[:, 1] > 0, c[:, 0])),)))
    return bench.Section(
        title="BABE, factual against opinion (transfer)",
        about=f"{len(apart)} sentences of US news that its experts called entirely factual ({int(truth.sum())}) or "
        "opinion; the others are left out. How often the score `claim` puts a factual sentence above an opinion.",
        columns=("area under ROC",),
        rows=tuple(rows),
    )


def area(gold_: np.ndarray, score: np.ndarray) -> float:
    """Area under the receiver operating characteristic: the share of pairs in order, ties half."""
    order = np.argsort(score, kind="stable")
    values, first, counts = np.unique(score[order], return_index=True, return_counts=True)
    rank = np.empty(len(score))
    rank[order] = np.repeat(first + (counts + 1) / 2, counts)
    positive = int(gold_.sum())
    assert len(values) == len(first)
    return float((rank[gold_].sum() - positive * (positive + 1) / 2) / (positive * (len(score) - positive)))


def drawn(counts: Sequence[np.ndarray], score, samples: int = 300, seed: int = 1) -> bench.Cell:
    """A score of rows, which is no sum, with its interval over the rows."""
    rows = np.array(counts)
    numbers = np.random.default_rng(seed)
    draws = [score(rows[numbers.integers(len(rows), size=len(rows))]) for _ in range(samples)]
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return score(rows), float(low), float(high)


def sci_certainty() -> bench.Section:
    """SciCertainty, validation split."""
    found = corpus("sci-certainty")
    apart = [r for r in data.records(found) if data.is_held_out(r, found)]
    rated = [next(s.scores["certainty"] for s in r.sentences if s.scores) for r in apart]
    scores = _first_scores(apart, "certainty")
    pairs = [np.array(pair) for pair in zip(scores, rated, strict=True)]
    ranks = drawn(pairs, lambda c: measure.correlation(c[:, 0], c[:, 1], ranks=True))
    return bench.Section(
        title="SciCertainty, validation",
        about=f"{len(apart)} findings; the score `certainty` against the mean of the annotators, rank correlation.",
        columns=("Spearman",),
        rows=(("learned", (ranks,)),),
        published=(("Pei and Jurgens 2021, SciBERT, test", "Pearson about 63"),),
        notes=("The published figure is from general knowledge of the paper.",),
    )


def uds() -> bench.Section:
    """UDS-IH2, development split."""
    found = corpus("uds")
    targets = dict(import_module("allegedly.builders.importers.uds").targets(found.path))
    learned = import_module("allegedly.builders.labellers.learned")
    apart = [r for r in data.records(found) if r.split == "validation" and targets.get(r.article.id)]
    pairs = [
        np.array([score * 6 - 3, value])
        for r in apart
        for score, (_, value) in zip(
            learned.factuality(r.article, [span for span, _ in targets[r.article.id]]),
            targets[r.article.id],
            strict=True,
        )
    ]
    return bench.Section(
        title="UDS-IH2, development",
        about=f"{len(pairs)} predicates in {len(apart)} sentences: factuality from -3 to 3 against the annotators' mean.",
        columns=("Pearson",),
        rows=(("learned", (drawn(pairs, lambda c: measure.correlation(c[:, 0], c[:, 1])),)),),
        published=(("Rudinger et al. 2018, BiLSTM, test", "r 77"),),
        notes=("The published figure is from general knowledge of the paper.",),
    )


def _first_scores(records: Sequence[Record], name: str) -> list[float]:
    learned = import_module("allegedly.builders.labellers.learned")
    found = learned.label([record.article for record in records])
    return [next(((s.scores or {}).get(name, 0.0) for s in p.sentences or ()), 0.0) for p in found]


SECTIONS = {
    "bioscope-held-out": bioscope,
    "claimbuster-held-out": claimbuster,
    "checkthat": checkthat,
    "babe": babe,
    "sci-certainty": sci_certainty,
    "uds": uds,
}
