"""Gold for measuring labellers: small parsers of the public corpora, and the scores in use in the field.

Conventions: offsets are half-open, in code points. Every parser yields ``(Article, Labels)``, in a fixed order, and
needs no importer. Scores are additive counts an article (``Counts``), summed, then turned into one figure, so that an
interval is a resampling of articles. An undefined score is NaN.
PolNeAR: of the documents that several people annotated, the first file by name.

Source: CofeNet, ``exe/eval/evaluation.py`` (exact, begin, Jaccard on contiguous pieces); Morante and Daelemans 2009
(percentage of correct scopes); CoNLL-2010 shared task (cue and scope); ClaimBuster (three classes).
"""

import csv
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from allegedly.schemas.derive import article_id, sentence_classes
from allegedly.schemas.records import (
    Article,
    Attribution,
    Block,
    Claim,
    Labels,
    Origin,
    Part,
    Prediction,
    Span,
    Speculation,
)

CORPORA = Path(os.environ.get("ALLEGEDLY_SHARED", Path(__file__).parent.parent.parent / "shared")) / "corpora"
Gold = tuple[Article, Labels]


def _article(
    name: str, text: str, blocks: Sequence[Block], sentences: Sequence[Span] | None = None, language: str = "en"
) -> Article:
    """An article of a corpus; without sentences of its own it gets ours."""
    if sentences is None:
        from allegedly.builders.text.sentences import sentences as split

        sentences = split(text, tuple(blocks), language=language)
    return Article(
        id=article_id(text),
        source_id=name,
        text=text,
        language=language,
        origin=Origin(file_name=name),
        blocks=tuple(blocks),
        sentences=tuple(sentences),
    )


def paragraphs(text: str) -> tuple[Block, ...]:
    """Lines with words as blocks: title, lead, paragraphs."""
    spans = [match.span() for match in re.finditer(r"\S[^\n]*", text)]
    kinds = ("title", "lead", *("paragraph",) * len(spans))
    return tuple(
        Block(kind=kind, start=start, end=start + len(text[start:end].rstrip()))
        for kind, (start, end) in zip(kinds, spans, strict=False)
    )


