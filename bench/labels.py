"""Labels against gold: the floor without a model, the rules, and the learned labeller, in one run.

    python bench/labels.py --folds RUN    prints the tables and writes docs/labels.md
    python bench/labels.py polnear        one corpus, printed only

RUN holds the five networks of ``python bench/learned_folds.py RUN``; without it their table is left out.

Conventions: development data only; intervals are 95 %, by drawing whole articles with replacement. To add a corpus,
write a function that returns a ``Section`` and name it in ``SECTIONS``. To add a labeller, add it to ``labellers``.
What is not installed is left out and said.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path

import german
import gold
import numpy as np

from allegedly.schemas.records import Article, Attribution, Claim, Labels, Prediction, Span, Speculation

DOC = Path(__file__).parent.parent / "docs" / "labels.md"
#: The gold on real news, as `make news` builds it.
NEWS = Path(__file__).parent.parent / "build" / "news"
Labeller = Callable[[Sequence[Article]], Iterator[Prediction]]
Cell = tuple[float, float, float] | None


@dataclass(frozen=True, kw_only=True)
class Section:
    """One corpus: its table, what was measured, and what others reached."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    published: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = field(default=())


#: The labellers that are measured, beside the floors; ``--labellers`` changes it.
CHOSEN = ["rules", "learned"]


def labellers(names: Sequence[str] = ("rules", "learned")) -> dict[str, Labeller]:
    """The labellers of this installation that are measured, by name."""
    found: dict[str, Labeller] = {}
    for name in (name for name in names if name in CHOSEN):
        try:
            found[name] = import_module(f"allegedly.builders.labellers.{name}").label
        except ImportError as missing:
            print(f"{name}: left out ({missing})", file=sys.stderr)
    return found


def predictions(label: Labeller, data: Sequence[gold.Gold]) -> list[Prediction]:
    """What a labeller says of each article, which it gets without its labels."""
    return list(label([article for article, _ in data]))


def cell(counts: list[np.ndarray], score: Callable[[np.ndarray], float]) -> Cell:
    """A score of summed counts, with its interval."""
    return gold.interval(np.array(counts), score)


# -- PolNeAR -------------------------------------------------------------------------------------------------------

_NAME = r"(?:[A-Z][\w.’'-]*(?: (?:of|the|and))? ?){1,6}"
_SAID = r"(?:said|says|told|added|wrote|asked|noted|announced|tweeted)"
_TAG = re.compile(rf"(?P<content>[“\"][^”\"\n]+[,?!][”\"]) (?P<source>he|she|they|{_NAME}) ?(?P<cue>{_SAID})\b")
_INVERTED = re.compile(rf"(?P<content>[“\"][^”\"\n]+[,?!][”\"]) (?P<cue>{_SAID}) (?P<source>{_NAME})")
_PLAIN = re.compile(
    rf"(?P<source>\b(?:[Hh]e|[Ss]he|[Tt]hey|{_NAME})) ?(?P<cue>\b{_SAID})\b,? (?P<content>[^\n]+?)(?=\.?(?:\n|$|\. ))"
)
_ACCORDING = re.compile(r"(?P<content>[A-Z][^.\n]+), (?P<cue>according to) (?P<source>[^.,\n]+)")


def patterns(articles: Sequence[Article]) -> Iterator[Prediction]:
    """The floor for attributions: four regular expressions."""
    for article in articles:
        found, taken = [], set()
        for pattern in (_TAG, _INVERTED, _ACCORDING, _PLAIN):
            for match in pattern.finditer(article.text):
                parts = {name: (_trimmed(article.text, *match.span(name)),) for name in ("source", "cue", "content")}
                if parts["cue"] not in taken:
                    taken.add(parts["cue"])
                    found.append(Attribution(**parts))
        yield Prediction(labels=Labels(attributions=tuple(found)))


def _trimmed(text: str, start: int, end: int) -> Span:
    return Span(start, start + len(text[start:end].rstrip()))


