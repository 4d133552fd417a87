"""allegedly: sentence by sentence, what a news text claims, what it only supposes, and who is said to have said it."""

from typing import Any

from allegedly.schemas.drawn import Drawn as _Drawn
from allegedly.schemas.drawn import by as _by

__version__ = "0.3.0"
__all__ = ["DataError", "UsageError", "__version__", "build", "compare", "evaluate", "label", "load", "validate"]

_HOMES = {
    "build": "allegedly.labelling",
    "label": "allegedly.labelling",
    "load": "allegedly.builders.release.load",
    "validate": "allegedly.schemas.validate",
    "evaluate": "allegedly.evaluation",
    "compare": "allegedly.evaluation",
    "DataError": "allegedly.schemas.errors",
    "UsageError": "allegedly.schemas.errors",
}


def __getattr__(name: str) -> Any:
    # pyarrow and datasets cost a second: nothing is imported before it is used
    if name not in _HOMES:
        raise AttributeError(f"module 'allegedly' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def _draw(value: _Drawn) -> str | None:
    from allegedly.view.notebook import html

    return html(value)


_by(_draw)
