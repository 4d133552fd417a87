"""``transformers:FOLDER``: a fine-tuned checkpoint that classifies texts (sentence tasks) or tokens (span tasks).

Conventions: the folder holds model and tokenizer; nothing is downloaded, no code of the folder is run. Which of the
two a checkpoint is, its configuration says. Token classification reads one sentence at a time.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from allegedly.eval.cache import digest
from allegedly.eval.chances import clipped
from allegedly.eval.foreign import foreign
from allegedly.eval.options import Options
from allegedly.eval.system import Request
from allegedly.eval.systems import _spans
from allegedly.schemas.errors import UsageError

TARGET = "the folder of a checkpoint with its tokenizer"
TASKS = (
    "claim-detection",
    "check-worthiness",
    "speculation-detection",
    "attribution-detection",
    "claim-spans",
    "speculation-cues",
    "attribution-spans",
)
NEEDS_TASK = True
LABELS = True
READS = ("threshold", "batch")
EXTRA = "transformers"
CACHED = True


def connect(target: str, options: Options) -> "Transformers":
    """The checkpoint in a folder. UsageError where there is none, or it is of another kind."""
    path = Path(target)
    try:
        config = json.loads((path / "config.json").read_text(encoding="utf-8"))
        kinds = list(map(str, config.get("architectures") or []))
    except (OSError, ValueError, RecursionError, AttributeError, TypeError) as error:
        raise UsageError(f"transformers:{target}: no config.json there; expected a folder of a checkpoint") from error
    if any(name.endswith("ForSequenceClassification") for name in kinds):
        kind = "text-classification"
    elif any(name.endswith("ForTokenClassification") for name in kinds):
        kind = "token-classification"
    else:
        raise UsageError(f"transformers:{target}: found {kinds}, expected sequence or token classification")
    try:
        from transformers import pipeline
    except ImportError as error:
        raise UsageError("transformers: needs the extra: pip install 'allegedly[transformers]'") from error
    more: dict[str, Any] = {"top_k": None} if kind == "text-classification" else {"aggregation_strategy": "simple"}
    with foreign(f"transformers:{target}: loading it"):
        model = pipeline(kind, model=str(path), tokenizer=str(path), device="cpu", trust_remote_code=False, **more)
        return Transformers(model, kind, path, options)


class Transformers:
    """A checkpoint as a system."""

    def __init__(self, model: Any, kind: str, path: Path, options: Options) -> None:
        self.model, self.kind, self.path, self.options = model, kind, path, options

    def layers(self) -> tuple[str, ...]:
        """The layers that it covers. UsageError where it classifies texts, or none of its names is ours."""
        where = f"transformers:{self.path}"
        if self.kind != "token-classification":
            raise UsageError(
                f"{where}: gives classes of sentences; labels need spans, which token classification gives"
            )
        names = (re.sub(r"^[BIESLU]-", "", str(name)) for name in self.model.model.config.id2label.values())
        return _spans.layers((name for name in names if name != "O"), self.options, where)

    def identity(self, task: str) -> object:
        """The bytes of the folder, and the version of transformers."""
        import transformers

        return [digest(self.path), transformers.__version__]

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """Probabilities by class for texts, labels for articles. UsageError where the checkpoint is for the other."""
        where = f"transformers:{self.path}"
        texts = all("text" in request for request in requests)
        if texts != (self.kind == "text-classification"):
            raise UsageError(f"{where}: is for {self.kind}, which cannot answer {task}")
        with foreign(f"{where}: {task}: the checkpoint"):
            if texts:
                return self._classes([request["text"] for request in requests])
            return [_spans.labels(task, self._spans(request["article"]), self.options, where) for request in requests]

    def _classes(self, texts: list[str]) -> list[dict[str, float]]:
        """Probabilities by class for each text: of one logit that of its class alone, whatever the configuration calls the
        problem; the rest belongs to the other class."""
        more = {"function_to_apply": "sigmoid"} if self.model.model.config.num_labels == 1 else {}
        scored = self.model(texts, truncation=True, batch_size=len(texts), **more)
        return [{item["label"]: clipped(float(item["score"])) for item in items} for items in scored]

    def _spans(self, article: dict[str, Any]) -> list[tuple[int, int, str]]:
        bounds = [(sentence["start"], sentence["end"]) for sentence in article["sentences"]]
        if not bounds:
            return []
        marked = self.model([article["text"][start:end] for start, end in bounds])
        return [
            (start + item["start"], start + item["end"], item["entity_group"])
            for (start, _), items in zip(bounds, marked, strict=True)
            for item in items
        ]

    def close(self) -> None:
        """Nothing to give back."""