def news() -> Section:
    """The gold on real news, its validation part: the primary metric of every task. FileNotFoundError without ``make news``."""
    from allegedly import evaluate
    from allegedly.eval.tasks import TASKS

    if not (NEWS / "manifest.json").is_file():
        raise FileNotFoundError(f"{NEWS}: no release there; `make news` builds it")
    systems = {name: f"labeller:{name}" for name in labellers()}
    report = evaluate(NEWS, systems, split="validation", resamples=2000, seed=0)
    value = {(row["system"], row["task"]): row for row in report.results if row["primary"] and row["slice"] is None}
    floors = {(row["answer"], row["task"]): row["value"] for row in report.floors}
    tasks = [name for name in TASKS if all((system, name) in value for system in systems)]

    def floor(answer: str) -> tuple[Cell, ...]:
        values = [floors.get((answer, task)) for task in tasks]
        return tuple(None if value is None else (value, value, value) for value in values)

    def scores(system: str) -> tuple[Cell, ...]:
        rows = [value[system, task] for task in tasks]
        return tuple(None if row["value"] is None else (row["value"], row["low"], row["high"]) for row in rows)

    articles = max(row["articles"] for row in value.values())
    return Section(
        title="Real news, validation",
        about=f"The validation part of the [gold on real news](news.md), {articles} articles, primary metric of each task; its "
        "labels are those of language models. Signs, weights and thresholds of both labellers were chosen on its training "
        "part, what the rules mend of the learned one's quotations by this part too. The test part, on which nothing was "
        "chosen, is in [baselines](baselines.md), beside what a second reader reaches there.",
        columns=tuple(tasks),
        rows=(
            ("constant", floor("constant")),
            ("prior", floor("prior")),
            *((system, scores(system)) for system in systems),
        ),
        notes=(
            (
                "What was bent to the guidelines costs on corpora with other schemes: the rules' weights of worth are those of "
                "news, not of debates (ClaimBuster), and attitudes with a noun phrase, which PolNeAR marks, are no attributions "
                "here. Before this gold was there, rules and learned reached 62.0 and 65.7 in attribution-links, 67.2 and 67.6 "
                "in speculation-cues, 49.5 and 61.7 in claim-detection on these articles."
            ),
        ),
    )


def polnear() -> Section:
    """PolNeAR, development documents."""
    data = list(gold.polnear())
    rows = []
    for name, label in {"floor: four patterns": patterns, **labellers()}.items():
        found = [prediction.labels for prediction in predictions(label, data)]
        pairs = list(zip((labels for _, labels in data), found, strict=True))
        cells = [
            cell([count(truth, guess, part) for truth, guess in pairs], score)
            for count, score in ((gold.exact, gold.f1), (gold.begin, gold.f1), (gold.jaccard, gold.mean))
            for part in ("source", "cue", "content")
        ]
        rows.append((name, (*cells, cell([gold.triples(*pair) for pair in pairs], gold.f1))))
    parts = ("source", "cue", "content")
    return Section(
        title="PolNeAR, development",
        about=f"{len(data)} articles, {sum(len(labels.attributions or ()) for _, labels in data)} attributions (of "
        "documents that several people annotated, the first file by name). CofeNet's sense: discontinuous parts are "
        "cut into contiguous pieces; exact and begin are F1, Jaccard is a mean over gold and stray pieces. Nested "
        "attributions are left out, since the corpus marks only outermost ones. Triples: content at Jaccard 0.5 or "
        "more, source and cue overlap or are both empty.",
        columns=(*(f"{kind} {part}" for kind in ("exact", "begin", "Jaccard") for part in parts), "triples"),
        rows=tuple(rows),
        published=(
            (
                "BERT-CofeNet, 110 M, test",
                "exact 83.2 / 75.3 / 72.9, begin 87.1 / 82.3 / 79.6, Jaccard 76.4 / 69.4 / 73.2",
            ),
            ("BERT-CRF, test", "exact 82.2 / 74.9 / 71.0"),
            ("BiLSTM-CRF, test", "exact 69.6 / 66.7 / 59.0"),
            ("CRF, test", "exact 50.6 / 53.4 / 28.6"),
            ("rules, test", "exact 10.7 / 22.8 / 5.6"),
            ("people", "agreement on attributions 92.3, token alpha 75.4"),
        ),
        notes=(
            (
                "Published figures are on the test split (CofeNet repository, table 6; the last row is the corpus's own "
                "README): for orientation beside figures on the development split."
            ),
            "The list of cues (`builders/labellers/cues.txt`) was chosen by counts on the training split.",
        ),
    )


# -- BioScope and SFU ----------------------------------------------------------------------------------------------


