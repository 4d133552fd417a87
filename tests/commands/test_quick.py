"""Slips in a command are told before anything that takes time is loaded."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from allegedly.cli import main
code = main(sys.argv[1:])
heavy = {"allegedly.builders.build", "allegedly.builders.label", "allegedly.builders.imports", "pyarrow", "numpy"}
print(sorted(heavy & set(sys.modules)))
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["build", "missing", "--out", "x"], "no such file or folder: 'missing'"),
        (["build", ".", "--out", "x", "--train", "0.5"], "must sum to 1"),
        (["label"], "name files to label, or --example"),
        (["label", "missing"], "no such file or folder: 'missing'"),
        (["import", "polner", "missing", "--out", "x"], "unknown importer 'polner'; did you mean 'polnear'?"),
        (["export", "jsnol", "missing"], "unknown exporter 'jsnol'; did you mean 'jsonl'?"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_slips_load_nothing_heavy(tmp_path, argv, said):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *argv], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == "[]\n"
