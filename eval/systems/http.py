"""``http://...``: an endpoint that takes ``{"task", "inputs": [...]}`` and gives ``{"outputs": [...]}``.

Conventions: inputs are the objects of contract section 7, outputs one for each, in order. Other shapes are mapped in
the options: ``pointers = { inputs = "/data", text = "/content", outputs = "/results", label = "/class" }``.
"""

from collections.abc import Sequence
from typing import Any

from allegedly.eval.options import Options
from allegedly.eval.system import Dead, Request
from allegedly.eval.systems import _endpoint

TARGET = "//host:port/path, an endpoint"
TASKS = None
NEEDS_TASK = True
READS = ("threshold", "batch", "concurrency", "timeout", "retries", "rate", "pointers", "headers", "input", "cues")
EXTRA = None
CACHED = True


def connect(target: str, options: Options) -> "Http":
    """The endpoint at ``http:TARGET``."""
    return Http(f"http:{target}", options)


class Http:
    """An endpoint as a system."""

    def __init__(self, url: str, options: Options) -> None:
        self.endpoint = _endpoint.Endpoint(url, options)
        self.headers = _endpoint.headers(options)
        self.options = options

    def identity(self, task: str) -> object:
        """Its address, and where things stand in its JSON."""
        return [self.endpoint.url, dict(self.options.pointers)]

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """One output for each request, as the endpoint gave it. Busy or Dead where it gave none."""
        reply = self.endpoint.post(self._body(task, requests), self.headers)
        outputs = _endpoint.pointed(reply, self.options.pointers.get("outputs", "/outputs"), self.endpoint.url)
        if not isinstance(outputs, list):
            raise Dead(f"{self.endpoint.url}: found {type(outputs).__name__}, expected a list of outputs")
        return [self._read(output) for output in outputs]

    def _body(self, task: str, requests: Sequence[Request]) -> Any:
        pointers = self.options.pointers
        inputs = list(requests)
        if "text" in pointers:
            texts = [request["text"] if "text" in request else request["article"]["text"] for request in requests]
            inputs = [_endpoint.put(pointers["text"], text) for text in texts]
        body = _endpoint.put(pointers.get("inputs", "/inputs"), inputs)
        return {"task": task, **body} if isinstance(body, dict) and "inputs" not in pointers else body

    def _read(self, output: Any) -> Any:
        pointers, where = self.options.pointers, self.endpoint.url
        if "labels" in pointers:
            return _endpoint.pointed(output, pointers["labels"], where)
        if "label" not in pointers:
            return output
        score = _endpoint.pointed(output, pointers["score"], where) if "score" in pointers else None
        return {"label": _endpoint.pointed(output, pointers["label"], where), "score": score}

    def close(self) -> None:
        """Give back the connections."""
        self.endpoint.close()
