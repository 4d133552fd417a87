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
from allegedly.builders.training.starting import start
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Json


def train(recipe: Recipe, folder: Path, minutes: float | None = None, earlier: Path | None = None) -> None:
    """Train by a recipe, going on where the folder holds a checkpoint; then calibrate, and write ``weights``. A recipe
    that is a later stage begins with the weights of an ``earlier`` one: a run's folder, or one of weights. UsageError
    where it names a stage and no folder is given, or the other way round, or the weights are of another stage."""
    if (recipe.start is None) != (earlier is None):
        found = f"starts from the weights of {recipe.start!r}" if recipe.start else "starts from the encoder"
        raise UsageError(f"recipe {recipe.name!r} {found}: --start FOLDER names those weights, and only then")
    torch.set_num_threads(1)
    words = tokenizer(encoder(recipe.encoder) / "tokenizer.json")
    corpora = [(corpus.epochs, data.examples(corpus, words)) for corpus in recipe.corpora]
    batches = data.schedule(corpora, recipe.options.batch, recipe.options.seed)
    network = fresh(recipe)
    stage = None
    if earlier is not None:
        stage = stage_of(earlier)
        if stage["recipe"]["name"] != recipe.start:
            raise UsageError(
                f"{earlier}: weights of {stage['recipe']['name']!r}, and the recipe wants {recipe.start!r}"
            )
        start(network, earlier)
    fit.fit(network, batches, recipe.options, folder, minutes)
    finish(recipe, folder, stage)


def stage_of(folder: Path) -> Json:
    """What an earlier stage was made of, and the hash of its weights; of a run's folder, or of one of weights."""
    weights = folder / "weights" if (folder / "weights").is_dir() else folder
    if not (weights / "model.json").is_file():
        raise UsageError(f"{folder}: no weights of an earlier stage: model.json is missing")
    description: Json = json.loads((weights / "model.json").read_text(encoding="utf-8"))
    return {"recipe": description["recipe"], "sha256": _hash(weights)}


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


def finish(recipe: Recipe, folder: Path, stage: Json | None = None) -> None:
    """Write the weights of the last checkpoint, then calibrate them as they are: in eight bits."""
    words = encoder(recipe.encoder) / "tokenizer.json"
    out = folder / "weights"
    export(trained(recipe, folder), words, out, cues=cues(recipe.corpora), recipe=described(recipe, stage))
    calibrated(recipe, out)


def calibrated(recipe: Recipe, weights: Path) -> None:
    """Put calibration and thresholds into a folder of weights."""
    path = weights / "model.json"
    description: Json = json.loads(path.read_text(encoding="utf-8"))
    bare = replace(learned.load(weights), calibration={}, thresholds={})
    description.update(calibrate(bare, recipe.corpora).to_json())
    path.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")


def described(recipe: Recipe, stage: Json | None = None) -> Json:
    """What the weights were made of: the recipe, a hash of the data that each corpus gave, and the earlier stage."""
    return {
        "stage": stage,
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
