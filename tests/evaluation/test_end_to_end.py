"""Through the command line: every kind of system scored for real, runs that are killed, endpoints that fail, gates."""

import json
import os
import random
import shlex
import signal
import subprocess
import sys
import threading
import time

import pytest

from allegedly.cli import main
from allegedly.eval import running
from allegedly.eval.tasks import TASKS

from .conftest import HEDGES, TASK, chat, rule

CLASSES = ("certain", "speculative")
PROGRAM = """
import json, os, sys, time
log = open(os.environ["ASKED"], "a") if "ASKED" in os.environ else None
for line in sys.stdin:
    request = json.loads(line)
    if log:
        print(request["id"], file=log, flush=True)
        time.sleep(0.05)
    hedged = any(hedge in request["text"] for hedge in (" may ", " could "))
    print(json.dumps({"id": request["id"], "label": "speculative" if hedged else "certain"}), flush=True)
"""


def report(folder):
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def value(found, system, metric="f1:speculative"):
    (row,) = [r for r in found["results"] if r["system"] == system and r["metric"] == metric and r["slice"] is None]
    return row["value"]


def score(small, out, *systems, code=0, more=()):
    """Runs eval on sentences and gives the report."""
    named = [word for system in systems for word in ("--system", system)]
    command = ["eval", str(small), *named, "--task", TASK, "--resamples", "100", "--out", str(out), *more]
    assert main(command) == code
    return report(out)


def test_one_rule_scores_the_same_whatever_asks_it(small, sentences, expected, server, tmp_path, monkeypatch):
    (tmp_path / "by_rule.py").write_text(
        f"def predict(texts):\n    return ['speculative' if any(h in t for h in {HEDGES!r}) else 'certain' for t in texts]\n"
    )
    (tmp_path / "program.py").write_text(PROGRAM)
    lines = [{"task": TASK, "id": name, "label": rule(text)} for name, text, _ in sentences]
    (tmp_path / "said.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "said.csv").write_text(
        "task,id,label,score\n" + "".join(f"{TASK},{line['id']},{line['label']},\n" for line in lines)
    )
    model = server(lambda number, v: (200, {}, chat(json.loads(v["messages"][1]["content"])["text"])))

    def outputs(number, v):
        return 200, {}, json.dumps({"outputs": [{"label": rule(item["text"])} for item in v["inputs"]]}).encode()

    endpoint = server(outputs)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    systems = (
        "python=python:by_rule:predict",
        f"command=command:{shlex.quote(sys.executable)} program.py",
        f"http=http://127.0.0.1:{endpoint.server_port}/score",
        f"openai=openai:tiny@http://127.0.0.1:{model.server_port}/v1",
        "file=file:said.jsonl",
        "csv=file:said.csv",
    )
    found = score(small, tmp_path / "report", *systems)
    assert [about["name"] for about in found["systems"]] == [s.partition("=")[0] for s in systems]
    for system in systems:
        assert value(found, system.partition("=")[0]) == pytest.approx(expected, abs=1e-12)
    assert len(model.seen) == len(sentences)
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "6 systems" in page and page.count('<details class="article"') == 14


def test_a_pipeline_of_scikit_learn(small, sentences, tmp_path):
    import skops.io
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.pipeline import make_pipeline

    texts, gold = [text for _, text, _ in sentences], [label for _, _, label in sentences]
    fitted = make_pipeline(TfidfVectorizer(), LogisticRegression(C=10)).fit(texts[::2], gold[::2])
    skops.io.dump(fitted, tmp_path / "model.skops")
    found = score(small, tmp_path / "report", f"mine=sklearn:{tmp_path / 'model.skops'}")
    assert value(found, "mine") == pytest.approx(f1_score(gold, fitted.predict(texts), pos_label="speculative"))
    assert value(found, "mine", "brier") > 0


