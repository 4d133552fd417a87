"""The heads for real news: decoding of nested attributions, of pieces of claims; and what they learn from."""
# ruff: noqa: E402 -- what needs the runtime is imported where it is there

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("tokenizers")

from allegedly.builders.labellers import _learned_decode as decode
from allegedly.builders.labellers import _learned_heads as heads
from allegedly.builders.labellers import _learned_link as link
from allegedly.builders.labellers import _learned_model as model
from allegedly.builders.labellers import _learned_news as news
from allegedly.builders.labellers._learned_text import NOTHING, Pieces

WIDE = {
    "act": 5,
    "negated": 2,
    "source_kind": 6,
    "claim_kind": 7,
    "claim_worth": 2,
    "claim_certainty": 4,
    "polarity": 3,
}


def pieces_of(words: list[str], sentence: list[int] | None = None) -> tuple[str, Pieces]:
    """A text of words with a space between, each a piece."""
    start = np.cumsum([0, *(len(word) + 1 for word in words)])[:-1]
    number = np.array(sentence or [0] * len(words), dtype=np.int32)
    pieces = Pieces(
        ids=np.arange(len(words)),
        start=start.astype(np.int32),
        end=(start + [len(word) for word in words]).astype(np.int32),
        sentence=number,
        features=np.tile(np.array(NOTHING), (len(words), 1)),
        bounds=np.searchsorted(number, np.arange(number[-1] + 2)).astype(np.int32),
    )
    return " ".join(words), pieces


def silent(count: int) -> dict[str, np.ndarray]:
    """Fields of a network that has nothing to say."""
    fields = {name: np.zeros((count, width)) for name, width in WIDE.items()}
    fields |= {name: np.zeros((count, 8)) for name in ("link_from", "link_to", "inner_from")}
    fields |= {name: np.full((count, 1), -9.0) for name in ("link_none",)}
    return {**fields, "claim_weight": np.zeros((count, 1)), "inner_tags": np.zeros((count, decode.TAGS))}


def marked(count: int, tags: dict[int, int]) -> np.ndarray:
    """Emissions of tags that are sure, and of none elsewhere."""
    out = np.zeros((count, decode.TAGS))
    out[:, 0] = 5.0
    for place, tag in tags.items():
        out[place, tag], out[place, 0] = 20.0, 0.0
    return out


def read(text: str, pieces: Pieces, fields: dict[str, np.ndarray], outer: dict[int, int]):
    """Attributions with their words: (source, cue, content, parent)."""
    count = len(pieces)
    moves = np.zeros((decode.TAGS, decode.TAGS))
    stretches, _ = decode.stretches(decode.chains(marked(count, outer), [(0, count)], moves))
    found = news.attributions(pieces, [(0, count)], fields, stretches, np.zeros(48), moves)

    def words(part):
        return " + ".join(text[start:end] for start, end in part)

    return [(words(a.source), words(a.cue), words(a.content), a.parent) for a in found]


def test_what_lies_in_a_content_is_looked_for_there():
    text, pieces = pieces_of(["Pell", "said", "Holt", "thinks", "it", "leaks", "."])
    fields = silent(len(pieces))
    # source, cue and content of the inner one, and a cue outside of the content that is none
    fields["inner_tags"] = marked(len(pieces), {1: 3, 2: 1, 3: 3, 4: 5, 5: 6})
    outer = {0: 1, 1: 3, 2: 5, 3: 6, 4: 6, 5: 6}
    assert read(text, pieces, fields, outer) == [
        ("Pell", "said", "Holt thinks it leaks", -1),
        ("Holt", "thinks", "it leaks", 0),
    ]


