"""The whole way from a recipe to weights: examples, the run, calibration, export."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import torch

from allegedly.builders.labellers import learned
from allegedly.builders.labellers._learned_text import tokenizer
from allegedly.builders.training import data, fit, network
from allegedly.builders.training.calibrate import calibrate, cues
from allegedly.builders.training.export import export
from allegedly.builders.training.recipe import Recipe, encoder
from allegedly.schemas.records import Json


def train(recipe: Recipe, folder: Path, minutes: float | None = None) -> None:
    """Train by a recipe, going on where the folder holds a checkpoint; then calibrate, and write ``weights``."""
    torch.set_num_threads(1)
    words = tokenizer(encoder(recipe.encoder) / "tokenizer.json")
    corpora = [(corpus.epochs, data.examples(corpus, words)) for corpus in recipe.corpora]
    batches = data.schedule(corpora, recipe.options.batch, recipe.options.seed)
    fit.fit(fresh(recipe), batches, recipe.options, folder, minutes)
    finish(recipe, folder)


def fresh(recipe: Recipe) -> network.Network:
    """The network before training: the pretrained encoder, and heads as the seed has them."""
    torch.manual_seed(recipe.options.seed)
    options = recipe.options
    untrained = network.Network(options.layers, options.frozen, options.dropout)
    network.pretrained(encoder(recipe.encoder), untrained)
    return untrained


def trained(recipe: Recipe, folder: Path) -> network.Network:
    """The network of the folder's last checkpoint."""
    restored = fresh(recipe)
    state = torch.load(folder / "checkpoint.pt", weights_only=True)
    restored.load_state_dict(state["network"], strict=False)
    restored.eval()
    return restored


def finish(recipe: Recipe, folder: Path) -> None:
    """Write the weights of the last checkpoint, then calibrate them as they are: in eight bits."""
    words = encoder(recipe.encoder) / "tokenizer.json"
    out = folder / "weights"
    export(trained(recipe, folder), words, out, cues=cues(recipe.corpora), recipe=described(recipe))
    calibrated(recipe, out)


def calibrated(recipe: Recipe, weights: Path) -> None:
    """Put calibration and thresholds into a folder of weights."""
    path = weights / "model.json"
    description: Json = json.loads(path.read_text(encoding="utf-8"))
    bare = replace(learned.load(weights), calibration={}, thresholds={})
    description.update(calibrate(bare, recipe.corpora).to_json())
    path.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")


def described(recipe: Recipe) -> Json:
    """What the weights were made of: the recipe, and a hash of the data that each corpus gave."""
    return {
        "name": recipe.name,
        "encoder": recipe.encoder,
        "corpora": {corpus.name: {"epochs": corpus.epochs, "sha256": _hash(corpus.path)} for corpus in recipe.corpora},
    }


def _hash(path: Path) -> str:
    """The hash of the files of a corpus, by name and content."""
    digest = hashlib.sha256()
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        digest.update(file.relative_to(path).as_posix().encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
