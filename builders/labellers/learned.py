"""The learned labeller: attributions, speculations and claims in English news, from a small network and the rules.

Conventions: the network says where sources, cues, contents, doubts and claims are and how probable each is; the rules
say what they are (form, act, kind, polarity, ...) and find attributions inside quotations, and, except in scientific
abstracts, doubts that the network misses: it learned those of abstracts. Labels that only the rules found have no
confidence. One thread, the same labels for the same text on the same machine. Needs onnxruntime and tokenizers (the
extra ``learned``); the weights lie beside this file. Articles in other languages get the direct speech that the rules
find there.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from allegedly.builders.labellers import _learned_model as network
from allegedly.builders.labellers import rules
from allegedly.builders.labellers._attribution import Finder, Saying
from allegedly.builders.labellers._claims import CHECK_WORTHY, FACT, Statement, Statements
from allegedly.builders.labellers._cues import NOUNS, VERBS
from allegedly.builders.labellers._frames import frame
from allegedly.builders.labellers._learned_text import tokenizer
from allegedly.builders.labellers._nesting import likely_inside
from allegedly.builders.labellers._quotations import direct_speech, is_english
from allegedly.builders.labellers._speculation import WORDS, Doubt, Doubts
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.derive import numbered
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Annotator, Article, Labels, Part, Prediction, Sentence, Span

LAYERS = ("claims", "speculations", "attributions")
ANNOTATOR = Annotator(
    id="learned", kind="model", name="Learned labeller for English news", version="1", guideline="allegedly-1"
)
#: Packages whose versions decide the labels, as the numbers of a network hang on who multiplies them.
PACKAGES = ("onnxruntime", "tokenizers")
#: The labeller that this one improves on, and what must lie beside this file for it to work.
BETTER_THAN = "rules"
FILES = ("weights/model.onnx", "weights/model.json", "weights/tokenizer.json")
WEIGHTS = Path(__file__).parent / "weights"

Range = tuple[int, int]


def label(articles: Sequence[Article], model: network.Model | None = None) -> Iterator[Prediction]:
    """The labels of each article, in order, with scores for every sentence; by the weights that ship, or others.
    UsageError without the extra."""
    model = model or _model()
    english = [is_english(article) for article in articles]
    readings = network.read(model, [article for article, fine in zip(articles, english, strict=True) if fine])
    for article, fine in zip(articles, english, strict=True):
        if fine:
            yield _prediction(article, next(readings), model)
        else:
            yield direct_speech(article, ANNOTATOR.id)


def scopes(article: Article, cues: Sequence[Part]) -> list[Part]:
    """The scopes of speculation cues that are known, in order."""
    return network.scopes(_model(), article, cues)


def factuality(article: Article, spans: Sequence[Span]) -> list[float]:
    """How factual the event at each span is put: 0 it did not happen, 1 it did."""
    return network.factuality(_model(), article, spans)


def weights_sha256() -> str:
    """The hash of the files of weights."""
    digest = hashlib.sha256()
    for path in sorted(WEIGHTS.iterdir()):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _model() -> network.Model:
    """The model of the weights that ship, loaded once."""
    return load(WEIGHTS)


def load(folder: Path) -> network.Model:
    """The model of a folder of weights. UsageError without the extra."""
    try:
        import onnxruntime
        import tokenizers  # noqa: F401 - what the tokenizer needs, asked for where the error can say so
    except ImportError as error:
        raise UsageError(
            f"the learned labeller needs the package {error.name}: pip install 'allegedly[learned]'"
        ) from None
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("optimization.enable_gelu_approximation", "1")
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])

    def run(ids: np.ndarray, features: np.ndarray) -> np.ndarray:
        output: np.ndarray = session.run(None, {"ids": ids, "features": features})[0]
        return output

    return network.Model(
        network=run,
        words=tokenizer(folder / "tokenizer.json"),
        fields=description["fields"],
        moves={name: np.array(values) for name, values in description["moves"].items()},
        near={name: np.array(values) for name, values in description["near"].items()},
        calibration={name: tuple(pair) for name, pair in description.get("calibration", {}).items()},
        thresholds=description.get("thresholds", {}),
        cues=description.get("cues", {}),
    )


def _prediction(article: Article, reading: network.Reading, model: network.Model) -> Prediction:
    tokens = Tokens(article)
    reading.attributions = [
        _bare(tokens, item) if article.markup else item
        for item in reading.attributions
        if not _hides(tokens, item) and (item.source or article.text[slice(*item.cue[0])] != ":")
    ]
    outer = [_as_saying(tokens, item) for item in reading.attributions]
    sayings, parents = _with_inner(tokens, outer)
    doubts = _doubts(tokens, reading.doubts, reading.abstract > 0)
    claims = _statements(tokens, article, sayings, [item for item, _ in doubts], reading, model)
    attributions = []
    for number, item in enumerate(sayings):
        made = rules._attribution(tokens, number, replace(item, parent=parents[number]), sayings)
        if number < len(outer):
            exact = reading.attributions[number]
            made = replace(made, source=exact.source if item.source else (), cue=exact.cue, content=exact.content)
            made = replace(made, confidence=round(exact.probability, 4))
        attributions.append(replace(made, by=ANNOTATOR.id))
    speculations = []
    holders = rules._holders([item for item, _ in doubts], sayings)
    for (doubt, marked), holder in zip(doubts, holders, strict=True):
        # scopes of abstracts follow syntax alone (BioScope)
        kept = doubt if reading.abstract > 0 else rules._inside(tokens, doubt, holder, sayings)
        speculation = rules._speculation(tokens, kept, holder)
        if marked is not None:
            scope = marked.scope if kept is doubt else speculation.scope
            speculation = replace(speculation, cue=marked.cue, scope=scope, confidence=round(marked.probability, 4))
        speculations.append(replace(speculation, by=ANNOTATOR.id))
    labels = Labels(
        claims=tuple(
            replace(rules._claim(tokens, item), by=ANNOTATOR.id, confidence=round(probability, 4))
            for item, probability in claims
        ),
        speculations=tuple(speculations),
        attributions=tuple(attributions),
    )
    return Prediction(
        labels=numbered(labels, article),
        sentences=tuple(
            Sentence(start=start, end=end, scores={name: round(score, 4) for name, score in (scores or {}).items()})
            for (start, end), scores in zip(article.sentences, reading.sentences, strict=True)
        ),
    )


def _range(tokens: Tokens, start: int, end: int) -> Range:
    """The tokens that a span touches, both ends included."""
    first = bisect_right(tokens.ends, start)
    return first, max(first, bisect_left(tokens.starts, end) - 1)


# -- attributions ---------------------------------------------------------------------------------------------------


def _as_saying(tokens: Tokens, attributed: network.Attributed) -> Saying:
    """An attribution of the network as one of the rules."""
    cue = _range(tokens, attributed.cue[0].start, attributed.cue[-1].end)
    content = [_range(tokens, *span) for span in attributed.content]
    source = _range(tokens, attributed.source[0].start, attributed.source[-1].end) if attributed.source else None
    words = tokens.words[cue[0] : cue[1] + 1]
    if source and source[0] == source[1] and tokens.words[source[0]] == "it" and tokens.kinds[cue[0]] == "b":
        source = None  # "it is said": nobody
    lemma = next((VERBS[w][0] for w in reversed(words) if w in VERBS), None)
    noun = next((NOUNS[w][0] for w in reversed(words) if w in NOUNS), None) if lemma is None else None
    if words[0] == "according":
        shape, lemma = "according", "according"
    elif content[0] < cue:
        shape = "raised" if len(content) == 2 and source is None else "postposed"
    else:
        shape = "noun" if noun else frame(tokens, content[0][0]) or "n"
        # a preposition that is part of the cue was passed already
        shape = "c" if shape[0] == "P" and not noun else shape
    return Saying(
        cue=cue,
        lemma=lemma or noun or words[-1],
        source=source,
        content=content,
        frame=shape,
        negated="x" in tokens.kinds[cue[0] : cue[1] + 1] or words[0] in _REFUSING,
        quoted=any(first == content[0][0] for first, _ in tokens.quotes_in(*content[0])),
    )


_REFUSING = frozenset(["decline", "declines", "declined", "declining", "refuse", "refuses", "refused", "refusing"])


_HIDING = frozenset(["hide", "hides", "hid", "hidden", "hiding"])


def _hides(tokens: Tokens, item: network.Attributed) -> bool:
    """ "Could not hide" reads to the network like a denial; nobody says anything there."""
    first, last = _range(tokens, item.cue[0].start, item.cue[-1].end)
    return not _HIDING.isdisjoint(tokens.words[first : last + 1])


def _bare(tokens: Tokens, item: network.Attributed) -> network.Attributed:
    """The attribution without markup at the ends of its parts, nor a comma behind it: "**Anna Lind**," """
    source, cue, content = (_without_markup(tokens, part) for part in (item.source, item.cue, item.content))
    return replace(item, source=source, cue=cue, content=content)


def _without_markup(tokens: Tokens, part: Part) -> Part:
    out = []
    for start, end in part:
        held = tokens.text[start:end].rstrip()  # markup reads as white space there
        if held.endswith(",") and held[-2:-1].isspace():
            held = held[:-1].rstrip()
        bare = held.lstrip()
        out.append(Span(start + len(held) - len(bare), start + len(held)) if bare else Span(start, end))
    return tuple(out)


def _with_inner(tokens: Tokens, outer: list[Saying]) -> tuple[list[Saying], list[int]]:
    """The attributions of the network with those that the rules find inside their contents, and for each the index of
    the one that it lies in, or -1. PolNeAR marks the outermost ones alone, so the network knows no others. Beside them
    stand those that the rules find for sure where the network has nothing ("in their opinion")."""
    held = sorted((first, last, number) for number, item in enumerate(outer) for first, last in item.content)
    starts = [first for first, _, _ in held]
    cues = sorted(item.cue for item in outer)
    known = Finder(tokens).find()
    contents = [(first, last) for first, last, _ in held]
    beside = [
        item
        for item in known
        if item.frame in _SURE
        and not any(_touches(cues, part) or _touches(contents, part) for part in (item.cue, *item.content))
    ]
    inner: list[tuple[Saying, int]] = []
    for item in known if held else ():
        number = bisect_right(starts, item.cue[0]) - 1
        if number < 0 or not item.content or _touches(cues, item.cue):
            continue
        first, last, holder = held[number]
        parts = [item.cue, *item.content, *([item.source] if item.source else [])]
        if all(first <= left and right <= last for left, right in parts) and likely_inside(tokens, item):
            inner.append((item, holder))
    outer = outer + beside
    sayings = outer + [item for item, _ in inner]
    parents = [-1] * len(outer) + [holder for _, holder in inner]
    by_holder: dict[int, list[int]] = {}
    for number, (_, holder) in enumerate(inner):
        by_holder.setdefault(holder, []).append(len(outer) + number)
    lengths = [sum(b - a for a, b in item.content) for item in sayings]
    for together in by_holder.values():
        for number in together:
            size = 1 << 60
            first, last = sayings[number].cue
            for earlier in together[:50]:
                if earlier >= number:
                    break
                if lengths[earlier] < size and any(a <= first and last <= b for a, b in sayings[earlier].content):
                    parents[number], size = earlier, lengths[earlier]
    return sayings, parents


#: Shapes of attribution that the rules find more surely than the network.
_SURE = frozenset(["according", "view"])


def _touches(ranges: list[Range], part: Range) -> bool:
    """Whether one of some ranges in order, which do not overlap, shares a token with a part."""
    nearest = bisect_right(ranges, (part[1], 1 << 60)) - 1
    return nearest >= 0 and ranges[nearest][1] >= part[0]


# -- speculations ---------------------------------------------------------------------------------------------------


def _doubts(
    tokens: Tokens, marked: Sequence[network.Doubt], abstract: bool
) -> list[tuple[Doubt, network.Doubt | None]]:
    """The doubts of the network with the kinds that the rules give them. In an ``abstract`` the network, which learned
    from such, has the last word; elsewhere those that only the rules know stand beside its own."""
    known = Doubts(tokens).find()
    at_token = {token: item for item in known for first, last in item.cue for token in range(first, last + 1)}
    out: list[tuple[Doubt, network.Doubt | None]] = []
    taken = set()
    for exact in marked:
        cues = [_range(tokens, *span) for span in exact.cue]
        first, last = cues[0]
        same = next((at_token[token] for token in range(first, last + 1) if token in at_token), None)
        if not abstract:
            if same is None and first == last and tokens.words[first] in _KNOWN:
                continue  # a word that the rules know, and know to mean something else here ("may" of permission)
            if same and same.kind in _GUIDED:
                exact = replace(exact, scope=rules._part(tokens, same.scope))
        taken.add(id(same))
        scope = [_range(tokens, *span) for span in exact.scope]
        kind, certainty = (same.kind, same.certainty) if same else ("epistemic", "possible")
        out.append((Doubt(cues, scope, kind, certainty), exact))
    if not abstract:
        out += [(item, None) for item in known if id(item) not in taken]
    return sorted(out, key=lambda pair: pair[0].cue)


#: Kinds of doubt that abstracts hardly show, and so with scopes of the rules.
_GUIDED = frozenset(["conditional", "doxastic"])
#: Words that the rules know, and some cues of abstracts that our guidelines count as none: ability, advice, the future in
#: the past.
_KNOWN = frozenset([*WORDS, "can", "should", "would"])


# -- claims ---------------------------------------------------------------------------------------------------------


def _statements(
    tokens: Tokens,
    article: Article,
    sayings: list[Saying],
    doubts: list[Doubt],
    reading: network.Reading,
    model: network.Model,
) -> list[tuple[Statement, float]]:
    """The claims, in the sentences in which the network finds one, with the probability of their worth."""
    starts = [start for start, _ in article.sentences]
    statements = Statements(tokens, sayings, doubts)
    least = model.thresholds.get("check_worthy", 0.5), model.thresholds.get("claim", 0.5)
    scores: list[tuple[float, float]] = []
    for first, _ in tokens.sentences:
        given = reading.sentences[bisect_right(starts, tokens.starts[first]) - 1] or {}
        scores.append((given.get("check_worthy", 0.0), given.get("claim", 0.0)))
    statements.scores = [
        (1.0 if check >= least[0] else 0.0, 1.0 if fact >= least[1] or check >= least[0] else 0.0)
        for check, fact in scores
    ]
    assert 0 < CHECK_WORTHY < 1 and 0 < FACT < 1
    firsts = [first for first, _ in tokens.sentences]
    out, seen = [], set()
    for item in statements.find():
        number = bisect_right(firsts, item.extent[0][0]) - 1
        seen.add(number)
        out.append((item, _worth(item, *scores[number])))
    for number, (first, last) in enumerate(tokens.sentences):
        if statements.scores[number][1] and number not in seen and not statements._asks(first, last):
            extent = statements._trim(first, last - 1)
            if extent:
                worth = "check_worthy" if statements.scores[number][0] else "unimportant"
                item = statements._statement([extent], -1, worth, [])
                out.append((item, _worth(item, *scores[number])))
    return out


def _worth(item: Statement, check: float, fact: float) -> float:
    return check if item.worth == "check_worthy" else max(0.0, fact - check)
