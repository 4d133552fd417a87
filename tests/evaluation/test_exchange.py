"""What systems say and what becomes of it, through the command line: old answers, answers that cannot be placed or read,
budgets, secrets."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from allegedly.cli import main
from allegedly.eval import running
from allegedly.eval.prompting import answers_in
from allegedly.schemas import stored

from .conftest import TASK, chat, rule

PYTHON = shlex.quote(sys.executable)
FROM_FILE = """
import json, os, sys
says = open("weights").read().strip() + os.environ.get("MODEL", "")
for line in sys.stdin:
    print(json.dumps({"id": json.loads(line)["id"], "label": says}), flush=True)
"""


def run(small, out, *systems, task=TASK, code=0, options=None, more=()):
    """Runs eval with options as text, and gives the report where there is one."""
    file = Path(f"{out}.toml")
    if options is not None:
        file.write_text(options)
    told = ("--system-options", str(file)) if options is not None else ()
    named = [word for system in systems for word in ("--system", system)]
    command = ["eval", str(small), *named, "--task", task, "--resamples", "0", "--out", str(out), *told, *more]
    assert main(command) == code
    return json.loads((Path(out) / "report.json").read_text(encoding="utf-8")) if code == 0 else None


def value(report, metric="coverage", system="m"):
    (row,) = (r for r in report["results"] if (r["system"], r["metric"]) == (system, metric) and r["slice"] is None)
    return row["value"]


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """A program whose answers a file and a variable decide, which nobody can see from its arguments."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "FIRST_WAIT", 0.01)
    (tmp_path / "predict.py").write_text(FROM_FILE)
    (tmp_path / "weights").write_text("certain")
    return tmp_path / "weights"


MODEL = f"m=command:{PYTHON} predict.py"


def test_answers_of_a_program_do_not_outlive_the_run(small, weights, monkeypatch, capsys):
    assert value(run(small, "out", MODEL), "recall:speculative") == 0.0
    weights.write_text("speculative")
    assert value(run(small, "out", MODEL), "recall:speculative") == 1.0
    weights.write_text("")
    monkeypatch.setenv("MODEL", "certain")
    assert value(run(small, "out", MODEL), "recall:speculative") == 0.0
    assert "answers come from" not in capsys.readouterr().err


def test_what_the_options_name_keeps_answers_until_it_changes(small, weights, monkeypatch, capsys):
    named = '[m]\ndepends = ["weights"]\nenv = ["MODEL"]\n'
    assert value(run(small, "out", MODEL, options=named), "recall:speculative") == 0.0
    assert "answers come from" not in capsys.readouterr().err
    (weights.parent / "predict.py").touch()
    run(small, "out", MODEL, options=named)
    said = capsys.readouterr().err
    assert f"m: {TASK}: " in said and " answers come from the cache (out/.cache/answers.sqlite)" in said
    weights.write_text("speculative")
    assert value(run(small, "out", MODEL, options=named), "recall:speculative") == 1.0
    weights.write_text("")
    monkeypatch.setenv("MODEL", "certain")
    assert value(run(small, "out", MODEL, options=named), "recall:speculative") == 0.0
    assert "answers come from" not in capsys.readouterr().err
    run(small, "out", MODEL, code=2, options='[m]\ndepends = ["weight"]\n')
    assert "depends: weight: no such file or folder" in capsys.readouterr().err


def test_a_run_whose_answers_are_refused_leaves_none_behind(small, weights, capsys):
    weights.write_text("hedged")
    run(small, "out", MODEL, code=2)
    weights.write_text("certain")
    assert value(run(small, "out", MODEL), "recall:speculative") == 0.0
    assert "answers come from" not in capsys.readouterr().err


