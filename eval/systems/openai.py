"""``openai:MODEL@BASE_URL``: a language model behind any endpoint that speaks the OpenAI chat protocol.

Conventions: a prompt for each task lies in `eval/prompts`, versioned with the code; the options name a folder of others.
The text is passed as data in a message of its own, the answer must fit a JSON Schema, and nothing in it controls
anything. Parts are quoted by the model and found in the article as `allegedly.eval.placing` says. A quotation that stands
nowhere stays one: it is counted as predicted and wrong. Where the model labels articles (the task ``labels``) it gives all
three layers in one answer, and quotations stay quotations. The key is read from the environment variable that the options
name (``OPENAI_API_KEY`` unless they do), where it is set.
"""

import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from allegedly.eval import placing
from allegedly.eval.aligned import Place, Text
from allegedly.eval.cache import decided, hidden, variables
from allegedly.eval.options import Options
from allegedly.eval.placing import Placer
from allegedly.eval.prompting import FOLDER, answers_in, prompt
from allegedly.eval.system import Declined, Request
from allegedly.eval.systems import _endpoint
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Annotator
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
    "speaker",
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
    "max_completion_tokens",
    "depends",
    "env",
)
OPTIONS = {"prompts": {"description": "Folder of prompts, one file a task, in place of ours.", "type": "string"}}
EXTRA = None
CACHED = True

#: Whether it can label articles: the task ``labels``, with the prompt of ours for it.
LABELS = True
LABELS_TASK, LABELS_PROMPT = "labels", "labels-1"

CLASSES = {
    "claim-detection": values("sentence", "claim"),
    "check-worthiness": values("sentence", "claim"),
    "speculation-detection": values("sentence", "speculation"),
    "attribution-detection": values("sentence", "attribution"),
}
#: Labels of one answer at most: each is looked for in the text.
MOST_LABELS = 10_000
#: The quotation of a label that quotes nothing: it is counted as one that stands nowhere.
_NOTHING = {"text": " "}
#: Tokens of one answer that can be.
_MOST_TOKENS = 10**9
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
    "speaker": "attributions",
}
#: Tasks about labels that have a prompt of their own, and the part that is asked for beside those of the layer.
_MORE = {"speaker": "speaker"}
_FIELDS = {
    "claims": (("extent",), {"kind": "claim", "worth": "claim", "certainty": "claim", "polarity": "claim"}, "source"),
    "speculations": (("cue", "scope"), {"kind": "speculation", "certainty": "speculation"}, None),
    "attributions": (("source", "cue", "content"), {"form": "attribution"}, None),
}


#: Layer -> parts, attributes with fixed values, and the link, where all layers are asked for at once: attributions
#: first, since the others name them.
_ALL_FIELDS = {
    "attributions": (("source", "cue", "content", "speaker"), ("form", "act", "source_kind"), "parent"),
    "speculations": (("cue", "scope"), ("kind", "certainty"), "holder"),
    "claims": (("extent",), ("kind", "worth", "certainty", "polarity"), "claimer"),
}


def connect(target: str, options: Options) -> "OpenAI":
    """The model at an endpoint. UsageError where the target does not name both."""
    # a name may hold an @, and so may an address: the first one that an address follows parts them
    parts = re.fullmatch(r"(.+?)@(https?://.+)", target, re.DOTALL)
    if parts is None:
        raise UsageError(
            f"openai:{target}: expected openai:MODEL@BASE_URL, as openai:my-model@http://localhost:8000/v1"
        )
    base, query, rest = parts[2].partition("?")
    return OpenAI(parts[1], f"{base.rstrip('/')}/chat/completions{query}{rest}", options)


