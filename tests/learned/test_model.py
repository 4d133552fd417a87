"""What the network says, decoded: words as a whole, whole articles as what they read like."""

import numpy as np
import pytest

pytest.importorskip("tokenizers")

from allegedly.builders.labellers import _learned_model as model
from allegedly.builders.labellers import learned
from allegedly.builders.labellers._learned_text import tokenizer
from allegedly.builders.text.articles import article
from allegedly.schemas.records import Block, Origin

FIELDS = {"tags": 7, "cue_tags": 3, "link_from": 2, "link_to": 2, "link_none": 1}
FIELDS |= {f"scope_{name}": 2 for name in ("cue_left", "left", "cue_right", "right")}
FIELDS |= {"worth_weight": 1, "worth": 3, "certainty_weight": 1, "certainty": 1, "abstract": 1}


def found_in(text: str, said: dict[str, tuple[float, ...]], abstract: float = -1.0) -> model.Reading:
    """What is decoded where the network says these numbers of cues for pieces, and nothing of the others."""
    block = Block(kind="paragraph", start=0, end=len(text))
    words = tokenizer(learned.WEIGHTS / "tokenizer.json")
    known = {words.token_to_id(piece): numbers for piece, numbers in said.items()}
    edges = np.cumsum([0, *FIELDS.values()])
    at = dict(zip(FIELDS, edges, strict=False))

    def run(ids: np.ndarray, features: np.ndarray) -> np.ndarray:
        out = np.zeros((1, ids.shape[1], edges[-1]), dtype=np.float32)
        out[0, :, [at["tags"], at["cue_tags"]]] = 5.0
        out[0, :, at["abstract"]] = abstract
        for place, piece in enumerate(ids[0].tolist()):
            if piece in known:
                out[0, place, at["cue_tags"] : at["cue_tags"] + 3] = known[piece]
        return out

    near = dict.fromkeys(("link", "left", "right"), np.zeros(48))
    network = model.Model(run, words, FIELDS, {"tags": np.zeros((7, 7))}, near)
    made = article(text, Origin(file_name="a"), blocks=[block], language="en")
    return next(model.read(network, [made], scheme=model.CORPORA))


def cues(text: str, said: dict[str, tuple[float, ...]]) -> list[str]:
    return [text[slice(*doubt.cue[0])] for doubt in found_in(text, said).doubts]


def test_a_word_is_in_a_cue_as_a_whole_or_not_at_all():
    text = "The hypothesis stands."
    pieces = tokenizer(learned.WEIGHTS / "tokenizer.json").encode("hypothesis", add_special_tokens=False).tokens
    assert cues(text, {pieces[0]: (0, 9, 0), **dict.fromkeys(pieces[1:], (0.0, 0.0, 9.0))}) == ["hypothesis"]
    text = "Undulations stand."
    pieces = tokenizer(learned.WEIGHTS / "tokenizer.json").encode("undulations", add_special_tokens=False).tokens
    assert len(pieces) > 2
    assert cues(text, {pieces[1]: (0.0, 0.0, 9.0)}) == []
    assert cues(text, dict.fromkeys(pieces, (0.0, 0.0, 9.0))) == ["Undulations"]


def test_words_of_a_cue_go_together_until_one_begins_anew():
    text = "It is not clear whether it may."
    inside = dict.fromkeys(("clear", "whether"), (0.0, 0.0, 9.0))
    assert cues(text, {"not": (0, 9, 0), **inside, "may": (0, 9, 0)}) == ["not clear whether", "may"]
    assert cues(text, {"not": (0, 9, 0), **inside, "whether": (0, 9, 0)}) == ["not clear", "whether"]


def test_an_article_reads_like_an_abstract_where_its_pieces_do():
    assert found_in("The cells grew.", {}, abstract=2.0).abstract > 0 > found_in("The cells grew.", {}).abstract
