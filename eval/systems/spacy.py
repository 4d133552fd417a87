"""``spacy:FOLDER``: a spaCy pipeline: its text categoriser for sentence tasks, its entities and spans for span tasks.

Conventions: categories and span labels are mapped by the options' labels. Spans of all keys and entities count.
"""

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

TARGET = "the folder of a pipeline, as spaCy's to_disk writes it"
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
EXTRA = "spacy"
CACHED = True


def connect(target: str, options: Options) -> "Spacy":
    """The pipeline in a folder; names of packages are not looked up."""
    path = Path(target)
    if not (path / "config.cfg").is_file():
        raise UsageError(f"spacy:{target}: no pipeline there; expected a folder that spaCy's to_disk wrote")
    try:
        import spacy
    except ImportError as error:
        raise UsageError("spacy: needs the extra: pip install 'allegedly[spacy]'") from error
    with foreign(f"spacy:{target}: loading it"):
        return Spacy(spacy.load(path), path, options)


class Spacy:
    """A pipeline as a system."""

    def __init__(self, pipeline: Any, path: Path, options: Options) -> None:
        self.pipeline, self.path, self.options = pipeline, path, options

    def layers(self) -> tuple[str, ...]:
        """The layers that its entities and spans cover. UsageError where none of their names is ours."""
        names = (
            name for pipe in self.pipeline.pipe_names for name in getattr(self.pipeline.get_pipe(pipe), "labels", ())
        )
        return _spans.layers(map(str, names), self.options, f"spacy:{self.path}")

    def identity(self, task: str) -> object:
        """The bytes of the folder, and the version of spaCy."""
        import spacy

        return [digest(self.path), spacy.__version__]

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """Probabilities by category for texts, labels for articles. Dead where the pipeline raises."""
        texts = [request["text"] if "text" in request else request["article"]["text"] for request in requests]
        with foreign(f"spacy:{self.path}: {task}: the pipeline"):
            pairs = zip(requests, self.pipeline.pipe(texts), strict=True)
            return [self._read(task, request, document) for request, document in pairs]

    def _read(self, task: str, request: Request, document: Any) -> Any:
        where = f"spacy:{self.path}"
        if "text" in request:
            if not document.cats:
                raise UsageError(f"{where}: gives no categories; {task} needs a text categoriser")
            return {str(name): clipped(float(chance)) for name, chance in document.cats.items()}
        marked = [*document.ents, *(span for group in document.spans.values() for span in group)]
        spans = {(span.start_char, span.end_char, span.label_) for span in marked}
        return _spans.labels(task, spans, self.options, where)

    def close(self) -> None:
        """Nothing to give back."""
