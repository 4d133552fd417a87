"""Eight texts that tools stumble over, each with labels of all layers and parts; records of these, and a release."""

import json

import pytest

from allegedly.builders.text.articles import article
from allegedly.schemas.derive import numbered, sentence_classes
from allegedly.schemas.records import (
    Annotator,
    Attribution,
    Block,
    Claim,
    Labels,
    Origin,
    Record,
    Span,
    Speculation,
    Vote,
)

#: Each with source, cue, content (its first words are the extent of a claim), cue and scope of a speculation.
TEXTS = {
    "plain": "Mayor Orla Brandt said the new bridge may open in June.",
    "emoji-first": "🌊🌊 👩‍👩‍👧 Orla Brandt said 🌉 the new bridge may 🤞 open in June 🎉.",
    "nested": "Orla Brandt said that Ivo Lind said that the council said the new bridge may open in June.",
    "crossing": "The bridge, said Orla Brandt, may open in June or July, and the ferry stops then.",
    "discontinuous": "The new bridge, Orla Brandt said on Monday, may open, she hopes, in June.",
    "white-space": "\tOrla\xa0Brandt said\r\nthe new\u2028bridge, cafe\u0301 and all,\r\n\tmay open in June. ",
    "html": "Orla Brandt said <b>5 &lt; 6</b> &amp; the new bridge may open in June.",
    "right-to-left": "אורלה ברנדט אמרה כי הגשר החדש may ייפתח ביוני، وقالت إن الجسر جديد.",
}


def at(text, *words):
    """A part: the first places of words, each behind the one before."""
    spans, start = [], 0
    for word in words:
        start = text.index(word, start)
        spans.append(Span(start, start + len(word)))
        start += len(word)
    return tuple(spans)


def _labels(name: str, text: str) -> Labels:
    """Labels of all layers, with every part, attribute and link, and one that says nothing but its extent."""
    may = at(text, "may")
    rest = (Span(may[0].start, len(text.rstrip()) - 1),)
    content, source, cue = rest, at(text, "Brandt" if name != "right-to-left" else "ברנדט"), ()
    if name == "discontinuous":
        content = at(text, "The new bridge", "may open", "in June")
        rest = at(text, "The new bridge", "may open", "in June")
    elif name == "crossing":
        content, rest = at(text, "The bridge", "may open in June"), at(text, "in June or July")
    elif name == "white-space":
        content = at(text, "the new\u2028bridge, cafe\u0301", "\tmay open in June. ")
    if "said" in text:
        cue = at(text, "said")
    said = Attribution(
        id="a1",
        source=source,
        cue=cue,
        content=content,
        speaker=source,
        form="indirect",
        act="speech",
        negated=False,
        source_kind="named_person",
        by="amy",
        scheme="allegedly-1",
    )
    hoped = Attribution(
        id="a2",
        source=(),
        cue=None,
        content=rest,
        speaker=None,
        act="belief",
        negated=True,
        parent="a1",
        by="amy",
        scheme="own",
    )
    nested = Attribution(
        id="a3", source=(), cue=may, content=rest, speaker=source, parent="a2", by="amy", scheme="allegedly-1"
    )
    claims = (
        Claim(
            id="c1",
            extent=content,
            kind="event",
            worth="check_worthy",
            certainty="possible",
            polarity="positive",
            claimer="a1",
            by="amy",
            confidence=0.75,
            scheme="allegedly-1",
        ),
        Claim(id="c2", extent=content, kind="prediction", claimer="a2", by="amy", scheme="allegedly-1"),
        Claim(id="c3", extent=content[:1], worth="unimportant", claimer="unresolved", by="amy", scheme="allegedly-1"),
    )
    speculations = (
        Speculation(
            id="s1",
            cue=may,
            scope=rest,
            kind="epistemic",
            certainty="possible",
            holder="a1",
            by="amy",
            scheme="allegedly-1",
        ),
        Speculation(id="s2", cue=may, scope=None, by="amy", scheme="cues-only"),
        Speculation(id="s3", cue=(), scope=rest, holder="a3", by="amy", scheme="allegedly-1"),
    )
    return Labels(claims=claims, speculations=speculations, attributions=(said, hoped, nested))


def record(name: str) -> Record:
    """The record of one of the texts."""
    text = TEXTS[name]
    blocks = [Block(kind="paragraph", start=0, end=len(text))]
    made = article(text, Origin(file_name=f"{name}.txt"), blocks=blocks, language="en")
    labels = numbered(_labels(name, text), made)
    vote = Vote(annotator=Annotator(id="amy", kind="human"), labels=labels)
    return Record(article=made, labels=labels, sentences=sentence_classes(made, labels), votes=(vote,))


@pytest.fixture(scope="session")
def hard():
    """The records of all eight texts."""
    return [record(name) for name in TEXTS]


@pytest.fixture(scope="session")
def hard_release(hard, tmp_path_factory):
    """A release of them."""
    from allegedly.builders import importing

    out = tmp_path_factory.mktemp("hard") / "release"
    importing.write(iter(hard), out, name="hard")
    return out


@pytest.fixture(scope="session")
def shipped_records(root):
    """The records of the release in ``dataset/``."""
    from allegedly.schemas import stored

    return list(stored.records(root / "dataset"))


def dump(path, value):
    """A value as a file of JSON."""
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path
