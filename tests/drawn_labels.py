"""Articles and labels of any sort that are valid, as strategies of Hypothesis."""

from itertools import pairwise

from hypothesis import strategies as st

from allegedly.builders.annotations.draft_words import LISTED
from allegedly.schemas.derive import article_id
from allegedly.schemas.records import LABELS, LINK, Article, Block, Labels, Origin, Span
from allegedly.schemas.schema import values

TOKENS = """he said may that Holt's the players' U.S. Mr. 'em don't #1-3 = =a1 - ? ?! @ @@ A | \\ [sic] [ ] … + ++ ** A** _it_"""
PIECES = [
    *TOKENS.split(),
    *" \n\t\"'“”‘’„«».,;-#=?@|\\[]…+aZ9é😀\xa0\x00\x85\u2028\u200b\ufeff\u0301",
    *(" ", "\n\n", " + ", ". ", '" ', ' "', "**"),
]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join) | st.text(min_size=1, max_size=40)
WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6)


@st.composite
def articles(draw):
    """An article whose blocks and sentences are cut anywhere, with ``**`` as markup."""
    text = draw(TEXTS)
    bounds = sorted({0, len(text), *draw(st.lists(st.integers(0, len(text)), max_size=6))})
    pairs = list(pairwise(bounds))
    blocks = tuple(
        Block(kind=draw(st.sampled_from(("paragraph", "byline", "title"))), start=a, end=b) for a, b in pairs
    )
    sentences = tuple(Span(a, b) for a, b in pairs if draw(st.booleans()))
    markup = tuple(Span(at, at + 2) for at in range(0, len(text) - 1, 2) if text[at : at + 2] == "**")
    return Article(
        id=article_id(text),
        text=text,
        origin=Origin(file_name="a.txt"),
        blocks=blocks,
        sentences=sentences,
        markup=markup,
    )


@st.composite
def parts(draw, article, *, null=True, least=0):
    """A part: spans in order that begin and end anywhere but in markup; None, or none."""
    if null and draw(st.integers(0, 5)) == 0:
        return None
    free = [at for at in range(len(article.text)) if not any(start <= at < end for start, end in article.markup)]
    if not free:
        return ()
    count = draw(st.integers(least, 3))
    ends = sorted(draw(st.lists(st.sampled_from(free), min_size=2 * count, max_size=2 * count, unique=False)))
    spans = [Span(a, b + 1) for a, b in zip(ends[::2], ends[1::2], strict=True)]
    return tuple(span for before, span in pairwise([Span(0, 0), *spans]) if span.start >= before.end)


@st.composite
def labels_of(draw, article):
    """Labels of an article in any order, as an annotation file may hold them."""
    ids = [f"a{number}" for number in draw(st.permutations(range(1, draw(st.integers(1, 12)))))]
    layers = {}
    for layer, kind in LABELS.items():
        if draw(st.integers(0, 5)) == 0:
            layers[layer] = None
            continue
        names = ids if layer == "attributions" else [f"x{n}" for n in range(draw(st.integers(0, 4)))]
        layers[layer] = tuple(draw(label(article, layer, kind, name, ids)) for name in names)
    return Labels(**layers)


@st.composite
def label(draw, article, layer, kind, name, ids):
    singular = layer.removesuffix("s")
    listed = {key: draw(st.none() | st.sampled_from(values(singular, key))) for key in LISTED[layer]}
    earlier = ids[: ids.index(name)] if layer == "attributions" else ids
    more = {
        LINK[layer]: draw(st.none() | st.just("unresolved") | st.sampled_from([*earlier, "unresolved"])),
        "confidence": draw(st.none() | st.floats(0, 1)),
        "scheme": draw(st.just("allegedly-1") | WORDS),
    }
    if layer == "attributions":
        more["negated"] = draw(st.none() | st.booleans())
        more["speaker"] = draw(parts(article))
    spans = {part: draw(parts(article, null=layer != "claims")) for part in kind.PARTS}
    return kind(id=name, **spans, **listed, **more)


@st.composite
def labelled(draw):
    article = draw(articles())
    return article, draw(labels_of(article))
