"""The front matter of a card, as far as it says which files `datasets` reads: they must be those of the manifest.

Conventions: what ``allegedly.load`` opens never hangs on the card; `datasets` and the Hub do as it says. Front matter is
read in the one form in which a build writes it, never as YAML at large.
"""

import re
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


#: The lines of a config, but for those that lead nowhere.
_LINE = re.compile(r"(- config_name|  data_files|  - split|    path):(?: ([\w/*.-]+))?")
_HARMLESS = re.compile(r'  (default: true|version: [0-9.]+|description: "content-sha256:[0-9a-f]{64}")')
_KEY = re.compile(r"([a-z][a-z_0-9]*):( .*)?")


def _configs(text: str) -> tuple[list[Any], str | None]:
    """The configs that a card names, without what leads nowhere, or why they cannot be told. Only the form in which a
    build writes them is read: in YAML at large a key may stand twice, or come in by a reference."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    if lines[0] != "---" or "---" not in lines[1:]:
        return [], "no front matter, or one that is too long"
    blocks: dict[str, list[str]] = {}
    name = ""
    for line in lines[1 : lines.index("---", 1)]:
        if line.startswith((" ", "- ")) and name:
            blocks[name].append(line)
            continue
        key = _KEY.fullmatch(line)
        if key is None or key[1] in blocks:
            return [], f"front matter in another form: {shortened(line)}"
        name = key[1]
        blocks[name] = [key[2]] if key[2] else []
    return _read(blocks.get("configs", []))


def _read(lines: list[str]) -> tuple[list[Any], str | None]:
    configs: list[dict[str, Any]] = []
    for line in lines:
        if _HARMLESS.fullmatch(line) and configs:
            continue
        match = _LINE.fullmatch(line)
        key, value = (match[1].strip(" -"), match[2]) if match else ("", None)
        if key == "config_name":
            configs.append({"config_name": value, "data_files": []})
        elif key == "split" and configs:
            configs[-1]["data_files"].append({"split": value})
        elif key == "path" and configs and configs[-1]["data_files"]:
            configs[-1]["data_files"][-1]["path"] = value
        elif key != "data_files":
            return [], f"configs in another form: {shortened(line)}"
    return configs, None
