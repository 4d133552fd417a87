"""The losses of a batch: what each head of the network is to learn from its windows.

Conventions: a loss is in nats, summed over what a window holds; a batch without targets for a head has no loss for it.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from allegedly.builders.labellers._learned_text import COUNTS, NOTHING
from allegedly.builders.training.data import NO_CUE, NO_LINK, Window
from allegedly.builders.training.network import Network, crf_loss, fields, pair_scores

#: Ids of the two marks around a window, in BERT's vocabulary.
OPENS, CLOSES = 101, 102
#: What the network says of a batch, by the names of its fields.
Fields = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as tensors; all with the two marks, which have no targets."""

    ids: Tensor
    features: Tensor
    mask: Tensor
    windows: tuple[Window, ...]


def batch(windows: list[Window]) -> Batch:
    """The inputs of some windows."""
    length = max(window.end - window.start for window in windows) + 2
    ids = np.zeros((len(windows), length), dtype=np.int64)
    features = np.tile(np.array(NOTHING, dtype=np.int64), (len(windows), length, 1))
    mask = np.zeros((len(windows), length), dtype=bool)
    for row, window in enumerate(windows):
        n = window.end - window.start
        ids[row, 0], ids[row, n + 1] = OPENS, CLOSES
        ids[row, 1 : n + 1] = window.example.pieces.ids[window.start : window.end]
        features[row, 1 : n + 1] = window.example.pieces.features[window.start : window.end]
        mask[row, : n + 2] = True
    assert features.shape[2] == len(COUNTS)
    return Batch(torch.from_numpy(ids), torch.from_numpy(features), torch.from_numpy(mask), tuple(windows))


def losses(network: Network, batch: Batch) -> dict[str, Tensor]:
    """The losses of a batch by what they teach; those that no window of it teaches are left out."""
    out = fields(network(batch.ids, batch.features, batch.mask)[:, 1:])
    length = out["tags"].shape[1]
    parts = {
        "attribution": _attribution(network, out, batch.windows, length),
        "link": _link(network, out, batch.windows, length),
        "cue": _cues(out, batch.windows, length),
        "scope": _scopes(network, out, batch.windows, length),
        "claim": _worth(out, batch.windows),
        "certainty": _certainty(out, batch.windows),
        "event": _events(out, batch.windows),
        "priority": _priority(out, batch.windows),
        "abstract": _abstract(out, batch.windows),
    }
    return {name: loss for name, loss in parts.items() if loss is not None}


def _padded(windows: list[Window], name: str, length: int, fill: int) -> Tensor:
    out = np.full((len(windows), length), fill, dtype=np.int64)
    for row, window in enumerate(windows):
        out[row, : window.end - window.start] = getattr(window.example, name)[window.start : window.end]
    return torch.from_numpy(out)


def _with(windows: tuple[Window, ...], name: str) -> tuple[list[int], list[Window]]:
    rows = [row for row, window in enumerate(windows) if getattr(window.example, name) is not None]
    return rows, [windows[row] for row in rows]


def _filled(windows: list[Window], length: int) -> Tensor:
    return torch.arange(length)[None] < torch.tensor([window.end - window.start for window in windows])[:, None]


def _attribution(network: Network, out: Fields, windows: tuple[Window, ...], length: int) -> Tensor | None:
    rows, kept = _with(windows, "tags")
    if not kept:
        return None
    tags = _padded(kept, "tags", length, 0)
    return crf_loss(out["tags"][rows], tags, _filled(kept, length), network.moves, network.begins)


def _link(network: Network, out: Fields, windows: tuple[Window, ...], length: int) -> Tensor | None:
    rows, kept = _with(windows, "links")
    if not kept:
        return None
    targets = _padded(kept, "links", length, NO_LINK)
    starts = torch.tensor([window.start for window in kept])[:, None]
    ends = torch.tensor([window.end for window in kept])[:, None]
    inside = torch.where(targets >= 0, (targets >= starts) & (targets < ends), targets == NO_CUE)
    is_cue = _padded(kept, "tags", length, 0) == 3
    scores = pair_scores(out["link_from"][rows], out["link_to"][rows], network.near_link)
    scores = scores.masked_fill(~is_cue[:, None, :], -1e4)
    scores = torch.cat([out["link_none"][rows], scores], 2)
    # a stretch whose cue another label had first, or that lies beyond the window, teaches nothing
    column = torch.where(targets >= 0, targets - starts + 1, torch.zeros_like(targets))
    inside &= (column == 0) | is_cue.gather(1, (column - 1).clamp(min=0, max=length - 1))
    if not inside.any():
        return None
    return F.cross_entropy(scores[inside], column[inside], reduction="sum")


