"""``allegedly env``: what a report of a fault should say of the machine."""

import argparse
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HELP = "Print versions, extras, places and variables that matter, for a report of a fault; nothing secret."
EXAMPLES = """  allegedly env
  allegedly env --json"""

#: Variables whose value says something, and those of which only is told that they are set: keys, and paths of CI.
SHOWN = (
    *("NO_COLOR", "FORCE_COLOR", "TERM", "LANG", "LC_ALL", "PYTHONHASHSEED", "PYTHONUTF8", "PYTHONIOENCODING"),
    *("HF_HOME", "HF_HUB_OFFLINE", "XDG_STATE_HOME", "JAVA_HOME", "TMPDIR", "CI"),
)
SET = ("OPENAI_API_KEY", "HF_TOKEN", "GITHUB_STEP_SUMMARY", "PYTHONPATH", "VIRTUAL_ENV")
_EXTRA = re.compile(r"""extra\s*==\s*["']([\w-]+)["']""")


def arguments(parser: argparse.ArgumentParser) -> None:
    """How it is told."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print what was found."""
    from allegedly import console

    found = environment()
    console.dump(found) if args.json else console.show(_text(found))
    return 0


def environment() -> dict[str, Any]:
    """Versions, extras, places and variables; paths below the home folder begin with ``~``."""
    import platform

    from allegedly import __version__

    packages, extras = _packages()
    return {
        "allegedly": __version__,
        "interpreter": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "packages": packages,
        "extras": extras,
        "places": {
            "package": _shown(str(Path(__file__).parent.parent)),
            "answers of endpoints": "OUT/.cache of `eval --out OUT`, or `--cache`",
            "key of the cache": _shown(os.environ.get("XDG_STATE_HOME") or "~/.local/state") + "/allegedly",
        },
        "variables": _variables(os.environ),
    }


def _packages() -> tuple[dict[str, str | None], dict[str, dict[str, Any]]]:
    """Versions of what the package needs (None: absent), and for each extra what of it is absent."""
    from importlib.metadata import PackageNotFoundError, requires

    packages: dict[str, str | None] = {}
    extras: dict[str, dict[str, Any]] = {}
    try:
        needed = requires("allegedly") or []
    except PackageNotFoundError:
        needed = []
    for line in needed:
        name = re.split(r"[^\w.-]", line, maxsplit=1)[0]
        extra = _EXTRA.search(line)
        if extra is None:
            packages[name] = _version(name)
        else:
            kept = extras.setdefault(extra[1], {"present": True, "absent": []})
            if _version(name) is None:
                kept["present"] = False
                kept["absent"].append(name)
    return dict(sorted(packages.items())), dict(sorted(extras.items()))


def _version(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _variables(given: Mapping[str, str]) -> dict[str, str]:
    """Those that are set: the value of some, of the others that they are."""
    values = {name: _shown(given[name]) for name in SHOWN if name in given}
    return values | {name: "(set)" for name in SET if given.get(name)}


def _shown(path: str) -> str:
    home = os.path.expanduser("~")  # noqa: PTH111 -- as the system has it
    return path.replace(home, "~") if len(home) > 1 else path


def _text(found: Mapping[str, Any]) -> list[str]:
    lines = [f"{name}: {found[name]}" for name in ("allegedly", "interpreter", "platform", "cores")]
    lines += ["", "packages:", *(f"  {name} {version_ or 'absent'}" for name, version_ in found["packages"].items())]
    if not found["packages"]:
        lines.append("  unknown: allegedly runs from a folder, and is not installed")
    lines += ["", "extras:"]
    for name, extra in found["extras"].items():
        lines.append(f"  {name}: {'present' if extra['present'] else 'absent: ' + ', '.join(extra['absent'])}")
    for part in ("places", "variables"):
        lines += ["", f"{part}:", *(f"  {name}: {value}" for name, value in found[part].items())]
    return lines
