"""``sklearn:model.skops``: a scikit-learn pipeline from texts to classes.

Conventions: a file of `skops`, which holds no code; a bare pickle only with ``allow_pickle = true`` in the options,
since loading one runs whatever its author put there. Probabilities are used where the model gives them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from allegedly.eval.cache import digest
from allegedly.eval.options import Options
from allegedly.eval.system import Request
from allegedly.schemas.errors import UsageError

TARGET = "a pipeline saved by skops (.skops)"
TASKS = ("claim-detection", "check-worthiness", "speculation-detection", "attribution-detection")
NEEDS_TASK = True
READS = ("threshold", "batch")
OPTIONS = {
    "allow_pickle": {
        "description": "Load a model by pickle, which runs code that the file brings.",
        "type": "boolean",
        "default": False,
    }
}
EXTRA = "sklearn"
CACHED = True

#: Types of these packages are what a fitted pipeline consists of.
TRUSTED = ("sklearn.", "numpy.", "scipy.", "builtins.")


def connect(target: str, options: Options) -> "Sklearn":
    """The model in a file. UsageError where it is missing, holds foreign types, or is a pickle nobody asked for."""
    path = Path(target)
    if not path.is_file():
        raise UsageError(f"sklearn:{target}: no such file; expected a model saved by skops")
    return Sklearn(_loaded(path, options), path)


def _loaded(path: Path, options: Options) -> Any:
    if path.suffix == ".skops":
        try:
            import skops.io
        except ImportError as error:
            raise UsageError("sklearn: needs the extra: pip install 'allegedly[sklearn]'") from error
        strange = skops.io.get_untrusted_types(file=path)
        foreign = [name for name in strange if not name.startswith(TRUSTED)]
        if foreign:
            raise UsageError(f"sklearn:{path}: holds types that are not scikit-learn's: {', '.join(foreign)}")
        return skops.io.load(path, trusted=strange)
    if not options.own.get("allow_pickle"):
        raise UsageError(
            f"sklearn:{path}: found {path.suffix or 'no ending'}, expected .skops; "
            "a pickle runs code when it is loaded: save with skops.io.dump, or set allow_pickle = true in the options"
        )
    if path.suffix == ".joblib":
        import joblib

        return joblib.load(path)
    import pickle

    with path.open("rb") as file:
        return pickle.load(file)  # nosec B301 # the user says so by name


class Sklearn:
    """A pipeline as a system for sentence tasks."""

    def __init__(self, model: Any, path: Path) -> None:
        self.model, self.path = model, path

    def identity(self, task: str) -> object:
        """The bytes of the file, and the version of scikit-learn."""
        import sklearn

        return [digest(self.path), sklearn.__version__]

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """Probabilities by class where the model gives them, else classes."""
        if any("text" not in request for request in requests):
            raise UsageError(f"sklearn:{self.path}: classifies texts; found task {task}, expected a sentence task")
        texts = [request["text"] for request in requests]
        if not hasattr(self.model, "predict_proba"):
            return [str(label) for label in self.model.predict(texts)]
        names = [str(name) for name in self.model.classes_]
        return [dict(zip(names, map(float, row), strict=True)) for row in self.model.predict_proba(texts)]

    def close(self) -> None:
        """Nothing to give back."""