def _cues(out: Fields, windows: tuple[Window, ...], length: int) -> Tensor | None:
    rows, kept = _with(windows, "cue_tags")
    if not kept:
        return None
    tags = _padded(kept, "cue_tags", length, -100)
    return F.cross_entropy(out["cue_tags"][rows].transpose(1, 2), tags, ignore_index=-100, reduction="sum")


def _scopes(network: Network, out: Fields, windows: tuple[Window, ...], length: int) -> Tensor | None:
    total = None
    places = torch.arange(length)
    for row, window in enumerate(windows):
        scopes = [s for s in window.example.scopes if window.start <= s[1] and s[2] < window.end]
        if not scopes:
            continue
        cue, left, right = (torch.tensor(column) - window.start for column in zip(*scopes, strict=True))
        number = torch.from_numpy(window.example.pieces.sentence[window.start : window.end])
        same = torch.zeros(len(scopes), length, dtype=torch.bool)
        same[:, : len(number)] = number[None] == number[cue][:, None]
        for side, target, near in (("left", left, network.near_left), ("right", right, network.near_right)):
            scores = pair_scores(out[f"scope_cue_{side}"][row : row + 1], out[f"scope_{side}"][row : row + 1], near)[
                0, cue
            ]
            allowed = same & ((places[None] <= cue[:, None]) if side == "left" else (places[None] >= cue[:, None]))
            fine = allowed.gather(1, target[:, None])[:, 0]
            if fine.any():
                loss = F.cross_entropy(scores.masked_fill(~allowed, -1e4)[fine], target[fine], reduction="sum")
                total = loss if total is None else total + loss
    return total


def pooled(out: Fields, row: int, window: Window, name: str) -> tuple[Tensor, np.ndarray]:
    """The values of a field, pooled over each sentence of a window by the field's weights, and which sentences."""
    number = window.example.pieces.sentence[window.start : window.end]
    kept = np.unique(number)
    member = torch.from_numpy(number[None] == kept[:, None])
    n = window.end - window.start
    weights = out[f"{name}_weight"][row, :n, 0][None].masked_fill(~member, -1e4).softmax(1)
    return weights @ out[name][row, :n], kept


def _worth(out: Fields, windows: tuple[Window, ...]) -> Tensor | None:
    rows, kept = _with(windows, "worth")
    values, targets = [], []
    for row, window in zip(rows, kept, strict=True):
        scores, sentences = pooled(out, row, window, "worth")
        values.append(scores)
        assert window.example.worth is not None
        targets.append(torch.from_numpy(window.example.worth[sentences]))
    if not values:
        return None
    return F.cross_entropy(torch.cat(values), torch.cat(targets), ignore_index=-1, reduction="sum")


def _certainty(out: Fields, windows: tuple[Window, ...]) -> Tensor | None:
    rows, kept = _with(windows, "certainty")
    total = None
    for row, window in zip(rows, kept, strict=True):
        scores, sentences = pooled(out, row, window, "certainty")
        assert window.example.certainty is not None
        target = torch.from_numpy(window.example.certainty[sentences])
        fine = ~target.isnan()
        if fine.any():
            loss = ((scores[:, 0].sigmoid() - target)[fine] ** 2).sum()
            total = loss if total is None else total + loss
    return total


def _events(out: Fields, windows: tuple[Window, ...]) -> Tensor | None:
    total = None
    for row, window in enumerate(windows):
        events = [
            (piece - window.start, value)
            for piece, value in window.example.events
            if window.start <= piece < window.end
        ]
        if events:
            piece, value = (torch.tensor(column) for column in zip(*events, strict=True))
            loss = ((out["factuality"][row, piece, 0].sigmoid() - value) ** 2).sum()
            total = loss if total is None else total + loss
    return total


def _priority(out: Fields, windows: tuple[Window, ...]) -> Tensor | None:
    rows, kept = _with(windows, "priority")
    values, targets = [], []
    for row, window in zip(rows, kept, strict=True):
        scores, sentences = pooled(out, row, window, "priority")
        values.append(scores[:, 0])
        assert window.example.priority is not None
        targets.append(torch.from_numpy(window.example.priority[sentences]).float())
    if not values:
        return None
    return F.binary_cross_entropy_with_logits(torch.cat(values), torch.cat(targets), reduction="sum")


def _abstract(out: Fields, windows: tuple[Window, ...]) -> Tensor | None:
    rows, kept = _with(windows, "abstract")
    if not kept:
        return None
    values = torch.stack(
        [out["abstract"][row, : window.end - window.start, 0].mean() for row, window in zip(rows, kept, strict=True)]
    )
    targets = torch.tensor([float(bool(window.example.abstract)) for window in kept])
    return F.binary_cross_entropy_with_logits(values, targets, reduction="sum")
