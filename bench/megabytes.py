"""Reading speed and memory, format by format: so many megabytes of invented text each, in files within the limits.

    python bench/megabytes.py [--megabytes 100] [FORMAT ...]

Conventions: a megabyte is 10^6 bytes, of EPUB those of its chapters; seconds are processor seconds of one process that
does nothing but read; memory is the most that it held, in MiB, as the kernel counts it. Articles have 300 words in
sentences of twelve, drawn from a seed. Each format is read in a process of its own.
"""

# ruff: noqa: SIM905 - words read better in a row

import argparse
import csv
import io
import json
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

READ = """
import importlib, resource, sys, time
from pathlib import Path
from allegedly.schemas.records import Article, Origin
reader = importlib.import_module("allegedly.builders.readers." + sys.argv[1])
articles = refused = 0
spent = 0.0
for path in sorted(Path(sys.argv[2]).iterdir()):
    data = path.read_bytes()
    start = time.process_time()
    for value in reader.read(data, Origin(file_name=path.name)):
        articles, refused = articles + isinstance(value, Article), refused + (not isinstance(value, Article))
    spent += time.process_time() - start
print(articles, refused, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
WORDS = "harbour council bridge budget river school ferry market strike mayor court the of to in for with may said told".split()
ARTICLE = 300
#: A file is no larger, in bytes of articles.
FILE = 20_000_000


class Story(NamedTuple):
    """An invented article."""

    number: int
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def stories(seed: int) -> Iterator[Story]:
    """Invented articles without end."""
    rng = random.Random(seed)
    number = 0
    while True:
        sentences = [" ".join(rng.choices(WORDS, k=12)).capitalize() + "." for _ in range(ARTICLE // 12)]
        title = f"{' '.join(rng.choices(WORDS, k=6)).capitalize()} {number}"
        yield Story(number, title, tuple(" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5)))
        number += 1


def plain(batch: Sequence[Story]) -> bytes:
    return batch[0].title.encode() + b"\n\n" + "\n\n".join(story.text for story in batch).encode()


def jsonl(batch: Sequence[Story]) -> bytes:
    return "".join(json.dumps({"id": str(s.number), "title": s.title, "text": s.text}) + "\n" for s in batch).encode()


def array(batch: Sequence[Story]) -> bytes:
    return json.dumps([{"id": str(s.number), "title": s.title, "text": s.text} for s in batch]).encode()


def table(batch: Sequence[Story], delimiter: str = ",") -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerows([("id", "title", "text"), *((s.number, s.title, s.text) for s in batch)])
    return file.getvalue().encode()


def tabbed(batch: Sequence[Story]) -> bytes:
    return table([story._replace(paragraphs=(" ".join(story.paragraphs),)) for story in batch], "\t")


def parquet(batch: Sequence[Story]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    rows = [{"id": str(s.number), "title": s.title, "text": s.text} for s in batch]
    pq.write_table(pa.Table.from_pylist(rows), file, compression="none", use_dictionary=False)
    return file.getvalue()


def _marked_up(story: Story) -> str:
    return "".join(f"<p>{words}</p>\n" for words in story.paragraphs)


def feed(batch: Sequence[Story]) -> bytes:
    items = "".join(
        f"<item><title>{s.title}</title><link>https://news.example/{s.number}</link>"
        f"<pubDate>Tue, 11 Mar 2025 09:00:00 +0000</pubDate><description><![CDATA[{_marked_up(s)}]]></description></item>\n"
        for s in batch
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Gazette</title>{items}</channel></rss>'.encode()
    )


def mbox(batch: Sequence[Story]) -> bytes:
    return "".join(
        f"From desk@news.example Tue Mar 11 09:00:00 2025\nFrom: The Gazette <desk@news.example>\nSubject: {s.title}\n"
        f"Date: Tue, 11 Mar 2025 09:00:00 +0000\nMessage-ID: <{s.number}@news.example>\n\n{s.text}\n\n"
        for s in batch
    ).encode()


def nexis(batch: Sequence[Story]) -> bytes:
    return "".join(
        f"{number} of {len(batch)} DOCUMENTS\n\nThe Gazette\n\nMarch 11, 2025 Tuesday\n\n{s.title}\n\n"
        f"SECTION: NEWS; Pg. 3\n\nLENGTH: {ARTICLE} words\n\n{s.text}\n\nLOAD-DATE: March 11, 2025\n\nLANGUAGE: ENGLISH\n\n"
        for number, s in enumerate(batch, 1)
    ).encode()


def epub(batch: Sequence[Story]) -> bytes:
    items = "".join(
        f'<item id="c{s.number}" href="c{s.number}.xhtml" media-type="application/xhtml+xml"/>' for s in batch
    )
    spine = "".join(f'<itemref idref="c{s.number}"/>' for s in batch)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>A year of news</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("p.opf", package)
        for s in batch:
            page = f"<html><head><title>{s.title}</title></head><body><h1>{s.title}</h1>{_marked_up(s)}</body></html>"
            archive.writestr(f"c{s.number}.xhtml", page)
    return file.getvalue()


def warc(batch: Sequence[Story]) -> bytes:
    records = []
    for s in batch:
        story = f"<article><h1>{s.title}</h1>{_marked_up(s)}</article>"
        page = f"<html><head><title>{s.title}</title></head><body>{story}</body></html>"
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}"
        records.append(
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/{s.number}\r\n"
            f"WARC-Date: 2025-03-11T09:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{s.number:012d}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n{answer}\r\n\r\n"
        )
    return "".join(records).encode()


class Format(NamedTuple):
    """How a format is written, by which reader it is read, how many articles a file holds at most."""

    write: Callable[[Sequence[Story]], bytes]
    reader: str
    articles: int = 10_000


FORMATS = {
    "text": Format(plain, "text", 5_000),
    "jsonl": Format(jsonl, "jsonl"),
    "json": Format(array, "json"),
    "csv": Format(table, "csv"),
    "tsv": Format(tabbed, "tsv"),
    "parquet": Format(parquet, "parquet"),
    "feed": Format(feed, "feed", 2_000),
    "mbox": Format(mbox, "mbox"),
    "nexis": Format(nexis, "nexis"),
    "epub": Format(epub, "epub", 2_000),
    "warc": Format(warc, "warc"),
}


def written(form: Format, folder: Path, size: int) -> int:
    """Files of a format with about so many bytes of articles; how many bytes they hold, of EPUB its chapters'."""
    total, source = 0, stories(0)
    while total < size:
        batch: list[Story] = []
        length = 0
        while len(batch) < form.articles and length < min(FILE, size - total):
            batch.append(next(source))
            length += len(batch[-1].text)
        data = form.write(batch)
        (folder / f"{batch[0].number:08d}").write_bytes(data)
        total += length if form.write is epub else len(data)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("formats", nargs="*", choices=[*FORMATS, []], help="all, where none is named")
    parser.add_argument("--megabytes", type=int, default=100)
    arguments = parser.parse_args()
    print(f"{'format':<10}{'MB':>8}{'articles':>10}{'refused':>9}{'seconds':>9}{'MB/s':>8}{'peak MiB':>10}")
    for name in arguments.formats or FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            size = written(FORMATS[name], Path(folder), arguments.megabytes * 10**6)
            argv = [sys.executable, "-c", READ, FORMATS[name].reader, folder]
            out = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()
        articles, refused, seconds, peak = int(out[0]), int(out[1]), float(out[2]), float(out[3])
        rate = size / 1e6 / seconds
        print(
            f"{name:<10}{size / 1e6:>8.1f}{articles:>10}{refused:>9}{seconds:>9.1f}{rate:>8.2f}{peak:>10.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
