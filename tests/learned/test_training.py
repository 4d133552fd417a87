"""Training: losses against all paths written out, targets of examples, and a run that was interrupted."""
# ruff: noqa: E402 -- what needs torch is imported where torch is there

import itertools
import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from allegedly.builders.labellers import _learned_link as link
from allegedly.builders.labellers._learned_text import COUNTS, NOTHING, Pieces
from allegedly.builders.training import calibrate, data, fit, losses, measure, network, parts
from allegedly.builders.training.recipe import read
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Attribution, Labels, Span, Speculation


def some_pieces(count: int, seed: int = 1, sentence: int = 10) -> Pieces:
    rng = np.random.default_rng(seed)
    start = np.arange(count, dtype=np.int32) * 5
    return Pieces(
        ids=rng.integers(200, 300, count),
        start=start,
        end=start + 4,
        sentence=np.arange(count, dtype=np.int32) // sentence,
        features=np.tile(np.array(NOTHING, dtype=np.int64), (count, 1)),
        bounds=np.arange(0, count + 1, sentence, dtype=np.int32),
    )


def an_example(seed: int) -> data.Example:
    found = some_pieces(40, seed)
    labels = (
        Attribution(source=(Span(0, 9),), cue=(Span(10, 14),), content=(Span(15, 44), Span(60, 74))),
        Attribution(source=(), cue=(Span(100, 104),), content=(Span(105, 130),)),
    )
    tags, links = parts.attributions(found, labels)
    cue_tags, scopes = parts.speculations(found, [Speculation(cue=(Span(20, 24),), scope=(Span(20, 44),))])
    worth = np.array([0, 1, 2, 0])
    return data.Example(found, tags=tags, links=links, cue_tags=cue_tags, scopes=scopes, worth=worth)


def small(layers: int = 1) -> network.Network:
    torch.manual_seed(1)
    return network.Network(layers, 0, dropout=0.1, width=24, heads=2, vocabulary=300)


@pytest.mark.parametrize("length", [1, 2, 5])
def test_crf_loss_is_that_of_all_paths(length):
    torch.manual_seed(length)
    emissions, moves, begins = torch.randn(2, 5, 3), torch.randn(3, 3), torch.randn(3)
    tags = torch.randint(3, (2, 5))
    mask = torch.arange(5)[None] < torch.tensor([[length], [5]])

    def score(row, path):
        steps = sum(moves[a, b] for a, b in itertools.pairwise(path))
        return begins[path[0]] + steps + sum(emissions[row, at, tag] for at, tag in enumerate(path))

    wanted = 0.0
    for row, count in ((0, length), (1, 5)):
        every = torch.stack([score(row, path) for path in itertools.product(range(3), repeat=count)])
        wanted += torch.logsumexp(every, 0) - score(row, tags[row, :count].tolist())
    assert network.crf_loss(emissions, tags, mask, moves, begins).item() == pytest.approx(float(wanted), rel=1e-4)


def test_distances_fall_into_the_same_buckets_in_training_and_use():
    distances = np.arange(-300, 301)
    assert network.bucket(torch.tensor(distances)).tolist() == link.buckets(distances).tolist()


def test_targets_of_an_example():
    found = an_example(1)
    assert found.tags[:9].tolist() == [1, 2, 3, 5, 6, 6, 6, 6, 6]
    assert found.links[[0, 3, 12, 21]].tolist() == [2, 2, 2, 20]
    assert found.scopes == ((4, 4, 8),)


def test_what_was_chosen_to_be_checked_has_a_head_of_its_own():
    chosen = data._chosen(replace(an_example(1), abstract=False))
    assert chosen.worth is None and chosen.priority.tolist() == [False, False, True, False]
    lost = losses.losses(small(), losses.batch([data.Window(chosen, 0, 40)]))
    assert {"priority", "abstract"} <= set(lost) and "claim" not in lost
    # even odds for each of four sentences, and for the window
    assert lost["priority"].item() == pytest.approx(4 * np.log(2), rel=0.1)
    assert lost["abstract"].item() == pytest.approx(np.log(2), rel=0.1)


