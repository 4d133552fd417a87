"""Which article of a release something is about: by the id it gives, else its source id where that is unique, else its text.

Conventions: the text, or its hash, must be that of the article wherever it is given: labels of another text have their
offsets elsewhere.
"""

from allegedly.builders.annotations.given import Articles
from allegedly.schemas.check import Finding
from allegedly.schemas.derive import text_sha256
from allegedly.schemas.records import Article
from allegedly.schemas.schema import shortened


def about(
    articles: Articles,
    *,
    article_id: str | None = None,
    source_id: str | None = None,
    text: str | None = None,
    sha256: str | None = None,
) -> Article | Finding:
    """The article, or what is wrong with what is said of it."""
    if text is not None:
        text = text.encode("utf-8", "replace").decode()
        sha256 = text_sha256(text)
    article = articles.by_id.get(article_id or "")
    if article is None:
        named = articles.by_source_id.get(source_id or "", ())
        article = named[0] if len(named) == 1 else None
    if article is None:
        same = articles.by_text.get(sha256 or "", ())
        article = same[0] if same else None
    if article is None:
        name = article_id or source_id
        found = (
            f"{shortened(name)}, which the release does not have" if name else "a text that the release does not have"
        )
        return Finding("article", found, f"one of its articles: {articles.shown()}")
    if sha256 not in (None, text_sha256(article.text)):
        where = "" if text is None else f" from {_difference(text, article.text)}"
        found = f"another text of article {article.id} than the release has{where}"
        return Finding("text", found, "the text as it was exported; labels of another text stand elsewhere in it")
    return article


def first_difference(text: str, other: str) -> int:
    """The offset from which two texts differ."""
    both = min(len(text), len(other))
    low, high = 0, both
    while low < high:
        middle = (low + high + 1) // 2
        if text[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _difference(text: str, other: str) -> str:
    at = first_difference(text, other)
    words, own = shortened(text[at : at + 20], 40), shortened(other[at : at + 20], 40)
    return f"character {at} on, {words} where that has {own}"
