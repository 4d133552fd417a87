"""What models give back: plain answers are scored, everything else is refused with what was found; no model ends a run."""

import json
import os
import subprocess
import sys
import time

import pytest

from allegedly import evaluate
from allegedly.eval import calling, plain, system
from allegedly.eval.options import Options, options
from allegedly.eval.systems import python, sklearn
from allegedly.evaluation import gold_of
from allegedly.schemas.errors import UsageError

TASK = "speculation-detection"
CLASSES = ("certain", "speculative")
CLAIMS = ("no_claim", "unimportant", "check_worthy")
REQUESTS = [{"task": TASK, "id": f"a:{n}", "text": text} for n, text in enumerate(("It may rain.", "It rains."))]
EXPECTED = ["speculative", "certain"]

MODULE = """
import ctypes, decimal, enum, fractions, os, signal, sys, threading, time
import numpy as np

class Text(str):
    def refuse(self, *_): raise RuntimeError("no")
    __eq__ = __hash__ = __str__ = __repr__ = refuse
class Shy:
    def __repr__(self): raise SystemExit(0)
class Mute(Exception):
    def __str__(self): raise SystemExit(0)
class Kind(enum.Enum): A = "certain"
class Liar(list):
    def __iter__(self): raise SystemExit(0)
class Endless:
    def __len__(self): return 2
    def __getitem__(self, place): return "certain"

def labels(texts): return ["speculative" if "may" in text else "certain" for text in texts]
def both(answer): return lambda texts: [answer, answer]
def raising(error):
    def predict(texts): raise error
    return predict
def returning(answer): return lambda texts: answer

strings = lambda texts: np.array(labels(texts))
numbers = lambda texts: np.array(["may" in text for text in texts]).astype(np.int64)
truths = lambda texts: np.array(["may" in text for text in texts])
objects = lambda texts: np.array(labels(texts), dtype=object)
pairs = lambda texts: [(label, np.float32(0.75)) for label in labels(texts)]
rows = lambda texts: np.array([[0.25, 0.75] if "may" in text else [0.75, 0.25] for text in texts])
halves = lambda texts: [{"speculative": 0.98 if "may" in text else 0.02} for text in texts]
keyed = lambda texts: [{0: 0.25, 1: 0.75} if "may" in text else {0: 0.75, 1: 0.25} for text in texts]
structured = lambda texts: np.array([(x, 0.75) for x in labels(texts)], dtype=[("label", "U11"), ("score", "f8")])
hostile_strings = lambda texts: [Text(label) for label in labels(texts)]
def changes_its_input(texts):
    found = labels(texts)
    texts[:] = ["x"]
    return found
def leaves(texts):
    threading.Thread(target=time.sleep, args=(600,)).start()
    os.chdir("/")
    sys.stdout = sys.stderr = None
    return labels(texts)
def forks(texts):
    os.fork()
    return labels(texts)
def masked(texts): return np.ma.masked_array(labels(texts), mask=[True, False])

def ends(texts): os._exit(0)
def ends_elsewhere(texts):
    threading.Thread(target=os._exit, args=(0,)).start()
    time.sleep(20)
def ends_and_leaves(texts):
    if os.fork() == 0: time.sleep(5)
    os._exit(0)
def crashes(texts): ctypes.string_at(0)
def closes(texts):
    os.closerange(0, 100)
    return labels(texts)
def is_killed(texts): os.kill(os.getpid(), signal.SIGKILL)
def asks(texts): return [input() for _ in texts]
exits, interrupts, no_memory = raising(SystemExit(0)), raising(KeyboardInterrupt()), raising(MemoryError())
no_words = raising(Mute())
def recurses(texts): return recurses(texts)
async def coroutine(texts): return labels(texts)
def generator(texts): yield from labels(texts)
def lazy(texts): return map(str, labels(texts))
nothing, text, short = returning(None), returning("cc"), returning(["certain"])
mapping = lambda texts: dict(zip(texts, labels(texts)))
unordered, endless, liar = returning({"certain"}), returning(Endless()), returning(Liar(["certain", "certain"]))
bytes_, sets, enums, shy = both(b"certain"), both({"certain"}), both(Kind.A), both(Shy())
decimals, fraction = both(("certain", decimal.Decimal("0.9"))), both(("certain", fractions.Fraction(1, 2)))
huge, no_number, alone = both(10**5000), both(float("nan")), both(0.9)
one_hot, twice, strange_key = both([0, 1]), both({1: 0.5, "1": 0.5}), both({(0,): 1.0})
too_much, below = both({"certain": 0.8, "speculative": 0.8}), both({"speculative": -0.1})
surrogate, third = both("\\ud800"), both(2)
deep = []
for _ in range(100_000): deep = [deep]
deep, itself = both(deep), []
itself.append(itself)
itself = both(itself)
not_callable = 3
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    (folder / "answering.py").write_text(MODULE)
    (folder / "broken.py").write_text("def predict(texts) return 1\n")
    (folder / "failing.py").write_text("raise RuntimeError('no GPU')\n")
    (folder / "leaving.py").write_text("import os\nos._exit(0)\n")
    (folder / "json.py").write_text("raise RuntimeError('in the way')\n")
    return folder


@pytest.fixture
def asked(folder, monkeypatch):
    """Labels that a callable of the module gives, asked in a process of its own."""
    monkeypatch.chdir(folder)

    def ask(name, given=None, requests=REQUESTS):
        given = given or Options()
        connected = python.connect(name if ":" in name else f"answering:{name}", given)
        try:
            raw = connected.answer(TASK, requests)
        finally:
            connected.close()
        pairs = zip(requests, raw, strict=True)
        return [system.read(TASK, request, answer, given, CLASSES, "speculative") for request, answer in pairs]

    return ask


PLAIN = (
    "labels strings numbers truths objects pairs halves keyed structured hostile_strings changes_its_input leaves forks"
)


@pytest.mark.parametrize("name", PLAIN.split())
def test_plain_answers_are_scored(asked, name):
    assert [line["label"] for line in asked(name)] == EXPECTED


def test_a_table_needs_names_of_its_columns(asked):
    with pytest.raises(UsageError, match=r'found \[0\.25, 0\.75\], .*labels = \["certain", "speculative"\]'):
        asked("rows")
    lines = asked("rows", options({"labels": ["certain", "speculative"]}))
    assert [(line["label"], line["score"]) for line in lines] == [("speculative", 0.75), ("certain", 0.75)]
    turned = asked("rows", options({"labels": ["speculative", "certain"]}))
    assert [line["label"] for line in turned] == EXPECTED[::-1]
    with pytest.raises(UsageError, match=r"found \[0\.25, 0\.75\]"):
        asked("rows", options({"labels": ["certain"]}))


def test_what_is_masked_is_an_abstention(asked):
    assert [line["label"] for line in asked("masked")] == [None, "certain"]


REFUSED = {
    "ends": "its process ended with exit code 0 in speculation-detection, without an answer",
    "ends_elsewhere": "its process ended with exit code 0",
    "ends_and_leaves": "its process ended with exit code 0",
    "crashes": "its process was killed by signal 11",
    "is_killed": "its process was killed by signal 9",
    "closes": "its process ended with exit code 1",
    "asks": "the callable raised EOFError",
    "exits": "the callable raised SystemExit: 0",
    "interrupts": "the callable raised KeyboardInterrupt",
    "no_memory": "the callable raised MemoryError",
    "no_words": "the callable raised Mute: no message that can be read",
    "recurses": "the callable raised RecursionError",
    "coroutine": "found a coroutine, expected a list of 2 answers",
    "generator": r"found a generator, expected a list of 2 answers: put list\(\.\.\.\) around it",
    "lazy": "found a map",
    "nothing": "found None, expected a list of 2 answers",
    "text": "found str 'cc', expected a list of 2 answers",
    "short": "1 answers for 2 items, expected one for each",
    "mapping": "found dict .*, expected a list of 2 answers",
    "unordered": "found set {'certain'}, expected a list",
    "endless": "found Endless",
    "liar": "an answer that cannot be read: SystemExit: 0",
    "bytes_": "found bytes b'certain', expected a label.*decode it",
    "sets": "found set {'certain'}, expected a label",
    "enums": "found Kind <Kind.A: 'certain'>, .*give its value",
    "shy": r"found Shy \(which cannot be shown\)",
    "decimals": r"found Decimal Decimal\('0\.9'\)",
    "fraction": "found Fraction",
    "huge": "found a whole number of 16610 bits",
    "no_number": "found NaN, expected a label",
    "alone": r'a probability alone names no class: {"speculative": 0\.9}',
    "one_hot": r"found \[0, 1\], expected a label",
    "twice": "found the key 1 twice",
    "strange_key": r"found the key tuple \(0,\)",
    "too_much": r"probabilities that sum to 1\.6 \(certain 0\.8, speculative 0\.8\)",
    "below": "found score -0.1, expected a probability from 0 to 1",
    "surrogate": r'found label "\\ud800"',
    "third": "found 2, expected a label, one of certain, speculative, or a number from 0 to 1",
    "deep": "nested too deeply",
    "itself": "nested too deeply",
    "not_callable": "found int, expected a callable",
    "absent": "has no attribute 'absent'; expected a module on the path, and a callable in it",
    "broken:predict": "its module raised SyntaxError",
    "failing:predict": "its module raised RuntimeError: no GPU",
    "leaving:predict": "its process ended with exit code 0 while its module was imported",
}


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_with_what_was_found(asked, name):
    began = time.monotonic()
    with pytest.raises(UsageError, match=REFUSED[name]):
        asked(name)
    assert time.monotonic() - began < 40  # nothing waits for what a model leaves behind


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda texts: sys.exit(0), "the callable raised SystemExit: 0"),
        (lambda texts: os._exit(0), r"os\._exit\(0\) was called"),
        (lambda texts: (label for label in EXPECTED), "found a generator"),
        (lambda texts: [{"certain"}] * 2, "found set"),
    ],
)
def test_a_callable_in_our_process_ends_it_neither(answer, message):
    leave = os._exit
    with pytest.raises(system.Dead, match=message):
        calling.Called(answer).answer(TASK, REQUESTS)
    assert os._exit is leave


def test_a_callable_that_changes_an_article_changes_nothing_of_ours():
    request = {"task": "claim-spans", "article": {"id": "a", "text": "x"}}

    def answer(articles):
        articles[0].clear()
        return [{"claims": []}]

    assert calling.Called(answer).answer("claim-spans", [request]) == [{"claims": []}]
    assert request["article"] == {"id": "a", "text": "x"}


def test_columns_of_other_libraries():
    pandas, pyarrow = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    labels = ["certain", "speculative"]
    for column in (
        pandas.Series(labels),
        pandas.Series(labels, dtype="category"),
        pyarrow.array(labels),
        tuple(labels),
    ):
        assert plain.answers(column, 2) == labels
    table = pandas.DataFrame({"certain": [0.25, 1.0], "speculative": [0.75, 0.0]})
    assert plain.answers(table, 2) == [{"certain": 0.25, "speculative": 0.75}, {"certain": 1.0, "speculative": 0.0}]
    with pytest.raises(plain.Fault, match="found NAType <NA>"):
        plain.answers(pandas.Series(["certain", None], dtype="string"), 2)


def test_tensors():
    torch = pytest.importorskip("torch")
    assert plain.answers(torch.tensor([0, 1]), 2) == [0, 1]
    assert plain.answers([torch.tensor(1), torch.tensor(0)], 2) == [1, 0]
    assert plain.answers(torch.tensor([[0.5, 0.5]], requires_grad=True), 1) == [[0.5, 0.5]]


@pytest.mark.parametrize(
    ("task", "classes", "raw", "given", "label", "score"),
    [
        (TASK, CLASSES, {"speculative": 0.02}, {}, "certain", 0.98),
        (TASK, CLASSES, {"certain": 0.02}, {}, "speculative", 0.98),
        (TASK, CLASSES, {"LABEL_0": 0.02}, {"labels": {"LABEL_0": "speculative"}}, "certain", 0.98),
        (TASK, CLASSES, {"speculative": 0.3}, {"threshold": 0.2}, "speculative", 0.3),
        (TASK, CLASSES, {"A": 0.2, "B": 0.4, "C": 0.4},
         {"labels": {"A": "certain", "B": "certain", "C": "speculative"}}, "certain", 0.6),
        (TASK, CLASSES, ["speculative", 0.4], {"threshold": 0.5}, "certain", 0.6),
        (TASK, CLASSES, True, {}, "speculative", None),
        (TASK, CLASSES, 0, {"labels": {"0": "speculative", "1": "certain"}}, "speculative", None),
        ("claim-detection", CLAIMS, {"check_worthy": 0.2, "no_claim": 0.3}, {}, "unimportant", 0.5),
        ("claim-detection", CLAIMS, {"check_worthy": 1.0}, {}, "check_worthy", 1.0),
        ("claim-detection", CLAIMS, ["no_claim", 0.9], {"threshold": 0.5}, "no_claim", 0.9),
        ("claim-detection", CLAIMS, 1, {}, "unimportant", None),
        ("check-worthiness", CLAIMS, {"check_worthy": 0.2}, {}, None, 0.2),
        ("check-worthiness", CLAIMS, {"label": None, "score": 0.2}, {}, None, 0.2),
    ],
)  # fmt: skip
def test_what_is_left_of_a_distribution_belongs_to_the_other_class(task, classes, raw, given, label, score):
    line = system.read(task, {"id": "a:0"}, raw, options(given), classes, classes[-1])
    assert line["label"] == label and line["score"] == (score if score is None else pytest.approx(score))


@pytest.mark.parametrize(
    ("raw", "given", "message"),
    [
        ({"check_worthy": 0.02}, {}, "found check_worthy 0.02, expected a probability for each of no_claim"),
        ({"no_claim": 0.6, "check_worthy": 0.6}, {}, r"sum to 1\.2"),
        ({"check_worthy": None}, {}, "found no probability of"),
        (["check_worthy", 0.4], {"threshold": 0.5}, r"which threshold = 0\.5 in the options needs"),
        ("no_claim", {"threshold": 0.5}, r"found no probability, .*threshold = 0\.5"),
        (True, {}, "found true, expected a label"),
        (3, {}, "found 3, expected a label"),
        (1, {"labels": {"0": "no_claim"}}, "found 1, expected a label"),
    ],
)
def test_half_an_answer_of_three_classes_is_refused(raw, given, message):
    with pytest.raises(UsageError, match=message):
        system.read("claim-detection", {"id": "a:0"}, raw, options(given), CLAIMS, "check_worthy")


PRINTING = """
import ctypes, os
print("loading")
def predict(texts):
    print("batch")
    ctypes.CDLL(None).puts(b"from C")
    os.system("echo from a program")
    os.write(1, b"as bytes")
    return [int(" may " in text) for text in texts]
