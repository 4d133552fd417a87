"""``http://...``: an endpoint that takes ``{"task", "inputs": [...]}`` and gives ``{"outputs": [...]}``.

Conventions: inputs are the objects of contract section 7, outputs one for each: matched by the ids that they carry, in
order where they carry none. Other shapes are mapped in the options: ``pointers = { inputs = "/data", text = "/content",
outputs = "/results", label = "/class" }``. Which model stands behind an address nobody can know: answers are kept for one
run, or for later ones where the options say what decides them (``depends``, ``env``).
"""

from collections.abc import Sequence
from typing import Any

from allegedly.eval.cache import decided, hidden, variables
from allegedly.eval.options import Options
from allegedly.eval.system import Declined, Request
from allegedly.eval.systems import _endpoint, _ids

TARGET = "//host:port/path, an endpoint"
TASKS = None
NEEDS_TASK = True
LABELS = True
READS = (
    *("threshold", "batch", "concurrency", "timeout", "retries", "rate"),
    *("pointers", "headers", "input", "cues", "depends", "env"),
)
EXTRA = None
CACHED = True


def connect(target: str, options: Options) -> "Http":
    """The endpoint at ``http:TARGET``."""
    return Http(f"http:{target}", options)


class Http:
    """An endpoint as a system."""

    def __init__(self, url: str, options: Options) -> None:
        self.url = url
        self.endpoint = _endpoint.Endpoint(url, options)
        self.headers = _endpoint.headers(options)
        self.options = options

    @property
    def one_run(self) -> bool:
        """Whether nothing says which model answers."""
        return not (self.options.depends or self.options.env)

    def identity(self, task: str) -> object:
        """Its address, the names of its headers, where things stand in its JSON, and the files that the options name."""
        return [self.endpoint.shown, sorted(self.headers), dict(self.options.pointers), decided(self.options)]

    def around(self) -> object:
        """The whole address, what the headers say, and the variables that the options name."""
        sent = {name: hidden(value) for name, value in self.headers.items()}
        return [hidden(self.url), sent, variables(self.options)]

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """One output for each request, as the endpoint gave it. Busy, Declined or Dead where it gave none, UsageError
        where the ids of its answers are not those of the requests."""
        reply = self.endpoint.post(self._body(task, requests), self.headers)
        where = self.endpoint.shown
        outputs = _endpoint.pointed(reply, self.options.pointers.get("outputs", "/outputs"), where)
        if not isinstance(outputs, list):
            found = type(outputs).__name__
            raise Declined(f"{where}: found {found}, expected a list of outputs", final=True, spoke=True)
        return _ids.matched([self._id(output) for output in outputs], list(map(self._read, outputs)), requests, where)

    def _id(self, output: Any) -> Any:
        """The id that an output carries; none where the endpoint was not told any."""
        pointers = self.options.pointers
        if "id" in pointers:
            return _endpoint.pointed(output, pointers["id"], self.endpoint.shown)
        return None if "text" in pointers else _ids.carried(output)

    def _body(self, task: str, requests: Sequence[Request]) -> Any:
        pointers = self.options.pointers
        inputs = list(requests)
        if "text" in pointers:
            texts = [request["text"] if "text" in request else request["article"]["text"] for request in requests]
            inputs = [_endpoint.put(pointers["text"], text) for text in texts]
        body = _endpoint.put(pointers.get("inputs", "/inputs"), inputs)
        return {"task": task, **body} if isinstance(body, dict) and "inputs" not in pointers else body

    def _read(self, output: Any) -> Any:
        pointers, where = self.options.pointers, self.endpoint.shown
        if "labels" in pointers:
            return _endpoint.pointed(output, pointers["labels"], where)
        if "label" not in pointers:
            return _ids.without(output)
        score = _endpoint.pointed(output, pointers["score"], where) if "score" in pointers else None
        return {"label": _endpoint.pointed(output, pointers["label"], where), "score": score}

    def close(self) -> None:
        """Give back the connections."""
        self.endpoint.close()
