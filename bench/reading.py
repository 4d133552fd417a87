"""Reading speed on web pages, as ratios to this package, in one run on the same pages.

    python bench/reading.py ../shared/corpora/html-trafilatura/pages

Conventions: processor seconds over all pages and rounds; the readers take turns on each page, so that a busy machine is
as slow for one as for the next. Trafilatura's caches make its second reading of a page cheaper: time one of its ways
(``--readers``) at a time, in one round. Ours gives blocks, sentences, language and metadata; trafilatura is timed with its
metadata and without, and as it comes, without a text written out; newspaper4k parses with its metadata;
readability-lxml gives the main element only. A package that is not installed is named as missing.
"""

import argparse
import logging
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from allegedly.builders.readers import html
from allegedly.schemas.records import Origin

Reader = Callable[[bytes], object]


def ours(data: bytes) -> object:
    return list(html.read(data, Origin(file_name="page.html")))


def trafilatura(data: bytes) -> object:
    from trafilatura import extract

    return extract(data)


def trafilatura_with_metadata(data: bytes) -> object:
    from trafilatura import extract

    return extract(data, with_metadata=True, output_format="xml")


def bare_trafilatura(data: bytes) -> object:
    from trafilatura import bare_extraction

    return bare_extraction(data, with_metadata=True)


def newspaper4k(data: bytes) -> object:
    import newspaper

    article = newspaper.Article("https://page.example/", fetch_images=False, language="en")
    article.download(input_html=data.decode("utf-8", "replace"))
    article.parse()
    return article.text


def readability_lxml(data: bytes) -> object:
    from readability import Document

    return Document(data.decode("utf-8", "replace")).summary()


READERS: dict[str, Reader] = {
    "allegedly": ours,
    "trafilatura": trafilatura,
    "trafilatura, metadata": trafilatura_with_metadata,
    "trafilatura, bare": bare_trafilatura,
    "newspaper4k": newspaper4k,
    "readability-lxml": readability_lxml,
}


def seconds(reader: Reader, data: bytes) -> tuple[float, int]:
    """Processor seconds on a page, and whether the reader raised."""
    failed = 0
    start = time.process_time()
    try:
        reader(data)
    except Exception:  # a reader that raises on a page is timed up to there, and counted
        failed = 1
    return time.process_time() - start, failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="folder of pages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=120, help="so many pages, spread over the folder")
    parser.add_argument("--readers", nargs="*", default=[*READERS], choices=[*READERS], help="those to be timed")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    files = sorted(args.folder.glob("*.html"))
    files = files[:: max(1, len(files) // args.pages)][: args.pages]
    pages = [path.read_bytes() for path in files]
    missing = []
    present: dict[str, Reader] = {}
    for name in dict.fromkeys(["allegedly", *args.readers]):
        reader = READERS[name]
        try:
            for data in pages[::30]:
                reader(data)
        except ImportError as error:
            missing.append(f"{name} ({error})")
            continue
        except Exception:  # counted when it is timed
            pass
        present[name] = reader
    spent, failed = dict.fromkeys(present, 0.0), dict.fromkeys(present, 0)
    for _ in range(args.rounds):
        for number, data in enumerate(pages):
            # who reads a page first pays for bringing it in
            for name in list(present) if number % 2 else reversed(present):
                reader = present[name]
                took, raised = seconds(reader, data)
                spent[name], failed[name] = spent[name] + took, failed[name] + raised
    count = args.rounds * len(pages)
    print(f"{len(pages)} pages, {sum(map(len, pages)) / 1e6:.1f} MB, {args.rounds} rounds")
    print(f"{'reader':<24}{'pages/s':>10}{'time / ours':>14}{'raised':>8}")
    for name, total in spent.items():
        print(f"{name:<24}{count / total:>10.1f}{total / spent['allegedly']:>14.2f}{failed[name]:>8}")
    for entry in missing:
        print(f"not installed: {entry}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