"""


def run(folder, *argv):
    command = [sys.executable, "-m", "allegedly", *map(str, argv)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_what_a_model_prints_is_no_part_of_the_report(tmp_path, root):
    (tmp_path / "model.py").write_text(PRINTING)
    asked = ("eval", root / "dataset", "--system", "m=python:model:predict", "--task", TASK, "--resamples", 0, "--json")
    done = run(tmp_path, *asked)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["systems"][0]["name"] == "m"
    for printed in ("loading", "batch", "from C", "from a program", "as bytes"):
        assert printed in done.stderr
    assert "m: speculation-detection: classes come as numbers: 0 is certain, 1 is speculative" in done.stderr


def test_a_model_that_leaves_passes_no_gate(tmp_path, root):
    (tmp_path / "model.py").write_text("import os\ndef predict(texts): os._exit(0)\n")
    (tmp_path / "gates.toml").write_text('[[gate]]\ntask = "speculation-detection"\nmin = 0.99\n')
    asked = ("eval", root / "dataset", "--system", "m=python:model:predict", "--task", TASK, "--gate", "gates.toml")
    done = run(tmp_path, *asked, "--out", "out")
    assert done.returncode == 2 and "its process ended with exit code 0" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [("leave", r"os\._exit\(0\) was called"), ("fail", "AttributeError"), ("few", "raised ValueError")],
)
def test_a_labeller_of_others_that_leaves_or_fails(tmp_path, root, monkeypatch, name, message):
    (tmp_path / "labels_of_others.py").write_text(
        "import os\ndef leave(articles): os._exit(0)\ndef fail(articles):\n    yield 3\ndef few(articles): return []\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(system.Dead, match=message):
        evaluate(root / "dataset", f"labeller:labels_of_others:{name}", resamples=0)


@pytest.mark.parametrize(
    ("spec", "given", "message"),
    [
        ("file:p.csv", {"concurrency": 2}, "concurrency is not for file:, which reads tasks, labels, threshold, cues"),
        ("labeller:rules", {"timeout": 5}, "timeout is not for labeller:"),
        ("labeller:rules", {"labels": {"A": "certain"}}, "labels is not for labeller:"),
        (
            "labeller:rules",
            {"threshold": 0.5, "tasks": ["claim-spans"]},
            "threshold in the options decides claim-detec",
        ),
        ("labeller:rules", {"threshold": 0.5, "tasks": [TASK]}, r"found no probability, .*threshold = 0\.5"),
        (lambda texts: texts, {"retries": 1, "tasks": [TASK]}, "retries is not for a callable"),
    ],
)
def test_no_option_is_taken_and_not_applied(tmp_path, root, monkeypatch, spec, given, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.csv").write_text("task,id,label\n")
    with pytest.raises(UsageError, match=message):
        evaluate(root / "dataset", {"m": spec}, options={"m": given}, resamples=0)


def test_a_threshold_decides_what_a_file_holds(tmp_path, root, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gold = gold_of(root / "dataset", "test")
    rows, articles = [], []
    for record, sentences in zip(gold.records, gold.sentences, strict=True):
        scored = []
        for sentence in sentences:
            chance = 0.7 if sentence.speculation == "speculative" else 0.6
            rows.append(f"{TASK},{record.article.id}:{sentence.start},speculative,{chance}")
            scored.append({"start": sentence.start, "speculation": "speculative", "scores": {"speculative": chance}})
        articles.append({"article": {"id": record.article.id}, "sentences": scored})
    (tmp_path / "p.csv").write_text("\n".join(["task,id,label,score", *rows]))
    (tmp_path / "p.jsonl").write_text("\n".join(map(json.dumps, articles)))
    for file in ("p.csv", "p.jsonl"):
        asked = {"tasks": [TASK], "resamples": 0}
        assert evaluate(root / "dataset", {"m": f"file:{file}"}, **asked).value("m", TASK) < 0.9
        given = {"m": {"threshold": 0.65}}
        assert evaluate(root / "dataset", {"m": f"file:{file}"}, options=given, **asked).value("m", TASK) == 1.0


def saved(folder, function):
    """A pipeline in a file of skops that calls a function when it is asked."""
    import skops.io
    from sklearn.dummy import DummyClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    model = make_pipeline(FunctionTransformer(function), DummyClassifier().fit([["a"], ["b"]], list(CLASSES)))
    skops.io.dump(model, folder / "model.skops")
    return folder / "model.skops"


def test_a_file_of_skops_calls_nothing_of_its_own(tmp_path):
    import functools
    import operator

    import numpy as np

    attacks = {
        "builtins.eval, numpy.vectorize": np.vectorize(eval),
        "functools.partial, posix.system": functools.partial(os.system, "true"),
        "builtins.exec": exec,
        "numpy.fromfile": np.fromfile,
        "numpy.apply_along_axis": np.apply_along_axis,
        "operator.methodcaller": operator.methodcaller("format"),
    }
    for names, function in attacks.items():
        with pytest.raises(UsageError, match=f"holds {names}; expected data and estimators of scikit-learn alone$"):
            sklearn.connect(str(saved(tmp_path, function)), Options())


def test_forests_are_loaded_only_when_asked_for(tmp_path):
    import skops.io
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    texts = [request["text"] for request in REQUESTS] * 4
    model = make_pipeline(TfidfVectorizer(), RandomForestClassifier(3, random_state=0)).fit(texts, [1, 0] * 4)
    skops.io.dump(model, tmp_path / "model.skops")
    with pytest.raises(UsageError, match=r"holds sklearn\.tree\._tree\.Tree; .*allow_trees = true"):
        sklearn.connect(str(tmp_path / "model.skops"), Options())
    allowed = options({"allow_trees": True}, own=sklearn.OPTIONS)
    raw = sklearn.connect(str(tmp_path / "model.skops"), allowed).answer(TASK, REQUESTS)
    lines = [
        system.read(TASK, request, answer, allowed, CLASSES, "speculative")
        for request, answer in zip(REQUESTS, raw, strict=True)
    ]
    assert [line["label"] for line in lines] == EXPECTED  # classes 0 and 1 are those of the schema


def test_indices_of_a_sparse_matrix_stay_inside(tmp_path):
    import skops.io
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import SVC

    model = make_pipeline(TfidfVectorizer(), SVC()).fit([request["text"] for request in REQUESTS], EXPECTED)
    skops.io.dump(model, tmp_path / "model.skops")
    connected = sklearn.connect(str(tmp_path / "model.skops"), Options())
    assert connected.answer(TASK, REQUESTS) == EXPECTED
    model[-1].support_vectors_.indices[0] = 10**6
    skops.io.dump(model, tmp_path / "model.skops")
    with pytest.raises(UsageError, match="loading it raised ValueError"):
        sklearn.connect(str(tmp_path / "model.skops"), Options())


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive"])
def test_a_model_that_cannot_be_loaded_is_refused(tmp_path, data):
    (tmp_path / "model.skops").write_bytes(data)
    with pytest.raises(UsageError, match="loading it raised"):
        sklearn.connect(str(tmp_path / "model.skops"), Options())


def test_a_pickle_that_leaves_ends_no_run(tmp_path):
    (tmp_path / "model.pkl").write_bytes(b"cposix\n_exit\n(I0\ntR.")
    with pytest.raises(UsageError, match=r"loading it raised Ended: os\._exit\(0\) was called"):
        sklearn.connect(str(tmp_path / "model.pkl"), options({"allow_pickle": True}, own=sklearn.OPTIONS))
