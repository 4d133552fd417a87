"""``allegedly schema``: print a JSON Schema."""

import argparse

HELP = "Print the JSON Schema of a record, as one document."
EXAMPLES = "  allegedly schema claim\n  allegedly schema recipe > recipe.schema.json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The name."""
    parser.add_argument("name", help="article, claim, speculation, attribution, annotation, prediction, manifest, ...")


def run(args: argparse.Namespace) -> int:
    """Print the schema. UsageError for an unknown name."""
    from allegedly import console
    from allegedly.schemas.schema import schema

    console.dump(schema(args.name))
    return 0
