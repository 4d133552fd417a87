"""Fuzzing: readers, labellers, importers and what stands beside articles, over texts and files that nobody wrote.

Conventions: a target takes one value and raises where something that must not happen does: an exception of ours, a
reader's own fault that became a line of the ledger, a file of which nothing is said. UsageError and DataError are answers,
not crashes. What is tried hangs on the seed alone. A crash is shrunk to a small case and printed; it belongs into a test.

    python bench/fuzz.py [--seconds 60] [--target labellers] [--seed 0] [--engine hypothesis|atheris]
"""

# ruff: noqa: SIM905 - words read better in a row

import argparse
import contextlib
import faulthandler
import json
import logging
import random
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from allegedly.builders.annotations.votes import Voted, labelled
from allegedly.builders.importers import _lookup as importers
from allegedly.builders.label import records
from allegedly.builders.labellers import _cues, _speculation
from allegedly.builders.labellers import _lookup as labellers
from allegedly.builders.readers._reading import parsed
from allegedly.builders.readers.text import of_text
from allegedly.builders.sources.limits import Limits
from allegedly.builders.text.articles import article
from allegedly.schemas import check, plugins, schema
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import Article, Block, Origin, Record, Rejected

sys.path.insert(0, str(Path(__file__).parent))

#: What makes values, and what takes one.
Target = tuple[Callable[[], st.SearchStrategy[Any]], Callable[[Any], None]]
GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
LIMITS = Limits(expanded_bytes=1 << 20, members=50, nesting=40, attributes=50)

# -- texts ---------------------------------------------------------------------------------------------------------------

PHRASES = (
    "according to|is said to|was told by|it is|in their opinion|in his view|said that|cannot be ruled out|not clear|told|"
    "is expected to|as reported by|by|he said|said he|Poll:|asked|declined to say|the report|it was suggested|may be|if|"
    "could not be|the fear that|the possibility of|’s|of the|who said|12:31|to be seen|she added|whether|that|may|might|"
    "sagte Holt|laut|nach Angaben|so heißt es in|wird zitiert|hat erklärt|teilte mit|nannte|als"
).split("|")
NAMES = "Anna Lind Holt Mr. Dr. Council BBC U.S. Reuters Monday pier ferry harbour people officials rise 12 3.5 $4m %".split()
MARKS = [
    *"\"'“”‘’„‟«»‹›「」(),.;:?!-–—…[]*#_|>`~\n",
    *("''", "``", "--", "...", '."', ',"', "\n\n", "\r", "\u200b", "\xa0", "\u2028"),
    *("é", "İ", "ß", "ǅ", "\u0301", "٣", "²", "１", "中", "😀", "\x1b", "\x0b"),
]
CUES = sorted({*_cues.VERBS, *_cues.NOUNS, *_speculation.cue_words()})
#: Languages that the labellers read in ways of their own, and others.
LANGUAGES = ("en", None, "de", "fr", "nl", "ja", "he")
KINDS = ("paragraph", "title", "list", "quote", "lead", "heading")


def _words() -> st.SearchStrategy[str]:
    word = st.one_of(
        st.sampled_from(PHRASES), st.sampled_from(PHRASES), st.sampled_from(CUES), st.sampled_from(NAMES),
        st.sampled_from(MARKS), st.sampled_from(MARKS), st.text(max_size=3),
    )  # fmt: skip
    shown = st.one_of(word, word, word.map(str.capitalize), word.map(str.upper))
    return st.lists(st.tuples(shown, st.sampled_from(("", " ", " "))), min_size=1, max_size=30).map(
        lambda pairs: "".join(part for pair in pairs for part in pair)
    )


@dataclass(frozen=True)
class Written:
    """A text, the language that it is said to be in, and the kind of its block; None where the reader finds blocks."""

    text: str
    language: str | None
    kind: str | None

    def article(self) -> Article | None:
        """The article; None where the text is none."""
        stripped = self.text.strip()
        try:
            self.text.encode()
        except UnicodeEncodeError:
            return None
        if not stripped:
            return None
        origin = Origin(file_name="fuzz.txt", media_type="text/plain", reader="text")
        if self.kind is None:
            return replace(of_text(self.text, origin), language=self.language)
        start = self.text.index(stripped)
        block = Block(kind=self.kind, start=start, end=start + len(stripped))
        return article(self.text, origin, blocks=[block], language=self.language or "en")


