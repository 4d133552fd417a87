"""The run: batches, steps, checkpoints.

Conventions: losses are those of ``losses``, divided by the number of windows where they are logged. A run that was
interrupted goes on from its last checkpoint, and ends with the same weights as one that was not.
"""

import json
import multiprocessing
import sys
import time
from dataclasses import asdict, dataclass, field
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from allegedly.builders.training.data import Window
from allegedly.builders.training.losses import batch, losses
from allegedly.builders.training.network import Network
from allegedly.schemas.errors import DataError

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
    weight_extent: float = 1.0
    weight_named: float = 1.0
    weight_class: float = 1.0


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
        "debate": options.weight_abstract,
        "outer": options.weight_attribution,
        "outer_link": options.weight_link,
        "inner": options.weight_attribution,
        "inner_link": options.weight_link,
        "doubt": options.weight_speculation,
        "doubt_scope": options.weight_speculation,
        "extent": options.weight_extent,
        "named": options.weight_named,
        "class": options.weight_class,
    }


def optimizer(network: Network, options: Options) -> torch.optim.Optimizer:
    """AdamW with a rate for the encoder, one for the heads, one for the moves between tags."""
    groups: dict[str, list[Tensor]] = {"encoder": [], "head": [], "crf": []}
    for name, p in network.named_parameters():
        if p.requires_grad:
            kind = "encoder" if name.startswith("layers") else "crf" if name.startswith(("moves", "begins")) else "head"
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


@dataclass(slots=True)
class _Seen:
    """What a process has done since the last line of the log: losses a window by what they teach, and pieces."""

    begun: float
    pieces: int = 0
    losses: dict[str, list[float]] = field(default_factory=dict)


def _worker(
    rank: int,
    network: Network,
    batches: list[list[Window]],
    options: Options,
    folder: Path,
    minutes: float | None,
    taken: "Synchronized[int]",
    store: Path | None,
) -> None:
    torch.set_num_threads(1)
    if store:
        dist.init_process_group("gloo", init_method=f"file://{store.resolve()}", rank=rank, world_size=options.workers)
    steps = optimizer(network, options)
    first = _resume(network, steps, folder)
    network.train()
    trained = [p for p in network.parameters() if p.requires_grad]
    total = -(-len(batches) // options.together)
    seen = _Seen(time.monotonic())
    started, step = time.monotonic(), first
    if rank == 0:
        taken.value = first * options.together
    if store:
        dist.barrier()
    for step in range(first, total):
        done = step / total if minutes is None else _share(started, minutes, store)
        if done >= 1 or step == options.stop > 0:
            break
        _begin(steps, trained, min(1 - done, step / (options.warmup * total)))
        while (number := _next(taken, min(len(batches), (step + 1) * options.together))) is not None:
            torch.manual_seed(options.seed * 1_000_003 + number)
            _learn(network, batches[number], weights(options), seen)
        if store:
            _sum(trained)
        torch.nn.utils.clip_grad_norm_(trained, options.clip)
        steps.step()
        if rank == 0 and ((step + 1) % options.checkpoint == 0 or step + 1 == total):
            _log(folder, step + 1, total, seen, options.workers)
            seen = _Seen(time.monotonic())
            save(network, steps, folder, step + 1, options)
    if rank == 0 and minutes is not None:
        save(network, steps, folder, step, options)
    if store:
        dist.destroy_process_group()


def _begin(steps: torch.optim.Optimizer, trained: list[Tensor], share: float) -> None:
    """Sets rates to a share of their peaks, and gradients to zero."""
    for group in steps.param_groups:
        group["lr"] = group["peak"] * share
    for p in trained:
        p.grad = torch.zeros_like(p)


def _learn(network: Network, windows: list[Window], counts: dict[str, float], seen: _Seen) -> None:
    """Adds the gradients of one batch to those of the step."""
    inputs = batch(windows)
    seen.pieces += int(inputs.mask.sum())
    parts = losses(network, inputs)
    if parts:
        torch.stack([counts[name] * loss for name, loss in parts.items()]).sum().div(SCALE).backward()
    for name, loss in parts.items():
        seen.losses.setdefault(name, []).append(loss.item() / len(windows))


def _share(started: float, minutes: float, store: Path | None) -> float:
    """The share of the time that is over, the same for all workers."""
    share = torch.tensor((time.monotonic() - started) / (60 * minutes))
    if store:
        dist.broadcast(share, 0)
    return float(share)


def _next(taken: "Synchronized[int]", limit: int) -> int | None:
    """The next batch that nobody has taken, as long as the step has one."""
    with taken.get_lock():
        if taken.value >= limit:
            return None
        number = taken.value
        taken.value = number + 1
        return number


def _sum(trained: list[Tensor]) -> None:
    flat = torch.cat([p.grad.flatten() for p in trained])
    dist.all_reduce(flat)
    for p, part in zip(trained, flat.split([p.numel() for p in trained]), strict=True):
        p.grad = part.view_as(p)


def _log(folder: Path, step: int, steps: int, seen: _Seen, workers: int) -> None:
    speed = seen.pieces * workers / (time.monotonic() - seen.begun)
    line: dict[str, float] = {"step": step, "of": steps, "pieces_per_second": round(speed)}
    line.update({name: round(float(np.mean(values)), 4) for name, values in seen.losses.items()})
    with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")
    print(json.dumps(line), file=sys.stderr, flush=True)


def save(network: Network, steps: torch.optim.Optimizer, folder: Path, step: int, options: Options) -> None:
    """Write the checkpoint; what is frozen is not in it."""
    trained = {name: p.detach() for name, p in network.named_parameters() if p.requires_grad}
    checkpoint = {"step": step, "network": trained, "steps": steps.state_dict(), "options": asdict(options)}
    torch.save(checkpoint, folder / "checkpoint.pt.new")
    (folder / "checkpoint.pt.new").replace(folder / "checkpoint.pt")


def _resume(network: Network, steps: torch.optim.Optimizer, folder: Path) -> int:
    path = folder / "checkpoint.pt"
    if not path.is_file():
        return 0
    checkpoint = torch.load(path, weights_only=True)
    network.load_state_dict(checkpoint["network"], strict=False)
    steps.load_state_dict(checkpoint["steps"])
    return int(checkpoint["step"])
