"""What some choices in the learned labeller cost: eight bits or thirty-two, and how far windows overlap.

    python bench/learned_designs.py RUN [--corpora FOLDER]      RUN as `allegedly train --out RUN` leaves it

Conventions: F1 of exact pieces, as in ``docs/labels.md``, on the documents of PolNeAR's training split that the recipe
holds out, so that nothing is chosen on development data. Words a CPU second with one thread, white space separates.
"""

import argparse
import tempfile
import time
from functools import partial
from pathlib import Path

import gold
import onnxruntime
from labels import DOC

from allegedly.builders.labellers import _learned_model as model
from allegedly.builders.labellers import _learned_run, _learned_text, learned
from allegedly.builders.training import data, export, measure, recipe, train

RECIPE = DOC.parent / "recipes" / "learned.toml"


def overlapping(bounds: object, size: int, overlap: int, by: int) -> list[tuple[int, int]]:
    """Windows that overlap by other than what is asked for."""
    return _learned_text.windows(bounds, size, by)


def int8(found: recipe.Recipe, run: Path, spared: tuple[str, ...]) -> tuple[model.Run, int]:
    """The network in eight bits, but for the products that are named; and its size in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        plain, fused, path = (Path(folder) / name for name in ("plain.onnx", "fused.onnx", "int8.onnx"))
        network = train.trained(found, run)
        export._plain(network, plain)
        export._fused(plain, fused, network)
        export._quantized(fused, path, spared)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        size = path.stat().st_size
    return lambda i, f: session.run(None, {"ids": i, "features": f})[0], size


def main() -> None:
    """Prints a line a design."""
    parser = argparse.ArgumentParser(description="Designs of the learned labeller.")
    parser.add_argument("run", type=Path)
    parser.add_argument("--corpora", type=Path, default=gold.CORPORA)
    args = parser.parse_args()
    found = recipe.read(RECIPE, args.corpora)
    corpus = next(item for item in found.corpora if item.name == "polnear")
    records = [r for r in data.records(corpus) if data.is_calibrating(r, corpus)]
    words = _learned_text.tokenizer(learned.WEIGHTS / "tokenizer.json")
    whole = measure.of_network(train.trained(found, args.run), words)
    designs: list[tuple[str, model.Model, int, int]] = [("32 bits", whole, 0, 0)]
    for name, spared in (
        ("8 bits, head in 32", ("head",)),
        ("8 bits, head and second half of layers in 32", ("head", "down")),
    ):
        network, size = int8(found, args.run, spared)
        shipped = model.Model(network, words, whole.fields, whole.moves, whole.near)
        designs.append((name, shipped, size, 0))
        if spared == ("head",):
            designs.append((f"{name}, windows overlap by 40, the later one counts", shipped, size, 40))
    total = sum(len(r.article.text.split()) for r in records)
    print(f"{len(records)} documents, {total:,} words")
    for name, made, size, overlap in designs:
        _learned_run.windows = partial(overlapping, by=overlap)
        start = time.process_time()
        said = list(model.read(made, [r.article for r in records]))
        took = time.process_time() - start
        scores = measure.attributions(records, said)
        shown = ", ".join(f"{part} {100 * scores[part]:.1f}" for part in ("source", "cue", "content", "triples"))
        print(
            f"{name}: {shown}; {total / took:,.0f} words a second" + (f"; {size / 1e6:.1f} MB" if size else ""),
            flush=True,
        )


if __name__ == "__main__":
    main()
