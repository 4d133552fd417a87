"""Matching: which annotation belongs to which article of a build.

Conventions: an annotation is matched by article id, else by source id where that is unique, else by the hash of the
text. One that states its sentences is matched by the name of its file too, and may be of another text: what of it has no
place there goes to the ledger. Only what annotations ask for is known of the articles.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from allegedly.builders.annotations.files import Annotation, other_text, refuse
from allegedly.schemas.records import Article, Origin, Rejected

#: The rule of lines about annotations whose article is another one by now: they are no votes.
OTHER_TEXT = "annotation-of-other-text"


@dataclass(slots=True)
class Known:
    """What a build holds of what annotations ask for: final ids by text, in order of copies; final ids by source id;
    texts by file name, and final ids of files with sentences stated; the rules by which texts went to the ledger, and
    source ids with the texts of articles that went."""

    copies: dict[str, list[str]] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    of_file: dict[str, list[str]] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    gone_sources: list[tuple[str, str]] = field(default_factory=list)

    def article(self, name: str | None) -> bool:
        """Whether an article of the build has that final id."""
        return name is not None and name in self.copies.get(name.partition("-")[0], ())


@dataclass(slots=True)
class Matches:
    """The annotations of each article, by its final id, and those that go to the ledger."""

    by_article: dict[str, list[Annotation]] = field(default_factory=dict)
    ledger: list[Rejected] = field(default_factory=list)


def matched(annotations: Sequence[Annotation], known: Known, automatic: Mapping[str, Sequence[str]]) -> Matches:
    """Which annotation belongs to which article. ``automatic`` holds the layers of each automatic annotator.

    DataError for one that fits no article, was made for another text, or says again what its annotator has said.
    """
    index = _Index(known)
    out, wrong, strays = Matches(), [], []
    for annotation in annotations:
        target = index.target(annotation)
        if isinstance(target, str):
            wrong.append(target)
        elif isinstance(target, Rejected):
            out.ledger.append(target)
        elif target[1]:
            out.by_article.setdefault(target[0], []).append(annotation)
        else:
            strays.append((target[0], annotation))
    for article_id, annotation in strays:
        own = out.by_article.setdefault(article_id, [])
        if any(_same(annotation, other) for other in own):
            reason = f"annotates a dropped copy of {article_id}, which its annotator has annotated itself"
            out.ledger.append(_line(annotation, "annotation-of-copy", reason, {"article": article_id}))
        else:
            own.append(annotation)
    wrong.extend(_doubles(out.by_article, automatic))
    refuse(wrong)
    _serve_copies(out.by_article, known)
    return out


def not_placed(annotation: Annotation, article: Article) -> Rejected | None:
    """The line about an annotation of another copy of an article: what of it has no place; None where all of it has.
    Its rule is ``OTHER_TEXT`` where the text is not even nearly the same."""
    if annotation.fits(article):
        return None
    placed = annotation.placed(article)
    if placed.stands and not placed.sentences_lost and not placed.labels_lost:
        return None
    detail = {
        "article": article.id,
        "sentences": placed.sentences,
        "sentences_not_found": placed.sentences_lost,
        "share_not_found": round(placed.share_lost, 4),
        "labels": placed.labels_before,
        "labels_left_out": placed.labels_lost,
    }
    if not placed.stands:
        share = f"{placed.share_lost:.0%} of its {placed.sentences} sentences are not found"
        reason = f"was made for another text of {article.origin.file_name}: {share}, so none of its labels are taken"
        return _line(annotation, OTHER_TEXT, reason, detail)
    reason = f"was made for another copy of {article.origin.file_name}: {placed}"
    return _line(annotation, "annotation-of-other-copy", reason, detail)


def _same(left: Annotation, right: Annotation) -> bool:
    return left.annotator.id == right.annotator.id and bool(set(left.layers) & set(right.layers))


def _doubles(by_article: Mapping[str, list[Annotation]], automatic: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for article_id, annotations in by_article.items():
        seen: dict[tuple[str, str], str] = {
            (by, layer): f"the labeller {by!r} of this build" for by, layers in automatic.items() for layer in layers
        }
        for annotation in annotations:
            for layer in annotation.layers:
                key = (annotation.annotator.id, layer)
                if key in seen:
                    yield (
                        f"{annotation.shown}: {annotation.annotator.id!r} annotates the {layer} of article {article_id} "
                        f"a second time, after {seen[key]}; keep one of them, or give the second another annotator id"
                    )
                seen.setdefault(key, annotation.shown)


def _serve_copies(by_article: dict[str, list[Annotation]], known: Known) -> None:
    """Exact copies without annotations of their own get those of the first copy that has some."""
    for names in known.copies.values():
        having = next((name for name in names if by_article.get(name)), None)
        if having is None:
            continue
        for name in names:
            if not by_article.get(name):
                by_article[name] = by_article[having]


def _line(annotation: Annotation, rule: str, reason: str, detail: dict[str, Any]) -> Rejected:
    origin = Origin(file_name=annotation.shown, sha256=annotation.sha256, media_type="application/json")
    return Rejected(origin=origin, stage="annotate", rule=rule, reason=reason, detail=detail)


class _Index:
    """Finds the article of an annotation, or says that there is none."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.sources = {source_id: list(names) for source_id, names in known.sources.items()}
        for source_id, text_id in known.gone_sources:
            self.sources.setdefault(source_id, []).append(f"gone:{text_id}")

    def target(self, annotation: Annotation) -> tuple[str, bool] | Rejected | str:
        """The final id and whether the annotation is that article's own; or a ledger line; or what is wrong."""
        if annotation.article_id is not None and self.known.article(annotation.article_id):
            return self._checked(annotation, annotation.article_id, True)
        by_source = self.sources.get(annotation.source_id or "", [])
        if len(by_source) == 1:
            name = by_source[0]
            if not name.startswith("gone:"):
                return self._checked(annotation, name, True)
            return self._by_text(annotation, name.removeprefix("gone:"), False)
        if annotation.text_id is not None:
            return self._by_text(annotation, annotation.text_id, annotation.article_id is None)
        return self._unknown(annotation)

    def _checked(self, annotation: Annotation, name: str, own: bool) -> tuple[str, bool] | str:
        if annotation.text_id not in (None, name.partition("-")[0]) and not annotation.has_sentences:
            return other_text(annotation, name)
        return name, own

    def _by_text(self, annotation: Annotation, text_id: str, own: bool) -> tuple[str, bool] | Rejected | str:
        if text_id in self.known.copies:
            return self._checked(annotation, text_id, own)
        if text_id in self.known.gone:
            rule = self.known.gone[text_id]
            reason = f"annotates article {text_id}, which went to the ledger ({rule})"
            return _line(annotation, "annotation-of-rejected", reason, {"article": text_id, "rule": rule})
        return self._unknown(annotation)

    def _unknown(self, annotation: Annotation) -> tuple[str, bool] | Rejected | str:
        name = annotation.article_id or annotation.source_id or annotation.text_sha256
        if annotation.has_sentences:
            same_file = self.known.of_file.get(annotation.file_name or "", [])
            if len(same_file) == 1:
                return same_file[0], True
            reason = (
                f"annotates article {name} of {annotation.file_name}, and no article of this build has that id or file"
            )
            return _line(annotation, "annotation-of-missing", reason, {"article": name})
        if annotation.file_name in self.known.files:
            now = self.known.files[annotation.file_name]
            return (
                f"{annotation.shown}: was made for {annotation.file_name} as article {name}, whose text has changed: "
                f"it is article {now} now; annotate it as it is now, or put the former text back"
            )
        made = f"was made for {annotation.file_name} as" if annotation.file_name else "is of"
        return (
            f"{annotation.shown}: {made} article {name}, and no article of this build has that id, source id or text; "
            "add its file to the sources, or take the annotation away"
        )