class OpenAI:
    """A language model as a system; it can answer every task."""

    single = True

    def __init__(self, model: str, address: str, options: Options) -> None:
        self.model, self.address, self.options = model, address, options
        self.endpoint = _endpoint.Endpoint(address, options)
        self.headers = _endpoint.headers(options)
        key = options.key or "OPENAI_API_KEY"
        if options.key or key in os.environ:
            bearer = f"Bearer {_endpoint.variable(key, f'openai:{model}')}"
            self.headers["authorization"] = _endpoint.header("authorization", bearer, secret=True)
        self._usage = threading.local()

    def identity(self, task: str) -> object:
        """Model, address, prompt and schema of the answer, and the files that the options name."""
        asked = [self.model, self.endpoint.shown, self.prompt(task), answer_schema(task), decided(self.options)]
        return asked if task in CLASSES or task == LABELS_TASK else [*asked, placing.VERSION]

    def around(self) -> object:
        """The whole address, what the options' headers say, and the variables that they name; the key opens the door, it
        does not decide what is said behind it."""
        chosen = {name.lower() for name in self.options.headers} - {"authorization"}
        sent = {name: hidden(value) for name, value in self.headers.items() if name in chosen}
        return [hidden(self.address), sent, variables(self.options)]

    @property
    def annotator(self) -> Annotator:
        """Who it signs as where it labels: the model, wherever it stands."""
        return Annotator(id=f"openai:{self.model}", kind="model", name=self.model)

    @property
    def prompt_version(self) -> str:
        """The name and version of the prompt by which it labels."""
        return LABELS_TASK if self.options.own.get("prompts") else LABELS_PROMPT

    def decides(self, request: Request) -> Request:
        """What of a request the model is shown."""
        return {"task": request["task"], "text": request["article"]["text"]}

    def prompt(self, task: str) -> str:
        """The words that the model is told for a task."""
        own = self.options.own.get("prompts")
        if task == LABELS_TASK:
            return prompt(LABELS_TASK, Path(own)) if own else prompt(LABELS_PROMPT)
        return prompt(task if task in CLASSES or task in _MORE else LAYERS[task], Path(own) if own else FOLDER)

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """The answer to one request. Declined where the model said what does not fit the schema."""
        (request,) = requests
        self._usage.last = (0, 0)
        text = request["text"] if "text" in request else request["article"]["text"]
        reply = self.endpoint.post(self._body(task, text), self.headers)
        self._usage.last = _tokens(reply)
        value = self._value(reply, task)
        if task in CLASSES:
            return [{"label": value["label"], "score": value["probability"]}]
        if task == LABELS_TASK:
            return [{"labels": value}]
        return [placed(value, LAYERS[task], text)]

    def spent(self) -> tuple[int, int] | None:
        """Tokens sent and received by the last answer in this thread; None where it does not say."""
        usage: tuple[int, int] | None = getattr(self._usage, "last", (0, 0))
        self._usage.last = (0, 0)
        return usage

    def _body(self, task: str, text: str) -> dict[str, Any]:
        return {
            "model": self.model,
            "temperature": self.options.temperature,
            **self._limit(),
            "messages": [
                {"role": "system", "content": self.prompt(task)},
                {"role": "user", "content": json.dumps({"text": text}, ensure_ascii=False)},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": task.replace("-", "_"), "strict": True, "schema": answer_schema(task)},
            },
        }

    def _limit(self) -> dict[str, int]:
        if self.options.max_completion_tokens is not None:
            return {"max_completion_tokens": self.options.max_completion_tokens}
        return {"max_tokens": self.options.max_tokens}

    def _value(self, reply: Any, task: str) -> Any:
        """What the model said, checked against the schema; anything else may be better the next time."""
        import jsonschema_rs

        try:
            content = reply["choices"][0]["message"]["content"]
            if isinstance(content, list):
                content = "".join(part["text"] for part in content if part.get("type") == "text")
            values = list(answers_in(content))
        except (AttributeError, KeyError, IndexError, TypeError) as error:
            raise Declined(f"{self.endpoint.shown}: an answer without a message of a model", spoke=True) from error
        validator = jsonschema_rs.validator_for(answer_schema(task))
        for value in values:
            if validator.is_valid(value) and all(len(inner) <= MOST_LABELS for inner in _lists(value)):
                return value
        fault = "an answer without the JSON that was asked for"
        for problem in validator.iter_errors(values[0]) if values else ():
            fault = f"an answer that does not fit the schema: {problem.message[:200]}"
            break
        raise Declined(f"{self.endpoint.shown}: {fault}", spoke=True)

    def close(self) -> None:
        """Give back the connections."""
        self.endpoint.close()