def test_quoted_words_may_have_no_cue():
    stretches = [decode.Stretch("source", 0, 1, 1.0), decode.Stretch("content", 2, 4, 1.0)]
    vectors, quoted = np.zeros((4, 8)), np.array([False, False, True, True])
    sentence, none = np.zeros(4, dtype=int), np.full(4, 3.0)
    (found,) = link.triples(stretches, vectors, vectors, np.zeros(48), sentence, quoted, none)
    assert found.cue is None and found.source == stretches[0] and found.content == (stretches[1],)
    assert link.triples(stretches[1:], vectors, vectors, np.zeros(48), sentence, ~quoted, none) == []
    assert link.triples(stretches, vectors, vectors, np.zeros(48), sentence, quoted) == []


@pytest.mark.parametrize(
    ("words", "parts", "wanted"),
    [
        ("The barge which drifts sank .", [(0, 2, 0), (2, 4, 0), (4, 5, 1)], ["The barge + sank", "which drifts"]),
        ("The train is expected to leave", [(0, 2, 0), (4, 6, 1)], ["The train + to leave"]),
        ("Pumps failed and walls fell", [(0, 2, 0), (3, 5, 0)], ["Pumps failed", "walls fell"]),
        ("failed again", [(0, 2, 1)], ["failed again"]),
    ],
)
def test_pieces_of_a_claim_find_their_beginning(words, parts, wanted):
    text, pieces = pieces_of(words.split())
    stretches = [decode.Stretch(heads.EXTENT[kind], start, end, 1.0) for start, end, kind in parts]
    found = news.claims(pieces, text, silent(len(pieces)), stretches)
    assert [" + ".join(text[start:end] for start, end in claim.extent) for claim in found] == wanted


def test_worth_hangs_on_the_whole_article():
    odds = {0: np.log([0.2, 0.2, 0.6]), 1: np.log([0.7, 0.1, 0.2])}
    text, pieces = pieces_of(["It", "rained"])
    (claim,) = news.claims(pieces, text, silent(2), [decode.Stretch(heads.EXTENT[0], 0, 2, 1.0)])
    found = model.weighed(model.Reading(claims=[replace(claim, worth=0.9)], odds=odds))
    assert found.sentences == {0: pytest.approx((0.6, 0.4, 0.9)), 1: pytest.approx((0.2, 0.4, model.LEAST))}
    assert found.values == [pytest.approx((0.9, 0.6, 0.4))]
    assert found.claims == {0: pytest.approx(0.8), 1: pytest.approx(0.3)}


torch = pytest.importorskip("torch")

from allegedly.builders.training import calibrate_news, data, losses, network, starting, targets
from allegedly.builders.training.export import export
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Article, Attribution, Claim, Labels, Origin, Record, Sentence, Span, Speculation


def a_record() -> tuple[Record, Pieces]:
    """Pell said Holt may lie and warned us ."""
    text, pieces = pieces_of(["Pell", "said", "Holt", "may", "lie", "and", "warned", "us", "."])

    def part(*words: int) -> tuple[Span, ...]:
        return tuple(Span(int(pieces.start[word]), int(pieces.end[word])) for word in words)

    def range_of(first: int, last: int) -> tuple[Span, ...]:
        return (Span(int(pieces.start[first]), int(pieces.end[last])),)

    outer = {"act": "speech", "negated": False, "source_kind": "named_person"}
    labels = Labels(
        attributions=(
            Attribution(id="a1", source=part(0), cue=part(1), content=range_of(2, 4), **outer),
            Attribution(id="a2", source=part(2), cue=part(3), content=part(4), parent="a1", act="belief"),
            Attribution(id="a3", source=part(0), cue=part(6), content=part(7), **outer),
        ),
        speculations=(Speculation(cue=part(3), scope=range_of(3, 4), kind="epistemic", certainty="possible"),),
        claims=(
            Claim(extent=range_of(2, 4), kind="other", worth="check_worthy", certainty="possible", polarity="positive"),
            Claim(extent=part(0, 6), kind="event", worth="unimportant", certainty="certain", polarity="positive"),
        ),
    )
    article = Article(id="0" * 16, text=text, origin=Origin(file_name="a.txt"), sentences=(Span(0, len(text)),))
    return Record(
        article=article, labels=labels, sentences=(Sentence(start=0, end=len(text), claim="check_worthy"),)
    ), pieces


