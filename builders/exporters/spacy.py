"""spaCy's DocBin: an article a Doc, with its words, sentences, and groups of spans for its labels.

Writes ``train.spacy``, ``validation.spacy`` and ``test.spacy``; `DocBin().from_disk(file).get_docs(nlp.vocab)` reads them
without code of ours. ``doc.text`` is the text of the article. Groups of ``doc.spans``: ``claims``, ``speculations`` (cues),
``scopes``, ``attributions`` (``source``, ``cue``, ``content``) and ``speakers``, where they are annotated; the ``id_`` of a
span is that of its label, so that parts and pieces are found again, and spans may overlap. ``doc.user_data`` holds
``labels``, as `allegedly label` prints them, with all attributes and links, and article, split and group: nothing is lost. A
span that ends inside a word takes all of it. Needs the extra ``spacy``.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.builders.exporters._tagging import NAMES, parts_of
from allegedly.builders.labellers._tokens import word_spans
from allegedly.builders.text.markup import masked
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Article, Record

if TYPE_CHECKING:
    from spacy.tokens import Doc

#: What ``--out`` names.
PATH = "folder"
#: The group of spans that the parts of a kind stand in.
GROUPS = {
    ("claims", "extent"): "claims",
    ("speculations", "cue"): "speculations",
    ("speculations", "scope"): "scopes",
    ("attributions", "source"): "attributions",
    ("attributions", "cue"): "attributions",
    ("attributions", "content"): "attributions",
    ("attributions", "speaker"): "speakers",
}


def write(records: Iterable[Record], path: Path) -> str | None:
    """A file for each split. Says how many spans became longer. UsageError without spaCy."""
    try:
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab
    except ImportError as error:
        raise UsageError("export spacy: needs the extra: pip install 'allegedly[spacy]'") from error
    vocab = Vocab()
    bins: dict[str, DocBin] = {}
    widened = 0
    for record in records:
        split = record.split or "all"
        doc, wider = _doc(record, vocab)
        bins.setdefault(split, DocBin(attrs=["ORTH", "SENT_START"], store_user_data=True)).add(doc)
        widened += wider
    for split, docs in bins.items():
        docs.to_disk(path / f"{split}.spacy")
    return (
        f"{widened:,} spans end inside a word, and take all of it; user_data has them as they are" if widened else None
    )


def _doc(record: Record, vocab: Any) -> "tuple[Doc, int]":
    """An article, and how many of its spans became longer."""
    from spacy.tokens import Doc, Span

    article = record.article
    doc = Doc(vocab, **_tokens(article))
    widened = 0
    groups: dict[str, list[Span]] = {}
    for kind, group in GROUPS.items():
        layer, part = kind
        if parts_of(record, kind) is None:
            continue
        spans = groups.setdefault(group, [])
        for label in getattr(record.labels, layer):
            for start, end in getattr(label, part):
                span = doc.char_span(start, end, label=NAMES[kind], span_id=label.id, alignment_mode="expand")
                spans.append(span)
                widened += (span.start_char, span.end_char) != (start, end)
    for group, spans in groups.items():
        doc.spans[group] = spans
    doc.user_data |= {
        "article_id": article.id,
        "split": record.split,
        "group": record.group,
        "labels": record.labels.to_json(),
    }
    return doc, widened


def _tokens(article: Article) -> dict[str, list[Any]]:
    """Words of the whole text, whether a space follows each, and whether it begins a sentence. What is between words and is
    not one space (markup, line ends) is a token too, so that the text is what it was."""
    text, end = article.text, 0
    words: list[str] = []
    spaces: list[bool] = []
    opening: list[bool] = []

    def take(start: int, stop: int, opens: bool) -> None:
        words.append(text[start:stop])
        spaces.append(False)
        opening.append(opens)

    for start, stop, opens in [*_spans(article), (len(text), len(text), False)]:
        if words and end < start and text[end] == " ":
            spaces[-1], end = True, end + 1
        if end < start:
            take(end, start, False)
        if start < stop:
            take(start, stop, opens)
        end = stop
    return {"words": words, "spaces": spaces, "sent_starts": opening}


def _spans(article: Article) -> Iterator[tuple[int, int, bool]]:
    """Words of sentences, and of what lies between them, and whether each is the first there."""
    text, end = masked(article.text, article.markup), 0
    for start, stop in [*article.sentences, (len(text), len(text))]:
        for left, right in ((end, start), (start, stop)):
            for place, span in enumerate(word_spans(text, left, right)):
                yield *span, place == 0
        end = stop
