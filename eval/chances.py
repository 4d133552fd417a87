"""Classes and their probabilities: from what a system calls them to ours, and from a distribution to one class.

Conventions: ``names`` are the options' ``labels``, theirs = ours, numbers as their digits. ``classes`` are a task's in the
order of the schema, which gives them numbers from 0; ``sought`` is the one that a threshold speaks of. A distribution
holds a probability for each class that is known; what is left of 1 belongs to the class that is not named, if one is.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from allegedly.schemas.errors import UsageError
from allegedly.schemas.schema import shortened

#: By how much probabilities may sum to more than 1: three of them rounded to two places, sums of short floats.
SLACK = 0.02
_NUMBER = re.compile(r"[0-9]{1,40}(\.[0-9]{0,400})?")


def label(given: Any, classes: Sequence[str], sought: str, names: Mapping[str, str]) -> str:
    """Our name of a class that is given by name or by number, or as a truth value where there are two. UsageError for a
    class that is none of the task's: it is never dropped."""
    spelt = spelling(given)
    ours = named(given, names)
    if ours in classes:
        return str(ours)
    if is_number(given) and spelt not in names and not any(is_number(name) for name in names):
        if isinstance(given, bool):
            if len(classes) == 2:
                return sought if given else next(name for name in classes if name != sought)
        elif int(spelt) < len(classes):
            return classes[int(spelt)]
    hint = 'map their names in the options: labels = { theirs = "ours" }'
    if not isinstance(given, str):
        numbered = f"one of {', '.join(classes)}, or a number from 0 to {len(classes) - 1}"
        raise UsageError(f"found {shortened(given)}, expected a label, {numbered}; {hint}")
    raise UsageError(f"found label {shortened(given)}, expected one of {', '.join(classes)}; {hint}")


def named(given: Any, names: Mapping[str, str]) -> Any:
    """A class by the name that the options give it, as it is where they give none."""
    if isinstance(given, str) and given in names:
        return names[given]
    return names.get(spelling(given), given) if isinstance(given, str | int | float) else given


def spelling(given: Any) -> str:
    """A class as the options' ``labels`` spell it: whole numbers without a point, which tables put behind them where a
    cell is empty."""
    spelt = given if isinstance(given, str) else str(given)[:100]
    return spelt[:-2] if spelt.endswith(".0") and spelt[:-2].isdigit() else spelt


def is_number(given: Any) -> bool:
    """Whether a class is given by its number, or as a truth value."""
    if isinstance(given, str):
        return given.isascii() and given.isdigit() and len(given) < 4
    return isinstance(given, int) and 0 <= given < 1000


def numbered(answer: Any, names: Mapping[str, str]) -> bool:
    """Whether an answer gives a class by a number that ``names`` leaves to the order of the schema."""
    if isinstance(answer, Mapping):
        given = [answer["label"]] if "label" in answer else list(answer)
    else:
        given = [answer[0]] if isinstance(answer, list | tuple) and answer and isinstance(answer[0], str) else [answer]
    return any(is_number(name) and spelling(name) not in names for name in given)


def said(classes: Sequence[str], sought: str) -> str:
    """Which class each number stands for, in words."""
    numbers = ", ".join(f"{number} is {name}" for number, name in enumerate(classes))
    return f"{numbers}, True is {sought}" if len(classes) == 2 else numbers


def probability(given: Any) -> float | None:
    """A probability, None where there is none. UsageError where it is no number from 0 to 1."""
    if given is None:
        return None
    number = float("nan")
    if isinstance(given, str) and _NUMBER.fullmatch(given):
        number = float(given)  # endpoints and language models write numbers as strings too
    elif isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given <= 1:
        number = float(given)
    if not 0 <= number <= 1:
        raise UsageError(f"found score {shortened(given)}, expected a probability from 0 to 1")
    return number


def clipped(chance: float) -> float:
    """A probability without what rounding put beyond 0 and 1; NaN stays."""
    return chance if math.isnan(chance) else min(1.0, max(0.0, chance))


def distribution(
    given: Mapping[Any, Any], classes: Sequence[str], sought: str, names: Mapping[str, str]
) -> dict[str, float]:
    """Probabilities by our classes. UsageError where they sum to more than 1, or one is none. Several of theirs that are
    one of ours are added up."""
    known: dict[str, float] = {}
    for name, chance in given.items():
        number = probability(chance)
        if number is None:
            raise UsageError(f"found no probability of {shortened(name)}, expected a number from 0 to 1")
        ours = label(name, classes, sought, names)
        known[ours] = known.get(ours, 0.0) + number
    total = math.fsum(known.values())
    if total > 1 + SLACK:
        listed = ", ".join(f"{name} {chance:.4g}" for name, chance in known.items())
        raise UsageError(
            f"found probabilities that sum to {total:.4g} ({listed}), expected at most 1; probabilities that do not hang "
            "together say nothing of one class: give the label, or (label, score)"
        )
    return completed({name: min(1.0, chance) for name, chance in known.items()}, classes)


def completed(known: Mapping[str, float], classes: Sequence[str]) -> dict[str, float]:
    """A distribution with the rest given to the class that is not named, where it is one, or where nothing is left."""
    missing = [name for name in classes if name not in known]
    rest = max(0.0, 1.0 - math.fsum(known.values()))
    if len(missing) == 1 or (missing and rest <= SLACK):
        return {**known, **dict.fromkeys(missing, rest / len(missing))}
    return dict(known)


def decided(known: Mapping[str, float], classes: Sequence[str], sought: str, threshold: float | None) -> str:
    """The class that a distribution decides for; with a threshold, the class sought from there on, else the likeliest of
    the others. UsageError where the probability of a class that matters is not known."""
    unknown = [name for name in classes if name not in known]
    if threshold is not None and sought in known and (known[sought] >= threshold or not unknown):
        others = [name for name in classes if name != sought]
        return sought if known[sought] >= threshold else max(others, key=lambda name: known[name])
    if unknown or threshold is not None:
        listed = ", ".join(f"{name} {chance:.4g}" for name, chance in known.items()) or "no probability"
        need = "" if threshold is None else f", which threshold = {threshold:g} in the options needs"
        raise UsageError(f"found {listed}, expected a probability for each of {', '.join(classes)}{need}")
    return max(classes, key=lambda name: known[name])


def by_threshold(
    answer: str, score: float | None, classes: Sequence[str], sought: str, threshold: float
) -> tuple[str, float]:
    """The class and its probability that a threshold makes of a class with its probability. UsageError where it cannot be
    applied."""
    known = {} if score is None else completed({answer: score}, classes)
    if sought not in known and score is not None and 1 - score < threshold:
        return answer, score  # whatever the class sought has of the rest, it is too little
    name = decided(known, classes, sought, threshold)
    return name, known[name]
