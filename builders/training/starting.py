"""Where training starts: a pretrained encoder, or the weights that an earlier stage ended with.

Conventions: the weights of a stage are a run's folder (``checkpoint.pt``, exact) or a folder of weights (``model.onnx``,
in eight bits: what rounding took is small beside what a stage teaches). Weights that know no news lend its heads what
theirs say (``network.COPIED``).
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from allegedly.builders.training.network import COPIED, FIELDS, Network
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Json

#: Products in the order in which a layer makes them, and the names of ours that each holds side by side.
PRODUCTS = (("query", "key", "value"), ("out",), ("up",), ("down",))


def start(network: Network, folder: Path) -> None:
    """Put the weights of an earlier stage into a network whose frozen parts are filled. UsageError where there are none."""
    weights = folder / "weights" if (folder / "weights").is_dir() else folder
    if (folder / "checkpoint.pt").is_file():
        state = torch.load(folder / "checkpoint.pt", weights_only=True)["network"]
        fields = dict(FIELDS)
    elif (weights / "model.onnx").is_file():
        description: Json = json.loads((weights / "model.json").read_text(encoding="utf-8"))
        state, fields = _exported(weights / "model.onnx", description, len(network.layers)), description["fields"]
    else:
        raise UsageError(f"{folder}: no weights to start from: neither checkpoint.pt nor model.onnx lies there")
    state["head.weight"] = _grown(state["head.weight"], network.head.weight.detach(), fields)
    state["head.bias"] = _grown(state["head.bias"], network.head.bias.detach(), fields)
    for new, old in COPIED.items():
        for name in ("moves", "begins"):
            if f"{name}.{new}" in network.state_dict() and f"{name}.{new}" not in state and f"{name}.{old}" in state:
                state[f"{name}.{new}"] = state[f"{name}.{old}"].clone()
    unexpected = network.load_state_dict(state, strict=False).unexpected_keys
    if unexpected:
        raise UsageError(f"{folder}: weights of another network: {', '.join(unexpected)}")


def _grown(old: Tensor, fresh: Tensor, fields: dict[str, int]) -> Tensor:
    """Rows of a head by the fields of today: those that it had, copies for those of news, the rest as they were born."""
    had = dict(zip(fields, old.split(list(fields.values())), strict=True))
    born = dict(zip(FIELDS, fresh.split(list(FIELDS.values())), strict=True))
    return torch.cat([had.get(name, had.get(COPIED.get(name, ""), born[name])) for name in FIELDS])


def _exported(path: Path, description: Json, layers: int) -> dict[str, Tensor]:
    """The weights of an exported network by their names in ours; the frozen vocabulary and places are left out."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    held: dict[str, np.ndarray] = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    state: dict[str, np.ndarray] = {
        "features.weight": _wide(held, "features.weight"),
        "head.bias": held["head.bias"],
    }
    products = {node.name.removesuffix("_quant"): node.input[1] for node in graph.node if "MatMul" in node.op_type}
    state["head.weight"] = _wide(held, products["/head/MatMul"]).T
    for number in range(layers):
        for names in PRODUCTS:
            place = "three" if len(names) == 3 else names[0]
            prefix = f"layers.{number}." + ("" if len(names) == 3 else "layer.")
            weight = _wide(held, products[f"/layers.{number}/{place}/MatMul"]).T
            bias = held[f"{prefix}{place}.bias"]
            for at, name in enumerate(names):
                size = len(bias) // len(names)
                state[f"layers.{number}.{name}.weight"] = weight[at * size : (at + 1) * size]
                state[f"layers.{number}.{name}.bias"] = bias[at * size : (at + 1) * size]
        for norm in ("norm", "last"):
            for kind in ("weight", "bias"):
                state[f"layers.{number}.{norm}.{kind}"] = held[f"layers.{number}.layer.{norm}.{kind}"]
    state.update(_described(description))
    return {name: torch.from_numpy(np.array(value, dtype=np.float32)) for name, value in state.items()}


def _described(description: Json) -> dict[str, np.ndarray]:
    """Scores of moves and of distances, which stand in ``model.json``. Weights without news know one chain."""
    moves: Any = description["moves"]
    moves = moves if isinstance(moves, dict) else {"tags": moves}
    out = {f"near_{name}": np.array(values) for name, values in description["near"].items()}
    for name, values in moves.items():
        out[f"moves.{name}"] = np.array(values)
        # a chain begins as what follows an outside piece: so it is decoded
        out[f"begins.{name}"] = np.array(values)[0]
    return out


def _wide(held: dict[str, np.ndarray], name: str) -> np.ndarray:
    """A matrix in 32 bits, whether it was kept in eight or not."""
    if name in held and held[name].dtype == np.float32:
        return held[name]
    name = name.removesuffix("_quantized")
    scale, zero = held[f"{name}_scale"], held[f"{name}_zero_point"].astype(np.float32)
    wide: np.ndarray = (held[f"{name}_quantized"].astype(np.float32) - zero) * scale
    return wide