def word_list(train: Sequence[gold.Gold], precision: float = 0.4) -> frozenset[str]:
    """The cues of the training articles that are cues at least that often where they stand."""
    cues = Counter(_surface(article, mark) for article, labels in train for mark in labels.speculations or ())
    pattern = _words(cues)
    seen = Counter(match.group().lower() for article, _ in train for match in pattern.finditer(article.text))
    return frozenset(cue for cue, count in cues.items() if seen[cue] and count / seen[cue] >= precision)


def _surface(article: Article, mark: Speculation) -> str:
    cue = mark.cue or ()
    return article.text[cue[0].start : cue[0].end].lower() if len(cue) == 1 else ""


def _words(cues: Sequence[str] | frozenset[str] | Counter) -> re.Pattern:
    return re.compile(
        r"(?<!\w)(?:"
        + "|".join(re.escape(cue) for cue in sorted(cues, key=lambda c: (-len(c), c)) if cue)
        + r")(?!\w)",
        re.IGNORECASE,
    )


def listed(cues: frozenset[str], articles: Sequence[Article]) -> Iterator[Prediction]:
    """The floor for speculation: a word list, and scopes from the cue to the end of the sentence."""
    pattern = _words(cues)
    for article in articles:
        marks = [
            Speculation(cue=(Span(*match.span()),), scope=(to_end(article, match.start()),))
            for sentence in article.sentences
            for match in pattern.finditer(article.text, sentence.start, sentence.end)
        ]
        yield Prediction(labels=Labels(speculations=tuple(marks)))


def to_end(article: Article, start: int) -> Span:
    """From an offset to the end of its sentence."""
    return next(
        (Span(start, span.end) for span in article.sentences if span.start <= start < span.end), Span(start, start)
    )


def given_cues(labeller: str, article: Article, labels: Labels) -> Labels:
    """A labeller's scopes of cues that are given."""
    scopes = import_module(f"allegedly.builders.labellers.{labeller}").scopes
    return Labels(
        speculations=tuple(
            replace(mark, scope=scope)
            for mark, scope in zip(
                labels.speculations or (),
                scopes(article, [mark.cue for mark in labels.speculations or ()]),
                strict=True,
            )
        )
    )


def ends_given_cues(article: Article, labels: Labels) -> Labels:
    """The floor's scopes of cues that are given."""
    return Labels(
        speculations=tuple(
            replace(mark, scope=(to_end(article, (mark.cue or (Span(0, 0),))[0].start),))
            for mark in labels.speculations or ()
        )
    )


def speculation(
    data: list[gold.Gold], strip: bool, names: Sequence[str] = ("rules", "learned")
) -> list[tuple[str, tuple[Cell, ...]]]:
    """The rows of a corpus of cues and scopes. The word list of the floor comes from the other folds."""
    floor: list[tuple[gold.Gold, Prediction]] = []
    for at in range(5):
        train, test = gold.fold(data, at)
        floor += zip(test, listed(word_list(train), [article for article, _ in test]), strict=True)
    runs = {"floor: word list of the other folds, to the sentence's end": (floor, ends_given_cues)}
    for name, label in labellers(names).items():
        runs[name] = (list(zip(data, predictions(label, data), strict=True)), partial(given_cues, name))
    return [
        (name, scope_cells([(a, truth, guess.labels, given(a, truth)) for (a, truth), guess in run], strip))
        for name, (run, given) in runs.items()
    ]


def scope_cells(run: Sequence[tuple[Article, Labels, Labels, Labels]], strip: bool = False) -> tuple[Cell, ...]:
    """The cells of ``SCOPES``, from articles with gold, what was found, and the scopes of gold cues."""
    return (
        cell([gold.cues(truth, found) for _, truth, found, _ in run], gold.f1),
        cell([gold.scopes(truth, found, a.text, strip) for a, truth, found, _ in run], gold.f1),
        cell([gold.scopes_given_cues(truth, told, a.text, strip) for a, truth, _, told in run], gold.mean),
        cell([gold.scope_tokens(truth, told, a.text, strip) for a, truth, _, told in run], gold.f1),
    )


SCOPES = ("cue", "cue and scope", "scope, gold cues", "scope tokens, gold cues")


