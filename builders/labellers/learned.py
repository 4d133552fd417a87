"""The learned labeller: attributions, speculations and claims in English news, from a small network.

Conventions: the network says where sources, cues, contents, doubts and claims are, what they are, and how probable each
is; the rules say what the marks around words show (form), who a source stands for (speaker), and where "may" permits and
is no doubt. What reads like a scientific abstract has doubts by the scheme of abstracts, everything else labels by the
guidelines, as learned from real news. One thread, the same labels for the same text on the same machine. Needs
onnxruntime and tokenizers (the extra ``learned``); the weights lie beside this file. Articles in other languages get
what the rules find there: attributions of all forms in German, elsewhere direct speech.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from allegedly.builders.labellers import _learned_model as network
from allegedly.builders.labellers._learned_labels import labels
from allegedly.builders.labellers._learned_text import tokenizer
from allegedly.builders.labellers._quotations import direct_speech, is_english
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.derive import numbered
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Annotator, Article, Part, Prediction, Sentence, Span

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
    found = labels(Tokens(article), reading, model.thresholds.get("news.check_worthy", 0.5), ANNOTATOR.id)
    return Prediction(
        labels=numbered(found, article),
        sentences=tuple(
            Sentence(start=start, end=end, scores={name: round(score, 4) for name, score in (scores or {}).items()})
            for (start, end), scores in zip(article.sentences, reading.sentences, strict=True)
        ),
    )
