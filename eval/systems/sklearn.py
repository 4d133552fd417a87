"""``sklearn:model.skops``: a scikit-learn pipeline from texts to classes.

Conventions: a file of `skops`, which holds no code: of types it may hold those of two exact lists, skops' own and
`_trusted`'s. A bare pickle is loaded only with ``allow_pickle = true`` in the options, since loading one runs whatever
its author put there. Probabilities are used where the model gives them, by the names in its ``classes_``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from allegedly.eval.cache import digest
from allegedly.eval.foreign import foreign
from allegedly.eval.options import Options
from allegedly.eval.plain import answers, plain
from allegedly.eval.system import Dead, Request
from allegedly.eval.systems._trusted import TREES, TRUSTED
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
    },
    "allow_trees": {
        "description": "Load forests and other trees from .skops; a file made to harm may crash or read memory by them.",
        "type": "boolean",
        "default": False,
    },
}
EXTRA = "sklearn"
CACHED = True


def connect(target: str, options: Options) -> "Sklearn":
    """The model in a file. UsageError where it is missing, holds foreign types, or is a pickle nobody asked for."""
    path = Path(target)
    if not path.is_file():
        raise UsageError(f"sklearn:{target}: no such file; expected a model saved by skops")
    with foreign(f"sklearn:{target}: loading it"):
        return Sklearn(_loaded(path, options), path)


def _loaded(path: Path, options: Options) -> Any:
    if path.suffix == ".skops":
        return _from_skops(path, bool(options.own.get("allow_trees")))
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


def _from_skops(path: Path, trees: bool) -> Any:
    """The model in a file of skops. UsageError names the types that are on no list."""
    try:
        import skops.io
    except ImportError as error:
        raise UsageError("sklearn: needs the extra: pip install 'allegedly[sklearn]'") from error
    data = path.read_bytes()  # once: what is checked is what is loaded
    strange = skops.io.get_untrusted_types(data=data)
    refused = [name for name in strange if name not in (TRUSTED | TREES if trees else TRUSTED)]
    if refused:
        hint = "; trees are loaded with allow_trees = true in the options" if set(refused) <= TREES else ""
        raise UsageError(
            f"sklearn:{path}: holds {', '.join(refused)}; expected data and estimators of scikit-learn alone{hint}"
        )
    model = skops.io.loads(data, trusted=strange)
    _check_matrices(model)
    return model


def _check_matrices(model: Any) -> None:
    """ValueError for a sparse matrix anywhere in a model whose indices lead out of it: compiled code follows them."""
    import scipy.sparse

    waiting, seen = [model], set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if scipy.sparse.issparse(thing):
            thing.check_format(full_check=True)
        elif isinstance(thing, dict):
            waiting += thing.values()
        elif isinstance(thing, list | tuple | set):
            waiting += thing
        else:
            waiting += getattr(thing, "__dict__", {}).values()


class Sklearn:
    """A pipeline as a system for sentence tasks."""

    def __init__(self, model: Any, path: Path) -> None:
        self.model, self.path = model, path

    def identity(self, task: str) -> object:
        """The bytes of the file, and the version of scikit-learn."""
        import sklearn

        return [digest(self.path), sklearn.__version__]

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """Probabilities by class where the model gives them, else classes. Dead where it raises."""
        if any("text" not in request for request in requests):
            raise UsageError(f"sklearn:{self.path}: classifies texts; found task {task}, expected a sentence task")
        texts = [request["text"] for request in requests]
        with foreign(f"sklearn:{self.path}: {task}: the model"):
            if not hasattr(self.model, "predict_proba"):
                return answers(self.model.predict(texts), len(texts))
            columns = self.model.predict_proba(texts)
            if getattr(columns, "ndim", None) != 2:
                raise Dead(f"sklearn:{self.path}: found no table of probabilities, expected a model of one output")
            names = list(map(_name, plain(self.model.classes_.tolist())))
            return [dict(zip(names, row, strict=True)) for row in answers(columns, len(texts))]

    def close(self) -> None:
        """Nothing to give back."""


def _name(label: Any) -> str:
    """A class of theirs as a key: numbers as their digits."""
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)