def bioscope() -> Section:
    """BioScope, abstracts."""
    data = list(gold.bioscope())
    return Section(
        title="BioScope, abstracts",
        about=f"{len(data)} abstracts, {sum(len(labels.speculations or ()) for _, labels in data)} speculations. Cues "
        "and scopes are right where they are equal (punctuation at the ends of scopes aside); the third column is the "
        "share of gold cues whose scope is right.",
        columns=SCOPES,
        rows=tuple(speculation(data, strip=False, names=("rules",))),  # the learned labeller saw most: held_out.py
        published=(
            (
                "Morante and Daelemans 2009, memory-based",
                "cue F1 84.8; scopes right 77.1 with gold cues, 65.6 predicted",
            ),
            ("Özgür and Radev 2009, SVM and rules of syntax", "cue F1 91.7; scopes right 79.9 with gold cues"),
            ("Britto and Khandelwal 2020, XLNet-base", "scope token F1 97.9 with gold cues, random sentences"),
        ),
        notes=(
            (
                "The rules were written with these abstracts in view, so that their figures here are of data they know. "
                '"Or" is no cue by our guidelines (plain lists), and costs them recall here.'
            ),
            "The two older results are from general knowledge of the papers, not looked up again.",
        ),
    )


def sfu() -> Section:
    """SFU Review, four domains."""
    data = list(gold.sfu())
    return Section(
        title="SFU Review, four domains (transfer)",
        about=f"{len(data)} reviews, {sum(len(labels.speculations or ()) for _, labels in data)} speculations. The cue "
        "is taken out of both scopes, since this corpus leaves it out.",
        columns=SCOPES,
        rows=tuple(speculation(data, strip=True)),
        published=(
            ("people", "cue F 89.2, whole scope F 70.2"),
            ("Cruz et al. 2016, SVM", "cue F1 92"),
        ),
        notes=(
            (
                'The corpus marks "or", "can", "would", "should" and "if" nearly always; our guidelines do not: '
                "the difference in cues is one of scheme, and the floor's list is learned from this corpus."
            ),
        ),
    )


# -- ClaimBuster ---------------------------------------------------------------------------------------------------

HELD_OUT = 4


