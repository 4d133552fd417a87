"""What importers of annotation tools share that read labels of articles which a release holds: which article a file is of,
which layers it covers, what is wrong with its marks.

Conventions: a text beside the labels must be the article's, to the letter, but for a byte order mark in front. What an
export kept of each label is an object (`builders.annotations.kept`). Layers: those that the export names, and those of
which the file has something; where no export says anything, those of which any file has something.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from allegedly.builders.annotations import given
from allegedly.builders.annotations.about import about, first_difference
from allegedly.builders.annotations.given import Articles, Given, Note
from allegedly.builders.annotations.kept import Kept, Shown, restored
from allegedly.builders.importers._marks import NAMES, Marked, Scheme, labels
from allegedly.schemas.derive import text_sha256
from allegedly.schemas.records import Article, Problem

#: What each rule of a mark that found no place expects.
EXPECTED = {
    "unknown-type": f"one of {', '.join(NAMES)}",
    "unknown-link": "a link between parts of one label, or from a label to an attribution",
    "unknown-attribute": "an attribute and a value of `docs/guidelines.md`",
    "circle": "parents without a circle",
    "broken-span": "offsets inside the text, and the words that stand there",
    "broken-event": "the id of a `T` line of this file",
    "broken-note": "it as the export wrote it",
    "twice": "an id of its own",
    "loose": "a part that belongs to a label: draw it from the label, or take it away",
}


@dataclass(slots=True)
class Brought:
    """What a file says of one article. ``at`` gives the line of a mark; ``layers`` are those that the export named, None
    where none did."""

    file: str
    article: Article
    marked: Marked
    at: Callable[[str], int | None]
    kept: dict[str, Kept] = field(default_factory=dict)
    layers: tuple[str, ...] | None = None

    def problem(self, name: str, rule: str, reason: str) -> Problem:
        """What is wrong with a mark, for a person who looks at the file."""
        found = f"{name}: {reason[:1].lower()}{reason[1:].rstrip('.')}"
        return Problem(file=self.file, line=self.at(name), path=rule, found=found, expected=EXPECTED[rule])


def beside(text: Path, articles: Articles, article_id: str | None, sha256: str | None, file: str) -> Article | Problem:
    """The article whose text lies in a file, or which ``file`` names where no such text lies there."""
    words = given.verbatim(text) if text.is_file() else None
    if isinstance(words, Problem):
        return words
    if words is not None and words.startswith("\ufeff") and text_sha256(words) not in articles.by_text:
        words = words[1:]
    found = about(articles, article_id=article_id, text=words, sha256=sha256)
    if isinstance(found, Article):
        return found
    line, own = None, articles.by_id.get(article_id or "")
    if words is not None and own is not None:
        line = own.text[: first_difference(words, own.text)].count("\n") + 1
    where = file if words is None else str(text)
    return Problem(file=where, line=line, path=found.path, found=found.found, expected=found.expected)


def settled(brought: Brought, scheme: Scheme, shown: Shown) -> Iterator[Given | Problem | Note]:
    """The labels of an article, or what is wrong with them."""
    places = brought.marked.places()
    own = {layer for layer, _ in places.values()}
    covered = own | (set(brought.layers or ()) or (scheme.layers if own else set()))
    if not covered and not brought.marked.marks and not brought.marked.dropped:
        yield Note(
            brought.file, 1, f"no labels of article {brought.article.id}, and nothing says that it was read: not taken"
        )
        return
    found = labels(brought.marked, Scheme(covered, scheme.joined))
    if brought.marked.dropped:
        yield from (brought.problem(*dropped) for dropped in brought.marked.dropped)
        return
    yield Given(brought.file, brought.article, restored(found, brought.kept, brought.article.text, shown))
