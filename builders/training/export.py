"""Export: a trained network as int8 ONNX, and beside it all that decoding needs.

Conventions: the weights are a folder with ``model.onnx``, ``tokenizer.json`` and ``model.json`` (fields, scores of moves
and of distances, calibration, thresholds, and where the weights come from). Weights of matrices have seven bits: on
processors without VNNI sums of eight-bit products would overflow.
"""

import copy
import json
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from allegedly.builders.training.network import FIELDS, Layer, Network, blank
from allegedly.schemas.records import Json

LIMIT = 40_000_000


def export(network: Network, tokenizer: Path, out: Path, *, cues: Mapping[str, float], recipe: Json) -> None:
    """Write the folder of weights. Into ``model.json`` go the ``cues`` that training saw, and the ``recipe``.

    ValueError where the network is larger than LIMIT."""
    out.mkdir(parents=True, exist_ok=True)
    plain, fused = out / "plain.onnx", out / "fused.onnx"
    network.eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _plain(network, plain)
        _fused(plain, fused, network)
        _quantized(fused, out / "model.onnx", spared=("head",))
    plain.unlink()
    fused.unlink()
    if (out / "model.onnx").stat().st_size > LIMIT:
        raise ValueError(f"{out / 'model.onnx'} is larger than {LIMIT} bytes")
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    near = {"link": network.near_link, "left": network.near_left, "right": network.near_right}
    description = {
        "fields": FIELDS,
        "moves": {name: _rounded(values) for name, values in network.moves.items()},
        "near": {name: _rounded(values) for name, values in near.items()},
        "cues": dict(cues),
        "recipe": recipe,
    }
    (out / "model.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")


def _rounded(values: torch.Tensor) -> list[Any]:
    """Numbers as nested lists, as many levels deep as the tensor has dimensions."""
    numbers: list[Any] = torch.round(values.detach(), decimals=5).tolist()
    return numbers


class _Attention(torch.autograd.Function):  # type: ignore[misc]
    """ONNX Runtime's own operator of attention."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
        return query

    @staticmethod
    def symbolic(g: Any, query: Any, key: Any, value: Any, heads: int) -> Any:
        node = g.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads)
        node.setType(query.type())
        return node


class _Packed(nn.Module):  # type: ignore[misc]
    """A layer for export, its three matrices of attention as one. Windows travel alone, and so without a mask."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer
        three = (layer.query, layer.key, layer.value)
        self.three = nn.Linear(layer.query.in_features, sum(f.out_features for f in three))
        self.three.weight = nn.Parameter(torch.cat([f.weight for f in three]))
        self.three.bias = nn.Parameter(torch.cat([f.bias for f in three]))

    def forward(self, x: Tensor, _: None) -> Tensor:
        layer = self.layer
        x = layer.norm(x + layer.out(_Attention.apply(*self.three(x).split(layer.query.out_features, -1), layer.heads)))
        return layer.last(x + layer.down(functional.gelu(layer.up(x))))


class _Exported(Network):
    """The network with layers for export, which need no mask."""

    @staticmethod
    def hidden(mask: Tensor) -> None:
        return None


def _packed(network: Network) -> Network:
    packed = copy.deepcopy(network)
    packed.__class__ = _Exported
    packed.layers = nn.ModuleList(_Packed(layer) for layer in packed.layers)
    packed.eval()
    return packed


def _plain(network: Network, path: Path) -> None:
    ids, features, mask = blank(1, 8)
    torch.onnx.export(
        _packed(network),
        (ids, features, mask),
        str(path),
        input_names=["ids", "features"],
        output_names=["said"],
        dynamic_axes={name: {1: "length"} for name in ("ids", "features", "said")},
        opset_version=17,
        dynamo=False,
        custom_opsets={"com.microsoft": 1},
    )


def _fused(plain: Path, path: Path, network: Network) -> None:
    from onnxruntime.transformers import fusion_options, optimizer

    width = network.words.embedding_dim
    heads = network.layers[0].heads
    # a sum and a norm as one operator take five times as long as one after the other
    options = fusion_options.FusionOptions("bert")
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False
    fused = optimizer.optimize_model(
        str(plain), "bert", num_heads=heads, hidden_size=width, optimization_options=options, opt_level=0
    )
    fused.save_model_to_file(str(path))


def _quantized(fused: Path, path: Path, spared: tuple[str, ...] = ()) -> None:
    """``spared``: products whose names hold one of these stay as they are."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    nodes = [node.name for node in onnx.load(str(fused)).graph.node]
    quantize_dynamic(
        str(fused),
        str(path),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        nodes_to_exclude=[name for name in nodes if any(part in name for part in spared)],
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
