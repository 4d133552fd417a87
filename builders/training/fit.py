"""The run: batches, losses, steps, checkpoints.

Conventions: a loss is in nats, summed over what a window holds and divided by the number of windows. A run that was
interrupted goes on from its last checkpoint, and ends with the same weights as one that was not.
"""

import json
import multiprocessing
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor
from torch.nn import functional as F

from allegedly.builders.labellers._learned_text import COUNTS, NOTHING
from allegedly.builders.training.data import NO_CUE, NO_LINK, Window
from allegedly.builders.training.network import Network, crf_loss, fields, pair_scores
from allegedly.schemas.errors import DataError

#: Ids of the two marks around a window, in BERT's vocabulary.
OPENS, CLOSES = 101, 102
#: By how much the losses of a step, in nats, are divided: only the clipping of gradients hangs on it.
SCALE = 100.0


@dataclass(frozen=True, slots=True)
class Options:
    """How the network is built and trained. ``rate`` and its like are peaks; a batch counts pieces, padding included;
    a step takes ``together`` batches; ``stop`` ends the run after so many steps, 0 at its end."""

    layers: int = 5
    frozen: int = 2
    batch: int = 600
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    crf_rate: float = 1e-2
    warmup: float = 0.05
    decay: float = 0.01
    clip: float = 5.0
    dropout: float = 0.1
    seed: int = 1
    workers: int = 2
    together: int = 4
    checkpoint: int = 100
    stop: int = 0
    weight_attribution: float = 1.0
    weight_link: float = 1.0
    weight_speculation: float = 3.0
    weight_claim: float = 1.0
    weight_certainty: float = 20.0
    weight_abstract: float = 1.0


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


def _attribution(network: Network, out: dict, windows: tuple[Window, ...], length: int) -> Tensor | None:
    rows, kept = _with(windows, "tags")
    if not kept:
        return None
    tags = _padded(kept, "tags", length, 0)
    return crf_loss(out["tags"][rows], tags, _filled(kept, length), network.moves, network.begins)


def _link(network: Network, out: dict, windows: tuple[Window, ...], length: int) -> Tensor | None:
    rows, kept = _with(windows, "links")
    if not kept:
        return None
    targets = _padded(kept, "links", length, NO_LINK)
    starts = torch.tensor([w.start for w in kept])[:, None]
    ends = torch.tensor([w.end for w in kept])[:, None]
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


def _cues(out: dict, windows: tuple[Window, ...], length: int) -> Tensor | None:
    rows, kept = _with(windows, "cue_tags")
    if not kept:
        return None
    tags = _padded(kept, "cue_tags", length, -100)
    return F.cross_entropy(out["cue_tags"][rows].transpose(1, 2), tags, ignore_index=-100, reduction="sum")


def _scopes(network: Network, out: dict, windows: tuple[Window, ...], length: int) -> Tensor | None:
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


def pooled(out: dict, row: int, window: Window, name: str) -> tuple[Tensor, np.ndarray]:
    """The values of a field, pooled over each sentence of a window by the field's weights, and which sentences."""
    number = window.example.pieces.sentence[window.start : window.end]
    kept = np.unique(number)
    member = torch.from_numpy(number[None] == kept[:, None])
    n = window.end - window.start
    weights = out[f"{name}_weight"][row, :n, 0][None].masked_fill(~member, -1e4).softmax(1)
    return weights @ out[name][row, :n], kept


def _worth(out: dict, windows: tuple[Window, ...]) -> Tensor | None:
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


def _certainty(out: dict, windows: tuple[Window, ...]) -> Tensor | None:
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


def _events(out: dict, windows: tuple[Window, ...]) -> Tensor | None:
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


def _priority(out: dict, windows: tuple[Window, ...]) -> Tensor | None:
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


def _abstract(out: dict, windows: tuple[Window, ...]) -> Tensor | None:
    rows, kept = _with(windows, "abstract")
    if not kept:
        return None
    values = torch.stack(
        [out["abstract"][row, : window.end - window.start, 0].mean() for row, window in zip(rows, kept, strict=True)]
    )
    targets = torch.tensor([float(bool(window.example.abstract)) for window in kept])
    return F.binary_cross_entropy_with_logits(values, targets, reduction="sum")


def weights(options: Options) -> dict[str, float]:
    """How much each loss counts."""
    return {
        "attribution": options.weight_attribution,
        "link": options.weight_link,
        "cue": options.weight_speculation,
        "scope": options.weight_speculation,
        "claim": options.weight_claim,
        "certainty": options.weight_certainty,
        "event": options.weight_certainty,
        "priority": options.weight_claim,
        "abstract": options.weight_abstract,
    }


def optimizer(network: Network, options: Options) -> torch.optim.Optimizer:
    """AdamW with a rate for the encoder, one for the heads, one for the moves between tags."""
    groups: dict[str, list] = {"encoder": [], "head": [], "crf": []}
    for name, p in network.named_parameters():
        if p.requires_grad:
            kind = "encoder" if name.startswith("layers") else "crf" if name in ("moves", "begins") else "head"
            groups[kind].append(p)
    rates = {"encoder": options.rate, "head": options.head_rate, "crf": options.crf_rate}
    decay = {"encoder": options.decay, "head": options.decay, "crf": 0.0}
    return torch.optim.AdamW(
        [{"params": groups[k], "lr": rates[k], "peak": rates[k], "weight_decay": decay[k]} for k in groups], fused=True
    )


