"""HTML against trafilatura alone: body text, title, author and date, on the same pages in one run.

    python bench/pages.py ../shared/corpora/html-trafilatura

Conventions: ``gold.json`` gives for each page strings that its text must and must not contain, its title, authors and
date. Precision, recall and F1 count those strings. A title is right where it equals the gold's in letters and digits;
authors where the sets of names do; dates where the days do. Of this package's text what it marks as boilerplate is
left out, as labellers leave it out. A field counts on the pages whose gold has it; a date on another page is invented,
unless its source states it. The rules were tuned on the half of the pages whose hash is even; the other half is
reported beside it.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegedly.builders.readers import html
from allegedly.schemas.records import Article, Origin

FIELDS = ("title", "author", "date")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader made of a page."""

    text: str = ""
    title: str = ""
    author: tuple[str, ...] = ()
    date: str = ""


def ours(data: bytes) -> Answer:
    """This package."""
    (article,) = html.read(data, Origin(file_name="page.html"))
    if not isinstance(article, Article):
        return Answer()
    # what is marked as the page's furniture stands in the text, but is no text of the article
    body = "\n\n".join(article.text[block.start : block.end] for block in article.blocks if block.kind != "boilerplate")
    return Answer(body, article.title or "", article.authors, (article.published or "")[:10])


def trafilatura(data: bytes) -> Answer:
    """trafilatura as it comes, with its metadata."""
    import trafilatura as package
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(package.load_html(data))
    authors = tuple((found.author or "").split("; "))
    return Answer(package.extract(data) or "", found.title or "", authors, found.date or "")


READERS = {"allegedly": ours, "trafilatura": trafilatura}


def plain(text: str) -> str:
    """A text as it is compared: letters and digits only."""
    return re.sub(r"[\W_]+", "", text).casefold()


def spaced(text: str) -> str:
    """A text in which strings are looked for: single blanks, no soft hyphens."""
    return " ".join(text.replace("\xad", "").split())


def names(value: str | Iterable[str]) -> set[str]:
    """Names of authors as a set."""
    return {plain(name) for name in (value.split(";") if isinstance(value, str) else value) if plain(name)}


def right(field: str, answer: Answer, gold: dict[str, Any]) -> bool:
    """Whether a field of an answer equals the gold's."""
    if field == "author":
        return names(answer.author) == names(gold["author"])
    if field == "title":
        return plain(answer.title) == plain(gold["title"])
    return answer.date == gold["date"]


def scores(pairs: list[tuple[Answer, dict[str, Any]]]) -> dict[str, float]:
    """Precision, recall and F1 of the text, and the share of each field that is right."""
    hits = misses = extras = 0
    for answer, gold in pairs:
        text = spaced(answer.text)
        hits += sum(spaced(said) in text for said in gold["with"])
        misses += sum(spaced(said) not in text for said in gold["with"])
        extras += sum(spaced(said) in text for said in gold["without"])
    out = {
        "precision": hits / (hits + extras),
        "recall": hits / (hits + misses),
        "f1": 2 * hits / (2 * hits + misses + extras),
    }
    for field in FIELDS:
        known = [right(field, answer, gold) for answer, gold in pairs if gold[field]]
        out[field] = sum(known) / len(known)
    return out


def stated(source: bytes, date: str) -> bool:
    """Whether a page's source gives a day as its date, so that a program can read it: in JSON-LD, a meta tag, ``<time>``,
    the path of its own address."""
    page = source.decode("utf-8", "replace")
    year, month, day = date.split("-")
    address = rf"(?:og:url|canonical)[^<>]{{0,300}}?/{year}[/-]?0?{int(month)}[/-]?0?{int(day)}(?=[-_/.])"
    key = r"""(?:datePublished|published_time|pubdate|datetime|itemprop=["']date)[^<>]{0,60}?"""
    return bool(re.search(key + re.escape(date), page) or re.search(address, page))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="gold.json and pages/")
    folder = parser.parse_args().folder
    gold = list(json.loads((folder / "gold.json").read_text(encoding="utf-8")).values())
    half = [int(hashlib.sha256(page["file"].encode()).hexdigest(), 16) % 2 for page in gold]
    found = {name: [] for name in READERS}
    for page in gold:
        data = (folder / "pages" / page["file"]).read_bytes()
        for name, reader in READERS.items():
            found[name].append(reader(data))
    print(f"{'pages':<18}{'reader':<14}" + "".join(f"{name:>11}" for name in ("precision", "recall", "f1", *FIELDS)))
    behind = []
    for what, wanted in (("all", (0, 1)), ("tuned on", (0,)), ("held out", (1,))):
        rows = {}
        for name in READERS:
            pairs = [(a, g) for a, g, h in zip(found[name], gold, half, strict=True) if h in wanted]
            rows[name] = scores(pairs)
            print(
                f"{f'{what} ({len(pairs)})':<18}{name:<14}"
                + "".join(f"{value:>11.4f}" for value in rows[name].values())
            )
        behind += [f"{key} on {what}" for key in ("f1", *FIELDS) if rows["allegedly"][key] < rows["trafilatura"][key]]
    for name in READERS:
        unknown = [(page, answer.date) for page, answer in zip(gold, found[name], strict=True) if not page["date"]]
        given = [(folder / "pages" / page["file"], date) for page, date in unknown if date]
        invented = [path.name for path, date in given if not stated(path.read_bytes(), date)]
        print(
            f"{name}: of {len(unknown)} pages whose gold has no date {len(given)} got one; "
            f"{len(invented)} of these dates the page does not state: {', '.join(invented) or 'none'}"
        )
    print("behind trafilatura: " + (", ".join(behind) or "nowhere"))
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main())
