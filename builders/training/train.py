"""The whole way from a recipe to a trained network."""

from pathlib import Path

import torch

from allegedly.builders.labellers._learned_text import tokenizer
from allegedly.builders.training import data, fit, network
from allegedly.builders.training.recipe import Recipe, encoder


def train(recipe: Recipe, folder: Path, minutes: float | None = None) -> None:
    """Train by a recipe, going on where the folder holds a checkpoint. What comes out is the checkpoint."""
    torch.set_num_threads(1)
    base = encoder(recipe.encoder)
    words = tokenizer(base / "tokenizer.json")
    corpora = [(corpus.epochs, data.examples(corpus, words)) for corpus in recipe.corpora]
    batches = data.schedule(corpora, recipe.options.batch, recipe.options.seed)
    fit.fit(fresh(recipe), batches, recipe.options, folder, minutes)


def fresh(recipe: Recipe) -> network.Network:
    """The network before training: the pretrained encoder, and heads as the seed has them."""
    torch.manual_seed(recipe.options.seed)
    options = recipe.options
    found = network.Network(options.layers, options.frozen, options.dropout)
    network.pretrained(encoder(recipe.encoder), found)
    return found
