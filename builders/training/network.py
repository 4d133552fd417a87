"""The network: a small encoder shared by all layers, and a head for each scheme.

Conventions: a batch is ``ids`` (B, L), ``features`` (B, L, 5), rows of one table, and ``mask`` (B, L), True at pieces.
What comes out of ``forward`` has one vector a piece, cut by ``FIELDS``: emissions of attribution tags and of cue tags,
vectors whose products score links and scopes, weights and values from which a sentence's scores are pooled, the
factuality of an event, and whether the text reads like a scientific abstract. Scheme-aware: each corpus trains only the
fields of its scheme, all train the encoder: attributions as PolNeAR marks them are ``tags``, as our guidelines do
``outer_tags`` and, inside those, ``inner_tags``; which cue a source or content belongs to is the same question for all.

Source: encoder as BERT (Devlin et al. 2019), started from MiniLM; linear-chain CRF (Lafferty et al. 2001); scores of
pairs as in biaffine parsing (Dozat and Manning 2017).
"""

import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from allegedly.builders.labellers._learned_heads import EXTENT, NAMED
from allegedly.builders.labellers._learned_text import COUNTS, NOTHING

TAGS, CUE_TAGS, WIDTH = 7, 3, 64
EXTENT_TAGS = 2 * len(EXTENT) + 1
#: What the network says about each piece, and how wide.
FIELDS = {
    "tags": TAGS,
    "cue_tags": CUE_TAGS,
    "link_from": WIDTH,
    "link_to": WIDTH,
    "link_none": 1,
    "scope_cue_left": WIDTH,
    "scope_left": WIDTH,
    "scope_cue_right": WIDTH,
    "scope_right": WIDTH,
    "worth_weight": 1,
    "worth": 3,
    "certainty_weight": 1,
    "certainty": 1,
    "factuality": 1,
    "priority_weight": 1,
    "priority": 1,
    "abstract": 1,
    "outer_tags": TAGS,
    "inner_tags": TAGS,
    "inner_from": WIDTH,
    "doubt_tags": CUE_TAGS,
    "doubt_left": WIDTH,
    "doubt_right": WIDTH,
    "claim_tags": EXTENT_TAGS,
    "claim_weight": 1,
    **NAMED,
    "class_weight": 1,
    "class": 3,
    "debate": 1,
}
#: What fields for real news begin as, where the weights that training starts from know no news.
COPIED = {
    "outer_tags": "tags",
    "inner_tags": "tags",
    "inner_from": "link_from",
    "doubt_tags": "cue_tags",
    "doubt_left": "scope_cue_left",
    "doubt_right": "scope_cue_right",
    "class_weight": "worth_weight",
    "class": "worth",
}
#: Fields that a linear chain decodes; each has its scores of moves.
CHAINED = ("tags", "outer_tags", "inner_tags", "claim_tags")
#: Distances between the pieces of a pair are told apart up to this many pieces, further ones by doubling.
NEAR, BUCKETS = 16, 48