def test_the_exported_network_says_what_the_trained_one_says(tmp_path):
    onnxruntime, onnx = pytest.importorskip("onnxruntime"), pytest.importorskip("onnx")
    from allegedly.builders.training import export

    net = small(2).eval()
    for p in net.parameters():
        torch.nn.init.normal_(p, std=0.2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export._plain(net, tmp_path / "plain.onnx")
        export._fused(tmp_path / "plain.onnx", tmp_path / "fused.onnx", net)
        export._quantized(tmp_path / "fused.onnx", tmp_path / "int8.onnx", spared=("head",))
    kinds = [node.op_type for node in onnx.load(tmp_path / "fused.onnx").graph.node]
    assert kinds.count("MultiHeadAttention") == 2 and "SkipLayerNormalization" not in kinds
    ids, features = np.random.default_rng(1).integers(0, 300, (1, 30)), np.tile(np.array(NOTHING), (1, 30, 1))
    wanted = measure.of_network(net, None).network(ids, features)
    said = {}
    for name in ("fused", "int8"):
        session = onnxruntime.InferenceSession(str(tmp_path / f"{name}.onnx"), providers=["CPUExecutionProvider"])
        (said[name],) = session.run(None, {"ids": ids, "features": features})
    assert np.abs(said["fused"] - wanted).max() < 1e-4 * np.abs(wanted).max()
    assert np.corrcoef(said["int8"].ravel(), wanted.ravel())[0, 1] > 0.99


def test_every_field_but_those_without_data_learns():
    net = small()
    windows = [data.Window(an_example(seed), 0, 40) for seed in range(2)]
    lost = losses.losses(net, losses.batch(windows))
    assert set(lost) == {"attribution", "link", "cue", "scope", "claim"}
    sum(lost.values()).backward()
    assert net.head.weight.grad.abs().sum() > 0


def test_an_interrupted_run_ends_as_one_that_was_not(tmp_path):
    examples = [an_example(seed) for seed in range(6)]
    batches = data.schedule([(3, examples)], 100, seed=1)
    options = fit.Options(layers=1, frozen=0, workers=1, together=2, checkpoint=2, warmup=0.2)
    whole, halves = small(), small()
    fit.fit(whole, batches, options, tmp_path / "whole")
    # ends after its fourth batch, with the same plan
    fit.fit(small(), batches, replace(options, stop=2), tmp_path / "parts")
    fit.fit(halves, batches, options, tmp_path / "parts")
    for name, value in whole.state_dict().items():
        assert torch.equal(value, halves.state_dict()[name]), name
    loss = [sum(losses.losses(n.eval(), losses.batch(batches[0])).values()).item() for n in (small(), whole)]
    assert loss[1] < loss[0]


def test_the_schedule_sees_each_window_as_often_as_asked():
    examples = [an_example(seed) for seed in range(10)]
    seen = [id(w.example) for batch in data.schedule([(2.5, examples)], 200, seed=3) for w in batch]
    assert len(seen) == 25
    assert {seen.count(id(e)) for e in examples} <= {2, 3}
    assert data.schedule([(2.5, examples)], 200, seed=3) == data.schedule([(2.5, examples)], 200, seed=3)


def test_calibration_mends_what_is_too_sure():
    rng = np.random.default_rng(0)
    truth = rng.random(4000)
    pairs = [(float(1 / (1 + ((1 - p) / p) ** 2)), bool(rng.random() < p)) for p in truth]
    slope, bias = calibrate.logistic(pairs)
    assert slope == pytest.approx(0.5, abs=0.05) and bias == pytest.approx(0, abs=0.1)
    # far too sure, and mostly right: steps of Newton's method alone would run away
    slope, bias = calibrate.logistic([(0.999999, at % 10 > 0) for at in range(200)] + [(0.9, False)] * 20)
    assert abs(slope) < 5 and abs(bias) < 20


def test_worth_that_is_too_sure_gets_a_smaller_power():
    rng = np.random.default_rng(0)
    shares = rng.dirichlet((1.0, 1.0, 1.0), 3000)
    kinds = [("no_claim", "unimportant", "check_worthy")[rng.choice(3, p=p)] for p in shares]
    sure = shares**2 / (shares**2).sum(1, keepdims=True)
    record = SimpleNamespace(sentences=[SimpleNamespace(claim=kind) for kind in kinds])
    said = SimpleNamespace(sentences=[{"check_worthy": p[2], "claim": p[1] + p[2]} for p in sure])
    power, thresholds = calibrate.worth([(record, said)])
    assert power == pytest.approx(0.5, abs=0.04)
    assert 0.25 < thresholds["check_worthy"] < 0.5


def test_measures():
    assert measure.matched([(1, 1), (1, 2), (2, 1)]) == 2
    assert measure.correlation([1, 2, 3], [10, 20, 20.5], ranks=True) == pytest.approx(1)
    assert measure.average_precision(np.array([True, False, True]), np.array([3.0, 2.0, 1.0])) == pytest.approx(5 / 6)


def test_folds_never_move(shared):
    bioscope = data.Corpus("bioscope", shared("corpora/bioscope"), 1, hold=(0,))
    held = [data.is_held_out(record, bioscope) for record in data.records(bioscope)]
    assert (sum(held), len(held)) == (241, 1273)


def test_a_document_serves_one_end(shared):
    found = data.Corpus("bioscope", shared("corpora/bioscope"), 1, hold=(0, 5, 10, 15), calibrate=(3,), folds=20)
    ends = [
        (data.is_held_out(record, found), data.is_calibrating(record, found), data.is_seen(record, found))
        for record in data.records(found)
    ]
    assert {sum(end) for end in ends} == {1}
    assert [sum(column) for column in zip(*ends, strict=True)] == [241, 54, 978]


def test_a_recipe_with_a_misspelt_key_names_the_right_one(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('encoder = "x"\n[options]\nlayer = 3\n', encoding="utf-8")
    with pytest.raises(UsageError, match="did you mean 'layers'"):
        read(path, tmp_path)
    path.write_text('encoder = "x"\n[[corpus]]\nname = "polnear"\npath = "nowhere"\nepochs = 1\n', encoding="utf-8")
    with pytest.raises(UsageError, match="no such corpus"):
        read(path, tmp_path)


@pytest.mark.parametrize("name", ["learned", "learned-free"])
def test_the_recipes_of_the_documentation_read(root, shared, name):
    found = read(root / "docs" / "recipes" / f"{name}.toml", shared("corpora"))
    assert found.corpora and found.options.layers == 5
    assert sum(COUNTS) == max(NOTHING) + 1
    assert Labels().attributions is None