def test_a_text_categoriser_of_spacy(small, sentences, tmp_path):
    import spacy
    from sklearn.metrics import f1_score
    from spacy.training import Example

    spacy.util.fix_random_seed(0)
    texts, gold = [text for _, text, _ in sentences], [label for _, _, label in sentences]
    pipeline = spacy.blank("en")
    pipeline.add_pipe("textcat")
    examples = [
        Example.from_dict(pipeline.make_doc(text), {"cats": {name: float(name == label) for name in CLASSES}})
        for text, label in zip(texts[::2], gold[::2], strict=True)
    ]
    pipeline.initialize(lambda: examples)
    for _ in range(8):
        pipeline.update(examples)
    pipeline.to_disk(tmp_path / "model")
    said = [max(document.cats, key=document.cats.get) for document in pipeline.pipe(texts)]
    found = score(small, tmp_path / "report", f"mine=spacy:{tmp_path / 'model'}")
    assert value(found, "mine") == pytest.approx(f1_score(gold, said, pos_label="speculative", zero_division=0))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_a_checkpoint_of_transformers(small, sentences, tmp_path):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    names = dict(enumerate(CLASSES))
    config = transformers.BertConfig(
        vocab_size=32,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        max_position_embeddings=64,
        id2label=names,
        label2id={name: at for at, name in names.items()},
    )
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "may", "could", "will"]
    tokenizer = transformers.BertTokenizerFast(vocab={word: at for at, word in enumerate(words)}, model_max_length=64)
    model = transformers.BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.bias[:] = torch.tensor([0.0, 50.0])  # says speculative of everything
    model.save_pretrained(tmp_path / "model")
    tokenizer.save_pretrained(tmp_path / "model")
    found = score(small, tmp_path / "report", f"mine=transformers:{tmp_path / 'model'}")
    share = sum(label == "speculative" for _, _, label in sentences) / len(sentences)
    assert value(found, "mine") == pytest.approx(2 * share / (1 + share))
    assert value(found, "mine", "recall:speculative") == 1