def texts() -> st.SearchStrategy[Any]:
    """Texts of words, cues, quotation marks, brackets and digits."""
    return st.builds(Written, _words(), st.sampled_from(LANGUAGES), st.sampled_from((None, *KINDS)))


@cache
def _labellers() -> tuple[labellers.Labeller, ...]:
    learned = all(find_spec(name) is not None for name in ("onnxruntime", "tokenizers"))
    return tuple(labellers.resolve(name)[0] for name in ("rules", "none", *(("learned",) if learned else ())))


def label_with(labeller: labellers.Labeller, written: Written) -> None:
    """A labeller labels every article, with labels that stand, and merging and tables take them."""
    whole = written.article()
    if whole is None:
        return
    predictions = list(labeller.label([whole]))
    assert len(predictions) == 1
    (voted,) = list(labelled([whole], [labeller]))
    assert isinstance(voted, Voted), voted
    (record,) = list(records([whole], [labeller]))
    assert isinstance(record, Record), record
    assert not list(check.record(record.to_json()))


def label_text(written: Written) -> None:
    """All labellers."""
    for labeller in _labellers():
        label_with(labeller, written)


def label_by_rules(written: Written) -> None:
    """The rules alone: a hundred times as many texts as with the network."""
    label_with(_labellers()[0], written)


# -- files ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seed:
    """Bytes of a file that is right, its name, and what its importer is called."""

    name: str
    data: bytes
    importer: str = ""
    path: Path = Path()


@cache
def _reader_seeds() -> tuple[Seed, ...]:
    files = sorted(path for path in (GOLDEN / "readers").rglob("input.*"))
    return tuple(Seed(f"a{path.suffix}", path.read_bytes()) for path in files if path.stat().st_size < 1 << 16)


@cache
def _importer_seeds() -> tuple[Seed, ...]:
    seeds = []
    for name in plugins.names("importers"):
        source = GOLDEN / "importers" / name.replace("-", "_") / "source"
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            seeds.append(Seed(str(path.relative_to(source)), path.read_bytes(), name, source))
    return tuple(seeds)


PIECES = [
    *(b"<", b">", b"</p>", b"<p>", b"<div>", b"&amp;", b"&#0;", b"&#xD800;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?xml "),
    *(b'"', b"'", b"\\", b"\\u", b"\\ud800", b"{", b"}", b"[", b"]", b":", b",", b"\n", b"\r", b"\t", b"\0", b" ", b";", b"|"),
    *(b"null", b"-1", b"1e999", b"NaN", b"999999999999999999999", b"\xff", b"\xc3", b"\xe2\x80", b"\xef\xbb\xbf", b"\xff\xfe"),
    *(b"WARC/1.0\r\n", b"Content-Length: 5\r\n", b"\x1f\x8b\x08", b"PK\3\4", b"%PDF-1.4\n", b"endobj", b"stream", b"BZh9"),
    *("“".encode(), "\u200b".encode(), b"---\n", b"# ", b"text", b"title", b"published", b"2020-13-45", b"http://[", b"T1\t"),
]  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """A change to bytes: where, as a part of their length, how many are taken away, and what is put in."""

    where: float
    taken: int
    put: bytes
    times: int

    def apply(self, data: bytes) -> bytes:
        start = int(self.where * len(data))
        return data[:start] + self.put * self.times + data[start + self.taken :]


def _edits() -> st.SearchStrategy[list[Edit]]:
    edit = st.builds(
        Edit,
        st.floats(0, 1),
        st.sampled_from((0, 0, 0, 1, 1, 2, 5, 40, 1 << 20)),
        st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)),
        st.sampled_from((0, 1, 1, 1, 1, 2, 60)),
    )
    return st.lists(edit, max_size=6)


@dataclass(frozen=True)
class Changed:
    """A file that was right, changed."""

    seed: Seed
    edits: tuple[Edit, ...]
    name: str | None = None

    @property
    def data(self) -> bytes:
        data = self.seed.data
        for edit in self.edits:
            data = edit.apply(data)
        return data


ENDINGS = (
    None,
    None,
    None,
    "a.txt",
    "a",
    "a.md",
    "a.html",
    "a.json",
    "a.jsonl",
    "a.csv",
    "a.tsv",
    "a.rss",
    "a.warc",
    "a.pdf",
)