def test_targets_of_an_article_of_news():
    record, pieces = a_record()
    found = targets.news(pieces, record)
    assert found.outer_tags.tolist() == [1, 3, 5, 6, 6, 0, 3, 5, 0]
    assert found.outer_links.tolist() == [1, -2, 1, -2, -2, -2, -2, 6, -2]
    assert found.inner_tags.tolist() == [0, 0, 1, 3, 5, 0, 0, 0, 0]
    assert found.doubt_tags.tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0] and found.doubt_scopes == ((3, 3, 4),)
    assert found.claim_tags.tolist() == [1, 0, 1, 2, 2, 0, 3, 0, 0]
    assert found.classes.tolist() == [2]
    assert {name for item in found.named for name in item.values} == set(heads.NAMED)


def test_every_head_for_news_learns():
    record, pieces = a_record()
    example = data.Example(pieces, abstract=False, debate=False, news=targets.news(pieces, record))
    torch.manual_seed(1)
    net = network.Network(1, 0, width=24, heads=2, vocabulary=300)
    parts = losses.losses(net, losses.batch([data.Window(example, 0, len(pieces))]))
    assert {"outer", "outer_link", "inner", "doubt", "doubt_scope"} <= set(parts)
    assert {"extent", "named", "class", "debate"} <= set(parts)
    sum(parts.values()).backward()
    rows = dict(zip(network.FIELDS, net.head.bias.grad.split(list(network.FIELDS.values())), strict=True))
    taught = {name for name, row in rows.items() if row.abs().sum() > 0}
    assert {*heads.NAMED, "outer_tags", "inner_tags", "claim_tags", "class", "debate"} <= taught
    # a single sentence's tags of older schemes are not taught by news
    assert not {"tags", "cue_tags", "worth", "certainty"} & taught


@pytest.mark.slow
def test_a_stage_begins_where_the_earlier_one_ended(tmp_path):
    pytest.importorskip("onnxruntime")
    torch.manual_seed(1)
    net = network.Network(2, 0, width=24, heads=2, vocabulary=300)
    for p in net.parameters():
        torch.nn.init.normal_(p, std=0.2)
    tokenizer = tmp_path / "tokenizer.json"
    tokenizer.write_text("{}", encoding="utf-8")
    export(net, tokenizer, tmp_path / "weights", cues={}, recipe={"name": "first"})
    again = network.Network(2, 0, width=24, heads=2, vocabulary=300)
    starting.start(again, tmp_path)
    frozen = ("words", "places", "norm")
    for name, value in net.state_dict().items():
        if not name.startswith((*frozen, "begins")):
            close = torch.corrcoef(torch.stack([value.flatten(), again.state_dict()[name].flatten()]))[0, 1]
            assert close > 0.999, name
    with pytest.raises(UsageError, match="no weights to start from"):
        starting.start(again, tmp_path / "elsewhere")


def test_a_threshold_finds_the_sentences_worth_a_check():
    def reading(*worth: float) -> model.Reading:
        return model.Reading(claims=[_claim(number, value) for number, value in enumerate(worth)])

    def _claim(number: int, worth: float) -> news.Stated:
        return news.Stated((Span(0, 1),), number, 1.0, "event", "certain", "positive", worth)

    class Said:
        labels = Labels()
        article = None
        sentences = tuple(Sentence(start=at, end=at + 1, claim=claim) for at, claim in enumerate(KINDS))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model, "read", lambda *_: iter([reading(0.9, 0.7, 0.55, 0.3)]))
        assert 0.35 <= calibrate_news.threshold(model.Model(None, None, {}, {}, {}), [Said()]) <= 0.5


KINDS = ("check_worthy", "check_worthy", "check_worthy", "unimportant")
