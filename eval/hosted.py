"""A callable in a process of its own: the end that runs it. `allegedly.eval.hosting` is the other end.

Conventions: one JSON value a line. First comes which callable, and what is there, or ``{"fault": ...}``, goes back; then for
each ``{"number", "items", "extra"}`` comes ``{"number", "answers"}`` or ``{"number", "fault"}``. The descriptors of the
two pipes are this end's own: standard output is what the callable finds, and leads to standard error.
"""

import contextlib
import importlib
import inspect
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from allegedly.eval.plain import Fault, called, raised
from allegedly.schemas.records import Json

#: Bytes of the answers to one batch at most.
LARGEST = 256 * 2**20


def main(inbox: int, outbox: int) -> None:
    """Serve until the other end closes its pipe."""
    for end in (inbox, outbox):
        os.set_inheritable(end, False)  # what the callable starts holds no pipe of ours
    own = os.getpid()
    write, dumps = os.write, json.dumps  # as they are before anybody's code runs

    def send(message: Json) -> None:
        if os.getpid() != own:
            os._exit(1)  # a copy of this process that came out of the callable is nobody's answer
        line = dumps(message).encode() + b"\n"
        while line:
            line = line[write(outbox, line) :]

    with os.fdopen(inbox, "rb", closefd=False) as requests:
        function, greeting = _found(json.loads(requests.readline()))
        send(greeting)
        if function is None:
            return
        for line in requests:
            send(_answered(function, json.loads(line)))


def _found(target: Json) -> tuple[Callable[..., Any] | None, Json]:
    """The callable of ``{"module", "attribute"}``, with what the other end is told of it."""
    try:
        found: Any = importlib.import_module(target["module"])
        for step in target["attribute"].split("."):
            found = getattr(found, step)
    except (ImportError, AttributeError) as error:
        return None, {"fault": f"{raised(error)}; expected a module on the path, and a callable in it"}
    except BaseException as error:
        return None, {"fault": f"its module raised {raised(error)}; expected one that can be imported"}
    if not callable(found):
        return None, {"fault": f"found {type(found).__name__}, expected a callable"}
    return found, {"wants_task": wants_task(found)}


def wants_task(function: Callable[..., Any]) -> bool:
    """Whether a callable has a parameter ``task``."""
    try:
        return "task" in inspect.signature(function).parameters
    except Exception:
        return False


def _answered(function: Callable[..., Any], request: Json) -> Json:
    try:
        message = {"number": request["number"], "answers": called(function, request["items"], request["extra"])}
        size = len(json.dumps(message))
        if size <= LARGEST:
            return message
        fault = f"answers of {size} bytes to one batch, expected at most {LARGEST}"
    except Fault as error:
        fault = str(error)
    except BaseException as error:
        fault = f"the callable raised {raised(error)}"
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    return {"number": request["number"], "fault": fault}
