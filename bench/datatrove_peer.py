"""The peer of `bench/scale.py`: datatrove reads, filters by language, drops near duplicates by MinHash, writes Parquet.

Run by an interpreter that has datatrove 0.10 and fasttext; nothing of ours is imported. Offline, two of its parts are
stood in for, both in its favour or even: words are cut at white space (its English tokenizer is spaCy's), and the
language model, unless a file of lid.176.bin is given, is one of the same kind and size (16 dimensions, letter 2- to
4-grams, two million buckets, 176 labels) trained on the spot. The language filter runs again before the last stage,
which costs less than writing and reading the texts in between.

    DATATROVE_PYTHON bench/datatrove_peer.py train FILES MODEL
    DATATROVE_PYTHON bench/datatrove_peer.py run SOURCES OUT --model MODEL --workers N --tasks N
"""

import argparse
import itertools
import json
import random
import sys
from pathlib import Path

LABELS = 176
SENTENCES = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    training = commands.add_parser("train")
    training.add_argument("files", type=Path)
    training.add_argument("model", type=Path)
    training.set_defaults(command=train)
    running = commands.add_parser("run")
    running.add_argument("sources", type=Path)
    running.add_argument("out", type=Path)
    running.add_argument("--model", type=Path, required=True)
    running.add_argument("--workers", type=int, required=True)
    running.add_argument("--tasks", type=int, required=True)
    running.set_defaults(command=run)
    arguments = parser.parse_args()
    arguments.command(arguments)


def train(arguments: argparse.Namespace) -> None:
    """A language model of lid.176's shape: English from the articles, the other labels from made-up words."""
    import fasttext

    rng = random.Random(0)
    first = sorted(arguments.files.iterdir())[0]
    texts = [json.loads(line)["text"] for line in itertools.islice(first.open(encoding="utf-8"), SENTENCES * 10)]
    lines = [f"__label__en {text}" for text in texts]
    for label in range(1, LABELS):
        letters = [chr(0x400 + rng.randrange(0x1000)) for _ in range(20)]
        words = ["".join(rng.choices(letters, k=rng.randint(2, 8))) for _ in range(200)]
        lines += [f"__label__x{label:03d} {' '.join(rng.choices(words, k=20))}" for _ in range(SENTENCES)]
    rng.shuffle(lines)
    corpus = arguments.model.with_suffix(".txt")
    corpus.write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = {"dim": 16, "minn": 2, "maxn": 4, "bucket": 2_000_000, "loss": "hs", "thread": 1, "epoch": 25, "lr": 0.5}
    fasttext.train_supervised(str(corpus), verbose=0, **settings).save_model(str(arguments.model))


def run(arguments: argparse.Namespace) -> None:
    """The four stages of MinHash as datatrove's own example has them, with its defaults (14 buckets of 8 hashes)."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import ParquetWriter

    folder = arguments.out
    config = MinhashConfig()
    language = language_filter(arguments.model)
    reader = JsonlReader(str(arguments.sources))
    signatures, buckets, clusters = (str(folder / name) for name in ("signatures", "buckets", "clusters"))
    sign = MinhashDedupSignature(signatures, config=config, language=tokenizer())
    write = ParquetWriter(str(folder / "release"))
    stages = (
        ([reader, language, sign], arguments.tasks),
        ([MinhashDedupBuckets(signatures, buckets, config=config)], config.num_buckets),
        ([MinhashDedupCluster(buckets, clusters, config=config)], 1),
        ([reader, language, MinhashDedupFilter(clusters), write], arguments.tasks),
    )
    for number, (pipeline, tasks) in enumerate(stages):
        logs = str(folder / "logs" / str(number))
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=arguments.workers, logging_dir=logs).run()
    print(kept(folder / "release"))


def tokenizer():
    """Words between white space: the least that a tokenizer can cost."""
    from datatrove.utils.word_tokenizers import WordTokenizer

    class Words(WordTokenizer):
        def word_tokenize(self, text: str) -> list[str]:
            return text.split()

        def sent_tokenize(self, text: str) -> list[str]:
            raise NotImplementedError

        def span_tokenize(self, text: str) -> list[tuple[int, int]]:
            raise NotImplementedError

    return Words()


def language_filter(path: Path):
    """datatrove's filter for English with a model from a file."""
    from datatrove.pipeline.filters import LanguageFilter
    from datatrove.utils.lid import FT176LID

    class FromFile(FT176LID):
        @property
        def model(self):
            if self._model is None:
                from fasttext.FastText import _FastText

                self._model = _FastText(str(path))
            return self._model

    language = LanguageFilter(languages=["en"])
    language.model = FromFile(["en"])
    return language


def kept(release: Path) -> int:
    """Articles that were written."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in release.glob("*.parquet"))


if __name__ == "__main__":
    sys.exit(main())
