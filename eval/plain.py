"""Plain answers: what a callable or a model gave back, as JSON values, or an error that says what was found instead.

Conventions: strings, numbers, ``None``, lists and tuples, mappings, our records, and what numpy, pandas, torch and pyarrow
hold of these are plain. A tuple ``(label, score)`` becomes an object with these keys; masked entries of an array become
null. The objects are not ours: nothing of them is trusted, and whatever they raise is a `Fault`.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from allegedly.schemas.records import Json, Labels, Prediction

#: Nesting of an answer that is read at most; one with labels has about ten levels.
DEEPEST = 50
#: Bits of a whole number at most: what every reader of JSON can hold.
_WIDEST = 64
#: Characters of a description.
_LONGEST = 120


class Fault(Exception):
    """What was given back is no plain answer, or the callable raised: what was found, what was expected."""


def called(function: Callable[..., Any], items: Sequence[Any], extra: Mapping[str, Any]) -> list[Any]:
    """The answers of a callable for items, one for each, as JSON values. Fault for whatever goes wrong in it, but for
    KeyboardInterrupt, which is the caller's."""
    try:
        returned = function(list(items), **extra)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise Fault(f"the callable raised {raised(error)}") from error
    return answers(returned, len(items))


def answers(returned: Any, count: int) -> list[Any]:
    """What was returned for ``count`` items, as JSON values. Fault where it is no list of so many plain answers."""
    try:
        column = _column(returned, count)
        if len(column) != count:
            raise Fault(f"{len(column)} answers for {count} items, expected one for each, in order")
        return [_plain(answer, 0) for answer in islice(column, count)]
    except (Fault, KeyboardInterrupt):
        raise
    except RecursionError:
        raise Fault("answers nested too deeply, or that hold themselves") from None
    except BaseException as error:
        raise Fault(f"an answer that cannot be read: {raised(error)}") from error


def plain(thing: Any) -> Any:
    """One answer as a JSON value. Fault where it is none."""
    return answers([thing], 1)[0]


def raised(error: BaseException) -> str:
    """An exception in words: its type and what it says, also where it cannot say it."""
    try:
        words = str(error)
    except BaseException:
        words = "no message that can be read"
    name = type(error).__name__
    return f"{name}: {words[:1000]}" if words else name


def _column(returned: Any, count: int) -> Sequence[Any]:
    """What was returned as a list: of tables and columns of others too."""
    expected = f"expected a list of {count} answers"
    if inspect.iscoroutine(returned):
        returned.close()  # else the interpreter complains that nobody waited for it
        raise Fault(f"found a coroutine, {expected}; call it by asyncio.run in a function that is not async")
    if hasattr(returned, "__next__"):
        raise Fault(f"found a {type(returned).__name__}, {expected}: put list(...) around it")
    if isinstance(returned, str | bytes | bytearray | Mapping | Prediction | Labels):
        raise Fault(f"found {_described(returned)}, {expected}")
    if hasattr(returned, "columns") and hasattr(returned, "to_dict"):
        return list(returned.to_dict("records"))  # a data frame: a row an item, by the names of its columns
    if hasattr(returned, "detach"):
        returned = returned.detach().cpu()
    if isinstance(getattr(returned, "ndim", None), int) and hasattr(returned, "tolist"):
        if returned.ndim == 0:
            raise Fault(f"found a single {_described(returned.tolist())}, {expected}")
        return list(returned.tolist())
    if hasattr(returned, "to_pylist"):
        return list(returned.to_pylist())
    if not isinstance(returned, Sequence):
        raise Fault(f"found {_described(returned)}, {expected}")
    return returned


def _plain(thing: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise RecursionError
    if thing is None or isinstance(thing, bool):
        return thing
    if isinstance(thing, str):
        return str.__str__(thing)  # of numpy's and others' strings what they hold, whatever they say of themselves
    if isinstance(thing, int):
        return _whole(int.__int__(thing))
    if isinstance(thing, float):
        return float.__float__(thing)
    if isinstance(thing, Prediction | Labels):
        return _plain(_of_records(thing), depth + 1)
    if isinstance(thing, Mapping):
        return _mapping(thing, depth)
    if isinstance(thing, tuple) and len(thing) == 2 and depth == 0:
        label, score = (_plain(each, depth + 1) for each in thing)
        return {"label": label, "score": score} if isinstance(label, str | int) else [label, score]
    if isinstance(thing, list | tuple):
        return [_plain(each, depth + 1) for each in thing]
    return _of_others(thing, depth)


def _whole(number: int) -> int:
    if number.bit_length() > _WIDEST:
        raise Fault(f"found a whole number of {number.bit_length()} bits, expected an answer")
    return number


def _mapping(thing: Mapping[Any, Any], depth: int) -> Json:
    """A mapping with strings as keys: numbers of classes as their digits."""
    named: Json = {}
    for key in thing:
        name = _plain(key, depth + 1)
        if not isinstance(name, str | int):
            raise Fault(f"found the key {_described(key)}, expected the name of a label")
        if str(name) in named:
            raise Fault(f"found the key {name!s} twice, expected each once")
        named[str(name)] = _plain(thing[key], depth + 1)
    return named


def _of_others(thing: Any, depth: int) -> Any:
    """Numbers, strings and arrays of numpy, torch and others by what they hold."""
    if hasattr(thing, "detach"):
        thing = thing.detach().cpu()
    for name in ("tolist", "to_pylist", "as_py"):
        if hasattr(thing, name):
            held = getattr(thing, name)()
            if type(held) in (str, int, float, bool, list, type(None)):
                return _plain(held, depth + 1)
            break
    raise Fault(f"found {_described(thing)}, expected a label, (label, score) or {{label: probability}}{_hint(thing)}")


def _hint(thing: Any) -> str:
    if isinstance(thing, bytes | bytearray):
        return "; decode it"
    if hasattr(thing, "value") and hasattr(type(thing), "__members__"):
        return "; give its value"
    return ""


def _described(thing: Any) -> str:
    """What a thing is, in a few words, whatever its ``__repr__`` does."""
    if thing is None:
        return "None"
    try:
        words = repr(thing)
    except BaseException:
        words = "(which cannot be shown)"
    return f"{type(thing).__name__} {words if len(words) <= _LONGEST else words[: _LONGEST - 1] + '…'}"


def _of_records(answer: Prediction | Labels) -> Json:
    if isinstance(answer, Labels):
        return answer.to_json()
    spoken: Json = {"labels": answer.labels.to_json()}
    if answer.sentences is not None:
        # which article they belong to is known by the order of answers
        sentences = [sentence.to_json("") for sentence in answer.sentences]
        spoken["sentences"] = [{name: sentence[name] for name in sentence if name != "id"} for sentence in sentences]
    return spoken
