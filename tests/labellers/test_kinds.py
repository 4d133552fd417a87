"""The kinds of error that labels on real news showed: at least nine sentences in ten are right, and some of every kind."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def bench():
    """The measurement itself, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("bench_kinds", ROOT / "bench" / "kinds.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_kinds"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    del sys.modules["bench_kinds"]
    return module


@pytest.mark.parametrize("labeller", ["rules", "learned"])
def test_nine_in_ten_are_right_and_some_of_every_kind(labeller):
    if labeller == "learned":
        pytest.importorskip("onnxruntime")
        pytest.importorskip("tokenizers")
    kinds = bench()
    fine, lines = {}, []
    for case, faults, _ in kinds.results(labeller, kinds.cases()):
        fine.setdefault(case.number, []).append(not faults)
        lines += [f"{case.number} {case.name}: {case.text!r}: {fault}" for fault in faults]
    every = [right for of_kind in fine.values() for right in of_kind]
    print(*lines, sep="\n")
    assert sorted(fine) == list(range(1, 25))
    assert all(len(of_kind) >= 3 for of_kind in fine.values())
    assert [number for number, of_kind in fine.items() if not any(of_kind)] == []
    assert sum(every) >= 0.9 * len(every), "\n".join(lines)
