"""The losses of a batch: what each head of the network is to learn from its windows.

Conventions: a loss is in nats, summed over what a window holds; a batch without targets for a head has no loss for it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from allegedly.builders.labellers._learned_text import COUNTS, NOTHING
from allegedly.builders.training.data import Window
from allegedly.builders.training.network import Network, crf_loss, fields, pair_scores
from allegedly.builders.training.parts import NO_CUE, NO_LINK

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
    windows, given = batch.windows, Given(batch.windows, length)
    parts = {
        "attribution": given.chain(network, out, "tags", "tags"),
        "link": given.links(network, out["link_from"], out, "tags", "links"),
        "cue": given.cues(out["cue_tags"], "cue_tags"),
        "scope": given.scopes(network, out, ("scope_cue_left", "scope_cue_right"), "scopes"),
        "claim": _classes(out, windows, "worth", "worth"),
        "certainty": _certainty(out, windows),
        "event": _events(out, windows),
        "priority": _priority(out, windows),
        "abstract": _genre(out, windows, "abstract"),
        "debate": _genre(out, windows, "debate"),
        "outer": given.chain(network, out, "outer_tags", "news.outer_tags"),
        "outer_link": given.links(network, out["link_from"], out, "news.outer_tags", "news.outer_links"),
        "inner": given.chain(network, out, "inner_tags", "news.inner_tags"),
        "inner_link": given.links(network, out["inner_from"], out, "news.inner_tags", "news.inner_links"),
        "doubt": given.cues(out["doubt_tags"], "news.doubt_tags"),
        "doubt_scope": given.scopes(network, out, ("doubt_left", "doubt_right"), "news.doubt_scopes"),
        "extent": given.chain(network, out, "claim_tags", "news.claim_tags"),
        "named": _named(out, windows),
        "class": _classes(out, windows, "class", "news.classes"),
    }
    return {name: loss for name, loss in parts.items() if loss is not None}


def _target(window: Window, name: str) -> Any:
    """A target of a window's example, or of its news: ``news.classes``. None where there is none."""
    target: Any = window.example
    for part in name.split("."):
        target = None if target is None else getattr(target, part)
    return target


@dataclass(frozen=True, slots=True)
class Given:
    """The windows of a batch, and how many pieces its longest one has: losses of targets that stand piece by piece.
    ``name`` says which target of an example teaches a field."""

    windows: tuple[Window, ...]
    length: int

    def having(self, name: str) -> tuple[list[int], list[Window]]:
        """The windows whose example has a target, and which rows they are."""
        return _with(self.windows, name)

    def padded(self, windows: list[Window], name: str, fill: int) -> Tensor:
        """(windows, length): a target piece by piece."""
        out = np.full((len(windows), self.length), fill, dtype=np.int64)
        for row, window in enumerate(windows):
            out[row, : window.end - window.start] = _target(window, name)[window.start : window.end]
        return torch.from_numpy(out)

    def chain(self, network: Network, out: Fields, field: str, name: str) -> Tensor | None:
        """The loss of tags in a linear chain."""
        rows, kept = self.having(name)
        if not kept:
            return None
        ends = torch.tensor([window.end - window.start for window in kept])
        filled = torch.arange(self.length)[None] < ends[:, None]
        tags = self.padded(kept, name, 0)
        return crf_loss(out[field][rows], tags, filled, network.moves[field], network.begins[field])

    def links(self, network: Network, vectors: Tensor, out: Fields, tags: str, name: str) -> Tensor | None:
        """The loss of which cue a source or a content belongs to; ``vectors`` is what looks for it."""
        rows, kept = self.having(name)
        if not kept:
            return None
        targets = self.padded(kept, name, NO_LINK)
        starts = torch.tensor([window.start for window in kept])[:, None]
        ends = torch.tensor([window.end for window in kept])[:, None]
        inside = torch.where(targets >= 0, (targets >= starts) & (targets < ends), targets == NO_CUE)
        is_cue = self.padded(kept, tags, 0) == 3
        scores = pair_scores(vectors[rows], out["link_to"][rows], network.near_link)
        scores = scores.masked_fill(~is_cue[:, None, :], -1e4)
        scores = torch.cat([out["link_none"][rows], scores], 2)
        # a stretch whose cue another label had first, or that lies beyond the window, teaches nothing
        column = torch.where(targets >= 0, targets - starts + 1, torch.zeros_like(targets))
        inside &= (column == 0) | is_cue.gather(1, (column - 1).clamp(min=0, max=self.length - 1))
        if not inside.any():
            return None
        return F.cross_entropy(scores[inside], column[inside], reduction="sum")

    def cues(self, scores: Tensor, name: str) -> Tensor | None:
        """The loss of tags of cues of doubt."""
        rows, kept = self.having(name)
        if not kept:
            return None
        tags = self.padded(kept, name, -100)
        return F.cross_entropy(scores[rows].transpose(1, 2), tags, ignore_index=-100, reduction="sum")

    def scopes(self, network: Network, out: Fields, looking: tuple[str, str], name: str) -> Tensor | None:
        """The loss of both ends of scopes; ``looking`` are the fields of the cues, which look for either end."""
        total = None
        places = torch.arange(self.length)
        for row, window in enumerate(self.windows):
            scopes = [s for s in _target(window, name) or () if window.start <= s[1] and s[2] < window.end]
            if not scopes:
                continue
            cue, left, right = (torch.tensor(column) - window.start for column in zip(*scopes, strict=True))
            number = torch.from_numpy(window.example.pieces.sentence[window.start : window.end])
            same = torch.zeros(len(scopes), self.length, dtype=torch.bool)
            same[:, : len(number)] = number[None] == number[cue][:, None]
            sides = ("left", left, network.near_left), ("right", right, network.near_right)
            for field, (side, target, near) in zip(looking, sides, strict=True):
                scores = pair_scores(out[field][row : row + 1], out[f"scope_{side}"][row : row + 1], near)[0, cue]
                allowed = same & ((places[None] <= cue[:, None]) if side == "left" else (places[None] >= cue[:, None]))
                fine = allowed.gather(1, target[:, None])[:, 0]
                if fine.any():
                    loss = F.cross_entropy(scores.masked_fill(~allowed, -1e4)[fine], target[fine], reduction="sum")
                    total = loss if total is None else total + loss
        return total


