"""``allegedly train``: train the learned labeller by a recipe."""

import argparse
from pathlib import Path

HELP = "Train the learned labeller by a recipe, and export it."
EXAMPLES = "  allegedly train --recipe docs/recipes/learned.toml --corpora corpora --out run"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The recipe and its corpora."""
    parser.add_argument("--recipe", type=Path, required=True, help="TOML: encoder, corpora, options")
    parser.add_argument("--corpora", type=Path, required=True, help="the folder that the recipe's paths count from")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints and weights; a run here is gone on with")
    parser.add_argument("--start", type=Path, help="the run, or weights, of the earlier stage that the recipe names")
    parser.add_argument("--minutes", type=float, help="train for so long, and let the rate fall accordingly")


def run(args: argparse.Namespace) -> int:
    """Train. UsageError where packages of the extra are missing."""
    try:
        from allegedly.builders.training.recipe import read
        from allegedly.builders.training.train import train
    except ImportError as error:
        from allegedly.schemas.errors import UsageError

        raise UsageError(f"training needs more packages ({error.name}): pip install 'allegedly[train]'") from None
    train(read(args.recipe, args.corpora), args.out, args.minutes, args.start)
    return 0