def bag_of_words(train: Sequence[gold.Gold]) -> Labeller | None:
    """The floor for claims: TF-IDF of words and characters with logistic regression; None without scikit-learn."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.multiclass import OneVsRestClassifier
        from sklearn.pipeline import make_pipeline, make_union
    except ImportError:
        print("floor of ClaimBuster: left out (needs scikit-learn)", file=sys.stderr)
        return None
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=5),
    )
    model = make_pipeline(
        features, OneVsRestClassifier(LogisticRegression(C=4, class_weight="balanced", solver="liblinear"))
    )
    texts, classes = [], []
    for article, labels in train:
        worth = {claim.extent[0].start: claim.worth for claim in labels.claims or ()}
        texts += [article.text[start:end] for start, end in article.sentences]
        classes += [worth.get(span.start) or "no_claim" for span in article.sentences]
    model.fit(texts, classes)

    def label(articles: Sequence[Article]) -> Iterator[Prediction]:
        for article in articles:
            probabilities = model.predict_proba([article.text[start:end] for start, end in article.sentences])
            names = model.classes_[probabilities.argmax(axis=1)]
            check = probabilities[:, list(model.classes_).index("check_worthy")]
            yield _claims(article, names, check)

    return label


def _claims(article: Article, names: Sequence[str], check: Sequence[float]) -> Prediction:
    from allegedly.schemas.records import Sentence

    spans = list(zip(article.sentences, names, check, strict=True))
    return Prediction(
        labels=Labels(claims=tuple(Claim(extent=(span,), worth=name) for span, name, _ in spans if name != "no_claim")),
        sentences=tuple(Sentence(start=span.start, scores={"check_worthy": float(p)}) for span, _, p in spans),
    )


def claimbuster() -> Section:
    """ClaimBuster crowdsourced, debates that nothing was fitted on."""
    train, test = gold.fold(list(gold.claimbuster()), HELD_OUT)
    floor = bag_of_words(train)
    rows = []
    for name, label in {"floor: bag of words": floor, **labellers(("rules",))}.items():
        if label is None:
            continue
        found = predictions(label, test)
        counts = [
            gold.claims(article, truth, guess.labels) for (article, truth), guess in zip(test, found, strict=True)
        ]
        ranks = [gold.ranked(article, truth, guess) for (article, truth), guess in zip(test, found, strict=True)]
        rows.append((name, (cell(counts, lambda total: gold.f1(total[6:9])), cell(counts, gold.macro), pooled(ranks))))
    return Section(
        title="ClaimBuster, held-out debates",
        about=f"{len(test)} of {len(train) + len(test)} debates, {sum(len(a.sentences) for a, _ in test)} sentences, "
        "three classes. No weights were fitted on these debates.",
        columns=("check-worthy F1", "macro F1", "average precision"),
        rows=tuple(rows),
        published=(("Hassan et al. 2017, SVM, four-fold", "check-worthy P 0.72 R 0.67"),),
        notes=("The published figure is from general knowledge of the paper, and on random folds, which flatter.",),
    )


def pooled(ranks: list[tuple[np.ndarray, np.ndarray]], samples: int = 300, seed: int = 1) -> Cell:
    """Average precision over all sentences, with its interval: it is no sum of counts, so the articles are drawn."""
    numbers = np.random.default_rng(seed)

    def score(chosen: Sequence[int]) -> float:
        return gold.average_precision(*(np.concatenate([ranks[at][part] for at in chosen]) for part in (0, 1)))

    draws = [score(numbers.integers(len(ranks), size=len(ranks))) for _ in range(samples)]
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return score(range(len(ranks))), float(low), float(high)


# -- German News Quotes --------------------------------------------------------------------------------------------

_QUOTED = re.compile('„[^“”"\n]*[“”"]|"[^"\n]*"|«[^»\n]*»|»[^«\n]*«')


def quoted(articles: Sequence[Article]) -> Iterator[Prediction]:
    """The floor for direct speech: everything between quotation marks."""
    for article in articles:
        spans = [Span(*match.span()) for match in _QUOTED.finditer(article.text)]
        found = tuple(Attribution(source=(), cue=(), content=(span,), form="direct") for span in spans)
        yield Prediction(labels=Labels(attributions=found))


def german_quotes() -> Section:
    """German News Quotes, direct speech of the development documents."""
    data = list(gold.german_quotes())
    rows = []
    for name, label in {"floor: all in quotation marks": quoted, **labellers(("rules", "quotes"))}.items():
        pairs = [
            (truth, Labels(attributions=tuple(german.direct(article.text, guess.labels.attributions or ()))))
            for (article, truth), guess in zip(data, predictions(label, data), strict=True)
        ]
        counts = [gold.direct(*pair) for pair in pairs]
        cells = [
            cell(counts, lambda total: gold.mean(total[:2])),
            cell(counts, lambda total: gold.mean(total[2:])),
            cell([gold.exact(*pair, "content") for pair in pairs], gold.f1),
        ]
        for part in ("source", "cue"):
            cells += [cell([gold.beside(*pair, part, equal) for pair in pairs], gold.f1) for equal in (True, False)]
        rows.append((name, tuple(cells)))
    return Section(
        title="German News Quotes, direct speech, development",
        about=f"{len(data)} articles of German Wikinews, {sum(len(labels.attributions or ()) for _, labels in data)} "
        "annotations of direct speech. Recall and precision: contiguous pieces of content at Jaccard 0.5 or more. Exact "
        "content: F1 of pieces that are equal. Source and cue: F1 over the pieces, right where the content is equal and "
        "the part is equal, or overlaps.",
        columns=(
            "recall",
            "precision",
            "exact content",
            "source, exact",
            "source, overlap",
            "cue, exact",
            "cue, overlap",
        ),
        rows=tuple(rows),
        published=(
            (
                "rules of the shared task, blind test",
                "message F 47.9 (P 70.8, R 36.2), roles 35.5, joint 39.1, form 43.9",
            ),
        ),
        notes=(
            (
                "The published figures are of all forms of speech, direct and not, on another split and by another score: "
                "for orientation. The rules were written with the training documents in view. Of a mixed attribution those "
                "stretches in quotation marks count that begin in lower case or have four words or more; with all of them "
                "precision is 90.6. The learned labeller gives the same labels."
            ),
            (
                'The corpus takes the noun into the source where the guidelines take it into the cue ("nach Angaben der '
                'Polizei"), and gives words in quotation marks a source from sentences before, which the rules leave empty.'
            ),
        ),
    )


def german_quotes_all() -> Section:
    """German News Quotes, all forms of the development documents, by the score of its authors."""
    data = list(german.documents())
    articles = [document.article for document in data]
    runs = {
        "floor: all in quotation marks": quoted,
        "rules, direct speech alone": direct_alone,
        **labellers(("rules",)),
    }
    return Section(
        title="German News Quotes, all forms, development",
        about=f"{len(data)} articles, {sum(len(each.groups) for each in data)} annotations: direct, indirect, reported and "
        "free indirect speech. The score is that of the corpus's authors: annotations are assigned one to one by the words "
        "of their messages; P and R are means, over annotations, of the precision and recall of words, F their harmonic "
        "mean; roles are speaker, cue, frame and addressee, joint takes messages and roles together; form is micro F1 of "
        "the types. `bench/german.py` says how our labels become the corpus's.",
        columns=german.COLUMNS,
        rows=tuple(
            (name, tuple(german.measured(data, [guess.labels.attributions or () for guess in label(articles)])))
            for name, label in runs.items()
        ),
        published=(
            (
                "rules of the shared task, blind test",
                "message F 47.9 (P 70.8, R 36.2), roles 35.5, joint 39.1, form 43.9",
            ),
        ),
        notes=(
            (
                "The published figures are on another split: for orientation. The rules were written with the training "
                "documents in view. They give no addressees, and frames only as `bench/german.py` makes them of source, cue "
                "and content; the last row leaves these out."
            ),
            (
                "A tenth of the annotations are whole sentences that tell of speech without a clause that says what "
                '("Reported"); the guidelines label most of them as no attribution, and the rules none.'
            ),
        ),
    )


def direct_alone(articles: Sequence[Article]) -> Iterator[Prediction]:
    """What the rules label without reports: direct speech with its source and cue."""
    from allegedly.builders.labellers._quotations import quotations

    for article in articles:
        yield Prediction(labels=Labels(attributions=quotations(article)))


# -- the page ------------------------------------------------------------------------------------------------------

SECTIONS: dict[str, Callable[[], Section]] = {
    "news": news,
    "polnear": polnear,
    "bioscope": bioscope,
    "sfu": sfu,
    "claimbuster": claimbuster,
    "german-quotes": german_quotes,
    "german-quotes-all": german_quotes_all,
}
HEAD = """# Labels measured