def polnear(root: Path = CORPORA / "polnear", split: str = "dev") -> Iterator[Gold]:
    """PolNeAR, brat standoff: attributions alone, in the order of file names."""
    for path in sorted((root / "data" / split / "text").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        files = sorted((root / "data" / split / "attributions").glob(f"{path.stem}_????.ann"))
        yield _article(path.stem, text, paragraphs(text)), Labels(attributions=_brat(files[0].read_text("utf-8"), text))


def _brat(standoff: str, text: str) -> tuple[Attribution, ...]:
    spans: dict[str, Part] = {}
    for key, body in re.findall(r"^(T\d+)\t\S+ ([\d ;]+)\t", standoff, re.MULTILINE):
        pairs = sorted(tuple(map(int, pair.split())) for pair in body.split(";"))
        spans[key] = tuple(Span(start, end) for start, end in pairs)
    found = []
    for line in re.findall(r"^E\d+\t(.*)$", standoff, re.MULTILINE):
        roles: dict[str, list[Span]] = {"Source": [], "Cue": [], "Content": []}
        for role, key in re.findall(r"(\S+?)2?:(T\d+)", line):
            if role in roles:
                roles[role].extend(spans.get(key, ()))
        source, cue, content = (tuple(sorted(set(roles[role]))) for role in ("Source", "Cue", "Content"))
        found.append(Attribution(source=source, cue=cue, content=content, by="gold", scheme="polnear"))
    return tuple(found)


def german_quotes(root: Path = CORPORA / "german-news-quotes", split: str = "dev") -> Iterator[Gold]:
    """German News Quotes: direct speech alone, with speaker and cue, in the order of file names."""
    for path in sorted((root / "data" / split).glob("**/*.json")):
        found = json.loads(path.read_text("utf-8"))
        text = found["originalText"]
        direct = [a for a in found["annotations"] if a["type"] == "Direct"]
        labels = tuple(
            Attribution(
                source=_spans(a["speaker"]),
                cue=_spans(a["cue"]),
                content=_spans(a["quote"]),
                form="direct",
                by="gold",
                scheme="german-news-quotes",
            )
            for a in direct
        )
        yield _article(path.stem, text, paragraphs(text), language="de"), Labels(attributions=labels)


def _spans(role: dict | None) -> Part:
    return tuple(sorted({Span(span["charBegin"], span["charEnd"]) for span in (role or {}).get("spans", ())}))


def bioscope(path: Path = CORPORA / "bioscope" / "abstracts.xml") -> Iterator[Gold]:
    """BioScope abstracts: cues and scopes of speculation, with the corpus's own sentences."""
    for document in ElementTree.parse(path).iter("Document"):
        text = ""
        blocks: list[Block] = []
        sentences: list[Span] = []
        marks: list[Speculation] = []
        for part in document.iter("DocumentPart"):
            text += "\n\n" if text else ""
            begin = len(text)
            for sentence in part.iter("sentence"):
                text += " " if len(text) > begin else ""
                start = len(text)
                cues: dict[str, list[Span]] = {}
                scopes: dict[str, Span] = {}
                text += _xml_text(sentence, start, cues, scopes)
                sentences.append(Span(start, len(text)))
                for key, spans in cues.items():
                    scope = (scopes[key],) if key in scopes else ()
                    marks.append(Speculation(cue=tuple(sorted(spans)), scope=scope, by="gold", scheme="bioscope"))
            if len(text) > begin:
                kind = "title" if part.get("type") == "Title" else "paragraph"
                blocks.append(Block(kind=kind, start=begin, end=len(text)))
        yield _article(document.findtext("DocID", ""), text, blocks, sentences), Labels(speculations=tuple(marks))


def _xml_text(node: ElementTree.Element, at: int, cues: dict[str, list[Span]], scopes: dict[str, Span]) -> str:
    """The text of an element that stands at an offset; speculation cues and scopes are added to the tables."""
    text = node.text or ""
    for child in node:
        start = at + len(text)
        text += _xml_text(child, start, cues, scopes)
        if child.tag == "xcope":
            scopes[child.get("id", "")] = Span(start, at + len(text))
        elif child.tag == "cue" and child.get("type") == "speculation":
            cues.setdefault(child.get("ref", ""), []).append(Span(start, at + len(text)))
        text += child.tail or ""
    return text


def sfu(root: Path = CORPORA / "sfu-review") -> Iterator[Gold]:
    """SFU Review: cues and scopes of speculation (the scope leaves its cue out), words set with plain spacing."""
    for path in sorted(root.glob("*/*.xml")):
        words = _Words()
        for number, paragraph in enumerate(ElementTree.parse(path).iter("P")):
            for sentence in paragraph.iter("SENTENCE"):
                words.sentence(sentence, number)
        marks = [
            Speculation(
                cue=words.part(key), scope=words.part(words.scope_of.get(key, "")), by="gold", scheme="sfu-review"
            )
            for key in words.cues
        ]
        name = f"{path.parent.name}/{path.stem}"
        yield _article(name, words.text, words.blocks, words.sentences), Labels(speculations=tuple(marks))


class _Words:
    """Words of one SFU document as a text, with the words that each cue and scope holds."""

    def __init__(self) -> None:
        self.text = ""
        self.blocks: list[Block] = []
        self.sentences: list[Span] = []
        self.cues: list[str] = []
        self.scope_of: dict[str, str] = {}
        self.spans: dict[str, list[Span]] = {}
        self.number = -1

    def sentence(self, node: ElementTree.Element, paragraph: int) -> None:
        start = len(self.text)
        self._walk(node, [], start)
        begin = start + len(self.text[start:]) - len(self.text[start:].lstrip())
        if begin == len(self.text):
            return
        self.sentences.append(Span(begin, len(self.text)))
        if paragraph == self.number:
            self.blocks[-1] = Block(kind="paragraph", start=self.blocks[-1].start, end=len(self.text))
        else:
            self.blocks.append(Block(kind="paragraph", start=begin, end=len(self.text)))
        self.number = paragraph

    def _walk(self, node: ElementTree.Element, inside: list[str], start: int) -> None:
        for child in node:
            key = child.get("ID", "")
            if child.tag == "W":
                word = child.text or ""
                close = re.match(r"[.,;:!?)\]%]+$|['’]\w{1,2}$|n['’]t$", word) or self.text.endswith(("(", "$"))
                if self.text:
                    self.text += "\n" if len(self.text) == start else "" if close else " "
                for name in inside:
                    self.spans.setdefault(name, []).append(Span(len(self.text), len(self.text) + len(word)))
                self.text += word
            elif child.tag == "cue":
                speculation = child.get("type") == "speculation"
                if speculation and key not in self.cues:
                    self.cues.append(key)
                self._walk(child, [*inside, f"cue {key}"], start)
            elif child.tag == "xcope":
                for ref in child.iter("ref"):
                    self.scope_of.setdefault(ref.get("SRC", ""), f"scope {key}")
                self._walk(child, [*inside, f"scope {key}"], start)
            else:
                self._walk(child, inside, start)

    def part(self, key: str) -> Part:
        """The words of a cue or a scope, neighbours joined."""
        joined: list[Span] = []
        for span in sorted(self.spans.get(key if key.startswith("scope") else f"cue {key}", [])):
            if joined and not self.text[joined[-1].end : span.start].strip():
                joined[-1] = Span(joined[-1].start, span.end)
            else:
                joined.append(span)
        return tuple(joined)


WORTH = {"1": "check_worthy", "0": "unimportant"}


def claimbuster(path: Path = CORPORA / "claimbuster" / "crowdsourced.csv") -> Iterator[Gold]:
    """ClaimBuster crowdsourced: one article a debate, one line a sentence, claims are whole sentences."""
    debates: dict[str, list[tuple[int, str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            line = (int(row["Line_number"]), " ".join(row["Text"].split()), row["Verdict"])
            debates.setdefault(row["File_id"], []).append(line)
    for name, rows in sorted(debates.items()):
        text = ""
        sentences, claims = [], []
        for _, words, verdict in sorted(rows, key=lambda row: row[0]):
            text += "\n" if text else ""
            span = Span(len(text), len(text) + len(words))
            text += words
            sentences.append(span)
            if verdict in WORTH:
                claims.append(Claim(extent=(span,), worth=WORTH[verdict], by="gold", scheme="claimbuster"))
        blocks = [Block(kind="paragraph", start=span.start, end=span.end) for span in sentences]
        yield _article(name, text, blocks, sentences), Labels(claims=tuple(claims))


def fold(items: Sequence, at: int, folds: int = 5) -> tuple[list, list]:
    """The items outside fold ``at`` and those inside it; an item's fold is its place modulo the number of folds."""
    return [x for n, x in enumerate(items) if n % folds != at], [x for n, x in enumerate(items) if n % folds == at]


# -- scores: counts an article, then one figure -------------------------------------------------------------------


def top(labels: Sequence[Attribution] | None) -> list[Attribution]:
    """The attributions that lie in no other: the only ones that PolNeAR marks."""
    return [label for label in labels or () if label.parent is None]


def pieces(labels: Sequence, part: str) -> list[Span]:
    """The contiguous pieces of a part over all labels, each once, in order."""
    return sorted({span for label in labels for span in getattr(label, part) or ()})


def overlap_counts(gold: Sequence, found: Sequence) -> np.ndarray:
    """[right, gold, found] by equality, duplicates once."""
    return np.array([len(set(gold) & set(found)), len(set(gold)), len(set(found))], dtype=np.float64)


def exact(gold: Labels, found: Labels, part: str) -> np.ndarray:
    """CofeNet exact: pieces that are equal."""
    return overlap_counts(pieces(top(gold.attributions), part), pieces(top(found.attributions), part))


def begin(gold: Labels, found: Labels, part: str) -> np.ndarray:
    """CofeNet begin-match: pieces whose first character is the same."""
    starts = [[span.start for span in pieces(top(x.attributions), part)] for x in (gold, found)]
    return overlap_counts(*starts)


def jaccard(gold: Labels, found: Labels, part: str) -> np.ndarray:
    """CofeNet Jaccard: [sum, number]; a gold piece counts its best intersection over hull, a found one that touches no
    gold counts 0."""
    left, right = pieces(top(gold.attributions), part), pieces(top(found.attributions), part)
    total, alone = 0.0, 0
    for a in left:
        total += max((_hull(a, b) for b in right if a.start < b.end and b.start < a.end), default=0.0)
    for b in right:
        alone += not any(a.start < b.end and b.start < a.end for a in left)
    return np.array([total, len(left) + alone])


def _hull(a: Span, b: Span) -> float:
    return (min(a.end, b.end) - max(a.start, b.start)) / (max(a.end, b.end) - min(a.start, b.start))


def characters(part: Part | None) -> set[int]:
    """The offsets that a part covers."""
    return {at for start, end in part or () for at in range(start, end)}


def triples(gold: Labels, found: Labels) -> np.ndarray:
    """Whole triples, [right, gold, found]: content at Jaccard 0.5 or more, source and cue overlap or are both empty,
    one to one."""
    golds, founds = top(gold.attributions), top(found.attributions)
    free = [(label, *(characters(getattr(label, part)) for part in ("source", "cue", "content"))) for label in founds]
    right = 0
    for label in golds:
        source, cue, content = (characters(getattr(label, part)) for part in ("source", "cue", "content"))
        best, at = 0.0, -1
        for n, (_, other_source, other_cue, other_content) in enumerate(free):
            shared = len(content & other_content)
            if not shared or not _agree(source, other_source) or not _agree(cue, other_cue):
                continue
            score = shared / len(content | other_content)
            if score >= 0.5 and score > best:
                best, at = score, n
        if at >= 0:
            right += 1
            del free[at]
    return np.array([right, len(golds), len(founds)], dtype=np.float64)


def _agree(a: set[int], b: set[int]) -> bool:
    return bool(a & b) or (not a and not b)


def direct(gold: Labels, found: Labels) -> np.ndarray:
    """Direct speech by its pieces: [gold pieces found at Jaccard 0.5 or more, gold, found pieces that are gold likewise,
    found]."""
    left, right = (pieces(labels.attributions or (), "content") for labels in (gold, found))
    hits = [(a, b) for a in left for b in right if a.start < b.end and b.start < a.end and _hull(a, b) >= 0.5]
    counts = (len({a for a, _ in hits}), len(left), len({b for _, b in hits}), len(right))
    return np.array(counts, dtype=np.float64)


def beside(gold: Labels, found: Labels, part: str, equal: bool) -> np.ndarray:
    """Source or cue of direct speech, [right, gold, found]: for a piece of content that both have, the part that goes
    with it is equal, or overlaps."""
    left, right = (
        {span: getattr(label, part) for label in labels.attributions or () for span in label.content or ()}
        for labels in (gold, found)
    )
    same = [(left[span], right[span]) for span in left.keys() & right.keys() if left[span]]
    right_ones = sum(a == b if equal else bool(characters(a) & characters(b)) for a, b in same)
    counts = (right_ones, sum(map(bool, left.values())), sum(map(bool, right.values())))
    return np.array(counts, dtype=np.float64)


def cues(gold: Labels, found: Labels) -> np.ndarray:
    """Speculation cues that are equal, [right, gold, found]."""
    return overlap_counts(*([label.cue for label in x.speculations or ()] for x in (gold, found)))


def scopes(gold: Labels, found: Labels, text: str, strip: bool = False) -> np.ndarray:
    """Cue and scope both right, [right, gold, found]; with ``strip`` the cue is taken out of both scopes first."""
    return overlap_counts(*([(x.cue, bare(x, text, strip)) for x in y.speculations or ()] for y in (gold, found)))


def scopes_given_cues(gold: Labels, found: Labels, text: str, strip: bool = False) -> np.ndarray:
    """Percentage of correct scopes: [right, number] over the gold cues, each of which ``found`` holds."""
    have = {x.cue: bare(x, text, strip) for x in found.speculations or ()}
    marks = gold.speculations or ()
    return np.array([sum(have.get(x.cue) == bare(x, text, strip) for x in marks), len(marks)], dtype=np.float64)


def scope_tokens(gold: Labels, found: Labels, text: str, strip: bool = False) -> np.ndarray:
    """Words inside any scope, [right, gold, found]."""
    left, right = (
        {at for label in x.speculations or () for at in _words(bare(label, text, strip), text)} for x in (gold, found)
    )
    return overlap_counts(sorted(left), sorted(right))


def _words(part: Part, text: str) -> Iterator[int]:
    for start, end in part:
        yield from (start + match.start() for match in re.finditer(r"\w+|[^\w\s]", text[start:end]))


def bare(label: Speculation, text: str, strip: bool) -> Part:
    """The scope without punctuation and white space at the ends of its spans; with ``strip`` without the cue too."""
    spans = list(label.scope or ())
    for cue in label.cue or () if strip else ():
        cut = []
        for span in spans:
            if cue.start >= span.end or cue.end <= span.start:
                cut.append(span)
                continue
            cut += [Span(span.start, cue.start), Span(cue.end, span.end)]
        spans = cut
    trimmed = []
    for start, end in spans:
        while start < end and not text[start].isalnum():
            start += 1
        while end > start and not text[end - 1].isalnum():
            end -= 1
        if end > start:
            trimmed.append(Span(start, end))
    return tuple(trimmed)


CLASSES = ("no_claim", "unimportant", "check_worthy")


def claims(article: Article, gold: Labels, found: Labels) -> np.ndarray:
    """[right, gold, found] for each of the three classes of a sentence, one after another."""
    pairs = [
        (a.claim, b.claim)
        for a, b in zip(sentence_classes(article, gold), sentence_classes(article, found), strict=True)
        if a.claim is not None
    ]
    return np.array(
        [
            count
            for name in CLASSES
            for count in (
                sum(a == b == name for a, b in pairs),
                sum(a == name for a, _ in pairs),
                sum(b == name for _, b in pairs),
            )
        ],
        dtype=np.float64,
    )


def ranked(article: Article, gold: Labels, prediction: Prediction) -> tuple[np.ndarray, np.ndarray]:
    """For each sentence: whether it is check-worthy, and its score (NaN where there is none)."""
    scores = {s.start: (s.scores or {}).get("check_worthy") for s in prediction.sentences or ()}
    truth = np.array([s.claim == "check_worthy" for s in sentence_classes(article, gold)], dtype=bool)
    values = [scores.get(span.start) for span in article.sentences]
    return truth, np.array([np.nan if value is None else value for value in values])


def average_precision(truth: np.ndarray, scores: np.ndarray) -> float:
    """Area under precision and recall as a step function, equal scores taken together; NaN without a positive or
    with a sentence that has no score."""
    if not truth.any() or np.isnan(scores).any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    truth, scores = truth[order], scores[order]
    last = np.flatnonzero(np.append(np.diff(scores) != 0, True))
    right = np.cumsum(truth)[last]
    return float(np.sum(np.diff(np.append(0, right)) * right / (last + 1)) / truth.sum())


def f1(total: np.ndarray) -> float:
    """F1 of [right, gold, found]."""
    right, gold, found = total
    return float("nan") if gold + found == 0 else 2 * right / (gold + found)


def mean(total: np.ndarray) -> float:
    """Mean of [sum, number]."""
    return float("nan") if total[1] == 0 else total[0] / total[1]


def macro(total: np.ndarray) -> float:
    """Mean F1 over the classes."""
    return float(np.mean([f1(total[at : at + 3]) for at in range(0, len(total), 3)]))


def interval(
    counts: np.ndarray, score: Callable[[np.ndarray], float], samples: int = 1000, seed: int = 1
) -> tuple[float, float, float]:
    """The score of all articles, and the ends of its 95 % interval: articles are drawn with replacement. ``counts`` has
    one row an article."""
    draws = np.random.default_rng(seed).multinomial(len(counts), [1 / len(counts)] * len(counts), size=samples)
    values = [score(draw @ counts) for draw in draws]
    low, high = np.nanquantile(values, [0.025, 0.975])
    return score(counts.sum(axis=0)), float(low), float(high)
