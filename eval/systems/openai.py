"""``openai:MODEL@BASE_URL``: a language model behind any endpoint that speaks the OpenAI chat protocol.

Conventions: a prompt for each task lies in `eval/prompts`, versioned with the code; the options name a folder of others.
The text is passed as data in a message of its own, the answer must fit a JSON Schema, and nothing in it controls
anything. Parts are quoted by the model and found in the article, white space aside: the first place from where the part
before it stood. A label with a quotation that stands nowhere is left out and counted in ``unplaced``. The key is read
from the environment variable that the options name (``OPENAI_API_KEY`` unless they do), where it is set.
"""

import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from allegedly.eval.options import Options
from allegedly.eval.prompting import FOLDER, prompt, unfenced
from allegedly.eval.system import Busy, Request
from allegedly.eval.systems import _endpoint
from allegedly.schemas.errors import UsageError
from allegedly.schemas.schema import values

TARGET = "MODEL@BASE_URL, as my-model@http://localhost:8000/v1"
TASKS = (
    "claim-detection",
    "check-worthiness",
    "claim-spans",
    "claim-kind",
    "claimer",
    "speculation-detection",
    "speculation-cues",
    "speculation-scopes",
    "speculation-kind",
    "attribution-detection",
    "attribution-spans",
    "attribution-links",
    "quote-form",
    "certainty",
)
NEEDS_TASK = False
READS = (
    "threshold",
    "concurrency",
    "timeout",
    "retries",
    "rate",
    "prices",
    "headers",
    "key",
    "temperature",
    "max_tokens",
)
OPTIONS = {"prompts": {"description": "Folder of prompts, one file a task, in place of ours.", "type": "string"}}
EXTRA = None
CACHED = True

CLASSES = {
    "claim-detection": values("sentence", "claim"),
    "check-worthiness": values("sentence", "claim"),
    "speculation-detection": values("sentence", "speculation"),
    "attribution-detection": values("sentence", "attribution"),
}
#: Task -> the prompt of its layer.
LAYERS = {
    "claim-spans": "claims",
    "claim-kind": "claims",
    "claimer": "claims",
    "certainty": "claims",
    "speculation-cues": "speculations",
    "speculation-scopes": "speculations",
    "speculation-kind": "speculations",
    "attribution-spans": "attributions",
    "attribution-links": "attributions",
    "quote-form": "attributions",
}
_FIELDS = {
    "claims": (("extent",), {"kind": "claim", "worth": "claim", "certainty": "claim", "polarity": "claim"}, "source"),
    "speculations": (("cue", "scope"), {"kind": "speculation", "certainty": "speculation"}, None),
    "attributions": (("source", "cue", "content"), {"form": "attribution"}, None),
}


def connect(target: str, options: Options) -> "OpenAI":
    """The model at an endpoint. UsageError where the target does not name both."""
    model, sign, base = target.rpartition("@")
    if not sign or not model or not base.startswith(("http://", "https://")):
        raise UsageError(
            f"openai:{target}: expected openai:MODEL@BASE_URL, as openai:my-model@http://localhost:8000/v1"
        )
    return OpenAI(model, base.rstrip("/"), options)


