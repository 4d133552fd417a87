"""Builds and `label` whose labellers are systems: asked once, capped, resumed, and told apart from ours."""

import json
import subprocess
import sys
import threading

import pytest

import allegedly
from allegedly.builders.build import build as bare_build
from allegedly.builders.systems import parted
from allegedly.cli import main
from allegedly.eval import running
from allegedly.schemas.errors import DataError, UsageError

LABELS = {
    "attributions": [
        {
            "id": "a1",
            "source": ["Mayor Ines Holt number"],
            "cue": ["said"],
            "content": [],
            "speaker": ["Ines Holt"],
            "form": "indirect",
            "act": "speech",
            "source_kind": "named_person",
            "negated": False,
            "parent": "",
        }
    ],
    "speculations": [
        {"cue": ["may"], "scope": ["may take"], "kind": "epistemic", "certainty": "possible", "holder": "a1"}
    ],
    "claims": [
        {
            "extent": ["reopened on day"],
            "kind": "event",
            "worth": "unimportant",
            "certainty": "certain",
            "polarity": "positive",
            "claimer": "",
        },
        {
            "extent": ["a sentence of another article"],
            "kind": "event",
            "worth": "unimportant",
            "certainty": "certain",
            "polarity": "positive",
            "claimer": "",
        },
    ],
}


def chat(value, usage=None):
    content = json.dumps(value)
    return json.dumps({"choices": [{"message": {"content": content}}], "usage": usage or {}}).encode()


@pytest.fixture
def model(server, monkeypatch):
    """A language model that labels every article alike; ``.spec`` names it."""
    monkeypatch.setattr(running, "FIRST_WAIT", 0.01)

    def start(answer=lambda number, value: (200, {}, chat(LABELS))):
        found = server(answer)
        found.spec = f"openai:tiny@http://127.0.0.1:{found.server_port}/v1"
        return found

    return start


def texts(started):
    return [json.loads(value["messages"][1]["content"])["text"] for value in started.seen]


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_model_labels_a_build(news, tmp_path, model):
    started = model()
    out = tmp_path / "release"
    manifest = allegedly.build(news, out, labellers=f"rules,{started.spec}", cache=tmp_path / "kept")
    assert len(started.seen) == 30 == len(set(texts(started)))
    assert {value["temperature"] for value in started.seen} == {0.0}
    (rules, used) = manifest.labellers
    assert rules["name"] == "rules" and used["name"] == "openai:tiny" and len(used["prompt_sha256"]) == 64
    assert used["version"] == f"labels-1+sha256:{used['prompt_sha256'][:16]}"
    assert used["options"] == {"temperature": 0.0, "max_tokens": 16384}
    (annotator,) = [each for each in manifest.annotators if each["id"] == "openai:tiny"]
    assert (annotator["kind"], annotator["name"], annotator["version"]) == ("model", "tiny", used["version"])
    assert "max_requests" not in manifest.recipe and "kept" not in json.dumps(manifest.recipe)
    claims = allegedly.load(out, "claims", "train")
    assert set(claims["by"]) == {"openai:tiny"} and set(claims["text"]) == {"reopened on day"}  # models win over rules
    assert set(allegedly.load(out, "attributions", "train")["speaker_text"]) == {"Ines Holt"}
    votes = allegedly.load(out, "votes", "train")
    assert {"rules", "openai:tiny"} <= set(votes["by"])
    lines = [json.loads(line) for line in (out / "rejected.jsonl").read_text().splitlines()]
    assert {line["rule"] for line in lines} == {"quotation-nowhere"} and len(lines) == 30
    assert '"a sentence of another article" stands nowhere' in lines[0]["reason"]
    assert allegedly.validate(out) == []


def test_a_second_build_asks_nothing_and_has_the_same_bytes(news, tmp_path, model):
    started = model()
    allegedly.build(news, tmp_path / "one", labellers=started.spec, cache=tmp_path / "kept", workers=1)
    allegedly.build(news, tmp_path / "two", labellers=started.spec, cache=tmp_path / "kept", workers=2)
    assert len(started.seen) == 30
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_build_stops_at_its_budget_and_goes_on_there(news, tmp_path, model):
    started = model()
    out = tmp_path / "release"
    allegedly.build(news, out, labellers="rules")
    before = files(out)
    with pytest.raises(DataError, match=r"openai:tiny: .*stopped at --max-requests 12: .* what was answered is kept"):
        allegedly.build(news, out, labellers=started.spec, max_requests=12, workers=2)
    assert len(started.seen) == 12 and files(out) == before
    manifest = allegedly.build(news, out, labellers=started.spec, max_requests=18)
    assert len(started.seen) == 30 == len(set(texts(started)))
    assert manifest.counts["claims"]["train"] > 0