def answer_schema(task: str) -> dict[str, Any]:
    """The JSON Schema of an answer."""
    if task in CLASSES:
        return _object(
            {"label": {"enum": CLASSES[task]}, "probability": {"type": "number", "minimum": 0, "maximum": 1}}
        )
    if task == LABELS_TASK:
        return labels_schema()
    layer = LAYERS[task]
    parts, attributes, link = _FIELDS[layer]
    asked = [*parts, *([_MORE[task]] if task in _MORE else [])]
    properties: dict[str, Any] = {part: {"type": "array", "items": {"type": "string"}} for part in asked}
    properties |= {name: {"enum": values(of, name)} for name, of in attributes.items()}
    if link:
        properties[link] = {"type": "array", "items": {"type": "string"}}
    return _object({layer: {"type": "array", "items": _object(properties)}})


def _lists(value: Mapping[str, Any]) -> list[list[Any]]:
    return [inner for inner in value.values() if isinstance(inner, list)]


def labels_schema() -> dict[str, Any]:
    """The JSON Schema of an answer with all three layers: contract, section 3, with quotations in place of spans. A link
    is the id of an attribution, empty where it is none."""
    quotations, link = {"type": "array", "items": {"type": "string"}}, {"type": "string"}
    layers = {}
    for layer, (parts, attributes, links) in _ALL_FIELDS.items():
        kind = layer.removesuffix("s")
        properties: dict[str, Any] = {"id": link} if layer == "attributions" else {}
        properties |= dict.fromkeys(parts, quotations)
        properties |= {name: {"enum": values(kind, name)} for name in attributes}
        properties |= {"negated": {"type": "boolean"}} if layer == "attributions" else {}
        layers[layer] = {"type": "array", "items": _object({**properties, links: link})}
    return _object(layers)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def placed(value: Mapping[str, Any], layer: str, text: str) -> dict[str, Any]:
    """Labels with offsets in place of quotations; one that stands nowhere stays a quotation."""
    parts, attributes, link = _FIELDS[layer]
    labels: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = []
    placer = Placer(Text(text))
    for item in value[layer]:
        places, nowhere = placer.label({part: item[part] for part in (*parts, *([link] if link else []))})
        spans = {part: _spans(places[part], nowhere[part]) for part in places}
        source = spans.pop(link) if link else []
        if not any((*spans.values(), source)):
            spans[parts[0]] = [_NOTHING]
        label = {**spans, **{name: item[name] for name in attributes}}
        if link and source:
            name = f"a{len(sources) + 1}"
            sources.append({"id": name, "source": source, "cue": [], "content": spans["extent"]})
            label["claimer"] = name
        # named wherever the article names them, so the places of labels around it say nothing
        label |= {part: _first(item[part], placer.text) for part in _MORE.values() if part in item}
        labels.append(label)
    return {layer: labels, **({"attributions": sources} if link else {})}


def _first(quotations: Sequence[str], text: Text) -> list[dict[str, Any]]:
    """The first place of each quotation."""
    apart: list[Place] = []
    for start, end in sorted(places[0] for quote in quotations if (places := text.places(quote))):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return _spans(apart, [quote for quote in quotations if quote.strip() and not text.places(quote)])


def _spans(places: Sequence[Place], nowhere: Sequence[str]) -> list[dict[str, Any]]:
    """Spans as JSON; behind them quotations that stand nowhere, as they are."""
    return [*({"start": start, "end": end} for start, end in places), *({"text": quote} for quote in nowhere)]


def _tokens(reply: Any) -> tuple[int, int] | None:
    """Tokens sent and received as an answer tells them; None where it tells no numbers from 0 on."""
    usage = reply.get("usage") if isinstance(reply, dict) else None
    if not isinstance(usage, dict):
        return None
    counts = [usage.get(name, 0) for name in ("prompt_tokens", "completion_tokens")]
    sent, received = (0 if count is None else count for count in counts)
    if all(type(count) is int and 0 <= count <= _MOST_TOKENS for count in (sent, received)) and sent:
        return sent, received
    return None
