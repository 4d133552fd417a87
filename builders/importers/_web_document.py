"""A document of Web Annotations against the articles of a release: which annotation is of which article, and where it stands."""

import json
import re
from collections.abc import Generator, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from allegedly.builders.annotations.about import about
from allegedly.builders.annotations.given import Articles, Note
from allegedly.builders.annotations.kept import Kept
from allegedly.builders.annotations.web import ARTICLE, LABEL
from allegedly.builders.importers import _web
from allegedly.builders.importers._brought import Brought, beside
from allegedly.builders.importers._marks import Marked
from allegedly.schemas import strict_json
from allegedly.schemas.check import Finding
from allegedly.schemas.records import LAYERS, Article, Json, Problem
from allegedly.schemas.schema import shortened

_ID = re.compile(r'"id"\s*:\s*("(?:[^"\\]|\\.)*")')
_EXPECTED = 'JSON-LD with "type": "Annotation"'


class Document:
    """One file. ``read`` fills ``found``, what it says of each article, and gives what is wrong with the rest."""

    def __init__(self, file: Path, text: str, articles: Articles) -> None:
        self.file, self.text, self.articles = file, text, articles
        self.found: dict[str, Brought] = {}
        self._known: dict[tuple[str, str, str], Article | None] = {}

    def read(self) -> Iterator[Problem | Note]:
        """Goes through the annotations and pages of the document."""
        try:
            value = strict_json.loads(self.text)
            parts = list(_web.objects(value))
        except (ValueError, RecursionError) as error:
            yield Problem(file=str(self.file), found=f"no JSON: {error}", expected=_EXPECTED)
            return
        number = 0
        for part in parts:
            if isinstance(part.get(ARTICLE), dict):
                yield from self._page(part[ARTICLE])
            yield from self._held(part)
            if "Annotation" in _web.listed(part.get("type")):
                number += 1
                yield from self._annotation(f"annotation {number}", part)
        if not number and not self.found:
            yield Problem(file=str(self.file), found="no annotation", expected=_EXPECTED)
        for brought in self.found.values():
            # a label is known by its first mark: that of one that we exported goes before one that was added
            marks = sorted(brought.marked.marks.items(), key=lambda item: item[0] not in brought.kept)
            brought.marked.marks = dict(marks)

    def _held(self, part: Json) -> Iterator[Problem | Note]:
        """What a page or collection holds that is read by nobody: each is a label that would be lost."""
        for key, each in [(name, inner) for name in _web.HELD for inner in _web.listed(part.get(name))]:
            types = _web.listed(each.get("type")) if isinstance(each, dict) else []
            if "Annotation" not in types and not (isinstance(each, dict) and each.keys() & {*_web.HELD}):
                yield Problem(
                    file=str(self.file), path=key, found=shortened(each, 60), expected=f"annotations: {_EXPECTED}"
                )
        if "next" in part:
            found = shortened(part["next"], 60)
            yield self._note(str(part.get("id") or "page"), f"it goes on at {found}, which is not fetched")

    def at(self, name: str) -> int | None:
        """The line of an annotation."""
        return self._lines.get(name)

    @cached_property
    def _lines(self) -> dict[str, int]:
        lines: dict[str, int] = {}
        line, before = 1, 0
        for match in _ID.finditer(self.text):
            line, before = line + self.text.count("\n", before, match.start()), match.start()
            lines.setdefault(str(json.loads(match[1], strict=False)), line)
        for number, match in enumerate(re.finditer('"Annotation"', self.text), 1):
            lines.setdefault(f"annotation {number}", self.text.count("\n", 0, match.start()) + 1)
        return lines

    def _page(self, said: Json) -> Iterator[Problem]:
        """The article of a page, with the layers that it says are annotated."""
        name, sha256, layers = (said.get(key) for key in ("article_id", "text_sha256", "layers"))
        if not isinstance(name, str) or not isinstance(sha256, str) or not isinstance(layers, list):
            expected = "`article_id`, `text_sha256` and `layers`, as the export wrote them"
            yield Problem(file=str(self.file), path=ARTICLE, found=shortened(said), expected=expected)
            return
        article = yield from self._article(f"{name}.txt", name, sha256, None)
        if article is not None:
            self._of(article).layers = tuple(layer for layer in LAYERS if layer in layers)

    def _of(self, article: Article) -> Brought:
        made = Brought(str(self.file), article, Marked(), self.at, {})
        return self.found.setdefault(article.id, made)

    def _annotation(self, name: str, annotation: Json) -> Iterator[Problem | Note]:
        name = str(annotation.get("id") or name)
        kept, wrong = _kept(annotation)
        found = _web.reading(annotation)
        talks = bool(
            _web.TALK.intersection(each for each in _web.listed(annotation.get("motivation")) if _is_text(each))
        )
        if found is None and talks:
            yield self._note(name, "a comment, which labels do not hold")
            return
        if found is None or wrong:
            reason = f"{name}: {wrong or 'its target is not stretches of one text'}"
            expected = "it as the export wrote it" if wrong else "a `target` with a `source` and selectors"
            yield Problem(file=str(self.file), line=self.at(name), path="annotation", found=reason, expected=expected)
        if found is None:
            return
        named = kept.article if kept else _stem(found.address)
        article = yield from self._article(found.address, named, kept.text_sha256 if kept else "", name)
        if article is None:
            return
        brought = self._of(article)
        for words in found.talk:
            yield self._note(name, f"a comment, which labels do not hold: {shortened(words)}")
        if found.kind is None and (talks or (found.talk and not found.tags)):
            return
        fault = _marked(brought, name, found, kept)
        if fault is not None or wrong:
            brought.marked.dropped.append((name, *(fault or ("broken-note", wrong or ""))))

    def _note(self, name: str, message: str) -> Note:
        return Note(str(self.file), self.at(name) or 1, f"{name}: {message}")

    def _article(
        self, address: str, named: str, sha256: str, name: str | None
    ) -> Generator[Problem, None, Article | None]:
        """The article that an address or an id leads to; where there is none, gives the problem, once."""
        key = address, named, sha256
        if key not in self._known:
            text = _web.text_file(self.file.parent, address)
            found: Article | Problem | Finding
            if text is not None:
                found = beside(text, self.articles, named, sha256 or None, str(self.file))
            else:
                found = about(self.articles, article_id=named, source_id=named, sha256=sha256 or None)
            self._known[key] = found if isinstance(found, Article) else None
            if isinstance(found, Problem):
                yield found
            elif not isinstance(found, Article):
                line = self.at(name) if name else None
                yield Problem(
                    file=str(self.file), line=line, path=found.path, found=found.found, expected=found.expected
                )
        return self._known[key]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _stem(address: str) -> str:
    """The name of the file in an address, without its ending."""
    return address.rpartition("/")[2].removesuffix(".txt")


def _kept(annotation: Json) -> tuple[Kept | None, str | None]:
    """What an export kept of the label, and what is wrong with it."""
    if LABEL not in annotation:
        return None, None
    try:
        return Kept.from_json(annotation[LABEL]), None
    except ValueError as error:
        return None, f"`{LABEL}` is broken: {error}"


def _marked(brought: Brought, name: str, found: _web.Reading, kept: Kept | None) -> tuple[str, str] | None:
    """Marks what an annotation stands for; why not, else."""
    if name in brought.marked.marks:
        return "twice", "An id that another annotation has."
    if found.kind is None:
        return "unknown-type", f"No layer has anything named {', '.join(map(repr, found.tags)) or 'nothing'}."
    part = _web.place(found, brought.article.text, whole=kept is not None)
    if isinstance(part, str):
        return "broken-span", part
    _web.mark(found, name, part, brought.marked)
    if kept is not None:
        brought.kept[name] = kept
    return None