def test_a_run_that_was_killed_goes_on_and_gives_the_identical_report(small, sentences, tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "options.toml").write_text("[mine]\nbatch = 4\n")

    def command(out):
        spec = f"mine=command:{shlex.quote(sys.executable)} program.py"
        more = ["--task", TASK, "--resamples", "100", "--system-options", "options.toml", "--out", out]
        return [sys.executable, "-m", "allegedly", "eval", str(small), "--system", spec, *more]

    # the log is no argument: a file among them would be part of what decides an answer
    log = tmp_path / "log"
    told = {"cwd": tmp_path, "env": {**os.environ, "ASKED": str(log)}}
    with subprocess.Popen(command("killed"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, **told) as run:
        deadline, half = time.monotonic() + 300, len(sentences) // 2
        while time.monotonic() < deadline and not (log.exists() and len(log.read_text().split()) >= half):
            time.sleep(0.05)
        run.send_signal(signal.SIGKILL)
        run.communicate()
    assert run.returncode == -signal.SIGKILL
    assert not (tmp_path / "killed" / "report.json").exists()
    done = subprocess.run(command("killed"), capture_output=True, text=True, timeout=300, **told)
    assert done.returncode == 0, done.stderr
    assert " answers come from the run before, which was interrupted (killed/.cache/answers.sqlite)" in done.stderr
    asked = log.read_text().split()
    assert len(sentences) <= len(asked) <= len(sentences) + 8  # but for what was under way nothing was asked again
    assert set(asked) == {name for name, _, _ in sentences}
    assert subprocess.run(command("whole"), capture_output=True, timeout=300, **told).returncode == 0
    for name in ("report.json", "report.html", "report.md", "junit.xml", "examples.jsonl", "counts.parquet"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


def test_an_endpoint_that_fails_in_all_ways(small, sentences, expected, server, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(running, "FIRST_WAIT", 0.01)
    answered, hung, lock = [], threading.Event(), threading.Lock()

    def answer(number, v):
        text = json.loads(v["messages"][1]["content"])["text"]
        if number % 5 == 0:
            return 429, {"retry-after": "0.01"}, b"{}"
        if number % 7 == 0:
            return 200, {}, chat(text)[:40]
        with lock:
            first = number > 10 and not hung.is_set()
            hung.set() if first else None
        if first:
            time.sleep(6)
            return 503, {}, b"{}"
        answered.append(text)
        return 200, {}, chat(text)

    started = server(answer)
    options = tmp_path / "options.toml"
    options.write_text("[mine]\ntimeout = 4.0\nretries = 8\nconcurrency = 2\n")
    system = f"mine=openai:tiny@http://127.0.0.1:{started.server_port}/v1"
    more = ("--system-options", str(options))
    stopped = ["eval", str(small), "--system", system, "--task", TASK, "--out", str(tmp_path / "r"), *more]
    assert main([*stopped, "--max-requests", "20"]) == 1
    assert "items have no answer" in capsys.readouterr().err
    found = score(small, tmp_path / "r", system, more=more)
    assert value(found, "mine") == pytest.approx(expected)
    assert sorted(answered) == sorted(text for _, text, _ in sentences)  # none lost, none doubled, none asked again
    assert hung.is_set()
    requests = len(started.seen)
    again = score(small, tmp_path / "r", system, more=more)
    assert again == found and len(started.seen) == requests  # a third run makes no request
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    from allegedly.eval.prompting import FOLDER

    (prompts / f"{TASK}.md").write_text((FOLDER / f"{TASK}.md").read_text(encoding="utf-8") + ".", encoding="utf-8")
    options.write_text(options.read_text() + f"prompts = {json.dumps(str(prompts))}\n")
    score(small, tmp_path / "r", system, more=more)
    assert len(answered) == 2 * len(sentences)  # one changed character of the prompt makes all again


def test_a_gate_that_fails_by_one_sentence(small, sentences, tmp_path, capsys):
    at = next(number for number, (_, _, label) in enumerate(sentences) if label == "speculative")
    gates = tmp_path / "gates.toml"
    gates.write_text(f'[[gate]]\ntask = "{TASK}"\nmin = 1.0\n')
    for wrong, code in ((None, 0), (at, 1)):
        lines = [
            {"task": TASK, "id": name, "label": "certain" if number == wrong else label}
            for number, (name, _, label) in enumerate(sentences)
        ]
        (tmp_path / "p.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        found = score(
            small, tmp_path / "r", f"mine=file:{tmp_path / 'p.jsonl'}", code=code, more=("--gate", str(gates))
        )
        said = capsys.readouterr().err
    (gate,) = found["gates"]
    assert gate["verdict"] == "failed" and 0.9 < gate["value"] < 1 and gate["low"] < gate["value"] <= gate["high"]
    for part in (
        "FAILED",
        "mine",
        TASK,
        "f1:speculative",
        "min 1",
        *(f"{gate[k]:.4f}" for k in ("value", "low", "high")),
    ):
        assert part in said
    assert 'failures="1"' in (tmp_path / "r" / "junit.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[gate]]\ntask = "speculation-detecton"\nmin = 0.5\n', "did you mean 'speculation-detection'"),
        ('[[gate]]\ntask = "speculation-detection"\nmim = 0.5\n', "did you mean 'min'"),
        ('[[gates]]\ntask = "speculation-detection"\nmin = 0.5\n', "did you mean 'gate'"),
        (
            '[[gate]]\ntask = "speculation-detection"\nmetric = "f1:speculativ"\nmin = 0.5\n',
            "did you mean 'f1:speculative'",
        ),
        ('[[gate]]\ntask = "speculation-detection"\nmax_drop = 0.5\n', "needs a report to compare with"),
        ("[[gate]\n", "broken TOML"),
    ],
)
def test_a_typo_in_a_gate_file(small, tmp_path, capsys, text, message):
    (tmp_path / "gates.toml").write_text(text)
    command = ["eval", str(small), "--system", "labeller:rules", "--task", TASK, "--resamples", "0"]
    assert main([*command, "--gate", str(tmp_path / "gates.toml"), "--out", str(tmp_path / "r")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_other_gold_does_not_compare(small, root, tmp_path, capsys):
    score(small, tmp_path / "here", "labeller:rules", more=["--allow-circular"])
    score(root / "dataset", tmp_path / "there", "labeller:rules")
    capsys.readouterr()
    gates = tmp_path / "gates.toml"
    gates.write_text(f'[[gate]]\ntask = "{TASK}"\nmax_drop = 0.0\n')
    more = ("--gate", str(gates), "--baseline", str(tmp_path / "there"), "--out", str(tmp_path / "new"))
    assert (
        main(
            [
                "eval",
                str(small),
                "--system",
                "labeller:rules",
                "--allow-circular",
                "--task",
                TASK,
                "--resamples",
                "0",
                *more,
            ]
        )
        == 2
    )
    assert "the baseline does not compare: gold" in capsys.readouterr().err
    assert main(["compare", str(tmp_path / "here"), str(tmp_path / "there")]) == 2
    assert "does not compare with the first: gold" in capsys.readouterr().err
    assert main(["compare", str(tmp_path / "here")]) == 2
    assert "expected two or more" in capsys.readouterr().err
    assert main(["compare", str(tmp_path / "here"), str(tmp_path / "here")]) == 0
    assert main(["leaderboard", str(tmp_path)]) == 0
    assert "gold " in capsys.readouterr().out
    assert main(["leaderboard", str(tmp_path / "here")]) == 0
    assert main(["report", str(tmp_path / "here"), "--format", "md"]) == 0
    assert main(["report", str(tmp_path)]) == 2


def test_a_system_that_stays_dead(small, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(running, "FIRST_WAIT", 0.01)
    (tmp_path / "options.toml").write_text("[mine]\nretries = 1\n")
    dead = f"mine=command:{shlex.quote(sys.executable)} -c 'raise SystemExit(3)'"
    command = ["eval", str(small), "--system", dead, "--task", TASK, "--resamples", "0"]
    assert main([*command, "--system-options", str(tmp_path / "options.toml")]) == 2
    assert "gave up after 2 tries" in capsys.readouterr().err


@pytest.fixture(scope="module")
def gold(small, tmp_path_factory):
    file = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    assert main(["export", "jsonl", str(small), "--out", str(file)]) == 0
    return file


def numbers(found):
    names = ("task", "metric", "slice", "value", "low", "high", "articles", "items")
    return [[row[name] for name in names] for row in found["results"]]


def test_gold_given_back_scores_one(small, gold, tmp_path):
    command = ["eval", str(small), "--system", f"gold=file:{gold}", "--resamples", "0", "--out", str(tmp_path / "r")]
    assert main(command) == 0
    found = report(tmp_path / "r")["results"]
    primary = {row["task"]: row["value"] for row in found if row["primary"]}
    assert set(primary) == set(TASKS)
    assert {task: v for task, v in primary.items() if v not in (1.0, None)} == {}
    assert sum(v == 1.0 for v in primary.values()) >= 10
    assert {row["value"] for row in found if row["metric"].partition(":")[0].endswith("f1")} <= {1.0, None}


def test_the_order_of_lines_and_labels_changes_no_digit(small, gold, tmp_path):
    draw = random.Random(5)
    lines = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        line.pop("sentences")
        for layer, labels in line["labels"].items():
            # some right, some gone, some with other bounds, some twice, some with other attributes
            kept = [label for at, label in enumerate(labels) if (at + len(line["article"]["id"])) % 3]
            for label in kept[::2]:
                part = {"claims": "extent", "speculations": "cue", "attributions": "content"}[layer]
                if label[part] and label[part][-1]["end"] - label[part][-1]["start"] > 3:
                    label[part][-1]["end"] -= 2
                label["text"] = None
            copies = [{**label, "id": f"{label['id']}x"} for label in kept[:1]]
            line["labels"][layer] = kept + copies
        known = {label["id"] for label in line["labels"]["attributions"]}
        for layer, link in (("claims", "claimer"), ("speculations", "holder"), ("attributions", "parent")):
            for label in line["labels"][layer]:
                label[link] = label[link] if label[link] in known else None
    found = []
    for shuffled in (False, True):
        if shuffled:
            draw.shuffle(lines)
            for line in lines:
                for labels in line["labels"].values():
                    draw.shuffle(labels)
        file = tmp_path / f"{shuffled}.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        out = tmp_path / f"r{shuffled}"
        more = ["--resamples", "100", "--slices", "outlet,shape", "--out", str(out)]
        assert main(["eval", str(small), "--system", f"p=file:{file}", *more]) == 0
        found.append(numbers(report(out)))
    assert found[0] == found[1]
    assert any(0 < row[3] < 1 for row in found[0] if row[3] is not None)


def test_a_step_summary_where_there_is_one(small, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", os.fspath(summary))
    score(small, tmp_path / "r", "labeller:rules", more=["--allow-circular"])
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n") and "f1:speculative" in text
    assert text.removeprefix("before\n") == (tmp_path / "r" / "report.md").read_text(encoding="utf-8")
