"""Reading speed on web pages, as ratios to this package, in one run on the same pages.

    python bench/reading.py ../shared/corpora/html-trafilatura/pages

Conventions: processor seconds over all pages, the best of several rounds in turn, each reader warmed up. Ours gives
blocks, sentences, language and metadata; trafilatura is timed with its metadata and without; newspaper4k parses with
its metadata; readability-lxml gives the main element only. A package that is not installed is named as missing.
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
    "newspaper4k": newspaper4k,
    "readability-lxml": readability_lxml,
}


def seconds(reader: Reader, pages: list[bytes]) -> tuple[float, int]:
    """Processor seconds over all pages, and on how many of them the reader raised."""
    failed = 0
    start = time.process_time()
    for data in pages:
        try:
            reader(data)
        except Exception:  # a reader that raises on a page is timed up to there, and counted
            failed += 1
    return time.process_time() - start, failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="folder of pages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=120, help="so many pages, spread over the folder")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    files = sorted(args.folder.glob("*.html"))
    files = files[:: max(1, len(files) // args.pages)][: args.pages]
    pages = [path.read_bytes() for path in files]
    best: dict[str, tuple[float, int]] = {}
    missing = []
    for name, reader in READERS.items():
        try:
            reader(pages[0])
        except ImportError as error:
            missing.append(f"{name} ({error})")
    for _ in range(args.rounds):
        for name, reader in READERS.items():
            if not any(entry.startswith(f"{name} (") for entry in missing):
                best[name] = min(best.get(name, (float("inf"), 0)), seconds(reader, pages))
    own = best["allegedly"][0]
    print(f"{len(pages)} pages, {sum(map(len, pages)) / 1e6:.1f} MB, best of {args.rounds}")
    print(f"{'reader':<24}{'pages/s':>10}{'time / ours':>14}{'raised':>8}")
    for name, (spent, failed) in best.items():
        print(f"{name:<24}{len(pages) / spent:>10.1f}{spent / own:>14.2f}{failed:>8}")
    for entry in missing:
        print(f"not installed: {entry}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