KILLED = """
import sys, allegedly
allegedly.build(sys.argv[1], sys.argv[2], labellers=sys.argv[3], cache=sys.argv[4])
"""


def test_a_build_that_is_killed_asks_only_the_rest(news, tmp_path, model):
    reached, release = threading.Event(), threading.Event()

    def answer(number, value):
        if number == 8:
            reached.set()
            release.wait(60)
        return 200, {}, chat(LABELS)

    started = model(answer)
    arguments = [str(news), str(tmp_path / "release"), started.spec, str(tmp_path / "kept")]
    process = subprocess.Popen([sys.executable, "-c", KILLED, *arguments])
    assert reached.wait(60)
    process.kill()
    process.wait()
    release.set()
    assert not (tmp_path / "release").exists()
    allegedly.build(news, tmp_path / "release", labellers=started.spec, cache=tmp_path / "kept")
    counted = [texts(started).count(text) for text in set(texts(started))]
    assert len(counted) == 30 and sum(counted) == 31  # the one that was under way
    allegedly.build(news, tmp_path / "whole" / "release", labellers=started.spec, cache=tmp_path / "kept")
    assert files(tmp_path / "release") == files(tmp_path / "whole" / "release")


def test_one_article_without_an_answer_is_in_the_ledger(news, tmp_path, model):
    def answer(number, value):
        text = json.loads(value["messages"][1]["content"])["text"]
        return (400, {}, b"too long") if "day 7 " in text else (200, {}, chat(LABELS))

    started = model(answer)
    allegedly.build(news, tmp_path / "release", labellers=started.spec)
    lines = [json.loads(line) for line in (tmp_path / "release/rejected.jsonl").read_text().splitlines()]
    (line,) = [line for line in lines if line["rule"] == "labeller-failed"]
    assert line["stage"] == "label" and "HTTP 400: too long" in line["reason"]
    articles = [row for split in allegedly.load(tmp_path / "release", "articles").values() for row in split]
    assert len(articles) == 30
    (unlabelled,) = [row for row in articles if row["claims"] is None]
    assert "day 7 " in unlabelled["text"] and unlabelled["speculations"] is None


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [(401, b"no such key", "HTTP 401"), (503, b"busy", "HTTP 503"), (200, b"{}", "an answer without a message")],
)
def test_a_dead_endpoint_ends_the_build_and_nothing_is_replaced(news, tmp_path, model, status, body, said, capsys):
    started = model(lambda number, value: (status, {}, body))
    out = tmp_path / "release"
    allegedly.build(news, out, labellers="none")
    before = files(out)
    (tmp_path / "options.toml").write_text("retries = 1\n")
    arguments = ["--labellers", started.spec, "--labeller-options", str(tmp_path / "options.toml")]
    assert main(["build", str(news), "--out", str(out), *arguments]) == 1
    assert said in capsys.readouterr().err and files(out) == before


def test_a_budget_in_money_needs_prices(news, tmp_path, model, capsys):
    started = model(lambda number, value: (200, {}, chat(LABELS, {"prompt_tokens": 1000, "completion_tokens": 100})))
    build = ["build", str(news), "--out", str(tmp_path / "release"), "--labellers", started.spec, "--max-cost", "0.01"]
    assert main(build) == 2
    assert "--max-cost needs prices in the options of openai:tiny@" in capsys.readouterr().err and not started.seen
    options = tmp_path / "options.toml"
    options.write_text("[prices]\ninput = 1.0\noutput = 10.0\n")
    assert main([*build, "--labeller-options", str(options)]) == 1
    assert "stopped at --max-cost 0.01" in capsys.readouterr().err
    assert 5 <= len(started.seen) < 30 and not (tmp_path / "release").exists()


def test_a_recipe_holds_it_all(news, tmp_path, model):
    started = model()
    (tmp_path / "options.toml").write_text(f'["{started.spec}"]\nconcurrency = 2\nmax_tokens = 99\n')
    recipe = tmp_path / "recipe.toml"
    keys = 'labeller_options = "options.toml"\nmax_requests = 40\ncache = "kept"\n'
    recipe.write_text(f'sources = ["news"]\nlabellers = "{started.spec}"\n{keys}')
    manifest = allegedly.build((), tmp_path / "out" / "release", recipe=recipe)
    assert (tmp_path / "kept").is_dir() and manifest.labellers[0]["options"]["max_tokens"] == 99
    recipe.write_text('sources = ["news"]\nlabeller_option = "x"\n')
    with pytest.raises(UsageError, match="unknown key 'labeller_option'; did you mean 'labeller_options'"):
        allegedly.build((), tmp_path / "out" / "release", recipe=recipe)
    with pytest.raises(UsageError, match="max_requests is"):
        allegedly.build(news, tmp_path / "x", labellers=started.spec, max_requests=-1)


