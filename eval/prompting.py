"""Prompts: the words that a language model is told for a task, and the JSON in its answer.

Conventions: a file a task, or a layer, in ``prompts`` beside this module, versioned with the code.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.schemas import strict_json
from allegedly.schemas.errors import UsageError

FOLDER = Path(__file__).parent / "prompts"
_FENCE = re.compile(r"\s*```(?:json)?\s*(.*?)\s*```\s*", re.DOTALL)
_THOUGHT = re.compile(r"</(?:think|thinking|thought|reasoning|analysis)>", re.IGNORECASE)
#: Opening braces that are tried in prose: each may be read to the end of the text.
_MOST_BRACES = 1000


def prompt(name: str, folder: Path = FOLDER) -> str:
    """The prompt of a name. UsageError where the folder has none."""
    file = folder / f"{name}.md"
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}; expected the prompt of {name}") from error


def answers_in(text: str) -> Iterator[Any]:
    """The JSON values that an answer may be, the likeliest first: the whole of it, else the objects in it, the last one
    first, in fences or prose; what a model says to itself before it answers does not count."""
    text = _without_thinking(text)
    fence = _FENCE.fullmatch(text)
    try:
        yield strict_json.loads(fence[1] if fence else text)
        return
    except ValueError:
        pass
    yield from reversed(list(_objects(text)))


def _without_thinking(text: str) -> str:
    """What stands behind the last block of thinking; some servers leave out its opening mark."""
    for end in reversed(list(_THOUGHT.finditer(text))):
        return text[end.end() :]
    return text


def _objects(text: str) -> Iterator[Any]:
    """JSON objects in a text, in order, none inside another."""
    decoder, place = strict_json.decoder(), 0
    for _ in range(_MOST_BRACES):
        place = text.find("{", place)
        if place < 0:
            return
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            place += 1
        else:
            yield value