def _with(windows: tuple[Window, ...], name: str) -> tuple[list[int], list[Window]]:
    rows = [row for row, window in enumerate(windows) if _target(window, name) is not None]
    return rows, [windows[row] for row in rows]


def _named(out: Fields, windows: tuple[Window, ...]) -> Tensor | None:
    """The loss of what labels are, each read from its own pieces inside the window."""
    values: dict[str, list[Tensor]] = {}
    targets: dict[str, list[int]] = {}
    for row, window in enumerate(windows):
        for item in window.example.news.named if window.example.news else ():
            inside = [(max(a, window.start), min(b, window.end)) for a, b in item.pieces]
            places = [place - window.start for a, b in inside for place in range(a, b)]
            if not places or item.pieces[0][0] < window.start:
                continue
            of_claim = "claim_kind" in item.values
            weights = (
                out["claim_weight"][row, places, 0].softmax(0) if of_claim else torch.ones(len(places)) / len(places)
            )
            for name, value in item.values.items():
                if value >= 0:
                    values.setdefault(name, []).append(weights @ out[name][row, places])
                    targets.setdefault(name, []).append(value)
    losses = [
        F.cross_entropy(torch.stack(values[name]), torch.tensor(targets[name]), reduction="sum") for name in values
    ]
    return torch.stack(losses).sum() if losses else None


def pooled(out: Fields, row: int, window: Window, name: str) -> tuple[Tensor, np.ndarray]:
    """The values of a field, pooled over each sentence of a window by the field's weights, and which sentences."""
    number = window.example.pieces.sentence[window.start : window.end]
    kept = np.unique(number)
    member = torch.from_numpy(number[None] == kept[:, None])
    n = window.end - window.start
    weights = out[f"{name}_weight"][row, :n, 0][None].masked_fill(~member, -1e4).softmax(1)
    return weights @ out[name][row, :n], kept


def _classes(out: Fields, windows: tuple[Window, ...], field: str, name: str) -> Tensor | None:
    rows, kept = _with(windows, name)
    values, targets = [], []
    for row, window in zip(rows, kept, strict=True):
        scores, sentences = pooled(out, row, window, field)
        values.append(scores)
        targets.append(torch.from_numpy(_target(window, name)[sentences]))
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


def _genre(out: Fields, windows: tuple[Window, ...], name: str) -> Tensor | None:
    """The loss of whether a text is of a genre, which the mean over its pieces says."""
    rows, kept = _with(windows, name)
    if not kept:
        return None
    values = torch.stack(
        [out[name][row, : window.end - window.start, 0].mean() for row, window in zip(rows, kept, strict=True)]
    )
    targets = torch.tensor([float(bool(_target(window, name))) for window in kept])
    return F.binary_cross_entropy_with_logits(values, targets, reduction="sum")