@pytest.mark.parametrize(
    ("labellers", "more", "said"),
    [
        ("sklearn:model.skops", {}, "sklearn: gives no labels of articles; expected one of command:, http:"),
        ("file:labels.jsonl", {}, "file: gives no labels of articles"),
        ("labeller:rules", {}, "labeller: gives no labels of articles"),
        ("command:./none-such", {}, "no such program"),
        ("openai:tiny", {}, "expected openai:MODEL@BASE_URL"),
        ("transformers:none", {}, "no config.json there"),
        ("rules", {"max_requests": 3}, "are for labellers that are systems"),
        ("openai:m@http://me:secret99@127.0.0.1:9/v1", {}, r"openai:m@http://\*\*\*.* holds a secret"),
        ("openai:m@http://127.0.0.1:9/v1,openai:m@http://127.0.0.1:9/v1", {}, "is named twice"),
        ("openai:m@http://127.0.0.1:9/v1,openai:m@http://127.0.0.1:8/v1", {}, "sign as the same annotator"),
    ],
)
def test_what_cannot_label_is_refused_at_once(news, tmp_path, labellers, more, said):
    with pytest.raises(UsageError, match=said):
        allegedly.build(news, tmp_path / "release", labellers=labellers, **more)
    assert not (tmp_path / "release").exists()


def test_options_are_checked(news, tmp_path, model):
    started = model()
    options = tmp_path / "options.toml"
    for text, said in (
        ("max_token = 9\n", "unknown option 'max_token'; did you mean 'max_tokens'"),
        ("threads = 9\nmax_tokens = 9\n", "unknown option 'threads'"),
        ("max_tokens = 0\n", "max_tokens"),
        ("broken", "broken TOML"),
        ("[pointers]\ninputs = '/x'\n", "pointers is not for openai:"),
    ):
        options.write_text(text)
        with pytest.raises(UsageError, match=said):
            allegedly.build(news, tmp_path / "release", labellers=started.spec, labeller_options=options)
    with pytest.raises(UsageError, match="lies inside --out"):
        allegedly.build(news, tmp_path / "release", labellers=started.spec, cache=tmp_path / "release" / "kept")
    assert not started.seen


def test_builders_alone_ask_no_systems(news, tmp_path):
    with pytest.raises(UsageError, match=r"systems run through `allegedly\.build`"):
        bare_build(news, tmp_path / "release", labellers="openai:m@http://127.0.0.1:9/v1")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("rules", ("rules", ())),
        ("rules,mypackage.mine:label", ("rules,mypackage.mine:label", ())),
        ("command:python my.py a,b", ("", ("command:python my.py a,b",))),
        ("rules,command:x --y a,b, openai:m@http://h/v1,z", ("rules", ("command:x --y a,b", "openai:m@http://h/v1,z"))),
        ("mine=http://h/x,rules", ("rules", ("mine=http://h/x",))),
    ],
)
def test_commas_part_labellers_and_stay_in_commands(spec, expected):
    assert parted(spec) == expected


PROGRAM = """
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    assert set(request) == {"task", "article"} and request["task"] == "labels", request
    assert "labels" not in request["article"] and request["article"]["text"]
    labels = {"claims": [{"extent": ["reopened on day"], "kind": "event"}, {"extent": [1]}], "attributions": []}
    print(json.dumps({"article": {"id": request["article"]["id"]}, "labels": labels}), flush=True)
"""


def test_a_program_labels_a_build_under_a_name(news, tmp_path):
    (tmp_path / "my.py").write_text(PROGRAM)
    spec = f"mine=command:{sys.executable} {tmp_path / 'my.py'}"
    manifest = allegedly.build(news, tmp_path / "release", labellers=spec)
    assert manifest.labellers[0]["name"] == "mine" and len(manifest.labellers[0]["version"]) == 16
    rows = allegedly.load(tmp_path / "release", "articles", "train")
    assert all(row["speculations"] is None and row["attributions"] == [] and len(row["claims"]) == 1 for row in rows)
    rules = {json.loads(line)["rule"] for line in (tmp_path / "release/rejected.jsonl").read_text().splitlines()}
    assert rules == {"invalid-label"}


def test_an_endpoint_labels_a_build(news, tmp_path, server):
    def answer(number, value):
        (request,) = value["inputs"]
        assert value["task"] == request["task"] == "labels"
        labels = {"claims": [{"extent": [{"start": 0, "end": 3}]}]}
        return (
            200,
            {},
            json.dumps({"outputs": [{"article": {"id": request["article"]["id"]}, "labels": labels}]}).encode(),
        )

    started = server(answer)
    allegedly.build(news, tmp_path / "release", labellers=f"http://127.0.0.1:{started.server_port}/label")
    assert len(started.seen) == 30
    assert set(allegedly.load(tmp_path / "release", "claims", "train")["text"]) == {"The"}


