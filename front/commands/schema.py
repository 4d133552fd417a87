"""``allegedly schema``: print a JSON Schema."""

import json

HELP = "Print the JSON Schema of a record, as one document."
EXAMPLES = "  allegedly schema claim\n  allegedly schema recipe > recipe.schema.json"


def arguments(parser) -> None:
    parser.add_argument("name", help="article, claim, speculation, attribution, annotation, prediction, manifest, ...")


def run(args) -> int:
    from allegedly.schemas.schema import schema

    print(json.dumps(schema(args.name), indent=2, ensure_ascii=False))
    return 0