Written by `python bench/labels.py`. Automatic labels against what people marked, on development data of public
corpora, which are read from beside the repository and are no part of it. In brackets the 95 % interval over articles.
All figures are percentages. Read [the guidelines](guidelines.md) for what the labels mean: where a corpus draws the
line elsewhere, a difference in scheme counts as an error here.
"""


def shown(value: Cell) -> str:
    """A cell of a table."""
    if value is None or np.isnan(value[0]):
        return "n/a"
    if value[0] == value[1] == value[2]:
        return f"{100 * value[0]:.1f}"
    return "{:.1f} ({:.1f}–{:.1f})".format(*(100 * number for number in value))


def page(section: Section) -> str:
    """A section in Markdown: one line a measure, one column a system."""
    names = [name for name, _ in section.rows]
    lines = [
        f"## {section.title}",
        "",
        section.about,
        "",
        f"| | {' | '.join(names)} |",
        "|---" * (len(names) + 1) + "|",
    ]
    for at, column in enumerate(section.columns):
        lines.append(f"| {column} | {' | '.join(shown(cells[at]) for _, cells in section.rows)} |")
    if section.published:
        lines += ["", "| published | |", "|---|---|", *(f"| {' | '.join(row)} |" for row in section.published)]
    for note in section.notes:
        lines += ["", note]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Prints the sections that are asked for; all of them go into the page."""
    # these draw on this module
    from held_out import SECTIONS as HELD_OUT_SECTIONS
    from learned_folds import section as folds

    sections = {**SECTIONS, "bioscope-folds": folds, **HELD_OUT_SECTIONS}
    parser = argparse.ArgumentParser(description="Labels against gold.")
    parser.add_argument("corpora", nargs="*", choices=[[], *sections], help="default: all, and write docs/labels.md")
    parser.add_argument("--write", action="store_true", help="write docs/labels.md with the corpora that are named")
    parser.add_argument("--labellers", default=",".join(CHOSEN), help="names with commas between")
    parser.add_argument("--folds", type=Path, help="five networks as learned_folds.py leaves them")
    options = parser.parse_args()
    CHOSEN[:] = options.labellers.split(",")
    if options.folds:
        sections["bioscope-folds"] = partial(folds, options.folds)
    else:
        del sections["bioscope-folds"]
        print("bioscope-folds: left out (needs --folds)", file=sys.stderr)
    pages = []
    for name in options.corpora or sections:
        pages.append(page(sections[name]()))
        print(pages[-1], flush=True)
    if options.write or not options.corpora:
        DOC.write_text("\n".join([HEAD, *pages]), encoding="utf-8")


if __name__ == "__main__":
    main()