def fit(
    network: Network, batches: list[list[Window]], options: Options, folder: Path, minutes: float | None = None
) -> None:
    """Train, from the last checkpoint in the folder where there is one. Each of ``options.workers`` processes of one
    thread takes the next of the step's batches; all take the same steps, with the sum of their gradients (in whichever
    order, so that the last bits of a run with several workers may differ). With ``minutes``
    the rate falls with the clock and the run ends when they are over, whatever share of the batches it has seen."""
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    if options.workers == 1:
        _worker(0, network, batches, options, folder, minutes, multiprocessing.Value("q"), None)
        return
    store = folder / "store"
    store.unlink(missing_ok=True)
    # forked: the examples lie in memory once
    started = multiprocessing.get_context("fork")
    taken = started.Value("q")
    processes = [
        started.Process(target=_worker, args=(rank, network, batches, options, folder, minutes, taken, store))
        for rank in range(options.workers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise DataError(
            f"training stopped: exit codes {[process.exitcode for process in processes]}; run it again to go on"
        )


def _worker(
    rank: int,
    network: Network,
    batches: list[list[Window]],
    options: Options,
    folder: Path,
    minutes: float | None,
    taken: Any,
    store: Path | None,
) -> None:
    torch.set_num_threads(1)
    count = options.together
    if store:
        dist.init_process_group("gloo", init_method=f"file://{store.resolve()}", rank=rank, world_size=options.workers)
    steps = optimizer(network, options)
    first = _resume(network, steps, folder)
    counts = weights(options)
    network.train()
    seen: dict[str, list[float]] = {}
    trained = [p for p in network.parameters() if p.requires_grad]
    begun, tokens = time.monotonic(), 0
    total_steps = -(-len(batches) // count)
    started, step = time.monotonic(), first
    if taken is not None and rank == 0:
        taken.value = first * count
    if store:
        dist.barrier()
    for step in range(first, total_steps):
        done = step / total_steps if minutes is None else _share(started, minutes, store)
        if done >= 1 or step == options.stop > 0:
            break
        for group in steps.param_groups:
            group["lr"] = group["peak"] * min(1 - done, step / (options.warmup * total_steps))
        for p in trained:
            p.grad = torch.zeros_like(p)
        while (number := _next(taken, min(len(batches), (step + 1) * count))) is not None:
            torch.manual_seed(options.seed * 1_000_003 + number)
            found = batch(batches[number])
            tokens += int(found.mask.sum())
            parts = losses(network, found)
            if parts:
                torch.stack([counts[name] * loss for name, loss in parts.items()]).sum().div(SCALE).backward()
            for name, loss in parts.items():
                seen.setdefault(name, []).append(loss.item() / len(batches[number]))
        if store:
            _sum(trained)
        torch.nn.utils.clip_grad_norm_(trained, options.clip)
        steps.step()
        if rank == 0 and ((step + 1) % options.checkpoint == 0 or step + 1 == total_steps):
            _log(folder, step + 1, total_steps, seen, tokens * options.workers / (time.monotonic() - begun))
            seen, begun, tokens = {}, time.monotonic(), 0
            save(network, steps, folder, step + 1, options)
    if rank == 0 and minutes is not None:
        save(network, steps, folder, step, options)
    if store:
        dist.destroy_process_group()


def _share(started: float, minutes: float, store: Path | None) -> float:
    """The share of the time that is over, the same for all workers."""
    share = torch.tensor((time.monotonic() - started) / (60 * minutes))
    if store:
        dist.broadcast(share, 0)
    return float(share)


def _next(taken: Any, limit: int) -> int | None:
    """The next batch that nobody has taken, as long as the step has one."""
    with taken.get_lock():
        if taken.value >= limit:
            return None
        taken.value += 1
        return taken.value - 1


def _sum(trained: list[Tensor]) -> None:
    flat = torch.cat([p.grad.flatten() for p in trained])
    dist.all_reduce(flat)
    for p, part in zip(trained, flat.split([p.numel() for p in trained]), strict=True):
        p.grad = part.view_as(p)


def _log(folder: Path, step: int, steps: int, seen: dict[str, list[float]], speed: float) -> None:
    line: dict[str, float] = {"step": step, "of": steps, "pieces_per_second": round(speed)}
    line.update({name: round(float(np.mean(values)), 4) for name, values in seen.items()})
    with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")
    print(json.dumps(line), file=sys.stderr, flush=True)


def save(network: Network, steps: torch.optim.Optimizer, folder: Path, step: int, options: Options) -> None:
    """Write the checkpoint; what is frozen is not in it."""
    trained = {name: p.detach() for name, p in network.named_parameters() if p.requires_grad}
    value = {"step": step, "network": trained, "steps": steps.state_dict(), "options": asdict(options)}
    torch.save(value, folder / "checkpoint.pt.new")
    (folder / "checkpoint.pt.new").replace(folder / "checkpoint.pt")


def _resume(network: Network, steps: torch.optim.Optimizer, folder: Path) -> int:
    path = folder / "checkpoint.pt"
    if not path.is_file():
        return 0
    checkpoint = torch.load(path, weights_only=True)
    network.load_state_dict(checkpoint["network"], strict=False)
    steps.load_state_dict(checkpoint["steps"])
    return checkpoint["step"]
