"""Whatever JSON comes back, an endpoint or a program ends in answers or in one of the errors that say so."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.eval.options import Options, options
from allegedly.eval.system import Busy
from allegedly.eval.systems import command, http, openai
from allegedly.schemas import strict_json
from allegedly.schemas.errors import UsageError

from .hostile import NAMES, REQUESTS, TASK

WORDS = st.sampled_from(
    ["outputs", "id", "label", "labels", "article", "score", "text", "choices", "message", "content", "usage", "type"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(NAMES)
ANY = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=5),
    max_leaves=20,
)
CUES = [{"task": "speculation-cues", "article": {"id": name, "text": "It may rain."}} for name in NAMES]


def answered(system, replies, task=TASK, requests=REQUESTS):
    """The answers of a system whose endpoint replies so; None where it says that there are none."""
    system.endpoint.post = lambda value, extra: replies
    try:
        return system.answer(task, requests)
    except (Busy, UsageError) as error:
        assert str(error)
        return None


@settings(max_examples=300, deadline=None)
@given(st.fixed_dictionaries({"outputs": ANY | st.lists(ANY, max_size=5)}) | ANY)
def test_an_endpoint(reply):
    for given_ in ({}, {"pointers": {"text": "", "label": "/label", "score": "/score/0"}}, {"pointers": {"id": "/id"}}):
        found = answered(http.connect("//localhost/", options(given_)), reply)
        assert found is None or isinstance(found, list)


CONTENT = st.text(max_size=30) | ANY.map(json.dumps) | ANY
MESSAGE = st.fixed_dictionaries(
    {"choices": st.lists(st.fixed_dictionaries({"message": st.dictionaries(WORDS, CONTENT)}))}
)
QUOTES = st.lists(st.text(max_size=4) | st.sampled_from(["may", "It  may", " ", "("]), max_size=4)
LABEL = st.fixed_dictionaries(
    {"cue": QUOTES, "scope": QUOTES, "kind": st.just("epistemic"), "certainty": st.just("possible")}
)


@settings(max_examples=300, deadline=None)
@given(MESSAGE | ANY, ANY)
def test_a_language_model(reply, usage):
    if isinstance(reply, dict):
        reply = {**reply, "usage": usage}
    system = openai.connect("m@http://localhost/v1", Options())
    assert answered(system, reply, requests=REQUESTS[:1]) is None
    assert system.spent() is None or min(system.spent() or (0, 0)) >= 0


@settings(max_examples=300, deadline=None)
@given(st.lists(LABEL, max_size=5))
def test_every_label_of_a_language_model_is_placed_or_counted(labels):
    system = openai.connect("m@http://localhost/v1", Options())
    content = json.dumps({"speculations": labels})
    (found,) = answered(system, {"choices": [{"message": {"content": content}}]}, "speculation-cues", CUES[:1])
    assert len(found["speculations"]) == len(labels)
    for quoted, label in zip(labels, found["speculations"], strict=True):
        assert label["cue"] or label["scope"]
        asked = [" ".join(quote.split()) for quote in quoted["cue"] if quote.split()]
        shown = [s["text"] if "text" in s else "It may rain."[s["start"] : s["end"]] for s in label["cue"]]
        assert {" ".join(text.split()) for text in shown} <= {*asked, ""}


@settings(max_examples=300, deadline=None)
@given(ANY)
def test_a_line_of_a_program(value):
    try:
        line = json.dumps(value).encode()
        strict_json.loads(line)
    except ValueError:
        return
    system, answers = command.connect("true", Options()), {}
    try:
        system._take(line, dict.fromkeys(NAMES), answers)
    except UsageError as error:
        assert str(error)
    assert set(answers) <= set(NAMES)
    try:
        system._refuse_late([line])
    except UsageError:
        assert isinstance(value, dict)
