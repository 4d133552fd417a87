"""The sentence tasks in inspect_ai, against its mock model."""

import json

import pytest

inspect_ai = pytest.importorskip("inspect_ai", reason="the extra `inspect` is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def release(root):
    return str(root / "dataset")


def run(task, answers, tmp_path):
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    outputs = [ModelOutput.from_content("mockllm/model", text) for text in answers]
    for output in outputs:
        # without a count of its own the mock model fetches a table of tokens from the network
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    model = get_model("mockllm/model", custom_outputs=outputs)
    (log,) = inspect_ai.eval(task, model=model, log_dir=str(tmp_path), display="none", max_connections=1)
    assert log.status == "success", log.error
    return {name: metric.value for score in log.results.scores for name, metric in score.metrics.items()}


@pytest.mark.parametrize("name", ["claim-detection", "speculation-detection", "attribution-detection"])
def test_one_class_for_everything(release, tmp_path, name):
    from allegedly.eval import inspect_tasks
    from allegedly.eval.tasks import TASKS

    made = list(inspect_tasks.samples(name, release, "test"))
    share = sum(sample.target == TASKS[name].sought for sample in made) / len(made)
    task = getattr(inspect_tasks, name.replace("-", "_"))(release=release)
    answer = json.dumps({"label": TASKS[name].sought, "probability": 1.0})
    found = run(task, [answer] * len(made), tmp_path)
    assert found["accuracy"] == pytest.approx(share)
    assert found["f1"] == pytest.approx(2 * share / (1 + share))


def test_an_answer_that_is_none_is_a_miss():
    from allegedly.eval.inspect_tasks import label_of

    assert label_of('```json\n{"label": "certain"}\n```', "speculation-detection") == "certain"
    for text in ("certain", "{", "[]", '{"label": "maybe"}', '{"label": ["certain"]}'):
        assert label_of(text, "speculation-detection") is None


def test_text_is_data(release):
    from allegedly.eval import inspect_tasks

    for sample in inspect_tasks.samples("speculation-detection", release, "test"):
        told, given = sample.input
        assert list(json.loads(given.content)) == ["text"]
        assert json.loads(given.content)["text"] not in told.content