def test_a_header_decides_and_a_dead_endpoint_is_gone_on_with(small, sentences, server, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(running, "FIRST_WAIT", 0.0)
    dies_after = 10**9

    def answer(number, v):
        if number > dies_after:
            return 403, {}, b"come back tomorrow"
        return 200, {}, json.dumps({"outputs": [{"label": rule(item["text"])} for item in v["inputs"]]}).encode()

    started = server(answer)
    system, small_batches = f"m=http://127.0.0.1:{started.server_port}/", "[m]\nbatch = 4\n"
    for model in ("a", "b", "b"):
        seen = len(started.seen)
        run(small, tmp_path / "out", system, options=f'{small_batches}headers = {{ x-model = "{model}" }}\n')
        assert len(started.seen) - seen == -(-len(sentences) // 4)  # all of it is asked again, each time
    dies_after = len(started.seen) + 2
    run(small, tmp_path / "out", system, code=2, options=small_batches)
    dies_after = 10**9
    capsys.readouterr()
    seen = len(started.seen)
    run(small, tmp_path / "out", system, options=small_batches)
    assert f"m: {TASK}: 8 of {len(sentences)} answers come from the run before, which was" in capsys.readouterr().err
    assert len(started.seen) - seen == -(-(len(sentences) - 8) // 4)


def test_a_cache_that_a_stranger_wrote(small, sentences, server, tmp_path, monkeypatch, capsys):
    started = server(lambda number, v: (200, {}, chat(json.loads(v["messages"][1]["content"])["text"])))
    system = f"m=openai:x@http://127.0.0.1:{started.server_port}/v1"
    run(small, tmp_path / "out", system)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another user"))
    for more, asked in (((), 1), (("--cache", str(tmp_path / "out" / ".cache")), 0)):
        seen = len(started.seen)
        run(small, tmp_path / "out", system, more=more)
        assert len(started.seen) - seen == asked * len(sentences)
    (tmp_path / "out" / ".cache" / "answers.sqlite").write_text("no data base" * 999)
    capsys.readouterr()
    run(small, tmp_path / "out", system, code=2)
    assert "answers.sqlite: a broken cache of answers: file is not a database" in capsys.readouterr().err


def test_max_cost_needs_prices_before_anything_is_asked(small, server, tmp_path, capsys):
    started = server(lambda number, v: (200, {}, b"{}"))
    system = f"m=openai:x@http://127.0.0.1:{started.server_port}/v1"
    more = ("--max-cost", "0.01")
    for options in ("", "[m]\nprices = { input = 0, output = 0.0 }\n"):
        run(small, tmp_path / "out", system, code=2, options=options, more=more)
        assert "--max-cost needs prices in the options of m" in capsys.readouterr().err
    run(small, tmp_path / "out", f"m=http://127.0.0.1:{started.server_port}/", code=2, more=more)
    assert "no system of this run says what it costs" in capsys.readouterr().err
    run(small, tmp_path / "out", system, code=2, options="[m]\nprices = { input = 1 }\n", more=("--max-cost", "nan"))
    assert "--max-cost: found nan" in capsys.readouterr().err
    assert not started.seen


def test_one_refusal_is_an_abstention(small, sentences, server, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(running, "FIRST_WAIT", 0.0)
    refused = [text for _, text, _ in sentences if "Ferry 1 " in text]

    def answer(number, v):
        text = json.loads(v["messages"][1]["content"])["text"]
        content = "I cannot help with that."
        return (
            200,
            {},
            chat(text)
            if text not in refused
            else json.dumps({"choices": [{"message": {"content": content}}], "usage": {"prompt_tokens": 9}}).encode(),
        )

    system = f"m=openai:x@http://127.0.0.1:{server(answer).server_port}/v1"
    report = run(small, tmp_path / "out", system, options="[m]\nretries = 1\n")
    assert len(refused) == 1 and value(report) == pytest.approx(1 - 1 / len(sentences))
    (row,) = (row for row in report["left_out"] if "abstains" in row["reason"])
    assert row["count"] == 1
    said = capsys.readouterr().err
    assert "m: speculation-detection: 1 item has no answer, counted as an abstention: " in said
    assert "without the JSON that was asked for" in said


def test_an_article_that_nobody_can_answer_for_is_counted(small, server, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "FIRST_WAIT", 0.0)

    def answer(number, v):
        if any("Ferry 1 " in item["article"]["text"] for item in v["inputs"]):
            return 500, {}, b"out of memory"
        return 200, {}, json.dumps({"outputs": [{"speculations": []} for _ in v["inputs"]]}).encode()

    system = f"m=http://127.0.0.1:{server(answer).server_port}/"
    for task, more in (("speculation-cues", ""), (TASK, 'input = "articles"\n')):
        report = run(small, tmp_path / "out", system, task=task, options=f"[m]\nretries = 0\n{more}")
        (row,) = (row for row in report["left_out"] if "could not answer" in row["reason"])
        assert row["count"] == 1 and report["results"][0]["articles"] == 14


def test_quotations_that_stand_nowhere_count_whoever_makes_them(small, server, tmp_path, monkeypatch):
    """One mechanism for every system: what is right, and 28 invented cues."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    cue = {record.article.id: record.labels.speculations[:1] for record in stored.records(small)}
    hits = sum(map(len, cue.values()))
    invented = [{"cue": [{"text": f"perhaps-{n}-nowhere"}]} for n in range(2)]
    said = {
        article: {
            "speculations": [
                *({"cue": [{"start": s.start, "end": s.end} for s in label.cue]} for label in labels),
                *invented,
            ]
        }
        for article, labels in cue.items()
    }
    (tmp_path / "said.json").write_text(json.dumps(said))
    lines = [{"article": {"id": article}, "labels": labels} for article, labels in said.items()]
    (tmp_path / "said.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "told.py").write_text(
        "import json, pathlib, sys\nSAID = json.loads(pathlib.Path('said.json').read_text())\n"
        "def predict(articles): return [SAID[article['id']] for article in articles]\n"
        "if __name__ == '__main__':\n    for line in sys.stdin:\n"
        "        name = json.loads(line)['article']['id']\n"
        "        print(json.dumps({'article': {'id': name}, 'labels': SAID[name]}), flush=True)\n"
    )
    texts = {record.article.text: record.article for record in stored.records(small)}

    def model(number, v):
        article = texts[json.loads(v["messages"][1]["content"])["text"]]
        quotes = [
            article.text[s["start"] : s["end"]]
            for x in said[article.id]["speculations"]
            for s in x["cue"]
            if "end" in s
        ]
        labels = [
            {"cue": [quote], "scope": [], "kind": "epistemic", "certainty": "possible"}
            for quote in [*quotes, *(x["cue"][0]["text"] for x in invented)]
        ]
        return (
            200,
            {},
            json.dumps({"choices": [{"message": {"content": json.dumps({"speculations": labels})}}]}).encode(),
        )

    def outputs(number, v):
        return 200, {}, json.dumps({"outputs": [said[item["article"]["id"]] for item in v["inputs"]]}).encode()

    systems = {
        "file": "file:said.jsonl",
        "python": "python:told:predict",
        "command": f"command:{PYTHON} told.py",
        "http": f"http://127.0.0.1:{server(outputs).server_port}/",
        "openai": f"openai:x@http://127.0.0.1:{server(model).server_port}/v1",
    }
    report = run(small, tmp_path / "out", *(f"{k}={v}" for k, v in systems.items()), task="speculation-cues")
    unplaced = {row["system"]: row["count"] for row in report["left_out"] if "(unplaced)" in row["reason"]}
    assert unplaced == dict.fromkeys(systems, 28)
    for name in systems:
        assert value(report, "exact_precision", name) == pytest.approx(hits / (hits + 28))


def test_an_options_file_may_serve_several_runs(small, server, tmp_path, capsys):
    bodies = server(lambda number, v: (200, {}, chat(json.loads(v["messages"][1]["content"])["text"])))
    options = (
        "[m]\nmax_completion_tokens = 77\n\n[of_another_run]\nallow_pickle = true\nbatc = 3\n\n"
        f'["openai:x@http://127.0.0.1:{bodies.server_port}/v1"]\nbatch = 1\n'
    )
    run(small, tmp_path / "out", f"m=openai:x@http://127.0.0.1:{bodies.server_port}/v1", options=options)
    said = capsys.readouterr().err
    assert "out.toml: [of_another_run]: not used: unknown system 'of_another_run'" in said and "[m]" not in said
    assert all(body["max_completion_tokens"] == 77 and "max_tokens" not in body for body in bodies.seen)
    run(small, tmp_path / "out", "m=labeller:rules", code=2, options="[m]\nbatc = 3\n\n[other]\n")
    assert "unknown option 'batc'; did you mean 'batch'" in capsys.readouterr().err
    run(small, tmp_path / "out", "m=labeller:rules", code=2, options="other = 3\n")
    assert "[other]: found 3, expected a table" in capsys.readouterr().err


def test_secrets_of_addresses_and_headers_are_shown_nowhere(small, server, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(running, "FIRST_WAIT", 0.0)
    monkeypatch.setenv("OUR_KEY", "swordfish-1")
    secrets = ("swordfish-1", "swordfish-2", "swordfish-3", "swordfish%2D4", "swordfish-4")

    def answer(number, v):
        labels = {"speculations": [{"cue": [], "by": f"key swordfish-{n}", "scheme": "swordfish-4"} for n in (1, 2, 3)]}
        return 200, {}, json.dumps({"outputs": [labels for _ in v["inputs"]]}).encode()

    good, bad = server(answer), server(lambda number, v: (401, {}, " ".join(secrets).encode()))
    spec = "http://ann:swordfish-2@127.0.0.1:%d/v1?key=swordfish-3&code=swordfish%%2D4"
    table = '["%s"]\nheaders = { x-api-key = "$OUR_KEY" }\n' % (spec % good.server_port)
    run(small, tmp_path / "out", spec % good.server_port, task="speculation-cues", options=table)
    run(small, tmp_path / "bad", spec % bad.server_port, task="speculation-cues", code=2)
    run(small, tmp_path / "bad", *[spec % bad.server_port] * 2, code=2)
    run(small, tmp_path / "bad", "openai:x#http://ann:swordfish-2@h/?key=swordfish-3&code=swordfish%2D4", code=2)
    out, err = capsys.readouterr()
    assert "HTTP 401" in err and "two systems are named" in err and "***" in out
    files = {
        path.name: path.read_text()
        for path in (tmp_path / "out").iterdir()
        if path.suffix in (".json", ".jsonl", ".html")
    }
    assert f"http://***@127.0.0.1:{good.server_port}/v1?key=***&code=***" in files["report.json"]
    assert '"by":"key ***"' in files["examples.jsonl"]
    for secret in secrets:
        assert not [name for name, text in {**files, "out": out, "err": err}.items() if secret in text]


GOOD = {"label": "certain", "probability": 0.9}
FENCED = f"```json\n{json.dumps(GOOD)}\n```"


@pytest.mark.parametrize(
    "said",
    [
        json.dumps(GOOD),
        FENCED,
        f"Here is the answer you asked for:\n\n{FENCED}\n\nLet me know if I can help with anything else {{smile}}.",
        f'<think>Is it {{"label": "speculative", "probability": 1}}? No.</think>\n{json.dumps(GOOD)}',
        f"<thinking>\n{{{{{{\n</thinking> {FENCED}",
        f'It says may, {{"label": "x"}} would be wrong.</think>{json.dumps(GOOD)}',
        f'The form is {{"label": ..., "probability": ...}}, so: {json.dumps(GOOD)}',
        "{" * 500 + json.dumps(GOOD),
    ],
)
def test_an_answer_in_prose_or_behind_thinking_is_read(said):
    assert next(answers_in(said)) == GOOD


def test_of_several_answers_the_last_that_fits_is_taken():
    text = f'First {json.dumps({**GOOD, "label": "speculative"})}, no: {json.dumps(GOOD)}. {{"note": 1}}'
    assert [value.get("label") for value in answers_in(text)] == [None, "certain", "speculative"]
    assert (
        list(answers_in("I cannot help with that.")) == list(answers_in('{"a": NaN}')) == list(answers_in('{"a')) == []
    )
    assert list(answers_in('{"a":' * 100_000)) == []
