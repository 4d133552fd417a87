"""Seconds on texts without sense, and on four times as many of them: what is linear takes four times as long.

Conventions: processor seconds of this process, the better of two rounds; ``growth`` is the exponent, 1 for linear, 2 for
the square; it means little below a hundredth of a second. The suite counts calls for such texts (`tests/steps.py`): no
test is timed.

    python bench/growth.py [--only WORD]
"""

import argparse
import gzip
import math
import time
from collections.abc import Callable, Iterator

from allegedly.builders.labellers import quotes, rules
from allegedly.builders.labellers._quotations import quotations
from allegedly.builders.readers import _formats, _reading, text
from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.recognition import RawFile
from allegedly.builders.text.sentences import sentences
from allegedly.schemas.records import Article, Block, Origin, Span

TIMES = 4
LABELLED = {
    "no full stop": "the mayor said that it may rain and ",
    "quotation marks": '"',
    "opening marks": "“",
    "apostrophes": "'",
    "one word": "a",
    "dots": "a.",
    "according to": "according to ",
    "it might": "it might ",
    "unclosed": "“He said ",
    "nested": "he said that she said that ",
    "many quotations": "“It may rain, ” he said ",
    "another script": "今天下雨。",
}
QUOTED = {"marks of all kinds": "„“«»”‚‘「『", "frames": "Aa, der Aa, sagte „aa“ ", "names": "Aa von der "}
SPOKEN = {
    "marks of all kinds": ("en", "„“«»”‚‘「『《''``"),
    "nested": ("en", "“a ‘b” c’ "),
    "words of saying": ("en", "said “a b c d” "),
    "frames": ("en", "“aa bb cc dd,” said the man of the town, "),
    "pauses": ("fr", "« a, dit "),
    "dashes": ("es", "— a — dijo "),
}
SPLIT = {"words": "word ", "line feeds": "\n", "brackets": "(", "quotations": '"a." ', "full stops": " ."}
LINES = {
    "bylines": "By Ann Example\n",
    "names": "Ann Example\n\n",
    "dates": "Harbour Town, March 3, 2021\n",
    "prose": "The ferry ran aground.\n\n",
}
Work = Callable[[], object]


def one_sentence(words: str, language: str) -> Article:
    """An article of one block and one sentence, whatever a splitter would make of it."""
    return Article(
        id="0" * 16,
        text=words,
        language=language,
        origin=Origin(file_name="x"),
        blocks=(Block(kind="paragraph", start=0, end=len(words)),),
        sentences=(Span(0, len(words.rstrip())),),
    )


def cases() -> Iterator[tuple[str, Callable[[int], Work]]]:
    """What is measured, and how it is made ready at a size."""
    for name, unit in LABELLED.items():

        def labelled(times: int, unit: str = unit) -> Work:
            article = one_sentence(unit * (times * 12_000 // len(unit)), "en")
            return lambda: next(rules.label([article]))

        yield f"rules: {name}", labelled
    for name, unit in QUOTED.items():

        def quoted(times: int, unit: str = unit) -> Work:
            article = one_sentence("„aa bb cc“, sagte " + unit * (times * 20_000 // len(unit)), "de")
            return lambda: quotations(article)

        yield f"quotations: {name}", quoted
    for name, (language, unit) in SPOKEN.items():

        def spoken(times: int, language: str = language, unit: str = unit) -> Work:
            article = one_sentence(unit * (times * 20_000 // len(unit)), language)
            return lambda: next(quotes.label([article]))

        yield f"quotes: {name}", spoken
    for name, unit in SPLIT.items():

        def cut(times: int, unit: str = unit) -> Work:
            words = unit * (times * 100_000 // len(unit))
            block = Block(kind="paragraph", start=0, end=len(words))
            return lambda: sentences(words, [block], ())

        yield f"sentences: {name}", cut
    for name, unit in LINES.items():

        def lines(times: int, unit: str = unit) -> Work:
            data = (unit * (700 * times)).encode()
            return lambda: list(text.read(data, Origin(file_name="a.txt", media_type="text/plain")))

        yield f"lines: {name}", lines
    for unit in ('"uri":1,', '"body_de":1,', '"headline" :1,'):

        def told(times: int, unit: str = unit) -> Work:
            data = ('{"a":1,' + unit * (times * 16_384 // len(unit))).encode()
            return lambda: _formats.claims(RawFile(data, "x"))

        yield f"formats: {unit}", told

    def members(times: int) -> Work:
        data = gzip.compress(b"The ferry closed.\n", mtime=0) * (5_000 * times)
        return lambda: list(_reading.parsed(data, "a.txt.gz", limits=Limits()))

    yield "members of one gzip file", members


def seconds(work: Work) -> float:
    """The better of two rounds."""
    rounds = []
    for _ in range(2):
        before = time.process_time()
        work()
        rounds.append(time.process_time() - before)
    return min(rounds)


def main() -> None:
    """Prints a line a case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    options = parser.parse_args()
    print(f"{'case':44}{'1x s':>9}{f'{TIMES}x s':>9}{'growth':>9}")
    for name, case in cases():
        if options.only in name:
            few, many = (seconds(case(times)) for times in (1, TIMES))
            print(f"{name:44}{few:9.3f}{many:9.3f}{math.log(many / few, TIMES):9.2f}", flush=True)


if __name__ == "__main__":
    main()