def files() -> st.SearchStrategy[Any]:
    """Files of every format, changed, under their own names and others'."""
    return st.builds(Changed, st.sampled_from(_reader_seeds()), _edits().map(tuple), st.sampled_from(ENDINGS))


def read_file(changed: Changed) -> None:
    """Every file gives articles or lines of the ledger that stand, and no reader fails."""
    values = list(parsed(changed.data, changed.name or changed.seed.name, limits=LIMITS))
    assert values, "of the file nothing is said"
    for value in values:
        kind = "rejected" if isinstance(value, Rejected) else "article"
        assert not list(schema.errors(kind, value.to_json()))
        assert not (isinstance(value, Rejected) and value.rule == "fault"), value.reason


def corpora() -> st.SearchStrategy[Any]:
    """Corpora of every importer, one file of each changed."""
    return st.builds(Changed, st.sampled_from(_importer_seeds()), _edits().map(tuple))


def import_corpus(changed: Changed) -> None:
    """An importer reads a corpus, or says what is wrong with it."""
    source = changed.seed.path
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "source")
        shutil.copytree(source, copy)
        (copy / changed.seed.name).write_bytes(changed.data)
        inside = sorted(copy.iterdir())
        given = inside[0] if len(inside) == 1 and inside[0].is_file() else copy
        with contextlib.suppress(DataError, UsageError):
            for value in importers.read(importers.resolve(changed.seed.importer), given):
                if isinstance(value, Record):
                    json.dumps(value.to_json(), allow_nan=False).encode()


# -- what stands beside articles ----------------------------------------------------------------------------------------

BESIDE = ("predictions", "annotations", "recipes", "gates", "options", "manifests", "reports")


def beside(kind: str) -> Target:
    """Files of a kind, changed; each is read, or what is wrong with it is said."""

    def changed() -> st.SearchStrategy[Any]:
        import fuzz_beside

        seeds = [Seed(name, data) for name, data in fuzz_beside.seeds(kind)]
        return st.builds(Changed, st.sampled_from(seeds), _edits().map(tuple))

    def read(file: Changed) -> None:
        import fuzz_beside

        fuzz_beside.read(kind, file.seed.name, file.data)

    return changed, read


# -- running -------------------------------------------------------------------------------------------------------------

TARGETS: dict[str, Target] = {
    "rules": (texts, label_by_rules),
    "labellers": (texts, label_text),
    "readers": (files, read_file),
    "importers": (corpora, import_corpus),
    **{kind: beside(kind) for kind in BESIDE},
}
#: Examples between two looks at the clock.
ROUND = 200


def quiet() -> None:
    """Libraries that are told of broken files say so; here that is no news."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def attempt(name: str, examples: int, number: int) -> None:
    """So many examples of a target. Raises what it raises, for a case as small as can be found."""
    strategy, check_one = TARGETS[name]

    def one(value: Any) -> None:
        check_one(value)

    settled = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        print_blob=False,
    )
    seed(number)(settled(given(strategy())(one)))()


def fuzz(name: str, seconds: float, number: int) -> int:
    """Rounds until the time is over; how many examples that were."""
    draw = random.Random(number)
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        attempt(name, ROUND, draw.randrange(1 << 32))
        count += ROUND
    return count


def by_coverage(name: str, seconds: float, number: int) -> None:
    """The same target driven by atheris, which looks for bytes that reach new code; never returns."""
    import atheris

    strategy, check_one = TARGETS[name]

    @settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy())
    def one(value: Any) -> None:
        check_one(value)

    atheris.instrument_all()
    argv = [
        sys.argv[0],
        f"-max_total_time={int(seconds)}",
        f"-seed={number + 1}",
        "-max_len=4096",
        "-rss_limit_mb=4096",
    ]
    atheris.Setup(argv, one.hypothesis.fuzz_one_input)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="for each target")
    parser.add_argument("--target", choices=TARGETS, action="append", help="default: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", choices=("hypothesis", "atheris"), default="hypothesis")
    arguments = parser.parse_args()
    quiet()
    faulthandler.enable()
    names = arguments.target or list(TARGETS)
    if arguments.engine == "atheris":
        if len(names) != 1:
            parser.error("atheris takes one --target a run")
        by_coverage(names[0], arguments.seconds, arguments.seed)
    for name in names:
        count = fuzz(name, arguments.seconds, arguments.seed)
        print(f"{name}: {count} examples in {arguments.seconds:g} s, no crash", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
