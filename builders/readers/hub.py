"""Descriptions of data sets (cards, and the JSON beside their files), which hold no article.

Conventions: what describes a folder of the Hub, of ``save_to_disk`` or a release of ours is one line of the ledger; the
files of data beside it are read by their own readers.
Source: huggingface.co/docs/hub: metadata of dataset and model cards; ``datasets``, ``save_to_disk``; Croissant 1.0.
"""

import re
from collections.abc import Iterator

from allegedly.builders.sources.limits import Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("text/markdown", "application/json", "application/jsonl")
ENDINGS = ()
_CARD = re.compile(
    r"---[ \t]*\r?\n(?:[^\n]*\n){0,400}?(?:dataset_info|configs|task_categories|task_ids|size_categories|annotations_creators|"
    r"language_creators|source_datasets|multilinguality|pretty_name|pipeline_tag|library_name|base_model|datasets)\s*:"
)
#: Names of files, and what stands in them and in no file of that name that is something else.
_BESIDE = {
    "dataset_info.json": ('"features"', '"citation"', '"builder_name"'),
    "dataset_infos.json": ('"features"',),
    "dataset_dict.json": ('"splits"',),
    "state.json": ('"_data_files"', '"_fingerprint"'),
    "manifest.json": ('"content_sha256"',),
    "croissant.json": ('"conformsTo"', '"recordSet"'),
    "croissant": ('"conformsTo"', '"recordSet"'),
}
_LEDGER = re.compile(r'\{(?=[^\n]*"origin":)(?=[^\n]*"stage":)(?=[^\n]*"rule":)(?=[^\n]*"reason":)')


def recognise(raw: RawFile) -> Claim | None:
    """A card by what its head declares; the files beside data by name and what is in them; a release's ledger."""
    if raw.text is None:
        return None
    name = raw.name.rpartition("!/")[2].rpartition("/")[2].lower()
    if name.endswith(".md") and _CARD.match(raw.text):
        return Claim(Strength.SIGNATURE, MEDIA_TYPES[0])
    if is_ledger(raw):
        return Claim(Strength.SIGNATURE, MEDIA_TYPES[2])
    described = raw.text.startswith("{") and any(key in raw.text for key in _BESIDE.get(name, ()))
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[1]) if described else None


def is_ledger(raw: RawFile) -> bool:
    """Whether a file is the ledger of a release: what was not taken, a line each."""
    return raw.ending == "jsonl" and _LEDGER.match(raw.first_line) is not None


def read(data: bytes, origin: Origin) -> Iterator[Article | Rejected]:
    """Why there is no article."""
    what = "is the card of a data set or model" if origin.file_name.lower().endswith(".md") else "describes a data set"
    raise Refused("no-article", f"{what}, no article; the files of data beside it are read")
    yield