def bucket(distance: Tensor) -> Tensor:
    """The bucket of signed distances: exact up to NEAR, logarithmic beyond."""
    size = distance.abs()
    far = NEAR + (torch.log2(size.clamp(min=NEAR) / NEAR) * 2).long().clamp(max=BUCKETS // 2 - NEAR - 1)
    near = torch.where(size < NEAR, size, far)
    return torch.where(distance < 0, near, near + BUCKETS // 2)


class Layer(nn.Module):  # type: ignore[misc]
    """One layer of BERT, with names of parameters of our own."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.last = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        b, n, width = x.shape
        q, k, v = (
            f(x).view(b, n, self.heads, width // self.heads).transpose(1, 2) for f in (self.query, self.key, self.value)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        mixed = self.out(mixed.transpose(1, 2).reshape(b, n, width))
        x = self.norm(x + F.dropout(mixed, self.dropout, self.training))
        inner = self.down(F.gelu(self.up(x)))
        return self.last(x + F.dropout(inner, self.dropout, self.training))


class Network(nn.Module):  # type: ignore[misc]
    """The encoder and its heads. ``frozen`` layers, and the vocabulary, keep what they were pretrained to."""

    def __init__(
        self, layers: int, frozen: int, dropout: float = 0.1, width: int = 384, heads: int = 12, vocabulary: int = 30522
    ) -> None:
        super().__init__()
        self.frozen, self.dropout = frozen, dropout
        self.words = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(512, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.features = nn.Embedding(sum(COUNTS), width)
        self.layers = nn.ModuleList(Layer(width, heads, width * 4, dropout) for _ in range(layers))
        self.head = nn.Linear(width, sum(FIELDS.values()))
        self.moves = nn.ParameterDict({name: torch.zeros(FIELDS[name], FIELDS[name]) for name in CHAINED})
        self.begins = nn.ParameterDict({name: torch.zeros(FIELDS[name]) for name in CHAINED})
        self.near_link, self.near_left, self.near_right = (nn.Parameter(torch.zeros(BUCKETS)) for _ in range(3))
        nn.init.zeros_(self.features.weight)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        for p in [*self.words.parameters(), *self.places.parameters(), *self.norm.parameters()]:
            p.requires_grad = False
        for p in self.layers[:frozen].parameters():
            p.requires_grad = False

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        bias = self.hidden(mask)
        x = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]])
        for number, layer in enumerate(self.layers):
            if number == self.frozen:
                x = F.dropout(x + self.features(features).sum(2), self.dropout, self.training)
            x = layer(x, bias)
        return self.head(F.dropout(x, self.dropout, self.training))

    @staticmethod
    def hidden(mask: Tensor) -> Tensor:
        """What attention adds to the scores of pieces that are padding."""
        return torch.zeros(mask.shape, dtype=torch.float32).masked_fill(~mask, -1e4)[:, None, None, :]


def fields(out: Tensor) -> dict[str, Tensor]:
    """What ``forward`` gave, by name."""
    return dict(zip(FIELDS, out.split(list(FIELDS.values()), -1), strict=True))


def pretrained(folder: Path, network: Network) -> None:
    """Fill the encoder from a folder with ``model.safetensors`` of a BERT."""
    from safetensors.torch import load_file

    weights = load_file(folder / "model.safetensors")
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "places.weight": "embeddings.position_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
    }
    parts = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "last": "output.LayerNorm",
    }
    for number in range(len(network.layers)):
        for ours, theirs in parts.items():
            for kind in ("weight", "bias"):
                names[f"layers.{number}.{ours}.{kind}"] = f"encoder.layer.{number}.{theirs}.{kind}"
    state = {ours: weights[theirs] for ours, theirs in names.items()}
    # every piece belongs to the first of BERT's two segments
    state["words.weight"] = state["words.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    missing, unexpected = network.load_state_dict(state, strict=False)
    if unexpected or any(name.startswith("layers") for name in missing):
        raise ValueError(f"{folder}: not the encoder expected: missing {missing}, unexpected {unexpected}")


def crf_loss(emissions: Tensor, tags: Tensor, mask: Tensor, moves: Tensor, begins: Tensor) -> Tensor:
    """Negative log likelihood of the tags, summed over the sequences. ``mask`` is True on a prefix of each."""
    b, n, t = emissions.shape
    gold = emissions.gather(2, tags[:, :, None])[:, :, 0] * mask
    steps = moves[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]
    score = gold.sum() + steps.sum() + begins[tags[:, 0]].sum()
    chain = moves[None, None] + emissions[:, 1:, None, :]
    identity = torch.full((t, t), -1e4).fill_diagonal_(0.0)
    chain = torch.where(mask[:, 1:, None, None], chain, identity)
    while chain.shape[1] > 1:  # the product of the matrices, in the log semiring, by halves
        if chain.shape[1] % 2:
            chain = torch.cat([chain, identity.expand(b, 1, t, t)], 1)
        left, right = chain[:, 0::2], chain[:, 1::2]
        chain = torch.logsumexp(left[..., :, :, None] + right[..., None, :, :], -2)
    total = torch.logsumexp((begins + emissions[:, 0])[:, :, None] + chain[:, 0], (1, 2)) if n > 1 else None
    total = torch.logsumexp(begins + emissions[:, 0], 1) if total is None else total
    return total.sum() - score


def pair_scores(rows: Tensor, columns: Tensor, near: Tensor) -> Tensor:
    """(B, L, L): how well the piece of each row goes with that of each column, by their vectors and distance."""
    n = rows.shape[1]
    places = torch.arange(n)
    return rows @ columns.transpose(1, 2) / math.sqrt(rows.shape[-1]) + near[bucket(places[None, :] - places[:, None])]


def blank(rows: int, length: int) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, features and mask of a batch of padding."""
    features = torch.tensor(NOTHING).expand(rows, length, len(COUNTS)).clone()
    return torch.zeros(rows, length, dtype=torch.long), features, torch.zeros(rows, length, dtype=torch.bool)