def test_annotations_of_people_win_over_a_model(news, tmp_path, annotate, model):
    started = model()
    text = json.loads((news / "news.jsonl").read_text().splitlines()[0])["text"]
    annotate(text)
    allegedly.build(news, tmp_path / "release", labellers=started.spec, annotations=tmp_path / "annotations")
    claims = [row for split in allegedly.load(tmp_path / "release", "claims").values() for row in split]
    assert sorted({row["by"] for row in claims}) == ["amy", "openai:tiny"]


def test_label_asks_systems_too(news, tmp_path, capsys, model):
    started = model()
    arguments = ["label", str(news), "--labellers", f"rules,{started.spec}", "--cache", str(tmp_path / "kept")]
    assert main([*arguments, "--max-requests", "4"]) == 1
    said = capsys.readouterr()
    assert "stopped at --max-requests 4" in said.err and "26 of" not in said.out
    assert main(arguments) == 0
    said = capsys.readouterr()
    values = [json.loads(line) for line in said.out.splitlines()]
    assert len(values) == 30 == len(started.seen)
    assert [value["article"]["source_id"] for value in values] == [f"n{number}" for number in range(30)]
    assert {label["by"] for value in values for label in value["labels"]["claims"]} == {"openai:tiny"}
    assert "quotation-nowhere" in said.err
    assert main(arguments) == 0
    assert capsys.readouterr().out == said.out and len(started.seen) == 30


def test_label_in_python_warns_of_what_is_left_out(model):
    started = model()
    with pytest.warns(UserWarning, match="stands nowhere"):
        (made,) = allegedly.label(text="The bridge reopened on day 3.", labellers=started.spec)
    assert [claim.text for claim in made.labels.claims] == ["reopened on day"]


def test_no_secret_is_told_or_stored(news, tmp_path, capsys, model, monkeypatch):
    secret = "sk-very-secret-77"
    monkeypatch.setenv("MY_KEY", secret)

    def answer(number, value):
        if number == 3:
            return 400, {}, f"the key {secret} may not".encode()
        return 200, {}, chat({**LABELS, "claims": [{**LABELS["claims"][0], "extent": [f"key {secret}"]}]})

    started = model(answer)
    (tmp_path / "options.toml").write_text('key = "MY_KEY"\n')
    arguments = ["--labellers", started.spec, "--labeller-options", str(tmp_path / "options.toml")]
    assert (
        main(["build", str(news), "--out", str(tmp_path / "release"), "--cache", str(tmp_path / "kept"), *arguments])
        == 0
    )
    said = capsys.readouterr()
    told = [
        said.out.encode(),
        said.err.encode(),
        *files(tmp_path / "release").values(),
        *files(tmp_path / "kept").values(),
    ]
    assert not any(secret.encode() in each for each in told)


def test_a_model_is_not_scored_on_its_own_labels(news, tmp_path, model):
    def answer(number, value):
        asked = value["response_format"]["json_schema"]["name"]
        return 200, {}, chat(LABELS if asked == "labels" else {"claims": []})

    started = model(answer)
    allegedly.build(news, tmp_path / "release", labellers=started.spec, train=0, validation=0, test=1)
    with pytest.raises(UsageError, match="would be scored on gold that it made itself"):
        allegedly.evaluate(tmp_path / "release", started.spec, tasks=["claim-spans"], resamples=0)


def test_a_pipeline_of_spacy_labels_by_names_of_ours(news, tmp_path, monkeypatch):
    library = pytest.importorskip("spacy")
    pipeline = library.blank("en")
    patterns = [
        {"label": "HEDGE", "pattern": "may"},
        {"label": "source", "pattern": "she"},
        {"label": "GPE", "pattern": "Holt"},
    ]
    pipeline.add_pipe("entity_ruler").add_patterns(patterns)
    pipeline.to_disk(tmp_path / "model")
    (tmp_path / "options.toml").write_text('labels = { HEDGE = "speculation" }\n')
    spec = f"spacy:{tmp_path / 'model'}"
    allegedly.build(news, tmp_path / "release", labellers=spec, labeller_options=tmp_path / "options.toml")
    rows = allegedly.load(tmp_path / "release", "articles", "train")
    assert all(row["claims"] is None and len(row["speculations"]) == 1 == len(row["attributions"]) for row in rows)
    pipeline.remove_pipe("entity_ruler")
    pipeline.to_disk(tmp_path / "model")
    with pytest.raises(UsageError, match=r"labels need a model that marks spans with names of ours .*; found none"):
        allegedly.build(news, tmp_path / "release", labellers=spec)
