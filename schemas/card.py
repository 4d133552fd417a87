"""The front matter of a card, as far as it says which files `datasets` reads: they must be those of the manifest.

Conventions: what ``allegedly.load`` opens never hangs on the card; `datasets` and the Hub do as it says. Front matter is
YAML without anchors, since a few lines of these can stand for as much as they like.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.schemas.arrow import CONFIGS, SPLITS
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.opening import Unsound, checked
from allegedly.schemas.records import Problem
from allegedly.schemas.schema import shortened

FILE = "README.md"
#: Bytes of front matter; ours has about 20,000.
MOST = 256 << 10


def problems(folder: Path, manifest: Manifest) -> Iterator[Problem]:
    """Where the card names other files than the manifest lists, or has no front matter that can be read."""
    file = str(folder / FILE)
    output = next(output for output in manifest.outputs if output["path"] == FILE)
    try:
        with checked(folder, output) as stream:
            text = stream.read(MOST).decode("utf-8", "replace")
    except Unsound:
        return  # told with the other files
    configs, broken = _configs(text)
    if broken is not None:
        yield Problem(file=file, found=broken, expected="front matter as `allegedly build` writes it")
        return
    expected = expected_configs(manifest)
    if configs != expected:
        found = shortened(next((c for c in configs if c not in expected), configs), 200)
        yield Problem(
            file=file, path="/configs", found=found, expected="the configs, splits and files that manifest.json lists"
        )


def expected_configs(manifest: Manifest) -> list[dict[str, Any]]:
    """Configs with the files of their splits, as the card says them."""
    having = {config: [split for split in SPLITS if manifest.counts[config][split]] for config in CONFIGS}
    return [
        {"config_name": name, "data_files": [{"split": s, "path": f"data/{name}/{s}-*.parquet"} for s in splits]}
        for name, splits in having.items()
        if splits
    ]


def _configs(text: str) -> tuple[list[Any], str | None]:
    """The configs that a card names without what leads nowhere, or why they cannot be read."""
    import yaml

    lines = text.split("\n")
    if lines[0].rstrip() != "---" or "---" not in [line.rstrip() for line in lines[1:]]:
        return [], "no front matter, or one that is too long"
    end = [line.rstrip() for line in lines].index("---", 1)
    matter = "\n".join(lines[1:end])
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(matter, Loader=yaml.SafeLoader)):
            return [], "front matter with anchors"
        value = yaml.safe_load(matter)
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        return [], f"front matter that is no YAML: {shortened(str(error))}"
    configs = value.get("configs", []) if isinstance(value, dict) else None
    if not isinstance(configs, list):
        return [], "front matter without a list of configs"
    harmless = ("version", "description", "default")
    return [{k: v for k, v in c.items() if k not in harmless} if isinstance(c, dict) else c for c in configs], None