class OpenAI:
    """A language model as a system; it can answer every task."""

    single = True

    def __init__(self, model: str, base: str, options: Options) -> None:
        self.model, self.options = model, options
        self.endpoint = _endpoint.Endpoint(f"{base}/chat/completions", options)
        self.headers = _endpoint.headers(options)
        key = options.key or "OPENAI_API_KEY"
        if options.key or key in os.environ:
            self.headers["authorization"] = f"Bearer {_endpoint.variable(key, f'openai:{model}')}"
        self.unplaced = 0
        self._usage = threading.local()

    def identity(self, task: str) -> object:
        """Model, address, prompt and schema of the answer."""
        return [self.model, self.endpoint.url, self.prompt(task), answer_schema(task)]

    def prompt(self, task: str) -> str:
        """The words that the model is told for a task."""
        own = self.options.own.get("prompts")
        return prompt(task if task in CLASSES else LAYERS[task], Path(own) if own else FOLDER)

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """The answer to one request. Busy where the model said what does not fit the schema."""
        (request,) = requests
        text = request["text"] if "text" in request else request["article"]["text"]
        reply = self.endpoint.post(self._body(task, text), self.headers)
        value = self._value(reply, task)
        if task in CLASSES:
            return [{"label": value["label"], "score": value["probability"]}]
        labels, unplaced = placed(value, LAYERS[task], text)
        self.unplaced += unplaced
        return [labels]

    def spent(self) -> tuple[int, int]:
        """Tokens sent and received by the last answer in this thread."""
        usage: tuple[int, int] = getattr(self._usage, "last", (0, 0))
        self._usage.last = (0, 0)
        return usage

    def _body(self, task: str, text: str) -> dict[str, Any]:
        return {
            "model": self.model,
            "temperature": self.options.temperature,
            "max_tokens": self.options.max_tokens,
            "messages": [
                {"role": "system", "content": self.prompt(task)},
                {"role": "user", "content": json.dumps({"text": text}, ensure_ascii=False)},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": task.replace("-", "_"), "strict": True, "schema": answer_schema(task)},
            },
        }

    def _value(self, reply: Any, task: str) -> Any:
        """What the model said, checked against the schema; anything else may be better the next time."""
        import jsonschema_rs

        try:
            usage = reply.get("usage") or {}
            self._usage.last = (int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0))
            value = json.loads(unfenced(reply["choices"][0]["message"]["content"]))
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            raise Busy(f"{self.endpoint.url}: an answer without the JSON that was asked for") from error
        for problem in jsonschema_rs.validator_for(answer_schema(task)).iter_errors(value):
            raise Busy(f"{self.endpoint.url}: an answer that does not fit the schema: {problem.message}")
        return value

    def close(self) -> None:
        """Give back the connections."""
        self.endpoint.close()


def answer_schema(task: str) -> dict[str, Any]:
    """The JSON Schema of an answer."""
    if task in CLASSES:
        return _object(
            {"label": {"enum": CLASSES[task]}, "probability": {"type": "number", "minimum": 0, "maximum": 1}}
        )
    layer = LAYERS[task]
    parts, attributes, link = _FIELDS[layer]
    properties: dict[str, Any] = {part: {"type": "array", "items": {"type": "string"}} for part in parts}
    properties |= {name: {"enum": values(of, name)} for name, of in attributes.items()}
    if link:
        properties[link] = {"type": "array", "items": {"type": "string"}}
    return _object({layer: {"type": "array", "items": _object(properties)}})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def placed(value: Mapping[str, Any], layer: str, text: str) -> tuple[dict[str, Any], int]:
    """Labels with offsets in place of quotations, and how many labels quote what stands nowhere."""
    parts, attributes, link = _FIELDS[layer]
    labels: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = []
    unplaced, begin = 0, 0
    for item in value[layer]:
        spans = {part: _places(item[part], text, begin) for part in parts}
        source = _places(item[link], text, begin) if link else []
        if any(part is None for part in (*spans.values(), source)) or not any(spans.values()):
            unplaced += 1
            continue
        label = {**spans, **{name: item[name] for name in attributes}}
        begin = min(span["start"] for part in spans.values() for span in part or ())
        if link and source:
            name = f"a{len(sources) + 1}"
            sources.append({"id": name, "source": source, "cue": [], "content": spans["extent"]})
            label["claimer"] = name
        labels.append(label)
    return {layer: labels, **({"attributions": sources} if link else {})}, unplaced


def _places(quotes: Sequence[str], text: str, begin: int) -> list[dict[str, int]] | None:
    """Spans of quotations, in order and apart; None where one stands nowhere."""
    spans: list[tuple[int, int]] = []
    for quote in quotes:
        words = quote.split()
        if not words:
            continue
        pattern = re.compile(r"\s+".join(map(re.escape, words)))
        start = spans[-1][1] if spans else begin
        match = pattern.search(text, start) or pattern.search(text)
        if match is None:
            return None
        spans.append(match.span())
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return [{"start": start, "end": end} for start, end in apart]
